"""The list of all corrections: what this newsroom got wrong, where everybody can read it."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Correction
from articles.models.prepared import NOW
from articles.models.querysets import unseen_in_lists
from articles.page_cache import tags
from articles.page_cache.declaring import kept, shown_on
from articles.views.paging import Listing

CORRECTIONS: Final = Listing(
    Correction,
    lambda corrections: corrections.published(NOW).select_related("article").defer(*unseen_in_lists("article__")),
    moment="corrected_at",
)


@kept("before", "after")
def correction_list(request: HttpRequest) -> HttpResponse:
    page = CORRECTIONS.page(request.GET)
    shown_on(request).note(tags.CORRECTIONS)
    shown_on(request).note_rows(correction.article for correction in page.rows)
    return render(request, "articles/correction_list.html", {"page": page})

"""The list of all corrections: what this newsroom got wrong, where everybody can read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Correction
from articles.models.querysets import UNSEEN_IN_LISTS
from articles.page_cache import tags
from articles.page_cache.declaring import kept, shown_on
from articles.views.paging import page_of_rows


@kept("before", "after")
def correction_list(request: HttpRequest) -> HttpResponse:
    unseen = (f"article__{name}" for name in UNSEEN_IN_LISTS)
    corrections = Correction.objects.published().select_related("article").defer(*unseen)
    page = page_of_rows(corrections, request.GET, moment="corrected_at")
    shown_on(request).note(tags.CORRECTIONS)
    shown_on(request).note_rows(correction.article for correction in page.rows)
    return render(request, "articles/correction_list.html", {"page": page})

"""The pages that stand beside the stories, such as About."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.flatpages.models import FlatPage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.content.sanitising import CleanHTML
from articles.page_cache.declaring import kept, shown_on


@kept()
def flat_page(request: HttpRequest, url: str) -> HttpResponse:
    """In the place of Django's own view, which would show a title as HTML too."""
    page = get_object_or_404(FlatPage, url=f"/{url}", sites=settings.SITE_ID)
    if page.registration_required and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    shown_on(request).note_rows([page])
    page.content = CleanHTML(page.content)
    return render(request, "flatpages/default.html", {"flatpage": page})

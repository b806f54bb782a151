"""What the editor of a body asks while somebody writes: stories by their headline, pictures by their words."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format

from articles.admin.desk import AnyModelAdmin
from articles.admin.story_search import MOST_FOUND
from articles.content.plain_text import clean_text
from articles.models import Article, Image
from articles.pictures.renditions import rendition_url
from articles.search.headlines import stories_with

CHOICES = 20
THUMBNAIL_WIDTH = 480

STORY_CHOICES = "articles_article_story_choices"
PICTURE_CHOICES = "articles_article_picture_choices"


class LibrarySearch(AnyModelAdmin):
    """Mixed into the admin of stories: two addresses that answer in JSON."""

    def get_urls(self) -> list[URLPattern]:
        answer = self.admin_site.admin_view
        return [
            path("story-choices/", answer(self.story_choices), name=STORY_CHOICES),
            path("picture-choices/", answer(self.picture_choices), name=PICTURE_CHOICES),
            *super().get_urls(),
        ]

    def story_choices(self, request: HttpRequest) -> HttpResponse:
        """Stories with all these words in the headline, the last touched first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        term = request.GET.get("term", "")
        stories: QuerySet[Any] = Article.objects.originals().visible_to(request.user)
        if words := clean_text(term).split()[:8]:
            stories = stories.filter(pk__in=stories_with(words, most=MOST_FOUND))
        found = with_words(stories, term, "headline")
        newest = found.order_by("-modified_at").only("uid", "headline", "status", "published_at", "section__name")
        stories = newest.select_related("section")[:CHOICES]
        return JsonResponse({"results": [described_story(story) for story in stories]})

    def picture_choices(self, request: HttpRequest) -> HttpResponse:
        """Pictures that may be shown, with all these words in what is said of them, the newest first."""
        if not (self.has_view_permission(request) and request.user.has_perm("articles.view_image")):
            raise PermissionDenied
        found = with_words(Image.objects.usable(), request.GET.get("term", ""), "alt_text", "caption", "credit")
        return JsonResponse({"results": [described_picture(image) for image in found[:CHOICES]]})


def with_words(rows: QuerySet[Any], term: str, *fields: str) -> QuerySet[Any]:
    for word in clean_text(term).split()[:8]:
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(anywhere)
    return rows


def described_story(story: Article) -> dict[str, Any]:
    told = [story.get_status_display()]
    if story.section:
        told.append(story.section.name)
    if story.published_at:
        told.append(date_format(timezone.localtime(story.published_at), "j F Y"))
    return {"id": story.pk, "uid": str(story.uid), "headline": story.headline, "note": " · ".join(told)}


def described_pictures(uids: Iterable[str]) -> list[dict[str, str]]:
    return [described_picture(image) for image in Image.objects.filter(uid__in=uids)] if uids else []


def described_picture(image: Image) -> dict[str, str]:
    return {
        "uid": str(image.uid),
        "src": rendition_url(image, THUMBNAIL_WIDTH),
        "alt": image.alt_text,
        "caption": image.caption,
        "credit": image.credit,
    }

"""Previews: the page of a story as it would stand before readers, for its writer and for whoever was given a link."""

from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from articles.content.slugs import headline_slug
from articles.editorial.previews import UNSAVED, Draft, draft_of_link, find_open_link, open_draft, record_opening
from articles.editorial.snapshots import (
    Snapshot,
    bylines_of,
    citations_of,
    corrections_of,
    related_links_of,
    set_fields,
    tags_of,
)
from articles.models import Article, Author, Byline, Tag
from articles.views.article import StoryPage, article_context
from articles.views.story import find_pictures

# What browsers and what stands between them and us say of a page that nobody looks at yet.
PREFETCHING: Final = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@require_POST
def unsaved_preview(request: HttpRequest) -> HttpResponse:
    """What stands in a form at the desk, in the frame beside it, for whoever is writing it."""
    draft = open_draft(request.POST.get("draft", ""), by=request.user)
    context = preview_context(draft) | {"preview": "unsaved"}
    response = kept_to_themselves(render(request, "articles/preview_unsaved.html", context))
    # Here alone a page of the site may stand in a frame: in one of its own.
    policy = {**settings.SECURE_CSP, "frame-ancestors": ["'self'"]}
    response["Content-Security-Policy"] = "; ".join(" ".join([name, *sources]) for name, sources in policy.items())
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_safe
def shared_preview(request: HttpRequest, token: str) -> HttpResponse:
    """What an outsider sees by a link. One that opens nothing tells nothing, whatever the reason."""
    if any("pre" in request.headers.get(name, "") for name in PREFETCHING):
        # Whoever opens it then asks again, and that is the opening.
        return kept_to_themselves(HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE))
    link = find_open_link(token)
    if link is None:
        return kept_to_themselves(render(request, "articles/preview_closed.html", status=HTTPStatus.NOT_FOUND))
    draft = draft_of_link(link)
    if request.method == "GET":
        record_opening(link)
    if draft.is_published:
        return kept_to_themselves(HttpResponseRedirect(draft.story.get_absolute_url()))
    context = preview_context(draft) | {"preview": "shared", "link": link, "share_links": []}
    return kept_to_themselves(render(request, "articles/preview_shared.html", context))


def kept_to_themselves(response: HttpResponse) -> HttpResponse:
    """No cache keeps it, no search engine lists it, and where it leads nobody learns its address."""
    patch_cache_control(response, no_store=True, private=True)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def preview_context(draft: Draft) -> dict[str, Any]:
    return article_context(draft_page(draft)) | {"shown_as_public": True}


def draft_page(draft: Draft) -> StoryPage:
    """The page of a story with what a snapshot says of it; nothing of it is saved."""
    article, snapshot = draft.story, draft.snapshot
    set_fields(article, snapshot)
    article.derive()
    return StoryPage(
        article=article,
        bylines=shown_bylines(article, snapshot),
        tags=shown_tags(snapshot),
        links=related_links_of(article, snapshot),
        pictures=find_pictures(article),
        citations=citations_of(article, snapshot),
        corrections=corrections_of(article, snapshot),
        older=neighbour_of(article, newer=False),
        newer=neighbour_of(article, newer=True),
    )


def shown_bylines(article: Article, snapshot: Snapshot) -> list[Byline]:
    """Names, those too of authors who will be made when the story is saved."""
    known = {byline.author.slug: byline for byline in bylines_of(article, snapshot)}
    found = (known.get(key) or unsaved_byline(key) for key in snapshot["bylines"])
    return [byline for byline in found if byline]


def unsaved_byline(key: str) -> Byline | None:
    if not key.startswith(UNSAVED):
        return None
    name = key.removeprefix(UNSAVED)
    return Byline(author=Author(name=name, slug=headline_slug(name) or "author"))


def shown_tags(snapshot: Snapshot) -> list[Tag]:
    """Tags, those too that will be made when the story is saved."""
    known = {tag.name: tag for tag in tags_of(snapshot)}
    return [known.get(name) or Tag(name=name, slug=Tag().slugify(name)) for name in snapshot["tags"]]


def neighbour_of(article: Article, *, newer: bool) -> Article | None:
    if article.section_id is None:
        return None
    place = {
        "section": article.section_id,
        "published_at": article.published_at or timezone.now(),
        # A story that is not stored yet comes after all that are.
        "pk": article.pk or 2**31,
    }
    stories = Article.objects
    return (stories.next_newer(place.__getitem__) if newer else stories.next_older(place.__getitem__)).first()

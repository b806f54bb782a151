"""Links into this site at whose end readers would find nothing: one query for all of them."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import Resolver404, resolve

from articles.content.body_links import BodyLink
from articles.models import Article, Author, FormerSlug, Section, Source, Tag
from articles.models.querysets import public_now

# A kind of page, and what tells one from another: a slug, an address, an identifier.
Destination = tuple[str, str]

STORY_BY_UID: Final = "story"
NOWHERE: Final = ("nowhere", "")

# Pages that exist when their row does: name of the address → model.
NAMED_PAGES: Final[dict[str, type[Section | Tag | Author | Source]]] = {
    "section-detail": Section,
    "tag-detail": Tag,
    "author-detail": Author,
    "source-detail": Source,
}


def dead_links(links: Iterable[BodyLink], *, base: str) -> list[BodyLink]:
    """Those that lead to a story that is not public, or to a page of this site that is not there.

    ``base`` is the address of the story, from which relative addresses count.
    """
    leading = [(link, destination) for link in links if (destination := _destination_of(link, base))]
    there = _those_there({destination for _, destination in leading})
    return [link for link, destination in leading if destination not in there]


def _destination_of(link: BodyLink, base: str) -> Destination | None:
    """None for an address elsewhere, and for what is not a row of the database."""
    if link.article:
        return STORY_BY_UID, link.article.replace("-", "")
    parts = urlsplit(urljoin(f"{settings.SITE_URL}{base}", link.address))
    is_own = parts.scheme in {"http", "https"} and parts.netloc == urlsplit(settings.SITE_URL).netloc
    if not is_own or parts.path in {"", base} or parts.path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return None
    return _page_at(unquote(parts.path))


def _page_at(path: str) -> Destination | None:
    try:
        # Without its last slash an address is put right.
        match = resolve(path if path.endswith("/") else f"{path}/")
    except Resolver404:
        return NOWHERE
    if match.namespace != "articles":
        return None
    name = str(match.url_name)
    if name in NAMED_PAGES or name == "article-detail":
        return name, match.kwargs["slug"]
    return (name, f"/{match.kwargs['url']}") if name == "flat-page" else None


def _those_there(wanted: set[Destination]) -> set[Destination]:
    def keys(kind: str) -> list[str]:
        return [key for of_kind, key in wanted if of_kind == kind]

    slugs = keys("article-detail")
    public = Article.objects.published()
    questions = [
        _ask(STORY_BY_UID, public.filter(uid__in=keys(STORY_BY_UID)), "uid"),
        _ask("article-detail", public.filter(slug__in=slugs), "slug"),
        _ask("article-detail", FormerSlug.objects.filter(public_now("article__"), slug__in=slugs), "slug"),
        _ask("flat-page", FlatPage.objects.filter(url__in=keys("flat-page"), sites=settings.SITE_ID), "url"),
        *(_ask(name, model.objects.filter(slug__in=keys(name)), "slug") for name, model in NAMED_PAGES.items()),
    ]
    kinds = {kind for kind, _ in wanted}
    asked = [question for kind, question in questions if kind in kinds]
    if not asked:
        return set()
    # Together they would take the order of the first model.
    found = asked[0].union(*asked[1:]).order_by()
    # PostgreSQL writes identifiers with hyphens, SQLite keeps them without.
    return {(kind, key.replace("-", "") if kind == STORY_BY_UID else key) for kind, key in found}


def _ask(kind: str, rows: QuerySet[Any], name: str) -> tuple[str, QuerySet[Any, Any]]:
    key = Cast(name, CharField()) if name == "uid" else F(name)
    found = rows.order_by().annotate(asked_kind=Value(kind, CharField()), asked_key=key)
    return kind, found.values_list("asked_kind", "asked_key")

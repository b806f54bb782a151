"""The article's page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.encoding import iri_to_uri

from articles.addresses.former_slugs import find_by_former_slug, is_withdrawn
from articles.content.references import find_references
from articles.editorial.working_copies import publish_due_updates
from articles.models import Article, Author, Byline, Citation, Correction, RelatedLink, Source, Tag
from articles.models.json_rows import JSONRows
from articles.models.querysets import UNSEEN_IN_LISTS, ArticleQuerySet
from articles.page_cache import tags
from articles.page_cache.declaring import Shown, kept, shown_on
from articles.related.stories import RelatedStories, related_stories
from articles.views.sharing import share_links
from articles.views.story import placed_markers, story_parts

SHOWN_OF_NEIGHBOUR = ("pk", "headline", "slug", "language", "first_published_at")


@kept()
def article_detail(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    shown_on(request).note(tags.address(slug))
    article = find_article(request, slug)
    if article is None:
        renamed = find_by_former_slug(slug)
        if renamed is None:
            return withdrawn_or_unknown(request, slug)
        shown_on(request).note_rows([renamed])
        return HttpResponsePermanentRedirect(renamed.get_absolute_url())
    shown_on(request).note_rows([article])
    if iri_to_uri(request.path) != article.get_absolute_url():
        # The date of a story that nobody has read yet may still move: no browser shall remember it.
        kind = HttpResponsePermanentRedirect if article.is_public() else HttpResponseRedirect
        return kind(article.get_absolute_url())

    page = stored_page(article)
    context = article_context(page)
    note_page(shown_on(request), page, context["related"])
    response = render(request, "articles/article_detail.html", context)
    if not article.is_public():
        add_never_cache_headers(response)
    return response


def withdrawn_or_unknown(request: HttpRequest, slug: str) -> HttpResponse:
    """An address at which readers once found a story says what became of it, and nothing of the story itself."""
    if not is_withdrawn(slug):
        raise Http404("There is no such story.")
    return render(request, "articles/withdrawn.html", status=HTTPStatus.GONE)


def find_article(request: HttpRequest, slug: str) -> Article | None:
    """The public story with this slug, or a story that is not public yet for those who may see it.

    Who is asking is looked at second, so that the answer to a reader never depends on a cookie.
    """
    # The slug is unique among originals: asked of these alone, SQLite goes by it, and not through all that is published.
    public = with_page_data(Article.objects.originals().published()).filter(slug=slug)
    article = public.first()
    if article and article.has_due_update:  # type: ignore[attr-defined]
        # Its time has come and no heartbeat has been here yet: no reader waits for one.
        publish_due_updates()
        article = public.all().first()
    if article is None and settings.SESSION_COOKIE_NAME in request.COOKIES:
        article = with_page_data(Article.objects.originals().visible_to(request.user)).filter(slug=slug).first()
    return article


def with_page_data(articles: ArticleQuerySet) -> ArticleQuerySet:
    """The row with all that one query can bring: section, picture, tags, and its neighbours in the section."""
    annotated: ArticleQuerySet = (
        articles.select_related("section", "lead_image")
        .defer("body_text")
        .annotate(
            tag_rows=JSONRows(
                Tag.objects.filter(items__content_object=OuterRef("pk")).order_by("items__pk"),
                "id",
                "name",
                "slug",
                "kind",
            ),
            byline_rows=JSONRows(
                Author.objects.filter(bylines__article=OuterRef("pk")).order_by("bylines__position", "bylines__pk"),
                "pk",
                "name",
                "slug",
            ),
            correction_rows=JSONRows(
                Correction.objects.filter(article=OuterRef("pk")).order_by("-corrected_at", "-pk"),
                "kind",
                "text",
                "corrected_at",
            ),
            citation_rows=JSONRows(
                Citation.objects.filter(article=OuterRef("pk")).order_by("position", "pk"),
                *("role", "title", "url", "licence", "retrieved_on"),
                source_pk=F("source"),
                source_name=F("source__name"),
                source_slug=F("source__slug"),
                source_accounts=F("source__accounts"),
            ),
            has_due_update=Exists(Article.objects.due_updates().filter(replaces=OuterRef("pk"))),
            older_rows=JSONRows(neighbours(OuterRef, newer=False), *SHOWN_OF_NEIGHBOUR),
            newer_rows=JSONRows(neighbours(OuterRef, newer=True), *SHOWN_OF_NEIGHBOUR),
        )
    )
    return annotated


def neighbours(of: Callable[[str], Any], *, newer: bool) -> QuerySet[Article]:
    """The next public story of a story's section, as a list of one or none; ``of`` gives the story's own columns."""
    public = Article.objects.published().filter(section=of("section"))
    if newer:
        after = Q(published_at__gt=of("published_at")) | Q(pk__gt=of("pk"))
        return public.filter(after, published_at__gte=of("published_at")).order_by("published_at", "pk")[:1]
    before = Q(published_at__lt=of("published_at")) | Q(pk__lt=of("pk"))
    return public.filter(before, published_at__lte=of("published_at")).order_by("-published_at", "-pk")[:1]


@dataclass(frozen=True)
class StoryPage:
    """A story with all that stands around it on its page: stored, or as a preview has it."""

    article: Article
    bylines: list[Byline]
    tags: list[Tag]
    links: list[RelatedLink]
    citations: list[Citation]
    corrections: list[Correction]
    older: Article | None
    newer: Article | None


def stored_page(article: Article) -> StoryPage:
    """Of a row that came by `with_page_data`."""
    unseen = (f"target__{name}" for name in UNSEEN_IN_LISTS)
    links = article.related_links.select_related("target__section", "target__lead_image")
    return StoryPage(
        article=article,
        bylines=[Byline(author=Author(**row)) for row in article.byline_rows],  # type: ignore[attr-defined]
        tags=[Tag(**row) for row in article.tag_rows],  # type: ignore[attr-defined]
        links=list(links.defer(*unseen)),
        citations=[citation_of_row(row) for row in article.citation_rows],  # type: ignore[attr-defined]
        corrections=[correction_of_row(row) for row in article.correction_rows],  # type: ignore[attr-defined]
        older=article_of_row(article.older_rows),  # type: ignore[attr-defined]
        newer=article_of_row(article.newer_rows),  # type: ignore[attr-defined]
    )


def article_context(page: StoryPage) -> dict[str, Any]:
    article = page.article
    related = related_stories(article, page.links, page.tags, placed=placed_markers(article))
    parts = story_parts(article, related.inline)
    return {
        "article": article,
        "bylines": page.bylines,
        "tags": page.tags,
        "parts": parts,
        "notes": [note for part in parts for note in part.notes],
        "related": related,
        "citations": page.citations,
        "corrections": page.corrections,
        "older": page.older,
        "newer": page.newer,
        # A preview is shown as what it will be.
        "shown_as_public": article.is_public(),
        "share_links": share_links(article),
        "canonical_url": article.canonical_url or f"{settings.SITE_URL}{article.get_absolute_url()}",
    }


def note_page(shown: Shown, page: StoryPage, related: RelatedStories) -> None:
    """What the page asked about; of what readers may not see, too, for one day they may."""
    article = page.article
    shown.note_cards([article, *(link.target for link in page.links), *(each.story for each in related.cards)])
    shown.note_rows([page.older, page.newer, *page.tags])
    shown.note_rows(byline.author for byline in page.bylines)
    shown.note_rows(citation.source for citation in page.citations)
    shown.note(*map(tags.article, related.considered))
    references = find_references(article.body)
    shown.note(*map(tags.named, (*references.articles, *references.pictures)))


def article_of_row(rows: list[dict[str, str]]) -> Article | None:
    """An unsaved article that knows its headline and its address."""
    if not rows:
        return None
    row = rows[0]
    return Article(**{**row, "first_published_at": moment_of(row["first_published_at"])})


def citation_of_row(row: dict[str, str | None]) -> Citation:
    own = dict(row)
    source = Source(**{name: own.pop(f"source_{name}") for name in ("pk", "name", "slug", "accounts")})
    day = own.pop("retrieved_on")
    return Citation(**own, source=source, retrieved_on=date.fromisoformat(day) if day else None)


def correction_of_row(row: dict[str, str]) -> Correction:
    return Correction(**{**row, "corrected_at": moment_of(row["corrected_at"])})


def moment_of(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    # SQLite stores UTC without saying so.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

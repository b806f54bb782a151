"""The article's page."""

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, F, OuterRef, SlugField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.encoding import iri_to_uri

from articles.addresses.former_slugs import find_by_former_slug, is_withdrawn
from articles.content.references import find_references
from articles.editorial.working_copies import publish_due_updates
from articles.models import Article, Author, Byline, Citation, Correction, Image, ImageUse, RelatedLink, Source, Tag
from articles.models.json_rows import JSONRows, row_of
from articles.models.prepared import NOW, TODAY, Given, Prepared
from articles.models.querysets import ArticleQuerySet
from articles.page_cache import tags
from articles.page_cache.declaring import Shown, kept, shown_on
from articles.related.stories import RelatedStories, related_stories, stories_beside
from articles.views.sharing import share_links
from articles.views.story import placed_markers, public_addresses, story_parts

SHOWN_OF_PICTURE = (
    *("uid", "file", "digest", "width", "height", "alt_text", "caption", "credit", "licence"),
    *("rights_expire_on", "focal_x", "focal_y"),
)
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
    article = public_article(slug)
    if article and article.has_due_update:  # type: ignore[attr-defined]
        # Its time has come and no heartbeat has been here yet: no reader waits for one.
        publish_due_updates()
        article = public_article(slug)
    if article is None and settings.SESSION_COOKIE_NAME in request.COOKIES:
        visible = Article.objects.originals().visible_to(request.user).filter(slug=slug)
        article = with_page_data(visible, now=timezone.now(), today=timezone.localdate()).first()
    return article


def public_article(slug: str) -> Article | None:
    return next(iter(PUBLIC_ARTICLE.rows(slug=slug)), None)


def with_page_data(articles: ArticleQuerySet, *, now: datetime | Given, today: date | Given) -> ArticleQuerySet:
    """The row with all that one query can bring: section, pictures, tags, links, and its neighbours in the section."""
    pictures = ImageUse.objects.filter(article=OuterRef(OuterRef("pk"))).values("image_uid")
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
            link_rows=JSONRows(
                RelatedLink.objects.filter(article=OuterRef("pk")).order_by("position", "pk"),
                *("headline", "url", "marker", "target_id"),
            ),
            picture_rows=JSONRows(Image.objects.usable(today).filter(uid__in=pictures), *SHOWN_OF_PICTURE),
            has_due_update=Exists(Article.objects.due_updates(now).filter(replaces=OuterRef("pk"))),
            older_rows=JSONRows(Article.objects.next_older(OuterRef, at=now), *SHOWN_OF_NEIGHBOUR),
            newer_rows=JSONRows(Article.objects.next_newer(OuterRef, at=now), *SHOWN_OF_NEIGHBOUR),
        )
    )
    return annotated


# The slug is unique among originals: asked of these alone, SQLite goes by it, and not through all that is published.
PUBLIC_ARTICLE: Final = Prepared(
    Article,
    lambda: with_page_data(
        Article.objects.originals().published(NOW).filter(slug=Given("slug", SlugField())), now=NOW, today=TODAY
    ),
)


@dataclass(frozen=True)
class StoryPage:
    """A story with all that stands around it on its page: stored, or as a preview has it."""

    article: Article
    bylines: list[Byline]
    tags: list[Tag]
    # The rows alone: the stories to which they lead are asked for with all others that stand beside it.
    links: list[RelatedLink]
    # What its body shows, as far as readers may see it.
    pictures: list[Image]
    citations: list[Citation]
    corrections: list[Correction]
    older: Article | None
    newer: Article | None


def stored_page(article: Article) -> StoryPage:
    """Of a row that came by `with_page_data`."""
    return StoryPage(
        article=article,
        bylines=[Byline(author=row_of(Author, row)) for row in article.byline_rows],  # type: ignore[attr-defined]
        tags=[row_of(Tag, row) for row in article.tag_rows],  # type: ignore[attr-defined]
        links=[row_of(RelatedLink, row) for row in article.link_rows],  # type: ignore[attr-defined]
        pictures=[row_of(Image, row) for row in article.picture_rows],  # type: ignore[attr-defined]
        citations=[citation_of_row(row) for row in article.citation_rows],  # type: ignore[attr-defined]
        corrections=[row_of(Correction, row) for row in article.correction_rows],  # type: ignore[attr-defined]
        older=article_of_row(article.older_rows),  # type: ignore[attr-defined]
        newer=article_of_row(article.newer_rows),  # type: ignore[attr-defined]
    )


def article_context(page: StoryPage) -> dict[str, Any]:
    article = page.article
    named = find_references(article.body).articles
    beside = stories_beside(article.pk, keys={link.target_id for link in page.links if link.target_id}, uids=named)
    related = related_stories(article, page.links, page.tags, beside, placed=placed_markers(article))
    parts = story_parts(article, related.inline, page.pictures, public_addresses(beside, named))
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
    shown.note_cards([article, *(each.story for each in related.cards)])
    shown.note_rows([page.older, page.newer, *page.tags])
    shown.note_rows(byline.author for byline in page.bylines)
    shown.note_rows(citation.source for citation in page.citations)
    shown.note(*map(tags.article, related.considered))
    shown.note(*(tags.article(link.target_id) for link in page.links if link.target_id))
    references = find_references(article.body)
    shown.note(*map(tags.named, (*references.articles, *references.pictures)))


def article_of_row(rows: list[dict[str, str]]) -> Article | None:
    """An unsaved article that knows its headline and its address."""
    if not rows:
        return None
    return row_of(Article, rows[0])


def citation_of_row(row: dict[str, str | None]) -> Citation:
    own = dict(row)
    source = Source(**{name: own.pop(f"source_{name}") for name in ("pk", "name", "slug", "accounts")})
    return row_of(Citation, {**own, "source": source})

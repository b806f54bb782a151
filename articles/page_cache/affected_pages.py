"""The one map from what is stored to the pages that show it, or would: by it, and by nothing else, pages are purged."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.flatpages.models import FlatPage
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from articles.models import (
    Article,
    Author,
    Byline,
    Citation,
    Correction,
    FormerSlug,
    Image,
    PopularChoice,
    PopularEntry,
    PopularList,
    RelatedLink,
    Section,
    SiteSettings,
    Source,
    Standing,
    SuggestionChoice,
    Tag,
    TaggedArticle,
)
from articles.models.chunks import KEYS_AT_ONCE, chunks
from articles.models.json_rows import JSONRows
from articles.page_cache import tags

# What the pages of a tag show of a row. Where that is another thing than before, they are outdated.
Facts = Iterator[tuple[str, Hashable]]
# The same of some rows, by the tag and the number of the row.
Shown = dict[tuple[str, int], Hashable]

# What of a story no page shows; a column that is new is shown until it is named here.
UNSEEN_OF_STORY: Final = frozenset(
    {
        "headline_key",
        "body_text",
        "created_at",
        "created_by",
        "modified_at",
        "based_on",
        "takes_effect_at",
        "update_note",
        "scheduled_move",
        "import_source",
        "import_id",
        "import_hash",
        "imported_at",
    }
)
UNSEEN_OF_IMAGE: Final = frozenset({"rights_note", "taken_on", "created_at"})
UNSEEN_OF_AUTHOR: Final = frozenset({"user"})
# When its story was published, which the story says itself.
UNSEEN_OF_CITATION: Final = frozenset({"listed_at"})
UNSEEN_OF_CORRECTION: Final = frozenset({"passage"})
# It stands on the front page alone.
UNSEEN_OF_SETTINGS: Final = frozenset({"lead_story"})


@dataclass(frozen=True)
class Kind:
    """How rows of a model come to pages: ``rows`` are those that a page may show, with all that ``facts`` asks of them."""

    rows: Callable[[], QuerySet[Any]]
    facts: Callable[[Any], Facts]


# What changes ---------------------------------------------------------------------------------------------------------


def shown_of(model: type[Model], keys: Iterable[int]) -> Shown:
    """What pages show of stored rows, by their keys, as they are stored now; a query for some hundred rows."""
    kind, wanted, shown = KINDS[model], sorted(set(keys)), Shown()
    for some in chunks(wanted, KEYS_AT_ONCE):
        for row in kind.rows().filter(pk__in=some).order_by():
            shown |= {(tag, row.pk): fact for tag, fact in kind.facts(row)}
    return shown


def difference(before: Shown, after: Shown) -> set[str]:
    """The tags whose pages are other ones now."""
    return {key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def pages_of_stories(keys: Iterable[int]) -> set[str]:
    """The tags of the stories' own pages, of those that have one."""
    wanted, found = sorted(set(keys)), set()
    for some in chunks(wanted, KEYS_AT_ONCE):
        stories = Article.objects.filter(before_readers(), pk__in=some).order_by()
        found |= {tags.address(slug) for slug in stories.values_list("slug", flat=True)}
    return found


def left_behind_by(story: Article) -> set[str]:
    """What changes when a story is deleted that nobody could see: a headline that led to it is plain text now."""
    if story.replaces_id:
        return set()
    found = {tags.article(story.pk)} if RelatedLink.objects.filter(target=story.pk).exists() else set()
    if PopularEntry.objects.filter(Q(target=story.pk) | Q(list__article=story.pk)).exists():
        found.add(tags.UNREAD)
    return found


def before_readers(prefix: str = "") -> Q:
    """The condition under which readers see a story or will see it when its time comes."""
    return Q(**{f"{prefix}replaces": None, f"{prefix}status": Article.Status.PUBLISHED}) & (
        Q(**{f"{prefix}expires_at": None}) | Q(**{f"{prefix}expires_at__gt": timezone.now()})
    )


def is_before_readers(story: Article) -> bool:
    """The same of a row in hand."""
    is_over = story.expires_at is not None and story.expires_at <= timezone.now()
    return story.replaces_id is None and story.status == Article.Status.PUBLISHED and not is_over


def values_of(row: Model, but: Collection[str] = ()) -> Hashable:
    """The columns of a row, without some, as something that can be compared."""
    fields = row._meta.concrete_fields  # noqa: SLF001 - public, whatever its name says
    return tuple(row.serializable_value(field.attname) for field in fields if field.name not in but)


# A row for each tag under which something of it stands; each is there because without it some page would be old. -------


def of_article(story: Article) -> Facts:
    if story.status == Article.Status.WITHDRAWN:
        yield from of_withdrawn_story(story)
    elif is_before_readers(story) and story.published_at:
        yield from of_story(story, story.published_at)


def of_withdrawn_story(story: Article) -> Facts:
    """Notices that it is gone, at each address that it had."""
    known: Any = story
    yield tags.address(story.slug), story.first_published_at
    for row in known.former_rows:
        yield tags.address(row["slug"]), story.first_published_at


def of_story(story: Article, published_at: datetime) -> Facts:
    known: Any = story
    # From when until when: a list that it is in, or enters at its time, is another one where that changes.
    when = (published_at, story.embargoed_until, story.expires_at)
    day = timezone.localtime(published_at).date()
    # Cards, neighbours, popular lines, its own page.
    yield tags.article(story.pk), values_of(story, UNSEEN_OF_STORY)
    # Links in bodies, which need no more than an address.
    yield tags.named(story.uid), (when, story.slug, story.first_published_at)
    # Where something else may have stood.
    yield tags.address(story.slug), when
    yield tags.FRONT, (when, story.section_id)
    yield tags.ARCHIVE, when
    yield tags.year(day.year), when
    yield tags.month(day), when
    yield tags.UNREAD, when
    yield from of_lists(story, when)
    for row in known.standing_rows:
        yield tags.popular(row["scope"], row["scope_id"]), when
    for row in (*known.older_rows, *known.newer_rows):
        # The stories that it comes between; when it goes, their pages go with it, for they name it.
        yield tags.address(row["slug"]), when
    if known.has_corrections:
        yield tags.CORRECTIONS, when


def of_lists(story: Article, when: Hashable) -> Facts:
    known: Any = story
    if story.section_id:
        yield tags.list_of(Section(pk=story.section_id)), when
    for row in known.tagged_rows:
        yield tags.list_of(Tag(pk=row["tag"])), when
    for row in known.byline_rows:
        yield tags.list_of(Author(pk=row["author"])), when
    for row in known.citation_rows:
        yield tags.list_of(Source(pk=row["source"])), when


def articles_with_places() -> QuerySet[Article]:
    here = OuterRef("pk")
    seen = before_readers() | Q(status=Article.Status.WITHDRAWN, replaces=None)
    return (
        Article.objects.filter(seen)
        .defer("body_text")
        .annotate(
            former_rows=JSONRows(FormerSlug.objects.filter(article=here).order_by(), "slug"),
            tagged_rows=JSONRows(TaggedArticle.objects.filter(content_object=here).order_by(), "tag"),
            byline_rows=JSONRows(Byline.objects.filter(article=here).order_by(), "author"),
            citation_rows=JSONRows(Citation.objects.filter(article=here).order_by(), "source"),
            standing_rows=JSONRows(Standing.objects.filter(article=here).order_by(), "scope", "scope_id"),
            older_rows=JSONRows(Article.objects.next_older(OuterRef), "slug"),
            newer_rows=JSONRows(Article.objects.next_newer(OuterRef), "slug"),
            has_corrections=Exists(Correction.objects.filter(article=here)),
        )
    )


def of_byline(row: Byline) -> Facts:
    yield tags.article(row.article_id), (row.author_id, row.position)
    yield tags.list_of(Author(pk=row.author_id)), row.article_id


def of_tagged_article(row: TaggedArticle) -> Facts:
    yield tags.address(row.content_object.slug), row.tag_id
    yield tags.list_of(Tag(pk=row.tag_id)), row.content_object_id


def of_citation(row: Citation) -> Facts:
    yield tags.address(row.article.slug), values_of(row, UNSEEN_OF_CITATION)
    yield tags.list_of(Source(pk=row.source_id)), row.article_id


def of_related_link(row: RelatedLink) -> Facts:
    yield tags.address(row.article.slug), values_of(row)


def of_correction(row: Correction) -> Facts:
    yield tags.address(row.article.slug), values_of(row, UNSEEN_OF_CORRECTION)
    yield tags.CORRECTIONS, values_of(row, UNSEEN_OF_CORRECTION)


def of_suggestion_choice(row: SuggestionChoice) -> Facts:
    if is_before_readers(row.article):
        yield tags.address(row.article.slug), (row.target_id, row.kind, row.made_at)
    if row.kind == SuggestionChoice.Kind.NEVER and is_before_readers(row.target):
        yield tags.address(row.target.slug), row.article_id


def of_popular_choice(row: PopularChoice) -> Facts:
    # What becomes of the lists themselves, their makers say.
    yield tags.UNREAD, row.article_id


def of_popular_list(row: PopularList) -> Facts:
    yield tags.UNREAD, row.listed_on


def of_popular_entry(row: PopularEntry) -> Facts:
    yield tags.UNREAD, values_of(row)


def of_former_slug(row: FormerSlug) -> Facts:
    yield tags.address(row.slug), row.article_id


def of_section(row: Section) -> Facts:
    yield tags.tag_of(row), (row.name, row.slug, row.description)
    if row.in_menu:
        yield tags.SITE, (row.name, row.slug, row.position)


def of_tag(row: Tag) -> Facts:
    yield tags.tag_of(row), values_of(row)


def of_author(row: Author) -> Facts:
    yield tags.tag_of(row), values_of(row, UNSEEN_OF_AUTHOR)


def of_source(row: Source) -> Facts:
    yield tags.tag_of(row), values_of(row)


def of_image(row: Image) -> Facts:
    # At the head of a story, above a name.
    yield tags.tag_of(row), values_of(row, UNSEEN_OF_IMAGE)
    # In bodies.
    yield tags.named(row.uid), values_of(row, UNSEEN_OF_IMAGE)


def of_site_settings(row: SiteSettings) -> Facts:
    yield tags.SITE, values_of(row, UNSEEN_OF_SETTINGS)
    yield tags.FRONT, row.lead_story_id


def of_flat_page(row: FlatPage) -> Facts:
    yield tags.tag_of(row), values_of(row)
    if not row.registration_required:
        yield tags.SITE, (row.title, row.url)


KINDS: Final[dict[type[Model], Kind]] = {
    Article: Kind(articles_with_places, of_article),
    Byline: Kind(lambda: Byline.objects.filter(before_readers("article__")), of_byline),
    TaggedArticle: Kind(
        lambda: TaggedArticle.objects.filter(before_readers("content_object__")).select_related("content_object"),
        of_tagged_article,
    ),
    Citation: Kind(lambda: Citation.objects.filter(before_readers("article__")).select_related("article"), of_citation),
    RelatedLink: Kind(
        lambda: RelatedLink.objects.filter(before_readers("article__")).select_related("article"), of_related_link
    ),
    Correction: Kind(
        lambda: Correction.objects.filter(before_readers("article__")).select_related("article"), of_correction
    ),
    SuggestionChoice: Kind(
        lambda: SuggestionChoice.objects.select_related("article", "target"),
        of_suggestion_choice,
    ),
    PopularChoice: Kind(
        lambda: PopularChoice.objects.filter(kind=PopularChoice.Kind.EXCLUDED),
        of_popular_choice,
    ),
    PopularList: Kind(PopularList.objects.all, of_popular_list),
    PopularEntry: Kind(PopularEntry.objects.all, of_popular_entry),
    FormerSlug: Kind(FormerSlug.objects.all, of_former_slug),
    Section: Kind(Section.objects.all, of_section),
    Tag: Kind(Tag.objects.all, of_tag),
    Author: Kind(Author.objects.all, of_author),
    Source: Kind(Source.objects.all, of_source),
    Image: Kind(Image.objects.all, of_image),
    SiteSettings: Kind(SiteSettings.objects.all, of_site_settings),
    FlatPage: Kind(FlatPage.objects.all, of_flat_page),
}

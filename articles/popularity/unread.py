"""What stands in the popular list where readers have not read enough yet: imported lists, then recent stories."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from articles.models import Article, Image, PopularChoice, PopularEntry
from articles.popularity.ranking import rank_by_mentions

# How many entries of the newest imported lists are looked at: some twenty lists, one short index scan.
ENTRIES_CONSIDERED: Final = 100

STORY: Final = (
    "pk",
    "headline",
    "slug",
    "language",
    "dek",
    "excerpt",
    "status",
    "published_at",
    "first_published_at",
    "created_at",
    "embargoed_until",
    "expires_at",
)
PICTURE: Final = (
    "pk",
    "file",
    "digest",
    "width",
    "height",
    "alt_text",
    "decorative",
    "focal_x",
    "focal_y",
    "rights_expire_on",
)


@dataclass(frozen=True)
class Candidate:
    """A line that may stand there; without a story where it is not here."""

    place: int
    position: int
    words: str
    key: str
    is_imported: bool
    article: Article | None
    is_excluded: bool

    @property
    def identity(self) -> int | str:
        """The same story for all headlines that lead to it; else the same words."""
        return self.article.pk if self.article else self.key

    @property
    def is_shown(self) -> bool:
        """Where a story is not public, even its headline might say too much."""
        return not self.is_excluded and (self.article is None or self.article.is_public())


def unread_candidates(number: int) -> list[Candidate]:
    """The lines with which a list is filled up, the best first, each story once; ``number`` recent ones at the most.

    One query for both: a page of a new site asks no more than that of an old one.
    """
    rows = _imported_rows().union(_recent_rows(number), all=True)
    found = sorted((_candidate(row) for row in rows), key=lambda each: each.place)
    imported = [each for each in found if each.is_imported]
    shown = {each.identity: each for each in reversed(found) if each.is_shown}
    ranked = rank_by_mentions((each.identity, each.position) for each in imported)
    recent = (each.identity for each in found if not each.is_imported)
    return [shown[identity] for identity in dict.fromkeys([*ranked, *recent]) if identity in shown]


def _imported_rows() -> QuerySet[PopularEntry, tuple[Any, ...]]:
    newest = ("-list__listed_on", "-list_id", "position")
    considered = PopularEntry.objects.order_by(*newest).values("pk")[:ENTRIES_CONSIDERED]
    place = Window(RowNumber(), order_by=[F("list__listed_on").desc(), F("list_id").desc(), F("position").asc()])
    return (
        PopularEntry.objects.filter(pk__in=considered)
        .order_by()
        .annotate(place=place, is_imported=Value(1))
        .values_list("place", "is_imported", "position", "headline", "headline_key", *_columns("target__"))
    )


def _recent_rows(number: int) -> QuerySet[Article, tuple[Any, ...]]:
    recent = Article.objects.published().exclude(popular_choice__kind=PopularChoice.Kind.EXCLUDED).newest_first()
    place = Window(RowNumber(), order_by=[F("published_at").desc(), F("pk").desc()])
    return (
        Article.objects.filter(pk__in=recent.values("pk")[:number])
        .order_by()
        .annotate(place=place, is_imported=Value(0), among=Value(0))
        .values_list("place", "is_imported", "among", "headline", "headline_key", *_columns(""))
    )


def _columns(story: str) -> list[str]:
    return [
        f"{story}popular_choice__kind",
        *(f"{story}{name}" for name in STORY),
        *(f"{story}lead_image__{name}" for name in PICTURE),
    ]


def _candidate(row: tuple[Any, ...]) -> Candidate:
    place, is_imported, position, words, key, choice, *columns = row
    story = dict(zip(STORY, columns, strict=False))
    picture = dict(zip(PICTURE, columns[len(STORY) :], strict=True))
    article = Article(**story) if story["pk"] else None
    if article and picture["pk"]:
        article.lead_image = Image(**picture)
    is_excluded = choice == PopularChoice.Kind.EXCLUDED
    return Candidate(place, position, words, key, bool(is_imported), article, is_excluded)

"""What stands in the popular list where readers have not read enough yet: imported lists, then recent stories."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, ExpressionWrapper, F, Q, QuerySet, TextField, Value, When, Window
from django.db.models.functions import JSONObject, RowNumber

from articles.models import Article, Image, PopularChoice, PopularEntry
from articles.models.json_rows import row_of
from articles.models.prepared import NOW, Prepared
from articles.models.querysets import public_now
from articles.popularity.ranking import rank_by_mentions

# How many entries of the newest imported lists are looked at: some twenty lists, one short index scan.
ENTRIES_CONSIDERED: Final = 100

# What a line shows of its story; of its picture under `image_` and the name.
STORY: Final = (
    *("pk", "headline", "slug", "language", "dek", "excerpt"),
    *("published_at", "first_published_at", "created_at"),
)
PICTURE: Final = (
    *("pk", "file", "digest", "width", "height", "alt_text"),
    *("focal_x", "focal_y", "rights_expire_on"),
)


def story_columns(story: str = "") -> dict[str, F]:
    """For JSON: what `story_of` makes an article of; ``story`` is the path of a join, as in ``target__``."""
    return {name: F(f"{story}{name}") for name in STORY} | {
        f"image_{name}": F(f"{story}lead_image__{name}") for name in PICTURE
    }


def story_of(row: Mapping[str, Any]) -> Article:
    picture = {name: row[f"image_{name}"] for name in PICTURE}
    article = row_of(Article, {name: row[name] for name in STORY})
    if picture["pk"]:
        article.lead_image = row_of(Image, picture)
    return article


@dataclass(frozen=True)
class Candidate:
    """A line that may stand there; without a story where it is not here."""

    place: int
    position: int
    words: str
    key: str
    is_imported: bool
    article_id: int | None
    # Where a story is not public, even its headline might say too much; what an editor excludes is out.
    is_shown: bool
    # As JSON: few of the lines that are considered are shown.
    story: str

    @property
    def identity(self) -> int | str:
        """The same story for all headlines that lead to it; else the same words."""
        return self.article_id or self.key

    @property
    def article(self) -> Article | None:
        return story_of(json.loads(self.story)) if self.article_id else None


def unread_candidates(number: int) -> list[Candidate]:
    """The lines with which a list is filled up, the best first, each story once; ``number`` recent ones at the most.

    One query for both: a page of a new site asks no more than that of an old one.
    """
    found = sorted((Candidate(*row) for row in UNREAD.rows(number)), key=lambda each: each.place)
    imported = [each for each in found if each.is_imported]
    shown = {each.identity: each for each in reversed(found) if each.is_shown}
    ranked = rank_by_mentions((each.identity, each.position) for each in imported)
    recent = (each.identity for each in found if not each.is_imported)
    return [shown[identity] for identity in dict.fromkeys([*ranked, *recent]) if identity in shown]


def _imported_rows() -> QuerySet[PopularEntry, tuple[Any, ...]]:
    newest = ("-list__listed_on", "-list_id", "position")
    considered = PopularEntry.objects.order_by(*newest).values("pk")[:ENTRIES_CONSIDERED]
    place = Window(RowNumber(), order_by=[F("list__listed_on").desc(), F("list_id").desc(), F("position").asc()])
    is_excluded = Q(target__popular_choice__kind=PopularChoice.Kind.EXCLUDED)
    return (
        PopularEntry.objects.filter(pk__in=considered)
        .order_by()
        .annotate(
            place=place,
            is_imported=Value(1),
            is_shown=Case(
                When(target=None, then=1),
                When(is_excluded, then=0),
                When(public_now("target__", at=NOW), then=1),
                default=0,
            ),
            story=_as_text(story_columns("target__")),
        )
        .values_list("place", "position", "headline", "headline_key", "is_imported", "target", "is_shown", "story")
    )


def _recent_rows(number: int) -> QuerySet[Article, tuple[Any, ...]]:
    recent = Article.objects.published(NOW).exclude(popular_choice__kind=PopularChoice.Kind.EXCLUDED).newest_first()
    place = Window(RowNumber(), order_by=[F("published_at").desc(), F("pk").desc()])
    return (
        Article.objects.filter(pk__in=recent.values("pk")[:number])
        .order_by()
        .annotate(place=place, among=Value(0), is_imported=Value(0), is_shown=Value(1), story=_as_text(story_columns()))
        .values_list("place", "among", "headline", "headline_key", "is_imported", "pk", "is_shown", "story")
    )


def _as_text(columns: dict[str, F]) -> "ExpressionWrapper[JSONObject]":
    return ExpressionWrapper(JSONObject(**columns), output_field=TextField())


UNREAD: Final = Prepared(PopularEntry, lambda number: _imported_rows().union(_recent_rows(number), all=True))

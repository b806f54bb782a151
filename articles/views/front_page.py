"""The front page: the lead, the latest, and a row for each section."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import BigAutoField, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Article, Section
from articles.models.json_rows import JSONRows
from articles.models.prepared import NOW, Prepared, several, several_given
from articles.page_cache import tags
from articles.page_cache.declaring import kept, shown_on
from articles.views.context import chrome_of

LATEST = 6
PER_SECTION = 3


@dataclass(frozen=True)
class SectionRow:
    section: Section
    stories: list[Article]


@kept()
def front_page(request: HttpRequest) -> HttpResponse:
    """Each story stands on it once: as the lead, among the latest, or in its section's row."""
    chosen = chrome_of(request).settings.lead_story_id
    sections = SECTIONS.rows()
    newest = NEWEST.rows()
    below = {pk for section in sections for pk in first_of(section, beside=newest[:LATEST], number=PER_SECTION + 1)}
    stories = {story.pk: story for story in cards_of({*newest, *below, *([chosen] if chosen else [])})}

    ranked = [stories[pk] for pk in (chosen, *newest) if pk in stories]
    lead = ranked[0] if ranked else None
    latest = [story for story in ranked if story != lead][:LATEST]
    shown = {story.pk for story in [lead, *latest] if story}
    rows = [
        SectionRow(section, [stories[pk] for pk in newest_keys(section) if pk in stories and pk not in shown])
        for section in sections
    ]
    rows = [SectionRow(row.section, row.stories[:PER_SECTION]) for row in rows if row.stories]
    shown_on(request).note(tags.FRONT)
    shown_on(request).note_cards(stories.values())
    return render(request, "articles/front_page.html", {"lead": lead, "latest": latest, "rows": rows})


def sections_with_newest() -> QuerySet[Section]:
    """The sections of the menu, each with the keys of its newest stories: one short index scan a section."""
    newest = Article.objects.published(NOW).filter(section=OuterRef("pk")).newest_first()
    # Those that stand above already are left out later: as many more are asked for.
    return Section.objects.filter(in_menu=True).annotate(newest=JSONRows(newest[: PER_SECTION + LATEST + 1], "pk"))


def newest_keys(section: Section) -> list[int]:
    return [row["pk"] for row in section.newest]  # type: ignore[attr-defined]


def first_of(section: Section, *, beside: list[int], number: int) -> list[int]:
    return [pk for pk in newest_keys(section) if pk not in beside][:number]


def cards_of(keys: Collection[int]) -> list[Article]:
    """The public ones among these stories, in one query."""
    named = several("key", keys)
    return CARDS.rows(len(named), **named) if named else []


SECTIONS: Final = Prepared(Section, sections_with_newest)
NEWEST: Final = Prepared(
    Article,
    lambda: Article.objects.published(NOW).newest_first().values_list("pk", flat=True)[: LATEST + 1],
)
CARDS: Final = Prepared(
    Article,
    lambda number: (
        Article.objects.published(NOW)
        .filter(pk__in=several_given("key", number, BigAutoField()))
        .order_by()
        .for_cards()
    ),
)

"""Checks of what stands above a story: headline, dek, byline, section, and its address."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format

from articles.content.slugs import headline_slug
from articles.editorial.checks.base import Check, Severity
from articles.editorial.checks.slugs import has_word_of, is_placeholder
from articles.editorial.checks.story import CheckedStory


class SectionChosen(Check):
    name = "section"
    label = "section"
    field = "section"
    severity = Severity.BLOCKING

    def problems(self, story: CheckedStory) -> Iterator[str]:
        if story.article.section_id is None:
            yield "It belongs to no section."


class BylineGiven(Check):
    name = "byline"
    label = "byline"
    field = "byline"
    severity = Severity.BLOCKING

    def problems(self, story: CheckedStory) -> Iterator[str]:
        if not story.has_byline:
            yield "It has no byline."


class DekWritten(Check):
    name = "dek"
    label = "dek"
    field = "dek"

    def problems(self, story: CheckedStory) -> Iterator[str]:
        if not story.article.dek.strip():
            yield "It has no dek, the sentence under the headline."


class SlugFinal(Check):
    name = "slug"
    label = "final slug"
    field = "slug"

    def problems(self, story: CheckedStory) -> Iterator[str]:
        slug, proposed = story.article.slug, headline_slug(story.article.headline)
        if is_placeholder(slug, proposed):
            yield f"The slug “{slug}” looks like one that was to be replaced."
        elif not has_word_of(slug, proposed):
            yield f"The slug “{slug}” has no word of the headline."


class HeadlineUnused(Check):
    name = "headline"
    label = "headline of its own"
    field = "headline"

    def problems(self, story: CheckedStory) -> Iterator[str]:
        other = story.namesake
        if other is None:
            return
        if not other.is_seen:  # type: ignore[attr-defined]
            yield "Another story, which you may not see, has the same headline."
        elif other.is_public(story.now):
            day = date_format(timezone.localtime(other.published_at), "j F Y")
            yield f"“{other.headline}”, published on {day}, has the same headline."
        else:
            yield f"“{other.headline}”, which readers do not see at present, has the same headline."

"""Checks of the lead picture and of those in the text."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format

from articles.editorial.checks.base import Check, Problem, Severity
from articles.editorial.checks.story import CheckedStory, shortened

# Rights that end within so many days of publication are worth a word.
SOON: Final = timedelta(days=7)

# A file's name says nothing of what one sees.
_FILE_NAME: Final = re.compile(
    r"\S+\.(?:jpe?g|png|webp|gif|heic|tiff?)|(?:alt|dscn?|image|img|photo|picture|screenshot|untitled)?[-_ .\d]*",
    re.IGNORECASE,
)


class AlternativeTextDecided(Check):
    """The database asks for words or for “decorative”; whether the words say anything it does not ask."""

    name = "alternative_text"
    label = "alternative text"
    field = "lead_image"
    severity = Severity.BLOCKING

    def problems(self, story: CheckedStory) -> Iterator[Problem]:
        for shown in story.pictures:
            words = shown.image.alt_text.strip()
            if not shown.image.decorative and _FILE_NAME.fullmatch(words):
                said = f" says only “{shortened(words)}”" if words else " is missing"
                yield Problem(f"The alternative text of {shown.name}{said}.", shown.field)


class CaptionAndCredit(Check):
    name = "caption_and_credit"
    label = "caption and credit"
    field = "lead_caption"

    def problems(self, story: CheckedStory) -> Iterator[Problem]:
        for shown in story.pictures:
            name = begun(shown.name)
            if not shown.caption.strip() and not shown.image.decorative:
                yield Problem(f"{name} has no caption.", "lead_caption" if shown.field == "lead_image" else shown.field)
            if not shown.image.credit.strip():
                yield Problem(f"{name} has no credit.", shown.field)


class PicturesThere(Check):
    name = "pictures_there"
    label = "pictures of the library"
    field = "body"

    def problems(self, story: CheckedStory) -> Iterator[str]:
        if story.has_lost_pictures:
            yield "The text shows a picture that the library has no more: readers find nothing in its place."


class RightsHold(Check):
    name = "rights"
    label = "rights of pictures"
    field = "lead_image"
    severity = Severity.BLOCKING

    def problems(self, story: CheckedStory) -> Iterator[Problem]:
        for shown in story.pictures:
            end = shown.image.rights_expire_on
            if end is None or end > story.appears_on:
                continue
            if end <= timezone.localdate(story.now):
                yield Problem(f"The rights in {shown.name} expired on {told(end)}: no reader sees it.", shown.field)
            else:
                yield Problem(f"The rights in {shown.name} expire on {told(end)}, before it appears.", shown.field)


class RightsLast(Check):
    name = "rights_last"
    label = "rights that last"
    field = "lead_image"

    def problems(self, story: CheckedStory) -> Iterator[Problem]:
        for shown in story.pictures:
            end = shown.image.rights_expire_on
            if end and story.appears_on < end <= story.appears_on + SOON:
                yield Problem(f"The rights in {shown.name} expire soon, on {told(end)}.", shown.field)


def begun(words: str) -> str:
    """As the first words of a sentence."""
    return words[:1].upper() + words[1:]


def told(day: date) -> str:
    return date_format(day, "j F Y")

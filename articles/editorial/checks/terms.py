"""Checks of what was agreed with others: where the original stands, until when nobody may see it."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format

from articles.editorial.checks.base import Check, Severity
from articles.editorial.checks.story import CheckedStory
from articles.models import Citation

# Somebody else's story, in their words.
SYNDICATED = frozenset({Citation.Role.PUBLISHER, Citation.Role.WIRE})


class OriginalNamed(Check):
    name = "canonical_address"
    label = "address of the original"
    field = "canonical_url"
    severity = Severity.BLOCKING

    def problems(self, story: CheckedStory) -> Iterator[str]:
        is_syndicated = any(citation.role in SYNDICATED for citation in story.citations)
        if is_syndicated and not story.article.canonical_url:
            yield "It was first published elsewhere, and its canonical address is missing."


class NoEmbargo(Check):
    name = "embargo"
    label = "no embargo"
    field = "embargoed_until"

    def problems(self, story: CheckedStory) -> Iterator[str]:
        until = story.article.embargoed_until
        if until and until > story.now:
            moment = date_format(timezone.localtime(until), "j F Y, H:i T")
            yield f"It is under embargo: no reader sees it before {moment}."

"""Checks of whether somebody has told the same already."""

from collections.abc import Iterator

from articles.editorial.checks.base import Check
from articles.editorial.checks.story import CheckedStory, shortened


class ToldOnce(Check):
    name = "told_once"
    label = "text of its own"
    field = "body"

    def problems(self, story: CheckedStory) -> Iterator[str]:
        for twin in story.twins:
            if twin.is_seen:
                yield f"“{shortened(twin.headline)}” has nearly the same text: {twin.likeness:.0%} of it."
            else:
                yield "Another story, which you may not see, has nearly the same text."

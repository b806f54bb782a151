"""Checks of where a story leads: related lines, and links within the site."""

from collections.abc import Iterator

from articles.editorial.checks.base import Check
from articles.editorial.checks.story import CheckedStory, shortened


class RelatedLinesResolved(Check):
    name = "related_lines"
    label = "related lines"
    field = "related_links"

    def problems(self, story: CheckedStory) -> Iterator[str]:
        for line in story.related_lines:
            if not line.leads_somewhere:
                yield f"The related line “{shortened(line.headline)}” has found no story yet."
            elif not line.is_public:
                yield f"The related line “{shortened(line.headline)}” leads to a story that readers do not see."


class LinksAlive(Check):
    name = "links"
    label = "links within the site"
    field = "body"

    def problems(self, story: CheckedStory) -> Iterator[str]:
        for link in story.dead_links:
            where = "a story that readers do not see" if link.article else f"{link.address}, where there is nothing"
            yield f"The link “{shortened(link.words)}” leads to {where}."

"""A story's body as the page shows it: the text, with related links at their places."""

from dataclasses import dataclass

from django.utils.html import format_html

from articles.content.sanitising import CleanHTML
from articles.content.text import RelatedMarker, split_at_markers
from articles.models import Article, RelatedLink


@dataclass(frozen=True)
class RelatedStory:
    """A related link as readers meet it: without an address where its story is not here yet."""

    headline: str
    url: str = ""
    language: str = ""


@dataclass(frozen=True)
class StoryPart:
    """A stretch of the body, or a related story that stands between two."""

    html: str = ""
    related: RelatedStory | None = None


def story_parts(article: Article, links: list[RelatedLink]) -> list[StoryPart]:
    """The body cut at its markers; a marker without a link that may be shown leaves no trace."""
    by_marker = {link.marker: link for link in links if link.marker is not None}
    parts = []
    for part in split_at_markers(with_dateline(article)):
        if not isinstance(part, RelatedMarker):
            parts.append(StoryPart(html=part))
        elif part.number in by_marker and (story := shown_story(by_marker[part.number])):
            parts.append(StoryPart(related=story))
    return parts


def list_of_related(article: Article, links: list[RelatedLink]) -> list[RelatedStory]:
    """The list after the text: every link that has no place in it, each story once."""
    placed = {part.number for part in split_at_markers(article.body) if isinstance(part, RelatedMarker)}
    stories = (shown_story(link) for link in links if link.marker not in placed)
    return list(dict.fromkeys(story for story in stories if story))


def shown_story(link: RelatedLink) -> RelatedStory | None:
    """What readers may see of a link: nothing of a story that exists and is not public."""
    if link.url:
        return RelatedStory(link.headline, link.url)
    if link.target is None:
        return RelatedStory(link.headline)
    if not link.target.is_public():
        return None
    return RelatedStory(link.target.headline, link.target.get_absolute_url(), link.target.language)


def with_dateline(article: Article) -> CleanHTML:
    """The body with the dateline run in at the head of its first paragraph, as newspapers set it."""
    body = CleanHTML(article.body.lstrip())
    if not article.dateline:
        return body
    dateline = format_html('<span class="dateline">{}</span> — ', article.dateline)
    if body.startswith("<p>"):
        return CleanHTML(f"<p>{dateline}{body[3:]}")
    return CleanHTML(f"<p>{dateline}</p>{body}")

"""A story's body as the page shows it: the text, with related stories, pictures and embeds at their places."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.html import format_html

from articles.content.embeds import Embed, embed_of
from articles.content.footnotes import Note, with_numbers, without_notes
from articles.content.references import find_references, with_addresses
from articles.content.sanitising import CleanHTML
from articles.content.text import Marker, PictureMarker, RelatedMarker, html_to_text, split_at_markers
from articles.models import Article, Image
from articles.related.stories import RelatedStory


@dataclass(frozen=True)
class StoryPart:
    """A stretch of the body, or what stands between two: a related story, a picture, an embed.

    Footnotes are numbers in it already; their words stand beside it, for the list after the text.
    """

    html: str = ""
    related: RelatedStory | None = None
    picture: Image | None = None
    embed: Embed | None = None
    caption: str = ""
    title: str = ""
    notes: tuple[Note, ...] = ()


def story_parts(
    article: Article, related: Mapping[int, RelatedStory], pictures: Iterable[Image], addresses: Mapping[str, str]
) -> list[StoryPart]:
    """The body cut at its markers; a marker without a row that may be shown leaves no trace."""
    shown = {str(picture.uid): picture for picture in pictures}
    parts: list[StoryPart] = []
    noted = 0
    for marker in split_at_markers(with_addresses(with_dateline(article), addresses)):
        if part := shown_part(marker, related, shown):
            numbered = with_own_numbers(part, after=noted)
            noted += len(numbered.notes)
            parts.append(numbered)
    return parts


def shown_part(
    marker: str | Marker, related: Mapping[int, RelatedStory], pictures: dict[str, Image]
) -> StoryPart | None:
    if isinstance(marker, str):
        return StoryPart(html=marker)
    if isinstance(marker, PictureMarker):
        picture = pictures.get(marker.uid)
        return StoryPart(picture=picture, caption=marker.caption or picture.caption) if picture else None
    if isinstance(marker, RelatedMarker):
        story = related.get(marker.number)
        return StoryPart(related=story) if story else None
    embed = embed_of(marker.stored)
    return StoryPart(embed=embed, caption=marker.caption, title=title_of(embed, marker.caption)) if embed else None


def title_of(embed: Embed, caption: str) -> str:
    """What a screen reader says of the frame."""
    what = f"{embed.provider.name} {embed.provider.kind}"
    words = html_to_text(without_notes(caption))
    return f"{what}: {words}" if words else what


def with_own_numbers(part: StoryPart, *, after: int) -> StoryPart:
    """A part whose words have footnotes; a caption that comes with its picture is plain text and has none."""
    if isinstance(part.html, CleanHTML) and part.html:
        html, notes = with_numbers(part.html, after=after)
        return replace(part, html=html, notes=notes)
    if isinstance(part.caption, CleanHTML):
        caption, notes = with_numbers(part.caption, after=after)
        return replace(part, caption=caption, notes=notes)
    return part


def find_pictures(article: Article) -> list[Image]:
    """All pictures of a body that readers may see: of one that is not stored, whose row knows nothing of them."""
    uids = find_references(article.body).pictures
    return list(Image.objects.usable().filter(uid__in=uids)) if uids else []


def public_addresses(stories: Iterable[Article], uids: Collection[str]) -> dict[str, str]:
    """Where those of the stories are to which a body's links lead, as far as readers may go there."""
    named = ((str(story.uid), story) for story in stories)
    return {uid: story.get_absolute_url() for uid, story in named if uid in uids and story.is_public()}


def placed_markers(article: Article) -> set[int]:
    """The numbers of the related stories that have a place in the body."""
    return {part.number for part in split_at_markers(article.body) if isinstance(part, RelatedMarker)}


def with_dateline(article: Article) -> CleanHTML:
    """The body with the dateline run in at the head of its first paragraph, as newspapers set it."""
    body = CleanHTML(article.body.lstrip())
    if not article.dateline:
        return body
    dateline = format_html('<span class="dateline">{}</span> — ', article.dateline)
    if body.startswith("<p>"):
        return CleanHTML(f"<p>{dateline}{body[3:]}")
    return CleanHTML(f"<p>{dateline}</p>{body}")

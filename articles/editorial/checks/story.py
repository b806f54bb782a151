"""A story with all that checks ask of it: each part is fetched once, when the first of them wants it.

Whatever the number of checks: one query for what belongs to the story, one for its pictures, one for the links in its
body, two for other stories with its headline.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from articles.content.body_links import BodyLink, find_links
from articles.content.text import PictureMarker, html_to_text, split_at_markers
from articles.editorial.checks.destinations import dead_links
from articles.models import Article, Byline, CheckRule, Citation, Image, NearDuplicate, RelatedLink
from articles.models.json_rows import JSONRows
from articles.models.querysets import public_now


@dataclass(frozen=True)
class RelatedLine:
    """A related link as readers will meet it."""

    headline: str
    leads_somewhere: bool
    is_public: bool


@dataclass(frozen=True)
class ShownPicture:
    """A picture with the caption that it has in this story; ``field`` is where it was put into it."""

    image: Image
    caption: str
    field: str

    @property
    def name(self) -> str:
        if self.field == "lead_image":
            return "the lead picture"
        return f"the picture “{shortened(str(self.image))}”"


@dataclass(frozen=True)
class Twin:
    """Another story with nearly the same text: how much of it, 0 to 1, and whether the person sees that story."""

    headline: str
    likeness: float
    is_seen: bool


class CheckedStory:
    """``at`` is when it shall be published, where that is not its own time."""

    def __init__(self, article: Article, *, person: User | AnonymousUser, at: datetime | None = None) -> None:
        self.article = article
        self.person = person
        self.now = timezone.now()
        times = (self.now, at or article.published_at, article.takes_effect_at, article.embargoed_until)
        # When the first reader sees it, if it is published now.
        self.appears_at = max(moment for moment in times if moment)

    @property
    def appears_on(self) -> date:
        return timezone.localdate(self.appears_at)

    @property
    def has_byline(self) -> bool:
        return bool(self._rows["has_byline"])

    @cached_property
    def citations(self) -> list[Citation]:
        """Without their sources, and not to be saved."""
        return [Citation(**row) for row in self._rows["citation_rows"]]

    @cached_property
    def related_lines(self) -> list[RelatedLine]:
        return [
            RelatedLine(row["headline"], bool(row["target"] or row["url"]), bool(row["url"] or row["is_public"]))
            for row in self._rows["link_rows"]
        ]

    @cached_property
    def twins(self) -> list[Twin]:
        """As they were found when one of the two was saved; the likest first."""
        return [Twin(row["headline"], row["likeness"], bool(row["may_see"])) for row in self._rows["twin_rows"]]

    @cached_property
    def severities(self) -> dict[str, str]:
        """Of each check for which somebody decided it; what the section says goes before what the site says."""
        rows = sorted(self._rows["rule_rows"], key=lambda row: row["section"] is not None)
        return {row["check_name"]: row["severity"] for row in rows}

    @cached_property
    def pictures(self) -> list[ShownPicture]:
        """The lead picture, then those in the text, as far as the library has them."""
        lead = self._images.get(self.article.lead_image_id or 0)
        by_uid = {str(image.uid): image for image in self._images.values()}
        placed = [(by_uid[marker.uid], marker.caption) for marker in self._markers if marker.uid in by_uid]
        return [
            *([ShownPicture(lead, self.article.lead_caption or lead.caption, "lead_image")] if lead else ()),
            *(ShownPicture(image, html_to_text(caption) or image.caption, "body") for image, caption in placed),
        ]

    @property
    def has_lost_pictures(self) -> bool:
        """Whether the text shows one that the library has no more."""
        known = {str(image.uid) for image in self._images.values()}
        return any(marker.uid not in known for marker in self._markers)

    @cached_property
    def dead_links(self) -> list[BodyLink]:
        """Links of the text into this site at whose end readers would find nothing."""
        itself = str(self.article.uid)
        links = (link for link in find_links(self.article.body) if link.article != itself)
        return dead_links(links, base=self.article.get_absolute_url())

    @cached_property
    def namesake(self) -> Article | None:
        """Another story with this headline that is or will be before readers; it says whether the person sees it."""
        if not self.article.headline_key:
            return None
        # What a working copy will replace is the same story.
        itself = (self.article.pk, self.article.replaces_id or self.article.pk)
        others = Article.objects.released().filter(headline_key=self.article.headline_key)
        seen = Article.objects.visible_to(self.person).filter(pk=OuterRef("pk")).order_by()
        known_first = others.exclude(pk__in=itself).annotate(is_seen=Exists(seen))
        return known_first.defer("body").order_by("-is_seen", "-published_at").first()

    @cached_property
    def _rows(self) -> dict[str, Any]:
        of_story = Q(article=OuterRef("pk"))
        is_public = Case(When(public_now("target__"), then=True), default=False)
        lines = RelatedLink.objects.filter(of_story).annotate(is_public=is_public).order_by("position", "pk")
        citations = Citation.objects.filter(of_story).order_by("position", "pk")
        rules = CheckRule.objects.asked_of(self.article.section_id).order_by()
        # A working copy is its story: what is like the story is like the copy.
        itself = self.article.replaces_id or self.article.pk
        seen = Article.objects.visible_to(self.person).filter(pk=OuterRef("twin")).order_by()
        may_see = Case(When(Exists(seen), then=True), default=False)
        twins = NearDuplicate.objects.filter(article=itself).annotate(may_see=may_see, headline=F("twin__headline"))
        found = Article.objects.filter(pk=self.article.pk).annotate(
            has_byline=Exists(Byline.objects.filter(of_story)),
            citation_rows=JSONRows(citations, "role", "title", "url"),
            link_rows=JSONRows(lines, "headline", "target", "url", "is_public"),
            rule_rows=JSONRows(rules, "section", "check_name", "severity"),
            twin_rows=JSONRows(twins.order_by("-likeness", "twin"), "headline", "likeness", "may_see"),
        )
        names = ("has_byline", "citation_rows", "link_rows", "rule_rows", "twin_rows")
        return dict(found.order_by().values(*names).get())

    @cached_property
    def _markers(self) -> list[PictureMarker]:
        return [part for part in split_at_markers(self.article.body) if isinstance(part, PictureMarker)]

    @cached_property
    def _images(self) -> dict[int, Image]:
        """By their keys; in one query, and in none where the story has no picture."""
        lead, uids = self.article.lead_image_id, {marker.uid for marker in self._markers}
        if not uids and lead is None:
            return {}
        return {image.pk: image for image in Image.objects.filter(Q(pk=lead) | Q(uid__in=uids))}


def shortened(words: str, longest: int = 60) -> str:
    """For a sentence: the beginning of what may be long."""
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"

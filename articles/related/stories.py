"""What stands beside a story, and why: what an editor pinned, what the text names, what was found."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.db.models import BigAutoField, Exists, OuterRef, QuerySet, Subquery, UUIDField

from articles import conf
from articles.models import Article, NearDuplicate, RelatedLink, Section, Suggestion, SuggestionChoice, Tag
from articles.models.prepared import Given, Prepared, several, several_given
from articles.models.querysets import UNSEEN_IN_LISTS

# What the desk names of the tags that two stories share.
NAMED_TAGS: Final = 3
# What readers are told of a story that somebody chose.
CHOSEN: Final = "Also read"


@dataclass(frozen=True)
class RelatedStory:
    """A related story as readers meet it: without an address where it is not here yet, without a row elsewhere."""

    headline: str
    url: str = ""
    language: str = ""
    story: Article | None = field(default=None, compare=False)
    # Why it stands there, in words for readers, and the page that has more of it.
    label: str = ""
    label_url: str = ""


@dataclass(frozen=True)
class RelatedStories:
    """All that stands beside one story, each story once."""

    # By their markers in the body.
    inline: Mapping[int, RelatedStory]
    cards: list[RelatedStory]
    # Headlines that wait for their story, and addresses elsewhere.
    lines: list[RelatedStory]
    # The numbers of all stories that somebody suggested or chose: one of them may stand there another day.
    considered: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        """Whether there is anything to list after the text."""
        return bool(self.cards or self.lines)


def related_stories(
    article: Article, links: Iterable[RelatedLink], tags: Iterable[Tag], beside: Collection[Any], *, placed: set[int]
) -> RelatedStories:
    """Pinned, then listed after the text, then found: as readers may see them.

    ``beside`` are the `stories_beside` this one, those among them to which ``links`` lead; ``tags`` are the story's
    own, ``placed`` are the markers that its body has.
    """
    # Asked of each row in hand: with the condition in the query, SQLite would walk through all that is published.
    public = {each.pk: each for each in beside if each.is_public()}
    inline: dict[int, RelatedStory] = {}
    listed: list[RelatedStory] = []
    for link in links:
        if not (shown := shown_link(link, public)):
            continue
        if link.marker is not None and link.marker in placed:
            inline[link.marker] = shown
        else:
            listed.append(shown)
    pinned, found = pinned_and_found(public.values(), {tag.pk: tag for tag in tags}, article.section)
    told = {key_of(each) for each in inline.values()} | {article.pk}
    cards = [*first_of_each([*pinned, *(each for each in listed if each.story)], told)]
    lines = [*first_of_each([each for each in listed if not each.story], told)]
    cards += islice(first_of_each(found, told), conf.related_stories())
    return RelatedStories(inline, cards, lines, frozenset(each.pk for each in beside if is_suggested(each)))


def first_of_each(stories: Iterable[RelatedStory], told: set[Any]) -> Iterable[RelatedStory]:
    """Those of which nothing is said yet; adds them to what is told."""
    for each in stories:
        if (key := key_of(each)) not in told:
            told.add(key)
            yield each


def key_of(related: RelatedStory) -> Any:
    return related.story.pk if related.story else (related.headline, related.url)


def shown_link(link: RelatedLink, public: Mapping[int, Article]) -> RelatedStory | None:
    """What readers may see of a link: nothing of a story that exists and is not public."""
    if link.url:
        return RelatedStory(link.headline, link.url)
    if link.target_id is None:
        return RelatedStory(link.headline)
    return shown_story(public[link.target_id], CHOSEN) if link.target_id in public else None


def shown_story(story: Article, label: str = "", label_url: str = "") -> RelatedStory:
    return RelatedStory(story.headline, story.get_absolute_url(), story.language, story, label, label_url)


def is_suggested(story: Any) -> bool:
    """Whether it is beside another one for more than that one's words."""
    return story.score is not None or bool(story.choice)


def pinned_and_found(
    public: Iterable[Any], tags: Mapping[int, Tag], section: Section | None
) -> tuple[list[RelatedStory], list[RelatedStory]]:
    """The pinned in the order in which they were pinned, what was found by its score."""
    stories = [each for each in public if not each.kept_apart]
    pinned = [each for each in stories if each.choice == SuggestionChoice.Kind.PINNED]
    found = [each for each in stories if not each.choice and each.score is not None and not each.is_twin]
    return (
        [shown_story(each, CHOSEN) for each in sorted(pinned, key=lambda each: each.chosen_at)],
        [
            shown_story(each, *label_of(each.reasons or {}, tags, section))
            for each in sorted(found, key=lambda each: (-each.score, each.pk))
        ],
    )


def stories_beside(pk: int | None, *, keys: Collection[int] = (), uids: Collection[str] = ()) -> list[Any]:
    """The stories that were suggested beside one, or chosen by an editor, and others that it names, by their keys or
    their identifiers; with all that a card shows, in one query.

    Whoever they are shown to: nobody has been asked yet what they may see.

    Each knows its ``score`` and ``reasons`` (None where nobody suggests it), the editor's ``choice`` and ``chosen_at``,
    whether the other story is to be ``kept_apart`` from this one, and whether it ``is_twin``.
    """
    by_key, by_uid = several("key", keys), several("uid", uids)
    return BESIDE.rows(len(by_key), len(by_uid), story=pk or 0, **by_key, **by_uid)


def _beside(keys: int, uids: int) -> QuerySet[Article]:
    story = Given("story", BigAutoField())
    found = Suggestion.objects.filter(article=story).order_by()
    chosen = SuggestionChoice.objects.filter(article=story)
    here = {"target": OuterRef("pk")}
    never = SuggestionChoice.Kind.NEVER
    parts: list[QuerySet[Any, Any]] = [chosen.values("target")]
    if keys:
        named = Article.objects.filter(pk__in=several_given("key", keys, BigAutoField()))
        parts.append(named.order_by().values("pk"))
    if uids:
        named = Article.objects.filter(uid__in=several_given("uid", uids, UUIDField()))
        parts.append(named.order_by().values("pk"))
    return (
        # As a union: as so many conditions, PostgreSQL would read all stories for them.
        Article.objects.filter(pk__in=found.values("target").union(*parts))
        .annotate(
            score=Subquery(found.filter(**here).values("score")[:1]),
            reasons=Subquery(found.filter(**here).values("reasons")[:1]),
            choice=Subquery(chosen.filter(**here).values("kind")[:1]),
            chosen_at=Subquery(chosen.filter(**here).values("made_at")[:1]),
            kept_apart=Exists(SuggestionChoice.objects.filter(article=OuterRef("pk"), target=story, kind=never)),
            is_twin=Exists(NearDuplicate.objects.filter(article=story, twin=OuterRef("pk"))),
        )
        .select_related("section", "lead_image")
        .defer(*UNSEEN_IN_LISTS)
        .order_by()
    )


BESIDE: Final = Prepared(Article, _beside)


def label_of(reasons: Mapping[str, Any], tags: Mapping[int, Tag], section: Section | None) -> tuple[str, str]:
    """What a suggestion is to readers, and the address of more: a series before all, then the rarest shared tag."""
    shared = [tags[key] for key in reasons.get("tags", ()) if key in tags]
    series = [tag for tag in shared if tag.kind == Tag.Kind.SERIES]
    if shared:
        tag = (series or shared)[0]
        return f"{OPENINGS.get(tag.kind, 'More on')} {tag.name}", tag.get_absolute_url()
    if reasons.get("section") and section:
        return f"More in {section.name}", section.get_absolute_url()
    return "See also", ""


OPENINGS: Final[Mapping[str, str]] = {Tag.Kind.SERIES: "In the series", Tag.Kind.PLACE: "More in"}


def reason_in_words(reasons: Mapping[str, Any], tag_names: Mapping[int, str]) -> str:
    """For editors: “4 shared tags: Manbij, Syria, Turkey …; text 0.61; same section”."""
    names = [tag_names[key] for key in reasons.get("tags", ()) if key in tag_names]
    words = []
    if names:
        more = " …" if len(names) > NAMED_TAGS else ""
        counted = "1 shared tag" if len(names) == 1 else f"{len(names)} shared tags"
        words.append(f"{counted}: {', '.join(names[:NAMED_TAGS])}{more}")
    if text := reasons.get("text"):
        words.append(f"text {text:.2f}")
    if reasons.get("section"):
        words.append("same section")
    return "; ".join(words) or "no reason was kept"

"""Stories that may be related to another one, and what is known of each: a bounded number of rows, whatever the archive."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from articles.content.languages import primary_language
from articles.models import Article, SuggestionChoice, TaggedArticle
from articles.related.similarity import signature_of, tag_rarity
from articles.related.weights import CANDIDATES_BY_TAGS, CANDIDATES_BY_TEXT, NEWEST_OF_TAG, TAGS_LOOKED_AT
from articles.search.similar import count_stories, similar_texts

# How far the stories of a tag are counted: beyond that a tag is common.
_COUNTED = 5_000
# For how long a process remembers such a number, in seconds.
_REMEMBERED = 600.0
# Tag → its number of stories, and until when that is good. Common tags are few.
_common_tags: dict[int, tuple[int, float]] = {}


@dataclass(frozen=True)
class Story:
    """What is weighed of a story; ``tags`` are the keys of those that it shares with the story in question."""

    key: int
    language: str
    section: int | None
    published_at: datetime | None
    canonical_url: str
    signature: bytes
    is_released: bool
    tags: frozenset[int] = frozenset()
    text: float = 0.0


def precedence(story: Story | Article) -> tuple[bool, datetime]:
    """Of two with the same text the house's own goes first, then the older."""
    return bool(story.canonical_url), story.published_at or timezone.now()


@dataclass
class Surroundings:
    """A story, how rare its tags are, and the stories around it; nobody has scored them yet."""

    story: Story
    rarities: dict[int, float]
    others: list[Story] = field(default_factory=list)
    # Those that an editor never wants to see beside it.
    refused: frozenset[int] = frozenset()


def surroundings_of(article: Article) -> Surroundings:
    """Of a stored original, whose texts the index has read."""
    by_tag = _stories_of_tags(article)
    total = count_stories()
    rarities = {tag: tag_rarity(number, of=total) for tag, (number, _) in by_tag.items()}
    shared: defaultdict[int, set[int]] = defaultdict(set)
    for tag, (_, newest) in by_tag.items():
        for key in newest:
            shared[key].add(tag)
    shared.pop(article.pk, None)
    texts = dict(similar_texts(article, limit=CANDIDATES_BY_TEXT))
    # The rarest shared tags first, then the newest.
    ranked = sorted(shared, key=lambda key: (-sum(rarities[tag] for tag in shared[key]), -key))
    keys = {*ranked[:CANDIDATES_BY_TAGS], *texts, *_with_same_address(article)}
    story = _story(_facts_of(article), signature=signature_of(article.body_text), tags=frozenset(rarities))
    return Surroundings(story, rarities, list(_read(keys, story, texts)), _refused(article))


def _stories_of_tags(article: Article) -> dict[int, tuple[int, list[int]]]:
    """For each tag how many stories have it, and the keys of the newest of them."""
    tags = article.tagged.order_by("pk").values_list("tag_id", flat=True)[:TAGS_LOOKED_AT]
    found: dict[int, tuple[int, list[int]]] = {}
    for tag in list(tags):
        rows = TaggedArticle.objects.filter(tag=tag).order_by("-content_object_id")
        keys = list(rows.values_list("content_object_id", flat=True)[: NEWEST_OF_TAG + 1])
        found[tag] = _number_of(tag) if len(keys) > NEWEST_OF_TAG else len(keys), keys[:NEWEST_OF_TAG]
    return found


def _number_of(tag: int) -> int:
    """How many stories have a common tag; as it was some minutes ago, which changes its weight by next to nothing."""
    now = time.monotonic()
    known = _common_tags.get(tag)
    if known is None or now > known[1]:
        number = TaggedArticle.objects.filter(tag=tag).order_by()[:_COUNTED].count()
        known = _common_tags[tag] = number, now + _REMEMBERED
    return known[0]


def _with_same_address(article: Article) -> Iterable[int]:
    if not article.canonical_url:
        return ()
    same = Article.objects.originals().order_by().filter(canonical_url=article.canonical_url).exclude(pk=article.pk)
    return same.values_list("pk", flat=True)[:20]


def _read(keys: Collection[int], story: Story, texts: dict[int, float]) -> Iterable[Story]:
    """Stories that readers have or will have, and the rest, which may be the same text; in one language."""
    tags: defaultdict[int, set[int]] = defaultdict(set)
    rows = TaggedArticle.objects.filter(content_object__in=keys, tag__in=story.tags).order_by()
    for key, tag in rows.values_list("content_object_id", "tag_id"):
        tags[key].add(tag)
    standing = Article.objects.originals().order_by().filter(pk__in=keys).exclude(expires_at__lte=timezone.now())
    for row in standing.exclude(status=Article.Status.WITHDRAWN).values(*_FACTS, "fingerprint__signature"):
        other = _story(
            row,
            signature=bytes(row["fingerprint__signature"] or b""),
            tags=frozenset(tags[row["pk"]]),
            text=texts.get(row["pk"], 0.0),
        )
        if other.language == story.language and other.key != story.key:
            yield other


_FACTS = ("pk", "language", "section_id", "published_at", "canonical_url", "status")


def _facts_of(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in _FACTS}


def _story(row: dict[str, Any], *, signature: bytes, tags: frozenset[int], text: float = 0.0) -> Story:
    return Story(
        key=row["pk"],
        language=primary_language(row["language"]),
        section=row["section_id"],
        published_at=row["published_at"],
        canonical_url=row["canonical_url"].rstrip("/"),
        signature=signature,
        is_released=row["status"] == Article.Status.PUBLISHED,
        tags=tags,
        text=text,
    )


def _refused(article: Article) -> frozenset[int]:
    """Said from either side: neither of the two beside the other."""
    never = SuggestionChoice.objects.filter(Q(article=article) | Q(target=article), kind=SuggestionChoice.Kind.NEVER)
    pairs = never.order_by().values_list("article_id", "target_id")
    return frozenset(key for pair in pairs for key in pair) - {article.pk}

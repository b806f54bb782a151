"""From the stories around a story to those that are worth reading after it, each with its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from articles.related.candidates import Story, Surroundings, precedence
from articles.related.similarity import likeness, recency, tag_score
from articles.related.weights import KEPT, SAME_TEXT, THRESHOLD, WEIGHTS, Weights


@dataclass(frozen=True)
class Scored:
    """A story with its score beside another one."""

    story: Story
    score: float
    reasons: dict[str, Any]


@dataclass(frozen=True)
class Findings:
    """What is found of a story: what to read after it, after what it is to be read, and what is the same text."""

    story: Story
    suggestions: tuple[Scored, ...]
    # ``story`` is the other one, after which this one may be read.
    backwards: tuple[Scored, ...]
    twins: dict[int, float]
    # As twins, and those that say the same original of themselves: never beside one another.
    same: frozenset[int]


def find(around: Surroundings, *, weights: Weights = WEIGHTS, threshold: float = THRESHOLD) -> Findings:
    story = around.story
    twins = {
        other.key: alike
        for other in around.others
        if (alike := likeness(story.signature, other.signature)) >= SAME_TEXT
    }
    same = frozenset(other.key for other in around.others if other.key in twins or _say_same_original(story, other))
    if not story.is_released:
        return Findings(story, (), (), twins, same)
    fit = [other for other in around.others if other.is_released and other.key not in same | around.refused]
    forwards = _good(fit, around, weights, threshold)
    backwards = _good(fit, around, weights, threshold, is_backwards=True)
    return Findings(story, tuple(without_twins(forwards)[:KEPT]), tuple(backwards), twins, same)


def _good(
    others: Iterable[Story], around: Surroundings, weights: Weights, threshold: float, *, is_backwards: bool = False
) -> list[Scored]:
    scored = (score(other, around, weights, is_backwards=is_backwards) for other in others)
    good = (each for each in scored if each.score >= threshold)
    return sorted(good, key=lambda each: (-each.score, -each.story.key))


def score(other: Story, around: Surroundings, weights: Weights = WEIGHTS, *, is_backwards: bool = False) -> Scored:
    """Backwards it is the story in question that is weighed, beside the other one: only the dates change places."""
    story = around.story
    tags = sorted(other.tags, key=lambda tag: (-around.rarities[tag], tag))
    read, beside = (story, other) if is_backwards else (other, story)
    is_same_section = story.section is not None and story.section == other.section
    newness = recency(read.published_at, beside=beside.published_at)
    total = (
        weights.tags * tag_score(around.rarities[tag] for tag in tags)
        + weights.text * other.text
        + weights.section * is_same_section
        + weights.recency * newness
    )
    reasons = {"tags": tags, "text": round(other.text, 2), "section": is_same_section, "recency": round(newness, 2)}
    return Scored(other, round(total, 4), reasons)


def without_twins(scored: list[Scored]) -> list[Scored]:
    """Best first; of several with the same text only one, the one that takes precedence."""
    kept: list[Scored] = []
    for each in scored:
        place = next((at for at, other in enumerate(kept) if _is_same(each.story, other.story)), None)
        if place is None:
            kept.append(each)
        elif precedence(each.story) < precedence(kept[place].story):
            kept[place] = each
    return kept


def _is_same(one: Story, other: Story) -> bool:
    return _say_same_original(one, other) or likeness(one.signature, other.signature) >= SAME_TEXT


def _say_same_original(one: Story, other: Story) -> bool:
    return bool(one.canonical_url) and one.canonical_url == other.canonical_url

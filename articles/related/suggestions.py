"""Suggestions are computed when a story changes, for it and for those that should now lead to it."""

import logging
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q

from articles.models import Article, Fingerprint, NearDuplicate, Suggestion
from articles.models.querysets import ArticleQuerySet
from articles.related.candidates import precedence, surroundings_of
from articles.related.scoring import Findings, Scored, find
from articles.related.weights import KEPT
from articles.signals import suggestions_changed

logger = logging.getLogger(__name__)

# Somebody else may write the same rows, or delete a story meanwhile: then all is looked at anew.
_ATTEMPTS: Final = 4
# PostgreSQL looks for deadlocks after a second, and may then choose an editor's save to fail: whoever computes gives way before.
_PATIENCE: Final = "400ms"
_CHUNK: Final = 200

_READ: Final = ("pk", "headline", "dek", "body_text", "language", "section", "published_at", "canonical_url", "status")


def relate(key: int) -> None:
    """Computes anew what a stored story leads to, what leads to it, and what is the same text.

    A draft gets a fingerprint and is compared; it is suggested nowhere. Working copies are passed over: they are their
    story. Any number of processes may do this at once.
    """
    for attempt in range(_ATTEMPTS):
        article = Article.objects.originals().only(*_READ).filter(pk=key).first()
        if article is None:
            return
        findings = find(surroundings_of(article))
        try:
            with transaction.atomic():
                _give_way()
                _write(findings)
        except (IntegrityError, OperationalError):
            if attempt == _ATTEMPTS - 1 or connection.in_atomic_block:
                raise
            time.sleep(random.uniform(0.01, 0.1))  # noqa: S311 - so that two do not meet again
        else:
            return


def relate_missing() -> Iterator[int]:
    """Computes for all stories that wait for it, a few at a time; yields each key when it is done.

    What fails is logged, and waits on. Whoever stops and begins again goes on from there.
    """
    last = 0
    while keys := list(missing().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        for key in keys:
            relate_and_survive(key)
            yield key
        last = keys[-1]


def missing() -> ArticleQuerySet:
    """The stories for which nothing was computed yet."""
    return Article.objects.originals().filter(fingerprint=None)


def relate_and_survive(key: int) -> None:
    """Nothing that goes wrong here keeps a story from its readers."""
    try:
        relate(key)
    except Exception:
        logger.exception("Related stories could not be computed for the story %s.", key)


def forget_findings(articles: Iterable[Article]) -> None:
    """Lets stories wait for `relate_missing`: what is shown meanwhile is what was found before."""
    Fingerprint.objects.filter(article__in=list(articles)).delete()


def _give_way() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])


def _write(found: Findings) -> None:
    key = found.story.key
    Fingerprint.objects.bulk_create(
        [Fingerprint(article_id=key, signature=found.story.signature)],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["signature"],
    )
    changed = _write_twins(key, found.twins)
    rows = [_row(key, each.story.key, each) for each in found.suggestions]
    backwards, displaced = _places_elsewhere(found)
    rows += [_row(each.story.key, key, each) for each in backwards]
    suggestions = Suggestion.objects.order_by()
    before = _by_pair(suggestions.filter(Q(article=key) | Q(target=key) | Q(pk__in=displaced)))
    suggestions.filter(article=key).exclude(target__in=[row.target_id for row in rows]).delete()
    suggestions.filter(target=key).exclude(article__in=[row.article_id for row in rows]).delete()
    suggestions.filter(pk__in=displaced).delete()
    # In one order, whoever writes: of two that write the same rows one waits, and neither for the other.
    Suggestion.objects.bulk_create(
        sorted(rows, key=lambda row: (row.article_id, row.target_id)),
        update_conflicts=True,
        unique_fields=["article", "target"],
        update_fields=["score", "reasons"],
    )
    after = _by_pair(rows)
    changed |= {pair[0] for pair in before.keys() | after.keys() if before.get(pair) != after.get(pair)}
    if changed:
        suggestions_changed.send(Suggestion, stories=changed)


def _by_pair(rows: Iterable[Suggestion]) -> dict[tuple[int, int], tuple[float, dict[str, Any]]]:
    """What is shown of suggestions: their order, and why they are there."""
    return {(row.article_id, row.target_id): (row.score, row.reasons) for row in rows}


def _row(article: int, target: int, scored: Scored) -> Suggestion:
    return Suggestion(article_id=article, target_id=target, score=scored.score, reasons=scored.reasons)


def _write_twins(key: int, twins: dict[int, float]) -> set[int]:
    """Returns the stories that have become twins, or are no longer."""
    before = set(NearDuplicate.objects.filter(article=key).values_list("twin", flat=True))
    for side, other in (("article", "twin"), ("twin", "article")):
        NearDuplicate.objects.filter(**{side: key}).exclude(**{f"{other}__in": list(twins)}).delete()
    pairs = [
        NearDuplicate(article_id=one, twin_id=other, likeness=alike)
        for twin, alike in sorted(twins.items())
        for one, other in ((key, twin), (twin, key))
    ]
    NearDuplicate.objects.bulk_create(
        sorted(pairs, key=lambda pair: (pair.article_id, pair.twin_id)),
        update_conflicts=True,
        unique_fields=["article", "twin"],
        update_fields=["likeness"],
    )
    changed = before ^ twins.keys()
    return changed | {key} if changed else set()


def _places_elsewhere(found: Findings) -> tuple[list[Scored], list[int]]:
    """In whose lists the story is among the best, and the rows that it displaces there: the worst, and its own twins."""
    lists: defaultdict[int, list[Suggestion]] = defaultdict(list)
    rows = Suggestion.objects.filter(article__in=[each.story.key for each in found.backwards])
    for row in (
        rows.exclude(target=found.story.key)
        .order_by("-score", "target")
        .select_related("target")
        .only("article", "score", "target__canonical_url", "target__published_at")
    ):
        lists[row.article_id].append(row)
    placed, displaced = [], []
    for each in found.backwards:
        there = lists[each.story.key]
        twins = [row for row in there if row.target_id in found.same]
        if any(precedence(row.target) < precedence(found.story) for row in twins):
            continue
        others = [row for row in there if row.target_id not in found.same]
        if sum(row.score >= each.score for row in others) < KEPT:
            placed.append(each)
            displaced += [row.pk for row in (*twins, *others[KEPT - 1 :])]
    return placed, displaced

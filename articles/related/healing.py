"""References that wait for their article find it here, whichever of the two came first."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from articles.models import Article, PopularEntry, RelatedLink
from articles.models.chunks import KEYS_AT_ONCE, chunks
from articles.signals import rows_rewritten


def heal_references(headline_keys: Collection[str]) -> int:
    """Points waiting references with these folded headlines at the one article that has the headline.

    Several articles with the same folded headline are no match: a wrong link is worse than none.
    References that already have a target or an address keep it. Returns how many found their article.
    """
    keys = sorted(key for key in set(headline_keys) if key)
    return sum(_heal_chunk(some) for some in chunks(keys, KEYS_AT_ONCE))


def _heal_chunk(keys: Sequence[str]) -> int:
    unambiguous = list(
        Article.objects.originals()
        .order_by()
        .filter(headline_key__in=keys)
        .values("headline_key")
        .annotate(articles=Count("pk"))
        .filter(articles=1)
        .values_list("headline_key", flat=True)
    )
    if not unambiguous:
        return 0
    bearer = Article.objects.originals().order_by().filter(headline_key=OuterRef("headline_key")).values("pk")[:1]
    links = RelatedLink.objects.filter(headline_key__in=unambiguous, target=None, url="").exclude(
        # A story does not relate to itself.
        article__headline_key=F("headline_key")
    )
    entries = PopularEntry.objects.filter(headline_key__in=unambiguous, target=None)
    return sum(_point(waiting, Subquery(bearer)) for waiting in (links, entries))


@transaction.atomic
def _point(waiting: QuerySet[Any], bearer: Subquery) -> int:
    keys = list(waiting.values_list("pk", flat=True))
    for some in chunks(keys, KEYS_AT_ONCE):
        waiting.model.objects.filter(pk__in=some, target=None).update(target=bearer)
    if keys:
        rows_rewritten.send(waiting.model, keys=keys)
    return len(keys)

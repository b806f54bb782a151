"""A slug for a story that has none yet."""

from collections.abc import Iterable

from articles.content.slugs import headline_slug, nth_slug, numbered_slug
from articles.models import Article, FormerSlug

# How many numbered slugs are asked for at once: by name, so that an index answers at any size of the archive.
CHUNK = 50


def free_slug(headline: str, *, fallback: str) -> str:
    """A slug from a headline that no article has or had; ``fallback`` where the headline gives none."""
    base = headline_slug(headline) or fallback
    return numbered_slug(base, taken_slugs([base]))


def taken_slugs(bases: Iterable[str]) -> set[str]:
    """The slugs in use, now or formerly, that are one of ``bases`` or numbered after it, up to the first free one."""
    return set().union(*(_taken_after(base) for base in set(bases)))


def _taken_after(base: str) -> set[str]:
    taken: set[str] = set()
    first = 1
    while True:
        candidates = {nth_slug(base, number) for number in range(first, first + CHUNK)}
        found = _in_use(candidates)
        taken |= found
        if found != candidates:
            return taken
        first += CHUNK


def _in_use(slugs: set[str]) -> set[str]:
    return {
        slug
        for rows in (Article.objects.order_by(), FormerSlug.objects.order_by())
        for slug in rows.filter(slug__in=slugs).values_list("slug", flat=True)
    }

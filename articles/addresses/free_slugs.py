"""A slug for a story that has none yet."""

from django.db.models import Q

from articles.content.slugs import headline_slug, numbered_slug
from articles.models import Article, FormerSlug


def free_slug(headline: str, *, fallback: str) -> str:
    """A slug from a headline that no article has or had; ``fallback`` where the headline gives none."""
    base = headline_slug(headline) or fallback
    return numbered_slug(base, taken_slugs([base]))


def taken_slugs(bases: list[str]) -> set[str]:
    """Every slug in use, now or formerly, that is one of ``bases`` or a numbered one of it."""
    taken: set[str] = set()
    for base in set(bases):
        condition = Q(slug=base) | Q(slug__startswith=f"{base}-")
        taken.update(Article.objects.order_by().filter(condition).values_list("slug", flat=True))
        taken.update(FormerSlug.objects.order_by().filter(condition).values_list("slug", flat=True))
    return taken

"""Old slugs go on leading to their article."""

from django.utils import timezone

from articles.models import Article, FormerSlug


def remember_former_slug(article: Article) -> None:
    """Keeps the slug that a saved article had before, if readers may have met it.

    A slug in use belongs to the article that uses it: it is nobody's former slug.
    """
    if article.replaces_id:
        # No reader ever met the slug of a working copy.
        return
    former = article.stored_slug
    article.stored_slug = article.slug
    if not former or former == article.slug:
        return
    FormerSlug.objects.filter(slug=article.slug).delete()
    if article.first_published_at and article.first_published_at <= timezone.now():
        FormerSlug.objects.update_or_create(slug=former, defaults={"article": article})


def find_by_former_slug(slug: str) -> Article | None:
    """The public article that once had this slug."""
    return Article.objects.published().filter(former_slugs__slug=slug).first()


def is_withdrawn(slug: str) -> bool:
    """Whether a story that readers no longer see has this slug, or once had it."""
    withdrawn = Article.objects.withdrawn()
    return withdrawn.filter(slug=slug).exists() or withdrawn.filter(former_slugs__slug=slug).exists()

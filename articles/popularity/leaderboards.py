"""The lists of popular stories that pages show."""

from dataclasses import dataclass

from articles.models import Article, PopularEntry
from articles.models.querysets import UNSEEN_IN_LISTS
from articles.popularity.ranking import rank_by_mentions

# How many entries of the newest imported lists are looked at: some twenty lists, one short index scan.
ENTRIES_CONSIDERED = 100


@dataclass(frozen=True)
class PopularPost:
    """A line of the sidebar; without an address where the story is not here."""

    headline: str
    url: str = ""
    language: str = ""


def popular_posts(limit: int) -> list[PopularPost]:
    """The popular lists that came with imported texts, filled up with recent stories: two queries at the most.

    A headline that has found its article shows the article's present one. Where that article is not public,
    the line is left out: even its headline might say too much.
    """
    posts = _imported_posts()[:limit]
    if len(posts) < limit:
        posts += _recent_posts(limit - len(posts), besides={post.url for post in posts})
    return posts


def _imported_posts() -> list[PopularPost]:
    entries = list(
        PopularEntry.objects.select_related("target")
        .only(
            "headline",
            "headline_key",
            "position",
            "target__headline",
            "target__slug",
            "target__language",
            "target__first_published_at",
            "target__published_at",
            "target__created_at",
            "target__status",
            "target__embargoed_until",
            "target__expires_at",
        )
        .order_by("-list__listed_on", "-list_id", "position")[:ENTRIES_CONSIDERED]
    )
    shown = {_identity(entry): entry for entry in reversed(entries) if entry.target is None or entry.target.is_public()}
    ranked = rank_by_mentions((_identity(entry), entry.position) for entry in entries)
    return [_post(shown[identity]) for identity in ranked if identity in shown]


def _identity(entry: PopularEntry) -> int | str:
    """The same story for all headlines that lead to it; else the same words."""
    return entry.target_id or entry.headline_key


def _post(entry: PopularEntry) -> PopularPost:
    if entry.target is None:
        return PopularPost(entry.headline)
    return PopularPost(entry.target.headline, entry.target.get_absolute_url(), entry.target.language)


def _recent_posts(number: int, *, besides: set[str]) -> list[PopularPost]:
    recent = Article.objects.published().newest_first().defer(*UNSEEN_IN_LISTS)[: number + len(besides)]
    posts = [PopularPost(article.headline, article.get_absolute_url(), article.language) for article in recent]
    return [post for post in posts if post.url not in besides][:number]

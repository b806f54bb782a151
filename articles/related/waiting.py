"""References that wait for their story, and what they may have meant."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.lookups import IsNull

from articles.models import Article, PopularEntry, RelatedLink
from articles.models.querysets import UNSEEN_IN_LISTS
from articles.related.wording import similar_wordings

Person = User | AnonymousUser

PROPOSED: Final = 3
# So many wordings are looked at before it is known which of their stories a person may see.
COMPARED: Final = 12


@dataclass(frozen=True)
class Proposal:
    story: Article
    # 0 to 100.
    likeness: int


def waiting_links(*, seen_by: Person) -> QuerySet[RelatedLink]:
    """Related lines without a story, of the stories that a person may see, the newest first."""
    links = RelatedLink.objects.filter(target=None, url="").filter(_in_a_story(seen_by, "article"))
    return links.select_related("article").defer(*_unseen("article")).order_by("-pk")


def waiting_entries(*, seen_by: Person) -> QuerySet[PopularEntry]:
    """The same of popular lists that came with imported texts."""
    entries = PopularEntry.objects.filter(target=None).filter(_in_a_story(seen_by, "list__article"))
    return entries.select_related("list__article").defer(*_unseen("list__article")).order_by("-pk")


def propose_stories(headline_keys: Collection[str], *, seen_by: Person) -> dict[str, list[Proposal]]:
    """For each folded headline up to three stories that it may have meant, of those that a person may see.

    Reads the folded headlines of all stories once, from their index.
    """
    wanted = sorted({key for key in headline_keys if key})
    if not wanted:
        return {}
    known = Article.objects.order_by().exclude(headline_key="").values_list("headline_key", flat=True)
    found = similar_wordings(wanted, set(known.iterator(chunk_size=10_000)), most=COMPARED)
    stories = _stories_called({key for each in found.values() for key, _ in each}, seen_by=seen_by)
    return {
        key: [Proposal(story, round(score)) for other, score in each for story in stories.get(other, ())][:PROPOSED]
        for key, each in found.items()
    }


def _stories_called(headline_keys: Collection[str], *, seen_by: Person) -> dict[str, list[Article]]:
    stories: dict[str, list[Article]] = {}
    seen = Article.objects.visible_to(seen_by).filter(headline_key__in=headline_keys)
    for story in seen.select_related("section").defer(*UNSEEN_IN_LISTS).order_by("-pk"):
        # Asked of each row in hand: asked of the database, SQLite would walk through all that replaces nothing.
        if not story.replaces_id:
            stories.setdefault(story.headline_key, []).append(story)
    return stories


def _in_a_story(person: Person, path: str) -> Any:
    """Asked of each row, so that a page reads a page; what is being written for a story waits in the story too."""
    seen = Article.objects.originals().visible_to(person).order_by().filter(pk=OuterRef(path))
    return IsNull(Subquery(seen.values("pk")[:1]), False)  # noqa: FBT003 - Django's signature


def _unseen(path: str) -> list[str]:
    return [f"{path}__{name}" for name in UNSEEN_IN_LISTS]

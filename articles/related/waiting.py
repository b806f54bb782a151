"""References that wait for their story, and what they may have meant."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.lookups import IsNull

from articles.content.languages import primary_language
from articles.models import Article, PopularEntry, RelatedLink
from articles.models.querysets import UNSEEN_IN_LISTS, unseen_in_lists
from articles.related.choices import referring_story
from articles.related.wording import similar_wordings
from articles.search.wordings import headlines_like

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
    return links.select_related("article").defer(*unseen_in_lists("article__")).order_by("-pk")


def waiting_entries(*, seen_by: Person) -> QuerySet[PopularEntry]:
    """The same of popular lists that came with imported texts."""
    entries = PopularEntry.objects.filter(target=None).filter(_in_a_story(seen_by, "list__article"))
    return entries.select_related("list__article").defer(*unseen_in_lists("list__article__")).order_by("-pk")


def propose_stories(references: Iterable[RelatedLink | PopularEntry], *, seen_by: Person) -> dict[str, list[Proposal]]:
    """For the folded headline of each reference up to three stories that it may have meant, of those that a person may see.

    Few statements, whose cost the size of the archive hardly changes: the index of words gives the headlines to compare.
    """
    found = {
        key: similar_wordings(key, known - {""}, most=COMPARED)
        for language, headlines in _by_language(references).items()
        for key, known in headlines_like(headlines, language=language).items()
    }
    if not found:
        return {}
    stories = _stories_called({key for each in found.values() for key, _ in each}, seen_by=seen_by)
    return {
        key: [Proposal(story, round(score)) for other, score in each for story in stories.get(other, ())][:PROPOSED]
        for key, each in found.items()
    }


def _by_language(references: Iterable[RelatedLink | PopularEntry]) -> dict[str, dict[str, str]]:
    """The headlines by their folded forms, in the languages of the stories in which they stand."""
    wanted: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for reference in references:
        if reference.headline_key:
            wanted[primary_language(referring_story(reference).language)][reference.headline_key] = reference.headline
    return wanted


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

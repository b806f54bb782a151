"""What shall become of each text: decided from what is stored, before anything is written."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from django.db.models import Q

from articles.content.folding import fold_headline
from articles.content.text import html_to_text
from articles.importers.base import ImportedArticle
from articles.importers.deletions import Deletions
from articles.importers.outcomes import Action
from articles.importers.run_memory import RunMemory
from articles.models import Article

# A new version of a text shares at least so many of the words of both, each counted once (A. Z. Broder, "On the
# resemblance and containment of documents", 1997). Unrelated reports of the same events share a fifth or so.
_RESEMBLANCE: Final = 0.5
_WORD: Final = re.compile(r"\w+")
_NUMBERED_FILE_KEY: Final = re.compile(r"(?P<key>.+)#[0-9a-f]{8}(?:-\d+)?", re.DOTALL)
_MAX_FILE_KEY: Final = 230  # of 255 characters, with room for what tells stories of one file apart
_WAS_DELETED: Final = (
    "The story made of it was deleted in the newsroom. To let it in again, delete its row under “Deleted imports”."
)


@dataclass(slots=True)
class Plan:
    article: ImportedArticle
    action: Action
    target: Article | None = None
    import_id: str = ""
    message: str = ""


def plan_batch(articles: Sequence[ImportedArticle], *, source: str, run: RunMemory) -> list[Plan]:
    """Plan a batch, in its order, by a bounded number of queries. ``source`` is the name of the format."""
    return _Planner(articles, source, run).plan()


class _Planner:
    def __init__(self, articles: Sequence[ImportedArticle], source: str, run: RunMemory) -> None:
        self.articles = articles
        self.source = source
        self.run = run
        self.stored = Article.objects.order_by().filter(import_source=source)
        self.plans: dict[int, Plan] = {}  # by place in the batch
        self.claimed: set[int] = set()
        self.keys = [fold_headline(article.headline) for article in articles]

    def plan(self) -> list[Plan]:
        self._plan_known_content()
        if self._open_places():
            self._plan_new_versions()
        if self._open_places():
            self._plan_deleted_stories()
        if self._open_places():
            self._plan_new_articles()
        return [self.plans[place] for place in range(len(self.articles))]

    def _open_places(self) -> list[int]:
        return [place for place in range(len(self.articles)) if place not in self.plans]

    def _plan_known_content(self) -> None:
        """The same content as an article has, or as another text of this run had."""
        hashes = {article.content_hash for article in self.articles}
        met = self.run.paths_of(hashes)
        rows = self.stored.exclude(import_hash="").filter(import_hash__in=hashes).only("pk", "import_hash", "slug")
        stored = {row.import_hash: row for row in rows}
        for place, article in enumerate(self.articles):
            if first := met.get(article.content_hash):
                message = f"The same content as {first}."
                self.plans[place] = Plan(article, Action.SKIPPED, stored.get(article.content_hash), message=message)
                continue
            met[article.content_hash] = article.path
            if row := stored.get(article.content_hash):
                self.plans[place] = Plan(article, Action.UNCHANGED, row)
                self.claimed.add(row.pk)

    def _plan_new_versions(self) -> None:
        candidates = self._candidates()
        self.claimed |= self.run.claimed_among([row.pk for row in candidates])
        shelf = _Shelf(candidates)
        # Certain matches first, so that no weaker one takes an article from them.
        for is_certain in (True, False):
            for place in self._open_places():
                article, key = self.articles[place], self.keys[place]
                if row := shelf.find(article, key, self.claimed, is_certain=is_certain):
                    self.claimed.add(row.pk)
                    self.plans[place] = _plan_new_version(article, row)

    def _candidates(self) -> list[Article]:
        """Stored articles with a file or a headline of the batch."""
        places = self._open_places()
        names = {file_key(self.articles[place]) for place in places}
        by_headline = self.stored.filter(headline_key__in={self.keys[place] for place in places} - {""})
        by_file = self.stored.exclude(import_source="").filter(import_id__in=names)
        found = {row.pk: row for rows in (by_headline, by_file) for row in rows}
        # Ids such as “salt.txt#0f3c91aa” exist only where “salt.txt” does.
        shared = sorted(names & {row.import_id for row in found.values()})
        for start in range(0, len(shared), 50):
            condition = Q()
            for name in shared[start : start + 50]:
                condition |= Q(import_id__startswith=f"{name}#")
            found |= {row.pk: row for row in self.stored.filter(condition)}
        return [found[pk] for pk in sorted(found)]

    def _plan_deleted_stories(self) -> None:
        places = self._open_places()
        ids = {one for place in places for one in self._wanted_ids(place)}
        hashes = {self.articles[place].content_hash for place in places}
        deletions = Deletions(self.source, hashes=hashes, import_ids=ids)
        for place in places:
            article = self.articles[place]
            if deletions.has(article.content_hash, self.keys[place], self._wanted_ids(place)):
                self.plans[place] = Plan(article, Action.SKIPPED, message=_WAS_DELETED)

    def _plan_new_articles(self) -> None:
        places = self._open_places()
        wanted = {place: self._wanted_ids(place) for place in places}
        ids = {one for pair in wanted.values() for one in pair}
        taken = set(self.stored.exclude(import_source="").filter(import_id__in=ids).values_list("import_id", flat=True))
        for place in places:
            import_id = next((one for one in wanted[place] if one not in taken), "") or self._numbered_id(
                wanted[place][-1], taken
            )
            taken.add(import_id)
            self.plans[place] = Plan(self.articles[place], Action.CREATED, import_id=import_id)

    def _wanted_ids(self, place: int) -> tuple[str, str]:
        name = file_key(self.articles[place])
        return name, f"{name}#{hashlib.sha256(self.keys[place].encode()).hexdigest()[:8]}"

    def _numbered_id(self, base: str, taken: Collection[str]) -> str:
        """For texts that share file and headline and are different stories all the same: rare."""
        used = set(self.stored.filter(import_id__startswith=f"{base}-").values_list("import_id", flat=True))
        return next(one for number in count(2) if (one := f"{base}-{number}") not in used and one not in taken)


def file_key(article: ImportedArticle) -> str:
    """Where a text lies, as far as it says something: archives with a folder a day call every file the same."""
    return f"{article.folder}/{article.name}"[-_MAX_FILE_KEY:] if article.folder else article.name[:_MAX_FILE_KEY]


def is_touched(row: Article) -> bool:
    """Whether somebody changed the article since it was imported."""
    return row.imported_at is None or row.modified_at > row.imported_at


def _plan_new_version(article: ImportedArticle, row: Article) -> Plan:
    if is_touched(row):
        message = f"The text changed, and so did the article “{row.headline}” in the newsroom: it was left as it is."
        return Plan(article, Action.CONFLICT, row, message=message)
    return Plan(article, Action.UPDATED, row, import_id=row.import_id)


class _Shelf:
    """Stored candidates, by file and by headline."""

    def __init__(self, rows: Iterable[Article]) -> None:
        self.by_file: dict[str, list[Article]] = {}
        self.by_key: dict[str, list[Article]] = {}
        self.words: dict[int, frozenset[str]] = {}
        for row in rows:
            self.by_file.setdefault(_file_key_in(row.import_id), []).append(row)
            self.by_key.setdefault(row.headline_key, []).append(row)

    def find(self, article: ImportedArticle, key: str, claimed: set[int], *, is_certain: bool) -> Article | None:
        """The article of which a text is a new version.

        Certainly where file and headline agree, the likeliest of several; else one of the two must agree,
        and half of the words.
        """
        named = [row for row in self.by_file.get(file_key(article), ()) if row.pk not in claimed]
        headed = [row for row in self.by_key.get(key, ()) if row.pk not in claimed]
        rows = [row for row in named if row in headed] if is_certain else [*named, *headed]
        if not rows or (is_certain and len(rows) == 1):
            return rows[0] if rows else None
        words = frozenset(_words(article.paragraphs))
        likeness, row = max(((resemblance(words, self._words_of(row)), row) for row in rows), key=lambda pair: pair[0])
        return row if is_certain or likeness >= _RESEMBLANCE else None

    def _words_of(self, row: Article) -> frozenset[str]:
        if row.pk not in self.words:
            self.words[row.pk] = frozenset(_words([html_to_text(row.body)]))
        return self.words[row.pk]


def _file_key_in(import_id: str) -> str:
    found = _NUMBERED_FILE_KEY.fullmatch(import_id)
    return found["key"] if found else import_id


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _WORD.findall(text.casefold())


def resemblance(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of common words among all words of both; 0 where there are none."""
    together = len(one | other)
    return len(one & other) / together if together else 0.0

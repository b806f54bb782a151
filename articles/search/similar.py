"""Texts that speak of the same as another one."""

import threading
import time
from collections.abc import Collection
from typing import Final

from articles.content.languages import primary_language
from articles.models import Article
from articles.search.backends import text_index
from articles.search.terms import Text, candidates, characteristic, count_words, rarity

# A word in more rows than this tells little, and costs much to ask for.
_COMMON: Final = 300
# Terms of a query.
_TERMS: Final = 32
# A table of fewer rows is counted each time; of a larger one the number is good for a while.
_LARGE: Final = 5_000
_REMEMBERED: Final = 600.0


class Vocabulary:
    """What a process has learnt of the archive: its common words, which need not be counted again, and its size."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        with self._lock:
            self._common: dict[str, frozenset[str]] = {}
            self._documents = 0
            self._until = 0.0

    def common(self, language: str) -> frozenset[str]:
        self._expire()
        return self._common.get(language, frozenset())

    def learn(self, language: str, frequencies: dict[str, int]) -> None:
        found = {word for word, number in frequencies.items() if number >= _COMMON}
        if found:
            with self._lock:
                self._common = {**self._common, language: self._common.get(language, frozenset()) | found}

    def documents(self) -> int:
        self._expire()
        known = self._documents
        if not known:
            known = Article.objects.order_by().count()
            self._documents = known if known >= _LARGE else 0
        return known

    def _expire(self) -> None:
        now = time.monotonic()
        if now > self._until:
            self.forget()
            self._until = now + _REMEMBERED


vocabulary = Vocabulary()


def similar_texts(article: Article, *, limit: int = 60) -> list[tuple[int, float]]:
    """The keys of rows that share characteristic terms with a stored article, best first, each with 0 to 1.

    1 is what the article scores itself. Rows of every status and language, working copies too. Three statements, whose cost is bounded
    whatever the size of the archive: too common words are not asked for.
    """
    terms, weight = terms_of(article)
    if not terms:
        return []
    language = primary_language(article.language)
    rows = dict(text_index().score(terms, language=language, limit=limit + 1, itself=article.pk))
    full = rows.pop(article.pk, 0.0)
    if full <= 0:
        return []
    # Few terms, or terms that half of a small archive has, are weak evidence.
    trust = weight / (weight + 15)
    found = ((key, trust * min(1.0, score / full)) for key, score in rows.items())
    return sorted(found, key=lambda each: (-each[1], each[0]))[:limit]


def terms_of(article: Article) -> tuple[list[str], float]:
    """The terms that characterise a stored article, best first, and what they weigh together."""
    language = primary_language(article.language)
    words = count_words(Text(article.headline, article.dek, article.body_text))
    rare = rare_among(candidates(words, without=vocabulary.common(language)), language=language)
    if not rare:
        return [], 0.0
    documents = vocabulary.documents()
    terms = characteristic(words, rare, documents=documents, most=_TERMS, budget=text_index().budget)
    return terms, sum(rarity(rare[term], of=documents) for term in terms)


def rare_among(words: Collection[str], *, language: str) -> dict[str, int]:
    """Those of the words that few rows have, or none, and how many: one statement, whose cost is bounded."""
    asked = [word for word in words if word not in vocabulary.common(language)]
    if not asked:
        return {}
    frequencies = text_index().document_frequencies(asked, language=language, most=_COMMON)
    vocabulary.learn(language, frequencies)
    return {word: number for word, number in frequencies.items() if number < _COMMON}


def count_stories() -> int:
    """How many rows the index has, working copies too; of a large archive as it was some minutes ago."""
    return vocabulary.documents()

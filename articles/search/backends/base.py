"""What an index of texts can be asked."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Wording:
    """What is asked of an index for a headline: any of its rare words, or some of its common ones together."""

    # Of letters and digits, as `terms.headline_words` finds them.
    rare: Sequence[str]
    together: Sequence[Sequence[str]]
    # Of the folded headline.
    beginning: str


class TextIndex(ABC):
    """Rows are known by the key of their article; working copies and drafts are rows too, whoever asks leaves them out.

    Terms are words as somebody wrote them: an index folds and stems them as it does with texts, and quotes them itself.
    """

    # The rows that one query may have to score: what a row costs differs from index to index.
    budget: ClassVar[int]

    @abstractmethod
    def ensure(self) -> bool:
        """Makes what is missing of the index; whether anything was. Costs next to nothing where all is there."""

    @abstractmethod
    def rebuild(self) -> None:
        """Reads all texts anew."""

    @abstractmethod
    def document_frequencies(self, terms: Sequence[str], *, language: str, most: int) -> dict[str, int]:
        """In how many rows each term occurs, counted no further than ``most``."""

    @abstractmethod
    def score(self, terms: Sequence[str], *, language: str, limit: int, itself: int) -> list[tuple[int, float]]:
        """The rows that have any of the terms, best first, with the index's own score; ``itself`` is always among them."""

    @abstractmethod
    def find_wordings(self, wordings: Sequence[Wording], *, language: str, most: int) -> list[set[str]]:
        """For each, folded headlines: of the newest ``most`` rows with its words, of as many that begin like it."""

    @abstractmethod
    def headlines_with(self, words: Sequence[str], *, most: int) -> list[int]:
        """The keys of the newest rows whose headline has all of these anywhere in it, whatever their case.

        Each of ``words`` has three characters or more: an index knows no fewer.
        """

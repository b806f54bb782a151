"""What importers speak of: an input, the neutral form of an article, and the reason why an input was refused."""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from articles.content.text import RelatedMarker

Block = str | RelatedMarker

# What the columns of the database hold; longer words are no headline.
MAX_HEADLINE = 300
MAX_NAME = 120


class Refused(Exception):
    """An input that cannot be an article; the message says what was expected.

    ``line`` counts from 1; ``path`` names another file than the input itself, such as its sidecar.
    """

    def __init__(self, message: str, *, line: int | None = None, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.path = path


class Neighbours(Protocol):
    """The files beside an input: in its folder, or in its folder of the archive."""

    def read(self, relative: str, *, max_bytes: int) -> bytes | None:
        """The bytes of a file given relative to the input's folder; None where there is none.

        Raises Refused for a file outside that folder, one that is too big, or one that cannot be read.
        """
        ...


class NoNeighbours:
    """Standard input stands alone."""

    def read(self, relative: str, *, max_bytes: int) -> bytes | None:
        return None


@dataclass(frozen=True, slots=True)
class Input:
    path: str  # as people read it, for example "archive.zip/world/salt.txt"
    name: str  # the last part of it, as the system has it
    folder: str  # the name of the folder around it, "" where there is none
    data: bytes
    modified_at: datetime
    neighbours: Neighbours = field(default_factory=NoNeighbours, repr=False)


@dataclass(frozen=True, slots=True)
class ImportedName:
    """A person or a source, with its accounts ("Twitter @vicenews")."""

    name: str
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedLink:
    headline: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ImportedPicture:
    file: str
    data: bytes = field(repr=False)
    alt: str = ""
    decorative: bool = False
    caption: str = ""
    credit: str = ""
    licence: str = ""
    focal_x: float = 0.5
    focal_y: float = 0.5


@dataclass(frozen=True, slots=True)
class ImportedCorrection:
    text: str
    kind: str = "correction"
    corrected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ImportedArticle:
    """An article in the form that every importer yields. A time without a zone is in the site's own zone."""

    path: str
    name: str
    headline: str
    # Paragraphs of plain text and markers in their order; marker 1 stands for the first of ``links``, and so on.
    # Links beyond the last marker belong to the list after the text.
    blocks: tuple[Block, ...]
    content_hash: str
    folder: str = ""
    links: tuple[ImportedLink, ...] = ()
    bylines: tuple[ImportedName, ...] = ()
    dateline: str = ""
    sources: tuple[ImportedName, ...] = ()
    popular: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    dek: str = ""
    section: str = ""
    story_type: str = ""
    language: str = ""
    canonical_url: str = ""
    published_at: datetime | None = None  # as the text says it
    updated_at: datetime | None = None
    file_time: datetime | None = None  # as the file says it: the last resort
    picture: ImportedPicture | None = None
    corrections: tuple[ImportedCorrection, ...] = ()
    # What could not be used, for the report.
    notes: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> list[str]:
        return [block for block in self.blocks if isinstance(block, str)]

    @property
    def size(self) -> int:
        """About how many bytes it keeps in memory."""
        return sum(map(len, self.paragraphs)) + (len(self.picture.data) if self.picture else 0)


class Importer(Protocol):
    """One format. It turns an input into articles, or raises Refused."""

    name: str
    # The endings of the files that it looks for in folders and archives.
    suffixes: tuple[str, ...]

    def accepts(self, source: Input) -> bool: ...

    def read(self, source: Input) -> Iterator[ImportedArticle]: ...


def printable(name: str) -> str:
    """A file's name for people, reports and the database: characters that are none, or cannot be seen, are escaped."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if not text.isprintable():
        text = "".join(_escape(character) for character in text)
    return unicodedata.normalize("NFC", text)


def _escape(character: str) -> str:
    is_control = unicodedata.category(character)[0] == "C"
    return character.encode("unicode_escape").decode() if is_control else character


def content_hash(*parts: str | bytes) -> str:
    """One digest over parts, each framed by its length, so that no two divisions of the same bytes agree."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(raw))
        digest.update(raw)
    return digest.hexdigest()

"""The names of what pages show, in the form in which a cache in front of the site wants to hear of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

# Visible ASCII without what parts lists and quotes. A name that is in this form stays as it is.
PLAIN: Final = "!#$%&'()*+-./:;<=>?@[]^_`{|}~"


def outward(tag: str) -> str:
    """A tag as other machines know it: what is no visible ASCII, and what separates tags, as %XX."""
    return quote(tag, safe=PLAIN)


@dataclass(frozen=True, slots=True)
class TagField:
    """The field of an answer that carries its tags. ``max_line`` is of a line's value, ``max_bytes`` of all together."""

    name: str
    separator: str
    max_line: int
    max_bytes: int

    def lines(self, tags: Iterable[str]) -> list[tuple[str, str]] | None:
        """The field, in as many lines as it takes; None where there are more tags than the other side remembers."""
        names = sorted({outward(tag) for tag in tags})
        if any(len(name) > self.max_line for name in names):
            return None
        values = list(joined(names, self.separator, self.max_line))
        return [(self.name, value) for value in values] if sum(map(len, values)) <= self.max_bytes else None


def joined(names: Iterable[str], separator: str, longest: int) -> Iterator[str]:
    """The names, joined, in as few pieces of ``longest`` bytes as it takes; none of the names is longer than that."""
    piece = ""
    for name in names:
        if piece and len(piece) + len(separator) + len(name) > longest:
            yield piece
            piece = ""
        piece += separator * bool(piece) + name
    if piece:
        yield piece

"""Proposes tags for a text: known tags that occur in it, and names that recur in it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from articles.content.languages import primary_language
from articles.content.names import Name, find_names, is_set_in_capitals
from articles.content.words import COUNTRY_OF

_IN_HEADLINE: Final = 3.0
_IN_FIRST_PARAGRAPH: Final = 1.5
_KNOWN: Final = 1.5
_OF_SEVERAL_WORDS: Final = 1.3
_THRESHOLD: Final = 2.5
_LOOKED_AT: Final = 100_000  # characters

_TOKEN: Final = re.compile(r"\w+")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tag that a text seems to call for; `reason` is shown to editors."""

    name: str
    score: float
    reason: str


class KnownTags:
    """Tags in use, indexed by their first word (or character): looking up takes one pass."""

    def __init__(self, names: Iterable[str]) -> None:
        # The words of each tag → its spellings; and for a first word, how long the tags are that begin with it.
        self._by_words: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        self._lengths: defaultdict[str, set[int]] = defaultdict(set)
        self._by_first_character: defaultdict[str, list[str]] = defaultdict(list)
        self._spellings: dict[str, str] = {}
        for name in sorted(set(names), key=lambda name: (-len(name), name)):
            self._spellings[name.casefold()] = name
            if _UNSPACED.search(name):
                self._by_first_character[name[0]].append(name)
            elif words := tuple(_TOKEN.findall(name.casefold())):
                self._by_words[words].append(name)
                self._lengths[words[0]].add(len(words))

    def spelling_of(self, name: str) -> str | None:
        """The tag that differs from the name in case at most."""
        return self._spellings.get(name.casefold())

    def find(self, text: str) -> Iterator[str]:
        """Yield the known tags in the text, each as often as it occurs; of two at a place the longer."""
        tokens = _TOKEN.findall(text)
        words = text.lower() if text.isascii() else text.casefold()
        yield from self._find_spaced(tokens, _TOKEN.findall(words))
        if self._by_first_character and not text.isascii():
            yield from self._find_unspaced(text)

    def _find_spaced(self, tokens: list[str], words: list[str]) -> Iterator[str]:
        lengths = self._lengths
        free = 0  # the first place that no tag has taken
        for place, word in enumerate(words):
            if word not in lengths or place < free:
                continue
            for length in sorted(lengths[word], reverse=True):
                names = self._by_words.get(tuple(words[place : place + length]), ())
                name = next((name for name in names if _is_cased_alike(name, tokens[place])), None)
                if name:
                    free = place + length
                    yield name
                    break

    def _find_unspaced(self, text: str) -> Iterator[str]:
        starts = self._by_first_character
        for place, character in enumerate(text):
            for name in starts.get(character, ()):
                if text.startswith(name, place):
                    yield name


def _is_cased_alike(name: str, first_token: str) -> bool:
    """ "IS" is not "is", nor Turkey a turkey; "Climate" may stand for "climate"."""
    if name.isupper() and len(name) > 1:
        return first_token.isupper()
    return name not in COUNTRY_OF or first_token[0].isupper()


def propose_tags(
    headline: str,
    paragraphs: Sequence[str],
    *,
    known: KnownTags | None,
    limit: int = 6,
    language: str = "en",
) -> list[Proposal]:
    """Return the tags that a text calls for, best first, at most so many.

    Names weigh by how often they recur and where: in the headline, in the first paragraph.
    """
    blocks = list(_beginning([headline, *paragraphs]))
    names = {name.text.casefold(): name for name in find_names(blocks, primary_language(language))}
    spellings = _add_known(names, blocks, known) if known else {}
    if is_set_in_capitals(headline):
        _find_in_capitals(names.values(), headline)
    proposals = [_propose(name, spellings.get(key)) for key, name in names.items()]
    chosen = [proposal for proposal in proposals if proposal is not None]
    return sorted(chosen, key=lambda proposal: (-proposal.score, proposal.name))[:limit]


def _beginning(blocks: Iterable[str]) -> Iterator[str]:
    """What a text is about shows at its beginning; a book need not be read to the end."""
    left = _LOOKED_AT
    for block in blocks:
        if left <= 0:
            return
        yield block[:left]
        left -= len(block)


def _add_known(names: dict[str, Name], blocks: Sequence[str], known: KnownTags) -> dict[str, str]:
    """Add the known tags that occur to the names found; return how known names are spelt, by key."""
    keys_of_acronyms = {acronym: key for key, name in names.items() for acronym in name.acronyms}
    found_before = frozenset(names)
    spellings = {key: spelling for key in names if (spelling := known.spelling_of(key))}
    for number, block in enumerate(blocks):
        for tag in known.find(block):
            key = tag.casefold()
            if key not in found_before and tag in keys_of_acronyms:
                # The house says "IS" where the text also says "Islamic State": one tag.
                spellings.setdefault(keys_of_acronyms[tag], tag)
                continue
            spellings[key] = tag
            if key not in found_before:
                names.setdefault(key, Name(tag)).mention(number)
    return spellings


def _find_in_capitals(names: Iterable[Name], headline: str) -> None:
    """Where All Words Have Capitals no names can be found, but those found below can be met again."""
    words = _spaced(headline)
    for name in names:
        if 0 not in name.prominent and _spaced(name.text) in words:
            name.mention(0)


def _spaced(text: str) -> str:
    return f" {' '.join(_TOKEN.findall(text.casefold()))} "


def _propose(name: Name, known_as: str | None) -> Proposal | None:
    in_headline, in_first = (place in name.prominent for place in (0, 1))
    if known_as is None and name.times < 2 and not in_headline:
        return None
    score = name.weight * (_OF_SEVERAL_WORDS if " " in name.text else 1.0)
    score += _IN_HEADLINE * in_headline + _IN_FIRST_PARAGRAPH * in_first + _KNOWN * (known_as is not None)
    if score < _THRESHOLD:
        return None
    reason = _reason(name.times, in_headline=in_headline, in_first=in_first, is_known=known_as is not None)
    return Proposal(known_as or name.text, round(score, 2), reason)


def _reason(times: int, *, in_headline: bool, in_first: bool, is_known: bool) -> str:
    often = {1: "occurs once", 2: "recurs twice"}.get(times, f"recurs {times} times")
    parts = ["known tag", often] if is_known else [often]
    if in_headline:
        parts.append("in the headline")
    elif in_first:
        parts.append("in the first paragraph")
    return ", ".join(parts)

"""Finds names in running text: phrases in capitals, the acronyms that stand for them, countries."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from articles.content.words import (
    ARTICLES_IN_NAMES,
    BODIES,
    CAPITALS_MARK_NAMES,
    COMMON_ACRONYMS,
    CONNECTORS,
    COUNTRY_OF,
    MONTHS_AND_DAYS,
    OTHER_ADJECTIVES,
    PARTS_OF_AMERICA,
    STOP_WORDS,
    TITLES,
)

# An adjective says less about a text than the country's own name; "US-led" less than "the US".
_ADJECTIVE_WEIGHT: Final = 0.6
_HEAD_WEIGHT: Final = 0.3


@dataclass(slots=True)
class Name:
    """A name and the blocks (0 is the headline) that mention it; in `prominent` ones not by the way."""

    text: str
    times: int = 0
    weight: float = 0.0
    prominent: set[int] = field(default_factory=set)
    acronyms: set[str] = field(default_factory=set)

    def mention(self, block: int, weight: float = 1.0) -> None:
        self.times += 1
        self.weight += weight
        if weight > _HEAD_WEIGHT:
            self.prominent.add(block)

    def absorb(self, other: "Name") -> None:
        self.times += other.times
        self.weight += other.weight
        self.prominent |= other.prominent


@dataclass(slots=True)
class Phrase:
    """Words in capitals as they stand in a block."""

    words: list[str]
    block: int
    begins_sentence: bool
    is_head: bool  # of a compound such as "US-led"
    acronym: str | None  # in brackets after it


def _upper_case_letters() -> str:
    return "".join(letter for letter in map(chr, range(0x41, 0x1F00)) if letter.isupper() and letter.lower() != letter)


_U: Final = f"[{_upper_case_letters()}]"
_WORD: Final = (
    rf"(?:(?:[aA]l|[eE]l|[aA]n|[aA]sh|[aA]s|[uU]l|[bB]in)-|[dDlL][’'])?"  # al-Assad, d’Ivoire
    rf"{_U}(?:(?:\.{_U})+\b\.?|\w*(?:[’']{_U}\w+)?(?:-(?:{_U}\w*|\d+))*)"  # U.S., O’Brien, Jean-Luc
)
_JOINED: Final = rf"(?:(?:{'|'.join(CONNECTORS)})[ \xa0](?:(?:{'|'.join(ARTICLES_IN_NAMES)})[ \xa0])?)?"
_PHRASE: Final = re.compile(
    rf"(?<![\w@#-])(?<!\w[’'])(?P<name>{_WORD}(?:(?:(?<=s)[’'])?[ \xa0]{_JOINED}{_WORD}){{0,9}})"
    rf"(?P<head>-[a-z])?(?:[ \xa0]\((?P<acronym>{_U}{{2,8}})\))?"
)
_ABBREVIATED: Final = "".join(
    rf"(?<!\b{title})"
    for title in ("Mr", "Ms", "Mrs", "Dr", "St", "Gen", "Sen", "Gov", "Rep", "Col", "Sgt", "Lt", "Prof")
)
_SENTENCE_START: Final = re.compile(rf"(?:^|(?:{_ABBREVIATED}\.|[!?…:•—–])[\"”’')\]]*\s+|[\"“«])[\s\"“‘'(\[«]*\Z")
_BLANK: Final = re.compile("[ \xa0]")
_ELIDED: Final = re.compile("[dl][’']")  # l’Allemagne
_LONG_WORD: Final = re.compile(r"[^\W\d_]{4,}")


def find_names(blocks: Sequence[str], language: str = "en") -> list[Name]:
    """Return the names in a headline (the first block) and paragraphs, variants merged.

    A single word at the start of a sentence is a name only if it stands in capitals inside
    another one. Of languages that write all nouns in capitals only phrases and acronyms count.
    """
    phrases = [phrase for number, block in enumerate(blocks) for phrase in _phrases(block, number, language)]
    nouns_have_capitals = language not in CAPITALS_MARK_NAMES
    names = _gather(phrases, english=language == "en", nouns_have_capitals=nouns_have_capitals)
    _merge_acronyms(names, phrases)
    _merge_short_forms(names, nouns_have_capitals=nouns_have_capitals)
    return list(names.values())


def _phrases(block: str, number: int, language: str) -> Iterator[Phrase]:
    if is_set_in_capitals(block):
        return
    for found in _PHRASE.finditer(block):
        start = found.start()
        begins = _SENTENCE_START.search(block, max(0, start - 8), start) is not None
        parts = _part_at_of(_BLANK.split(found["name"]), begins_sentence=begins)
        for part in parts:
            begins_here, ends_here = begins and part is parts[0], part is parts[-1]
            if words := _trim(part, begins_sentence=begins_here, english=language == "en"):
                yield Phrase(
                    words,
                    block=number,
                    begins_sentence=begins_here and words[0] == part[0],
                    is_head=ends_here and found["head"] is not None,
                    acronym=found["acronym"] if ends_here else None,
                )


def is_set_in_capitals(block: str) -> bool:
    """Whether Most Words Are Set Like This, as in the headlines of some papers; no sentence is."""
    if block.endswith((".", "!", "?", "”", '"')):
        return False
    words = _LONG_WORD.findall(block[:300])
    return len(words) > 2 and sum(word[0].isupper() for word in words) > 0.7 * len(words)


def _part_at_of(words: list[str], *, begins_sentence: bool) -> list[list[str]]:
    """Part "Dorothea Lenz of Neuhaven" and, where a sentence begins, "Medics of …"; not "Bank of England"."""
    for place in range(1 if begins_sentence else 2, len(words) - 1):
        if words[place] in {"of", "for"} and words[place - 1].lower() not in BODIES:
            return [words[:place], words[place + 1 :]]
    return [words]


def _trim(words: list[str], *, begins_sentence: bool, english: bool) -> list[str]:
    start, end = 0, len(words)
    while start < end and _is_no_beginning(words[start], first=start == 0 and begins_sentence, english=english):
        start += 1
    while start < end and _is_no_end(words[end - 1]):
        end -= 1
    trimmed = words[start:end]
    if trimmed and (elided := _ELIDED.match(trimmed[0])):
        trimmed[0] = trimmed[0][elided.end() :]
    return trimmed


def _is_no_beginning(word: str, *, first: bool, english: bool) -> bool:
    if word.isupper() and len(word) > 1:
        return word in COMMON_ACRONYMS
    lower = word.lower()
    if lower in CONNECTORS or lower in ARTICLES_IN_NAMES:
        return True
    if not english:
        return first and len(word) <= 3
    return lower in STOP_WORDS or lower in TITLES or lower in MONTHS_AND_DAYS


def _is_no_end(word: str) -> bool:
    lower = word.lower()
    return lower in MONTHS_AND_DAYS or lower in CONNECTORS or lower in ARTICLES_IN_NAMES


def _gather(phrases: Sequence[Phrase], *, english: bool, nouns_have_capitals: bool) -> dict[str, Name]:
    """Count the phrases by their folded form, countries under the country's name."""
    inside_sentences = {phrase.words[-1] for phrase in phrases if len(phrase.words) > 1 or not phrase.begins_sentence}
    names: dict[str, Name] = {}
    for phrase in phrases:
        if english:
            _mention_countries(names, phrase)
        first = phrase.words[0]
        doubtful = nouns_have_capitals or (phrase.begins_sentence and first not in inside_sentences)
        if len(phrase.words) == 1 and not _is_name(first, doubtful=doubtful):
            continue
        text = " ".join(phrase.words)
        if english and (text in COUNTRY_OF or text.lower() in OTHER_ADJECTIVES):
            continue
        weight = _HEAD_WEIGHT if phrase.is_head and not text.isupper() else 1.0
        _name(names, text).mention(phrase.block, weight)
    return names


def _is_name(word: str, *, doubtful: bool) -> bool:
    if word.isupper():
        return 1 < len(word) <= 8
    return not doubtful and len(word) > 2


def _mention_countries(names: dict[str, Name], phrase: Phrase) -> None:
    words = phrase.words
    text = " ".join(words)
    if country := COUNTRY_OF.get(text):
        own = text == country or text.isupper()
        weight = _HEAD_WEIGHT if phrase.is_head else 1.0 if own else _ADJECTIVE_WEIGHT
        name = _name(names, country)
        name.mention(phrase.block, weight)
        if text.isupper():
            name.acronyms.add(text)
        return
    if text.startswith(PARTS_OF_AMERICA):
        return
    # Inside a name only adjectives tell of a country: Michael Jordan does not.
    forms = {*words, *map(" ".join, pairwise(words))} & COUNTRY_OF.keys()
    for country in {COUNTRY_OF[form] for form in forms if form != COUNTRY_OF[form] or text.startswith(form)}:
        _name(names, country).mention(phrase.block, _ADJECTIVE_WEIGHT)


def _name(names: dict[str, Name], text: str) -> Name:
    key = text.casefold()
    name = names.setdefault(key, Name(text))
    if name.text.isupper():  # a dateline, say; a later mention shows the usual spelling
        name.text = text
    return name


def _merge_acronyms(names: dict[str, Name], phrases: Sequence[Phrase]) -> None:
    long_forms = {p.acronym: " ".join(p.words) for p in phrases if p.acronym and len(p.words) > 1}
    by_initials = {
        initials: name.text for name in names.values() if name.times > 1 and len(initials := _initials(name.text)) > 1
    }
    for acronym, long_form in (by_initials | long_forms).items():
        short, long = names.get(acronym.casefold()), names.get(long_form.casefold())
        recurs = short is not None and (acronym in long_forms or short.times > 1)
        if long and short and recurs and short.text.isupper() and acronym not in COUNTRY_OF:
            long.absorb(names.pop(acronym.casefold()))
            long.acronyms.add(acronym)


def _initials(text: str) -> str:
    return "".join(word[0] for word in text.split() if word[0].isupper()) if " " in text else ""


def _merge_short_forms(names: dict[str, Name], *, nouns_have_capitals: bool) -> None:
    """Count "Darwish" with "Sharfan Darwish", if only one longer name ends so.

    Where nouns have capitals the longer one may begin with an office: the shorter is the name.
    """
    longer: defaultdict[str, set[str]] = defaultdict(set)
    for key in names:
        words = key.split()
        for start in range(1, len(words)):
            longer[" ".join(words[start:])].add(key)
    for short in sorted(longer.keys() & names.keys(), key=len):
        candidates = [key for key in longer[short] if key in names]
        if nouns_have_capitals:
            for key in candidates:
                names[short].absorb(names.pop(key))
        elif len(candidates) == 1 and names[short].text not in COUNTRY_OF:
            names[candidates[0]].absorb(names.pop(short))

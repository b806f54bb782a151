"""HTML is cleaned here, once, on its way in: by nh3, then by bleach, then by own checks."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

import bleach
import nh3

from articles.content import allowlist

Token = dict[str, Any]

_MAX_PASSES: Final = 4
_MAX_DEPTH: Final = 100
_MAX_DEPTH_UNPARSED: Final = 1000

# NUL, controls, lone surrogates and non-characters: none may stand in HTML or XML.
_FORBIDDEN_CHARACTERS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SYNONYM_TAG: Final = re.compile(rf"<(/?)({'|'.join(allowlist.SYNONYMS)})>")
_NEWLINES_AFTER_PRE: Final = re.compile(r"<pre>\n+")
_EMPTY_PARAGRAPH: Final = re.compile(r"""<p(?: (?:dir|lang)="[^"]*")*>\s*</p>\n?""")
_BLOCK_EDGE: Final = "</?(?:div|" + "|".join(sorted(allowlist.TAGS - allowlist.INLINE_TAGS)) + r"|h[156])\b"
# A parser would carry it on from block to block.
_UNCLOSED_NOTE: Final = re.compile(
    rf"<small\b[^>]*+>(?:(?!</?small\b|{_BLOCK_EDGE}).)*+(?={_BLOCK_EDGE})", re.IGNORECASE | re.DOTALL
)
_TAG: Final = re.compile(r"<[a-zA-Z/][^>]*+>")
_TAG_NAME: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_DEEP: Final = frozenset(  # void, or closed by the next of their kind
    "area br col dd dt embed hr img input li link meta option p source tbody td tfoot th thead tr track wbr".split()
)
_NH3_TAGS: Final = set(allowlist.TAGS | allowlist.SYNONYMS.keys())
_NH3_ATTRIBUTES: Final = {tag: set(names) for tag, names in allowlist.ATTRIBUTES.items()}


class CleanHTML(str):
    """HTML that passed the sanitiser. Templates show it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def clean_html(fragment: str) -> CleanHTML:
    """Return the fragment with nothing left in it but what the allowlist names.

    Idempotent by construction: passes repeat until one changes nothing. A fragment that never
    settles, or is nested more deeply than anybody writes, is kept as its plain text.
    """
    if isinstance(fragment, CleanHTML):
        return fragment
    for _ in range(_MAX_PASSES):
        cleaned = _clean_once(fragment)
        if cleaned == fragment:
            return CleanHTML(cleaned)
        fragment = cleaned
    return CleanHTML(_text_alone(fragment))


def escape_text(text: str) -> str:
    """Escape text exactly as the sanitiser writes it: quotation marks stay as they are."""
    text = _FORBIDDEN_CHARACTERS.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clean_once(fragment: str) -> str:
    """Clean once. Parsers take time by the square of the depth, so the depth is bounded first."""
    fragment = _FORBIDDEN_CHARACTERS.sub("", fragment)
    if _depth(fragment) > _MAX_DEPTH_UNPARSED:
        fragment = _TAG.sub(" ", fragment)
    fragment = _UNCLOSED_NOTE.sub(r"\g<0></small>", fragment)
    cleaned = _clean_with_nh3(fragment)
    if _depth(cleaned) > _MAX_DEPTH:
        cleaned = _text_alone(cleaned)
    return _clean_with_bleach(cleaned)


def _depth(fragment: str) -> int:
    """At most so many elements are open at once; an end tag closes only its own kind."""
    opened: Counter[str] = Counter()
    depth = deepest = 0
    for tag in _TAG_NAME.finditer(fragment):
        closing, name = tag[1], tag[2].lower()
        if closing and opened[name]:
            opened[name] -= 1
            depth -= 1
        elif not closing and name not in _NEVER_DEEP:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _text_alone(fragment: str) -> str:
    text = html.unescape(nh3.clean(fragment, tags=set()))
    return escape_text(text.replace("\r", "\n"))


def _clean_with_nh3(fragment: str) -> str:
    cleaned = nh3.clean(
        fragment,
        tags=_NH3_TAGS,
        clean_content_tags=set(allowlist.DISCARDED_WITH_CONTENT),
        attributes=_NH3_ATTRIBUTES,
        url_schemes=set(allowlist.SCHEMES),
        link_rel=None,  # computed at rendering, never stored
    )
    cleaned = _FORBIDDEN_CHARACTERS.sub("", cleaned)  # written as &#1; they appear only now
    cleaned = _SYNONYM_TAG.sub(lambda tag: f"<{tag[1]}{allowlist.SYNONYMS[tag[2]]}>", cleaned)
    # A parser drops the first newline in pre each time that it reads one.
    return _NEWLINES_AFTER_PRE.sub("<pre>", cleaned)


def _clean_with_bleach(fragment: str) -> str:
    cleaner = bleach.Cleaner(  # one per call: it is not safe across threads
        tags=allowlist.TAGS,
        attributes=allowlist.is_allowed_attribute,
        protocols=allowlist.SCHEMES,
        strip=True,
        strip_comments=True,
        filters=[CanonicalForm, SettledNotes, SettledFigures],  # type: ignore[list-item]  # any iterable of tokens will do
    )
    cleaned = cleaner.clean(fragment).replace("&nbsp;", "\xa0")
    return _EMPTY_PARAGRAPH.sub("", cleaned).replace("<figure></figure>", "")


class CanonicalForm:
    """A filter of html5lib tokens: unwraps elements that say nothing and empties markers.

    What stood inside a marker follows it, so that an unclosed marker swallows no text.
    """

    def __init__(self, source: Iterable[Token]) -> None:
        self.source = source

    def __iter__(self) -> Iterator[Token]:
        kept: list[bool] = []  # a stack: does the end tag that is due belong in the output?
        for token in self.source:
            kind = token["type"]
            if kind == "StartTag":
                kept.append(is_meaningful(token) and not is_marker(token))
                if is_marker(token):
                    yield from empty_marker(token)
                elif kept[-1]:
                    yield of_one_destination(token)
            elif kind != "EndTag" or kept.pop():
                yield token


class SettledNotes:
    """A filter of html5lib tokens: a footnote is one line of text, and stands in no other note and in no link.

    One that holds a block is none: its words stay in the text.
    """

    def __init__(self, source: Iterable[Token]) -> None:
        self.source = source

    def __iter__(self) -> Iterator[Token]:
        tokens = iter(self.source)
        in_link: list[bool] = []  # a stack: is the element that ends next a link?
        waiting: list[Token] = []
        for token in tokens:
            if is_note(token):
                settled = settled_note(token, contents(tokens))
                if any(in_link) and settled and is_note(settled[0]):
                    waiting += settled
                else:
                    yield from settled
                continue
            yield token
            if token["type"] == "StartTag":
                in_link.append(token["name"] == "a")
            elif token["type"] == "EndTag" and in_link.pop() and not any(in_link):
                yield from waiting
                waiting = []


def is_note(token: Token) -> bool:
    return (token["type"], token.get("name")) == ("StartTag", "small")


def settled_note(start: Token, inside: list[Token]) -> list[Token]:
    """A note with the inline elements in it, or its words alone where it cannot be one."""
    inside = [token for token in inside if token.get("name") != "small"]
    if is_blank(inside):
        return inside
    if any(token.get("name", "br") not in allowlist.INLINE_TAGS for token in inside):
        return inside
    return [start, *inside, end_of(start)]


class SettledFigures:
    """A filter of html5lib tokens: a picture or an embed holds its caption, as one line of text, and nothing else.

    What else stood inside follows it, so that no word is lost.
    """

    def __init__(self, source: Iterable[Token]) -> None:
        self.source = source

    def __iter__(self) -> Iterator[Token]:
        tokens = iter(self.source)
        for token in tokens:
            if not is_figure(token):
                yield token
                continue
            caption, others = parted_caption(contents(tokens))
            yield of_one_thing(token)
            yield from caption
            yield end_of(token)
            yield from SettledFigures(others)


def is_figure(token: Token) -> bool:
    """Whether it stands for a picture or an embed; another figure holds blocks."""
    return token["type"] == "StartTag" and token["name"] == "figure" and bool(token["data"])


def of_one_thing(start: Token) -> Token:
    return start | {"data": dict(list(start["data"].items())[:1])}


def contents(tokens: Iterator[Token]) -> list[Token]:
    """What follows a start tag, up to its end tag, which is taken and left out."""
    found: list[Token] = []
    depth = 1
    for token in tokens:
        depth += {"StartTag": 1, "EndTag": -1}.get(token["type"], 0)
        if depth == 0:
            break
        found.append(token)
    return found


def parted_caption(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """The first caption with the inline elements in it, and all that stands around it."""
    others: list[Token] = []
    rest = iter(tokens)
    for token in rest:
        if token["type"] == "StartTag" and token["name"] == "figcaption":
            inside = [each for each in contents(rest) if each.get("name", "br") in allowlist.INLINE_TAGS]
            others.extend(rest)
            caption = [] if is_blank(inside) else [token, *inside, end_of(token)]
            return caption, [] if is_blank(others) else others
        others.append(token)
    return [], [] if is_blank(others) else others


def is_blank(tokens: list[Token]) -> bool:
    """Whether there is no element and no word."""
    return not any("name" in token or str(token.get("data", "")).strip() for token in tokens)


def end_of(start: Token) -> Token:
    return {"type": "EndTag", "name": start["name"], "namespace": start.get("namespace"), "data": {}}


def of_one_destination(start: Token) -> Token:
    """A link to a story has no address of its own: it follows the story."""
    if start["name"] == "a" and (None, "data-article") in start["data"]:
        return start | {"data": {key: value for key, value in start["data"].items() if key != (None, "href")}}
    return start


def is_meaningful(start: Token) -> bool:
    needed = allowlist.NEEDS_ONE_OF.get(start["name"])
    return needed is None or not needed.isdisjoint(name for _, name in start["data"])


def is_marker(start: Token) -> bool:
    return start["name"] == "aside" and (None, "data-related") in start["data"]


def empty_marker(start: Token) -> Iterator[Token]:
    key = (None, "data-related")
    yield start | {"data": {key: start["data"][key]}}
    yield end_of(start)

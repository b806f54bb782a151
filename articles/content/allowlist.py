"""The one allowlist of HTML in an article's body: tags, attributes, values and address schemes.

Plain data, so that the sanitiser and the editor's configuration are derived from the same tables.
"""

import html
import re
from collections.abc import Mapping
from typing import Final

from articles.content import embeds

BLOCK_TAGS: Final = frozenset({"p", "h2", "h3", "h4", "blockquote", "pre", "hr", "aside"})
LIST_TAGS: Final = frozenset({"ul", "ol", "li"})
FIGURE_TAGS: Final = frozenset({"figure", "figcaption"})
TABLE_TAGS: Final = frozenset({"table", "thead", "tbody", "tr", "th", "td"})
INLINE_TAGS: Final = frozenset(
    {"a", "strong", "em", "s", "sub", "sup", "code", "br", "abbr", "cite", "q", "span", "small"}
)
TAGS: Final = BLOCK_TAGS | LIST_TAGS | FIGURE_TAGS | TABLE_TAGS | INLINE_TAGS

# What other programs write for the same thing. The headline is the page's only h1.
SYNONYMS: Final[Mapping[str, str]] = {
    "b": "strong",
    "i": "em",
    "strike": "s",
    "del": "s",
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
}

# Elements whose content is not prose: it goes with them. Of all others the words stay.
DISCARDED_WITH_CONTENT: Final = frozenset(
    {"script", "style", "template", "title", "noscript", "iframe", "object", "svg", "math"}
)

ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "a": frozenset({"href", "title", "lang", "hreflang", "data-article"}),
    "abbr": frozenset({"title"}),
    "aside": frozenset({"class", "data-related"}),
    "blockquote": frozenset({"dir", "lang"}),
    "figure": frozenset({"data-image", "data-embed"}),
    "p": frozenset({"dir", "lang"}),
    "small": frozenset({"data-footnote"}),
    "span": frozenset({"dir", "lang"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"scope", "colspan", "rowspan"}),
}

# An element that says nothing without one of these attributes is unwrapped: its words stay.
NEEDS_ONE_OF: Final[Mapping[str, frozenset[str]]] = {
    "a": frozenset({"href", "data-article"}),
    "aside": frozenset({"class", "data-related"}),
    "small": frozenset({"data-footnote"}),
    "span": frozenset({"dir", "lang"}),
}

SCHEMES: Final = frozenset({"http", "https", "mailto"})

# The number of a related link whose place in the body a marker holds.
RELATED_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}")

# The identifier of the story to which a link leads, or of the picture that a figure shows.
UID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_SPAN: Final = re.compile(r"[1-9][0-9]{0,2}")
VALUES: Final[Mapping[str, re.Pattern[str]]] = {
    "class": re.compile(r"pullquote"),
    "colspan": _SPAN,
    "data-article": UID,
    "data-embed": embeds.STORED,
    "data-footnote": re.compile(""),
    "data-image": UID,
    "data-related": RELATED_NUMBER,
    "dir": re.compile(r"ltr|rtl|auto"),
    "hreflang": _LANGUAGE,
    "lang": _LANGUAGE,
    "rowspan": _SPAN,
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
}

# Browsers ignore these inside a scheme, so the check ignores them too.
_IGNORED_IN_SCHEME: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]+")
_BEFORE_COLON: Final = re.compile(r"([^/?#:]*):")


def is_allowed_attribute(tag: str, name: str, value: str) -> bool:
    """Whether the attribute may stand on the tag with this value (entities may be undecoded)."""
    if name not in ATTRIBUTES.get(tag, ()):
        return False
    if name == "href":
        return is_allowed_address(value)
    pattern = VALUES.get(name)
    return pattern is None or pattern.fullmatch(value) is not None


def is_allowed_address(address: str) -> bool:
    """Whether the address is relative or of an allowed scheme.

    Whatever stands before a first colon counts as a scheme: `javascript:123` and `host:80/x`
    are both refused. Entities are decoded twice, so that no layer of escaping hides a scheme.
    """
    plain = html.unescape(html.unescape(address))
    bare = _IGNORED_IN_SCHEME.sub("", plain)
    if not bare:
        return False
    scheme = _BEFORE_COLON.match(bare)
    return scheme is None or scheme[1].lower() in SCHEMES

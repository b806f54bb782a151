"""What a body refers to by identifiers: the pictures that it shows, the stories to which its links lead."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from articles.content.sanitising import CleanHTML

_PICTURE: Final = re.compile(r'<figure data-image="([0-9a-f-]{36})">')
_LINK_TAG: Final = re.compile(r"""<a((?:\s+[a-z-]+=(?:"[^"]*+"|'[^']*+'))*+)\s*>|</a>""")
_TARGET: Final = re.compile(r'\s+data-article="([0-9a-f-]{36})"')


@dataclass(frozen=True)
class References:
    pictures: frozenset[str]
    articles: frozenset[str]


def find_references(body: str) -> References:
    """The identifiers in a cleaned body; looked for only where the words stand that announce them."""
    pictures = _PICTURE.findall(body) if "data-image" in body else ()
    links = [_TARGET.search(tag[1] or "") for tag in _LINK_TAG.finditer(body)] if "data-article" in body else ()
    return References(frozenset(pictures), frozenset(target[1] for target in links if target))


def with_addresses(body: CleanHTML, addresses: Mapping[str, str]) -> CleanHTML:
    """The body with an address in each link to a story; a link to a story without one becomes plain text."""
    opened: list[bool] = []  # a stack: does the end tag that is due belong in the output?

    def tag(found: re.Match[str]) -> str:
        if found[0] == "</a>":
            return "</a>" if not opened or opened.pop() else ""
        target = _TARGET.search(found[1])
        address = addresses.get(target[1]) if target else None
        opened.append(target is None or address is not None)
        if target is None:
            return found[0]
        if address is None:
            return ""
        return f'<a href="{html.escape(address)}"{_TARGET.sub("", found[1])}>'

    return CleanHTML(_LINK_TAG.sub(tag, body)) if "data-article" in body else body

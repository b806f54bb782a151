"""The links of a body: the words that one reads, and where they lead."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from articles.content.text import html_to_text

_LINK: Final = re.compile(r"""<a((?:\s+[a-z-]+=(?:"[^"]*+"|'[^']*+'))*+)\s*>(.*?)</a>""", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r"""\s+(href|data-article)=(?:"([^"]*+)"|'([^']*+)')""")


@dataclass(frozen=True)
class BodyLink:
    words: str
    # One of the two: an address, or the identifier of a story.
    address: str = ""
    article: str = ""


def find_links(body: str) -> Iterator[BodyLink]:
    """The links in a cleaned body, in order."""
    for attributes, inside in _LINK.findall(body):
        found = {name: html.unescape(double or single) for name, double, single in _ATTRIBUTE.findall(attributes)}
        yield BodyLink(html_to_text(inside), address=found.get("href", ""), article=found.get("data-article", ""))

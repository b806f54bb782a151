"""Lines that are no paragraphs: references to other stories, accounts to follow, and lists of popular posts."""

import re
from dataclasses import dataclass
from typing import Final

from articles.content.accounts import NETWORKS, Account, parse_account
from articles.importers.base import MAX_HEADLINE, MAX_NAME, ImportedLink

_BULLET: Final = re.compile(r"(?:[-*•·▪●◦‣–—►▶»>]\s+|[•▪●‣►▶]|\(?\d{1,2}[.)]\s+)(?=\S)")
_RELATED: Final = re.compile(
    r"(?:[-*•·▪●◦‣–—►▶»>]+\s*)?"
    r"(?:related(?: (?:stor(?:y|ies)|articles?|posts?|reading))?|read more|read also|also read|read next|see also|watch)"
    r"\s*[:：]\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"[(<\[]?(?P<url>https?://[^\s<>()\[\]]{3,480})[)>\]]?\.?$", re.IGNORECASE)
_POPULAR: Final = re.compile(r"popular posts(?: (?:from|on) this (?:blog|site))?\s*:?", re.IGNORECASE)
_FOLLOW: Final = re.compile(
    r"follow\s+(?P<name>\S.{0,160}?)\s+on\s+(?P<network>[^\W\d_]+)(?:\s*[:：]\s*|\s+)(?:at\s+)?(?P<handle>\S+)",
    re.IGNORECASE,
)
_FOLLOW_HANDLE: Final = re.compile(r"follow\s+(?P<handle>@\S+)\s+on\s+(?P<network>[^\W\d_]+)\.?", re.IGNORECASE)
_OURSELVES: Final = frozenset({"us", "me", "him", "her", "them", "our reporter", "the author"})


@dataclass(frozen=True, slots=True)
class Followed:
    """“Follow VICE News on Twitter: @vicenews”; no name where the line says “us”.

    No account where the handle cannot be one of that network: then ``complaint`` says so.
    """

    name: str
    handle: str
    account: Account | None
    complaint: str = ""


def strip_bullet(line: str) -> tuple[bool, str]:
    """Whether a line begins with a bullet or a number, and the line without it."""
    found = _BULLET.match(line)
    return (True, line[found.end() :].strip()) if found else (False, line)


def is_popular_heading(line: str) -> bool:
    return _POPULAR.fullmatch(line) is not None


def parse_related(line: str) -> ImportedLink | None:
    """The reference of a line such as “Related: Headline” or “Watch: https://…”; None for any other line.

    A label with nothing behind it gives a link without a headline: the headline stands below.
    """
    found = _RELATED.fullmatch(line)
    return None if found is None or len(found["rest"]) > MAX_HEADLINE else parse_reference(found["rest"])


def parse_reference(text: str) -> ImportedLink:
    """A headline, an address, or a headline with an address at its end."""
    text = text.strip()
    address = _ADDRESS.search(text)
    if address is None:
        return ImportedLink(text)
    headline = text[: address.start()].strip().rstrip("—–-:").strip()
    return ImportedLink(headline or address["url"], address["url"])


def parse_followed(line: str) -> Followed | None:
    """What a line such as “Follow VICE News on Twitter: @vicenews” names; None for any other line."""
    found = _FOLLOW_HANDLE.fullmatch(line) or _FOLLOW.fullmatch(line)
    if found is None:
        return None
    name, handle = found.groupdict().get("name", ""), _bare_handle(found["handle"])
    is_prose = found["network"].casefold() not in NETWORKS and not handle.startswith("@")
    if is_prose or not handle.strip("@") or len(name) > MAX_NAME:
        return None
    if name.casefold() in _OURSELVES:
        name = ""
    try:
        return Followed(name, handle, parse_account(f"{found['network']} {handle}"))
    except ValueError as error:
        return Followed(name, handle, None, str(error))


def _bare_handle(handle: str) -> str:
    """The handle without the sentence around it, or at the end of a profile's address."""
    return handle.strip(".,;!?()<>").rstrip("/").rpartition("/")[2]

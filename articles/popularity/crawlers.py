"""Which programs are no readers, by what they say of themselves."""

import re
from functools import cache, lru_cache
from typing import Final

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

# Longer than what any browser says, and an end to what an unknown sender can make us compare.
LONGEST_AGENT: Final = 512

# Every browser has called itself so for thirty years; programs' own libraries (Java, Ruby, PHP, undici) do not.
BROWSER = re.compile(r"(Mozilla|Opera)/\d")

# What the list lacks although it calls itself a browser.
OWN_PATTERNS: Final = (
    # A robot by its own name; telephones are made by Cubot.
    r"(?<![Cc]u)[Bb]ot\b",
    r"[Cc]rawl(er|ing)\b",
    r"[Ss]pider\b",
    # An address at which to complain: no browser gives one.
    r"\+https?://",
    r"[Hh]eadless",
    # Programs that drive a browser, or say that they are one.
    r"\b(Cypress|jsdom|SlimerJS|Prerender|Siege)\b",
    r"Page ?Speed",
    r"PowerShell",
)


@lru_cache(maxsize=4096)
def is_crawler(agent: str) -> bool:
    """Whether this ``User-Agent`` is that of no browser, or of a crawler within one.

    Known are the crawlers of https://github.com/monperrus/crawler-user-agents. It has well over a thousand patterns,
    which take the better part of a millisecond: readers have few kinds of browsers, so an answer is remembered.
    """
    told = agent[:LONGEST_AGENT]
    return not BROWSER.match(told) or known_crawlers().search(told) is not None


@cache
def known_crawlers() -> re.Pattern[str]:
    return re.compile("|".join([*OWN_PATTERNS, *(known["pattern"] for known in CRAWLER_USER_AGENTS_DATA)]))

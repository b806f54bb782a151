"""How related stories are weighed: every number in one place. Pure; `docs/related.md` tells how they were chosen."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Weights:
    """What each reason adds to a score; each reason is 0 to 1, and together the weights are 1."""

    # Tags that both have: the rarer, the more, and each further one less (`similarity.tag_score`).
    tags: float = 0.30
    # Characteristic terms that both use, against what the story scores itself (`search.similar`).
    text: float = 0.50
    # The same section: a hint between two that are equal otherwise.
    section: float = 0.12
    # Gentle: an old story that fits goes before a new one that hardly does (`similarity.recency`).
    recency: float = 0.08


WEIGHTS: Final = Weights()

# Below this score a story is not suggested at all: an empty place is better than a wrong story. The section and the
# newest date together do not reach it.
THRESHOLD: Final = 0.25

# How many suggestions a story keeps. A page shows fewer: some of them may be hidden, expired or pinned elsewhere.
KEPT: Final = 12

# The share of shingles that two stories must have in common to be told as the same text. A wire report with another
# headline and a paragraph cut has about 0.9, two reports by different hands of one event less than 0.1.
SAME_TEXT: Final = 0.8

# Of a tag that more stories have than this, only the newest are looked at: the rest are found by their text or by a
# rarer tag.
NEWEST_OF_TAG: Final = 100

# Stories that are scored because of their tags, those with the rarest first, and because of their text.
CANDIDATES_BY_TAGS: Final = 40
CANDIDATES_BY_TEXT: Final = 40

# Tags beyond these of one story are not looked at.
TAGS_LOOKED_AT: Final = 20

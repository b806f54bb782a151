"""All checks, in the order in which editors read them."""

from typing import Final

from articles.editorial.checks.base import Check
from articles.editorial.checks.head import BylineGiven, DekWritten, HeadlineUnused, SectionChosen, SlugFinal
from articles.editorial.checks.links import LinksAlive, RelatedLinesResolved
from articles.editorial.checks.pictures import (
    AlternativeTextDecided,
    CaptionAndCredit,
    PicturesThere,
    RightsHold,
    RightsLast,
)
from articles.editorial.checks.terms import NoEmbargo, OriginalNamed
from articles.editorial.checks.twins import ToldOnce

_ALL: Final = (
    HeadlineUnused(),
    ToldOnce(),
    DekWritten(),
    SectionChosen(),
    BylineGiven(),
    SlugFinal(),
    AlternativeTextDecided(),
    CaptionAndCredit(),
    RightsHold(),
    RightsLast(),
    PicturesThere(),
    RelatedLinesResolved(),
    LinksAlive(),
    OriginalNamed(),
    NoEmbargo(),
)

CHECKS: Final[dict[str, Check]] = {check.name: check for check in _ALL}

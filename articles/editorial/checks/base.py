"""What a check is."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from articles.editorial.checks.story import CheckedStory
from articles.models import CheckRule

Severity = CheckRule.Severity


@dataclass(frozen=True)
class Problem:
    """A sentence that says what is wrong, and the field of the form that mends it where it is not the check's own."""

    sentence: str
    field: str


class Check(ABC):
    """One question asked of a story; it asks the database nothing, for the story in hand has all that is needed."""

    # Under which the database keeps how severe it is: never changed, at most 40 characters.
    name: ClassVar[str]
    # What is well where there is no problem; editors read it.
    label: ClassVar[str]
    # The field of the story's form, or the related name of its rows, to which a problem leads.
    field: ClassVar[str]
    # Where neither the section nor the site says otherwise.
    severity: ClassVar[CheckRule.Severity] = Severity.WARNING

    @abstractmethod
    def problems(self, story: CheckedStory) -> Iterable[str | Problem]:
        """A whole sentence for each problem."""

"""How severe each check is: what the code says, unless the site says otherwise, unless the section does."""

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction

from articles.editorial.checks.base import Severity
from articles.editorial.checks.registry import CHECKS
from articles.editorial.permissions import MoveNotAllowed
from articles.models import CheckRule, Section
from articles.models.section_limit import sections_of

PERMISSION = "articles.change_checkrule"


def may_set_severities(person: User | AnonymousUser, section: Section | None) -> bool:
    """``section`` is None for the whole site, which is nobody's who is limited to sections."""
    if not person.has_perm(PERMISSION):
        return False
    allowed = sections_of(person)
    return allowed is None or (section is not None and section.pk in allowed)


def decided_severities(section: Section | None) -> dict[str, str]:
    """What was decided for this section itself, or for the site itself, by the name of the check."""
    return dict(CheckRule.objects.filter(section=section).values_list("check_name", "severity"))


def inherited_severities(section: Section | None) -> dict[str, str]:
    """What holds for every check where this section, or the site, decides nothing."""
    of_site = decided_severities(None) if section else {}
    return {name: of_site.get(name, check.severity) for name, check in CHECKS.items()}


@transaction.atomic
def set_severities(section: Section | None, severities: Mapping[str, str], *, by: User) -> None:
    """Decides for a section or the site, by the names of checks; an empty severity takes a decision back.

    Raises MoveNotAllowed for somebody who may not decide it.
    """
    if not may_set_severities(by, section):
        raise MoveNotAllowed("You may not say which checks block publication here.")
    for name, severity in severities.items():
        if severity:
            decided = {"severity": Severity(severity)}
            CheckRule.objects.update_or_create(section=section, check_name=CHECKS[name].name, defaults=decided)
        else:
            CheckRule.objects.filter(section=section, check_name=name).delete()

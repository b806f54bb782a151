"""Asking all checks of a story, and refusing what is not ready for readers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User

from articles.editorial.checks.base import Check, Problem, Severity
from articles.editorial.checks.registry import CHECKS
from articles.editorial.checks.story import CheckedStory
from articles.editorial.permissions import MoveRefused
from articles.models import Article


@dataclass(frozen=True)
class Finding:
    """A problem that a check found, with how severe it is for this story."""

    check: str
    label: str
    severity: str
    field: str
    sentence: str

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCKING


@dataclass(frozen=True)
class Report:
    """What was found, what blocks first; and the labels of the checks that found nothing."""

    findings: tuple[Finding, ...]
    fine: tuple[str, ...]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    @property
    def blocking(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.blocks]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.blocks]


class NotReady(MoveRefused):
    """Refused for what checks found; ``findings`` are those that block."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"It is not ready for readers. {' '.join(each.sentence for each in self.findings)}")


def check_article(article: Article, *, by: User | AnonymousUser, at: datetime | None = None) -> Report:
    """What checks say of a stored story, in six queries at most; ``by`` is told of no story that they may not see.

    ``at`` is the time at which it shall be published, where it is not the story's own. A working copy is not held back
    by what is wrong with its story as readers have it: that warns. To know it takes two or three queries more.
    """
    story = CheckedStory(article, person=by, at=at)
    findings: list[Finding] = []
    fine: list[str] = []
    for check in CHECKS.values():
        severity = story.severities.get(check.name, check.severity)
        if severity != Severity.OFF:
            found = [_finding(check, severity, problem) for problem in check.problems(story)]
            findings += found
            fine += [] if found else [check.label]
    if article.replaces and any(finding.blocks for finding in findings):
        findings = _sparing(findings, CheckedStory(article.replaces, person=by))
    return Report(tuple(sorted(findings, key=lambda finding: not finding.blocks)), tuple(fine))


def require_ready(article: Article, *, by: User, at: datetime | None = None) -> Report:
    """Raises NotReady where a check that blocks has found something; returns all that was found otherwise."""
    report = check_article(article, by=by, at=at)
    if report.blocking:
        raise NotReady(report.blocking)
    return report


def findings_as_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """For a column of JSON: ``[{"check": "dek", "severity": "warning", "sentence": "It has no dek, …"}, …]``."""
    return [{"check": each.check, "severity": str(each.severity), "sentence": each.sentence} for each in findings]


def _sparing(findings: list[Finding], replaced: CheckedStory) -> list[Finding]:
    """The findings, of which those warn that say the same of the story as readers have it."""
    blocking = [CHECKS[name] for name in dict.fromkeys(finding.check for finding in findings if finding.blocks)]
    known = {_finding(check, Severity.BLOCKING, problem) for check in blocking for problem in check.problems(replaced)}
    return [replace(each, severity=Severity.WARNING) if each in known else each for each in findings]


def _finding(check: Check, severity: str, problem: str | Problem) -> Finding:
    if isinstance(problem, str):
        problem = Problem(problem, check.field)
    return Finding(check.name, check.label, severity, problem.field, problem.sentence)

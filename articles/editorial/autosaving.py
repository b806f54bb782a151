"""Keeping what somebody types before they save it: one copy a person and form, seen by nobody else."""

import re
from datetime import MAXYEAR, datetime, timedelta
from math import isfinite
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.editorial.permissions import MoveNotAllowed, may_edit
from articles.models import Article, Autosave

KEPT_FOR: Final = timedelta(days=30)
LONGEST: Final = 2_000_000  # bytes of JSON
DEEPEST: Final = 20
# Forms of new stories that a person may leave behind.
MOST_NEW: Final = 50

_FORM_KEY: Final = re.compile(r"[0-9a-z-]{8,40}")


class AutosaveRefused(Exception):
    """Says in a sentence why nothing was kept."""


def keep_autosave(
    content: Any, *, by: User, form: str, article: Article | None = None, based_on: datetime | None = None
) -> Autosave:
    """Keeps what stands in a form in place of what was kept of it before. ``form`` matters for a new story alone.

    Raises MoveNotAllowed, or AutosaveRefused.
    """
    require_writer(by, article)
    if not isinstance(content, dict) or not _can_be_stored(content) or not _is_moment(based_on):
        raise AutosaveRefused("This is not what a form sends.")
    if article is None and not _FORM_KEY.fullmatch(form):
        raise AutosaveRefused("The form has no key.")
    values = {"article": article, "content": content, "based_on": based_on, "saved_at": timezone.now()}
    with transaction.atomic():
        kept, is_new = Autosave.objects.update_or_create(
            person=by, form=str(article.uid) if article else form, defaults=values
        )
        if is_new and article is None:
            others = Autosave.objects.filter(person=by, article=None).order_by("-saved_at", "-pk")
            Autosave.objects.filter(pk__in=list(others.values_list("pk", flat=True)[MOST_NEW:])).delete()
    return kept


def autosaves_of(person: User, article: Article | None) -> QuerySet[Autosave]:
    """What this person typed into the form of this story, or into those of new ones, the newest first."""
    return Autosave.objects.filter(person=person, article=article, saved_at__gt=timezone.now() - KEPT_FOR)


def forget_autosave(*, by: User, form: str | UUID) -> None:
    if _FORM_KEY.fullmatch(str(form)):
        Autosave.objects.filter(person=by, form=str(form)).delete()


def prune_autosaves() -> None:
    """Deletes what nobody came back for."""
    Autosave.objects.filter(saved_at__lte=timezone.now() - KEPT_FOR).delete()


def require_writer(person: User, article: Article | None) -> None:
    allowed = person.has_perm("articles.add_article") if article is None else may_edit(person, article)
    if not allowed:
        raise MoveNotAllowed("You may not change this story." if article else "You may not write stories.")


def _can_be_stored(value: Any, depth: int = 0) -> bool:
    """Databases refuse what is no character and no number, and nobody's form is nested like a riddle; JSON allows it."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, float):
        return isfinite(value)
    if not isinstance(value, dict | list):
        return True
    inside = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    return depth < DEEPEST and all(_can_be_stored(each, depth + 1) for each in inside)


def _is_moment(value: datetime | None) -> bool:
    """Whether it can be stored: told with its time zone, and in a year that every time zone has."""
    return value is None or (timezone.is_aware(value) and 1 < value.year < MAXYEAR)

"""Keeping what somebody types before they save it: one copy a person and form, seen by nobody else."""

import re
from datetime import datetime, timedelta
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
    if not isinstance(content, dict) or not _can_be_stored(content):
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


def _can_be_stored(value: Any) -> bool:
    """Databases refuse what is no character; JSON does not."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, dict):
        return all(_can_be_stored(key) and _can_be_stored(each) for key, each in value.items())
    return not isinstance(value, list) or all(map(_can_be_stored, value))

"""Moves of stories at the desk: by the buttons of their page, and of many at once by the list's actions."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from articles.admin.desk import AnyModelAdmin
from articles.editorial.permissions import MoveRefused
from articles.editorial.transitions import MOVES, Move
from articles.editorial.verbs import make_move
from articles.models import Article


def action_name(move: Move) -> str:
    return f"{move.name}_selected"


def bulk_action(move: Move) -> Any:
    def action(model_admin: Any, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        model_admin.move_selected(request, queryset, move)

    action.__name__ = action_name(move)
    return admin.action(action, permissions=["change"], description=f"{move.label} (selected)")


class MoveActionForm(ActionForm):
    reason = forms.CharField(required=False, max_length=1000, label="Reason:")


class StoryMoves(AnyModelAdmin):
    """Mixed into the stories' admin."""

    actions = tuple(bulk_action(move) for move in MOVES.values())
    action_form = MoveActionForm

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        """Every move for which this person has the permission; the story decides the rest."""
        # Django asks for a place from 6.1 on.
        asked = {} if action_location is None else {"action_location": action_location}
        found = super().get_actions(request, **asked)
        barred = {action_name(move) for move in MOVES.values() if not request.user.has_perm(move.permission)}
        return {name: action for name, action in found.items() if name not in barred}

    def move_selected(self, request: HttpRequest, queryset: QuerySet[Article], move: Move) -> None:
        for article in queryset.defer(None):
            self.move_story(request, article, move, reason=request.POST.get("reason", ""))

    def move_story(self, request: HttpRequest, article: Article, move: Move, *, reason: str) -> None:
        try:
            with transaction.atomic():
                make_move(article, move.name, by=request.user, reason=reason)  # type: ignore[arg-type]
        except MoveRefused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            self.message_user(request, f"“{article}” stays as it is. {refusal}", messages.ERROR)
            return
        self.log_change(request, article, f"{move.done[:1].upper()}{move.done[1:]}.")
        self.message_user(request, f"“{article}” is {_told(article, move)}.", messages.SUCCESS)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A working copy that is no more is told of its story."""
        return super().log_change(request, obj if obj.pk else obj.replaces, message)


def _told(article: Article, move: Move) -> str:
    if article.scheduled_move and article.takes_effect_at:
        return f"scheduled: the update takes effect on {shown_moment(article.takes_effect_at)}"
    if article.status != Article.Status.PUBLISHED or article.is_public():
        return move.done
    if article.published_at and article.published_at > timezone.now():
        return f"scheduled for {shown_moment(article.published_at)}"
    if article.embargoed_until and article.embargoed_until > timezone.now():
        return f"published, and under embargo until {shown_moment(article.embargoed_until)}"
    return f"{move.done}, and has expired"


def shown_moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i T")

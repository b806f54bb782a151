"""Each move's verb, for doors that know a move by its name."""

from collections.abc import Callable

from django.contrib.auth.models import User

from articles.editorial.publishing import (
    override_embargo,
    publish_article,
    publish_scheduled_article,
    reinstate_article,
    unschedule_article,
    withdraw_article,
)
from articles.editorial.reviewing import approve_article, return_article, submit_article
from articles.editorial.working_copies import discard_working_copy, publish_fix, publish_update
from articles.models import Article

VERBS: dict[str, Callable[..., None]] = {
    "submit": submit_article,
    "return": return_article,
    "approve": approve_article,
    "publish": publish_article,
    "publish_now": publish_scheduled_article,
    "unschedule": unschedule_article,
    "override_embargo": override_embargo,
    "withdraw": withdraw_article,
    "reinstate": reinstate_article,
    "publish_update": publish_update,
    "publish_fix": publish_fix,
    "discard": discard_working_copy,
}


def make_move(article: Article, name: str, *, by: User, reason: str = "") -> None:
    """Raises MoveNotAllowed or MoveRefused, with a sentence that says why."""
    VERBS[name](article, by=by, reason=reason)

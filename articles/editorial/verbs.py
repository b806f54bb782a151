"""Each move's verb, for doors that know a move by its name."""

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
from articles.models import Article

VERBS = {
    "submit": submit_article,
    "return": return_article,
    "approve": approve_article,
    "publish": publish_article,
    "publish_now": publish_scheduled_article,
    "unschedule": unschedule_article,
    "override_embargo": override_embargo,
    "withdraw": withdraw_article,
    "reinstate": reinstate_article,
}


def make_move(article: Article, name: str, *, by: User, reason: str = "") -> None:
    """Raises MoveNotAllowed or MoveRefused, with a sentence that says why."""
    VERBS[name](article, by=by, reason=reason)

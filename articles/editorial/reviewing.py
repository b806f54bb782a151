"""The way of a story through the newsroom before readers see it: submitted, returned, approved."""

from django.contrib.auth.models import User

from articles.editorial.moving import moving
from articles.models import Article

# Each raises MoveNotAllowed (a PermissionDenied) or MoveRefused, and reads the row afresh.


def submit_article(article: Article, *, by: User, reason: str = "") -> None:
    """Hands a draft to whoever reviews."""
    with moving(article, "submit", by=by, reason=reason):
        article.status = Article.Status.IN_REVIEW


def return_article(article: Article, *, by: User, reason: str) -> None:
    """Gives a story back to its writer, saying why."""
    with moving(article, "return", by=by, reason=reason):
        article.status = Article.Status.DRAFT


def approve_article(article: Article, *, by: User, reason: str = "") -> None:
    """Says that a reviewed story can be published."""
    with moving(article, "approve", by=by, reason=reason):
        article.status = Article.Status.APPROVED

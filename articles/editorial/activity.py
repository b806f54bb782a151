"""The activity log: written by verbs, in the transaction of what it tells."""

from django.contrib.auth.models import User

from articles.models import Activity, Article

# Who publishes what was scheduled, when its time has come.
THE_HOUSE = "the schedule"


def record_activity(
    article: Article,
    *,
    by: User | None,
    action: str,
    stages: tuple[str, str] = ("", ""),
    reason: str = "",
    detail: str = "",
) -> Activity:
    """Adds a line; what is done with a working copy is told of its story. ``by`` is None for the house itself."""
    before, after = stages
    story = article.replaces or article
    return Activity.objects.create(
        # A story that is about to be deleted leaves its name behind.
        article=None if action == Activity.Action.DELETE else story,
        article_uid=story.uid,
        headline=article.headline,
        person=by,
        person_name=by.get_username() if by else THE_HOUSE,
        action=action,
        from_stage=before,
        to_stage=after,
        reason=reason[:1000],
        detail=detail[:1000],
    )

"""The activity log: written by verbs, in the transaction of what it tells."""

from django.contrib.auth.models import User

from articles.models import Activity, Article


def record_activity(
    article: Article,
    *,
    by: User,
    action: str,
    stages: tuple[str, str] = ("", ""),
    reason: str = "",
    detail: str = "",
) -> Activity:
    before, after = stages
    return Activity.objects.create(
        # A story that is about to be deleted leaves its name behind.
        article=None if action == Activity.Action.DELETE else article,
        article_uid=article.uid,
        headline=article.headline,
        person=by,
        person_name=by.get_username(),
        action=action,
        from_stage=before,
        to_stage=after,
        reason=reason[:1000],
        detail=detail[:1000],
    )

"""Whether all is well, for load balancers, containers and whoever watches the site."""

from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 where the database answers; else 503, though readers still get what was kept."""
    try:
        with connections[getattr(settings, "READER_DATABASE", "default")].cursor() as cursor:
            cursor.execute("SELECT 1 FROM articles_sitesettings")
            cursor.fetchone()
    except DatabaseError:
        words, status = (
            "The database is away. Pages that were kept are served, marked as stale.",
            HTTPStatus.SERVICE_UNAVAILABLE,
        )
    else:
        words, status = "All is well.", HTTPStatus.OK
    return HttpResponse(
        f"{words}\n", status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )

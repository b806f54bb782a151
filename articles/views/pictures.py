"""Serving pictures for a site without a media host of its own: to nobody but editors once their rights have run out."""

import re
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Final

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseGone
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from articles.pictures.rights import FileRights, rights_in_file

CONTENT_TYPES: Final = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
# No part of a path begins with a dot, so none leads upwards.
SERVED: Final = re.compile(r"(?:renditions|pictures)(?:/\w[\w.-]*)+", re.ASCII)

# A rendition's name stands for the same bytes for ever; an original's almost.
A_YEAR: Final = timedelta(days=365)
A_DAY: Final = timedelta(days=1)
NOBODY_KEEPS_IT: Final = "private, no-store"


@require_safe
def serve_picture(request: HttpRequest, path: str) -> HttpResponseBase:
    content_type = CONTENT_TYPES.get(PurePosixPath(path).suffix)
    if content_type is None or not SERVED.fullmatch(path):
        raise Http404("There is no such picture.")
    changed = _changed_at(path)
    rights = rights_in_file(path)
    if rights.are_over() and not _is_for_editor(request):
        return HttpResponseGone("The rights to this picture have run out.", headers={"Cache-Control": "no-store"})
    etag = f'"{int(changed.timestamp() * 1_000_000):x}"'
    response = _not_modified(request, etag, changed) or _whole(request, path, content_type)
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(changed.timestamp())
    response.headers["Cache-Control"] = _how_long(path, rights)
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Nothing in a picture runs, even where a browser takes it for a page.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _is_for_editor(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.has_perm("articles.view_image")


def _how_long(path: str, rights: FileRights) -> str:
    """No cache keeps a picture longer than readers may see it."""
    if rights.are_over():
        return NOBODY_KEEPS_IT
    longest = A_YEAR if path.startswith("renditions/") else A_DAY
    if rights.end is None:
        return f"public, max-age={longest.total_seconds():.0f}{', immutable' if longest == A_YEAR else ''}"
    left = max(rights.end - timezone.now(), timedelta())
    return f"public, max-age={min(left, longest).total_seconds():.0f}"


def _changed_at(path: str) -> datetime:
    """Raises Http404 where the storage has no such file."""
    try:
        return default_storage.get_modified_time(path)
    except (FileNotFoundError, NotADirectoryError, FileExistsError, SuspiciousFileOperation) as error:
        raise Http404("There is no such picture.") from error


def _not_modified(request: HttpRequest, etag: str, changed: datetime) -> HttpResponseBase | None:
    return get_conditional_response(request, etag=etag, last_modified=int(changed.timestamp()))


def _whole(request: HttpRequest, path: str, content_type: str) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type, headers={"Content-Length": str(default_storage.size(path))})
    try:
        return FileResponse(default_storage.open(path), content_type=content_type)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404("There is no such picture.") from error

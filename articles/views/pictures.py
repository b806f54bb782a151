"""Serving pictures for a site without a media host of its own."""

import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

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
FOREVER: Final = "public, max-age=31536000, immutable"
A_WHILE: Final = "public, max-age=86400"


@require_safe
def serve_picture(request: HttpRequest, path: str) -> HttpResponseBase:
    content_type = CONTENT_TYPES.get(PurePosixPath(path).suffix)
    if content_type is None or not SERVED.fullmatch(path):
        raise Http404("There is no such picture.")
    changed = _changed_at(path)
    etag = f'"{int(changed.timestamp() * 1_000_000):x}"'
    response = _not_modified(request, etag, changed) or _whole(request, path, content_type)
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(changed.timestamp())
    response.headers["Cache-Control"] = FOREVER if path.startswith("renditions/") else A_WHILE
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Nothing in a picture runs, even where a browser takes it for a page.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _changed_at(path: str) -> datetime:
    """Raises Http404 where the storage has no such file."""
    try:
        if default_storage.exists(path):
            return default_storage.get_modified_time(path)
    except (FileNotFoundError, NotADirectoryError, FileExistsError, SuspiciousFileOperation):
        pass
    raise Http404("There is no such picture.")


def _not_modified(request: HttpRequest, etag: str, changed: datetime) -> HttpResponseBase | None:
    return get_conditional_response(request, etag=etag, last_modified=int(changed.timestamp()))


def _whole(request: HttpRequest, path: str, content_type: str) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type, headers={"Content-Length": str(default_storage.size(path))})
    try:
        return FileResponse(default_storage.open(path), content_type=content_type)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404("There is no such picture.") from error

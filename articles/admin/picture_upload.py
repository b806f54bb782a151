"""Adding several pictures at once, and looking into a file before it is sent."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.messages import success
from django.core.exceptions import PermissionDenied
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.admin.picture_form import PictureRowForm
from articles.models import Image
from articles.pictures.preparing import PictureRefused, look_into
from articles.pictures.renditions import rendition_url
from articles.pictures.storing import keep_files

PLAIN_ROWS, MOST_ROWS = 5, 50
THUMBNAIL_WIDTH = 480
# What a browser sends of a file to learn what it says of itself: words stand at the head.
HEAD_BYTES = 1_000_000

PictureRows: Any = formset_factory(
    PictureRowForm, extra=PLAIN_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


def add_several(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """A page with a row for each picture. Its script sends a row at a time and asks for JSON; without it, all come
    in one form, where those that are refused leave the others to be kept.
    """
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        rows = PictureRows()
        return _page(model_admin, request, rows, list(rows))
    rows = PictureRows(request.POST, request.FILES)
    refused = [row for row in rows if not row.is_valid()]
    touched = [row for row in rows if row.is_valid() and row.has_changed()]
    kept = [keep_picture(model_admin, request, row) for row in touched]
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"kept": [_told(image) for image in kept], "errors": [row.errors for row in refused]})
    if kept:
        success(request, f"{len(kept)} pictures are kept." if len(kept) > 1 else "The picture is kept.")
    if kept and not refused:
        return HttpResponseRedirect(reverse("admin:articles_image_changelist"))
    # A row that is gone from the page counts as one that nobody touched.
    return _page(model_admin, request, rows, [row for row in rows if row not in touched])


def keep_picture(model_admin: ModelAdmin, request: HttpRequest, row: Any) -> Image:
    """What a valid row holds, in the library and in the log of who added what."""
    image: Image = row.save(commit=False)
    keep_files(image, row.prepared)
    image.save()
    model_admin.log_addition(request, image, [{"added": {}}])
    return image


def _told(image: Image) -> dict[str, str]:
    return {
        "name": str(image),
        "address": reverse("admin:articles_image_change", args=[image.pk]),
        "thumbnail": rendition_url(image, THUMBNAIL_WIDTH),
    }


def _page(model_admin: ModelAdmin, request: HttpRequest, rows: Any, shown: list[Any]) -> TemplateResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Add several pictures",
        "opts": model_admin.opts,
        "rows": rows,
        "shown": shown,
        "media": model_admin.media + rows.media,
    }
    return TemplateResponse(request, "admin/articles/image/several.html", context)


def look_into_file(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """What the first bytes of a file say: proposals for a picture's words, or why it will be refused."""
    if not (model_admin.has_add_permission(request) or model_admin.has_change_permission(request)):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        return JsonResponse({"proposed": look_into(request.read(HEAD_BYTES)).found(), "refused": ""})
    except PictureRefused as refused:
        return JsonResponse({"proposed": {}, "refused": str(refused)})

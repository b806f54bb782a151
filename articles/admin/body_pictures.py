"""A picture that is dropped or pasted into a story's text: into the library first, and never into the text itself."""

from http import HTTPStatus
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.formats import date_format

from articles.admin.library_search import described_picture
from articles.admin.picture_form import PictureRowForm
from articles.admin.picture_upload import keep_picture
from articles.content.plain_text import clean_text
from articles.models import Image

NO_PERMISSION = "You may not add pictures to the library. Ask somebody who may, or choose one that is there."
WORDS = ("alt_text", "decorative", "caption", "credit")


def take_in_picture(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Answers with the picture, or with errors by the name of their field.

    GET with the digest of a file says whether the library has it; then nothing need be asked or sent.
    """
    if not model_admin.has_add_permission(request):
        return JsonResponse({"errors": {"__all__": [NO_PERMISSION]}}, status=HTTPStatus.FORBIDDEN)
    if request.method == "GET":
        return JsonResponse(_told(_kept(clean_text(request.GET.get("digest", "")))))
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "POST"])
    row: Any = PictureRowForm(request.POST, request.FILES)
    if not row.is_valid():
        return JsonResponse({"errors": row.errors})
    words = {name: row.cleaned_data[name] for name in WORDS}
    return JsonResponse(_told(_kept(row.prepared.digest, **words) or keep_picture(model_admin, request, row)))


def _kept(digest: str, **words: Any) -> Image | None:
    """The row of this file: the one with these words, or else the newest that readers may see, or else any."""
    rows = Image.objects.filter(digest=digest) if digest else Image.objects.none()
    usable = rows.usable()
    return (usable.filter(**words).first() if words else None) or usable.first() or rows.first()


def _told(image: Image | None) -> dict[str, Any]:
    if image is None:
        return {"picture": None}
    if image.is_usable() or image.rights_expire_on is None:
        return {"picture": described_picture(image)}
    day = date_format(image.rights_expire_on, "j F Y")
    return {"errors": {"file": [f"The library has this picture, and its rights expired on {day}: it cannot be shown."]}}

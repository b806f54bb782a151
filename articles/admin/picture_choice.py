"""Choosing a picture in another form: its results, and what is chosen, are seen and not only named."""

from typing import Any

from django import forms
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import QuerySet

from articles.admin.keys import is_key
from articles.admin.widgets import RowChoice
from articles.models import Image
from articles.pictures.renditions import rendition_url

THUMBNAIL_WIDTH = 480


class PictureChoice(RowChoice):
    url_name = "%s:articles_image_choices"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attrs["class"] = "picture-choice"

    @property
    def media(self) -> forms.Media:
        # After Django's own, which makes the box that ours furnishes.
        ours = ("admin/js/autocomplete.js", "admin-newsroom/pictures-choice.js")
        return super().media + forms.Media(css={"screen": ("admin-newsroom/pictures.css",)}, js=ours)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        image = Image.objects.filter(pk=str(value)).first() if value else None
        if image:
            option["attrs"] |= {f"data-{key}": told for key, told in describe(image).items()}
        return option


class PictureChoicesView(AutocompleteJsonView):
    """Pictures that may be shown, the newest first; ``pk`` asks for a certain one."""

    def get_queryset(self) -> QuerySet[Image]:
        found: QuerySet[Image] = super().get_queryset()
        asked = self.request.GET.get("pk", "")
        return found.filter(pk=asked) if is_key(asked) else found.filter(pk__in=Image.objects.usable())

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {**super().serialize_result(obj, to_field_name), **describe(obj)}


def describe(image: Image) -> dict[str, str]:
    """What a choice shows of a picture beside its name."""
    facts = [image.credit, f"{image.width} × {image.height}"]
    if not image.is_usable():
        facts.append("rights expired: readers do not see it")
    return {
        "thumbnail": rendition_url(image, THUMBNAIL_WIDTH),
        "facts": " · ".join(filter(None, facts)),
    }

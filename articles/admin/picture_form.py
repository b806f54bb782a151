"""The form of a picture: its file, its words, its rights. What the file says of itself fills in what is left empty."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminFileWidget, AdminTextInputWidget
from django.core.files.uploadedfile import UploadedFile

from articles.admin.desk import AnyModelForm
from articles.models import Image
from articles.pictures.preparing import Prepared
from articles.pictures.storing import PictureRefused, prepare_picture

ACCEPT = "image/jpeg,image/png,image/webp,image/gif"
# Sent by a page that showed what the file says before it was saved: what is empty then was left empty on purpose.
SHOWN_BEFORE = "read_in"
# Proposed by a page alone: words for those who do not see the picture are somebody's decision.
NEVER_FILLED_IN = {"alt_text"}


class ImageForm(AnyModelForm):
    file = forms.FileField(
        label="Picture",
        widget=AdminFileWidget(attrs={"accept": ACCEPT, "aria-label": "Picture"}),
        help_text="JPEG, PNG, WebP or GIF. The place where it was taken and all other data inside it are removed.",
    )

    class Meta:
        widgets: dict[str, Any] = {
            "alt_text": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "caption": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "focal_x": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
            "focal_y": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepared: Prepared | None = None
        # The files that go when others take their place.
        self.former = (self.instance.file.name or "", self.instance.digest, self.instance.width)
        # The labels of the fields that the file filled in.
        self.filled_in: list[str] = []

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            try:
                self.prepared = prepare_picture(file)
            except PictureRefused as refused:
                raise forms.ValidationError(str(refused)) from refused
        return file

    def clean(self) -> dict[str, Any]:
        super().clean()
        is_decorative = self.cleaned_data.get("decorative")
        words = self.cleaned_data.get("alt_text")
        if is_decorative and words:
            self.add_error("decorative", "A decorative picture has no alternative text: remove one of the two.")
        elif words == "" and not is_decorative:
            self.add_error("alt_text", "Say what the picture shows, or mark it as decorative.")
        if self.prepared and self.add_prefix(SHOWN_BEFORE) not in self.data:
            self._fill_in(self.prepared)
        return self.cleaned_data

    def _fill_in(self, prepared: Prepared) -> None:
        for name, value in prepared.embedded.found().items():
            if name not in NEVER_FILLED_IN and name in self.cleaned_data and not self.cleaned_data[name]:
                self.cleaned_data[name] = value
                self.filled_in.append(str(self.fields[name].label))


class PictureRowForm(ImageForm):
    """One of several pictures."""

    class Meta(ImageForm.Meta):
        model = Image
        fields = ("file", "alt_text", "decorative", "caption", "credit", "taken_on", "rights_note")
        widgets = {
            **ImageForm.Meta.widgets,
            "credit": AdminTextInputWidget,
            "taken_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "rights_note": AdminTextInputWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = ""

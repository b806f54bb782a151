"""Pictures: upload, words, rights, focal point."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.admin.desk import AnyModelForm, DeskAdmin, count_rows
from articles.models import Article, Author, Image
from articles.pictures.preparing import Prepared
from articles.pictures.renditions import rendition_url
from articles.pictures.storing import PictureRefused, forget_picture, keep_files, prepare_picture

ACCEPT = "image/jpeg,image/png,image/webp,image/gif"
THUMBNAIL_WIDTH, PREVIEW_WIDTH = 480, 800
NAMED_USES = 20


class ImageForm(AnyModelForm):
    file = forms.FileField(
        label="Picture",
        widget=AdminFileWidget(attrs={"accept": ACCEPT, "aria-label": "Picture"}),
        help_text="JPEG, PNG, WebP or GIF. The place where it was taken and all other data inside it are removed.",
    )

    class Meta:
        widgets = {
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
        return self.cleaned_data


class UseFilter(admin.SimpleListFilter):
    title = "use"
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "used"), ("no", "unused")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        used = Q(Exists(Article.objects.filter(lead_image=OuterRef("pk")))) | Q(
            Exists(Author.objects.filter(portrait=OuterRef("pk")))
        )
        if self.value() in {"yes", "no"}:
            return queryset.filter(used if self.value() == "yes" else ~used)
        return queryset


@admin.register(Image)
class ImageAdmin(DeskAdmin):
    form = ImageForm
    fieldsets = (
        (None, {"fields": ("file", "preview", "alt_text", "decorative")}),
        ("Beneath the picture", {"fields": ("caption", "credit", "licence")}),
        (
            "Focal point",
            {
                "fields": (("focal_x", "focal_y"),),
                "description": "What stays in sight where the picture is cropped. 0.5 and 0.5 is the centre.",
            },
        ),
    )
    readonly_fields = ("preview",)
    list_display = ("thumbnail", "description", "credit", "size", "stories", "created_at")
    list_filter = (UseFilter, "decorative", "created_at")
    search_fields = ("alt_text", "caption", "credit")

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = (
            super().get_queryset(request).annotate(stories_led=count_rows(Article.objects.all(), "lead_image"))
        )
        return rows

    @admin.display(description="picture")
    def thumbnail(self, image: Image) -> SafeString:
        return format_html(
            '<img class="desk-thumbnail" src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
            rendition_url(image, THUMBNAIL_WIDTH),
            image.alt_text or "Decorative picture",
            image.width,
            image.height,
        )

    @admin.display(description="what it shows", ordering="alt_text")
    def description(self, image: Image) -> str:
        return image.alt_text or "Decorative"

    @admin.display(description="size", ordering="width")
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    @admin.display(description="leads", ordering="stories_led")
    def stories(self, image: Any) -> int:
        return int(image.stories_led)

    # The page

    @admin.display(description="preview")
    def preview(self, image: Image) -> str:
        if not image.pk:
            return "Shown once the picture is saved."
        return format_html(
            '<img class="desk-preview" src="{}" alt="{}" width="{}" height="{}">',
            rendition_url(image, PREVIEW_WIDTH),
            image.alt_text,
            image.width,
            image.height,
        )

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: Any) -> None:
        if form.prepared:
            keep_files(obj, form.prepared)
        super().save_model(request, obj, form, change)
        if form.prepared and change:
            forget_picture(*form.former)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A picture that is shown somewhere is not deleted: readers would find a gap, and nobody would be told."""
        deletable, counts, lacking, protected = super().get_deleted_objects(objs, request)
        ids = [image.pk for image in objs]
        stories = Article.objects.filter(lead_image__in=ids).only("headline")[:NAMED_USES]
        portrayed = Author.objects.filter(portrait__in=ids)[:NAMED_USES]
        uses = [*(f"Story: {story}" for story in stories), *(f"Author: {author}" for author in portrayed)]
        return deletable, counts, lacking, [*protected, *uses]

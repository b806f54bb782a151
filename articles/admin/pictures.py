"""Pictures: the library, and the page of one: its words, rights, focal point, and where it is used."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.admin.body_pictures import take_in_picture
from articles.admin.desk import DeskAdmin, count_rows, without_copies
from articles.admin.picture_choice import PictureChoicesView
from articles.admin.picture_filters import RightsFilter, UseFilter
from articles.admin.picture_form import ImageForm
from articles.admin.picture_upload import add_several, look_into_file
from articles.models import Article, Image, ImageUse
from articles.pictures.focus import focus_classes
from articles.pictures.renditions import list_renditions, rendition_url
from articles.pictures.storing import forget_picture, keep_files
from articles.pictures.uses import list_uses

THUMBNAIL_WIDTH, PREVIEW_WIDTH = 480, 800
NAMED_USES, SHOWN_USES = 20, 100
UNSEEN = "Stories that you may not see."

# The shapes in which pages of the site, and other programs, show a picture.
CROPS = (
    ("16-9", "16:9", "links shared elsewhere"),
    ("16-10", "16:10", "the lead of the front page"),
    ("3-2", "3:2", "cards"),
    ("4-3", "4:3", "other programs"),
    ("1-1", "1:1", "briefs and portraits"),
)


@admin.register(Image)
class ImageAdmin(DeskAdmin):
    form = ImageForm
    fieldsets = (
        (None, {"fields": ("file", "alt_text", "decorative")}),
        (
            "Focal point",
            {
                "fields": ("preview", ("focal_x", "focal_y")),
                "description": "What stays in sight where the picture is cropped. 0.5 and 0.5 is the centre.",
            },
        ),
        ("Beneath the picture", {"fields": ("caption", "credit", "licence")}),
        ("Rights", {"fields": ("rights_expire_on", "rights_note", "taken_on")}),
        ("Used in", {"fields": ("uses",)}),
    )
    readonly_fields = ("preview", "uses")
    list_display = ("thumbnail", "description", "credit", "size", "stories", "rights", "created_at")
    list_display_links = ("thumbnail", "description")
    # To sort by the number of stories, those of every picture would have to be counted.
    sortable_by = ("description", "credit", "size", "rights", "created_at")
    list_filter = (RightsFilter, UseFilter, "decorative", "created_at")
    search_fields = ("alt_text", "caption", "credit", "licence", "rights_note")
    list_per_page = 60

    class Media:
        css = {"screen": ("admin-newsroom/pictures.css",)}
        js = ("admin-newsroom/pictures.js", "admin-newsroom/pictures-focus.js")

    # The library

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        led = count_rows(without_copies(Article.objects.all(), "pk"), "lead_image")
        rows: QuerySet[Any] = super().get_queryset(request).annotate(stories_shown_in=led + _count_bodies())
        return rows

    @admin.display(description="picture")
    def thumbnail(self, image: Image) -> SafeString:
        return format_html(
            '<img class="desk-thumbnail {}" src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async">',
            focus_classes(image),
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

    @admin.display(description="stories", ordering="stories_shown_in")
    def stories(self, image: Any) -> int:
        return int(image.stories_shown_in)

    @admin.display(description="rights", ordering="rights_expire_on", empty_value="")
    def rights(self, image: Image) -> str | None:
        if image.rights_expire_on is None:
            return None
        day = date_format(image.rights_expire_on, "j F Y")
        return f"Expire on {day}" if image.is_usable() else format_html("<strong>Expired on {}</strong>", day)

    # The page of one

    @admin.display(description="preview")
    def preview(self, image: Image) -> str:
        return render_to_string(
            "admin/articles/image/focal_point.html",
            {
                "image": image,
                "address": rendition_url(image, PREVIEW_WIDTH) if image.pk else "",
                "focus": focus_classes(image),
                "crops": CROPS,
                "renditions": [
                    (each.width, rendition_url(image, each.width))
                    for each in list_renditions(image.digest, image.width)
                    if image.pk and each.extension == "jpg"
                ],
            },
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found: Any = super().get_object(request, object_id, from_field)
        if found:
            found.looked_at_by = request.user
        return found

    @admin.display(description="used in")
    def uses(self, image: Any) -> str:
        """Stories that this person may not see are not named."""
        uses = list_uses([image], most=SHOWN_USES, seen_by=image.looked_at_by) if image.pk else []
        if not uses:
            return UNSEEN if image.pk and list_uses([image], most=1) else "Nothing yet."
        lines = ((_kind(use), _change_address(use), str(use), _state(use)) for use in uses)
        return format_html(
            '<ul class="picture-uses">{}</ul>',
            format_html_join("", '<li>{} <a href="{}">{}</a>{}</li>', lines),
        )

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: Any) -> None:
        if form.prepared:
            keep_files(obj, form.prepared)
        super().save_model(request, obj, form, change)
        if form.prepared and change:
            forget_picture(*form.former)
        if form.filled_in:
            read = ", ".join(form.filled_in).lower()
            self.message_user(request, f"Read from the file: {read}. Look whether it is right.", messages.INFO)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A picture that is shown somewhere is not deleted: readers would find a gap, and nobody would be told."""
        deletable, counts, lacking, protected = super().get_deleted_objects(objs, request)
        images = list(objs)
        uses = [f"{_kind(use)} {use}" for use in list_uses(images, most=NAMED_USES, seen_by=request.user)]
        if not uses and list_uses(images, most=1):
            uses = [UNSEEN]
        return deletable, counts, lacking, [*protected, *uses]

    # Pages beside

    def get_urls(self) -> list[URLPattern]:
        protect = self.admin_site.admin_view
        return [
            path("several/", protect(self.several), name="articles_image_several"),
            path("look/", protect(self.look), name="articles_image_look"),
            path("choices/", protect(self.choices), name="articles_image_choices"),
            path("from-text/", protect(self.from_text), name="articles_image_from_text"),
            *super().get_urls(),
        ]

    def several(self, request: HttpRequest) -> HttpResponse:
        return add_several(self, request)

    def look(self, request: HttpRequest) -> HttpResponse:
        return look_into_file(self, request)

    def from_text(self, request: HttpRequest) -> HttpResponse:
        return take_in_picture(self, request)

    def choices(self, request: HttpRequest) -> HttpResponseBase:
        return PictureChoicesView.as_view(admin_site=self.admin_site)(request)


def _count_bodies() -> Coalesce:
    """How many stories show a picture of the list in their text alone: one that it leads is counted as led."""
    led = Article.objects.filter(lead_image=OuterRef(OuterRef("pk"))).order_by().values("pk")
    uses = without_copies(ImageUse.objects.filter(image_uid=OuterRef("uid")), "article").exclude(article__in=led)
    counted = uses.order_by().values("image_uid").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted), 0)


def _kind(use: Model) -> str:
    return "Story:" if isinstance(use, Article) else "Author:"


def _state(use: Model) -> str:
    return f" ({use.get_status_display().lower()})" if isinstance(use, Article) else ""


def _change_address(use: Model) -> str:
    kind = "article" if isinstance(use, Article) else "author"
    return reverse(f"admin:articles_{kind}_change", args=[use.pk])

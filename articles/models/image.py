"""Pictures with what a newsroom must know of them: words for those who cannot see them, credit, rights, focal point."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.natural_keys import Identified, UidQuerySet
from articles.models.prepared import Given

FRACTION = (MinValueValidator(0.0), MaxValueValidator(1.0))


class ImageQuerySet(UidQuerySet["Image"]):
    def usable(self, on: date | Given | None = None) -> Self:
        """What readers may see today, or on another day: pictures whose rights have not run out.

        ``Image.is_usable()`` says the same of a row that is at hand.
        """
        today = on or timezone.localdate()
        return self.filter(Q(rights_expire_on__isnull=True) | Q(rights_expire_on__gt=today))

    def expired(self, on: date | None = None) -> Self:
        return self.filter(rights_expire_on__lte=on or timezone.localdate())


class Image(Identified):
    file = models.ImageField(upload_to="pictures/%Y/%m/", width_field="width", height_field="height", max_length=255)
    digest = models.CharField(
        max_length=64,
        editable=False,
        db_index=True,
        help_text="SHA-256 of the file as it was uploaded, in hexadecimal.",
    )
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt_text = models.CharField(
        "alternative text",
        max_length=400,
        blank=True,
        help_text="What the picture shows, for readers who do not see it.",
    )
    decorative = models.BooleanField(default=False, help_text="It says nothing that the text does not.")
    caption = models.CharField(max_length=500, blank=True)
    credit = models.CharField(max_length=160, blank=True, help_text="Who made it.")
    licence = models.CharField(max_length=120, blank=True)
    taken_on = models.DateField("made on", null=True, blank=True, help_text="The day on which it was made.")
    rights_expire_on = models.DateField(
        "rights expire on", null=True, blank=True, help_text="From this day on, readers no longer see it anywhere."
    )
    rights_note = models.CharField(
        "note on rights",
        max_length=300,
        blank=True,
        help_text="Who holds them and what they allow. Readers never see it.",
    )
    focal_x = models.FloatField(
        "focal point, across", default=0.5, validators=FRACTION, help_text="From 0 (left) to 1 (right)."
    )
    focal_y = models.FloatField(
        "focal point, down", default=0.5, validators=FRACTION, help_text="From 0 (top) to 1 (bottom)."
    )
    created_at = models.DateTimeField("added at", auto_now_add=True)

    objects = ImageQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ("-created_at", "-pk")
        verbose_name = "picture"
        indexes = (
            # The page cache: pictures whose rights end.
            models.Index(
                fields=("rights_expire_on",),
                condition=models.Q(rights_expire_on__isnull=False),
                name="image_by_end_of_rights",
            ),
        )
        constraints = (
            # Screen readers: a picture has words or is declared to need none, and never both.
            models.CheckConstraint(
                condition=(models.Q(decorative=True) & models.Q(alt_text=""))
                | (models.Q(decorative=False) & ~models.Q(alt_text="")),
                name="image_alternative_decided",
                violation_error_message="Say what the picture shows, or mark it as decorative; not both.",
            ),
            # Crops: the point lies within the picture.
            models.CheckConstraint(
                condition=models.Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
                name="image_focal_point_inside",
            ),
        )

    def __str__(self) -> str:
        return self.alt_text or self.caption or self.file.name or str(self.uid)

    def is_usable(self, on: date | None = None) -> bool:
        """Whether readers may see it today, or on another day."""
        return self.rights_expire_on is None or self.rights_expire_on > (on or timezone.localdate())

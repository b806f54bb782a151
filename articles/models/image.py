"""Pictures with what a newsroom must know of them: words for those who cannot see them, credit, licence, focal point."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from articles.models.natural_keys import Identified, UidQuerySet

FRACTION = (MinValueValidator(0.0), MaxValueValidator(1.0))


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
    focal_x = models.FloatField(
        "focal point, across", default=0.5, validators=FRACTION, help_text="From 0 (left) to 1 (right)."
    )
    focal_y = models.FloatField(
        "focal point, down", default=0.5, validators=FRACTION, help_text="From 0 (top) to 1 (bottom)."
    )
    created_at = models.DateTimeField("added at", auto_now_add=True)

    objects = UidQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ("-created_at", "-pk")
        verbose_name = "picture"
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

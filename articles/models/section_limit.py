"""The sections to which a person is limited; nobody without a row is."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from articles.models.section import Section

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class SectionLimitQuerySet(models.QuerySet["SectionLimit"]):
    def get_by_natural_key(self, username: str) -> "SectionLimit":
        return self.get(user__username=username)


class SectionLimit(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="section_limit")
    sections = models.ManyToManyField(
        Section,
        blank=True,
        related_name="+",
        help_text="This person works on stories of these sections alone; with none chosen on no others’ stories at all.",
    )

    objects = SectionLimitQuerySet.as_manager()

    class Meta:
        verbose_name = "limit to sections"
        verbose_name_plural = "limit to sections"

    def __str__(self) -> str:
        return f"Sections of {self.user}"

    def natural_key(self) -> tuple[str, ...]:
        return (self.user.get_username(),)

    natural_key.dependencies = ["auth.user", "articles.section"]  # type: ignore[attr-defined]


def sections_of(person: "User | AnonymousUser") -> set[int] | None:
    """The keys of the sections to which a person is limited, or None for somebody who is not.

    A limit from which every section went, by deleting them, still is one.
    """
    if person.is_superuser or person.pk is None:
        return None
    # One row without a section where there is a limit and no section.
    keys: list[int | None] = list(SectionLimit.objects.filter(user=person.pk).values_list("sections", flat=True))
    return {key for key in keys if key is not None} if keys else None

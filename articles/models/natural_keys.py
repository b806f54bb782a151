"""Keys under which rows travel between databases, where numbers do not: a slug, or an identifier of their own."""

import uuid
from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class UidQuerySet(models.QuerySet[Row]):
    def get_by_natural_key(self, uid: str) -> Row:
        return self.get(uid=uid)


class SlugQuerySet(models.QuerySet[Row]):
    def get_by_natural_key(self, slug: str) -> Row:
        return self.get(slug=slug)


class Identified(models.Model):
    """A row with an identifier that outlives copies, exports and changed addresses."""

    uid = models.UUIDField("identifier", default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str, ...]:
        return (str(self.uid),)


class Slugged(models.Model):
    """A row that is known by its slug."""

    slug: "models.SlugField[str, str]"

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str, ...]:
        return (self.slug,)

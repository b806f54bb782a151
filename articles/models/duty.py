"""What is done by itself every so often, and when each is due again: whoever takes a duty first does it alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone


class DutyQuerySet(models.QuerySet["Duty"]):
    def get_by_natural_key(self, name: str) -> "Duty":
        return self.get(name=name)

    def take(self, name: str, *, every: timedelta, at: datetime | None = None) -> bool:
        """Whether the duty is due and now the caller's; nobody else has it before ``every`` has passed again."""
        now = at or timezone.now()
        # Both at once from several processes: one of them changes the row.
        if self.filter(name=name).filter(Q(due_at=None) | Q(due_at__lte=now)).update(due_at=now + every):
            return True
        if self.filter(name=name).exists():
            return False
        return self.get_or_create(name=name, defaults={"due_at": now + every})[1]

    @contextmanager
    def holding(self, name: str) -> Iterator[None]:
        """A transaction in which nobody else holds the same."""
        with transaction.atomic():
            self.get_or_create(name=name)
            self.select_for_update().get(name=name)
            yield

    def is_done(self, name: str, *, basis: str) -> bool:
        """Whether its results were computed with this, and need not be again."""
        return self.filter(name=name, basis=basis).exists()

    def mark_done(self, name: str, *, basis: str) -> None:
        self.update_or_create(name=name, defaults={"basis": basis})


class Duty(models.Model):
    name = models.CharField(max_length=60, unique=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # What its results were computed with, such as a half-life: with other values they are computed from the start.
    basis = models.CharField(max_length=200, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, ...]:
        return (self.name,)

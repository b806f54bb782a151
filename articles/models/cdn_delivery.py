"""How far each cache in front of the site has been told what has changed: a place in the purge log, and what went wrong."""

from datetime import datetime

from django.db import models
from django.db.models import Q


class CdnDeliveryQuerySet(models.QuerySet["CdnDelivery"]):
    def take(self, delivery: "CdnDelivery", *, lease: str, at: datetime, until: datetime) -> bool:
        """Whether the caller alone delivers until then: of several at once, one changes the row."""
        free = self.filter(pk=delivery.pk).filter(Q(leased_until=None) | Q(leased_until__lte=at))
        return bool(free.update(lease=lease, leased_until=until))


class CdnDelivery(models.Model):
    # As `articles.page_cache.cdn` calls a cache: of another zone or server there is another row.
    target = models.CharField("cache", max_length=250, unique=True)
    # The place in the purge log (`articles.page_cache.purge_log.Place`) up to which all was told; none at first.
    last = models.BigIntegerField(null=True, editable=False)
    # Lower numbers that were not there yet → the second at which they are given up.
    missing = models.JSONField(default=dict, editable=False)
    # What is told once more: [the second at which, [tags]].
    repeats = models.JSONField(default=list, editable=False)
    delivered_at = models.DateTimeField("last told", null=True)
    failures = models.PositiveIntegerField("failures in a row", default=0)
    failing_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField("tried again", null=True)
    last_error = models.CharField("what went wrong", max_length=300, blank=True)
    # Whose turn it is, and until when nobody else's.
    lease = models.CharField(max_length=32, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)

    objects = CdnDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "CDN"
        verbose_name_plural = "CDNs"
        ordering = ("target",)
        default_permissions = ("view",)
        permissions = (("purge_cdndelivery", "Can purge CDNs and try again"),)

    def __str__(self) -> str:
        return self.target

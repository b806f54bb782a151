"""How often stories were read: one row a story and hour, then day, then month; never a row a read."""

from datetime import datetime
from functools import reduce
from operator import add
from typing import Final

from django.db import models
from django.db.models import F
from django.db.models.expressions import Combinable


class Origin(models.TextChoices):
    """Where a reader came from; each but for `IMPORTED` is a word that a beacon may say."""

    POPULAR = "popular", "Popular posts"
    RELATED = "related", "Related stories"
    SITE = "site", "Elsewhere on this site"
    SEARCH = "search", "Search engines"
    SOCIAL = "social", "Social networks"
    ELSEWHERE = "elsewhere", "Other sites"
    DIRECT = "direct", "Directly"
    # Counted by another system, before this one.
    IMPORTED = "imported", "Imported counts"


class Refusal(models.TextChoices):
    """Why a beacon was not counted as a read."""

    UNKNOWN = "unknown", "No such story, or not public"
    FOREIGN = "foreign", "Sent by another site"
    CRAWLER = "crawler", "Crawler"
    PREFETCH = "prefetch", "Fetched ahead, not looked at"
    STAFF = "staff", "Signed-in staff"
    REPEATED = "repeated", "The same reader again"
    FLOOD = "flood", "Too many from one address"
    UNCHECKED = "unchecked", "The cache was away"


class ReadCountQuerySet(models.QuerySet["ReadCount"]):
    def get_by_natural_key(self, uid: str, period: str, starts_at: str) -> "ReadCount":
        return self.get(article__uid=uid, period=period, starts_at=starts_at)


class ReadCount(models.Model):
    """The reads of a story in one hour, day or month of the site's time zone, by where the readers came from.

    A read is in one row only: hours become days, and days months, when they are old enough.
    """

    class Period(models.TextChoices):
        HOUR = "hour", "Hour"
        DAY = "day", "Day"
        MONTH = "month", "Month"

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="read_counts")
    period = models.CharField(max_length=5, choices=Period)
    starts_at = models.DateTimeField()
    # A column an origin, each named as its origin.
    popular = models.PositiveIntegerField(default=0)
    related = models.PositiveIntegerField(default=0)
    site = models.PositiveIntegerField(default=0)
    search = models.PositiveIntegerField(default=0)
    social = models.PositiveIntegerField(default=0)
    elsewhere = models.PositiveIntegerField(default=0)
    direct = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)

    objects = ReadCountQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = (
            # The flush: one row to add to.
            models.UniqueConstraint(fields=("article", "period", "starts_at"), name="read_count_once"),
        )
        indexes = (
            # Most read in a window, and what is old enough to be rolled up.
            models.Index(fields=("period", "starts_at", "article"), name="read_count_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.period} {self.starts_at:%Y-%m-%d %H:%M}"

    def natural_key(self) -> tuple[str | datetime, ...]:
        return (*self.article.natural_key(), self.period, self.starts_at)

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]


# All reads of a row of `ReadCount`, for queries.
READS: Final[Combinable] = reduce(add, (F(origin) for origin in Origin.values))


class RefusedReadsQuerySet(models.QuerySet["RefusedReads"]):
    def get_by_natural_key(self, day: str, reason: str, uid: str | None = None) -> "RefusedReads":
        return self.get(day=day, reason=reason, article__uid=uid)


class RefusedReads(models.Model):
    """How many beacons were refused on a day, and why; without a story where there is none to name."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, null=True, blank=True, related_name="refused_reads"
    )
    day = models.DateField()
    reason = models.CharField(max_length=10, choices=Refusal)
    number = models.PositiveIntegerField(default=0)

    objects = RefusedReadsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "refused reads"
        default_permissions = ()
        constraints = (
            # The flush: one row to add to, and one where there is no story.
            models.UniqueConstraint(fields=("article", "day", "reason"), name="refused_reads_once"),
            models.UniqueConstraint(
                fields=("day", "reason"), condition=models.Q(article=None), name="refused_reads_once_without_story"
            ),
        )
        indexes = (
            # What readers read, at the desk: a day's refusals of all stories. What is old enough to be forgotten.
            models.Index(fields=("day", "reason"), name="refused_reads_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"

    def natural_key(self) -> tuple[str, ...]:
        return (str(self.day), self.reason, *(self.article.natural_key() if self.article else ()))

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]


class ReadTotalQuerySet(models.QuerySet["ReadTotal"]):
    def get_by_natural_key(self, uid: str) -> "ReadTotal":
        return self.get(article__uid=uid)


class ReadTotal(models.Model):
    """All that is kept of a story's reads beside the counts: their number, and how it trends."""

    # Not the primary key: those of fixtures are numbers of another database.
    article = models.OneToOneField("articles.Article", on_delete=models.CASCADE, related_name="read_total")
    reads = models.PositiveBigIntegerField(default=0)
    # The logarithm of the decayed sum, see `articles.popularity.ranking`; empty where no read weighs anything.
    trend = models.FloatField(null=True, blank=True)

    objects = ReadTotalQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = (
            # The lists of all time, and of what trends.
            models.Index(fields=("-reads",), name="read_total_most"),
            models.Index(fields=("-trend",), name="read_total_trending"),
        )

    def __str__(self) -> str:
        return f"{self.reads} reads"

    def natural_key(self) -> tuple[str, ...]:
        return self.article.natural_key()

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]

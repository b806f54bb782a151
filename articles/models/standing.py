"""The popular lists as they stand, and what editors decide about them."""

from django.conf import settings
from django.db import models


class Window(models.TextChoices):
    """The time over which reads are compared."""

    TRENDING = "trending", "Trending now"
    DAY = "day", "Most read today"
    WEEK = "week", "Most read this week"
    MONTH = "month", "Most read this month"
    YEAR = "year", "Most read this year"
    ALL_TIME = "all", "Most read of all time"


class Scope(models.TextChoices):
    """The stories among which a list is made."""

    SITE = "site", "The whole site"
    SECTION = "section", "A section"
    TAG = "tag", "A tag"
    AUTHOR = "author", "An author"


class StandingQuerySet(models.QuerySet["Standing"]):
    def get_by_natural_key(self, window: str, scope: str, scope_id: int, position: int) -> "Standing":
        return self.get(window=window, scope=scope, scope_id=scope_id, position=position)


class Standing(models.Model):
    """A line of a popular list, made anew as reads come in: a page shows the first that are public."""

    # A list that an editor froze stands beside the others; nothing but editors' pins and exclusions changes it.
    FROZEN = "frozen"

    window = models.CharField(max_length=10, choices=[*Window.choices, (FROZEN, "Frozen")])
    scope = models.CharField(max_length=10, choices=Scope)
    # The key of the section, tag or author; 0 for the whole site.
    scope_id = models.PositiveBigIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="standings")
    # Reads in the window; of what trends, reads as they weigh at the moment at which the list was made.
    reads = models.FloatField()
    is_pinned = models.BooleanField(default=False)

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ("window", "scope", "scope_id", "position")
        default_permissions = ()
        permissions = (
            ("view_popularity", "Can see what readers read"),
            ("curate_popular", "Can pin, exclude and freeze popular posts"),
        )
        constraints = (
            # The sidebar: a list in its order.
            models.UniqueConstraint(fields=("window", "scope", "scope_id", "position"), name="standing_once"),
        )

    def __str__(self) -> str:
        return f"{self.window} {self.scope} {self.scope_id}: {self.position}"

    def natural_key(self) -> tuple[str | int, ...]:
        return (self.window, self.scope, self.scope_id, self.position)


class PopularChoiceQuerySet(models.QuerySet["PopularChoice"]):
    def get_by_natural_key(self, uid: str) -> "PopularChoice":
        return self.get(article__uid=uid)


class PopularChoice(models.Model):
    """An editor's word on a story in the popular lists: at the head of the site's, or in none."""

    class Kind(models.TextChoices):
        PINNED = "pinned", "Pinned"
        EXCLUDED = "excluded", "Excluded"

    # Not the primary key: those of fixtures are numbers of another database.
    article = models.OneToOneField("articles.Article", on_delete=models.CASCADE, related_name="popular_choice")
    kind = models.CharField(max_length=10, choices=Kind)
    position = models.PositiveSmallIntegerField(default=0, help_text="Among the pinned; small numbers first.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = PopularChoiceQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "position", "article")
        default_permissions = ()

    def __str__(self) -> str:
        return self.kind

    def natural_key(self) -> tuple[str, ...]:
        return self.article.natural_key()

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]

"""What an editor decides for the whole site, in one row."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from articles.models.accounts import WithAccounts
from articles.models.standing import Window


class SiteSettingsQuerySet(models.QuerySet["SiteSettings"]):
    def get_by_natural_key(self, name: str) -> "SiteSettings":
        """The one row, whatever it is called."""
        return self.get(pk=1)

    def load(self) -> "SiteSettings":
        """The row, made with its defaults where a site has none yet."""
        return self.get_or_create(pk=1)[0]


class SiteSettings(WithAccounts):
    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=80, default="Newsroom")
    tagline = models.CharField(max_length=160, blank=True)
    description = models.CharField(max_length=300, blank=True, help_text="What search engines show of the front page.")
    lead_story = models.ForeignKey(
        "articles.Article",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="First on the front page; empty for the newest story.",
    )
    popular_shown = models.BooleanField("show popular posts", default=True)
    popular_heading = models.CharField("heading of popular posts", max_length=60, default="Popular posts")
    popular_length = models.PositiveSmallIntegerField(
        "number of popular posts", default=5, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    popular_window = models.CharField(
        "popular posts over",
        max_length=10,
        choices=Window,
        default=Window.WEEK,
        help_text="The list says it to readers.",
    )
    popular_thumbnails = models.BooleanField("show pictures of popular posts", default=False)
    popular_snippets = models.BooleanField("show the sentence under the headline of popular posts", default=False)
    # Since when the list stands still because an editor froze it.
    popular_frozen_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SiteSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = "site settings"
        verbose_name_plural = "site settings"
        constraints = (
            # Every page: there is one row.
            models.CheckConstraint(condition=models.Q(id=1), name="site_settings_single_row"),
            # The sidebar, which asks for that many rows.
            models.CheckConstraint(
                condition=models.Q(popular_length__gte=1, popular_length__lte=10), name="site_settings_popular_length"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, ...]:
        return (self.name,)

"""The app's configuration: connects the side effects and the checks."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        from articles import checks, receivers  # noqa: F401 - models must be loaded before them

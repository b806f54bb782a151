"""What a section, or the whole site, asks of stories before publication, where it is not what the code says."""

from django.db import models

from articles.models.section import Section


class CheckRuleQuerySet(models.QuerySet["CheckRule"]):
    def get_by_natural_key(self, check_name: str, section: str | None = None) -> "CheckRule":
        return self.get(check_name=check_name, section__slug=section)

    def asked_of(self, section: int | None) -> "CheckRuleQuerySet":
        """The rules of the whole site and those of one section, by its key."""
        return self.filter(models.Q(section=None) | models.Q(section=section))


class CheckRule(models.Model):
    class Severity(models.TextChoices):
        BLOCKING = "blocking", "Blocks"
        WARNING = "warning", "Warns"
        OFF = "off", "Off"

    # None for the whole site.
    section = models.ForeignKey(Section, on_delete=models.CASCADE, null=True, blank=True, related_name="check_rules")
    # One of `articles.editorial.checks.registry`; a row of a check that is no more is passed over.
    check_name = models.CharField("check", max_length=40)
    severity = models.CharField(max_length=10, choices=Severity)

    objects = CheckRuleQuerySet.as_manager()

    class Meta:
        default_permissions = ("change",)
        constraints = (
            # Whoever checks a story: one answer for each section, and one for the site.
            models.UniqueConstraint(fields=("section", "check_name"), name="check_rule_once_per_section"),
            models.UniqueConstraint(
                fields=("check_name",), condition=models.Q(section=None), name="check_rule_once_for_site"
            ),
        )

    def __str__(self) -> str:
        return f"{self.check_name}: {self.severity}"

    def natural_key(self) -> tuple[str, ...]:
        return (self.check_name, *(self.section.natural_key() if self.section else ()))

    natural_key.dependencies = ["articles.section"]  # type: ignore[attr-defined]

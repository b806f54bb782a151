"""What sections ask of stories before publication, and who may say so."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

roles = import_module("articles.migrations.0004_roles")

GROUPS = ("Publisher", "Administrator")


def allow(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).filter(name__in=GROUPS):
        group.permissions.add(roles.permission(apps, schema_editor, "checkrule:change"))


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_roles_for_revisions")]

    operations = [
        migrations.CreateModel(
            name="CheckRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("check_name", models.CharField(max_length=40, verbose_name="check")),
                (
                    "severity",
                    models.CharField(
                        choices=[("blocking", "Blocks"), ("warning", "Warns"), ("off", "Off")], max_length=10
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_rules",
                        to="articles.section",
                    ),
                ),
            ],
            options={"default_permissions": ("change",)},
        ),
        migrations.AddConstraint(
            model_name="checkrule",
            constraint=models.UniqueConstraint(fields=("section", "check_name"), name="check_rule_once_per_section"),
        ),
        migrations.AddConstraint(
            model_name="checkrule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("section", None)), fields=("check_name",), name="check_rule_once_for_site"
            ),
        ),
        migrations.RunPython(allow, migrations.RunPython.noop, elidable=False),
    ]

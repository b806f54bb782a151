"""What sections ask of stories before publication, and who may say so."""

import django.db.models.deletion
from django.db import migrations, models

GROUPS = ("Publisher", "Administrator")


def allow(apps, schema_editor):
    """Permissions are made after the last migration: this one is made here, and found there."""
    alias = schema_editor.connection.alias
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="articles", model="checkrule")
    )
    permission, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(
            content_type=content_type,
            codename="change_checkrule",
            defaults={"name": "Can say which checks block publication"},
        )
    )
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=GROUPS):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

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
            options={
                "permissions": (("change_checkrule", "Can say which checks block publication"),),
                "default_permissions": (),
            },
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
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]

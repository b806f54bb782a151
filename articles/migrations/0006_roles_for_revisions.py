"""Whoever works on stories may look at their versions."""

from importlib import import_module

from django.db import migrations

roles = import_module("articles.migrations.0004_roles")


def allow(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for group in groups.filter(name__in=roles.GROUPS):
        group.permissions.add(roles.permission(apps, schema_editor, "revision:view"))


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_working_copies")]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop, elidable=False)]

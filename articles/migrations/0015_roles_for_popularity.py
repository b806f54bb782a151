"""Whoever works here may see what readers read; editors and those above them decide about the popular lists."""

from importlib import import_module

from django.db import migrations

roles = import_module("articles.migrations.0004_roles")
CURATORS = ("Editor", "Publisher", "Administrator")
WORDS = {
    "view_popularity": "Can see what readers read",
    "curate_popular": "Can pin, exclude and freeze popular posts",
}


def allow(apps, schema_editor):
    alias = schema_editor.connection.alias
    types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    standing, _ = types.get_or_create(app_label="articles", model="standing")
    found = {
        codename: permissions.get_or_create(content_type=standing, codename=codename, defaults={"name": name})[0]
        for codename, name in WORDS.items()
    }
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=roles.GROUPS):
        group.permissions.add(found["view_popularity"])
        if group.name in CURATORS:
            group.permissions.add(found["curate_popular"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0014_popularity_and_related")]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop, elidable=False)]

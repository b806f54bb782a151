"""How far each cache in front of the site has been told what has changed; administrators see it, and may purge."""

from importlib import import_module

from django.db import migrations, models

roles = import_module("articles.migrations.0004_roles")
PERMISSIONS = ("view", "purge")


def allow(apps, schema_editor):
    wanted = [roles.permission(apps, schema_editor, f"cdndelivery:{action}") for action in PERMISSIONS]
    for group in apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).filter(name="Administrator"):
        group.permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [("articles", "0020_purge")]

    operations = [
        migrations.CreateModel(
            name="CdnDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target", models.CharField(max_length=250, unique=True, verbose_name="cache")),
                ("last", models.BigIntegerField(editable=False, null=True)),
                ("missing", models.JSONField(default=dict, editable=False)),
                ("repeats", models.JSONField(default=list, editable=False)),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="last told")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("failing_since", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True, verbose_name="tried again")),
                ("last_error", models.CharField(blank=True, max_length=300, verbose_name="what went wrong")),
                ("lease", models.CharField(blank=True, editable=False, max_length=32)),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "CDN",
                "verbose_name_plural": "CDNs",
                "ordering": ("target",),
                "permissions": (("purge_cdndelivery", "Can purge CDNs and try again"),),
                "default_permissions": ("view",),
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop, elidable=False),
    ]

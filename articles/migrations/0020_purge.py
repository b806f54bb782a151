"""The purge log: what has changed for readers, for every process that keeps pages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0019_scale")]

    operations = [
        migrations.CreateModel(
            name="Purge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("tags", models.JSONField(default=list)),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("pk",),
                "default_permissions": (),
                "indexes": [models.Index(fields=["recorded_at"], name="purge_by_time")],
            },
        ),
    ]

"""Indexes for the lists of the desk."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_autosave_outlives_story")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["published_at", "id"], name="article_by_publication"),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["-created_at", "-id"], name="revision_newest"),
        ),
    ]

"""What somebody typed outlives the story, or the working copy, into whose form it was typed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_previews")]

    operations = [
        migrations.AlterField(
            model_name="autosave",
            name="article",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="autosaves",
                to="articles.article",
            ),
        ),
    ]

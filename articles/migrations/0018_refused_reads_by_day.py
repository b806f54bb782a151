"""Reads that were refused on a day, for the pages that tell of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0017_body_links")]

    operations = [
        migrations.AddIndex(
            model_name="refusedreads",
            index=models.Index(fields=["day", "reason"], name="refused_reads_by_day"),
        ),
    ]

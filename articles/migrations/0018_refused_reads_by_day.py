from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0015_roles_for_popularity")]

    operations = [
        migrations.AddIndex(
            model_name="refusedreads",
            index=models.Index(fields=["day", "reason"], name="refused_reads_by_day"),
        ),
    ]

"""To which stories the links in bodies lead, for the bodies that are here already."""

from itertools import islice

import django.db.models.deletion
from django.db import migrations, models

from articles.content.references import find_references

CHUNK = 500


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    link = apps.get_model("articles", "BodyLink")
    stories = apps.get_model("articles", "Article").objects.using(alias).filter(body__contains="data-article=")
    bodies = stories.order_by().values_list("pk", "body").iterator(chunk_size=CHUNK)
    rows = (link(article_id=pk, target_uid=uid) for pk, body in bodies for uid in find_references(body).articles)
    while chunk := list(islice(rows, CHUNK)):
        link.objects.using(alias).bulk_create(chunk, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("articles", "0016_search_index")]

    operations = [
        migrations.CreateModel(
            name="BodyLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target_uid", models.UUIDField(verbose_name="identifier of the story")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="body_links", to="articles.article"
                    ),
                ),
            ],
            options={
                "verbose_name": "link in a text",
                "verbose_name_plural": "links in texts",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="bodylink",
            constraint=models.UniqueConstraint(fields=("article", "target_uid"), name="body_link_once"),
        ),
        migrations.AddIndex(
            model_name="bodylink",
            index=models.Index(fields=["target_uid", "article"], name="body_link_by_target"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]

"""Which pictures the bodies of stories show, for the bodies that are here already."""

from itertools import islice

import django.db.models.deletion
from django.db import migrations, models

from articles.content.references import find_references

CHUNK = 500


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    use = apps.get_model("articles", "ImageUse")
    stories = apps.get_model("articles", "Article").objects.using(alias).filter(body__contains="data-image=")
    bodies = stories.order_by().values_list("pk", "body").iterator(chunk_size=CHUNK)
    rows = (use(article_id=pk, image_uid=uid) for pk, body in bodies for uid in find_references(body).pictures)
    while chunk := list(islice(rows, CHUNK)):
        use.objects.using(alias).bulk_create(chunk, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_desk_indexes")]

    operations = [
        migrations.CreateModel(
            name="ImageUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("image_uid", models.UUIDField(verbose_name="identifier of the picture")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="image_uses", to="articles.article"
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a picture",
                "verbose_name_plural": "uses of pictures",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="imageuse",
            constraint=models.UniqueConstraint(fields=("article", "image_uid"), name="image_use_once"),
        ),
        migrations.AddIndex(
            model_name="imageuse",
            index=models.Index(fields=["image_uid", "article"], name="image_use_by_image"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]

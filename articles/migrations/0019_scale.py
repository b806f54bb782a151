"""What lists and searches of a large archive go by: see articles.models.listed_at and articles.search.backends."""

from django.db import migrations, models

# SQLite. The triggers that keep the index are made after each run of migrations.
HEADLINES = (
    "CREATE VIRTUAL TABLE articles_headlines USING fts5("
    "headline, content='articles_article', content_rowid='id', tokenize='trigram')"
)


def add_headlines(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(HEADLINES)


def drop_headlines(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for event in ("insert", "update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS articles_headlines_{event}")
        schema_editor.execute("DROP TABLE IF EXISTS articles_headlines")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0018_refused_reads_by_day'),
    ]

    operations = [
        migrations.AddField(
            model_name='byline',
            name='listed_at',
            field=models.DateTimeField(editable=False, null=True, serialize=False),
        ),
        migrations.AddField(
            model_name='citation',
            name='listed_at',
            field=models.DateTimeField(editable=False, null=True, serialize=False),
        ),
        migrations.AddField(
            model_name='taggedarticle',
            name='listed_at',
            field=models.DateTimeField(editable=False, null=True, serialize=False),
        ),
        migrations.AddIndex(
            model_name='byline',
            index=models.Index(fields=['author', '-listed_at', '-article'], name='byline_newest'),
        ),
        migrations.AddIndex(
            model_name='citation',
            index=models.Index(fields=['source', '-listed_at', '-article'], name='citation_newest'),
        ),
        migrations.AddIndex(
            model_name='taggedarticle',
            index=models.Index(fields=['tag', '-listed_at', '-content_object'], name='tagged_newest'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['status', '-modified_at'], name='article_modified_by_status'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['section', '-modified_at'], name='article_modified_by_section'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['story_type', '-modified_at'], name='article_modified_by_type'),
        ),
        migrations.RunPython(add_headlines, drop_headlines),
    ]

"""On PostgreSQL, stories are found by any part of their headline without reading them all.

The index needs the extension pg_trgm, which comes with PostgreSQL. Where the account may not add it, nothing else changes:
the search reads all headlines, and an operator can add extension and index later.
"""

from django.db import DatabaseError, migrations, transaction

# As Django asks for a part of a text.
INDEX = (
    "CREATE INDEX IF NOT EXISTS article_headline_trigrams"
    " ON articles_article USING gin (UPPER(headline::text) gin_trgm_ops)"
)


def add_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(INDEX)
    except DatabaseError as error:
        print(f"Headlines go without an index for searching: {error}")  # noqa: T201 - whoever migrates shall know


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS article_headline_trigrams")


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_image_uses")]

    operations = [migrations.RunPython(add_index, drop_index)]

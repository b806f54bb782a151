"""An index of the words of stories: FTS5 on SQLite, a column of lexemes on PostgreSQL; and the words for the bodies that are here already."""

from django.db import migrations, models

from articles.content.text import html_to_text

CHUNK = 500

# SQLite. The triggers that keep the index are made after each run of migrations, see articles.search.backends.sqlite_fts5.
FTS5 = (
    "CREATE VIRTUAL TABLE articles_search USING fts5("
    "headline, dek, body_text, content='articles_article', content_rowid='id',"
    " tokenize='porter unicode61 remove_diacritics 2', prefix='2 3')"
)

# PostgreSQL. A language without a configuration of its own is indexed as it is written.
CONFIGURATIONS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "da": "danish", "nl": "dutch", "en": "english",
    "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian",
    "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nb": "norwegian", "nn": "norwegian",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}
# A column of lexemes holds a megabyte; a text beyond that must be saved all the same. A character has four bytes at the
# most, and a compound with hyphens is kept as a whole and in parts.
INDEXED_CHARACTERS = 100_000


def configuration_sql():
    cases = " ".join(f"WHEN '{code}' THEN '{name}'::regconfig" for code, name in CONFIGURATIONS.items())
    return f"(CASE lower(split_part(language, '-', 1)) {cases} ELSE 'simple'::regconfig END)"


def tsvector_sql():
    configuration = configuration_sql()
    parts = (("headline", "A"), ("dek", "B"), (f"left(body_text, {INDEXED_CHARACTERS})", "C"))
    return " || ".join(f"setweight(to_tsvector({configuration}, {text}), '{weight}')" for text, weight in parts)


def fill(apps, schema_editor):
    """A chunk at a time, by the order of the keys: the memory needed does not grow with the archive."""
    connection = schema_editor.connection
    stories = apps.get_model("articles", "Article").objects.using(connection.alias).order_by("pk")
    last = 0
    with connection.cursor() as cursor:
        while chunk := list(stories.filter(pk__gt=last).values_list("pk", "body")[:CHUNK]):
            rows = [(html_to_text(body), pk) for pk, body in chunk]
            cursor.executemany("UPDATE articles_article SET body_text = %s WHERE id = %s", rows)
            last = chunk[-1][0]


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(FTS5)
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"ALTER TABLE articles_article ADD COLUMN search_vector tsvector GENERATED ALWAYS AS ({tsvector_sql()}) STORED"
        )
        schema_editor.execute("CREATE INDEX articles_search ON articles_article USING gin (search_vector)")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for event in ("insert", "update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS articles_search_{event}")
        schema_editor.execute("DROP TABLE IF EXISTS articles_search")
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE articles_article DROP COLUMN IF EXISTS search_vector")


class Migration(migrations.Migration):
    dependencies = [("articles", "0015_roles_for_popularity")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="body_text",
            field=models.TextField(blank=True, default="", editable=False, serialize=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(add_index, drop_index),
    ]

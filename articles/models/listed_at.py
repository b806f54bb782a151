"""Triggers that keep `listed_at` of tags, bylines and citations: what is written past the models is kept as well."""

from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

# Whose rows know when their story was published, and by which column they know their story.
_LISTED: Final = {
    "articles_taggedarticle": "content_object_id",
    "articles_byline": "article_id",
    "articles_citation": "article_id",
}
_PUBLISHED: Final = "(SELECT published_at FROM articles_article WHERE id = {key} AND status = 'published')"
_CHANGED: Final = "{old}.status {differs} {new}.status OR {old}.published_at {differs} {new}.published_at"


def ensure_triggers() -> bool:
    """Makes those that are missing, and reads all times anew where any was; whether any was."""
    wanted = _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite()
    with connection.cursor() as cursor:
        missing = wanted.keys() - _triggers(cursor)
        for name in sorted(missing):
            cursor.execute(wanted[name])
        if missing:
            for table, key in _LISTED.items():
                published = _PUBLISHED.format(key=f"{table}.{key}")
                cursor.execute(f"UPDATE {table} SET listed_at = {published}")  # noqa: S608 - own names
    return bool(missing)


def drop_triggers() -> None:
    """Before tables change: SQLite renames no table while a trigger speaks of one that is not there just then."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for name in _on_sqlite().keys() & _triggers(cursor):
            cursor.execute(f"DROP TRIGGER {name}")


def _triggers(cursor: CursorWrapper) -> set[str]:
    if connection.vendor == "postgresql":
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'articles_listed%%'")
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'articles_listed%%'")
    return {name for (name,) in cursor.fetchall()}


def _on_sqlite() -> dict[str, str]:
    changed = _CHANGED.format(old="old", new="new", differs="IS NOT")
    told = "".join(
        f"UPDATE {table} SET listed_at = CASE WHEN new.status = 'published' THEN new.published_at END"  # noqa: S608 - own names
        f" WHERE {key} = new.id; "
        for table, key in _LISTED.items()
    )
    made = {
        "articles_listed_added": f"AFTER INSERT ON articles_article BEGIN {told}END",
        "articles_listed_changed": (
            f"AFTER UPDATE OF status, published_at ON articles_article WHEN {changed} BEGIN {told}END"
        ),
    }
    for table, key in _LISTED.items():
        published = _PUBLISHED.format(key=f"new.{key}")
        taken = (
            f"ON {table} WHEN new.listed_at IS NOT {published}"  # noqa: S608 - own names
            f" BEGIN UPDATE {table} SET listed_at = {published} WHERE id = new.id; END"
        )
        made[f"articles_listed_in_{table}"] = f"AFTER INSERT {taken}"
        made[f"articles_listed_again_in_{table}"] = f"AFTER UPDATE OF {key}, listed_at {taken}"
    return {name: f"CREATE TRIGGER {name} {body}" for name, body in made.items()}


def _on_postgresql() -> dict[str, str]:
    changed = _CHANGED.format(old="OLD", new="NEW", differs="IS DISTINCT FROM")
    told = " ".join(
        f"UPDATE {table} SET listed_at = CASE WHEN NEW.status = 'published' THEN NEW.published_at END"  # noqa: S608 - own names
        f" WHERE {key} = NEW.id;"
        for table, key in _LISTED.items()
    )
    made = {
        "articles_listed_added": _postgresql_trigger(
            "articles_listed_added", f"{told} RETURN NULL;", "AFTER INSERT ON articles_article"
        ),
        "articles_listed_changed": _postgresql_trigger(
            "articles_listed_changed",
            f"{told} RETURN NULL;",
            "AFTER UPDATE OF status, published_at ON articles_article",
            when=changed,
        ),
    }
    for table, key in _LISTED.items():
        name = f"articles_listed_in_{table}"
        # Locked, so that of a publication and a tag that meet, one waits for the other and sees what it did.
        published = _PUBLISHED.format(key=f"NEW.{key}").removesuffix(")") + " FOR SHARE)"
        made[name] = _postgresql_trigger(
            name,
            f"NEW.listed_at := {published}; RETURN NEW;",
            f"BEFORE INSERT OR UPDATE OF {key}, listed_at ON {table}",
        )
    return made


def _postgresql_trigger(name: str, body: str, event: str, *, when: str = "") -> str:
    condition = f" WHEN ({when})" if when else ""
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$;"
        f" CREATE TRIGGER {name} {event} FOR EACH ROW{condition} EXECUTE FUNCTION {name}()"
    )

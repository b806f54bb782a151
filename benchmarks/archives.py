"""Archives to measure with: `python benchmarks/archives.py FOLDER [NUMBER ...]`, by default 1,000, 100,000 and 1,000,000 stories.

Builds what is not there yet: a SQLite database a size in the folder, or, where DATABASE_URL names a PostgreSQL server,
a database a size on it, `archive_1000` and so on. The same rows each time. Words follow Zipf's law and are invented;
the first tag stands on a tenth of all stories; dates go back over twenty years. Rows are written past the models,
their indexes made afterwards, and the database has its statistics when it is done.
"""

import argparse
import io
import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.module_loading import import_string

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 100_000, 1_000_000)
SECTIONS, AUTHORS, TAGS, SOURCES, PICTURES = 10, 300, 4_000, 200, 200
VOCABULARY, SENTENCES = 80_000, 4_000
WORDS = 200
SUGGESTED = 5
YEARS = 20
END = datetime(2026, 11, 1, tzinfo=UTC)
START = END - timedelta(days=YEARS * 365.25)
SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstvw" for vowel in ("a", "e", "i", "o", "ou", "er", "an")]
CONNECTIVES = "the of and to in a that for on with was by as at from it is were had not but".split()
# Of searches: a word that every tenth headline has, one that every thousandth has, and one that one has.
COMMON, UNCOMMON, RARE = "harbour", "lighthouse", "zirconium"
TEXT_INDEXES = ("articles_search", "articles_headlines")
# Bytes of a fingerprint.
SIGNATURE = 513
ROWS = 5_000

Row = tuple[Any, ...]


def uid_of(number: int, kind: int = 0) -> str:
    """Spread over all identifiers as random ones are, and known from the number."""
    return f"{((number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 + kind * 0xD1B54A32D192ED03) % 2**128:032x}"


def moment_text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") + ("+00" if connection.vendor == "postgresql" else "")


class Words:
    """A vocabulary, and sentences of it that recur, so that a million bodies are made within a minute."""

    def __init__(self, chosen: random.Random) -> None:
        self.random = chosen
        invented = {"".join(chosen.choices(SYLLABLES, k=chosen.choice((2, 3, 3, 4)))): None for _ in range(VOCABULARY)}
        self.words = [*CONNECTIVES, *invented]
        self.uncommon = self.words[200:]
        self.weights = list(itertools.accumulate(1 / rank for rank in range(1, len(self.words) + 1)))
        self.sentences = [" ".join(self.pick(14)).capitalize() + "." for _ in range(SENTENCES)]

    def pick(self, number: int) -> list[str]:
        return self.random.choices(self.words, cum_weights=self.weights, k=number)

    def rare(self, number: int) -> list[str]:
        return self.random.choices(self.uncommon, k=number)


class Archive:
    """The rows of one archive, a table after the other; a story's key is its number."""

    def __init__(self, stories: int, *, words: int = WORDS, light: bool = False) -> None:
        self.stories, self.length, self.is_light = stories, words, light
        self.random = random.Random(7)  # noqa: S311 - the same rows each time
        self.words = Words(self.random)
        self.subjects = [self.words.rare(12) for _ in range(min(40_000, max(20, stories // 25)))]
        self.author_weights = list(itertools.accumulate(1 / rank**0.8 for rank in range(1, AUTHORS + 1)))
        self.tag_weights = list(itertools.accumulate(1 / rank**0.9 for rank in range(2, TAGS + 1)))
        self.gone: set[int] = set()
        # Beyond the last story, whose rows are working copies.
        self.copies = 0 if light else stories // 500

    def published_at(self, key: int) -> str:
        """More each year, so that a month of the smallest archive fills a page too; no two at the same moment."""
        return moment_text(END - (END - START) * (1 - key / self.stories) ** 2)

    def listed_at(self, key: int) -> str | None:
        return None if key in self.gone else self.published_at(key)

    def source(self) -> int:
        """The first stands under half of what cites any, so that its page is full in small archives too."""
        return min(SOURCES, int(self.random.paretovariate(1)))

    def keys(self, every: int = 1) -> range:
        return range(1, self.stories + 1, every)

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], Iterable[Row]]]:
        """Model, names of fields, rows. What is not named has its default."""
        yield (
            "Section",
            ("id", "name", "slug", "position"),
            ((n, f"Section {n}", f"section-{n}", n) for n in range(1, SECTIONS + 1)),
        )
        for name, number in (("Author", AUTHORS), ("Tag", TAGS), ("Source", SOURCES)):
            yield name, ("id", "name", "slug"), self._named(name, number)
        yield (
            "Image",
            ("id", "uid", "file", "digest", "width", "height", "alt_text"),
            (
                (n, uid_of(n, 1), f"pictures/{n}.jpg", f"{n:064x}", 1600, 900, " ".join(self.words.pick(6)))
                for n in range(1, PICTURES + 1)
            ),
        )
        yield "Article", STORY, self._stories()
        yield "Byline", ("article", "author", "position", "listed_at"), self._bylines()
        yield "TaggedArticle", ("content_object", "tag", "listed_at"), self._tagged()
        yield (
            "Citation",
            ("uid", "article", "source", "listed_at"),
            ((uid_of(key, 2), key, self.source(), self.listed_at(key)) for key in self.keys(2)),
        )
        yield "RelatedLink", ("uid", "article", "headline", "headline_key", "target"), self._links()
        yield "BodyLink", ("article", "target_uid"), ((key, uid_of(self._other(key))) for key in self.keys(6))
        yield (
            "Correction",
            ("uid", "article", "text", "corrected_at"),
            (
                (
                    uid_of(key, 4),
                    key,
                    "An earlier version named another " + " ".join(self.words.pick(8)) + ".",
                    self.published_at(key),
                )
                for key in self.keys(20)
            ),
        )
        yield "FormerSlug", ("slug", "article"), ((f"former-{key}", key) for key in self.keys(20))
        yield "Suggestion", ("article", "target", "score", "reasons"), self._suggestions()
        if not self.is_light:
            yield (
                "Fingerprint",
                ("article", "signature"),
                ((key, bytes([1]) + self.random.randbytes(SIGNATURE - 1)) for key in self.keys()),
            )
            yield "Revision", ("uid", "article", "number", "created_at", "person_name", "snapshot"), self._revisions()
            yield (
                "Activity",
                ("uid", "happened_at", "article", "article_uid", "headline", "person_name", "action"),
                (
                    (uid_of(key, 6), self.published_at(key), key, uid_of(key), f"Story {key}", "chief", "publish")
                    for key in self.keys(5)
                ),
            )
        yield (
            "PopularList",
            ("id", "article", "listed_on"),
            ((n, key, self.published_at(key)[:10]) for n, key in enumerate(self.keys(1000), 1)),
        )
        yield (
            "PopularEntry",
            ("list", "position", "headline", "headline_key", "target"),
            (
                (n, place, f"Story {place}", f"story {place}", self._other(key))
                for n, key in enumerate(self.keys(1000), 1)
                for place in range(1, 5)
            ),
        )
        yield (
            "ReadTotal",
            ("article", "reads", "trend"),
            ((key, int(1e7 / (key % 9973 + 1) ** 1.1), self.random.random() * 100) for key in self.keys(3)),
        )
        yield (
            "ReadCount",
            ("article", "period", "starts_at", "direct"),
            (
                (key, period, moment_text(at), 1 + key % 97)
                for key in self.keys(10)
                for period, at in (("month", END - timedelta(days=31)), ("day", END - timedelta(days=2)))
            ),
        )
        yield "Standing", ("window", "scope", "scope_id", "position", "article", "reads"), self._standings()

    def _named(self, name: str, number: int) -> Iterator[Row]:
        for n in range(1, number + 1):
            yield n, f"{' '.join(self.words.rare(2)).title()} {n}", f"{name.lower()}-{n}"

    def _stories(self) -> Iterator[Row]:
        chance, pick = self.random.random, self.random.choice
        statuses = ["published"] * 94 + ["draft"] * 3 + ["in_review", "approved", "withdrawn"]
        for key in self.keys():
            # The newest and the oldest are there, whatever chance says: pages are measured on them.
            status = "published" if key % 1000 < 20 else pick(statuses)
            yield self._story(key, status, chance())
            if status != "published":
                self.gone.add(key)
        for number in range(1, self.copies + 1):
            replaced = number * 500 - 400
            row = dict(zip(STORY, self._story(self.stories + number, "draft", 0.5), strict=True))
            yield tuple((row | {"slug": f"story-{replaced}", "replaces": replaced, "based_on": 1}).values())

    def _story(self, key: int, status: str, chance: float) -> Row:
        subject = self.subjects[int(chance * len(self.subjects))]
        headline = f"{' '.join(subject[key % 6 : key % 6 + 4])} {COMMON if key % 10 == 5 else ''} {UNCOMMON if key % 1000 == 7 else ''} {RARE if key == 77 else ''} {key}"
        headline = " ".join(headline.split()).capitalize()
        text = self._text(key, subject)
        body = "".join(f"<p>{paragraph}</p>" for paragraph in text)
        if key % 6 == 1:
            body += f'<p><a data-article="{uid_text(uid_of(self._other(key)))}">More</a></p>'
        at = self.published_at(min(key, self.stories))
        is_out = status in {"published", "withdrawn"}
        return (
            key, uid_of(key), headline, headline.lower(), f"story-{key}", self.words.sentences[key % SENTENCES], body,
            text[0][:200], " ".join(text), self.length, key // 17 % SECTIONS + 1, key % PICTURES + 1 if key % 3 == 0 else None,
            ("news", "news", "opinion", "feature")[key % 4], status, at if is_out else None, at if is_out else None, at,
            moment_text(END - timedelta(minutes=key)) if key % 50 == 0 else at, "en",
            moment_text(datetime(2099, 1, 1, tzinfo=UTC)) if key % 2000 == 1500 else None, None, None,
        )  # fmt: skip

    def _text(self, key: int, subject: list[str]) -> list[str]:
        own = [*self.words.pick(min(30, self.length)), *subject, *subject[:4]]
        sentences = self.words.sentences
        more = max(0, self.length - len(own)) // 14
        said = [sentences[(key * 31 + number * 977) % SENTENCES] for number in range(more)]
        return [" ".join(own).capitalize() + ".", *(" ".join(said[start : start + 4]) for start in range(0, more, 4))]

    def _other(self, key: int) -> int:
        """A story not far from another."""
        return (key + self.random.randrange(1, min(5_000, self.stories))) % self.stories + 1

    def _bylines(self) -> Iterator[Row]:
        chosen = self.random.choices(range(1, AUTHORS + 1), cum_weights=self.author_weights, k=self.stories)
        for key, author in zip(self.keys(), chosen, strict=True):
            yield key, author, 0, self.listed_at(key)
            if key % 7 == 0:
                yield key, author % AUTHORS + 1, 1, self.listed_at(key)

    def _tagged(self) -> Iterator[Row]:
        """The first tag on a tenth of all, three more on each, of which the next ones are common and the last rare."""
        for key in self.keys():
            listed = self.listed_at(key)
            if key % 10 == 0:
                yield key, 1, listed
            for tag in {*self.random.choices(range(2, TAGS + 1), cum_weights=self.tag_weights, k=3)}:
                yield key, tag, listed

    def _links(self) -> Iterator[Row]:
        for key in self.keys():
            headline = self.words.sentences[key * 7 % SENTENCES][:100]
            # Waiting ones are few: editors find them, or they heal.
            yield uid_of(key, 3), key, headline, headline.lower(), self._other(key) if key % 1000 else None

    def _suggestions(self) -> Iterator[Row]:
        reasons = json.dumps({"tags": [1], "text": 0.4, "section": True, "recency": 0.9})
        for key in self.keys(100 if self.is_light else 1):
            for number, target in enumerate({self._other(key) for _ in range(SUGGESTED)} - {key}):
                yield key, target, 2.0 - number / 10, reasons

    def _revisions(self) -> Iterator[Row]:
        fields = {"headline": "Story", "dek": "", "body": f"<p>{self.words.sentences[0]}</p>"}
        for key in self.keys(20):
            yield uid_of(key, 5), key, 1, self.published_at(key), "chief", json.dumps({"fields": fields})

    def _standings(self) -> Iterator[Row]:
        scopes = [("site", 0), *(("section", n) for n in range(1, SECTIONS + 1)), ("tag", 1), ("author", 1)]
        for window, (scope, key) in itertools.product(
            ("trending", "day", "week", "month", "year", "all", "frozen"), scopes
        ):
            for position in range(1, 21):
                yield window, scope, key, position, self.stories - position * 3 - key, 500.0 - position


STORY = (
    "id", "uid", "headline", "headline_key", "slug", "dek", "body", "excerpt", "body_text", "word_count", "section",
    "lead_image", "story_type", "status", "published_at", "first_published_at", "created_at", "modified_at", "language",
    "embargoed_until", "replaces", "based_on",
)  # fmt: skip


def uid_text(plain: str) -> str:
    return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"


def fill(archive: Archive, say: Callable[[str], None]) -> None:
    """Writes all rows of an archive into a database that has its tables and no stories."""
    order = [apps.get_model("articles", name)._meta.db_table for name, _, _ in archive.tables()]  # noqa: SLF001
    with transaction.atomic(), without_indexes(order, say):
        for name, fields, rows in archive.tables():
            started = time.perf_counter()
            number = write(apps.get_model("articles", name), fields, rows)
            say(f"{number:>10,} {name} ({time.perf_counter() - started:.0f} s)")


def write(model: Any, names: tuple[str, ...], rows: Iterable[Row]) -> int:
    """Columns that are not named take their fields' defaults, the same for all rows."""
    fields = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001
    own_key = () if "id" in names else ("id",)
    rest = [field for name, field in fields.items() if name not in {*names, *own_key}]
    constants = tuple(constant_of(field) for field in rest)
    chosen = [*(fields[name] for name in (*own_key, *names)), *rest]
    columns = [connection.ops.quote_name(field.column) for field in chosen]
    numbered = ((number, *row, *constants) if own_key else (*row, *constants) for number, row in enumerate(rows, 1))
    return (copy_rows if connection.vendor == "postgresql" else insert_rows)(model._meta.db_table, columns, numbered)  # noqa: SLF001


def constant_of(field: Any) -> Any:
    value = field.get_default()
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        value = moment_text(END)
    elif callable(getattr(value, "isoformat", None)):
        value = moment_text(value)
    elif field.get_internal_type() == "JSONField":
        value = json.dumps(value)
    elif value is None and not field.null:
        value = ""
    return value


def insert_rows(table: str, columns: list[str], rows: Iterable[Row]) -> int:
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - own names
    connection.ensure_connection()
    number, rows = 0, iter(rows)
    while batch := list(itertools.islice(rows, ROWS)):
        connection.connection.executemany(statement, batch)
        number += len(batch)
    return number


def copy_rows(table: str, columns: list[str], rows: Iterable[Row]) -> int:
    number = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copied:
        for row in rows:
            copied.write_row(row)
            number += 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, max(number, 1)])
    return number


@contextmanager
def without_indexes(tables: list[str], say: Callable[[str], None]) -> Iterator[None]:
    """Indexes are made when all rows are there, and foreign keys and triggers do not look at each: rows are consistent."""
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        made = (postgresql_indexes if on_postgresql else sqlite_indexes)(cursor, tables)
        for name, kind, _ in made:
            cursor.execute(f"DROP {kind} {name}")
        if on_postgresql:
            cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone() == (True,):
                cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        if not on_postgresql:
            made += [(index, "", f"INSERT INTO {index}({index}) VALUES ('rebuild')") for index in TEXT_INDEXES]  # noqa: S608
        for name, _, statement in made:
            started = time.perf_counter()
            cursor.execute(statement)
            if (taken := time.perf_counter() - started) > 1:
                say(f"{'':>10} {name} ({taken:.0f} s)")
        if on_postgresql:
            cursor.execute("RESET session_replication_role")
            # What PostgreSQL does by itself some minutes later: until then it plans in the dark.
            cursor.execute("ANALYZE")
    # With an index goes what SQLite was told of it.
    import_string("articles.models.planner.ensure_statistics")()


def sqlite_indexes(cursor: Any, tables: list[str]) -> list[tuple[str, str, str]]:
    places = ", ".join(["%s"] * len(tables))
    cursor.execute(
        f"SELECT name, type, sql FROM sqlite_master WHERE tbl_name IN ({places}) AND type IN ('trigger', 'index') AND sql IS NOT NULL ORDER BY type",  # noqa: S608 - placeholders
        tables,
    )
    return cursor.fetchall()


def postgresql_indexes(cursor: Any, tables: list[str]) -> list[tuple[str, str, str]]:
    cursor.execute(
        "SELECT indexname, 'INDEX', indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s)"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [tables],
    )
    return cursor.fetchall()


# As a command: a database a size.


def environment_of(folder: Path, number: int) -> dict[str, str]:
    """The environment in which the archive of that size is the site's."""
    data = folder / str(number)
    data.mkdir(parents=True, exist_ok=True)
    server = os.environ.get("DATABASE_URL", "")
    database = f"{server.rpartition('/')[0]}/archive_{number}" if server.startswith("postgres") else ""
    names = {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "false"}
    found = {**os.environ, **names, "DATABASE_URL": database}
    if not database:
        del found["DATABASE_URL"]
    found.pop("SITE_URL", None)
    return found


def ensure_archive(folder: Path, number: int) -> dict[str, str]:
    """Builds the archive of that size where it is not there; the environment in which it is the site's."""
    environment = environment_of(folder, number)
    command = [sys.executable, __file__, str(folder), str(number), "--here"]
    subprocess.run(command, env=environment, check=True)  # noqa: S603 - this file
    return environment


def make_database() -> None:
    """On a PostgreSQL server, where it is not there."""
    wanted = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:  # noqa: SLF001 - as Django's own tests do
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [wanted])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{wanted}"')


def build_here(number: int) -> None:
    sys.path.insert(0, str(ROOT))
    django.setup()
    started = time.perf_counter()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.perf_counter() - started:6.0f} s  {line}\n")
        sys.stdout.flush()

    if connection.vendor == "postgresql":
        make_database()
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -1500000")
            cursor.execute("PRAGMA temp_store = MEMORY")
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA foreign_keys = OFF")
    call_command("migrate", verbosity=0, stdout=io.StringIO())
    if apps.get_model("articles.Article").objects.exists():
        return
    say(f"{connection.vendor}: an archive of {number:,} stories")
    user = apps.get_model("auth.User")
    if not user.objects.exists():
        user.objects.create_superuser("chief")
    fill(Archive(number), say)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # As autovacuum does: an index is enough only for rows that are known to be visible to all.
            cursor.execute("VACUUM ANALYZE")
    say("done")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "var" / "archives")
    parser.add_argument("numbers", type=int, nargs="*", default=SIZES)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.here:
        build_here(chosen.numbers[0])
        return
    for number in chosen.numbers or SIZES:
        ensure_archive(chosen.folder.resolve(), number)


if __name__ == "__main__":
    main()

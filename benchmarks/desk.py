"""How long the desk keeps an editor waiting: `python benchmarks/desk.py [NUMBER]`.

Asks in this process, as three people, for every list of the admin (each filter, search, sort, day and the last page),
every autocomplete and the pages of stories, among 100,000 stories and 2,000 pictures. Prints median, best and worst
of five in milliseconds, and the number of queries; where others use the machine, the best says more than the median. Without DATABASE_URL on a new SQLite database; one that has stories, of an earlier
run with DATABASE_URL, is measured as it is.
"""

import argparse
import itertools
import logging
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 300
SECTIONS, AUTHORS, TAGS, SOURCES, PICTURES = 12, 500, 3_000, 200, 2_000
WRITERS = 40
WORDS = 100
SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstvw" for vowel in ("a", "e", "i", "o", "ou", "er", "an")]
# Of the lists: a word that every tenth headline has, and one that none or one has.
COMMON, RARE = "harbour", "zirconium"
NOW = datetime.now(UTC)
START = NOW - timedelta(days=15 * 365)
# Pages of the index that show no rows.
PAGES = ("standing", "popularchoice")
PEOPLE = ("chief", "editor", "reporter")


class Archive:
    """Rows as a newsroom has them after fifteen years, the same each time."""

    def __init__(self, stories: int) -> None:
        self.random = random.Random(7)  # noqa: S311 - the same rows each time
        self.words = ["".join(self.random.choices(SYLLABLES, k=self.random.choice((2, 2, 3)))) for _ in range(6_000)]
        self.weights = list(itertools.accumulate(1 / rank for rank in range(1, len(self.words) + 1)))
        self.stories = stories

    def text(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=words))

    def fill(self) -> None:
        for name, number in (("Section", SECTIONS), ("Author", AUTHORS), ("Tag", TAGS), ("Source", SOURCES)):
            keep(name, ({"name": f"{self.text(2).title()} {n}", "slug": f"{name.lower()}-{n}"} for n in range(number)))
        self._fill_people()
        keep("Image", (self._picture(n) for n in range(PICTURES)))
        self.pictures = keys("Image", "uid")
        self.uids = [UUID(int=self.random.getrandbits(128), version=4) for _ in range(self.stories)]
        keep("Article", (self._story(n) for n in range(self.stories)))
        self.keys = keys("Article")
        self._fill_parts()
        self._fill_history()

    def _fill_people(self) -> None:
        user, group = apps.get_model("auth.User"), apps.get_model("auth.Group")
        self.users = [user.objects.create_superuser("chief")]
        for number, name in enumerate((*PEOPLE[1:], *(f"writer-{n}" for n in range(WRITERS)))):
            self.users.append(user.objects.create_user(name, is_staff=True))
            self.users[-1].groups.add(group.objects.get(name="Editor" if name == "editor" else "Reporter"))
            apps.get_model("articles.Author").objects.filter(slug=f"author-{number}").update(user=self.users[-1])
        limit = apps.get_model("articles.SectionLimit").objects.create(user=self.users[1])
        limit.sections.set(keys("Section")[:2])

    def _picture(self, number: int) -> dict[str, Any]:
        words = f"{COMMON} {self.text(6)}" if number % 10 == 0 else self.text(7)
        rights = (NOW + timedelta(days=number - 1_000)).date() if number % 5 == 0 else None
        told = {"alt_text": words, "caption": self.text(9), "credit": self.text(2), "rights_expire_on": rights}
        return {"file": f"pictures/{number}.jpg", "digest": f"{number:064x}", "width": 1600, "height": 900, **told}

    def _story(self, number: int) -> dict[str, Any]:
        moment = START + (NOW - START) * (number / self.stories)
        status = self.random.choices(("published", "draft", "in_review", "approved", "withdrawn"), (84, 8, 3, 2, 3))[0]
        is_out = status in {"published", "withdrawn"}
        times: dict[str, datetime | None] = {"published_at": moment, "first_published_at": moment} if is_out else {}
        if number % 200 == 0:
            times["embargoed_until"] = NOW + timedelta(days=30)
        if number % 300 == 1:
            times["expires_at"] = NOW - timedelta(hours=1)
        headline = f"{self.text(6)} {COMMON if number % 10 == 0 else ''} {RARE if number == 77 else ''} {number}"
        return {
            "uid": self.uids[number], "headline": headline.capitalize(), "slug": f"story-{number}", "status": status,
            "body": self._body(number), "dek": self.text(12), "section_id": self.random.randint(1, SECTIONS),
            "created_by": self.random.choice(self.users), "story_type": self.random.choice(("news", "opinion")),
            "lead_image_id": self.random.randint(1, PICTURES // 2) if number % 3 == 0 else None, **times,
        }  # fmt: skip

    def _body(self, number: int) -> Any:
        from articles.content.sanitising import CleanHTML  # noqa: PLC0415 - only now on the path

        parts = [f"<p>{self.text(WORDS // 2)}.</p>" for _ in range(2)]
        if number % 8 == 0:
            # The last fifth of the pictures is used nowhere.
            uid = self.pictures[self.random.randrange(PICTURES * 4 // 5)]
            parts.append(f'<figure data-image="{uid}"></figure>')
        if number % 6 == 0:
            parts.append(f'<p><a data-article="{self.random.choice(self.uids)}">{self.text(3)}</a></p>')
        return CleanHTML("".join(parts))

    def _fill_parts(self) -> None:
        pick, sample, all_of = self.random.choice, self.random.sample, self.keys
        tags, authors, sources = range(1, TAGS + 1), range(1, AUTHORS + 1), range(1, SOURCES + 1)
        keep("Byline", ({"article_id": key, "author_id": pick(authors)} for key in all_of))
        keep("TaggedArticle", ({"content_object_id": key, "tag_id": tag} for key in all_of for tag in sample(tags, 3)))
        keep("Citation", ({"article_id": key, "source_id": pick(sources)} for key in all_of[::2]))
        links = (
            {"article_id": key, "headline": self.text(6), "target_id": pick((None, pick(all_of)))} for key in all_of
        )
        keep("RelatedLink", links)
        keep(
            "Correction",
            ({"article_id": key, "text": self.text(20), "corrected_at": self._moment()} for key in all_of[::20]),
        )
        keep("FormerSlug", ({"article_id": key, "slug": f"former-{key}"} for key in all_of[::20]))
        keep("PopularList", ({"article_id": key, "listed_on": self._moment().date()} for key in all_of[::10]))
        entries = (
            {"list_id": key, "position": n, "headline": self.text(6)} for key in keys("PopularList") for n in range(4)
        )
        keep("PopularEntry", entries)

    def _fill_history(self) -> None:
        copies = self.stories // 200
        originals = apps.get_model("articles.Article").objects.filter(status="published").order_by("-pk")[:copies]
        keep("Article", (
            {"replaces_id": each.pk, "slug": each.slug, "headline": each.headline, "body": each.body, "status": "draft",
             "section_id": each.section_id, "created_by_id": each.created_by_id, "based_on": 1} for each in originals
        ))  # fmt: skip
        told = [
            {"article_id": key, "created_at": self._moment(), "person": self.random.choice(self.users)}
            for key in self.keys[::5]
        ]
        fields = {"headline": self.text(6), "dek": self.text(12), "body": f"<p>{self.text(WORDS)}</p>"}
        keep(
            "Revision",
            ({**each, "number": 1, "person_name": "writer-1", "snapshot": {"fields": fields}} for each in told),
        )
        actions = ("create", "edit", "submit", "approve", "publish")
        keep("Activity", (
            {"article_id": each["article_id"], "article_uid": UUID(int=each["article_id"]), "headline": self.text(6),
             "person": each["person"], "person_name": each["person"].username, "action": self.random.choice(actions),
             "happened_at": each["created_at"]} for each in told
        ))  # fmt: skip

    def _moment(self) -> datetime:
        return START + (NOW - START) * self.random.random()


def keep(name: str, rows: Iterable[dict[str, Any]]) -> None:
    model = apps.get_model("articles", name)
    left = (model(**row) for row in rows)
    while batch := list(itertools.islice(left, 2_000)):
        model.objects.bulk_create(batch)
        if name == "Article":
            apps.get_model("articles", "ImageUse").objects.follow_bodies(batch)


def keys(name: str, field: str = "pk") -> list[Any]:
    return list(apps.get_model("articles", name).objects.order_by("pk").values_list(field, flat=True))


class Desk:
    """What one person can ask the desk for."""

    def __init__(self, name: str) -> None:
        self.user = apps.get_model("auth.User").objects.get(username=name)
        self.name, self.client = name, Client(SERVER_NAME="localhost")
        self.client.force_login(self.user)
        self.request = RequestFactory().get("/")
        self.request.user = self.user

    def pages(self) -> Iterator[tuple[str, str]]:
        """What each address is, and the address."""
        yield "index", reverse("admin:index")
        for model, desk in admin.site._registry.items():  # noqa: SLF001 - there is no other list of them
            name = model._meta.model_name  # noqa: SLF001
            if desk.has_view_permission(self.request) and name != "sitesettings":
                yield from self._list(name, desk, reverse(f"admin:{model._meta.app_label}_{name}_changelist"))  # noqa: SLF001
            yield from self._choices(model, desk)
        yield from self._proposals()
        yield from self._stories()

    def _list(self, name: str, desk: Any, address: str) -> Iterator[tuple[str, str]]:
        if name in PAGES:
            yield name, address
            return
        self.request.session = self.client.session
        found = desk.get_changelist_instance(self.request)
        yield name, address
        if found.result_count <= found.list_per_page:
            return
        for each in found.filter_specs:
            queries = [choice["query_string"] for choice in each.choices(found)][1:]
            yield from ((f"{name} {query}", address + query) for query in queries[:4])
        if found.search_fields:
            yield from ((f"{name} ?q={word}", f"{address}?q={word}") for word in (COMMON, RARE, f"{COMMON} ba"))
        last = -(-found.result_count // found.list_per_page)
        pages = [f"p={last}"] if last > 1 else []
        if found.date_hierarchy:
            pages += [
                f"{found.date_hierarchy}__year=2020",
                f"{found.date_hierarchy}__year=2020&{found.date_hierarchy}__month=3",
            ]
        sorts = [sign + str(column) for column in range(1, len(found.list_display)) for sign in ("", "-")]
        pages += [f"o={each}" for each in sorts if each.lstrip("-") and int(each) in _sortable(found)]
        yield from ((f"{name} ?{query}", f"{address}?{query}") for query in pages)

    def _choices(self, model: Any, desk: Any) -> Iterator[tuple[str, str]]:
        for owner, each in [(model, desk), *((inline.model, inline) for inline in desk.inlines)]:
            for field in each.autocomplete_fields:
                label, name = owner._meta.app_label, owner._meta.model_name  # noqa: SLF001
                is_picture = field in {"lead_image", "portrait"}
                address = reverse("admin:articles_image_choices" if is_picture else "admin:autocomplete")
                for term in ("", COMMON, RARE):
                    query = f"app_label={label}&model_name={name}&field_name={field}&term={term}"
                    yield f"choose {name}.{field} “{term}”", f"{address}?{query}"

    def _proposals(self) -> Iterator[tuple[str, str]]:
        for name in ("author_names", "tag_names", "story_choices", "picture_choices"):
            address = reverse(f"admin:articles_article_{name}")
            yield from ((f"{name} “{term}”", f"{address}?term={term}") for term in ("", COMMON, RARE, "ba"))
        yield "tag_proposals", "POST " + reverse("admin:articles_article_tag_proposals")

    def _stories(self) -> Iterator[tuple[str, str]]:
        stories = apps.get_model("articles.Article").objects
        yield "add a story", reverse("admin:articles_article_add")
        yield "add a related link", reverse("admin:articles_relatedlink_add")
        for kind, rows in (
            ("own draft", stories.filter(created_by=self.user, status="draft", replaces=None)),
            ("own story in review", stories.filter(created_by=self.user, status="in_review")),
            ("published story", stories.published().filter(working_copy=None)),
            ("working copy", stories.visible_to(self.user).exclude(replaces=None)),
        ):
            if story := rows.order_by("pk").first():
                yield kind, reverse("admin:articles_article_change", args=[story.pk])
        yield "a picture", reverse("admin:articles_image_change", args=[1])

    def ask(self, address: str) -> int:
        if address.startswith("POST "):
            form = {"headline": f"A day at the {COMMON}", "body": "<p>The Ba Be Line said so.</p>" * 50}
            return self.client.post(address.removeprefix("POST "), form).status_code
        return self.client.get(address).status_code


def _sortable(found: Any) -> set[int]:
    """The numbers of the columns by which the list offers to be sorted."""
    columns = enumerate(found.list_display)
    return {number for number, name in columns if name in found.sortable_by and found.get_ordering_field(name)}


def measure(desk: Desk, address: str, runs: int) -> tuple[list[float], int, int]:
    """Milliseconds from the best to the worst, queries, and the answer's status."""
    walls, asked = [], []

    def count(execute: Any, *arguments: Any) -> Any:
        asked.append(1)
        return execute(*arguments)

    status = desk.ask(address)
    for _ in range(runs):
        asked.clear()
        with connection.execute_wrapper(count):
            started = time.perf_counter()
            desk.ask(address)
            walls.append((time.perf_counter() - started) * 1000)
    return sorted(walls), len(asked), status


def run(number: int, runs: int, only: str) -> None:
    django.setup()
    from django.conf import settings  # noqa: PLC0415

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    logging.disable()  # of what a person may not do
    call_command("migrate", verbosity=0)
    if not apps.get_model("articles.Article").objects.exists():
        started = time.perf_counter()
        Archive(number).fill()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # As autovacuum would have done.
                cursor.execute("ANALYZE")
        sys.stdout.write(f"filled in {time.perf_counter() - started:.0f} s\n")
    sys.stdout.write(
        f"{connection.vendor}, Django {django.get_version()}\n{'median':>6} {'best':>6} {'worst':>6} {'queries':>7}  who, what\n"
    )
    slow = total = 0
    for name in PEOPLE:
        desk = Desk(name)
        for what, address in desk.pages():
            if only not in what:
                continue
            walls, queries, status = measure(desk, address, runs)
            median = statistics.median(walls)
            marks = ("  SLOW" if median > LIMIT else "") + (f"  {status}" if status != 200 else "")
            slow, total = slow + (median > LIMIT), total + 1
            sys.stdout.write(f"{median:6.0f} {walls[0]:6.0f} {walls[-1]:6.0f} {queries:7}  {name}: {what}{marks}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{slow} of {total} over {LIMIT} ms\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, default=100_000, help="of stories")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="what has this in its name")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsroom-benchmark-") as scratch:
        os.environ |= {"DATA_DIR": scratch, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "false"}
        os.environ.pop("SITE_URL", None)
        sys.path.insert(0, str(ROOT))
        run(chosen.number, chosen.runs, chosen.only)


if __name__ == "__main__":
    main()

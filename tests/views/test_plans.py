"""Among a hundred thousand stories: no page, and no list of the desk, reads more of them than it shows."""

import json
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article
from articles.search.similar import vocabulary
from benchmarks.archives import COMMON, RARE, Archive, fill

STORIES = 100_000
# Rows that one query of a page may look at, and what SQLite's machine does for as many.
MOST_ROWS, MOST_STEPS = 25_000, 400_000
SQLITE = connection.vendor == "sqlite"

PAGES = {
    "front page": "/",
    "section": "/section/section-1/",
    "tag on a tenth of all": "/tag/tag-1/",
    "rare tag": "/tag/tag-3000/",
    "author": "/author/author-1/",
    "source of a quarter of all": "/source/source-1/",
    "rare source": "/source/source-150/",
    "year": "/2016/",
    "month": "/2016/05/",
    "archive": "/archive/",
    "corrections": "/corrections/",
    "former address": "/2016/05/former-1/",
    "no such story": "/2016/05/never-written/",
}
LISTS = {
    "all": "",
    "last page": "?p=20",
    "published": "?status__exact=published",
    "in review": "?status__exact=in_review",
    "of a section": "?section__id__exact=3",
    "of a type": "?story_type__exact=opinion",
    "changed lately": "?modified_at__gte=2026-01-01+00:00:00%2B00:00",
    "year": "?published_at__year=2016",
    "month": "?published_at__year=2016&published_at__month=5",
    "by date": "?o=5",
    "common word": f"?q={COMMON}",
    "rare word": f"?q={RARE}",
    "two words": f"?q={COMMON}+{RARE}",
    "short word": "?q=ba",
    "author’s name": "?q=1",
    "word among drafts": f"?q={COMMON}&status__exact=draft",
}


@pytest.fixture(scope="module")
def archive(django_db_setup, django_db_blocker):
    """Built once, in a transaction that is undone: to other tests the database is as empty as it was."""
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        with transaction.atomic():
            fill(Archive(STORIES, words=12, light=True), say=lambda line: None)
            vocabulary.forget()
            yield
            transaction.set_rollback(True)
        vocabulary.forget()


@pytest.fixture(scope="module")
def chief(archive):
    client = Client()
    client.force_login(User.objects.create_superuser("chief"))
    return client


def deep(address, **among):
    """The address of a page far down a list."""
    story = Article.objects.published().filter(**among).order_by("-published_at", "-pk")[4_000]
    return f"{address}?before={int(story.published_at.timestamp() * 1_000_000)}-{story.pk}"


def queries_of(client, address):
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    found = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    assert any("articles_article" in sql for sql in found)
    return [sql for sql in found if "articles_article" in sql]


def scans_of(sql):
    """The steps of a query's plan that read all stories, or more rows than any page needs."""
    return sqlite_scans(sql) if SQLITE else postgresql_scans(sql)


def sqlite_scans(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3] for row in cursor.fetchall()]
    names = {"articles_article", *re.findall(r'"articles_article" (?:AS )?"?([UVT]\d+)', sql)}
    # In the order of an index as far as the limit says is no scan; nor is a look at what is there beside it.
    whole = [step for step in steps if step.split()[0] == "SCAN" and step.split()[1] in names and "INDEX" not in step]
    if (done := steps_of_machine(sql)) > MOST_STEPS:
        whole += [f"{done:,} steps", *steps]
    return whole


def steps_of_machine(sql):
    """How much SQLite does for a query, the same on any machine."""
    done = 0

    def count():
        nonlocal done
        done += 1

    connection.connection.set_progress_handler(count, 100)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.fetchall()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return done * 100


def postgresql_scans(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        ((plan,),) = cursor.fetchall()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return [described(node) for node in nodes_of(plan[0]["Plan"]) if is_scan(node)]


def nodes_of(node):
    yield node
    for child in node.get("Plans", ()):
        yield from nodes_of(child)


def is_scan(node):
    if node.get("Relation Name") != "articles_article":
        return False
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    rows = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return (node["Node Type"] == "Seq Scan" and node["Actual Loops"] > 0) or rows > MOST_ROWS


def described(node):
    return {name: node.get(name) for name in ("Node Type", "Index Name", "Filter", "Actual Rows", "Actual Loops")}


def assert_no_scan(client, address):
    scans = {sql: found for sql in queries_of(client, address) if (found := scans_of(sql))}
    assert scans == {}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_page_reads_what_it_shows(archive, address):
    assert_no_scan(Client(), address)


def test_story_reads_its_own_rows(archive):
    assert_no_scan(Client(), Article.objects.get(pk=50_010).get_absolute_url())


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL names its indexes elsewhere; the test before says what it reads")
def test_story_is_found_by_its_slug(archive):
    story = Article.objects.get(pk=50_010).get_absolute_url()
    sql = next(sql for sql in queries_of(Client(), story) if '"tag_rows"' in sql)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        assert "article_slug_once" in cursor.fetchone()[3]


@pytest.mark.parametrize(
    ("address", "among"),
    [
        ("/section/section-1/", {"section__slug": "section-1"}),
        ("/tag/tag-1/", {"tagged__tag__slug": "tag-1"}),
        ("/author/author-1/", {"bylines__author__slug": "author-1"}),
        ("/source/source-1/", {"citations__source__slug": "source-1"}),
    ],
    ids=["section", "tag", "author", "source"],
)
def test_deep_page_reads_what_it_shows(archive, address, among):
    assert_no_scan(Client(), deep(address, **among))


@pytest.mark.parametrize("query", LISTS.values(), ids=LISTS)
def test_list_of_the_desk_reads_what_it_lists(chief, query):
    assert_no_scan(chief, reverse("admin:articles_article_changelist") + query)


@pytest.mark.parametrize("term", ["", COMMON, RARE, "ba"])
def test_choosing_a_story_reads_few(chief, term):
    assert_no_scan(chief, reverse("admin:articles_article_story_choices") + f"?term={term}")


def test_form_of_a_story_reads_its_own_rows(chief):
    assert_no_scan(chief, reverse("admin:articles_article_change", args=[50_010]))


def test_scan_is_told_from_an_index(archive):
    assert scans_of(str(Article.objects.filter(seo_title="x").order_by().values("pk").query).replace("= x", "= 'x'"))

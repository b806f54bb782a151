"""Queries whose SQL is made once: they answer what is asked now, not what was asked first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection, connections
from django.db.models import BigAutoField, CharField, SlugField
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Image
from articles.models.prepared import NOW, TODAY, Given, Prepared, several, several_given
from tests.factories import make_article, make_image, make_section

BY_SLUG = Prepared(Article, lambda: Article.objects.filter(slug=Given("slug", SlugField())))
PUBLIC = Prepared(Article, lambda: Article.objects.published(NOW).order_by("pk").values_list("headline", flat=True))
FIRST = Prepared(Article, lambda number: Article.objects.order_by("pk")[:number])
AMONG = Prepared(Article, lambda number: Article.objects.filter(pk__in=several_given("key", number, BigAutoField())))

pytestmark = pytest.mark.django_db


def test_each_asking_has_its_own_values():
    one, other = make_article(headline="One"), make_article(headline="Other")
    assert BY_SLUG.rows(slug=one.slug) == [one]
    assert BY_SLUG.rows(slug=other.slug) == [other]
    assert BY_SLUG.rows(slug="neither") == []


def test_sql_is_made_once_for_each_shape():
    made = []

    def build(number):
        made.append(number)
        return Article.objects.all()[:number]

    prepared = Prepared(Article, build)
    for number in (1, 2, 1, 2):
        prepared.rows(number)
    assert made == [1, 2]


def test_moment_is_that_of_asking(time_machine):
    make_article(headline="Early", published_at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    time_machine.move_to("2026-07-01T11:00:00Z")
    assert PUBLIC.rows() == []
    time_machine.move_to("2026-07-01T13:00:00Z")
    assert PUBLIC.rows() == ["Early"]


def test_day_is_that_of_the_site(time_machine, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    make_image(rights_expire_on=date(2026, 7, 2))
    usable = Prepared(Image, lambda: Image.objects.usable(TODAY))
    time_machine.move_to("2026-07-01T11:00:00Z")
    assert usable.rows()
    time_machine.move_to("2026-07-01T13:00:00Z")
    assert usable.rows() == []


def test_shape_says_how_many():
    articles = [make_article(headline=f"Story {number}") for number in range(3)]
    assert FIRST.rows(2) == articles[:2]
    assert FIRST.rows(3) == articles


def test_several_values_are_found_whatever_their_number():
    articles = [make_article(headline=f"Story {number}") for number in range(5)]
    for number in range(1, 6):
        keys = several("key", [article.pk for article in articles[:number]])
        assert set(AMONG.rows(len(keys), **keys)) == set(articles[:number])


def test_numbers_of_several_values_have_few_forms():
    assert {len(several("key", range(number))) for number in range(33)} == {0, 1, 2, 4, 8, 16, 32}


def test_related_rows_and_annotations_come_along():
    make_article(headline="In a section", section=make_section("World"))
    word = Prepared(
        Article,
        lambda: Article.objects.select_related("section").annotate(said=Given("word", CharField())).defer("body"),
    )
    rows = [word.rows(word=each)[0] for each in ("one", "two")]
    assert [row.said for row in rows] == ["one", "two"]
    with CaptureQueriesContext(connection) as queries:
        assert [row.section.name for row in rows] == ["World", "World"]
    assert not queries.captured_queries


def test_rows_are_stories_as_any_other():
    article = make_article(headline="To be changed")
    row = BY_SLUG.rows(slug=article.slug)[0]
    row.headline = "Changed"
    row.save()
    assert BY_SLUG.rows(slug=article.slug)[0].headline == "Changed"


def test_query_that_can_find_nothing_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Prepared(Article, lambda: Article.objects.filter(pk__in=[])).rows() == []


def test_value_that_is_not_given_is_an_error():
    with pytest.raises(KeyError, match="slug"):
        BY_SLUG.rows()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite mixes the rows of threads that share a connection")
def test_threads_that_share_a_connection_do_not_mix_their_answers():
    slugs = [make_article(headline=f"Story {number}").slug for number in range(4)]

    def ask(slug):
        connections["default"] = shared
        return [row.slug for _ in range(50) for row in BY_SLUG.rows(slug=slug)]

    shared = connections["default"]
    shared.inc_thread_sharing()
    try:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(ask, slugs))
    finally:
        shared.dec_thread_sharing()
    assert [set(each) for each in answers] == [{slug} for slug in slugs]

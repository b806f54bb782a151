"""The index follows every way of writing, on whichever database."""

import json
import random
from io import StringIO
from unittest import mock

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.models.signals import pre_migrate
from django.test import TestCase

from articles.editorial.working_copies import begin_working_copy, publish_fix
from articles.editorial.writing import write_article
from articles.models import Article
from articles.search.backends import text_index
from tests.factories import make_article, make_draft, make_person, make_ready_article

SQLITE = connection.vendor == "sqlite"
# Of four bytes each, and kept as a whole and in parts: nothing takes more room in a column of lexemes.
COSTLY = [chr(number) for number in range(0x10400, 0x10450)]
on_sqlite = pytest.mark.skipif(not SQLITE, reason="PostgreSQL’s index is a column of its own")


def rows_with(*words, language="en"):
    found = text_index().document_frequencies(words, language=language, most=100)
    return [found[word] for word in words]


class WritingTests(TestCase):
    def test_headline_dek_and_body_are_found(self):
        make_article(headline="Falaj returns", dek="Silt is gone", body="<p>Twenty-seven <b>shafts</b>.</p>")
        assert rows_with("falaj", "silt", "shafts", "nowhere") == [1, 1, 1, 0]

    def test_marks_of_the_body_are_no_words(self):
        make_article(body='<p><a href="https://example.org/secretplace">there</a></p><aside data-related="1"></aside>')
        assert rows_with("href", "secretplace", "aside") == [0, 0, 0]

    def test_words_are_found_in_their_other_forms_and_without_accents(self):
        make_article(body="<p>Four cranes in Séville.</p>")
        assert rows_with("crane") == [1]
        if SQLITE:
            assert rows_with("seville") == [1]

    def test_saved_change_is_found_and_what_stood_there_is_not(self):
        article = make_article(body="<p>Before.</p>")
        article.body = "<p>Falaj.</p>"
        article.save()
        assert rows_with("falaj", "before") == [1, 0]

    def test_save_without_change_leaves_the_index_as_it_was(self):
        article = make_article(body="<p>Falaj.</p>")
        article.seo_title = "Other"
        article.save()
        article.save()
        assert rows_with("falaj") == [1]

    def test_rows_written_in_bulk_are_found(self):
        rows = [Article(headline=f"Falaj {number}", slug=f"f{number}", body="<p>Silt.</p>") for number in range(3)]
        Article.objects.bulk_create(rows)
        assert rows_with("falaj", "silt") == [3, 3]

    def test_rows_written_over_in_bulk_are_found_anew(self):
        article = make_article(headline="Falaj", body="<p>Silt.</p>")
        article.headline, article.body = "Qanat", "<p>Clay.</p>"
        Article.objects.bulk_create(
            [article], update_conflicts=True, unique_fields=["id"], update_fields=["headline", "body", "body_text"]
        )
        assert rows_with("falaj", "silt", "qanat", "clay") == [0, 0, 1, 1]

    def test_bulk_update_and_update_are_followed(self):
        one, other = make_article(headline="Falaj"), make_article(headline="Falaj too")
        one.headline = "Qanat"
        Article.objects.bulk_update([one], ["headline"])
        Article.objects.filter(pk=other.pk).update(headline="Karez", body_text="Clay")
        assert rows_with("falaj", "qanat", "karez", "clay") == [0, 1, 1, 1]

    def test_deleted_rows_are_gone(self):
        make_article(headline="Falaj").delete()
        make_article(headline="Falaj")
        Article.objects.all().delete()
        assert rows_with("falaj") == [0]

    def test_published_working_copy_is_found_as_its_story(self):
        publisher = make_person("Publisher")
        story = make_ready_article(body="<p>Falaj.</p>")
        copy = begin_working_copy(story, by=publisher)
        copy.body = "<p>Qanat.</p>"
        write_article(copy, by=publisher)
        publish_fix(copy, by=publisher)
        assert rows_with("falaj", "qanat") == [0, 1]

    def test_loaded_fixture_is_found_although_it_carries_no_words(self):
        article = make_article(headline="Falaj", body="<p>Silt.</p>")
        out = StringIO()
        call_command("dumpdata", "articles.article", stdout=out)
        (row,) = json.loads(out.getvalue())
        assert "body_text" not in row["fields"]
        article.delete()
        with mock.patch("sys.stdin", StringIO(out.getvalue())):
            call_command("loaddata", "-", format="json", verbosity=0)
        assert Article.objects.get().body_text == "Silt."
        assert rows_with("falaj", "silt") == [1, 1]

    def test_counting_stops_where_it_is_told(self):
        for _ in range(5):
            make_article()
        assert text_index().document_frequencies(["ferry"], language="en", most=3) == {"ferry": 3}

    def test_rebuilt_index_finds_the_same(self):
        make_article(headline="Falaj")
        text_index().rebuild()
        assert rows_with("falaj") == [1]

    def test_language_of_a_story_decides_how_its_words_are_stemmed(self):
        make_article(headline="Der Bürgermeister", body="<p>Die Stimmen der Wähler.</p>", language="de")
        assert rows_with("stimmen", language="de") == [1]


@pytest.mark.django_db
def test_text_that_would_exceed_a_column_of_lexemes_is_saved():
    """Words of four bytes a letter, in pairs that are indexed three times."""
    letters = [chr(0x10400 + number) for number in range(40)]
    words = (f"{a}{b}-{c}{d}" for a in letters for b in letters for c in letters for d in letters[:3])
    article = make_draft(body=f"<p>{' '.join(words)}</p>")
    assert len(article.body_text) > 150_000


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_index_outlives_a_change_of_the_table():
    make_article(headline="Falaj")
    old = Article._meta.get_field("dek")
    new = models.CharField(max_length=501, blank=True)
    new.set_attributes_from_name("dek")
    new.model = Article
    # As the command does before it changes tables.
    pre_migrate.send(apps.get_app_config("articles"), using="default", plan=[old])
    for before, after in ((old, new), (new, old)):
        with connection.schema_editor() as editor:
            editor.alter_field(Article, before, after)
    make_article(headline="Qanat, which nobody told the index of")

    call_command("migrate", verbosity=0)

    assert rows_with("falaj", "qanat") == [1, 1]
    Article.objects.get(headline="Falaj").delete()
    make_article(headline="Karez")
    assert rows_with("falaj", "karez") == [0, 1]
    assert text_index().ensure() is False


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_index_agrees_with_its_table():
    article = make_article(headline="Falaj")
    article.headline = "Qanat"
    article.save()
    with connection.cursor() as cursor:
        # FTS5 raises where the two differ.
        cursor.execute("INSERT INTO articles_search(articles_search, rank) VALUES ('integrity-check', 1)")
    assert rows_with("qanat") == [1]


@pytest.mark.django_db
def test_command_builds_the_index_anew():
    make_article(headline="Falaj")
    out = StringIO()
    call_command("rebuild_search_index", stdout=out)
    assert out.getvalue() == "The index is built.\n"
    assert rows_with("falaj") == [1]


@pytest.mark.django_db
def test_text_of_the_costliest_compounds_is_saved():
    chance = random.Random(1)
    words = ["-".join("".join(chance.choices(COSTLY, k=20)) for _ in range(8)) for _ in range(1_500)]
    article = make_article(body=f"<p>{' '.join(words)}</p>")
    assert len(article.body_text) > 200_000
    assert rows_with("ferry") == [1]

"""Whole archives: the command, and imports."""

from io import StringIO
from unittest import mock

import pytest
from django.core.management import call_command

from articles.management import progress
from articles.management.commands import import_articles, rebuild_related
from articles.models import Article, Fingerprint, Suggestion
from articles.related import suggestions
from articles.related.suggestions import missing
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def archive():
    Article.objects.bulk_create(Article(headline=f"Padding {n}", slug=f"padding-{n}") for n in range(20))
    for number in range(3):
        make_article(headline=f"Story {number}", tags=("Syria", "Manbij"))


@pytest.mark.usefixtures("archive")
def test_command_relates_all():
    assert run("rebuild_related") == "23 stories compared.\n"
    assert Suggestion.objects.count() == 6


@pytest.mark.usefixtures("archive")
def test_command_computes_anew_or_only_what_waits():
    run("rebuild_related")
    Suggestion.objects.all().delete()
    Fingerprint.objects.filter(article__headline="Story 1").delete()
    assert run("rebuild_related", "--only-missing") == "1 stories compared.\n"
    assert Suggestion.objects.count() == 4
    assert run("rebuild_related", "--only-missing") == "0 stories compared.\n"
    assert run("rebuild_related") == "23 stories compared.\n"
    assert Suggestion.objects.count() == 6


@pytest.mark.usefixtures("archive")
def test_stopped_run_goes_on_where_it_was():
    real = suggestions.relate

    def relate(key):
        if Fingerprint.objects.count() == 10:
            raise KeyboardInterrupt
        real(key)

    with mock.patch.object(suggestions, "relate", relate), pytest.raises(SystemExit) as stopped:
        run("rebuild_related")
    assert stopped.value.code == rebuild_related.INTERRUPTED
    assert missing().count() == 13
    assert run("rebuild_related", "--only-missing") == "13 stories compared.\n"


@pytest.mark.usefixtures("archive")
def test_story_that_fails_is_told_and_the_others_go_on():
    real, broken = suggestions.surroundings_of, Article.objects.get(headline="Story 1")

    def surroundings_of(article):
        if article == broken:
            raise ZeroDivisionError
        return real(article)

    with mock.patch.object(suggestions, "surroundings_of", surroundings_of):
        assert run("rebuild_related") == "22 stories compared, 1 failed: see the log.\n"
    assert list(missing()) == [broken]


def test_long_work_says_now_and_then_how_far_it_is():
    out = StringIO()
    with mock.patch.object(progress, "_SECONDS_BETWEEN_LINES", 0):
        command = rebuild_related.Command(stdout=out)
        assert list(progress.follow("ab", total=2, label="stories compared", out=command.stdout)) == ["a", "b"]
    assert out.getvalue().startswith("1 of 2 stories compared, ")


def test_imported_texts_are_related(tmp_path):
    words = "The falaj brought water past the terraces of Hisn; silt had choked its shafts."
    for number in range(12):
        told = words if number < 2 else f"Of no matter whatever, number {number}."
        (tmp_path / f"{number}.txt").write_text(f"Headline {number}\n\n{told}\n", encoding="utf-8")
    run("import_articles", str(tmp_path))
    assert not missing().exists()
    assert {(each.article.headline, each.target.headline) for each in Suggestion.objects.all()} >= {
        ("Headline 0", "Headline 1"),
        ("Headline 1", "Headline 0"),
    }


def test_new_version_of_an_imported_text_is_compared_anew(tmp_path):
    text = tmp_path / "story.txt"
    text.write_text("A headline\n\nThe falaj runs.\n", encoding="utf-8")
    run("import_articles", str(tmp_path))
    text.write_text("A headline\n\nThe falaj runs again.\n", encoding="utf-8")
    with mock.patch.object(suggestions, "relate") as asked:
        run("import_articles", str(tmp_path))
    asked.assert_called_once_with(Article.objects.get().pk)


def test_trial_import_compares_nothing(tmp_path):
    make_article()
    (tmp_path / "story.txt").write_text("A headline\n\nThe falaj runs.\n", encoding="utf-8")
    with mock.patch.object(import_articles, "relate_missing") as asked:
        run("import_articles", "--dry-run", str(tmp_path))
    assert not asked.called

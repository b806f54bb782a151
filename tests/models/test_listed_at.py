"""What lists of a tag, an author or a source go by is right, whichever way a story is written."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_migrate
from django.utils import timezone

from articles.models import Article, Byline, Citation, TaggedArticle
from articles.models.listed_at import ensure_triggers
from articles.models.planner import ensure_statistics
from tests.factories import PUBLISHED_AT, make_article, make_author, make_draft, make_source, make_tag

LATER = PUBLISHED_AT.replace(hour=23)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL does this by itself")


def with_parts(article):
    Citation.objects.create(article=article, source=make_source())
    return article


def listed_at(article):
    """Of all rows that belong to a story; one value where they agree."""
    found = [TaggedArticle.objects.filter(content_object=article), article.bylines.all(), article.citations.all()]
    return {row.listed_at for rows in found for row in rows}


@pytest.fixture
def article(db):
    return with_parts(make_article(tags=("Syria",), authors=[make_author()]))


@pytest.fixture
def draft(db):
    return with_parts(make_draft(tags=("Syria",), authors=[make_author()]))


def test_published_story_is_listed_by_its_time(article):
    assert listed_at(article) == {article.published_at}


def test_draft_is_not_listed(draft):
    assert listed_at(draft) == {None}


def test_publication_is_followed(draft):
    draft.publish(LATER)
    draft.save()
    assert listed_at(draft) == {LATER}


def test_change_past_the_model_is_followed(article):
    Article.objects.filter(pk=article.pk).update(published_at=LATER)
    assert listed_at(article) == {LATER}
    Article.objects.filter(pk=article.pk).update(status="withdrawn")
    assert listed_at(article) == {None}


def test_change_in_bulk_is_followed(article):
    article.published_at = LATER
    Article.objects.bulk_update([article], ["published_at"])
    assert listed_at(article) == {LATER}


def test_row_added_in_bulk_is_listed(article):
    tag = make_tag("Manbij")
    TaggedArticle.objects.bulk_create([TaggedArticle(content_object=article, tag=tag)])
    assert TaggedArticle.objects.get(tag=tag).listed_at == article.published_at


def test_row_that_is_saved_with_an_old_time_keeps_the_true_one(article):
    byline = article.bylines.get()
    byline.listed_at = timezone.now()
    byline.save()
    assert listed_at(article) == {article.published_at}


def test_row_that_moves_to_another_story_takes_its_time(article):
    other = make_article(headline="Another", published_at=LATER)
    byline = article.bylines.get()
    byline.article = other
    byline.save()
    assert Byline.objects.get(pk=byline.pk).listed_at == LATER


def test_source_lists_a_story_once_that_names_it_twice(article):
    source = article.citations.get().source
    Citation.objects.create(article=article, source=source, role="wire")
    assert list(Article.objects.published().citing(source)) == [article]


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_times_are_right_after_migrations():
    article = make_article(tags=("Syria",))
    pre_migrate.send(apps.get_app_config("articles"), using="default", plan=[object()])
    Article.objects.filter(pk=article.pk).update(published_at=LATER)

    call_command("migrate", verbosity=0)

    assert listed_at(article) == {LATER}
    assert ensure_triggers() is False


@on_sqlite
@pytest.mark.django_db
def test_every_index_of_the_table_has_its_statistics():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1 WHERE idx = 'article_newest'")
        assert ensure_statistics() is True
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'article_newest'")
        assert cursor.fetchone()[0].split()[1] == "2000000"
    assert ensure_statistics() is False

"""Popular lists are made again when they would be others, and not for nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.models import Article, Scope, Standing, Window
from articles.popularity import renewing, standings
from articles.popularity.recounting import recount_reads
from articles.popularity.renewing import LARGE, SMALL, renew_lists
from articles.popularity.standings import make_lists
from tests.factories import make_article, make_reads, make_section, make_tag

NOW = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def story(db):
    story = make_article(section=make_section())
    make_reads(story, NOW, direct=2)
    return story


@pytest.fixture
def made(monkeypatch):
    """What was made, as (window, scopes)."""
    made = []

    def make(window, *, scopes, at):
        made.append((window, tuple(scopes)))
        return make_lists(window, scopes=scopes, at=at)

    monkeypatch.setattr(renewing, "make_lists", make)
    return made


def renew(at=NOW, scopes=LARGE):
    return renew_lists(Window.DAY, scopes=scopes, at=at)


@pytest.mark.usefixtures("story")
def test_lists_are_left_alone_where_nobody_has_read_since(made):
    assert renew() == 2
    assert renew(NOW + MINUTE) == 0
    assert len(made) == 1


def test_one_read_makes_them_anew(made, story):
    renew()
    make_reads(story, NOW, search=1)
    assert renew(NOW + MINUTE) == 2
    assert {row.reads for row in Standing.objects.all()} == {3}
    assert len(made) == 2


def test_counts_of_another_system_make_them_anew(made, story):
    renew()
    story.read_counts.update(imported=5)
    recount_reads([story.pk], NOW)
    assert renew(NOW + MINUTE) == 2
    assert len(made) == 2


@pytest.mark.usefixtures("story")
def test_what_was_read_long_ago_leaves_them_though_nobody_reads():
    renew()
    assert renew(NOW + timedelta(days=2)) == 2
    assert not Standing.objects.exists()


@pytest.mark.usefixtures("story")
def test_story_in_another_section_is_in_its_list_within_an_hour():
    renew()
    sport = make_section("Sport")
    Article.objects.update(section=sport)
    renew(NOW + timedelta(hours=1))
    assert Standing.objects.get(scope=Scope.SECTION).scope_id == sport.pk


@pytest.mark.usefixtures("story")
def test_each_kind_of_list_is_renewed_for_itself(made):
    renew(scopes=LARGE)
    renew(scopes=SMALL)
    assert made == [(Window.DAY, LARGE), (Window.DAY, SMALL)]
    assert set(Standing.objects.values_list("scope", flat=True)) == {Scope.SITE, Scope.SECTION}


def test_lists_of_tags_are_left_alone_where_only_the_sites_are_made(db):
    tag = make_tag()
    stories = [make_article() for _ in range(10)]
    for story in stories:
        story.tags.add(tag)
        make_reads(story, NOW, direct=1)
    make_lists(Window.DAY, at=NOW)
    make_reads(stories[0], NOW, direct=5)
    make_lists(Window.DAY, scopes=LARGE, at=NOW)
    assert max(row.reads for row in Standing.objects.filter(scope=Scope.TAG)) == 1
    assert max(row.reads for row in Standing.objects.filter(scope=Scope.SITE)) == 6


@pytest.mark.django_db(transaction=True)
def test_story_deleted_after_it_was_counted_is_no_reason_to_fail(monkeypatch):
    gone, here = make_article(), make_article()
    for story in (gone, here):
        make_reads(story, NOW, direct=1)
    rank = standings.rank_stories

    def rank_and_delete(*args):
        lists = rank(*args)
        Article.objects.filter(pk=gone.pk).delete()
        return lists

    monkeypatch.setattr(standings, "rank_stories", rank_and_delete)
    make_lists(Window.DAY, at=NOW)
    assert {row.article_id for row in Standing.objects.all()} == {here.pk}

"""Counts that come from another system, and go back: nothing doubled, nothing lost."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import TestCase

from articles.models import Article, FormerSlug, ReadCount, ReadTotal, Standing, Window
from articles.popularity.history import find_stories
from articles.popularity.leaderboards import popular_posts
from articles.popularity.roll_up import roll_up_reads
from articles.popularity.standings import make_lists
from articles.popularity.windows import day_start
from tests.factories import make_article, make_draft, make_reads

NOW = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
TODAY, LONG_AGO = date(2026, 11, 22), date(2025, 3, 14)


@pytest.fixture
def reads(tmp_path):
    """Imports a table; what was said on either channel."""

    def run(*lines, **options):
        path = tmp_path / "reads.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        out, errors = io.StringIO(), io.StringIO()
        status = 0
        try:
            call_command("import_reads", str(path), stdout=out, stderr=errors, **options)
        except SystemExit as end:
            status = end.code
        return status, out.getvalue(), errors.getvalue()

    with time_machine.travel(NOW, tick=False):
        yield run


def counts(story):
    return [
        (row.period, row.starts_at.date(), row.direct, row.imported) for row in story.read_counts.order_by("starts_at")
    ]


def export() -> str:
    out = io.StringIO()
    call_command("export_reads", stdout=out)
    return out.getvalue()


@pytest.fixture
def story(db):
    return make_article(headline="Ferries sail again", slug="ferries-sail")


def test_days_become_rows_and_old_ones_months(reads, story):
    status, out, _ = reads("ferries-sail,2026-11-20,12", "ferries-sail,2025-03-14,5", "ferries-sail,2025-03-15,6")
    assert counts(story) == [("month", date(2025, 3, 1), 0, 11), ("day", date(2026, 11, 20), 0, 12)]
    assert ReadTotal.objects.get().reads == 23
    assert (status, out) == (0, "Reads of 1 stories on 3 days imported, 2 numbers changed; 0 lines refused.\n")


def test_lists_have_what_was_imported_at_once(reads, story):
    make_article(headline="Never read")
    reads("ferries-sail,2026-11-20,12")
    for window in ("trending", "week", "month", "year", "all"):
        assert popular_posts(1, window=window)[0].headline == "Ferries sail again"
        assert Standing.objects.get(window=window, scope="site").article == story


def test_importing_again_changes_nothing(reads, story):
    lines = ("ferries-sail,2026-11-20,12", f"ferries-sail,{LONG_AGO},5")
    reads(*lines)
    before = [list(model.objects.order_by("pk").values()) for model in (ReadCount, ReadTotal, Standing)]
    _, out, _ = reads(*lines)
    assert "0 numbers changed" in out
    assert [list(model.objects.order_by("pk").values()) for model in (ReadCount, ReadTotal, Standing)] == before


def test_what_was_counted_here_is_part_of_what_a_day_had(reads, story):
    at = NOW - timedelta(days=2)
    make_reads(story, at, direct=5)
    make_reads(story, at + timedelta(hours=1), direct=2)
    reads("ferries-sail,2026-11-20,12")
    assert sum(imported for *_, imported in counts(story)) == 5
    assert ReadTotal.objects.get().reads == 12
    reads("ferries-sail,2026-11-20,3")
    assert sum(imported for *_, imported in counts(story)) == 0
    assert ReadTotal.objects.get().reads == 7


def test_lines_of_one_day_are_added_up(reads, story):
    reads("ferries-sail,2026-11-20,12", "https://old.example/2026/07/ferries-sail/?page=2,2026-11-20,3")
    assert counts(story) == [("day", date(2026, 11, 20), 0, 15)]


def test_bad_lines_are_told_and_the_others_go_on(reads, story):
    status, _, errors = reads("ferries-sail,soon,12", "ferries-sail,2026-11-20,12", "ferries-sail,2026-11-21,many")
    assert status == 1
    assert "reads.csv, line 1: expected a day such as 2026-11-22, found “soon”." in errors
    assert "reads.csv, line 3: expected a whole number of reads" in errors
    assert ReadTotal.objects.get().reads == 12


def test_unknown_stories_are_told_and_written_down(reads, story, tmp_path):
    path = tmp_path / "unknown.csv"
    lines = ("/about-us/,2026-11-20,7", "/about-us/,2026-11-21,3", "ferries-sail,2026-11-20,12", "gone,2026-11-20,1")
    status, _, errors = reads(*lines, unknown=str(path))
    assert status == 0
    assert "No story here: '/about-us/' (2 lines, 10 reads)" in errors
    assert "2 addresses belong to no story here: 11 reads were left out." in errors
    assert path.read_text().split() == ["address,lines,reads", "/about-us/,2,10", "gone,1,1"]


def test_dry_run_writes_nothing(reads, story):
    _, out, _ = reads("ferries-sail,2026-11-20,12", dry_run=True)
    assert out == "Reads of 1 stories on 1 days would be imported; 0 lines refused.\n"
    assert not ReadCount.objects.exists()
    assert not Standing.objects.exists()


def test_what_is_exported_changes_nothing_where_it_came_from(reads, story):
    make_reads(story, NOW, direct=5, popular=2)
    make_reads(story, NOW - timedelta(days=40), search=5)
    make_reads(story, NOW - timedelta(days=900), search=5)
    reads("ferries-sail,2026-11-20,12", "ferries-sail,2025-03-14,5")
    roll_up_reads(NOW)
    exported = export()
    before = list(ReadCount.objects.order_by("pk").values())
    _, out, _ = reads(*exported.splitlines())
    assert "0 numbers changed" in out
    assert list(ReadCount.objects.order_by("pk").values()) == before


def test_exported_counts_make_the_same_lists_on_an_empty_site(reads, story):
    others = [make_article(headline=f"Other {number}") for number in range(4)]
    for number, other in enumerate([story, *others], start=1):
        for days in (0, 3, 20, 200, 500):
            make_reads(other, NOW - timedelta(days=days), direct=(number * 7 + days) % 11 + 1)
    roll_up_reads(NOW)
    make_lists(*Window.values)
    lists = list(
        Standing.objects.exclude(window__in=["trending", "day"])
        .order_by("window", "scope", "position")
        .values_list("window", "scope", "article", "reads")
    )
    exported = export()
    for model in (ReadCount, ReadTotal, Standing):
        model.objects.all().delete()
    reads(*exported.splitlines())
    again = Standing.objects.exclude(window__in=["trending", "day"]).order_by("window", "scope", "position")
    assert list(again.values_list("window", "scope", "article", "reads")) == lists
    assert export() == exported


def test_table_of_a_site_has_a_line_for_each_day_of_a_story(reads, story):
    make_reads(story, NOW, direct=5)
    make_reads(story, NOW - timedelta(hours=2), search=1)
    reads("ferries-sail,2025-03-14,5")
    address = story.get_absolute_url()
    assert export().splitlines() == ["story,day,reads", f"{address},2025-03-01,5", f"{address},2026-11-22,6"]


def test_export_goes_into_a_file(reads, story, tmp_path):
    make_reads(story, NOW, direct=5)
    out = io.StringIO()
    call_command("export_reads", str(tmp_path / "out.csv"), stdout=out)
    assert (tmp_path / "out.csv").read_text() == export()
    assert out.getvalue().startswith("1 lines written")


class FindStoriesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.story = make_article(headline="Café", slug="café-opens")
        cls.draft = make_draft(headline="Draft", slug="draft")
        FormerSlug.objects.create(slug="old-name", article=cls.story)
        make_article(headline="Syria", slug="syria")

    def test_story_is_found_by_slug_and_by_address_wherever_it_stood(self):
        ways = [
            "café-opens",
            "caf%C3%A9-opens",
            "cafe\u0301-opens",
            "/2026/07/café-opens/",
            "/2026/07/caf%C3%A9-opens",
            "https://old.example/2019/01/caf%C3%A9-opens/?utm_source=x#top",
            "//old.example/caf%C3%A9-opens.html",
            "/2026/07/CAF%C3%89-Opens/",
            "old-name",
            "https://old.example/2019/01/old-name.html",
        ]
        assert find_stories(ways) == dict.fromkeys(ways, self.story.pk)

    def test_story_that_is_not_public_yet_keeps_its_reads(self):
        assert find_stories(["draft"]) == {"draft": self.draft.pk}

    def test_other_pages_are_no_stories(self):
        ways = ["/tag/syria/", "/", "/2026/07/", "", "http://[", "a\x00b", "/2026/07/\x00/", "x" * 500, "(not set)"]
        assert find_stories(ways) == dict.fromkeys(ways)

    def test_who_has_a_slug_goes_before_who_had_it(self):
        FormerSlug.objects.create(slug="draft", article=self.story)
        assert find_stories(["draft"]) == {"draft": self.draft.pk}


@pytest.mark.django_db
def test_story_that_was_deleted_meanwhile_is_left_out(reads, story, monkeypatch):
    monkeypatch.setattr("articles.popularity.history.find_stories", lambda texts: dict.fromkeys(texts, story.pk))
    Article.objects.all().delete()
    status, out, _ = reads("ferries-sail,2026-11-20,12")
    assert (status, out.split(" on ")[0]) == (0, "Reads of 0 stories")


def test_month_that_is_one_row_already_takes_days_in(reads, story):
    make_reads(story, day_and_noon(LONG_AGO), direct=4)
    roll_up_reads(NOW)
    reads(f"ferries-sail,{LONG_AGO},10")
    assert counts(story) == [("month", date(2025, 3, 1), 4, 6)]


def day_and_noon(day):
    return day_start(day) + timedelta(hours=12)


def test_lines_that_are_too_many_together_are_told_and_nothing_else_is_lost(reads, story):
    lines = ["ferries-sail,2026-11-20,50000000"] * 50
    status, _, errors = reads(*lines, "ferries-sail,2026-11-21,3")
    assert status == 1
    assert "2,500,000,000 reads of “ferries-sail” on 2026-11-20 in several lines" in errors
    assert counts(story) == [("day", date(2026, 11, 21), 0, 3)]


def test_month_of_the_most_that_a_line_may_say_fits_into_its_row(reads, story):
    status, _, _ = reads(*(f"ferries-sail,2025-03-{day:02},50000000" for day in range(1, 32)))
    assert status == 0
    assert ReadTotal.objects.get().reads == 31 * 50_000_000

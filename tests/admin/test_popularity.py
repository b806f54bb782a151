import csv
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.editorial.working_copies import begin_working_copy
from articles.models import PopularChoice, ReadTotal, RefusedReads, SiteSettings, Standing, Window
from articles.popularity.choices import exclude_popular, pin_popular
from articles.popularity.standings import make_lists
from tests.factories import (
    NUMBERS,
    make_article,
    make_draft,
    make_person,
    make_reads,
    make_ready_article,
    make_section,
    make_user,
)

REPORT = reverse("admin:articles_standing_changelist")
EXPORT = reverse("admin:articles_standing_export")
POPULAR = reverse("admin:articles_popularchoice_changelist")
DECIDE = reverse("admin:articles_popularchoice_decide")
LOOK, CURATE = "view_popularity", "curate_popular"


@pytest.fixture(autouse=True)
def own_cache(settings):
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "popularity-pages"}}
    cache.clear()


@pytest.fixture
def story(db):
    story = make_article(headline="Ferry service resumes", section=make_section("World"))
    make_reads(story, timezone.now(), search=3, popular=1)
    RefusedReads.objects.create(article=story, day=timezone.localdate(), reason="crawler", number=7)
    make_lists(*Window.values)
    return story


def signed_in(person, **options):
    client = Client(**options)
    client.force_login(person)
    return client


@pytest.fixture
def curator(db):
    return signed_in(make_user("curator", permissions=(LOOK, CURATE, "view_article", "view_embargoed_article")))


@pytest.fixture
def reader(db):
    return signed_in(make_user("reader", permissions=(LOOK, "view_article")))


def page_of(story, name="readers"):
    return reverse(f"admin:articles_article_{name}", args=[story.pk])


def cells(response):
    return list(csv.reader(b"".join(response.streaming_content).decode().splitlines()))


def decide(client, decision, **more):
    return client.post(DECIDE, {"decision": decision, **more}, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


def pinned():
    return [choice.article for choice in PopularChoice.objects.filter(kind="pinned").order_by("position")]


# What readers read


@pytest.mark.parametrize("window", Window.values)
def test_each_window_has_a_page(reader, story, window):
    response = reader.get(REPORT, {"window": window})
    assert response.status_code == 200
    assert response.context["report"].window == window
    assert [line.article for line in response.context["report"].lines] == [story]


def test_page_opens_with_the_window_of_the_site(reader, story):
    SiteSettings.objects.load()
    SiteSettings.objects.update(popular_window=Window.MONTH)
    assert reader.get(REPORT).context["report"].window == Window.MONTH


def test_window_that_there_is_none_of_leads_to_the_page(reader, story):
    assert reader.get(REPORT, {"window": "century"}).headers["Location"] == REPORT


def test_numbers_reasons_and_settings_are_said(reader, story, settings):
    settings.ARTICLES_TRENDING_HALF_LIFE_HOURS = 36
    page = reader.get(REPORT, {"window": "week"}).content.decode()
    for words in ("Search engines&nbsp;75", "says that it is a crawler", "every 36 hours", "within 30 minutes", "UTC"):
        assert words in page


def test_chart_says_its_numbers_to_those_who_do_not_see_it(reader, story):
    page = reader.get(REPORT).content.decode()
    assert '<title id="chart-hours-title">The last 48 hours, by the hour: 4 reads</title>' in page
    assert page.count('role="img"') == 2
    assert page.count("<details") == 2


@pytest.mark.parametrize("address", [REPORT, EXPORT, POPULAR])
def test_pages_are_closed_to_whoever_lacks_the_permission(story, address):
    assert signed_in(make_user("guest", permissions=("view_article",))).get(address).status_code == 403


def test_index_has_the_pages_for_those_who_may_see_them(reader, curator):
    def rows(client):
        groups = client.get(reverse("admin:index")).context["app_list"]
        return {row["name"]: row["admin_url"] for group in groups for row in group["models"]}

    assert rows(reader)["What readers read"] == REPORT
    assert "Popular posts" not in rows(reader)
    assert rows(curator)["Popular posts"] == POPULAR


@pytest.mark.parametrize("role", ["Reporter", "Contributor", "Editor", "Publisher", "Administrator"])
def test_every_role_sees_the_report_and_editors_decide(db, role):
    client = signed_in(make_person(role))
    assert client.get(REPORT).status_code == 200
    assert (client.get(POPULAR).status_code == 200) == (role not in {"Reporter", "Contributor"})


def test_pages_ask_the_same_however_many_stories_there_are(story):
    client = signed_in(make_user("chief", is_superuser=True))
    addresses = [f"{REPORT}?window={window}" for window in Window.values]
    addresses += [page_of(story), POPULAR, f"{POPULAR}?q=ferry"]

    def count():
        numbers = []
        for address in addresses:
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            numbers.append(len(queries))
        return numbers

    count()
    for number in range(2):
        pin_or_exclude(number)
    few = count()
    for number in range(2, 12):
        pin_or_exclude(number)
    assert count() == few
    assert max(few) <= 15


def pin_or_exclude(number):
    person = make_user(f"person{number}", is_superuser=True)
    section = make_section(f"Section {number}")
    for decide_about in (pin_popular, exclude_popular, lambda *_, **__: None):
        story = make_article(headline=f"Ferry {number}", slug=f"ferry-{next(NUMBERS)}", section=section)
        make_reads(story, timezone.now(), direct=number + 1)
        decide_about(story, by=person)
    make_lists(*Window.values)


# The readers of a story


def test_story_leads_to_its_readers(reader, story):
    page = reader.get(reverse("admin:articles_article_change", args=[story.pk]))
    assert f'href="{page_of(story)}"' in page.content.decode()
    assert reader.get(page_of(story)).context["report"].reads == 4


def test_story_says_nothing_of_readers_to_whoever_may_not_see_them(story):
    client = signed_in(make_user("guest", permissions=("view_article",)))
    page = client.get(reverse("admin:articles_article_change", args=[story.pk]))
    assert page_of(story) not in page.content.decode()
    assert client.get(page_of(story)).status_code == 403
    assert client.get(page_of(story, "readers_export")).status_code == 403


def test_readers_of_a_working_copy_are_those_of_its_story(db):
    chief = make_user("chief", is_superuser=True)
    story = make_ready_article()
    copy = begin_working_copy(story, by=chief)
    client = signed_in(chief)
    assert client.get(page_of(copy)).context["story"] == story
    change = client.get(reverse("admin:articles_article_change", args=[copy.pk]))
    assert f'href="{page_of(story)}"' in change.content.decode()


def test_story_that_a_person_may_not_see_has_no_page_for_them(db):
    elsewhere = make_draft(section=make_section("Arts"))
    limited = signed_in(make_person("Editor", sections=(make_section("World"),)))
    assert limited.get(page_of(elsewhere)).status_code == 404
    assert limited.get(page_of(elsewhere, "readers_export")).status_code == 404
    assert decide(limited, f"pin {elsewhere.pk}").status_code == 404


def test_story_that_nobody_read_says_so(reader):
    assert "Nobody has read this story yet." in reader.get(page_of(make_article())).content.decode()


def test_buttons_are_there_for_those_who_decide(reader, curator, story):
    assert DECIDE not in reader.get(page_of(story)).content.decode()
    assert DECIDE in curator.get(page_of(story)).content.decode()


# Downloads


def test_download_has_a_line_for_each_story_that_was_read(reader, story):
    make_article(headline="Unread")
    head, *lines = cells(reader.get(EXPORT))
    row = dict(zip(head, lines[0], strict=True))
    assert len(lines) == 1
    assert (row["story"], row["section"]) == ("Ferry service resumes", "World")
    assert row["address"].endswith(story.get_absolute_url())
    assert {row[window] for window in ("day", "week", "month", "year", "all")} == {"4"}
    assert (row["search"], row["popular"], row["direct"]) == ("3", "1", "0")


def test_download_holds_only_stories_that_a_person_may_see(db):
    draft = make_draft(section=make_section("Arts"))
    make_reads(draft, timezone.now(), direct=1)
    limited = make_person("Editor", sections=(make_section("World"),))
    assert len(cells(signed_in(limited).get(EXPORT))) == 1
    assert len(cells(signed_in(make_person("Editor")).get(EXPORT))) == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(reader, start):
    story = make_article(headline=f"{start}HYPERLINK(1)")
    ReadTotal.objects.create(article=story, reads=1)
    assert cells(reader.get(EXPORT))[1][0] == f"'{start}HYPERLINK(1)"


def test_download_of_a_story_has_a_line_for_each_number(reader, story):
    head, *lines = cells(reader.get(page_of(story, "readers_export")))
    assert head == ["counted", "period", "from", "what", "number"]
    assert [(line[0], line[1], *line[3:]) for line in lines] == [
        ("read", "hour", "popular", "1"),
        ("read", "hour", "search", "3"),
        ("refused", "day", "crawler", "7"),
    ]


# Popular posts


def test_page_says_why_each_story_is_in_the_list(curator, story):
    make_article(headline="A recent one")
    page = " ".join(curator.get(POPULAR).content.decode().split())
    assert "4 reads this week" in page
    assert "Recent: too few stories were read" in page


def test_decisions_are_made_told_and_taken_back(curator, story):
    response = decide(curator, f"pin {story.pk}")
    assert told(response) == ["“Ferry service resumes” is pinned."]
    assert response.redirect_chain == [(f"{POPULAR}#pinned", 302)]
    assert pinned() == [story]
    decide(curator, f"exclude {story.pk}")
    assert PopularChoice.objects.get().kind == "excluded"
    assert not Standing.objects.filter(article=story).exists()
    decide(curator, f"release {story.pk}")
    assert not PopularChoice.objects.exists()
    assert Standing.objects.filter(article=story).exists()


def test_pins_are_moved_up_and_down(curator):
    stories = [make_article() for _ in range(3)]
    for each in stories:
        decide(curator, f"pin {each.pk}")
    decide(curator, f"up {stories[2].pk}")
    assert pinned() == [stories[0], stories[2], stories[1]]
    decide(curator, f"down {stories[0].pk}")
    assert pinned() == [stories[2], stories[0], stories[1]]
    decide(curator, f"up {stories[2].pk}")
    assert pinned() == [stories[2], stories[0], stories[1]]


def test_list_is_frozen_and_thawed(curator, story):
    decide(curator, "freeze")
    assert "Frozen" in curator.get(POPULAR).content.decode()
    assert SiteSettings.objects.load().popular_frozen_at
    decide(curator, "thaw")
    assert SiteSettings.objects.load().popular_frozen_at is None


def test_decision_on_a_storys_page_leads_back_to_it(curator, story):
    response = decide(curator, f"pin {story.pk}", page="story")
    assert response.redirect_chain == [(f"{page_of(story)}#lists", 302)]


def test_what_was_looked_for_stays_after_a_decision(curator, story):
    response = decide(curator, f"pin {story.pk}", q="ferry & co")
    assert response.redirect_chain == [(f"{POPULAR}?q=ferry+%26+co#pinned", 302)]


@pytest.mark.parametrize("decision", ["", "pin", "pin x", "pin -1", "pin ²", "burn 1", "pin 1 2", f"pin {'9' * 40}"])
def test_what_is_no_decision_is_refused(curator, decision):
    assert decide(curator, decision).status_code == 400


def test_only_posted_decisions_with_a_token_count(story):
    chief = make_user("chief", is_superuser=True)
    assert signed_in(chief).get(DECIDE).status_code == 405
    careful = signed_in(chief, enforce_csrf_checks=True)
    assert careful.post(DECIDE, {"decision": f"pin {story.pk}"}).status_code == 403
    assert not PopularChoice.objects.exists()


def test_nobody_decides_without_the_permission(reader, story):
    for decision in (f"pin {story.pk}", f"exclude {story.pk}", "freeze"):
        assert reader.post(DECIDE, {"decision": decision}).status_code == 403
    assert not PopularChoice.objects.exists()


def test_story_is_found_by_words_of_its_headline(curator, story):
    make_draft(headline="Ferry, unpublished")
    assert curator.get(POPULAR, {"q": "ferry resumes"}).context["found"] == [story]
    assert "No story that readers see" in curator.get(POPULAR, {"q": "zeppelin"}).content.decode()


def test_pin_under_embargo_is_hidden_from_whoever_may_not_see_the_story(curator):
    secret = make_article(headline="Secret", embargoed_until=timezone.now() + timedelta(days=1))
    decide(curator, f"pin {secret.pk}")
    other = signed_in(make_user("other", permissions=(CURATE, "view_article")))
    assert "Secret" in curator.get(POPULAR).content.decode()
    assert "Secret" not in other.get(POPULAR).content.decode()

"""Previews: the public page but for what depends on publication, shown to whom it may be and kept by nobody."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.content.text import reading_minutes
from articles.editorial.previews import create_preview_link, revoke_preview_link, seal_draft, token_of
from articles.editorial.revisions import keep_revision
from articles.editorial.snapshots import snapshot_of
from articles.editorial.working_copies import begin_working_copy
from articles.models import Article, PreviewLink, PreviewOpening, SiteSettings
from tests.browser.sample_site import fill_site
from tests.factories import make_article, make_draft, make_image, make_section, make_user

UNSAVED = "/preview/unsaved/"


def address(link) -> str:
    return reverse("articles:shared-preview", args=[token_of(link)])


def main_of(response) -> str:
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


def story_of(response) -> str:
    """Without the sidebar, in which a story stands once it is published."""
    return re.search(r"<article class=.story.*?</article>", response.content.decode(), re.DOTALL)[0]


def without_sharing(html) -> list[str]:
    """Its lines that are not empty."""
    html = re.sub(r'<section class="entry share">.*?</section>', "", html, flags=re.DOTALL)
    return [line for line in html.splitlines() if line.strip()]


@pytest.fixture
def chief(db):
    return make_user("chief", is_superuser=True)


@pytest.fixture
def desk(chief):
    client = Client()
    client.force_login(chief)
    return client


def test_preview_of_a_published_story_is_its_page_to_the_byte(client, desk, chief):
    site = fill_site()
    for story in (site.story, *Article.objects.published().order_by("-pk")[:5]):
        public = client.get(story.get_absolute_url())
        sealed = seal_draft(story, snapshot_of(story), by=chief)
        assert main_of(desk.post(UNSAVED, {"draft": sealed})) == main_of(public)
        link = create_preview_link(story, by=chief, revision=keep_revision(story, by=chief))
        assert without_sharing(main_of(client.get(address(link)))) == without_sharing(main_of(public))


def test_preview_of_a_draft_is_the_page_that_it_becomes(client, desk, chief):
    draft = make_draft(section=make_section(), published_at=timezone.now() - timedelta(hours=1), tags=("Ferries",))
    make_article(section=draft.section)
    before = story_of(desk.post(UNSAVED, {"draft": seal_draft(draft, snapshot_of(draft), by=chief)}))
    draft.publish()
    draft.save()
    assert before == story_of(client.get(draft.get_absolute_url()))


def test_preview_of_a_working_copy_is_the_page_that_it_becomes(client, desk, chief):
    story = make_article(section=make_section())
    copy = begin_working_copy(story, by=chief)
    copy.headline = "Ferries return, at last"
    copy.save()
    shown = story_of(desk.post(UNSAVED, {"draft": seal_draft(copy, snapshot_of(copy), by=chief)}))
    assert "Ferries return, at last" in shown
    Article.objects.filter(pk=story.pk).update(headline=copy.headline)
    assert shown == story_of(client.get(story.get_absolute_url()))


def test_hostile_text_is_cleaned_and_the_rest_derived(desk, chief):
    draft = make_draft()
    snapshot = snapshot_of(draft)
    snapshot["fields"]["body"] = "<p>Quiet<img src=x onerror=alert(1)></p><script>alert(2)</script>" + "word " * 900
    html = main_of(desk.post(UNSAVED, {"draft": seal_draft(draft, snapshot, by=chief)}))
    assert "Quiet" in html
    assert "alert" not in html
    assert f"{reading_minutes(901)} min read" in html
    assert reading_minutes(901) > 2


class UnsavedTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user("chief", is_superuser=True)
        cls.story = make_draft()

    def sealed(self):
        return {"draft": seal_draft(self.story, snapshot_of(self.story), by=self.chief)}

    def test_page_may_stand_in_a_frame_of_the_site_and_is_kept_by_nobody(self):
        self.client.force_login(self.chief)
        headers = self.client.post(UNSAVED, self.sealed()).headers
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "no-store" in headers["Cache-Control"]
        assert headers["X-Robots-Tag"] == "noindex"

    def test_nothing_is_written(self):
        self.client.force_login(self.chief)
        stored = Article.objects.values().get()
        self.client.post(UNSAVED, self.sealed())
        assert Article.objects.values().get() == stored

    def test_no_script_runs_in_it(self):
        self.client.force_login(self.chief)
        self.assertNotContains(self.client.post(UNSAVED, self.sealed()), "<script")

    def test_others_see_nothing(self):
        assert self.client.post(UNSAVED, self.sealed()).status_code == 403
        self.client.force_login(make_user("other", is_superuser=True))
        assert self.client.post(UNSAVED, self.sealed()).status_code == 403
        assert self.client.post(UNSAVED).status_code == 403
        assert self.client.get(UNSAVED).status_code == 405

    def test_another_site_cannot_send_somebody_here(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.chief)
        assert strict.post(UNSAVED, self.sealed()).status_code == 403


class SharedTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user("chief", is_superuser=True)
        cls.story = make_draft(headline="The minister resigns")
        cls.link = create_preview_link(cls.story, by=cls.chief)

    def test_outsider_sees_the_draft_under_a_banner(self):
        response = self.client.get(address(self.link))
        self.assertContains(response, "The minister resigns")
        self.assertContains(response, "Preview of a draft, not published.")
        self.assertContains(response, '<meta name="robots" content="noindex">')
        self.assertNotContains(response, "Not public:")
        self.assertNotContains(response, 'class="entry share"')

    def test_nobody_keeps_it_lists_it_or_learns_of_it(self):
        response = self.client.get(address(self.link))
        assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")

    def test_what_opens_nothing_says_the_same_whatever_the_reason(self):
        revoked, expired = (create_preview_link(self.story, by=self.chief) for _ in range(2))
        revoke_preview_link(revoked, by=self.chief)
        PreviewLink.objects.filter(pk=expired.pk).update(
            created_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(seconds=1)
        )
        forged = f"/preview/{self.link.uid.hex}.{'A' * 43}/"
        answers = [self.client.get(each) for each in (address(revoked), address(expired), forged, "/preview/x/")]
        assert {each.status_code for each in answers} == {404}
        pages = {each.content for each in answers}
        assert len(pages) == 1
        assert b"minister" not in pages.pop()
        assert all("no-store" in each["Cache-Control"] for each in answers)
        assert not PreviewOpening.objects.exists()

    def test_opening_is_logged_and_asking_ahead_is_none(self):
        self.client.head(address(self.link))
        for headers in ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}):
            assert self.client.get(address(self.link), headers=headers).status_code == 503
        assert self.link.openings.count() == 0
        self.client.get(address(self.link))
        assert self.link.openings.count() == 1

    def test_link_to_what_was_published_since_leads_there(self):
        self.story.publish()
        self.story.save()
        response = self.client.get(address(self.link))
        assert (response.status_code, response["Location"]) == (302, self.story.get_absolute_url())
        assert "no-store" in response["Cache-Control"]

    def test_picture_whose_rights_have_run_out_stays_hidden(self):
        day = timezone.localdate()
        gone = make_image(rights_expire_on=day, caption="The minister leaves")
        self.story.lead_image = gone
        self.story.body = f'<p>One.</p><figure data-image="{gone.uid}"></figure>'
        self.story.save()
        response = self.client.get(address(self.link))
        self.assertNotContains(response, "<img")
        self.assertNotContains(response, "The minister leaves")

    def test_it_needs_few_queries(self):
        SiteSettings.objects.load()
        with CaptureQueriesContext(connection) as queries:
            self.client.get(address(self.link))
        assert len(queries) <= 18

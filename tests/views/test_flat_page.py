"""Flat pages: shown as they were written, and nothing in them runs."""

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.test import TestCase

HOSTILE = '"><script>alert(1)</script>'


def make_page(**overrides):
    page = FlatPage.objects.create(**{"url": "/about/", "title": "About", "content": "<p>Who we are.</p>", **overrides})
    page.sites.add(settings.SITE_ID)
    return page


class FlatPageTests(TestCase):
    def test_content_is_html(self):
        make_page()
        self.assertContains(self.client.get("/about/"), "<p>Who we are.</p>", html=True)

    def test_title_is_text(self):
        make_page(title=HOSTILE)
        self.assertNotContains(self.client.get("/about/"), "<script>alert")
        make_page(title="<b>\"' onload=x", url="/us/")
        self.assertNotContains(self.client.get("/us/"), "\"' onload")

    def test_hostile_content_is_cleaned_on_the_way_in(self):
        make_page(content=f"<p>Quiet{HOSTILE}</p>")
        self.assertNotContains(self.client.get("/about/"), "<script>alert")

    def test_page_for_those_who_signed_in_asks_to_sign_in(self):
        make_page(registration_required=True)
        self.assertRedirects(self.client.get("/about/"), "/admin/login/?next=/about/")

    def test_address_without_page_is_not_found(self):
        for address in ("/nothing/", "/%00/", "/about%00/", "/a%0Ab/"):
            with self.subTest(address=address):
                assert self.client.get(address).status_code == 404

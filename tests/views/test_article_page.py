"""The article's page: what stands on it, at which address, for whom."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import TestCase
from django.utils import timezone
from html5lib import parse

from articles.models import Article, Citation, Correction, RelatedLink
from tests.factories import make_article, make_author, make_draft, make_section, make_source, make_user

XHTML = "{http://www.w3.org/1999/xhtml}"


def text_of(response) -> str:
    """The words of the page's main part, with single spaces."""
    main = parse(response.content.decode()).find(f".//{XHTML}main")
    return " ".join("".join(main.itertext()).split())


class AddressTests(TestCase):
    def test_wrong_month_leads_to_the_right_one_for_ever(self):
        article = make_article(slug="ferry")
        response = self.client.get("/2019/01/ferry/")
        assert (response.status_code, response.headers["Location"]) == (301, article.get_absolute_url())

    def test_address_without_a_slash_is_put_right(self):
        article = make_article(slug="ferry")
        response = self.client.get(article.get_absolute_url().rstrip("/"))
        assert response.headers["Location"] == article.get_absolute_url()

    def test_unknown_slug_is_not_found(self):
        assert self.client.get("/2026/07/never-written/").status_code == 404

    def test_slug_in_another_script_is_found(self):
        article = make_article(headline="伊斯兰国", slug="伊斯兰国")
        assert self.client.get(article.get_absolute_url()).status_code == 200


class VisibilityTests(TestCase):
    hidden = {
        "draft": {"status": "draft"},
        "scheduled": {"published_at": timezone.now() + timedelta(days=1)},
        "embargoed": {"embargoed_until": timezone.now() + timedelta(days=1)},
        "expired": {"expires_at": timezone.now() - timedelta(seconds=1)},
        "withdrawn": {"status": "withdrawn"},
    }

    def test_reader_finds_nothing_that_is_not_public(self):
        for name, values in self.hidden.items():
            with self.subTest(name):
                article = make_article(slug=name, **values)
                expected = 410 if name == "withdrawn" else 404
                assert self.client.get(article.get_absolute_url()).status_code == expected

    def test_editor_sees_a_draft_that_no_cache_keeps(self):
        self.client.force_login(make_user(permissions=("view_article",)))
        response = self.client.get(make_draft(headline="Not yet").get_absolute_url())
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
        assert "Not public" in text_of(response)

    def test_draft_is_not_redirected_for_ever(self):
        self.client.force_login(make_user(permissions=("view_article",)))
        make_draft(slug="not-yet")
        assert self.client.get("/1999/01/not-yet/").status_code == 302

    def test_signed_in_person_without_permission_finds_no_draft(self):
        self.client.force_login(make_user())
        assert self.client.get(make_draft().get_absolute_url()).status_code == 404

    def test_answer_to_a_reader_does_not_vary_with_cookies(self):
        response = self.client.get(make_article().get_absolute_url())
        assert "Cookie" not in response.headers.get("Vary", "")


class ContentTests(TestCase):
    def page(self, article: Article, *, count: int = 1) -> str:
        response = self.client.get(article.get_absolute_url())
        assert response.status_code == 200
        return text_of(response)

    def test_head_of_the_story(self):
        authors = (make_author(), make_author("Tomás Reyes"))
        article = make_article(
            headline="Ferries resume",
            dek="After nine days of ice.",
            section=make_section(),
            story_type="analysis",
            authors=authors,
            updated_at=datetime(2026, 7, 24, 9, 15, tzinfo=UTC),
        )
        page = self.page(article)
        for words in ("World", "Analysis", "Ferries resume", "After nine days of ice.", "Leila Haddad", "Tomás Reyes"):
            assert words in page
        for moment in ("23 July 2026", "24 July 2026", "1 min"):
            assert moment in page

    def test_times_are_machine_readable_in_whole_seconds(self):
        article = make_article(published_at=datetime(2026, 7, 23, 18, 40, 0, 123456, tzinfo=UTC))
        content = self.client.get(article.get_absolute_url()).content.decode()
        assert 'datetime="2026-07-23T18:40:00+00:00"' in content

    def test_dateline_runs_into_the_first_paragraph(self):
        assert "KIEL, Germany — The first boat left" in self.page(make_article(dateline="KIEL, Germany"))

    def test_inline_related_stands_at_its_place(self):
        body = "<p>Before it.</p>\n" + '<aside data-related="1"></aside>' + "\n<p>After it.</p>"
        article = make_article(body=body)
        RelatedLink.objects.create(article=article, headline="Somewhere else", marker=1)
        page = self.page(article)
        assert page.index("Before it.") < page.index("Somewhere else") < page.index("After it.")

    def test_resolved_reference_is_a_link_and_waiting_one_is_text(self):
        target = make_article(headline="Is here")
        article = make_article(body='<aside data-related="1"></aside><p>x</p><aside data-related="2"></aside>')
        RelatedLink.objects.create(article=article, headline="Is here", marker=1)
        RelatedLink.objects.create(article=article, headline="Is not here", marker=2)
        content = self.client.get(article.get_absolute_url()).content.decode()
        main = content.split("<main")[1].split("</main>")[0].split('class="popular"')[0]
        assert f'href="{target.get_absolute_url()}"' in main
        assert "Is not here" in main
        assert 'href=""' not in content

    def test_reference_to_a_story_that_is_not_public_leaves_no_trace(self):
        make_article(headline="Secret merger", embargoed_until=timezone.now() + timedelta(days=1))
        article = make_article(body='<p>x</p><aside data-related="1"></aside>')
        RelatedLink.objects.create(article=article, headline="Secret merger", marker=1)
        RelatedLink.objects.create(article=article, headline="secret merger")
        assert "merger" not in self.page(article).lower()

    def test_marker_without_a_link_shows_nothing(self):
        content = self.client.get(make_article(body='<p>x</p><aside data-related="9"></aside>').get_absolute_url())
        assert "data-related" not in content.content.decode()

    def test_links_without_a_place_are_listed_once(self):
        article = make_article()
        make_article(headline="Read this too")
        for _ in range(2):
            RelatedLink.objects.create(article=article, headline="Read this too")
        main = self.client.get(article.get_absolute_url()).content.decode().split('class="popular"')[0]
        assert main.count("Read this too") == 1

    def test_source_is_named_with_its_handle(self):
        source = make_source(accounts="Twitter @vicenews", url="https://www.vice.com/")
        article = make_article()
        Citation.objects.create(article=article, source=source, url="https://www.vice.com/ferries", licence="CC BY 4.0")
        content = self.client.get(article.get_absolute_url()).content.decode()
        for words in ("First published by", "VICE News", "@vicenews", "CC BY 4.0", "https://www.vice.com/ferries"):
            assert words.lower() in content.lower()

    def test_correction_is_shown(self):
        article = make_article()
        Correction.objects.create(article=article, text="The ferry left at seven.")
        assert "The ferry left at seven." in self.page(article)

    def test_neighbours_are_those_of_the_section(self):
        world = make_section()
        day = timedelta(days=1)
        middle = make_article(section=world)
        make_article(headline="Day before", section=world, published_at=middle.published_at - day)
        make_article(headline="Long before", section=world, published_at=middle.published_at - 2 * day)
        make_article(headline="Day after", section=world, published_at=middle.published_at + day)
        make_article(headline="Elsewhere", section=make_section("Sport"), published_at=middle.published_at + day / 2)
        response = self.client.get(middle.get_absolute_url())
        assert response.context["older"].headline == "Day before"
        assert response.context["newer"].headline == "Day after"
        assert self.client.get(response.context["older"].get_absolute_url()).status_code == 200

    def test_syndicated_story_names_its_original_as_canonical(self):
        article = make_article(canonical_url="https://example.org/original")
        content = self.client.get(article.get_absolute_url()).content.decode()
        assert '<link rel="canonical" href="https://example.org/original">' in content

    def test_text_in_another_direction_says_so(self):
        content = self.client.get(make_article(language="ar").get_absolute_url()).content.decode()
        assert 'lang="ar"' in content
        assert 'dir="rtl"' in content


@pytest.mark.django_db
def test_hostile_headline_is_shown_and_not_run(client):
    article = make_article(headline="<script>alert(1)</script> & more", slug="hostile")
    content = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in content


@pytest.mark.django_db
@pytest.mark.parametrize("dateline", ["", "KIEL"])
def test_body_is_shown_as_html_whatever_space_it_begins_with(client, dateline):
    article = make_article(body="\n  <p>Two <em>boats</em> left.</p>", dateline=dateline)
    content = client.get(article.get_absolute_url()).content.decode()
    assert "Two <em>boats</em> left.</p>" in content
    assert content.count("<p>Two") + content.count("— Two") == 1

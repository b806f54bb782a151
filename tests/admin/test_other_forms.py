from django.contrib.flatpages.models import FlatPage
from django.test import TestCase, override_settings
from django.urls import reverse
from html5lib import parse

from articles.models import Author, Citation, PopularList, RelatedLink, Section, SiteSettings, Source, Tag
from tests.admin.samples import errors, form_data
from tests.factories import make_article, make_author, make_section, make_source, make_user


class DeskTests(TestCase):
    def setUp(self):
        self.client.force_login(make_user("chief", is_superuser=True))

    def send(self, path, **answers):
        return self.client.post(path, {**form_data(self.client.get(path)), **answers})

    def add(self, label, **answers):
        response = self.send(reverse(f"admin:{label}_add"), **answers)
        assert response.status_code == 302, errors(response)


class NamedTests(DeskTests):
    def test_empty_slug_is_made_from_the_name(self):
        self.add("articles_author", name="José Ängström")
        self.add("articles_tag", name="Islamic State")
        assert Author.objects.get().slug == "jose-angstrom"
        assert Tag.objects.get().slug == "islamic-state"

    def test_taken_slug_gets_a_number(self):
        make_section("World")
        self.add("articles_section", name="World!", position=1)
        assert Section.objects.filter(slug="world-2").exists()

    def test_name_without_letters_gets_a_plain_slug(self):
        self.add("articles_source", name="!!!", url="source.example")
        source = Source.objects.get()
        assert (source.slug, source.url) == ("source", "https://source.example")

    def test_account_that_cannot_be_read_is_refused(self):
        response = self.send(reverse("admin:articles_source_add"), name="VICE", accounts="Telegraph 12")
        assert "accounts" in errors(response)

    def test_lists_count_stories(self):
        author, other = make_author(), make_author("Nobody Yet")
        source = make_source()
        for number in range(2):
            article = make_article(authors=(author,), tags=("Syria",), headline=f"Story {number}")
            Citation.objects.create(article=article, source=source, role="wire")
            Citation.objects.create(article=article, source=source, role="data")
        assert self.counted("author", author) == self.counted("source", source) == 2
        assert self.counted("tag", Tag.objects.get()) == 2
        assert self.counted("author", other) == 0

    def counted(self, model, row):
        found = self.client.get(reverse(f"admin:articles_{model}_changelist")).context["cl"]
        return found.model_admin.stories(found.queryset.get(pk=row.pk))

    def test_menu_is_put_in_order_in_the_list(self):
        section = make_section()
        path = reverse("admin:articles_section_changelist")
        answers = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": section.pk, "form-0-position": 7}
        self.client.post(path, {**answers, "_save": "Save"})
        section.refresh_from_db()
        assert (section.position, section.in_menu) == (7, False)


class ReferenceTests(DeskTests):
    def test_links_that_wait_can_be_found(self):
        article = make_article(headline="Here")
        waiting = RelatedLink.objects.create(article=article, headline="Not written yet")
        here = RelatedLink.objects.create(article=make_article(), headline="Here", target=article)
        elsewhere = RelatedLink.objects.create(article=article, headline="There", url="https://there.example")
        for answer, found in (("waiting", waiting), ("here", here), ("elsewhere", elsewhere)):
            response = self.client.get(reverse("admin:articles_relatedlink_changelist"), {"destination": answer})
            assert list(response.context["cl"].queryset) == [found]

    def test_popular_list_is_kept_with_its_headlines(self):
        article = make_article()
        entries = {"entries-TOTAL_FORMS": 1, "entries-0-position": 1, "entries-0-headline": "Once popular"}
        self.add("articles_popularlist", article=article.pk, listed_on="2026-07-01", **entries)
        assert PopularList.objects.get().entries.get().headline == "Once popular"

    def test_former_addresses_are_read_only(self):
        assert self.client.get(reverse("admin:articles_formerslug_add")).status_code == 403


class SiteSettingsTests(DeskTests):
    def test_index_leads_to_the_one_form(self):
        response = self.client.get(reverse("admin:articles_sitesettings_changelist"))
        assert response.url == reverse("admin:articles_sitesettings_change", args=[1])

    def test_name_is_changed(self):
        SiteSettings.objects.load()
        path = reverse("admin:articles_sitesettings_change", args=[1])
        assert self.send(path, name="The Meridian", lead_story=make_article().pk).status_code == 302
        assert SiteSettings.objects.get().name == "The Meridian"

    def test_there_is_no_second_row_and_no_way_to_lose_the_first(self):
        SiteSettings.objects.load()
        assert self.client.get(reverse("admin:articles_sitesettings_add")).status_code == 403
        assert self.client.get(reverse("admin:articles_sitesettings_delete", args=[1])).status_code == 403

    def test_whoever_may_not_see_it_is_not_led_to_it(self):
        self.client.force_login(make_user("guest"))
        assert self.client.get(reverse("admin:articles_sitesettings_changelist")).status_code == 403


class PageTests(DeskTests):
    def add_page(self, **answers):
        self.add("flatpages_flatpage", **{"title": "About", "url": "about", "content": "<p>Us.</p>", **answers})

    def test_page_belongs_to_the_site_and_has_slashes(self):
        self.add_page()
        page = FlatPage.objects.get()
        assert (page.url, [site.pk for site in page.sites.all()]) == ("/about/", [1])

    def test_content_is_cleaned(self):
        self.add_page(content="<p>Us<script>alert(1)</script></p>")
        assert FlatPage.objects.get().content == "<p>Us</p>"

    def test_second_page_at_an_address_is_refused(self):
        self.add_page()
        response = self.send(reverse("admin:flatpages_flatpage_add"), title="Again", url="/about", content="x")
        assert "There is another page at /about/." in errors(response)

    def test_front_page_is_no_page(self):
        response = self.send(reverse("admin:flatpages_flatpage_add"), title="Front", url="/", content="x")
        assert "Give the page an address of its own" in errors(response)

    def test_page_can_be_saved_again(self):
        self.add_page()
        path = reverse("admin:flatpages_flatpage_change", args=[FlatPage.objects.get().pk])
        assert self.send(path, title="About us").status_code == 302


@override_settings(AXES_LOCKOUT_TEMPLATE="admin/locked_out.html", AXES_FAILURE_LIMIT=2)
class LockedOutTests(TestCase):
    def test_somebody_who_is_locked_out_is_told_so_in_words(self):
        make_user("leila")
        answers = {"username": "leila", "password": "wrong"}
        for _ in range(2):
            response = self.client.post(reverse("admin:login"), answers)
        self.assertContains(response, "Sign-in is locked for a while", status_code=429)
        self.assertContains(response, "“leila”", status_code=429)


def test_both_halves_of_every_time_are_labelled(client, db):
    client.force_login(make_user("chief", is_superuser=True))
    document = parse(client.get(reverse("admin:articles_article_add")).content.decode(), namespaceHTMLElements=False)
    labels = {each.get("name"): each.get("aria-label") for each in document.iter("input")}
    for field in ("published_at", "updated_at", "embargoed_until", "expires_at", "corrections-__prefix__-corrected_at"):
        assert (labels[f"{field}_0"], labels[f"{field}_1"]) == ("Date", "Time")

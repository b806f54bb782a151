import re
import unittest
from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.flatpages.models import FlatPage
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import SimpleTestCase, TestCase, TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.admin.article_form import ArticleForm
from articles.editorial.checks.base import Check, Severity
from articles.editorial.checks.registry import CHECKS
from articles.editorial.checks.rules import inherited_severities, may_set_severities, set_severities
from articles.editorial.checks.running import NotReady, check_article, findings_as_json
from articles.editorial.checks.slugs import has_word_of, is_placeholder
from articles.editorial.publishing import (
    override_embargo,
    publish_article,
    publish_scheduled_article,
    reinstate_article,
)
from articles.editorial.working_copies import begin_working_copy, publish_fix
from articles.models import Activity, Article, Byline, CheckRule, Citation, FormerSlug, NearDuplicate, RelatedLink
from tests.environment import ROOT
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_image,
    make_person,
    make_ready_article,
    make_ready_draft,
    make_section,
    make_source,
    make_tag,
    make_user,
)

DAY = timedelta(days=1)
CHECKS_PAGE = ROOT / "docs" / "editors" / "checks.md"
ADDING_PAGE = ROOT / "docs" / "adding-a-check.md"
NOBODYS_UID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


class CheckTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.chief = make_user("chief", is_superuser=True)

    def found(self, check, article, by=None):
        """The sentences of one check, and nothing of the others."""
        report = check_article(Article.objects.get(pk=article.pk), by=by or self.chief)
        return [finding.sentence for finding in report if finding.check == check]

    def body_with(self, *links):
        return "<p>" + " ".join(links) + "</p>"


class HeadTests(CheckTests):
    def test_story_that_has_everything_has_no_problem(self):
        report = check_article(make_ready_draft(lead_image=make_image(caption="At dawn.")), by=self.chief)
        assert list(report) == []
        assert report.fine == tuple(check.label for check in CHECKS.values())

    def test_bare_draft_lacks_section_byline_and_dek(self):
        report = check_article(make_draft(), by=self.chief)
        assert {finding.check: finding.severity for finding in report} == {
            "section": "blocking",
            "byline": "blocking",
            "dek": "warning",
        }

    def test_what_blocks_comes_first(self):
        found = [finding.blocks for finding in check_article(make_draft(), by=self.chief)]
        assert found == sorted(found, reverse=True)
        assert set(found) == {True, False}

    def test_placeholder_of_a_slug_is_told(self):
        assert "looks like one that was to be replaced" in self.found("slug", make_draft(slug="story-2"))[0]

    def test_slug_of_another_story_is_told(self):
        draft = make_draft(headline="Harbour crews were not ready", slug="budget-passes-at-midnight")
        assert self.found("slug", draft) == ["The slug “budget-passes-at-midnight” has no word of the headline."]

    def test_headline_that_was_published_is_told_however_it_is_written(self):
        make_article(headline="Ferries return")
        draft = make_draft(headline="FERRIES return!", slug="ferries-return-2")
        assert self.found("headline", draft) == ["“Ferries return”, published on 23 July 2026, has the same headline."]

    def test_drafts_may_share_a_headline(self):
        make_draft(headline="Ferries return")
        assert self.found("headline", make_draft(headline="Ferries return", slug="ferries-return-2")) == []

    def test_nothing_leaks_of_an_embargoed_story_with_the_same_headline(self):
        secret = make_article(headline="FERRIES Return", embargoed_until=timezone.now() + DAY)
        reporter = make_person("Reporter")
        draft = make_draft(headline="Ferries return", slug="ferries-return-2", created_by=reporter)
        assert self.found("headline", draft, by=reporter) == [
            "Another story, which you may not see, has the same headline."
        ]
        assert secret.headline in self.found("headline", draft, by=make_person("Editor"))[0]

    def test_working_copy_has_the_headline_of_its_story(self):
        story = make_ready_article(headline="Ferries return")
        copy = begin_working_copy(story, by=self.chief)
        assert self.found("headline", copy) == []
        assert self.found("headline", story) == []


class SlugTests(SimpleTestCase):
    def test_placeholders(self):
        for slug in ("untitled", "story", "story-2", "draft", "draft-final-v2", "new-article", "copy-of-budget", "tbd"):
            assert is_placeholder(slug, "ferries-return"), slug

    def test_slugs_that_stay(self):
        for slug in ("ferries-return", "story-of-a-bridge", "drafted-in-haste", "copyright-reform", "test-match-drawn"):
            assert not is_placeholder(slug, "ferries-return"), slug
        assert not is_placeholder("copy-of-magna-carta-found", "copy-of-magna-carta-found-in-a-drawer")

    def test_slug_fits_by_the_beginning_of_a_word(self):
        assert has_word_of("ferry-harbour", "harbours-are-full")
        assert not has_word_of("budget-passes", "ferries-return")

    def test_where_it_cannot_be_told_a_slug_fits(self):
        assert has_word_of("harbour", "москва-открывает-мост")
        assert has_word_of("мост", "ferries-return")
        assert has_word_of("eu-at-70", "the-long-union")


class PictureTests(CheckTests):
    def test_name_of_a_file_is_no_alternative_text(self):
        draft = make_draft(lead_image=make_image(alt_text="IMG_2041.jpg"))
        assert self.found("alternative_text", draft) == [
            "The alternative text of the lead picture says only “IMG_2041.jpg”."
        ]
        assert self.found("alternative_text", make_draft(lead_image=make_image(alt_text="", decorative=True))) == []

    def test_blanks_are_no_alternative_text(self):
        draft = make_draft(lead_image=make_image(alt_text=" "))
        assert self.found("alternative_text", draft) == ["The alternative text of the lead picture is missing."]

    def test_pictures_in_the_text_are_looked_at_too(self):
        image = make_image(alt_text="DSC 0041", caption="At noon.")
        draft = make_draft(body=f'<figure data-image="{image.uid}"></figure>')
        report = check_article(draft, by=self.chief)
        assert [each.field for each in report if each.check == "alternative_text"] == ["body"]

    def test_caption_and_credit_of_the_lead_picture(self):
        draft = make_draft(lead_image=make_image(credit=""))
        report = check_article(draft, by=self.chief)
        found = [(each.sentence, each.field) for each in report if each.check == "caption_and_credit"]
        assert found == [
            ("The lead picture has no caption.", "lead_caption"),
            ("The lead picture has no credit.", "lead_image"),
        ]
        assert self.found("caption_and_credit", make_draft(lead_image=make_image(), lead_caption="At noon.")) == []

    def test_caption_that_stands_in_the_text_counts(self):
        image = make_image()
        with_caption = f'<figure data-image="{image.uid}"><figcaption>At <em>noon</em>.</figcaption></figure>'
        assert self.found("caption_and_credit", make_draft(body=with_caption)) == []
        without = make_draft(headline="Boats", body=f'<figure data-image="{image.uid}"></figure>')
        assert self.found("caption_and_credit", without) == [
            "The picture “A ferry leaves a harbour at dawn.” has no caption."
        ]

    def test_picture_that_the_library_has_no_more_is_told(self):
        draft = make_draft(body=f'<figure data-image="{NOBODYS_UID}"></figure>')
        assert "library has no more" in self.found("pictures_there", draft)[0]

    def test_expired_rights_block(self):
        yesterday = timezone.localdate() - DAY
        report = check_article(make_draft(lead_image=make_image(rights_expire_on=yesterday)), by=self.chief)
        assert "rights" in [finding.check for finding in report.blocking]

    def test_rights_that_end_before_a_scheduled_story_appears_block(self):
        image = make_image(rights_expire_on=timezone.localdate() + 2 * DAY)
        draft = make_draft(lead_image=image, published_at=timezone.now() + 5 * DAY)
        assert "before it appears" in self.found("rights", draft)[0]

    def test_rights_that_end_within_days_warn(self):
        soon, later = (make_image(rights_expire_on=timezone.localdate() + days * DAY) for days in (3, 60))
        assert "expire soon" in self.found("rights_last", make_draft(lead_image=soon))[0]
        assert self.found("rights", make_draft(headline="Boats", lead_image=soon)) == []
        assert self.found("rights_last", make_draft(headline="Cranes", lead_image=later)) == []


@override_settings(SITE_URL="https://meridian.example")
class LinkTests(CheckTests):
    def test_link_to_a_story_that_readers_do_not_see_is_told(self):
        hidden, public = make_draft(headline="Not yet"), make_article(headline="Here")
        links = [f'<a data-article="{uid}">words</a>' for uid in (hidden.uid, public.uid)]
        assert self.found("links", make_draft(body=self.body_with(*links))) == [
            "The link “words” leads to a story that readers do not see."
        ]

    def test_links_to_pages_that_are_there_are_fine(self):
        story, section = make_article(headline="Here"), make_section()
        FormerSlug.objects.create(slug="once-here", article=story)
        FlatPage.objects.create(url="/about/", title="About").sites.add(1)
        addresses = [
            story.get_absolute_url(),
            f"https://meridian.example{story.get_absolute_url()}?from=there#top",
            story.get_absolute_url().rstrip("/"),
            "/2020/01/once-here/",
            section.get_absolute_url(),
            make_tag("Ferries").get_absolute_url(),
            make_author().get_absolute_url(),
            make_source().get_absolute_url(),
            "/about/",
            "/",
            "/archive/",
            "#notes",
            "/static/css/newsroom.css",
        ]
        draft = make_draft(body=self.body_with(*(f'<a href="{address}">there</a>' for address in addresses)))
        assert self.found("links", draft) == []

    def test_links_to_pages_that_are_not_there_are_told(self):
        draft_elsewhere = make_draft(headline="Not yet")
        gone = make_article(headline="Gone", status="withdrawn")
        FormerSlug.objects.create(slug="once-gone", article=gone)
        addresses = [
            "/2026/07/never/",
            draft_elsewhere.get_absolute_url(),
            gone.get_absolute_url(),
            "/2020/01/once-gone/",
            "https://meridian.example/section/nowhere/",
            "/no-such-page",
        ]
        draft = make_draft(body=self.body_with(*(f'<a href="{address}">there</a>' for address in addresses)))
        assert self.found("links", draft) == [
            f"The link “there” leads to {address}, where there is nothing." for address in addresses
        ]

    def test_links_to_other_sites_are_not_followed(self):
        links = ('<a href="https://elsewhere.example/2026/07/never/">there</a>', '<a href="mailto:a@b.example">a</a>')
        assert self.found("links", make_draft(body=self.body_with(*links))) == []

    def test_story_may_link_to_itself(self):
        draft = make_draft()
        body = self.body_with(
            f'<a data-article="{draft.uid}">I</a>', f'<a href="{draft.get_absolute_url()}#notes">me</a>'
        )
        Article.objects.filter(pk=draft.pk).update(body=body)
        assert self.found("links", draft) == []

    def test_working_copy_is_no_public_story(self):
        copy = begin_working_copy(make_ready_article(), by=self.chief)
        draft = make_draft(headline="Boats", body=self.body_with(f'<a data-article="{copy.uid}">words</a>'))
        assert len(self.found("links", draft)) == 1

    def test_any_number_of_links_costs_one_query(self):
        stories = [make_article() for _ in range(4)]
        links = [f'<a href="{each.get_absolute_url()}">a</a><a data-article="{each.uid}">b</a>' for each in stories]
        draft = make_draft(body=self.body_with(*links, '<a href="/about/">c</a>', '<a href="/tag/x/">d</a>'))
        with mock.patch.dict(CHECKS, {"links": CHECKS["links"]}, clear=True), self.assertNumQueries(2):
            check_article(draft, by=self.chief)

    def test_related_line_without_a_story_is_told(self):
        draft, hidden = make_draft(), make_draft(headline="Not yet")
        RelatedLink.objects.create(article=draft, headline="A story to come")
        RelatedLink.objects.create(article=draft, headline="Hidden", target=hidden)
        RelatedLink.objects.create(article=draft, headline="Here", target=make_article(headline="Here"))
        RelatedLink.objects.create(article=draft, headline="Elsewhere", url="https://elsewhere.example/")
        assert self.found("related_lines", draft) == [
            "The related line “A story to come” has found no story yet.",
            "The related line “Hidden” leads to a story that readers do not see.",
        ]


class TermsTests(CheckTests):
    def test_syndicated_story_needs_its_canonical_address(self):
        for role, found in (("publisher", 1), ("wire", 1), ("data", 0)):
            draft = make_draft()
            Citation.objects.create(article=draft, source=make_source(f"Source {role}"), role=role)
            assert len(self.found("canonical_address", draft)) == found, role
            Article.objects.filter(pk=draft.pk).update(canonical_url="https://original.example/")
            assert self.found("canonical_address", draft) == []

    def test_embargo_says_until_when(self):
        until = timezone.now() + DAY
        draft = make_draft(embargoed_until=until)
        assert f"{until:%H:%M} UTC" in self.found("embargo", draft)[0]
        assert self.found("embargo", make_draft(headline="Boats", embargoed_until=timezone.now() - DAY)) == []


class SeverityTests(CheckTests):
    def severity_of(self, check, article):
        report = check_article(article, by=self.chief)
        return next((str(finding.severity) for finding in report if finding.check == check), "")

    def test_section_says_more_than_the_site_and_the_site_more_than_the_code(self):
        sport, world = make_section("Sport"), make_section()
        drafts = {section: make_draft(headline=str(section), section=section) for section in (sport, world)}
        assert self.severity_of("dek", drafts[sport]) == "warning"
        set_severities(None, {"dek": "blocking"}, by=self.chief)
        set_severities(sport, {"dek": "off"}, by=self.chief)
        assert self.severity_of("dek", drafts[world]) == "blocking"
        assert self.severity_of("dek", drafts[sport]) == ""
        assert inherited_severities(sport)["dek"] == "blocking"

    def test_decision_can_be_taken_back(self):
        world = make_section()
        set_severities(world, {"dek": "blocking"}, by=self.chief)
        set_severities(world, {"dek": ""}, by=self.chief)
        assert not CheckRule.objects.exists()

    def test_site_says_it_for_stories_without_a_section(self):
        set_severities(None, {"section": "warning"}, by=self.chief)
        assert self.severity_of("section", make_draft()) == "warning"

    def test_who_may_decide(self):
        world, sport = make_section(), make_section("Sport")
        for role, allowed in (("Reporter", False), ("Editor", False), ("Publisher", True), ("Administrator", True)):
            person = make_person(role)
            assert may_set_severities(person, world) is allowed, role
            assert may_set_severities(person, None) is allowed, role
        limited = make_person("Publisher", sections=(sport,))
        assert [may_set_severities(limited, each) for each in (sport, world, None)] == [True, False, False]
        with pytest.raises(PermissionDenied):
            set_severities(world, {"dek": "off"}, by=limited)

    def test_rule_of_a_check_that_is_no_more_is_passed_over(self):
        CheckRule.objects.create(check_name="horoscope", severity="blocking")
        assert not check_article(make_ready_draft(), by=self.chief).blocking


class RefusalTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.publisher = make_person("Publisher")

    def refuse(self, verb, article, **more):
        before = Article.objects.filter(pk=article.pk).values().get()
        with pytest.raises(NotReady, match=r"It has no byline\.") as refusal:
            verb(article, by=self.publisher, **more)
        assert [finding.check for finding in refusal.value.findings] == ["byline"]
        assert Article.objects.filter(pk=article.pk).values().get() == before
        assert not Activity.objects.exists()

    def bare(self, **overrides):
        return make_ready_article(authors=(), **overrides)

    def test_publishing(self):
        self.refuse(publish_article, self.bare(status="draft", published_at=None))

    def test_publishing_before_the_time(self):
        self.refuse(publish_scheduled_article, self.bare(published_at=timezone.now() + DAY))

    def test_publishing_over_an_embargo(self):
        self.refuse(override_embargo, self.bare(embargoed_until=timezone.now() + DAY), reason="Now.")

    def test_reinstating(self):
        self.refuse(reinstate_article, self.bare(status="withdrawn"), reason="It was right.")

    def test_warnings_refuse_nothing(self):
        draft = make_ready_draft(dek="", slug="untitled")
        publish_article(draft, by=self.publisher)
        assert draft.is_public()

    def test_embargo_that_blocks_can_still_be_overridden(self):
        set_severities(None, {"embargo": "blocking"}, by=self.publisher)
        draft = make_ready_draft(embargoed_until=timezone.now() + DAY)
        with pytest.raises(NotReady):
            publish_article(draft, by=self.publisher)
        override_embargo(draft, by=self.publisher, reason="The ministry published it itself.")
        assert draft.is_public()

    def test_rights_count_on_the_day_for_which_it_is_scheduled(self):
        draft = make_ready_draft(lead_image=make_image(rights_expire_on=timezone.localdate() + 2 * DAY))
        with pytest.raises(NotReady, match="before it appears"):
            publish_article(draft, by=self.publisher, at=timezone.now() + 5 * DAY)

    def test_working_copy_that_lost_its_byline_is_not_published(self):
        copy = begin_working_copy(make_ready_article(), by=self.publisher)
        copy.bylines.all().delete()
        with pytest.raises(NotReady, match="no byline"):
            publish_fix(copy, by=self.publisher)

    def test_working_copy_is_not_held_back_by_what_readers_have_already(self):
        story = make_article(section=make_section())
        copy = begin_working_copy(story, by=self.publisher)
        report = check_article(copy, by=self.publisher)
        assert not report.blocking
        assert "byline" in [finding.check for finding in report.warnings]
        publish_fix(copy, by=self.publisher)
        assert not Article.objects.exclude(pk=story.pk).exists()


class CostTests(TestCase):
    def test_whole_run_costs_six_queries_at_most(self):
        secret = make_article(headline="Ferries return", embargoed_until=timezone.now() + DAY)
        today = timezone.localdate()
        images = [make_image(alt_text="IMG_1.jpg", credit="", rights_expire_on=today + days * DAY) for days in (0, 3)]
        figures = "".join(
            f'<figure data-image="{uid}"></figure>' for uid in (images[0].uid, images[1].uid, NOBODYS_UID)
        )
        links = f'<p><a data-article="{secret.uid}">a</a> <a href="/2026/07/never/">b</a> <a href="/about/">c</a></p>'
        reporter = make_person("Reporter", sections=(make_section(),))
        draft = make_draft(
            headline="Ferries return",
            slug="untitled",
            body=figures + links,
            lead_image=images[0],
            created_by=reporter,
            embargoed_until=timezone.now() + DAY,
        )
        for number in range(5):
            RelatedLink.objects.create(article=draft, headline=f"Waiting {number}")
            Citation.objects.create(article=draft, source=make_source(f"Source {number}"))
        NearDuplicate.objects.create(article=draft, twin=secret, likeness=0.9)
        # As behind every door, permissions have been asked for before.
        reporter.has_perm("articles.change_article")
        draft = Article.objects.get(pk=draft.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            report = check_article(draft, by=reporter)
        assert len(queries) <= 6
        assert {finding.check for finding in report} == set(CHECKS)

    def test_checks_ask_for_nothing_that_is_not_wanted(self):
        class Quiet(Check):
            name, label, field = "quiet", "quiet", "headline"

            def problems(self, story):
                return ()

        draft = make_draft()
        with mock.patch.dict(CHECKS, {"quiet": Quiet()}, clear=True), self.assertNumQueries(1):
            assert list(check_article(draft, by=AnonymousUser())) == []


class TwinTests(CheckTests):
    def test_story_with_nearly_the_same_text_is_named(self):
        draft, other = make_draft(), make_article(headline="Ferries return")
        NearDuplicate.objects.create(article=draft, twin=other, likeness=0.914)
        assert self.found("told_once", draft) == ["“Ferries return” has nearly the same text: 91% of it."]

    def test_story_that_the_person_may_not_see_is_not_named(self):
        draft, other = make_draft(), make_article(headline="Secret", embargoed_until=timezone.now() + DAY)
        NearDuplicate.objects.create(article=draft, twin=other, likeness=0.9)
        sentence = "Another story, which you may not see, has nearly the same text."
        assert self.found("told_once", draft, by=make_person("Reporter")) == [sentence]

    def test_working_copy_is_compared_as_its_story_is(self):
        story, other = make_article(), make_article(headline="Ferries return")
        NearDuplicate.objects.create(article=story, twin=other, likeness=1.0)
        copy = begin_working_copy(story, by=self.chief)
        assert self.found("told_once", copy) == ["“Ferries return” has nearly the same text: 100% of it."]


class RegistryTests(TestCase):
    def test_findings_can_be_kept_as_json(self):
        draft = make_ready_draft(dek="")
        assert findings_as_json(check_article(draft, by=make_person("Editor"))) == [
            {"check": "dek", "severity": "warning", "sentence": "It has no dek, the sentence under the headline."}
        ]

    def test_what_blocks_on_a_new_site(self):
        blocking = {name for name, check in CHECKS.items() if check.severity == Severity.BLOCKING}
        assert blocking == {"section", "byline", "alternative_text", "canonical_address", "rights"}

    def test_table_for_editors_names_every_check_and_what_it_does_on_a_new_site(self):
        rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| (blocks|warns|off) \|$", CHECKS_PAGE.read_text(), re.MULTILINE)
        assert [(name.lower(), does) for name, does in rows] == [
            (check.label, Severity(check.severity).label.lower()) for check in CHECKS.values()
        ]

    def test_names_fit_into_their_column(self):
        longest = CheckRule._meta.get_field("check_name").max_length
        assert all(name == check.name and len(name) <= longest for name, check in CHECKS.items())

    def test_fields_are_those_of_a_story(self):
        for check in CHECKS.values():
            assert check.field in ArticleForm.declared_fields or Article._meta.get_field(check.field)

    def test_byline_is_found_among_rows(self):
        draft = make_draft(section=make_section())
        Byline.objects.create(article=draft, author=make_author())
        assert not check_article(draft, by=make_person("Editor")).blocking


class DocumentationTests(TransactionTestCase):
    """A test within a test closes its connection: around it there is no transaction that would end with that."""

    def test_check_in_the_documentation_works(self):
        code, test = re.findall(r"```python\n(.*?)```", ADDING_PAGE.read_text(), re.DOTALL)
        written = {}
        exec(code, written)
        exec(test, written)
        suite = unittest.TestLoader().loadTestsFromTestCase(written["DatelineTests"])
        with mock.patch.dict(CHECKS, {"dateline": written["DatelineGiven"]()}):
            result = suite.run(unittest.TestResult())
        assert (result.testsRun, result.errors, result.failures) == (2, [], [])

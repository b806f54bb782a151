import io
import os
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image as Pillow

from articles.importers import building
from articles.importers.options import Options
from articles.importers.outcomes import Action
from articles.importers.running import import_paths
from articles.importers.saving import Saver
from articles.models import Article, Author, Correction, FormerSlug, Image, PopularEntry, RelatedLink, Source, Tag
from articles.pictures.storing import store_files
from tests.factories import make_article, make_author, make_section, make_source, make_tag
from tests.importers.texts import PAGE_OF_A_BLOG, make_text, write_text

BODY = "The gauge of Skarvik has been read each morning since the spring of 1874."
REVISED = "The gauge of Skarvik has been read each morning since the autumn of 1874."


@pytest.mark.usefixtures("folder")
class ImportCase(TestCase):
    @pytest.fixture
    def folder(self, tmp_path):
        self.folder = tmp_path / "texts"
        self.folder.mkdir()

    def write(self, text, name="gauge.txt"):
        return write_text(self.folder, name, text)

    def run_import(self, *paths, **options):
        options = Options(**{"suggest_tags": False, **options})
        return list(import_paths([str(path) for path in paths or (self.folder,)], options, io.BytesIO()))

    def actions(self, *paths, **options):
        return [str(outcome.action) for outcome in self.run_import(*paths, **options)]


class PageOfABlogTests(ImportCase):
    def setUp(self):
        self.write(PAGE_OF_A_BLOG)
        [self.outcome] = self.run_import(suggest_tags=True)
        self.article = Article.objects.get()

    def test_all_of_it_is_stored(self):
        article = self.article
        assert article.headline == "Harbour council turns down offer for the old lighthouse"
        assert article.slug == self.outcome.slug == "harbour-council-turns-down-offer-for-the-old-lighthouse"
        assert article.body.count("<p>") == 10
        assert article.body.split("\n")[4] == '<aside data-related="1"></aside>'
        assert article.headline_key == "harbour council turns down offer for the old lighthouse"
        assert article.excerpt.startswith("The harbour council has turned down")
        assert article.word_count > 200
        assert article.is_public()

    def test_links_source_and_popular_list_are_rows(self):
        [link] = self.article.related_links.all()
        assert (link.marker, link.position, link.target) == (1, 1, None)
        assert link.headline_key == "dozens of keepers said to have left the service since the lamps went dark"
        [citation] = self.article.citations.select_related("source")
        assert (citation.source.name, citation.source.accounts, citation.role) == (
            "Coast News",
            "Twitter @coastnews",
            "publisher",
        )
        entries = self.article.popular_list.entries.all()
        assert [(entry.position, entry.headline[:5]) for entry in entries] == [(1, "How a"), (2, "Forme"), (3, "‘Not ")]

    def test_tags_are_proposed(self):
        names = set(self.article.tags.values_list("name", flat=True))
        assert {"Northern Lights Trust", "Skarvik"} <= names

    def test_a_second_run_changes_nothing(self):
        before = list(Article.objects.values())
        assert self.actions(suggest_tags=True) == ["unchanged"]
        assert list(Article.objects.values()) == before

    def test_nobody_has_touched_it(self):
        assert self.article.imported_at == self.article.modified_at


class TimesTests(ImportCase):
    def times(self, text, **options):
        self.write(text)
        self.run_import(**options)
        article = Article.objects.get()
        return article.published_at, article.first_published_at

    def test_the_date_line_goes_first(self):
        moment = datetime(2016, 7, 23, 18, 40, tzinfo=UTC)
        said = datetime(2020, 1, 1, tzinfo=UTC)
        assert self.times(make_text("Salt", "23 July 2016, 18:40", BODY), published_at=said) == (moment, moment)

    def test_the_sidecar_goes_next(self):
        self.write("published_at = 2017-01-01T10:00:00Z", "gauge.toml")
        moment = datetime(2017, 1, 1, 10, tzinfo=UTC)
        said = datetime(2020, 1, 1, tzinfo=UTC)
        assert self.times(make_text("Salt", BODY), published_at=said) == (moment, moment)

    def test_the_option_goes_next(self):
        moment = datetime(2020, 1, 1, tzinfo=UTC)
        assert self.times(make_text("Salt", BODY), published_at=moment) == (moment, moment)

    def test_the_time_of_the_file_goes_last_and_never_into_the_future(self):
        with time_machine.travel(datetime(2001, 1, 1, tzinfo=UTC), tick=False):
            moment = timezone.now()
            assert self.times(make_text("Salt", BODY)) == (moment, moment)

    def test_the_sites_own_zone_counts(self):
        with timezone.override("Asia/Tokyo"):
            assert self.times(make_text("Salt", "23 July 2016", BODY))[0] == datetime(2016, 7, 22, 15, tzinfo=UTC)

    def test_a_date_that_the_text_itself_puts_into_the_future_schedules_it(self):
        tomorrow = timezone.now() + timedelta(days=1)
        self.times(make_text("Salt", tomorrow.strftime("%Y-%m-%d %H:%M"), BODY))
        assert not Article.objects.published().exists()

    def test_a_draft_has_no_time_that_nobody_said(self):
        assert self.times(make_text("Salt", BODY), status="draft") == (None, None)

    def test_a_draft_keeps_a_time_that_was_said_for_its_publication(self):
        assert self.times(make_text("Salt", "23 July 2016", BODY), status="draft") == (
            datetime(2016, 7, 23, tzinfo=UTC),
            None,
        )

    def test_the_popular_list_is_of_the_articles_day(self):
        self.times(make_text("Salt", "23 July 2016", BODY, "Popular posts", "A"))
        assert Article.objects.get().popular_list.listed_on == date(2016, 7, 23)


class OptionsTests(ImportCase):
    def setUp(self):
        self.world, self.science = make_section("World"), make_section("Science")

    def one(self, name="gauge.txt", text=None, **options):
        self.write(text or make_text("Salt", BODY), name)
        [outcome] = self.run_import(**options)
        return Article.objects.get(slug=outcome.slug) if outcome.slug else outcome

    def test_the_folder_is_the_section_where_there_is_one(self):
        assert self.one("Science/gauge.txt").section == self.science

    def test_another_folder_is_none(self):
        assert self.one("misc/gauge.txt").section is None

    def test_the_option_goes_before_the_folder(self):
        assert self.one("science/gauge.txt", section=self.world).section == self.world

    def test_the_sidecar_goes_before_the_option(self):
        self.write('section = "science"', "gauge.toml")
        assert self.one(section=self.world).section == self.science

    def test_an_unknown_section_in_the_sidecar_is_refused(self):
        self.write('section = "sports"', "gauge.toml")
        outcome = self.one()
        assert outcome.action == Action.REFUSED
        assert outcome.message == "There is no section “sports”; expected one of: science, world."
        assert not Article.objects.exists()

    def test_the_option_names_an_author_where_the_text_names_none(self):
        assert [byline.author.name for byline in self.one(author="Leila Haddad").bylines.all()] == ["Leila Haddad"]

    def test_a_byline_goes_before_the_option(self):
        article = self.one(text=make_text("Salt", "By Ana and Tom Reyes", BODY), author="Leila Haddad")
        assert [byline.author.name for byline in article.bylines.all()] == ["Ana", "Tom Reyes"]

    def test_tags_of_the_option_and_the_sidecar_come_together_once(self):
        self.write('tags = ["Tides", "norway"]', "gauge.toml")
        names = self.one(tags=("Norway", "Sea")).tags.values_list("name", flat=True)
        assert sorted(names, key=str.lower) == ["norway", "Sea", "Tides"]

    def test_language_type_and_status_are_set(self):
        article = self.one(language="nb", status="in_review")
        assert (article.language, article.story_type, article.status) == ("nb", "news", "in_review")

    def test_the_language_of_the_site_is_the_default(self):
        assert self.one().language == "en-gb"

    def test_the_sidecar_speaks_for_the_text(self):
        self.write(
            'dek = "D"\nlanguage = "de"\nstory_type = "review"\ncanonical_url = "https://example.com/a"\n'
            "updated_at = 2026-01-02T00:00:00Z\n[[corrections]]\ntext = 'It was wood.'",
            "gauge.toml",
        )
        article = self.one(language="nb")
        assert (article.dek, article.language, article.story_type) == ("D", "de", "review")
        assert article.canonical_url == "https://example.com/a"
        assert article.updated_at == datetime(2026, 1, 2, tzinfo=UTC)
        [correction] = article.corrections.all()
        assert (correction.text, correction.corrected_at) == ("It was wood.", article.updated_at)


class NamesTests(ImportCase):
    def test_names_are_found_whatever_their_case(self):
        author, source, tag = make_author("Leila Haddad"), make_source("Coast News"), make_tag("Tides")
        self.write(make_text("Salt", "By LEILA HADDAD", BODY, "Follow COAST NEWS on Twitter: @coast"))
        self.run_import(tags=("TIDES",))
        article = Article.objects.get()
        assert article.bylines.get().author == author
        assert article.citations.get().source == source
        assert article.tags.get() == tag
        source.refresh_from_db()
        assert source.accounts == ""  # what an editor left empty stays so

    def test_new_names_have_slugs_of_their_own(self):
        make_author("Leila Haddád")
        self.write(make_text("Salt", "By Leila Haddad and 王小明", BODY))
        self.run_import()
        assert set(Author.objects.values_list("slug", flat=True)) == {"leila-haddad", "leila-haddad-2", "王小明"}

    def test_a_person_to_follow_gets_the_account(self):
        self.write(make_text("Salt", "By Leila Haddad", BODY, "Follow Leila Haddad on Twitter: @leila"))
        self.run_import()
        assert Author.objects.get().accounts == "Twitter @leila"
        assert not Source.objects.exists()


class SlugTests(ImportCase):
    def slugs(self):
        return sorted(Article.objects.filter(import_source="seed").values_list("slug", flat=True))

    def test_stories_of_one_headline_are_numbered(self):
        for number, body in enumerate(("Sea salt is white.", "Rock salt is grey.", "Salt mines run deep under hills.")):
            self.write(make_text("Salt", body), f"{number}.txt")
        self.run_import()
        assert self.slugs() == ["salt", "salt-2", "salt-3"]

    def test_slugs_in_use_now_or_formerly_are_not_taken(self):
        article = make_article(slug="salt")
        FormerSlug.objects.create(slug="salt-2", article=article)
        self.write(make_text("Salt", BODY))
        self.run_import()
        assert self.slugs() == ["salt-3"]

    def test_a_headline_without_letters_gets_a_slug_from_its_identifier(self):
        self.write(make_text("🙂", BODY))
        self.run_import()
        article = Article.objects.get()
        assert article.slug == f"story-{article.uid.hex[:8]}"

    def test_headlines_in_other_scripts_keep_their_letters(self):
        self.write(make_text("台风登陆", BODY))
        self.run_import()
        assert self.slugs() == ["台风登陆"]


class HealingTests(ImportCase):
    def link(self):
        return RelatedLink.objects.get(headline__istartswith="“the")

    def test_a_reference_to_a_text_of_the_same_run_finds_it(self):
        self.write(make_text("Gauge", BODY, "Related: “The Owls’ Return” – again"), "a.txt")
        self.write(make_text('"The owls\' return" - again', BODY), "b.txt")
        self.run_import()
        assert self.link().target.slug == "the-owls-return-again"

    def test_a_reference_finds_a_text_that_comes_later(self):
        self.write(make_text("Gauge", BODY, "Related: “The owls”", "Popular posts", "The Owls"), "a.txt")
        self.run_import()
        assert self.link().target is None
        self.write(make_text("The owls", "They returned."), "b.txt")
        self.run_import()
        assert self.link().target.headline == "The owls"
        assert PopularEntry.objects.get().target.headline == "The owls"

    def test_a_reference_finds_a_text_that_came_earlier(self):
        self.write(make_text("The owls", "They returned."), "b.txt")
        self.run_import()
        self.write(make_text("Gauge", BODY, "Related: “The owls”"), "a.txt")
        self.run_import()
        assert self.link().target.headline == "The owls"


class NewVersionTests(ImportCase):
    def setUp(self):
        self.write(make_text("Gauge", "By Ana", "23 July 2016", BODY, "Related: A", "Popular posts", "P"))
        self.run_import(tags=("Tides",))
        self.before = Article.objects.get()

    def revise(self, *blocks, headline="Gauge", **options):
        self.write(make_text(headline, *blocks))
        return self.run_import(**options)

    def test_a_changed_text_changes_the_article(self):
        [outcome] = self.revise(
            "By Tom Reyes", "24 July 2016", REVISED, "Watch: B", headline="The gauge", tags=("Sea",)
        )
        assert outcome.action == Action.UPDATED
        article = Article.objects.get()
        assert article.headline == "The gauge"
        assert article.headline_key == "the gauge"
        assert "autumn" in article.body
        assert "autumn" in article.excerpt
        assert article.published_at == datetime(2016, 7, 24, tzinfo=UTC)
        assert [byline.author.name for byline in article.bylines.all()] == ["Tom Reyes"]
        assert [link.headline for link in article.related_links.all()] == ["B"]
        assert [tag.name for tag in article.tags.all()] == ["Sea"]
        assert not PopularEntry.objects.exists()

    def test_its_address_and_its_identity_stay(self):
        self.revise("24 July 2017", REVISED, headline="The gauge")
        article = Article.objects.get()
        kept = ("pk", "uid", "slug", "first_published_at", "created_at", "status", "import_id")
        assert [getattr(article, name) for name in kept] == [getattr(self.before, name) for name in kept]
        assert article.modified_at > self.before.modified_at
        assert article.imported_at == article.modified_at

    def test_its_time_stays_where_the_text_says_none(self):
        self.revise(REVISED)
        assert Article.objects.get().published_at == self.before.published_at

    def test_a_story_that_nobody_has_seen_is_scheduled_anew(self):
        first, second = (timezone.now() + timedelta(days=days) for days in (1, 2))
        self.write(make_text("Salt", f"{first:%Y-%m-%d %H:%M}", "Salt is white."), "salt.txt")
        self.run_import()
        self.write(make_text("Salt", f"{second:%Y-%m-%d %H:%M}", "Salt is white."), "salt.txt")
        self.run_import()
        article = Article.objects.get(headline="Salt")
        assert article.first_published_at == article.published_at == second.replace(second=0, microsecond=0)

    def test_after_it_nothing_changes_again(self):
        self.revise(REVISED)
        assert self.actions() == ["unchanged"]

    def test_an_article_that_was_corrected_beside_its_text_is_left_alone(self):
        self.write(make_text("Gauge", BODY, "Related: Salt"))
        self.run_import()
        story = Article.objects.get()
        for change in (
            lambda: Correction.objects.create(article=story, text="It was the autumn."),
            lambda: story.related_links.get().delete(),
        ):
            Article.objects.update(modified_at=F("imported_at"))
            change()
            self.write(make_text("Gauge", REVISED))
            assert self.actions() == ["conflict"]
        assert story.corrections.count() == 1

    def test_an_article_that_an_editor_touched_is_left_alone(self):
        self.before.dek = "An editor wrote this."
        self.before.save()
        [outcome] = self.revise(REVISED)
        assert outcome.action == Action.CONFLICT
        article = Article.objects.get()
        assert "spring" in article.body
        assert article.dek == "An editor wrote this."

    def test_an_editor_who_saves_at_that_very_moment_wins(self):
        save = Saver.save

        def save_after_the_editor(saver, plans):
            Article.objects.get().save()
            return save(saver, plans)

        with mock.patch.object(Saver, "save", save_after_the_editor):
            [outcome] = self.revise(REVISED)
        assert outcome.action == Action.CONFLICT
        assert "spring" in Article.objects.get().body


class WholeRunTests(ImportCase):
    def test_two_files_of_one_content_are_one_article(self):
        self.write(make_text("Gauge", BODY), "a.txt")
        copy = self.write(make_text("Gauge", BODY) + "\n\n", "b/copy.txt")
        assert self.actions() == ["created", "skipped"]
        assert self.actions() == ["unchanged", "skipped"]
        assert self.actions(copy) == ["unchanged"]
        assert Article.objects.count() == 1

    def test_one_path_given_twice_is_one_article(self):
        path = self.write(make_text("Gauge", BODY))
        assert self.actions(path, path) == ["created", "skipped"]

    def test_a_bad_text_leaves_the_others_alone(self):
        self.write(b"", "a.txt")
        self.write(make_text("Gauge", BODY), "b.txt")
        self.write(b"\x00\x01\x02" * 9, "c.txt")
        self.write(make_text("Salt", "Salt is white."), "d.txt")
        self.write("dekk = 1", "d.toml")
        outcomes = {outcome.path.rpartition("/")[2]: outcome for outcome in self.run_import()}
        assert {name: str(outcome.action) for name, outcome in outcomes.items()} == {
            "a.txt": "refused",
            "b.txt": "created",
            "c.txt": "refused",
            "d.toml": "refused",
        }

    def test_a_dry_run_writes_nothing_and_says_the_same(self):
        self.write(make_text("Gauge", BODY), "a.txt")
        self.write(make_text("Gauge", BODY), "b.txt")
        assert self.actions(dry_run=True) == ["created", "skipped"]
        assert not Article.objects.exists()
        assert not Tag.objects.exists()

    def test_a_dry_run_finds_what_would_be_refused(self):
        self.write(make_text("Gauge", BODY), "a.txt")
        self.write('section = "nowhere"', "a.toml")
        self.write(make_text("Salt", "Salt is white."), "b.txt")
        self.write('[lead_image]\nfile = "b.webp"\ndecorative = true', "b.toml")
        self.write("no picture", "b.webp")
        assert self.actions(dry_run=True) == ["refused", "refused"]

    def test_names_that_no_encoding_has_are_stored_escaped(self):
        self.write(make_text("Gauge", BODY), os.fsdecode(b"\xff.txt"))
        self.write('dek = "D"', os.fsdecode(b"\xff.toml"))
        assert self.actions() == ["created"]
        assert Article.objects.values_list("import_id", "dek").get() == ("texts/\\xff.txt", "D")
        assert self.actions() == ["unchanged"]

    def test_html_in_a_text_is_shown(self):
        self.write(make_text("<b>Gauge</b>", "<script>alert(1)</script> & more"))
        self.run_import()
        article = Article.objects.get()
        assert article.headline == "<b>Gauge</b>"
        assert article.body == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</p>"

    def test_the_number_of_queries_does_not_grow_with_the_texts(self):
        for number in range(40):
            text = make_text(f"Gauge {number}", "By Ana", f"{BODY} {number}", "Related: A", "Popular posts", "P", "Q")
            self.write(text, f"{number:02}.txt")
        with CaptureQueriesContext(connection) as first_run:
            self.run_import()
        with CaptureQueriesContext(connection) as second_run:
            self.run_import()
        assert len(first_run) < 50  # SQLite splits long inserts
        assert len(second_run) < 10

    def test_a_text_that_the_database_refuses_leaves_the_others_alone(self):
        self.write(make_text("Gauge", BODY), "a.txt")
        self.write(make_text("Salt", "Salt is white."), "b.txt")
        save = Saver.save

        def save_unless_salt(saver, plans):
            with transaction.atomic():
                outcomes = save(saver, plans)
                if any(plan.article.headline == "Salt" for plan in plans):
                    raise IntegrityError("no salt")
            return outcomes

        with mock.patch.object(Saver, "save", save_unless_salt):
            outcomes = self.run_import(author="Ana")
        assert [str(outcome.action) for outcome in outcomes] == ["created", "refused"]
        assert "no salt" in outcomes[1].message


class PictureTests(ImportCase):
    def setUp(self):
        self.write(make_text("Gauge", BODY))
        self.write(
            "[lead_image]\nfile = 'gauge.png'\nalt = 'A brass gauge'\ncredit = 'Ana'\nfocal_x = 0.2", "gauge.toml"
        )

    def write_picture(self, colour="red"):
        file = io.BytesIO()
        Pillow.new("RGB", (64, 48), colour).save(file, "PNG")
        self.write(file.getvalue(), "gauge.png")

    def test_the_picture_beside_the_text_leads_it(self):
        self.write_picture()
        self.run_import()
        image = Article.objects.get().lead_image
        assert (image.alt_text, image.credit, image.focal_x, image.width) == ("A brass gauge", "Ana", 0.2, 64)

    def test_a_second_run_keeps_it(self):
        self.write_picture()
        self.run_import()
        assert self.actions() == ["unchanged"]
        assert Image.objects.count() == 1

    def test_it_keeps_no_other_writer_waiting(self):
        self.write_picture()
        within = len(connection.savepoint_ids)  # the test's own transaction

        def store_outside_of_transactions(image, file):
            assert len(connection.savepoint_ids) == within
            store_files(image, file)

        with mock.patch.object(building, "store_files", store_outside_of_transactions):
            assert self.actions() == ["created"]

    def test_another_picture_is_a_change(self):
        self.write_picture()
        self.run_import()
        self.write_picture("blue")
        assert self.actions() == ["updated"]

    def test_what_is_no_picture_refuses_the_text_and_says_why(self):
        self.write("no picture", "gauge.png")
        self.write(make_text("Salt", "Salt is white."), "salt.txt")
        refusal, other = self.run_import()
        assert refusal.action == Action.REFUSED
        assert "gauge.png" in refusal.message
        assert other.action == Action.CREATED
        assert Article.objects.count() == 1

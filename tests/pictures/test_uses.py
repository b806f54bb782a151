"""Which pictures are used, and where."""

import json
import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from articles.editorial.working_copies import begin_working_copy
from articles.importers.outcomes import Action
from articles.models import Article, Image, ImageUse, body_reference
from articles.pictures.uses import is_used, list_uses
from articles.signals import articles_imported
from tests.factories import make_article, make_author, make_draft, make_image, make_person, make_user
from tests.importers.test_saving import BODY, REVISED, ImportCase
from tests.importers.texts import make_text

fill = import_module("articles.migrations.0012_image_uses").fill


def body_with(*images):
    return "<p>One.</p>" + "".join(f'<figure data-image="{image.uid}"></figure>' for image in images)


def noted():
    """What is noted of every body, whatever wrote it."""
    return sorted(ImageUse.objects.values_list("article", "image_uid"))


def shown(*pairs):
    return sorted((article.pk, image.uid) for article, image in pairs)


class UsesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.lead, cls.portrait, cls.inside, cls.unused = (make_image() for _ in range(4))
        cls.led = make_article(lead_image=cls.lead)
        cls.author = make_author(portrait=cls.portrait)
        cls.illustrated = make_article(body=f'<p>One.</p><figure data-image="{cls.inside.uid}"></figure>')

    def test_leads_portraits_and_pictures_in_bodies_are_used(self):
        assert set(Image.objects.filter(is_used())) == {self.lead, self.portrait, self.inside}
        assert list(Image.objects.filter(~is_used())) == [self.unused]

    def test_each_use_is_listed(self):
        uses = {image: list_uses([image], most=5) for image in (self.lead, self.portrait, self.inside, self.unused)}
        assert uses == {
            self.lead: [self.led],
            self.portrait: [self.author],
            self.inside: [self.illustrated],
            self.unused: [],
        }

    def test_any_number_of_pictures_can_be_asked_about_at_once(self):
        pictures = [*(make_image() for _ in range(1200)), self.inside]
        assert list_uses(pictures, most=5) == [self.illustrated]

    def test_story_that_somebody_may_not_see_is_not_named_to_them(self):
        draft = make_draft(lead_image=self.unused)
        assert list_uses([self.unused], most=5) == [draft]
        assert list_uses([self.unused], most=5, seen_by=make_person("Contributor")) == []
        assert list_uses([self.unused], most=5, seen_by=make_person("Editor")) == [draft]


class SavingTests(TestCase):
    def setUp(self):
        self.image, self.other = make_image(), make_image()
        self.article = make_article(body=body_with(self.image, self.image))

    def test_each_picture_of_a_body_is_noted_once(self):
        assert noted() == shown((self.article, self.image))

    def test_changed_body_is_followed(self):
        self.article.body = body_with(self.other)
        self.article.save()
        assert noted() == shown((self.article, self.other))
        assert list_uses([self.image], most=5) == []

    def test_what_was_taken_out_is_used_no_more(self):
        self.article.body = "<p>One.</p>"
        self.article.save(update_fields=["body"])
        assert not Image.objects.filter(is_used()).exists()

    def test_story_saved_again_writes_no_row(self):
        before = list(ImageUse.objects.values_list("pk", flat=True))
        with self.assertNumQueries(1):
            ImageUse.objects.follow_bodies([self.article])
        assert list(ImageUse.objects.values_list("pk", flat=True)) == before

    def test_fields_beside_the_body_ask_for_nothing(self):
        article = Article.objects.only("dek").get(pk=self.article.pk)
        article.dek = "New."
        with CaptureQueriesContext(connection) as queries:
            article.save(update_fields=["dek"])
        # The map of affected pages reads the row as it is stored; the body alone is asked for by nobody.
        alone = '"articles_article"."id", "articles_article"."body" FROM'
        assert not [query for query in queries if "imageuse" in query["sql"] or alone in query["sql"]]
        assert noted() == shown((self.article, self.image))

    def test_picture_that_is_not_there_yet_is_used_as_soon_as_it_is(self):
        uid = uuid.uuid4()
        self.article.body = f'<figure data-image="{uid}"></figure>'
        self.article.save()
        assert list_uses([make_image(uid=uid)], most=5) == [self.article]

    def test_deleted_story_uses_nothing(self):
        self.article.delete()
        assert noted() == []

    def test_working_copy_is_a_use_until_it_is_gone(self):
        copy = begin_working_copy(self.article, by=make_user("chief", is_superuser=True))
        assert noted() == shown((self.article, self.image), (copy, self.image))
        copy.body = body_with(self.other)
        copy.save()
        assert list_uses([self.other], most=5) == [copy]
        copy.delete()
        assert list_uses([self.other], most=5) == []


class BulkTests(TestCase):
    def test_stories_written_at_once_are_followed_in_few_queries(self):
        self.enterContext(pytest.MonkeyPatch.context()).setattr(body_reference, "KEYS_AT_ONCE", 4)
        image, other = make_image(), make_image()
        articles = [make_draft() for _ in range(8)]
        Article.objects.filter(pk=articles[0].pk).update(body=body_with(image))
        ImageUse.objects.follow_bodies([Article.objects.get(pk=articles[0].pk)])
        for article in articles:
            article.body = body_with(other)
        Article.objects.bulk_update(articles, ["body"])
        with self.assertNumQueries(5):
            # Twice what is noted and what is new, once what is gone.
            ImageUse.objects.follow_bodies(articles)
        assert noted() == shown(*((article, other) for article in articles))

    def test_rows_written_past_saving_are_followed_by_their_signal(self):
        image = make_image()
        article = Article(headline="Ferries", slug="ferries", body=body_with(image))
        Article.objects.bulk_create([article])
        articles_imported.send(Article, articles=[article], link_keys=set())
        assert noted() == shown((article, image))


class ImportTests(ImportCase):
    def test_text_that_is_written_over_takes_its_pictures_along(self):
        self.write(make_text("The gauge", BODY))
        self.run_import()
        article, image = Article.objects.get(), make_image()
        # As an importer of texts with pictures would have left it: nobody has touched the story since.
        Article.objects.update(body=body_with(image))
        ImageUse.objects.follow_bodies(list(Article.objects.all()))
        assert list_uses([image], most=5) == [article]
        self.write(make_text("The gauge", REVISED))
        assert self.actions() == [Action.UPDATED]
        assert noted() == []


class FixtureTests(TestCase):
    def setUp(self):
        self.image, self.other = make_image(), make_image()
        self.article, self.second = make_article(body=body_with(self.image)), make_article(body=body_with(self.other))

    @pytest.fixture(autouse=True)
    def path(self, tmp_path):
        self.path = tmp_path / "site.json"

    def dump(self, *, natural):
        call_command(
            "dumpdata",
            "articles",
            use_natural_foreign_keys=natural,
            use_natural_primary_keys=natural,
            output=str(self.path),
            verbosity=0,
        )

    def load(self):
        call_command("loaddata", self.path, verbosity=0)

    def uses(self):
        return sorted(ImageUse.objects.values_list("article__uid", "image_uid"))

    def test_dump_brings_the_uses_back_twice(self):
        before = self.uses()
        for natural in (True, False):
            with self.subTest(natural=natural):
                self.dump(natural=natural)
                ImageUse.objects.all().delete()
                Article.objects.all().delete()
                self.load()
                assert self.uses() == before
                self.load()
                assert self.uses() == before

    def test_dump_over_newer_bodies_leaves_what_the_dump_shows(self):
        before = self.uses()
        self.dump(natural=True)
        self.article.body = body_with(self.other)
        self.article.save()
        self.load()
        assert self.uses() == before

    def test_fixture_that_says_nothing_of_uses_needs_not(self):
        before = self.uses()
        self.dump(natural=True)
        rows = json.loads(self.path.read_text())
        self.path.write_text(json.dumps([row for row in rows if row["model"] != "articles.imageuse"]))
        Article.objects.all().delete()
        self.load()
        assert self.uses() == before


class MigrationTests(TestCase):
    def test_bodies_that_were_here_before_are_read(self):
        images = [make_image() for _ in range(3)]
        article, second, _ = (
            make_article(body=body_with(*images)),
            make_draft(body=body_with(images[0])),
            make_article(),
        )
        before = noted()
        ImageUse.objects.all().delete()
        for _ in range(2):
            fill(apps, connection.schema_editor())
            assert noted() == before == shown(*((article, image) for image in images), (second, images[0]))

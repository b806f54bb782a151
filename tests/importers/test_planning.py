import re

from django.test import TestCase

from articles.importers.outcomes import Action
from articles.importers.planning import file_key, plan_batch, resemblance
from articles.importers.run_memory import RunMemory
from articles.importers.seed_text import SeedImporter
from articles.models import Article, DeletedImport
from tests.factories import make_article
from tests.importers.texts import make_input, make_text

BODY = "The gauge of Skarvik has been read each morning since the spring of 1874."
REVISED = "The gauge of Skarvik has been read each morning since the autumn of 1874."
OTHER = "A port without cranes learns how to lift things by hand, and finds that it can."


def text_of(headline="Gauge", body=BODY, name="gauge.txt", **values):
    return next(iter(SeedImporter().read(make_input(make_text(headline, body), name=name, **values))))


def store(imported, **overrides):
    """An article as an import would have left it, and perhaps an editor after it."""
    values = {"import_source": "seed", "import_id": file_key(imported), "import_hash": imported.content_hash}
    article = make_article(headline=imported.headline, body=f"<p>{imported.paragraphs[0]}</p>", **(values | overrides))
    Article.objects.filter(pk=article.pk).update(imported_at=article.modified_at)
    return article


class PlanningTests(TestCase):
    def setUp(self):
        self.run_memory = self.enterContext(RunMemory())

    def plan(self, *articles):
        return plan_batch(articles, source="seed", run=self.run_memory)

    def decide(self, *articles):
        return [(plan.action, plan.target.pk if plan.target else None) for plan in self.plan(*articles)]

    def test_a_new_text_is_created_under_its_name(self):
        [plan] = self.plan(text_of())
        assert (plan.action, plan.import_id, plan.target) == (Action.CREATED, "texts/gauge.txt", None)

    def test_the_same_content_is_unchanged_whatever_its_name(self):
        article = store(text_of())
        assert self.decide(text_of(name="renamed.txt")) == [(Action.UNCHANGED, article.pk)]

    def test_the_same_content_twice_in_a_batch_is_skipped_and_says_of_what(self):
        first, second = self.plan(text_of(), text_of(name="copy.txt"))
        assert first.action == Action.CREATED
        assert (second.action, second.message) == (Action.SKIPPED, "The same content as texts/gauge.txt.")

    def test_the_same_content_twice_in_a_run_is_skipped(self):
        self.run_memory.remember([(text_of().content_hash, "other/gauge.txt")], [])
        [plan] = self.plan(text_of())
        assert (plan.action, plan.message) == (Action.SKIPPED, "The same content as other/gauge.txt.")

    def test_the_same_name_and_headline_are_a_new_version_whatever_the_words(self):
        article = store(text_of())
        assert self.decide(text_of(body=OTHER)) == [(Action.UPDATED, article.pk)]

    def test_the_same_name_and_half_of_the_words_are_a_new_version(self):
        article = store(text_of())
        assert self.decide(text_of(headline="A new headline", body=REVISED)) == [(Action.UPDATED, article.pk)]

    def test_the_same_headline_and_half_of_the_words_are_a_new_version(self):
        article = store(text_of())
        assert self.decide(text_of(name="moved.txt", body=REVISED)) == [(Action.UPDATED, article.pk)]

    def test_the_same_headline_alone_is_another_story(self):
        store(text_of())
        assert self.decide(text_of(name="other.txt", body=OTHER)) == [(Action.CREATED, None)]

    def test_the_same_name_alone_is_another_story_with_an_id_of_its_own(self):
        store(text_of())
        [plan] = self.plan(text_of(headline="A port", body=OTHER))
        assert plan.action == Action.CREATED
        assert re.fullmatch(r"texts/gauge\.txt#[0-9a-f]{8}", plan.import_id)

    def test_a_file_of_that_name_in_another_folder_is_another_story(self):
        store(text_of(folder="monday"))
        for headline, body in (("Gauge", OTHER), ("A new headline", REVISED)):
            with self.subTest(headline):
                assert self.decide(text_of(headline, body, folder="tuesday")) == [(Action.CREATED, None)]

    def test_a_file_that_moved_to_another_folder_is_known_by_headline_and_words(self):
        article = store(text_of(folder="monday"))
        assert self.decide(text_of(body=REVISED, folder="archive")) == [(Action.UPDATED, article.pk)]

    def test_a_story_with_an_id_of_its_own_is_found_by_its_name(self):
        store(text_of())
        second = store(text_of(headline="A port", body=OTHER), import_id="texts/gauge.txt#0123abcd")
        assert self.decide(text_of(headline="A port renamed", body=OTHER)) == [(Action.UPDATED, second.pk)]

    def test_three_stories_of_one_name_and_headline_get_three_ids(self):
        bodies = (BODY, OTHER, "Salt is won from the sea by patience and by sun.")
        plans = self.plan(*(text_of(body=body) for body in bodies))
        assert [plan.action for plan in plans] == [Action.CREATED] * 3
        assert len({plan.import_id for plan in plans}) == 3

    def test_two_texts_of_a_run_never_fall_on_one_article(self):
        article = store(text_of())
        first, second = self.decide(text_of(body=REVISED), text_of(body=f"{REVISED} Or so."))
        assert first == (Action.UPDATED, article.pk)
        assert second == (Action.CREATED, None)
        self.run_memory.remember([], [article.pk])
        assert self.decide(text_of(body=REVISED)) == [(Action.CREATED, None)]

    def test_a_certain_match_goes_before_a_likely_one(self):
        article = store(text_of())
        likely, certain = text_of(name="moved.txt", body=REVISED), text_of(body=OTHER)
        assert self.decide(likely, certain) == [(Action.CREATED, None), (Action.UPDATED, article.pk)]

    def test_of_two_certain_matches_the_likelier_is_taken(self):
        store(text_of(), import_id="texts/gauge.txt")
        second = store(text_of(body=OTHER), import_id="texts/gauge.txt#0123abcd", slug="second")
        assert self.decide(text_of(body=f"{OTHER} Again.")) == [(Action.UPDATED, second.pk)]

    def test_an_article_that_an_editor_touched_is_a_conflict(self):
        article = store(text_of())
        article.refresh_from_db()
        article.dek = "An editor wrote this."
        article.save()
        [plan] = self.plan(text_of(body=REVISED))
        assert (plan.action, plan.target) == (Action.CONFLICT, article)
        assert "left as it is" in plan.message

    def test_an_article_that_an_editor_touched_is_unchanged_where_the_text_is(self):
        article = store(text_of())
        article.refresh_from_db()
        article.save()
        assert self.decide(text_of()) == [(Action.UNCHANGED, article.pk)]

    def test_articles_that_were_not_imported_are_nobodys_earlier_version(self):
        make_article(headline="Gauge", body=f"<p>{BODY}</p>")
        assert self.decide(text_of()) == [(Action.CREATED, None)]

    def test_a_story_that_was_deleted_is_not_made_again(self):
        store(text_of()).delete()
        for text in (text_of(), text_of(name="renamed.txt"), text_of(body=OTHER)):
            [plan] = self.plan(text)
            assert plan.action == Action.SKIPPED
            assert "deleted in the newsroom" in plan.message

    def test_another_story_in_the_file_of_a_deleted_one_is_made(self):
        store(text_of()).delete()
        assert self.decide(text_of(headline="A port", body=OTHER)) == [(Action.CREATED, None)]

    def test_a_deleted_story_comes_back_once_its_row_is_gone(self):
        store(text_of()).delete()
        DeletedImport.objects.all().delete()
        assert self.decide(text_of()) == [(Action.CREATED, None)]

    def test_a_story_that_no_import_made_leaves_nothing_behind(self):
        make_article().delete()
        assert not DeletedImport.objects.exists()

    def test_a_batch_costs_a_bounded_number_of_queries(self):
        known = [text_of(headline=f"Known {number}", name=f"known-{number}.txt") for number in range(20)]
        for imported in known:
            store(imported)
        changed = [text_of(headline=f"Known {n}", body=OTHER, name=f"known-{n}.txt") for n in range(10)]
        new = [text_of(headline=f"New {number}", name=f"new-{number}.txt") for number in range(100)]
        with self.assertNumQueries(6):
            actions = [plan.action for plan in self.plan(*changed, *known[10:], *new)]
        assert actions == [Action.UPDATED] * 10 + [Action.UNCHANGED] * 10 + [Action.CREATED] * 100


def test_resemblance_is_the_share_of_common_words():
    assert resemblance(frozenset("abcd"), frozenset("abcd")) == 1
    assert resemblance(frozenset("abc"), frozenset("bcd")) == 0.5
    assert resemblance(frozenset("ab"), frozenset("cd")) == 0
    assert resemblance(frozenset(), frozenset()) == 0

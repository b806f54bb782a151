"""What is worth reading after a story, what leads to it, and what is the same text."""

import logging
import threading
from datetime import timedelta
from unittest import mock

from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Fingerprint, NearDuplicate, Suggestion, SuggestionChoice, Tag, TaggedArticle
from articles.related import suggestions, upkeep
from articles.related.suggestions import missing, relate, relate_missing
from articles.related.weights import KEPT
from tests.factories import PUBLISHED_AT, make_article, make_draft, make_section, make_tag
from tests.related.test_similarity import text_of

LONG = f"<p>{text_of(200)}</p>"


def led_to(article):
    return [each.target.headline for each in article.suggestions.select_related("target")]


def relate_all():
    list(relate_missing())


class SuggestionTests(TestCase):
    def setUp(self):
        # Tags are rare in an archive, not in a handful of stories.
        Article.objects.bulk_create(
            Article(headline=f"Padding {number}", slug=f"padding-{number}", body=f"<p>{text_of(20, seed=number)}</p>")
            for number in range(30)
        )

    def test_shared_tags_lead_both_ways_with_their_reasons(self):
        first = make_article(headline="First", tags=("Syria", "Manbij"), section=make_section())
        second = make_article(headline="Second", tags=("Syria", "Manbij", "Water"), section=first.section)
        make_article(headline="Third", tags=("Syria",))

        relate(second.pk)

        assert led_to(first) == ["Second"]
        (best, *_) = second.suggestions.all()
        assert best.target == first
        rare, common = make_tag("Manbij").pk, make_tag("Syria").pk
        assert best.reasons == {"tags": [rare, common], "text": mock.ANY, "section": True, "recency": 1.0}
        assert best.score > second.suggestions.all()[1].score

    def test_text_alone_leads_on(self):
        body = "<p>The falaj brought water past the terraces; silt had choked its shafts.</p>"
        first = make_article(headline="Shafts", body=body)
        make_article(headline="Falaj", body=body.replace("terraces", "gardens"))
        relate(first.pk)
        assert led_to(first) == ["Falaj"]
        assert first.suggestions.get().reasons["text"] > 0.4

    def test_nothing_in_common_leads_nowhere_however_new(self):
        section = make_section()
        one = make_article(headline="Chess", body=LONG, section=section)
        make_article(headline="Ice", body=LONG.replace("word", "ice"), section=section)
        relate(one.pk)
        assert led_to(one) == []

    def test_drafts_working_copies_and_what_expired_are_not_suggested(self):
        story = make_article(tags=("Syria", "Manbij"))
        make_draft(headline="Draft", tags=("Syria", "Manbij"))
        expired = {"published_at": PUBLISHED_AT, "expires_at": timezone.now() - timedelta(hours=1)}
        make_article(headline="Expired", tags=("Syria", "Manbij"), **expired)
        make_article(headline="Withdrawn", tags=("Syria", "Manbij"), status=Article.Status.WITHDRAWN)
        copy = make_draft(headline="Copy", replaces=story, tags=("Syria", "Manbij"))
        for key in Article.objects.values_list("pk", flat=True):
            relate(key)
        assert not Suggestion.objects.exists()
        assert not Fingerprint.objects.filter(article=copy).exists()

    def test_what_appears_later_is_found_already(self):
        story = make_article(tags=("Syria", "Manbij"))
        make_article(headline="Soon", tags=("Syria", "Manbij"), published_at=timezone.now() + timedelta(days=1))
        relate(story.pk)
        assert led_to(story) == ["Soon"]

    def test_other_languages_are_not_suggested_but_variants_are(self):
        story = make_article(tags=("Syria", "Manbij"), language="en-GB")
        make_article(headline="Deutsch", tags=("Syria", "Manbij"), language="de")
        make_article(headline="American", tags=("Syria", "Manbij"), language="en-us")
        relate(story.pk)
        assert led_to(story) == ["American"]

    def test_pair_that_an_editor_refused_is_not_computed_from_either_side(self):
        one = make_article(tags=("Syria", "Manbij"))
        other = make_article(headline="Other", tags=("Syria", "Manbij"))
        relate(one.pk)
        SuggestionChoice.objects.create(article=other, target=one, kind=SuggestionChoice.Kind.NEVER)
        for article in (one, other):
            relate(article.pk)
            assert not Suggestion.objects.exists()

    def test_story_that_is_withdrawn_leads_nowhere_and_nothing_leads_to_it(self):
        one = make_article(tags=("Syria", "Manbij"))
        other = make_article(tags=("Syria", "Manbij"))
        relate(one.pk)
        assert Suggestion.objects.count() == 2
        Article.objects.filter(pk=other.pk).update(status=Article.Status.WITHDRAWN)
        relate(other.pk)
        assert not Suggestion.objects.exists()

    def test_no_more_than_so_many_are_kept_and_a_better_one_displaces_the_worst(self):
        tags = ("Syria", "Manbij")
        old = [
            make_article(
                headline=f"Old {number}", tags=tags[:1], published_at=PUBLISHED_AT - timedelta(days=900 + number)
            )
            for number in range(KEPT + 3)
        ]
        story = make_article(headline="Story", tags=tags)
        relate(story.pk)
        assert story.suggestions.count() == KEPT
        worst = story.suggestions.last().target
        better = make_article(headline="Better", tags=tags)

        relate(better.pk)

        assert story.suggestions.count() == KEPT
        assert led_to(story)[0] == "Better"
        assert worst.headline not in led_to(story)
        assert len(old) > KEPT

    def test_computing_again_changes_nothing(self):
        for number in range(4):
            make_article(headline=f"Story {number}", tags=("Syria", "Manbij"))
        relate_all()
        before = list(Suggestion.objects.order_by("article", "target").values_list("pk", "article", "target", "score"))
        Fingerprint.objects.all().delete()
        relate_all()
        after = list(Suggestion.objects.order_by("article", "target").values_list("pk", "article", "target", "score"))
        assert before == after
        assert len(before) == 12

    def test_number_of_queries_does_not_grow_with_the_stories_of_a_tag(self):
        def cost():
            story = make_article(tags=("Syria",))
            with CaptureQueriesContext(connection) as queries:
                relate(story.pk)
            return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

        make_article(tags=("Syria",))
        few = cost()
        rows = Article.objects.bulk_create(
            Article(headline=f"Many {n}", slug=f"many-{n}", status="published", published_at=PUBLISHED_AT,
                    first_published_at=PUBLISHED_AT)
            for n in range(260)
        )  # fmt: skip
        TaggedArticle.objects.bulk_create(TaggedArticle(content_object=row, tag=make_tag()) for row in rows)
        # One more, to count the stories of a common tag.
        assert cost() <= few + 1
        # PostgreSQL is told how to look and how long to wait; what readers see of it is a line in the purge log.
        assert few <= 25


class TwinTests(TestCase):
    def setUp(self):
        Article.objects.bulk_create(Article(headline=f"Padding {n}", slug=f"padding-{n}") for n in range(30))

    def test_copy_is_told_both_ways_and_not_suggested(self):
        original = make_article(headline="Original", body=LONG, tags=("Syria", "Manbij"))
        copy = make_article(headline="Copy", body=LONG + "<p>From our wire.</p>", tags=("Syria", "Manbij"))
        relate_all()
        pairs = NearDuplicate.objects.values_list("article", "twin")
        assert set(pairs) == {(original.pk, copy.pk), (copy.pk, original.pk)}
        assert not Suggestion.objects.exists()

    def test_draft_is_compared_before_anybody_publishes_it(self):
        original = make_article(body=LONG)
        relate(original.pk)
        draft = make_draft(headline="Mine", body=LONG)
        relate(draft.pk)
        assert draft.near_duplicates.get().twin == original

    def test_text_that_was_rewritten_is_a_twin_no_more(self):
        original, copy = make_article(body=LONG), make_article(body=LONG)
        relate_all()
        copy.body = f"<p>{text_of(200, seed=5)}</p>"
        copy.save()
        relate(copy.pk)
        assert not NearDuplicate.objects.filter(article=original).exists()
        assert not NearDuplicate.objects.exists()

    def test_of_two_twins_a_list_has_the_one_of_the_house(self):
        wire = {"canonical_url": "https://wire.example/1", "published_at": PUBLISHED_AT - timedelta(days=1)}
        make_article(headline="Wire", body=LONG, tags=("Syria", "Manbij"), **wire)
        make_article(headline="Own", body=LONG, tags=("Syria", "Manbij"))
        story = make_article(headline="Story", tags=("Syria", "Manbij"), body=f"<p>{text_of(90, seed=9)}</p>")
        for order in ("pk", "-pk"):
            Fingerprint.objects.all().delete()
            Suggestion.objects.all().delete()
            for key in list(missing().order_by(order).values_list("pk", flat=True)):
                relate(key)
            assert led_to(story) == ["Own"]

    def test_stories_of_one_original_are_not_suggested_beside_one_another(self):
        address = "https://wire.example/1"
        one = make_article(tags=("Syria", "Manbij"), canonical_url=address)
        make_article(tags=("Syria", "Manbij"), canonical_url=address + "/")
        relate(one.pk)
        assert led_to(one) == []

    def test_short_texts_are_not_twins(self):
        one, _ = make_article(), make_article()
        relate_all()
        assert not NearDuplicate.objects.exists()
        assert bytes(one.fingerprint.signature) == b""


class UpkeepTests(TestCase):
    def test_saving_relates_once_when_the_transaction_has_ended(self):
        with mock.patch.object(upkeep, "relate_and_survive") as asked:
            with self.captureOnCommitCallbacks(execute=True), transaction.atomic():
                article = make_article(tags=("Syria", "Manbij"))
                article.save()
                assert not asked.called
            asked.assert_called_once_with(article.pk)

    def test_what_is_undone_is_not_related(self):
        with mock.patch.object(upkeep, "relate_and_survive") as asked:
            with self.captureOnCommitCallbacks(execute=True):
                with transaction.atomic():
                    make_article()
                    transaction.set_rollback(True)
                kept = make_article()
            asked.assert_called_once_with(kept.pk)

    def test_tag_that_comes_or_goes_relates_its_story(self):
        article = make_article(tags=("Syria",))
        with mock.patch.object(upkeep, "relate_and_survive") as asked:
            with self.captureOnCommitCallbacks(execute=True):
                article.tags.add(make_tag("Manbij"))
            with self.captureOnCommitCallbacks(execute=True):
                article.tags.remove("Syria")
            assert [call.args for call in asked.call_args_list] == [(article.pk,), (article.pk,)]

    def test_tag_that_is_deleted_does_not_relate_all_its_stories(self):
        make_article(tags=("Syria",))
        make_article(tags=("Syria",))
        with self.captureOnCommitCallbacks() as callbacks:
            Tag.objects.get().delete()
        assert callbacks == []

    def test_update_of_a_date_alone_relates_nothing(self):
        article = make_article()
        with self.captureOnCommitCallbacks() as callbacks:
            article.save(update_fields=["updated_at", "modified_at"])
        assert callbacks == []

    def test_failure_is_logged_and_breaks_nothing(self):
        with (
            mock.patch.object(suggestions, "surroundings_of", side_effect=ZeroDivisionError),
            self.assertLogs("articles.related.suggestions", logging.ERROR) as logs,
            self.captureOnCommitCallbacks(execute=True),
        ):
            article = make_article()
        assert f"could not be computed for the story {article.pk}" in logs.output[0]
        assert list(missing()) == [article]

    def test_deleted_story_is_passed_over(self):
        with self.captureOnCommitCallbacks(execute=True):
            make_article().delete()
        assert not Fingerprint.objects.exists()


class TogetherTests(TransactionTestCase):
    def test_several_at_once_leave_each_pair_once(self):
        bodies = [LONG.replace("word1", f"w{n}") for n in range(6)]
        articles = [make_article(headline=body[-20:], tags=("Syria", "Manbij"), body=body) for body in bodies]
        padding = (Article(headline=f"Padding {n}", slug=f"padding-{n}") for n in range(30))
        Article.objects.bulk_create(padding)
        failures = []

        def work():
            try:
                for article in articles:
                    relate(article.pk)
            except Exception as failure:
                failures.append(failure)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        pairs = list(Suggestion.objects.values_list("article", "target"))
        assert len(pairs) == len(set(pairs))
        assert Fingerprint.objects.filter(article__in=articles).count() == 6

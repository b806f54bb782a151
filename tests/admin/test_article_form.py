from datetime import UTC, datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, FormerSlug, Tag
from tests.admin.samples import errors, form_data
from tests.factories import (
    PUBLISHED_AT,
    make_article,
    make_author,
    make_draft,
    make_image,
    make_ready_draft,
    make_section,
    make_source,
    make_tag,
    make_user,
)

ADD = reverse("admin:articles_article_add")
LIST = reverse("admin:articles_article_changelist")


def page_of(article):
    return reverse("admin:articles_article_change", args=[article.pk])


class DeskTests(TestCase):
    def setUp(self):
        self.chief = make_user("chief", is_superuser=True)
        self.client.force_login(self.chief)

    def save(self, article=None, **changes):
        """Sends the page's form with some answers changed; returns the story, or fails with the errors."""
        response = self.send(article, **changes)
        assert response.status_code == 302, errors(response)
        return Article.objects.latest("pk") if article is None else Article.objects.get(pk=article.pk)

    def send(self, article=None, **changes):
        path = page_of(article) if article else ADD
        return self.client.post(path, {**form_data(self.client.get(path)), **changes})

    def refusal(self, article=None, **changes):
        response = self.send(article, **changes)
        assert response.status_code == 200
        return errors(response)


class MomentTests(DeskTests):
    def test_years_out_of_all_reason_are_refused(self):
        for day in ("0001-01-01", "0202-07-23", "9999-12-31"):
            with self.subTest(day=day):
                answers = {"headline": "A", "published_at_0": day, "published_at_1": "00:00:00"}
                assert "year from 1400 to 2999" in self.refusal(**answers)


class SlugTests(DeskTests):
    def test_empty_slug_is_made_from_the_headline(self):
        assert self.save(headline="Zürich’s café “Œuvre” opens").slug == "zurichs-cafe-oeuvre-opens"

    def test_headline_in_another_script_keeps_it(self):
        assert self.save(headline="Москва открывает мост").slug == "москва-открывает-мост"

    def test_headline_without_letters_gets_a_plain_slug(self):
        assert self.save(headline="!!!").slug == "story"

    def test_taken_slug_that_the_page_proposed_gets_a_number(self):
        make_article(headline="Ferries return")
        assert self.save(headline="Ferries return", slug="ferries-return").slug == "ferries-return-2"

    def test_taken_slug_that_somebody_chose_is_refused(self):
        make_article(headline="Ferries return")
        assert "Another story has this slug" in self.refusal(headline="Boats are back", slug="ferries-return")

    def test_former_slug_of_another_story_is_not_proposed(self):
        FormerSlug.objects.create(slug="ferries-return", article=make_article(headline="Other"))
        assert self.save(headline="Ferries return").slug == "ferries-return-2"

    def test_slug_of_other_signs_is_refused_in_words(self):
        for slug in ("two words", "a/b", "a--b", "<b>"):
            assert "made of letters, digits and single hyphens" in self.refusal(headline="Ferries", slug=slug)

    def test_chosen_slug_stays(self):
        article = make_draft(headline="Ferries return", slug="boats")
        assert self.save(article, headline="Ferries come back").slug == "boats"


class WritingTests(DeskTests):
    def test_saving_untouched_changes_no_word_and_no_time(self):
        moment = datetime(2026, 7, 1, 8, 30, 15, 123456, tzinfo=UTC)
        article = make_article(published_at=moment, tags=("Syria",), body="<p>One &amp; two.</p>")
        saved = self.save(article)
        for name in ("headline", "body", "status", "published_at", "first_published_at", "slug"):
            assert getattr(saved, name) == getattr(article, name), name
        assert [tag.name for tag in saved.tags.all()] == ["Syria"]

    def test_body_is_cleaned(self):
        article = self.save(headline="Ferries", body="<p onclick='x()'>Boats<script>alert(1)</script></p>")
        assert article.body == "<p>Boats</p>"

    def test_everything_that_belongs_to_a_story_is_saved_with_it(self):
        author, source, target = make_author(), make_source(), make_article(headline="An older story")
        article = self.save(
            headline="Ferries return",
            section=make_section().pk,
            lead_image=make_image().pk,
            canonical_url="original.example/story",
            byline=["@leila-haddad"],
            **{
                "citations-TOTAL_FORMS": 1,
                "citations-0-source": source.pk,
                "citations-0-role": "wire",
                "citations-0-position": 0,
                "citations-0-url": "wire.example",
                "citations-0-retrieved_on": "2026-07-01",
                "related_links-TOTAL_FORMS": 2,
                "related_links-0-target": target.pk,
                "related_links-0-position": 0,
                "related_links-1-headline": "A story yet to come",
                "related_links-1-position": 1,
                "corrections-TOTAL_FORMS": 1,
                "corrections-0-kind": "correction",
                "corrections-0-text": "The boat left at noon.",
                "corrections-0-corrected_at_0": "2026-07-02",
                "corrections-0-corrected_at_1": "09:00:00",
            },
        )
        assert [each.author for each in article.bylines.all()] == [author]
        citation = article.citations.get()
        assert (citation.source, citation.role, citation.url) == (source, "wire", "https://wire.example")
        links = [(link.headline, link.target) for link in article.related_links.all()]
        assert links == [("An older story", target), ("A story yet to come", None)]
        assert article.corrections.get().text == "The boat left at noon."
        assert article.canonical_url == "https://original.example/story"

    def test_related_link_to_two_places_is_refused_beside_the_field(self):
        answers = {
            "related_links-TOTAL_FORMS": 1,
            "related_links-0-target": make_article().pk,
            "related_links-0-url": "https://elsewhere.example",
            "related_links-0-position": 0,
        }
        assert "A link leads to one place" in self.refusal(headline="Ferries", **answers)

    def test_related_link_to_nowhere_is_refused(self):
        answers = {"related_links-TOTAL_FORMS": 1, "related_links-0-position": 5}
        assert "Give a headline, or choose a story" in self.refusal(headline="Ferries", **answers)

    def test_import_identity_is_shown_for_imported_stories_alone(self):
        imported = make_article(import_source="seed", import_id="ferries.txt", import_hash="0" * 64)
        self.assertContains(self.client.get(page_of(imported)), "ferries.txt")
        self.assertNotContains(self.client.get(page_of(make_article())), "import_id")

    def test_change_is_kept_in_the_history(self):
        article = make_draft()
        self.save(article, headline="Ferries return at last")
        assert LogEntry.objects.get().user == self.chief


class TagTests(DeskTests):
    def names(self, article):
        return sorted(tag.name for tag in article.tags.all())

    def test_names_with_spaces_are_one_tag_each(self):
        assert self.names(self.save(headline="A", tags=["Islamic State", "Syria"])) == ["Islamic State", "Syria"]

    def test_commas_part_tags(self):
        assert self.names(self.save(headline="A", tags=["Syria, Manbij ,, Raqqa"])) == ["Manbij", "Raqqa", "Syria"]

    def test_known_tag_is_found_whatever_its_case(self):
        make_tag("Islamic State")
        assert self.names(self.save(headline="A", tags=["islamic  STATE", "ISLAMIC state"])) == ["Islamic State"]
        assert Tag.objects.count() == 1

    def test_characters_that_nobody_sees_are_no_part_of_a_tag(self):
        assert self.names(self.save(headline="A", tags=["Sy\0ria\u200b"])) == ["Syria"]
        address = reverse("admin:articles_article_tag_names")
        assert self.client.get(address, {"term": "\0syr"}).json()["results"] == [{"id": "Syria", "text": "Syria"}]

    def test_tags_can_all_be_removed(self):
        assert self.names(self.save(make_draft(tags=("Syria", "Manbij")), tags=[])) == []

    def test_too_long_name_is_refused_and_the_others_stay_in_the_box(self):
        response = self.send(headline="A", tags=["Syria", "x" * 101])
        assert "too long for a tag" in errors(response)
        assert form_data(response)["tags"] == ["Syria", "x" * 101]

    def test_known_tags_are_proposed_those_that_begin_so_first(self):
        for name in ("North Syria", "Syria", "Lebanon"):
            make_tag(name)
        found = self.client.get(reverse("admin:articles_article_tag_names"), {"term": "syr"}).json()
        assert [each["text"] for each in found["results"]] == ["Syria", "North Syria"]

    def test_proposals_are_for_those_who_see_stories(self):
        self.client.force_login(make_user("guest"))
        assert self.client.get(reverse("admin:articles_article_tag_names")).status_code == 403


class PublishingTests(DeskTests):
    def test_published_story_gets_its_times(self):
        article = self.save(make_ready_draft(), _move="publish")
        assert article.is_public()
        assert article.first_published_at == article.published_at

    def test_later_time_schedules_and_can_be_moved(self):
        article = self.save(make_ready_draft(), _move="publish", published_at_0="2031-05-01", published_at_1="06:00:00")
        assert article.first_published_at == datetime(2031, 5, 1, 6, tzinfo=UTC)
        assert not article.is_public()
        article = self.save(article, published_at_0="2031-06-01")
        assert article.first_published_at == article.published_at == datetime(2031, 6, 1, 6, tzinfo=UTC)

    def test_first_time_stays_when_a_public_story_gets_another_time(self):
        article = self.save(make_article(), published_at_0="2026-07-24")
        assert article.first_published_at == PUBLISHED_AT
        assert article.published_at == PUBLISHED_AT + timedelta(days=1)

    def test_published_story_cannot_lose_its_time(self):
        assert self.save(make_article(), published_at_0="", published_at_1="").published_at == PUBLISHED_AT

    def test_withdrawn_story_is_gone_for_readers(self):
        article = self.save(make_article(), _move="withdraw", reason="It was wrong.")
        assert (article.status, article.first_published_at) == ("withdrawn", PUBLISHED_AT)

    def test_expiry_before_publication_is_refused_in_words(self):
        answers = {"expires_at_0": "2026-07-01", "expires_at_1": "00:00:00"}
        assert "It would expire before it is published." in self.refusal(make_article(), **answers)

    def test_list_says_what_readers_see(self):
        now = timezone.now()
        make_article(headline="Now")
        make_article(headline="Later", published_at=now + timedelta(days=2))
        make_article(headline="Secret", embargoed_until=now + timedelta(days=2))
        make_article(headline="Past", expires_at=now - timedelta(days=2))
        make_draft(headline="Early")
        admin = self.client.get(LIST).context["cl"].model_admin
        states = {article.headline: admin.state(article) for article in Article.objects.all()}
        assert states == {
            "Now": "Published",
            "Later": "Scheduled",
            "Secret": "Embargoed",
            "Past": "Expired",
            "Early": "Draft",
        }


class ActionTests(DeskTests):
    def act(self, action, *articles, reason=""):
        answers = {"action": action, "reason": reason, "_selected_action": [article.pk for article in articles]}
        response = self.client.post(LIST, answers, follow=True)
        for article in articles:
            article.refresh_from_db()
        return [str(message) for message in response.context["messages"]]

    def test_publish_tells_what_became_of_each_story(self):
        draft, public = make_ready_draft(headline="One"), make_article(headline="Two")
        later = make_ready_draft(headline="Three", published_at=datetime(2031, 5, 1, 6, tzinfo=UTC))
        assert sorted(self.act("publish_selected", draft, public, later)) == [
            "“One” is published.",
            "“Three” is scheduled for 1 May 2031, 06:00 UTC.",
            "“Two” stays as it is. It is published already.",
        ]
        assert draft.is_public()
        assert later.status == "published"

    def test_withdraw_tells_what_became_of_each_story(self):
        draft, public = make_ready_draft(headline="One"), make_article(headline="Two")
        assert sorted(self.act("withdraw_selected", draft, public, reason="It was wrong.")) == [
            "“One” stays as it is. It is draft; “Withdraw” is for stories that are published.",
            "“Two” is withdrawn.",
        ]
        assert (draft.status, public.status) == ("draft", "withdrawn")

    def test_body_survives_an_action(self):
        draft = make_ready_draft(body="<p>Boats.</p>")
        self.act("publish_selected", draft)
        assert (draft.body, draft.word_count) == ("<p>Boats.</p>", 1)

    def test_contradicting_times_are_told_and_the_others_go_on(self):
        expired = make_ready_draft(headline="One", expires_at=datetime(2020, 1, 1, tzinfo=UTC))
        good = make_ready_draft(headline="Two")
        assert sorted(self.act("publish_selected", expired, good)) == [
            "“One” stays as it is. Its times contradict each other: it would expire before it is published.",
            "“Two” is published.",
        ]
        assert expired.status == "draft"

    def test_actions_are_kept_in_the_history(self):
        self.act("publish_selected", make_ready_draft())
        assert LogEntry.objects.get().change_message == "Published."


class WriterTests(DeskTests):
    """Somebody who writes and may not publish."""

    def setUp(self):
        self.writer = make_user(
            "writer",
            permissions=("add_article", "change_article", "edit_any_article", "delete_article", "submit_article"),
        )
        self.client.force_login(self.writer)

    def test_page_offers_only_allowed_moves(self):
        self.assertContains(self.client.get(page_of(make_draft())), 'name="_move"', count=1)
        self.assertNotContains(self.client.get(page_of(make_article())), 'name="_move"')

    def test_draft_is_written_and_sent_to_review(self):
        assert self.save(headline="Ferries", _move="submit").status == "in_review"

    def test_crafted_move_is_refused_in_words_and_nothing_is_saved(self):
        draft = make_draft()
        for move in ("publish", "approve"):
            assert "needs a permission that you do not have" in self.refusal(draft, headline="New", _move=move)
            assert "needs a permission that you do not have" in self.refusal(headline="New", _move=move)
        assert "There is no such move" in self.refusal(draft, _move="delete everything")
        assert Article.objects.get().headline == draft.headline

    def test_status_in_a_crafted_form_is_not_listened_to(self):
        assert self.save(make_draft(), status="published").status == "draft"
        assert self.save(headline="New", status="published", first_published_at_0="2026-01-01").status == "draft"
        assert self.save(make_article(), status="withdrawn").status == "published"

    def test_public_story_cannot_be_hidden_by_its_times(self):
        public = make_article()
        times = {}
        for name in ("published_at", "embargoed_until", "expires_at"):
            times |= {f"{name}_0": "2031-01-01", f"{name}_1": "00:00:00"}
        saved = self.save(public, headline="Ferries return", **times)
        assert (saved.headline, saved.published_at) == (public.headline, PUBLISHED_AT)
        assert saved.is_public()

    def test_actions_are_neither_offered_nor_carried_out(self):
        draft, public = make_draft(), make_article()
        actions = self.client.get(LIST).context["action_form"].fields["action"].choices
        assert [name for name, _ in actions] == ["", "delete_selected", "submit_selected", "discard_selected"]
        for action in ("publish_selected", "withdraw_selected"):
            self.client.post(LIST, {"action": action, "_selected_action": [draft.pk, public.pk]})
        draft.refresh_from_db()
        public.refresh_from_db()
        assert (draft.status, public.status) == ("draft", "published")

    def test_list_takes_no_answers(self):
        public = make_article()
        answers = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": public.pk, "form-0-status": "draft"}
        self.client.post(LIST, {**answers, "_save": "Save"})
        public.refresh_from_db()
        assert public.status == "published"

    def test_public_story_cannot_be_deleted(self):
        public, draft = make_article(), make_draft()
        delete = reverse("admin:articles_article_delete", args=[public.pk])
        assert self.client.post(delete, {"post": "yes"}).status_code == 403
        answers = {"action": "delete_selected", "_selected_action": [public.pk, draft.pk], "post": "yes"}
        self.client.post(LIST, answers)
        assert Article.objects.count() == 2

    def test_reader_of_the_desk_sees_a_story_without_a_form(self):
        article = make_article()
        self.client.force_login(make_user("reader", permissions=("view_article",)))
        response = self.client.get(page_of(article))
        self.assertContains(response, article.headline)
        assert "headline" not in form_data(response)


class CraftedChoiceTests(DeskTests):
    def test_choice_that_is_no_row_is_an_error_of_the_form(self):
        story = make_draft()
        for crafted in ("world", "1x", "9" * 30, "-1"):
            for field in ("section", "lead_image"):
                with self.subTest(field=field, value=crafted):
                    assert "Select a valid choice" in self.refusal(headline="A", **{field: crafted})
                    assert "Select a valid choice" in self.refusal(story, **{field: crafted})

    def test_choice_that_is_no_row_is_an_error_of_a_row_too(self):
        line = {"related_links-TOTAL_FORMS": "1", "related_links-0-headline": "Ferries"}
        assert "Select a valid choice" in self.refusal(headline="A", **line, **{"related_links-0-target": "world"})

    def test_what_was_chosen_is_there_again_beside_an_error(self):
        section = make_section("World")
        response = self.send(headline="", section=section.pk)
        self.assertContains(response, f'<option value="{section.pk}" selected>World</option>', html=True)

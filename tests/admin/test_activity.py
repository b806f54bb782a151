import csv
import io

import pytest
from django.test import TestCase
from django.urls import reverse

from articles.editorial.activity import record_activity
from articles.editorial.reviewing import return_article, submit_article
from articles.models import Activity
from articles.models.activity import AppendOnly
from tests.factories import make_article, make_draft, make_person, make_section

LIST = reverse("admin:articles_activity_changelist")


class AppendOnlyTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.person = make_person("Editor")
        cls.line = record_activity(make_draft(headline="Ferries"), by=cls.person, action="submit")

    def test_line_is_neither_changed_nor_deleted(self):
        for change in (
            self.line.save,
            self.line.delete,
            Activity.objects.all().delete,
            lambda: Activity.objects.update(reason="Another."),
        ):
            with pytest.raises(AppendOnly):
                change()

    def test_line_outlives_its_story_and_its_person(self):
        self.line.article.delete()
        self.person.delete()
        line = Activity.objects.get()
        assert (line.article, line.person, line.headline) == (None, None, "Ferries")
        assert line.person_name.startswith("editor")

    def test_admin_offers_no_change(self):
        self.client.force_login(make_person("Administrator"))
        for name, arguments in (("add", []), ("delete", [self.line.pk])):
            path = reverse(f"admin:articles_activity_{name}", args=arguments)
            assert self.client.post(path, {"post": "yes"}).status_code == 403
        path = reverse("admin:articles_activity_change", args=[self.line.pk])
        assert self.client.get(path).status_code == 200
        assert self.client.post(path, {"reason": "Another."}).status_code == 403


class LogTests(TestCase):
    def test_storys_page_shows_who_what_and_why(self):
        reporter, editor = make_person("Reporter", username="leila"), make_person("Editor", username="tomas")
        story = make_draft(created_by=reporter)
        submit_article(story, by=reporter)
        return_article(story, by=editor, reason="Who says so?")
        self.client.force_login(editor)
        page = self.client.get(reverse("admin:articles_article_change", args=[story.pk]))
        for words in ("leila", "submitted for review", "tomas", "returned to draft", "Who says so?"):
            self.assertContains(page, words)

    def test_export_says_everything_and_no_formula(self):
        editor = make_person("Editor")
        record_activity(make_article(headline="=HYPERLINK(1)"), by=editor, action="return", reason="Who says so?")
        self.client.force_login(editor)
        answers = {"action": "export_selected", "_selected_action": [Activity.objects.get().pk]}
        response = self.client.post(LIST, answers)
        assert response["Content-Type"].startswith("text/csv")
        head, line = csv.reader(io.StringIO(response.getvalue().decode()))
        told = dict(zip(head, line, strict=True))
        assert (told["who"], told["what"], told["why"]) == (editor.username, "returned to draft", "Who says so?")
        assert told["story"] == "'=HYPERLINK(1)"

    def test_limit_to_sections_holds_for_the_log(self):
        world, sport = make_section(), make_section("Sport")
        editor, other = make_person("Editor", sections=(world,)), make_person("Editor")
        ours = record_activity(make_draft(section=world), by=other, action="submit")
        record_activity(make_draft(section=sport), by=other, action="submit")
        own = record_activity(make_draft(section=sport), by=editor, action="submit")
        self.client.force_login(editor)
        assert set(self.client.get(LIST).context["cl"].queryset) == {ours, own}

    def test_log_of_one_story_can_be_asked_for(self):
        editor, story = make_person("Editor"), make_draft()
        line = record_activity(story, by=editor, action="submit")
        record_activity(make_draft(), by=editor, action="submit")
        self.client.force_login(editor)
        response = self.client.get(LIST, {"article__id__exact": story.pk})
        assert list(response.context["cl"].queryset) == [line]

    def test_reporter_sees_no_log_of_everybody(self):
        self.client.force_login(make_person("Reporter"))
        assert self.client.get(LIST).status_code == 403

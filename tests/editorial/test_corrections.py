from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.editorial.corrections import add_correction
from articles.models import Activity, Article, Correction
from tests.admin.samples import form_data
from tests.factories import make_article, make_draft, make_person, make_section


class CorrectionTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_person("Editor")

    def correct(self, article, by=None, **values):
        correction = Correction(**{"article": article, "text": "Seven, not six.", **values})
        add_correction(correction, by=by or self.editor)
        return Article.objects.get(pk=article.pk), correction

    def test_readers_are_told_of_an_update(self):
        for kind in ("correction", "clarification", "update"):
            article, correction = self.correct(make_article(), kind=kind)
            assert article.updated_at == correction.corrected_at

    def test_note_changes_no_time(self):
        assert self.correct(make_article(), kind="note")[0].updated_at is None

    def test_time_never_goes_back_nor_ahead(self):
        now = timezone.now()
        day = timedelta(days=1)
        article = make_article(updated_at=now)
        assert self.correct(article, corrected_at=now - day)[0].updated_at == now
        assert self.correct(make_article(), corrected_at=now + day)[0].updated_at < now + day

    def test_draft_has_nothing_to_update(self):
        assert self.correct(make_draft())[0].updated_at is None

    def test_it_is_logged(self):
        self.correct(make_article())
        assert Activity.objects.get().detail == "Correction: Seven, not six."

    def test_reporter_and_editor_of_another_section_may_not(self):
        article = make_article(section=make_section())
        for person in (make_person("Reporter"), make_person("Editor", sections=(make_section("Sport"),))):
            with pytest.raises(PermissionDenied):
                self.correct(article, by=person)
        assert not Correction.objects.exists()


class DoorTests(TestCase):
    def setUp(self):
        self.client.force_login(make_person("Editor"))
        self.article = make_article()

    def save(self, **answers):
        path = reverse("admin:articles_article_change", args=[self.article.pk])
        response = self.client.post(path, {**form_data(self.client.get(path)), **answers})
        assert response.status_code == 302
        self.article.refresh_from_db()

    def test_correction_on_the_storys_page_sets_its_time(self):
        self.save(
            **{
                "corrections-TOTAL_FORMS": 1,
                "corrections-0-kind": "correction",
                "corrections-0-text": "The boat left at noon.",
                "corrections-0-corrected_at_0": "2026-07-25",
                "corrections-0-corrected_at_1": "09:00:00",
            }
        )
        assert f"{self.article.updated_at:%Y-%m-%d %H:%M}" == "2026-07-25 09:00"

    def test_silent_fix_of_a_typo_sets_none(self):
        self.save(body="<p>The first boat left.</p>")
        assert self.article.updated_at is None

    def test_correction_on_a_page_of_its_own_sets_it_too(self):
        path = reverse("admin:articles_correction_add")
        answers = form_data(self.client.get(path)) | {"article": self.article.pk, "text": "At noon."}
        assert self.client.post(path, answers).status_code == 302
        self.article.refresh_from_db()
        assert self.article.updated_at is not None

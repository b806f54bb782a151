from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from articles.models import Correction
from tests.factories import PUBLISHED_AT, make_article, make_draft


class CorrectionListTests(TestCase):
    def correct(self, article, text="Seven, not six.", **values):
        return Correction.objects.create(**{"article": article, "text": text, "corrected_at": PUBLISHED_AT, **values})

    def texts(self, address="/corrections/"):
        return [correction.text for correction in self.client.get(address).context["page"].rows]

    def test_newest_stands_first(self):
        article = make_article()
        for hours in (2, 1, 3):
            self.correct(article, f"{hours}", corrected_at=PUBLISHED_AT + timedelta(hours=hours))
        assert self.texts() == ["3", "2", "1"]

    def test_story_that_is_not_public_is_not_named(self):
        self.correct(make_draft())
        self.correct(make_article(status="withdrawn"))
        assert self.texts() == []

    def test_correction_from_tomorrow_waits(self):
        self.correct(make_article(), corrected_at=timezone.now() + timedelta(days=1))
        assert self.texts() == []

    def test_pages_follow_one_another_without_gap_or_double(self):
        article = make_article()
        for number in range(45):
            self.correct(article, f"{number}", corrected_at=PUBLISHED_AT + timedelta(minutes=number // 2))
        seen, query = [], ""
        while True:
            page = self.client.get(f"/corrections/{query}").context["page"]
            seen += [correction.text for correction in page.rows]
            if not page.older_query:
                break
            query = page.older_query
        assert seen == [f"{number}" for number in reversed(range(45))]

    def test_story_and_archive_lead_to_it(self):
        article = make_article()
        self.correct(article)
        for address in (article.get_absolute_url(), "/archive/"):
            self.assertContains(self.client.get(address), 'href="/corrections/"')

    def test_address_that_nobody_was_given_is_not_found(self):
        assert self.client.get("/corrections/?before=yesterday").status_code == 404

from django.db.models import F, OuterRef
from django.test import TestCase

from articles.models import Section, Tag
from articles.models.json_rows import JSONRows
from tests.factories import make_article, make_section


class JSONRowsTests(TestCase):
    def test_rows_keep_the_order_of_their_queryset(self):
        section = make_section()
        for headline in ("Beta", "Alpha “quoted”", "Gamma"):
            make_article(headline=headline, section=section)
        stories = section.articles.filter(section=OuterRef("pk")).order_by("headline")
        found = Section.objects.annotate(stories=JSONRows(stories[:2], "headline", key=F("slug"))).get()
        assert found.stories == [
            {"headline": "Alpha “quoted”", "key": "alpha-quoted"},
            {"headline": "Beta", "key": "beta"},
        ]

    def test_no_rows_are_an_empty_list(self):
        make_section()
        assert Section.objects.annotate(tags=JSONRows(Tag.objects.all(), "name")).get().tags == []

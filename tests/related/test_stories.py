"""What stands beside a story: each once, only what readers may see, with the reason for it."""

from datetime import timedelta

from django.db import connection
from django.test import SimpleTestCase, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import NearDuplicate, RelatedLink, Section, SuggestionChoice, Tag
from articles.related.stories import label_of, reason_in_words, related_stories, stories_beside
from tests.factories import make_article, make_section, make_suggestion, make_tag

KIND = SuggestionChoice.Kind


class StoriesBesideTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.story = make_article()

    def beside(self):
        tags = [item.tag for item in self.story.tagged.select_related("tag")]
        links = list(self.story.related_links.all())
        beside = stories_beside(self.story.pk, keys={link.target_id for link in links if link.target_id})
        return related_stories(self.story, links, tags, beside, placed={1})

    def cards(self):
        return [each.headline for each in self.beside().cards]

    def suggest(self, headline, **values):
        article = {name: values.pop(name) for name in list(values) if name not in {"score", "reasons"}}
        target = make_article(headline=headline, **article)
        make_suggestion(self.story, target, **values)
        return target

    def choose(self, target, kind):
        SuggestionChoice.objects.create(article=self.story, target=target, kind=kind)

    def test_best_suggestions_stand_first_and_no_more_than_the_setting_says(self):
        for number in range(6):
            self.suggest(f"Story of score {number}", score=number)
        assert self.cards() == [f"Story of score {number}" for number in (5, 4, 3, 2)]
        with override_settings(ARTICLES_RELATED_STORIES=1):
            assert self.cards() == ["Story of score 5"]

    def test_one_good_suggestion_is_shown_alone(self):
        self.suggest("The only one")
        assert self.cards() == ["The only one"]

    def test_pinned_stand_before_listed_and_found_beside_their_full_number(self):
        for number in range(4):
            self.suggest(f"Found {number}", score=9 - number)
        for headline in ("Pinned first", "Pinned second"):
            self.choose(make_article(headline=headline), KIND.PINNED)
        make_article(headline="Listed")
        RelatedLink.objects.create(article=self.story, headline="Listed")
        assert self.cards() == ["Pinned first", "Pinned second", "Listed", *(f"Found {number}" for number in range(4))]

    def test_each_story_stands_once_the_one_in_the_text_in_the_text(self):
        inline = self.suggest("In the text")
        listed = self.suggest("In the list")
        self.choose(inline, KIND.PINNED)
        RelatedLink.objects.create(article=self.story, headline="x", target=inline, marker=1)
        for _ in range(2):
            RelatedLink.objects.create(article=self.story, headline="x", target=listed)
        assert self.beside().inline[1].headline == "In the text"
        assert self.cards() == ["In the list"]

    def test_hidden_never_and_what_the_other_side_refused_are_left_out(self):
        for headline, kind in (("Hidden", KIND.HIDDEN), ("Never", KIND.NEVER)):
            self.choose(self.suggest(headline), kind)
        other = self.suggest("Refused there")
        SuggestionChoice.objects.create(article=other, target=self.story, kind=KIND.NEVER)
        pinned = make_article(headline="Pinned here, refused there")
        self.choose(pinned, KIND.PINNED)
        SuggestionChoice.objects.create(article=pinned, target=self.story, kind=KIND.NEVER)
        assert self.cards() == []

    def test_what_the_other_side_hid_or_pinned_says_nothing_here(self):
        for kind in (KIND.HIDDEN, KIND.PINNED):
            SuggestionChoice.objects.create(article=self.suggest(f"It {kind}"), target=self.story, kind=kind)
        assert sorted(self.cards()) == ["It hidden", "It pinned"]

    def test_twin_is_not_found_beside_its_twin(self):
        twin = self.suggest("The wire report")
        NearDuplicate.objects.create(article=self.story, twin=twin, likeness=0.93)
        assert self.cards() == []

    def test_nothing_shows_that_is_not_public_now(self):
        now = timezone.now()
        hidden = (
            {"status": "draft", "published_at": None},
            {"status": "withdrawn"},
            {"published_at": now + timedelta(hours=1)},
            {"embargoed_until": now + timedelta(hours=1)},
            {"expires_at": now - timedelta(seconds=1)},
        )
        for number, values in enumerate(hidden):
            self.suggest(f"Found {number}", **values)
            self.choose(make_article(headline=f"Pinned {number}", **values), KIND.PINNED)
            target = make_article(headline=f"Listed {number}", **values)
            RelatedLink.objects.create(article=self.story, headline="x", target=target)
        assert (self.cards(), self.beside().lines) == ([], [])

    def test_headline_that_waits_and_address_elsewhere_are_lines(self):
        RelatedLink.objects.create(article=self.story, headline="Not here yet")
        RelatedLink.objects.create(article=self.story, headline="Elsewhere", url="https://example.org/")
        found = self.beside()
        assert [(each.headline, each.url) for each in found.lines] == [
            ("Not here yet", ""),
            ("Elsewhere", "https://example.org/"),
        ]
        assert found

    def test_story_that_links_to_itself_does_not_stand_beside_itself(self):
        RelatedLink.objects.create(article=self.story, headline="x", target=self.story)
        assert not self.beside()

    def test_one_query_brings_all_that_cards_show(self):
        for number in range(4):
            self.suggest(f"Found {number}", section=make_section(f"Section {number}"))
        self.choose(make_article(headline="Pinned"), KIND.PINNED)
        with CaptureQueriesContext(connection) as queries:
            found = related_stories(self.story, [], [], stories_beside(self.story.pk), placed=set())
            assert {each.story.section.name for each in found.cards if each.story.section}
            assert [each.story.shown_image for each in found.cards] == [None] * 5
        assert len(queries) == 1

    def test_label_names_the_rarest_tag_that_the_story_still_has(self):
        rare, common = make_tag("Manbij"), make_tag("Syria")
        Tag.objects.filter(pk=common.pk).update(kind=Tag.Kind.PLACE)
        self.story.tagged.create(tag=common)
        self.suggest("Found", reasons={"tags": [rare.pk, common.pk]})
        card = self.beside().cards[0]
        assert (card.label, card.label_url) == ("More in Syria", "/tag/syria/")


class LabelTests(SimpleTestCase):
    known = {
        1: Tag(pk=1, name="Manbij", slug="manbij"),
        2: Tag(pk=2, name="Syria", slug="syria", kind=Tag.Kind.PLACE),
        3: Tag(pk=3, name="Ports of call", slug="ports", kind=Tag.Kind.SERIES),
        4: Tag(pk=4, name="Ana Prado", slug="ana", kind=Tag.Kind.PERSON),
    }
    world = Section(name="World", slug="world")

    def label(self, *tags, section=False):
        return label_of({"tags": list(tags), "section": section}, self.known, self.world)[0]

    def test_label_says_what_joins_the_two(self):
        assert self.label(1, 2) == "More on Manbij"
        assert self.label(2, 1) == "More in Syria"
        assert self.label(4) == "More on Ana Prado"
        assert self.label(section=True) == "More in World"
        assert self.label() == "See also"

    def test_series_comes_before_rarer_tags(self):
        assert self.label(1, 2, 3) == "In the series Ports of call"

    def test_tag_that_is_gone_is_passed_over(self):
        assert self.label(99, 2) == "More in Syria"

    def test_reasons_of_no_known_shape_are_borne(self):
        assert label_of({}, {}, None) == ("See also", "")


class ReasonTests(SimpleTestCase):
    names = {1: "Manbij", 2: "Syria", 3: "Turkey", 4: "Aleppo"}

    def test_reason_in_words(self):
        reasons = {"tags": [1, 2, 3, 4], "text": 0.614, "section": True}
        assert reason_in_words(reasons, self.names) == "4 shared tags: Manbij, Syria, Turkey …; text 0.61; same section"
        assert reason_in_words({"tags": [2], "text": 0}, self.names) == "1 shared tag: Syria"
        assert reason_in_words({}, {}) == "no reason was kept"

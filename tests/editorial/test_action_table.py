"""Who may see, write, delete, correct and show a story: every role, stage and place, by verb and by the admin's pages."""

from itertools import product

from django.db import transaction
from django.test import TestCase
from django.urls import reverse

from articles.editorial.corrections import add_correction
from articles.editorial.permissions import MoveRefused, may_delete
from articles.editorial.previews import create_preview_link
from articles.editorial.transitions import Stage
from articles.editorial.writing import delete_article, write_article
from articles.models import Article, Correction
from tests.editorial.test_permission_table import PLACES, ROLES, make_story
from tests.factories import make_person, make_section

WRITERS = {"Reporter", "Contributor"}
PUBLISHERS = {"Publisher", "Administrator"}
# Before readers, or once before them.
PUBLIC = {"scheduled", "published", "withdrawn"}


def may(action, role, stage, place, *, own):
    """The table: written here once more, in other words than the code's."""
    is_writer, is_outside = role in WRITERS, place == "outside the limit"
    if action == "see":
        # Contributors see no story of others; a limit hides what is not public.
        return own or stage == "published" or (role != "Contributor" and not is_outside)
    if is_outside:
        return False
    works_on_it = own if is_writer else True
    match action:
        case "write":
            # What readers have is written in a working copy.
            return works_on_it and (stage == "draft" if is_writer else stage != "published")
        case "delete":
            return not is_writer and (stage not in PUBLIC or role in PUBLISHERS)
        case "correct":
            return not is_writer
        case "show":
            return works_on_it and (stage == "draft" if is_writer else stage != "withdrawn")
    raise AssertionError(action)


class ActionTableTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world, cls.sport = make_section(), make_section("Sport")
        limits = {"no limit": None, "within the limit": (cls.world,), "outside the limit": (cls.sport,)}
        cls.people = {
            (role, place): make_person(role, sections=limits[place]) for role, place in product(ROLES, PLACES)
        }
        cls.stories = {stage: make_story(stage, "none", cls.world) for stage in Stage}

    def check(self, attempt, *actions):
        """``attempt(person, story)`` says whether it went, of several actions in a tuple; whatever it did is undone."""
        wrong = []
        for (role, place), person in self.people.items():
            self.client.force_login(person)
            for stage, own in product(Stage, (False, True)):
                with transaction.atomic():
                    pk = self.stories[stage].pk
                    Article.objects.filter(pk=pk).update(created_by=person if own else None)
                    went = attempt(person, Article.objects.get(pk=pk))
                    went = went if isinstance(went, tuple) else (went,)
                    if went != tuple(may(action, role, stage, place, own=own) for action in actions):
                        wrong.append((role, place, str(stage), "own" if own else "another's", went))
                    transaction.set_rollback(True)
        assert wrong == []

    def verb(self, do):
        """Whether a verb goes through."""
        try:
            with transaction.atomic():
                do()
        except MoveRefused:
            return False
        return True

    def test_seeing(self):
        self.check(lambda person, story: Article.objects.visible_to(person).filter(pk=story.pk).exists(), "see")

    def test_page_opens_for_who_may_see_with_the_editor_for_who_may_write(self):
        def opens(person, story):
            page = self.client.get(reverse("admin:articles_article_change", args=[story.pk]))
            return page.status_code == 200, b"data-editor" in page.content

        self.check(opens, "see", "write")

    def test_writing(self):
        def write(person, story):
            story.headline = "Other words"
            return self.verb(lambda: write_article(story, by=person, changed=["headline"]))

        self.check(write, "write")

    def test_what_is_asked_beforehand_is_what_the_verb_says(self):
        self.check(may_delete, "delete")

    def test_deleting(self):
        self.check(lambda person, story: self.verb(lambda: delete_article(story, by=person)), "delete")

    def test_deleting_by_the_page(self):
        def delete(person, story):
            self.client.post(reverse("admin:articles_article_delete", args=[story.pk]), {"post": "yes"})
            self.client.cookies.pop("messages", None)
            return not Article.objects.filter(pk=story.pk).exists()

        self.check(delete, "delete")

    def test_correcting(self):
        def correct(person, story):
            return self.verb(lambda: add_correction(Correction(article=story, text="Seven."), by=person))

        self.check(correct, "correct")

    def test_showing_to_outsiders(self):
        self.check(lambda person, story: self.verb(lambda: create_preview_link(story, by=person, days=7)), "show")

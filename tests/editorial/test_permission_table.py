"""Who may do what: every role, every move, every stage, within and outside a limit to sections; by verb and by form."""

import re
from datetime import timedelta
from itertools import product
from unittest import mock

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.admin.articles import ArticleAdmin
from articles.editorial.permissions import MoveRefused, may_edit, moves_open_to, stage_of
from articles.editorial.transitions import MOVES, Kind, Stage
from articles.editorial.verbs import VERBS, make_move
from articles.editorial.working_copies import begin_working_copy
from articles.models import Activity, Article
from tests.admin.samples import form_data
from tests.environment import ROOT
from tests.factories import (
    NUMBERS,
    PUBLISHED_AT,
    make_article,
    make_person,
    make_ready_article,
    make_section,
    make_user,
)

# Move → from which stages → to which. Written out once more, so that a change of the table is seen twice.
STAGES = {
    "submit": ({"draft"}, "in_review"),
    "return": ({"in_review", "approved"}, "draft"),
    "approve": ({"in_review"}, "approved"),
    "publish": ({"draft", "in_review", "approved"}, "published"),
    "publish_now": ({"scheduled"}, "published"),
    "unschedule": ({"scheduled"}, "approved"),
    "override_embargo": ({"draft", "in_review", "approved", "scheduled", "published"}, "published"),
    "withdraw": ({"published"}, "withdrawn"),
    "reinstate": ({"withdrawn"}, "published"),
}
# The same for working copies of published stories.
COPY_STAGES = {
    "submit": STAGES["submit"],
    "return": STAGES["return"],
    "approve": STAGES["approve"],
    "unschedule": STAGES["unschedule"],
    "publish_update": ({"draft", "in_review", "approved", "scheduled"}, "gone"),
    "publish_fix": ({"draft", "in_review", "approved", "scheduled"}, "gone"),
    "discard": ({"draft", "in_review", "approved", "scheduled"}, "gone"),
}
EDITING = {"submit", "return", "approve", "discard"}
# Role → the moves that it may make with any story within reach.
ROLES = {
    "Reporter": set(),
    "Contributor": set(),
    "Editor": EDITING,
    "Publisher": {*STAGES, *COPY_STAGES},
    "Administrator": {*STAGES, *COPY_STAGES},
}
# What those who may not work on others' stories may do with their own.
OWN = {"Reporter": {"submit", "discard"}, "Contributor": {"submit", "discard"}}
REASON = "For a reason."

PLACES = ("no limit", "within the limit", "outside the limit")


def make_story(stage, move, section, **overrides):
    """A story at a stage; one whose embargo is to be overridden has one."""
    later = timezone.now() + timedelta(days=1)
    embargo = {"embargoed_until": later} if move == "override_embargo" else {}
    first = {"published": PUBLISHED_AT, "withdrawn": PUBLISHED_AT, "scheduled": later}.get(stage)
    return make_ready_article(
        headline=f"{stage} {move}",
        slug=f"story-{next(NUMBERS)}",
        section=section,
        status="published" if stage == "scheduled" else stage,
        published_at=first,
        first_published_at=first,
        **embargo,
        **overrides,
    )


def is_allowed(role, move, stage, place, *, own, stages=STAGES):
    moves = ROLES[role] | (OWN.get(role, set()) if own else set())
    if move == "discard" and role in OWN and stage != "draft":
        # Once handed on, it is no longer theirs alone.
        return False
    return place != "outside the limit" and move in moves and move in stages and stage in stages[move][0]


def make_copy(stage, section, **overrides):
    """A working copy at a stage, of a published story; what readers are told is written already."""
    story = make_article(slug=f"story-{next(NUMBERS)}", section=section)
    later = timezone.now() + timedelta(days=1)
    scheduled = {"scheduled_move": "publish_update", "takes_effect_at": later} if stage == "scheduled" else {}
    copy = begin_working_copy(story, by=make_chief())
    values = {"status": "approved" if stage == "scheduled" else stage, **scheduled, **overrides}
    Article.objects.filter(pk=copy.pk).update(**values)
    return Article.objects.get(pk=copy.pk)


def make_chief():
    return User.objects.filter(username="chief").first() or make_user("chief", is_superuser=True)


def without_pages():
    """Forms that are refused come back unrendered: what a move does was done before, and rendering is most of the time.

    How the page comes back that says why is asked in tests/admin/test_article_form.py, who is shown which page and which
    buttons in test_action_table.py and below.
    """
    return mock.patch.object(ArticleAdmin, "render_change_form", return_value=HttpResponse())


def stage_now(pk):
    found = Article.objects.filter(pk=pk).first()
    return stage_of(found) if found else "gone"


def expected_stage(move, stage, *, allowed):
    return STAGES[move][1] if allowed else stage


class TableTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world, sport = make_section(), make_section("Sport")
        limits = {"no limit": None, "within the limit": (cls.world, sport), "outside the limit": (sport,)}
        cls.people = {
            (role, place): make_person(role, sections=limits[place]) for role, place in product(ROLES, PLACES)
        }

    def cells(self):
        """Every cell of the table, with a story of its own."""
        for (role, place), person in self.people.items():
            for move, stage, own in product(STAGES, Stage, (False, True)):
                story = make_story(stage, move, self.world, created_by=person if own else None)
                allowed = is_allowed(role, move, stage, place, own=own)
                yield (role, place, move, stage.value, "own" if own else "another's"), person, story, allowed

    def test_verbs_keep_to_it(self):
        wrong = {}
        for cell, person, story, allowed in self.cells():
            try:
                make_move(story, cell[2], by=person, reason=REASON)
                went = True
            except MoveRefused:
                went = False
            stage = stage_of(Article.objects.get(pk=story.pk))
            if went is not allowed or stage != expected_stage(cell[2], cell[3], allowed=allowed):
                wrong[cell] = (went, stage)
        assert wrong == {}

    def test_what_is_offered_is_what_is_allowed(self):
        wrong = [
            cell
            for cell, person, story, allowed in self.cells()
            if (cell[2] in [move.name for move in moves_open_to(person, story)]) is not allowed
        ]
        assert wrong == []

    def test_every_move_leaves_one_line_in_the_log(self):
        publisher = self.people["Publisher", "no limit"]
        for move, (sources, target) in STAGES.items():
            for source in sources:
                story = make_story(source, move, self.world)
                make_move(story, move, by=publisher, reason=REASON)
                line = story.activity.get()
                assert (line.person, line.action, line.reason) == (publisher, move, REASON)
                assert (line.from_stage, line.to_stage) == (source, target)

    def test_refused_moves_leave_none(self):
        for cell, person, story, allowed in self.cells():
            if not allowed and cell[0] in {"Reporter", "Publisher"}:
                with pytest.raises(MoveRefused):
                    make_move(story, cell[2], by=person, reason=REASON)
        assert not Activity.objects.exists()

    def test_moves_that_need_a_reason_are_refused_without_one(self):
        publisher = self.people["Publisher", "no limit"]
        for name in STAGES:
            move = MOVES[name]
            story = make_story(min(STAGES[name][0]), name, self.world)
            if move.needs_reason:
                with pytest.raises(MoveRefused, match="Say why"):
                    make_move(story, name, by=publisher, reason="  ")

    def test_somebody_dismissed_makes_no_move(self):
        publisher = make_person("Publisher", is_active=False)
        for name in STAGES:
            story = make_story(min(STAGES[name][0]), name, self.world, created_by=publisher)
            with pytest.raises(PermissionDenied):
                make_move(story, name, by=publisher, reason=REASON)


class CopyTableTests(TestCase):
    """Working copies, every move that there is included: what is for stories alone is refused."""

    UNPUBLISHED = ("draft", "in_review", "approved", "scheduled")

    @classmethod
    def setUpTestData(cls):
        cls.world, cls.sport = make_section(), make_section("Sport")
        limits = {"no limit": None, "within the limit": (cls.world,), "outside the limit": (cls.sport,)}
        cls.people = {
            (role, place): make_person(role, sections=limits[place]) for role, place in product(ROLES, PLACES)
        }
        cls.copies = {stage: make_copy(stage, cls.world) for stage in cls.UNPUBLISHED}

    def cells(self):
        """Every cell of the table, its person signed in, each undone after it was looked at."""
        for (role, place), person in self.people.items():
            self.client.force_login(person)
            for move, stage, own in product(MOVES, self.UNPUBLISHED, (False, True)):
                with transaction.atomic():
                    pk = self.copies[stage].pk
                    note = "" if move == "publish_fix" else "What is new."
                    values = {"created_by": person if own else None, "update_note": note}
                    if stage != "scheduled":
                        values["takes_effect_at"] = None
                    Article.objects.filter(pk=pk).update(**values)
                    allowed = is_allowed(role, move, stage, place, own=own, stages=COPY_STAGES)
                    yield (role, place, move, stage, own), person, Article.objects.get(pk=pk), allowed
                    transaction.set_rollback(True)
                # What it was told goes with it.
                self.client.cookies.pop("messages", None)

    def expected(self, cell, allowed):
        _, _, move, stage, _ = cell
        if not allowed:
            return stage
        # What has a time that is still to come waits for it.
        waits = stage == "scheduled" and move.startswith("publish_")
        return "scheduled" if waits else COPY_STAGES[move][1]

    def test_verbs_keep_to_it_and_no_more_is_offered(self):
        wrong = {}
        for cell, person, copy, allowed in self.cells():
            pk, offered = copy.pk, cell[2] in [move.name for move in moves_open_to(person, copy)]
            try:
                make_move(copy, cell[2], by=person, reason=REASON)
                went = True
            except MoveRefused:
                went = False
            stage = stage_now(pk)
            if (went, offered) != (allowed, allowed) or stage != self.expected(cell, allowed):
                wrong[cell] = (went, offered, stage)
        assert wrong == {}

    def test_actions_keep_to_it(self):
        wrong = {}
        path = reverse("admin:articles_article_changelist")
        for cell, _, copy, allowed in self.cells():
            role, place, move, _, own = cell
            # Without a limit the verbs answer as within one, which the table above has seen.
            if place == "no limit" or own is not (role in OWN):
                continue
            self.client.post(path, {"action": f"{move}_selected", "_selected_action": [copy.pk], "reason": REASON})
            if (stage := stage_now(copy.pk)) != self.expected(cell, allowed):
                wrong[cell] = stage
        assert wrong == {}

    def test_forms_keep_to_it(self):
        wrong = {}
        for cell, person, copy, allowed in self.cells():
            role, place, move, _, own = cell
            if place == "no limit" or own is not (role in OWN):
                continue
            # What may be looked at and not changed is a form without fields, and makes no move.
            may_save = may_edit(person, copy)
            with without_pages():
                DoorTests.send_form(self, copy, _move=move, update_note=copy.update_note)
            if (stage := stage_now(copy.pk)) != self.expected(cell, allowed and may_save):
                wrong[cell] = stage
        assert wrong == {}

    def test_pages_offer_what_is_allowed(self):
        for (role, place), person in self.people.items():
            self.client.force_login(person)
            for stage in self.UNPUBLISHED:
                copy = self.copies[stage]
                Article.objects.filter(pk=copy.pk).update(created_by=person if role in OWN else None)
                page = self.client.get(reverse("admin:articles_article_change", args=[copy.pk]))
                allowed = {
                    move
                    for move in MOVES
                    if may_edit(person, copy)
                    and is_allowed(role, move, stage, place, own=role in OWN, stages=COPY_STAGES)
                }
                assert set(re.findall(r'name="_move" value="(\w+)"', page.content.decode())) == allowed, (
                    role,
                    place,
                    stage,
                )

    def test_copy_is_begun_by_those_who_may_write_on_the_story(self):
        wrong = []
        for (role, place), person in self.people.items():
            for own in (False, True):
                story = make_article(section=self.world, created_by=person if own else None)
                self.client.force_login(person)
                answer = self.client.post(reverse("admin:articles_article_begin", args=[story.pk]))
                begun = Article.objects.filter(replaces=story).exists()
                allowed = place != "outside the limit" and (own or role not in OWN)
                if begun is not allowed or answer.status_code not in {302, 404}:
                    wrong.append((role, place, own, answer.status_code))
        assert wrong == []


class DoorTests(TestCase):
    """The same table at the admin's addresses: the form that is sent with a move, and the action of the list."""

    @classmethod
    def setUpTestData(cls):
        cls.world, cls.sport = make_section(), make_section("Sport")

    def person(self, role, place):
        sections = {"no limit": None, "within the limit": (self.world,), "outside the limit": (self.sport,)}[place]
        return make_person(role, sections=sections)

    def stories(self, person, move):
        """One of every stage; the draft is their own."""
        return {
            stage: make_story(stage, move, self.world, created_by=person if stage == "draft" else None)
            for stage in Stage
        }

    def check(self, role, place, move, stories):
        wrong = {}
        for stage, story in stories.items():
            allowed = is_allowed(role, move, stage, place, own=stage == Stage.DRAFT)
            found = stage_of(Article.objects.get(pk=story.pk))
            if found != expected_stage(move, stage, allowed=allowed):
                wrong[stage] = found
        assert wrong == {}

    def send_form(self, story, **answers):
        """What a browser would send, or somebody who only pretends to be one."""
        names = {"headline": story.headline, "slug": story.slug, "section": self.world.pk, "status": "published"}
        more = {"language": "en", "story_type": "news", "reason": REASON}
        more["byline"] = [f"@{author.slug}" for author in story.authors.all()]
        prefixes = ("citations", "related_links", "corrections")
        totals = {f"{each}-{total}_FORMS": 0 for each in prefixes for total in ("TOTAL", "INITIAL")}
        for name in ("published_at", "embargoed_until", "takes_effect_at"):
            if moment := getattr(story, name):
                more |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}
        path = reverse("admin:articles_article_change", args=[story.pk])
        return self.client.post(path, {**names, **more, **totals, **answers})

    def test_forms_keep_to_it(self):
        # Without a limit the verbs answer as within one, which the table above has seen.
        for role, place, move in product(ROLES, PLACES[1:], STAGES):
            with self.subTest(role=role, place=place, move=move):
                person = self.person(role, place)
                self.client.force_login(person)
                stories = self.stories(person, move)
                with without_pages():
                    for story in stories.values():
                        self.send_form(story, _move=move)
                self.check(role, place, move, stories)

    def test_actions_keep_to_it(self):
        for role, place, move in product(ROLES, PLACES, STAGES):
            with self.subTest(role=role, place=place, move=move):
                person = self.person(role, place)
                self.client.force_login(person)
                stories = self.stories(person, move)
                answers = {"action": f"{move}_selected", "_selected_action": [each.pk for each in stories.values()]}
                self.client.post(reverse("admin:articles_article_changelist"), {**answers, "reason": REASON})
                self.check(role, place, move, stories)

    def test_reporter_adds_no_published_story(self):
        self.client.force_login(make_person("Reporter"))
        path = reverse("admin:articles_article_add")
        answers = form_data(self.client.get(path)) | {"headline": "At once", "slug": "at-once"}
        times = {"published_at_0": "2026-01-01", "published_at_1": "00:00:00"}
        self.client.post(path, {**answers, **times, "status": "published", "_move": "publish"})
        assert not Article.objects.exists()
        self.client.post(path, {**answers, **times, "status": "published", "_save": "Save"})
        assert Article.objects.get().status == "draft"

    def test_story_of_another_is_not_changed_by_a_reporter_and_a_draft_of_their_own_is(self):
        reporter = make_person("Reporter")
        self.client.force_login(reporter)
        for own, stage in product((True, False), Stage):
            story = make_story(stage, "submit", self.world, created_by=reporter if own else None)
            sent = self.send_form(story, headline="Mine now", _save="Save")
            changed = own and stage == Stage.DRAFT
            assert sent.status_code == (302 if changed else 403)
            assert (Article.objects.get(pk=story.pk).headline == "Mine now") is changed

    def test_nobody_limited_to_sections_moves_a_story_out_of_them(self):
        self.client.force_login(make_person("Editor", sections=(self.world,)))
        story = make_story(Stage.DRAFT, "submit", self.world)
        path = reverse("admin:articles_article_change", args=[story.pk])
        for section in (self.sport.pk, ""):
            answers = form_data(self.client.get(path)) | {"section": section, "_save": "Save"}
            assert self.client.post(path, answers).status_code == 200
        story.refresh_from_db()
        assert story.section == self.world

    def test_moves_stand_in_djangos_history_too(self):
        self.client.force_login(make_person("Publisher"))
        self.send_form(make_story(Stage.DRAFT, "publish", self.world), _move="publish")
        assert "Published." in LogEntry.objects.values_list("change_message", flat=True)


def test_every_move_has_its_verb():
    assert set(MOVES) == set(VERBS) == {*STAGES, *COPY_STAGES}
    for kind, stages in ((Kind.STORY, STAGES), (Kind.WORKING_COPY, COPY_STAGES)):
        moves = [move for move in MOVES.values() if kind in move.kinds]
        # A working copy whose words are published is no more.
        gone = {"publish_update", "publish_fix", "discard"}
        assert {
            move.name: ({str(each) for each in move.sources}, "gone" if move.name in gone else str(move.target))
            for move in moves
        } == stages


def test_every_move_can_be_told_in_the_log():
    assert set(MOVES) <= set(Activity.Action.values)


@pytest.mark.django_db
def test_table_for_editors_is_the_one_that_holds():
    rows = ["| move | of | from | to | reason | who |", "| --- | --- | --- | --- | --- | --- |"]
    for move in MOVES.values():
        everybody = [role for role in ROLES if move.name in ROLES[role]]
        theirs = [f"{role} (own)" for role in OWN if move.name in OWN[role]]
        sources = ", ".join(each.label.lower() for each in move.sources)
        reason = "yes" if move.needs_reason else ""
        kinds, target = " or ".join(move.kinds), move.target.label.lower() if move.target else "gone"
        who = ", ".join(theirs + everybody)
        rows.append(f"| {move.label} | {kinds} | {sources} | {target} | {reason} | {who} |")
    table = "\n".join(rows)
    assert table in (ROOT / "docs" / "editors" / "flow.md").read_text(), table

"""The test that cannot be fooled: whatever is done at the desk, a second later every page from the cache is the page.

Random sequences of editorial actions, by the verbs that the desk uses; after every few of them all pages that the site
has or ever had are asked for through the cache, and made without it. ``INVALIDATION_EXAMPLES=500`` tries so many.
"""

import os
import re
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis.strategies as st
import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.db.models import ProtectedError
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, note
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from articles.content.slugs import headline_slug
from articles.editorial.corrections import add_correction, change_correction, delete_correction
from articles.editorial.naming import set_bylines
from articles.editorial.permissions import MoveRefused
from articles.editorial.publishing import (
    publish_article,
    publish_scheduled_article,
    reinstate_article,
    unschedule_article,
    withdraw_article,
)
from articles.editorial.working_copies import (
    begin_working_copy,
    discard_working_copy,
    publish_due_updates,
    publish_fix,
    publish_update,
)
from articles.editorial.writing import delete_article, write_article
from articles.importers.options import Options
from articles.importers.running import import_paths
from articles.models import (
    Article,
    Author,
    Citation,
    Correction,
    FormerSlug,
    Image,
    PopularChoice,
    Purge,
    RelatedLink,
    Section,
    SiteSettings,
    Source,
    Tag,
)
from articles.page_cache.addresses import Origins
from articles.page_cache.following import Follower
from articles.page_cache.purge_log import PurgeLog
from articles.page_cache.schedule import SCHEDULE
from articles.page_cache.wrapper import PageCache
from articles.popularity.choices import (
    exclude_popular,
    freeze_popular,
    move_pin,
    pin_popular,
    release_popular,
    thaw_popular,
)
from articles.popularity.flushing import flush_reads
from articles.popularity.standings import make_lists
from articles.related.choices import ChoiceRefused, hide_suggestion, never_suggest, pin_suggestion, undo_choice
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_person,
    make_reads,
    make_section,
    make_source,
    make_tag,
)
from tests.page_cache.site import ask
from tests.page_cache.test_in_front_of_django import request

EXAMPLES = int(os.environ.get("INVALIDATION_EXAMPLES", "12"))
STEPS = int(os.environ.get("INVALIDATION_STEPS", "12"))
PHASES = [Phase[name] for name in os.environ.get("INVALIDATION_PHASES", "explicit reuse generate shrink").split()]

NOON = datetime(2026, 9, 21, 12, tzinfo=UTC)
REFUSALS = (MoveRefused, PermissionDenied, ChoiceRefused, ValidationError, ProtectedError)
LINKS = re.compile(r'href="([^"?]*\?(?:before|after)=[^"]+)"')

HEADLINES = ("Ferry sails again", "Harbour closed", "Quay for sale", "Oranges for the island", "A captain retires")
WORDS = ("The ferry left the harbour at dawn.", "Oranges were cheap on the quay.", "The captain said nothing.")
TEXT = "{headline}\n\n{words}\n\nRelated: {related}\n\nIt came back.\n\nPopular posts from this blog\n\n{popular}\n"

number = st.integers(0, 5)
text = st.sampled_from(WORDS)
headline = st.sampled_from(HEADLINES)
part = st.sampled_from(["headline", "dek", "body", "section", "picture", "slug", "bylines", "tags", "sources"])
minutes = st.sampled_from([-90, -1, 1, 30, 90, 60 * 24 * 40])


ACTIONS = []


def action(**strategies):
    """What can be done, and what with."""

    def remember(method):
        ACTIONS.append((method.__name__, strategies))
        return method

    return remember


class Newsroom(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.travel = time_machine.travel(NOON, tick=False)
        self.clock = self.travel.start()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.steps = 0
        self.addresses = {}
        self.folder = tempfile.TemporaryDirectory()
        self.open_site()
        self.django = WSGIHandler()
        self.cache = PageCache(self.django, origins=Origins([django_settings.SITE_URL]), cookies=["sessionid"])
        self.follower = Follower(self.cache, PurgeLog())
        SCHEDULE.forget()
        SCHEDULE.is_followed = True
        self.compare()

    def teardown(self):
        try:
            self.compare()
        finally:
            SCHEDULE.is_followed = False
            SCHEDULE.forget()
            self.cache.close()
            self.folder.cleanup()
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
            self.travel.stop()

    def open_site(self):
        settings = SiteSettings.objects.load()
        settings.popular_length = 2
        settings.popular_thumbnails = True
        settings.save()
        self.chief = make_person("Administrator", is_superuser=True)
        sections = [make_section("World"), make_section("Sport", in_menu=False)]
        authors = [make_author("Ada Byron"), make_author("Eva Luna")]
        make_tag("Quay"), make_tag("Ferry"), make_source()
        for each in range(4):
            make_article(
                headline=f"Opening story {each}",
                dek=WORDS[each % 3],
                section=sections[each % 2],
                authors=(authors[each % 2],),
                tags=("Quay",),
                lead_image=make_image(),
                published_at=NOON - timedelta(days=1 + 200 * each),
            )
        page = FlatPage.objects.create(url="/about/", title="About", content="<p>We.</p>")
        page.sites.add(Site.objects.get())

    @initialize(is_shown=st.sampled_from([False, False, True]))
    def show_popular(self, is_shown):
        """Where recent stories fill the sidebar, they change every page, and hide what else should have."""
        settings = SiteSettings.objects.load()
        settings.popular_shown = is_shown
        settings.save()
        self.compare()

    # The pages -------------------------------------------------------------------------------------------------------

    def learn_addresses(self):
        names = ("front-page", "archive", "correction-list")
        found = [reverse(f"articles:{name}") for name in names]
        for article in Article.objects.originals():
            found.append(article.get_absolute_url())
            if article.published_at:
                day = timezone.localtime(article.published_at)
                found.append(reverse("articles:year-archive", args=[day.year]))
                found.append(reverse("articles:month-archive", args=[day.year, day.month]))
        for model in (Section, Tag, Author, Source):
            found += [row.get_absolute_url() for row in model.objects.all()]
        found += FlatPage.objects.values_list("url", flat=True)
        self.addresses |= dict.fromkeys(found)

    def compare(self):
        """A second later: what changed is in the log, the log is read, and all pages are what they are."""
        self.learn_addresses()
        for _ in range(4):
            self.clock.shift(1)
            self.follower.look()
            before = Purge.objects.count()
            different = [address for address in list(self.addresses) if not self.is_same(address)]
            # Whoever opens a story may be the one who lets an update take effect: that is a change too.
            if Purge.objects.count() == before:
                break
        assert not different, different
        assert self.cache.store.occupancy().items > 10

    def is_same(self, address):
        found = self.ask(self.cache, address)
        made = self.ask(self.django, address)
        for link in LINKS.findall(made.body.decode()):
            self.addresses.setdefault(unescape(link), None)
        return (found.status, found["Location"], found.body) == (made.status, made["Location"], made.body)

    def ask(self, application, address):
        host = urlsplit(django_settings.SITE_URL)
        return ask(application, request(address, host=host.netloc) | {"wsgi.url_scheme": host.scheme})

    # What is done ----------------------------------------------------------------------------------------------------

    @contextmanager
    def step(self):
        """One transaction, what follows from it, and every third time a look at all pages."""
        try:
            with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
                yield
        except REFUSALS:
            pass
        self.steps += 1
        if self.steps % 3 == 0:
            self.compare()

    def any_of(self, rows, place):
        rows = list(rows.order_by("pk"))
        return rows[place % len(rows)] if rows else None

    def story(self, place, **conditions):
        return self.any_of(Article.objects.originals().filter(**conditions), place)

    def released(self, place):
        return self.story(place, status="published")

    def body(self, words, place):
        """A text that names a story, a picture and a related story, there or not."""
        target, picture = self.story(place), self.any_of(Image.objects.all(), place)
        link = f'<p><a data-article="{target.uid}">{words}</a></p>' if target else ""
        return f'<p>{words}</p>{link}<figure data-image="{picture.uid}"></figure>' if picture else f"<p>{words}</p>"

    def dress(self, story, place, words, headline):
        """Gives a story or a working copy other words, another place, other names."""
        story.headline, story.dek, story.body = headline, words, self.body(words, place)
        story.section = self.any_of(Section.objects.all(), place)
        story.lead_image = self.any_of(Image.objects.all(), place + 1)

    def name(self, story, place, parts=("bylines", "tags", "sources")):
        author, tag, source = (self.any_of(model.objects.all(), place) for model in (Author, Tag, Source))
        if "bylines" in parts and author:
            set_bylines(story, [author], by=self.chief)
        if "tags" in parts:
            story.tags.set([tag] if tag else [])
        if "sources" in parts:
            story.citations.all().delete()
            if place % 2 and source:
                Citation.objects.create(article=story, source=source, role="data", title=story.dek)

    @action(place=number, words=text, headline=headline, when=minutes, times=st.sampled_from(["", "embargo", "expiry"]))
    def publish_new_story(self, place, words, headline, when, times):
        with self.step():
            story = Article(headline=headline, slug=f"{headline_slug(headline)}-{Article.objects.count()}")
            self.dress(story, place, words, headline)
            moment = timezone.now() + timedelta(minutes=when)
            if times:
                later = max(moment, timezone.now()) + timedelta(minutes=45)
                setattr(story, {"embargo": "embargoed_until", "expiry": "expires_at"}[times], later)
            write_article(story, by=self.chief)
            self.name(story, place)
            publish_article(story, by=self.chief, at=moment)

    @action(place=number, headline=headline)
    def write_draft(self, place, headline):
        with self.step():
            draft = Article(headline=headline, slug=f"draft-{Article.objects.count()}-{place}")
            write_article(draft, by=self.chief)

    @action(place=number, other=number, words=text, what=part, when=minutes)
    def edit_story(self, place, other, words, what, when):
        """One thing only: what another change purges as well would hide it."""
        with self.step():
            story = self.released(place)
            if story is None:
                return
            copy = begin_working_copy(story, by=self.chief)
            copy.takes_effect_at = timezone.now() + timedelta(minutes=when) if when > 0 else None
            copy.update_note = words if what == "dek" else ""
            self.edit(copy, other, words, what)
            write_article(copy, by=self.chief)
            (publish_update if copy.update_note else publish_fix)(copy, by=self.chief, reason="It is better so")

    def edit(self, copy, place, words, what):
        match what:
            case "headline":
                copy.headline = HEADLINES[place % len(HEADLINES)]
            case "dek":
                copy.dek = words
            case "body":
                copy.body = self.body(words, place)
            case "section":
                copy.section = self.any_of(Section.objects.all(), place)
            case "picture":
                copy.lead_image = self.any_of(Image.objects.all(), place)
            case "slug":
                copy.slug = f"{copy.slug}-{place}"[:100]
            case _:
                self.name(copy, place, [what])

    @action(place=number)
    def discard_copy(self, place):
        with self.step():
            copy = self.any_of(Article.objects.exclude(replaces=None), place)
            if copy:
                discard_working_copy(copy, by=self.chief, reason="No")

    @action(place=number)
    def withdraw(self, place):
        with self.step():
            if story := self.released(place):
                withdraw_article(story, by=self.chief, reason="Wrong")

    @action(place=number)
    def rename_withdrawn(self, place):
        with self.step():
            if story := self.story(place, status="withdrawn"):
                story.slug = f"{story.slug}-{place}"[:100]
                story.save()

    @action(place=number)
    def reinstate(self, place):
        with self.step():
            if story := self.story(place, status="withdrawn"):
                reinstate_article(story, by=self.chief, reason="Right after all")

    @action(place=number)
    def publish_before_its_time(self, place):
        with self.step():
            if story := self.story(place, status="published", published_at__gt=timezone.now()):
                publish_scheduled_article(story, by=self.chief)

    @action(place=number)
    def take_off_the_schedule(self, place):
        with self.step():
            if story := self.story(place, status="published", published_at__gt=timezone.now()):
                unschedule_article(story, by=self.chief)

    @action(place=number)
    def publish_draft(self, place):
        with self.step():
            if story := self.story(place, status__in=["draft", "approved"]):
                self.dress(story, place, WORDS[0], story.headline)
                write_article(story, by=self.chief)
                self.name(story, place)
                publish_article(story, by=self.chief)

    @action(place=number)
    def take_over_an_address(self, place):
        """A draft gets the slug that another story once had, and is published there."""
        with self.step():
            draft, former = self.story(place, status="draft"), self.any_of(FormerSlug.objects.all(), place)
            if draft and former:
                draft.slug = former.slug
                self.dress(draft, place, WORDS[1], draft.headline)
                write_article(draft, by=self.chief)
                self.name(draft, place)
                publish_article(draft, by=self.chief)

    @action(place=number)
    def delete(self, place):
        with self.step():
            if story := self.story(place):
                story.delete() if story.status == "published" else delete_article(story, by=self.chief)

    @action(place=number, when=minutes, name=st.sampled_from(["published_at", "embargoed_until", "expires_at"]))
    def change_times(self, place, when, name):
        with self.step():
            if story := self.released(place):
                moment = timezone.now() + timedelta(minutes=when)
                setattr(story, name, None if when == -1 and name != "published_at" else moment)
                if story.expires_at and story.expires_at <= story.published_at:
                    return
                write_article(story, by=self.chief, reason="So it is")

    @action(place=number, words=text, when=minutes, kind=st.sampled_from(Correction.Kind.values))
    def correct(self, place, words, when, kind):
        with self.step():
            if story := self.released(place):
                moment = timezone.now() + timedelta(minutes=when)
                add_correction(Correction(article=story, kind=kind, text=words, corrected_at=moment), by=self.chief)

    @action(place=number, words=text, delete=st.booleans())
    def change_corrections(self, place, words, delete):
        with self.step():
            if correction := self.any_of(Correction.objects.all(), place):
                correction.text = words
                (delete_correction if delete else change_correction)(correction, by=self.chief)

    @action(place=number, headline=headline, delete=st.booleans())
    def link(self, place, headline, delete):
        """To a story that is there, that is not there yet, or that nobody may see."""
        with self.step():
            story = self.story(place)
            if story is None:
                return
            if delete:
                story.related_links.all().delete()
            else:
                RelatedLink.objects.create(article=story, headline=headline, position=place)

    @action(
        place=number, other=number, verb=st.sampled_from([pin_suggestion, hide_suggestion, never_suggest, undo_choice])
    )
    def choose_related(self, place, other, verb):
        with self.step():
            story, target = self.released(place), self.story(other)
            if story and target:
                verb(story, target, by=self.chief)

    @action(place=number, model=st.sampled_from([Section, Tag, Author, Source]), what=st.sampled_from(["name", "slug"]))
    def rename(self, place, model, what):
        with self.step():
            if row := self.any_of(model.objects.all(), place):
                setattr(row, what, f"{getattr(row, what)[:60]}{'-x' if what == 'slug' else ' X'}")
                row.save()

    @action(place=number, model=st.sampled_from([Section, Tag, Author, Source]))
    def delete_name(self, place, model):
        with self.step():
            if row := self.any_of(model.objects.all(), place):
                row.delete()

    @action(place=number)
    def merge_tags(self, place):
        with self.step():
            tag, into = self.any_of(Tag.objects.all(), place), self.any_of(Tag.objects.all(), place + 1)
            if tag and tag != into:
                for story in Article.objects.filter(tags=tag):
                    story.tags.add(into)
                tag.delete()

    @action(place=number, position=number, in_menu=st.booleans())
    def arrange_menu(self, place, position, in_menu):
        with self.step():
            if section := self.any_of(Section.objects.all(), place):
                section.position, section.in_menu = position, in_menu
                section.save()

    @action(place=number, words=text)
    def describe(self, place, words):
        """Author, section, tag, source."""
        with self.step():
            for model, name in (
                (Author, "bio"),
                (Section, "description"),
                (Tag, "description"),
                (Source, "description"),
            ):
                if row := self.any_of(model.objects.all(), place):
                    setattr(row, name, words)
                    row.save()

    @action(place=number)
    def portray(self, place):
        with self.step():
            if author := self.any_of(Author.objects.all(), place):
                author.portrait = self.any_of(Image.objects.all(), place)
                author.save()

    @action(place=number, words=text, what=st.sampled_from(["alt_text", "credit", "rights", "focus", "delete"]))
    def change_picture(self, place, words, what):
        with self.step():
            image = self.any_of(Image.objects.all(), place)
            if image is None:
                return
            if what == "delete":
                image.delete()
                return
            if what == "rights":
                image.rights_expire_on = timezone.localdate() + timedelta(days=place - 1)
            elif what == "focus":
                image.focal_x = place / 5
            else:
                setattr(image, what, words)
            image.save()

    @action(place=number, words=text)
    def change_settings(self, place, words):
        with self.step():
            settings = SiteSettings.objects.load()
            match place:
                case 0:
                    settings.tagline = words
                case 1:
                    settings.popular_length = 1 + settings.popular_length % 3
                case 2:
                    settings.popular_window = "day" if settings.popular_window == "week" else "week"
                case 3:
                    settings.popular_snippets = not settings.popular_snippets
                case _:
                    settings.lead_story = self.story(len(words))
            settings.save()

    @action(words=text, what=st.sampled_from(["content", "title", "new", "delete"]))
    def change_pages(self, words, what):
        with self.step():
            page = FlatPage.objects.order_by("pk").last()
            if what == "new" or page is None:
                page = FlatPage.objects.create(
                    url=f"/page-{FlatPage.objects.count()}/", title=words, content="<p>New.</p>"
                )
                page.sites.add(Site.objects.get())
            elif what == "delete":
                page.delete()
            else:
                setattr(page, what, f"<p>{words}</p>" if what == "content" else words)
                page.save()

    @action(place=number, reads=st.integers(1, 30))
    def read(self, place, reads):
        with self.step():
            if story := self.released(place):
                make_reads(story, timezone.now(), direct=reads)
                flush_reads()
                make_lists("week", "day")

    @action(place=number, verb=st.sampled_from([pin_popular, exclude_popular, release_popular]))
    def choose_popular(self, place, verb):
        with self.step():
            if story := self.released(place):
                verb(story, by=self.chief)

    @action(place=number, steps=st.sampled_from([-1, 1]))
    def move_pin(self, place, steps):
        with self.step():
            if choice := self.any_of(PopularChoice.objects.filter(kind="pinned"), place):
                move_pin(choice.article, by=self.chief, steps=steps)

    @action()
    def freeze(self):
        with self.step():
            is_frozen = SiteSettings.objects.load().popular_frozen_at
            (thaw_popular if is_frozen else freeze_popular)(by=self.chief)

    @action(headline=headline, related=headline, popular=headline, words=text)
    def import_text(self, headline, related, popular, words):
        path = Path(self.folder.name) / f"{headline_slug(headline)}.txt"
        path.write_text(TEXT.format(headline=headline, words=words, related=related, popular=popular))
        with self.step():
            list(import_paths([str(path)], Options(section=self.any_of(Section.objects.all(), 0)), None))

    @action(minutes=st.sampled_from([0.5, 2, 31, 46, 91, 60 * 12, 60 * 24 * 2]), beat=st.booleans())
    def time_passes(self, minutes, beat):
        self.clock.shift(timedelta(minutes=minutes))
        with self.step():
            if beat:
                publish_due_updates()

    @rule(data=st.data())
    def act(self, data):
        """Any of them with the same chance: rules of their own would each be left out of most sequences."""
        name, strategies = data.draw(st.sampled_from(ACTIONS))
        arguments = {key: data.draw(strategy) for key, strategy in strategies.items()}
        note(f"{name}({arguments})")
        getattr(self, name)(**arguments)


@pytest.fixture
def quiet():
    """As Django's test client does: the connection stays open between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
def test_every_page_is_what_it_is_a_second_after_any_change(quiet, counting):
    # Pages are fresh for ever: nothing but purges and the schedule makes them new.
    with override_settings(ARTICLES_PAGE_SECONDS=100 * 86_400, ARTICLES_PAGE_SIZE=2):
        run_state_machine_as_test(
            Newsroom,
            settings=hypothesis_settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                phases=PHASES,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

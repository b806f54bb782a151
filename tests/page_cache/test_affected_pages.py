"""Which pages a change outdates: each line of the map, by a change that needs it; and what outdates nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.flatpages.models import FlatPage
from django.core.management import call_command
from django.db import transaction

from articles.editorial.corrections import add_correction
from articles.editorial.naming import set_bylines
from articles.editorial.publishing import publish_article, reinstate_article, withdraw_article
from articles.editorial.working_copies import begin_working_copy, publish_fix
from articles.editorial.writing import delete_article
from articles.importers.options import Options
from articles.importers.running import import_paths
from articles.models import (
    Article,
    Author,
    Citation,
    Correction,
    FormerSlug,
    PopularEntry,
    PopularList,
    Purge,
    RelatedLink,
    SiteSettings,
    Standing,
    SuggestionChoice,
    Tag,
    TaggedArticle,
)
from articles.popularity.choices import exclude_popular, freeze_popular, pin_popular, release_popular, thaw_popular
from articles.popularity.flushing import flush_reads
from articles.popularity.standings import make_lists
from articles.related.choices import accept_target, never_suggest, pin_suggestion, undo_choice
from articles.related.suggestions import relate
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_image,
    make_person,
    make_reads,
    make_ready_article,
    make_ready_draft,
    make_section,
    make_source,
    make_suggestion,
    make_tag,
)

NOON = datetime(2026, 9, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


class Recorded:
    """``with recorded() as tags``: afterwards a set of all that was recorded meanwhile."""

    def __enter__(self):
        self.last = Purge.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.tags = set()
        return self.tags

    def __exit__(self, *_):
        for found in Purge.objects.filter(pk__gt=self.last).values_list("tags", flat=True):
            self.tags.update(found)


def of(*rows):
    return {f"{type(row).__name__.lower()}:{row.pk}" for row in rows}


def page_of(*stories):
    return {f"slug:{story.slug}" for story in stories}


def lists_of(*rows):
    return {f"list:{type(row).__name__.lower()}:{row.pk}" for row in rows}


LISTS_OF_ALL = {"list:front", "list:archive", "list:unread", "list:year:2026"}


@pytest.fixture
def chief():
    SiteSettings.objects.load()
    return make_person("Administrator", is_superuser=True)


@pytest.fixture
def section():
    return make_section("World")


@pytest.fixture
def story(section):
    return make_article(section=section, published_at=NOON - DAY)


# Stories --------------------------------------------------------------------------------------------------------------


def placed_draft(section, **overrides):
    draft = make_ready_draft(section=section, tags=("Harbour",), **overrides)
    Citation.objects.create(article=draft, source=make_source(), role="data")
    return draft


def test_published_story_enters_every_list_that_it_belongs_to(chief, section):
    draft = placed_draft(section)
    with Recorded() as tags:
        publish_article(draft, by=chief)
    places = lists_of(section, draft.tags.get(), draft.authors.get(), draft.citations.get().source)
    assert tags == of(draft) | page_of(draft) | {f"uid:{draft.uid}", "list:month:2026-09"} | LISTS_OF_ALL | places


def test_published_story_comes_between_two_others(chief, section):
    older, newer = make_article(section=section, published_at=NOON - DAY), make_article(section=section)
    elsewhere = make_article(section=make_section("Sport"), published_at=NOON - DAY)
    Article.objects.filter(pk=newer.pk).update(published_at=NOON - HOUR)
    with Recorded() as tags:
        make_article(section=section, published_at=NOON - 2 * HOUR)
    assert page_of(older, newer) <= tags
    assert not page_of(elsewhere) & tags


def test_story_that_is_scheduled_shortens_the_life_of_what_it_will_enter(chief, section):
    draft = placed_draft(section)
    with Recorded() as tags:
        publish_article(draft, by=chief, at=NOON + HOUR)
    assert {"list:front", *lists_of(section)} <= tags


def test_withdrawn_story_leaves_what_it_was_in(chief, section):
    story = make_ready_article(section=section)
    with Recorded() as tags:
        withdraw_article(story, by=chief, reason="Wrong")
    assert of(story) | lists_of(section) | page_of(story) | LISTS_OF_ALL <= tags


def test_reinstated_story_takes_the_place_of_the_notices_at_all_its_addresses(chief, section):
    story = make_ready_article(section=section)
    FormerSlug.objects.create(slug="once", article=story)
    withdraw_article(story, by=chief, reason="Wrong")
    with Recorded() as tags:
        reinstate_article(story, by=chief, reason="Right")
    assert page_of(story) | {"slug:once"} | lists_of(section) <= tags


def test_renamed_notice_is_at_another_address(story):
    Article.objects.filter(pk=story.pk).update(status="withdrawn")
    story.refresh_from_db()
    story.slug = "renamed"
    with Recorded() as tags:
        story.save()
    assert "slug:renamed" in tags


def test_other_words_change_what_shows_the_story_and_nothing_else(story):
    story.headline = "Ferry sails on"
    with Recorded() as tags:
        story.save()
    assert tags == of(story)


def test_other_address_changes_links_in_bodies(story):
    former = story.slug
    story.slug = "renamed"
    with Recorded() as tags:
        story.save()
    assert tags == of(story) | {f"uid:{story.uid}", "slug:renamed", f"slug:{former}"}


def test_story_that_moves_leaves_one_section_and_enters_another(story, section):
    other = make_section("Sport")
    neighbour = make_article(section=other)
    story.section = other
    with Recorded() as tags:
        story.save()
    assert tags == of(story) | lists_of(section, other) | {"list:front"} | page_of(neighbour)


def test_story_that_is_dated_otherwise_moves_in_all_lists(story):
    story.published_at = datetime(2025, 3, 1, tzinfo=UTC)
    with Recorded() as tags:
        story.save()
    assert {"list:year:2026", "list:year:2025", "list:month:2026-09", "list:month:2025-03"} <= tags


def test_month_is_that_of_the_sites_zone(settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    with Recorded() as tags:
        make_article(published_at=datetime(2026, 8, 31, 20, tzinfo=UTC))
    assert "list:month:2026-09" in tags
    assert "list:month:2026-08" not in tags


@pytest.mark.parametrize("name", ["embargoed_until", "expires_at"])
def test_other_times_change_all_lists(story, section, name):
    setattr(story, name, NOON + HOUR)
    with Recorded() as tags:
        story.save()
    assert LISTS_OF_ALL | lists_of(section) | of(story) <= tags


def test_story_in_popular_lists_changes_them_with_its_times(story):
    Standing.objects.create(window="week", scope="section", scope_id=3, position=1, article=story, reads=1)
    story.embargoed_until = NOON + HOUR
    with Recorded() as tags:
        story.save()
    assert "popular:section:3" in tags


def test_corrected_story_is_in_the_list_of_corrections(story):
    Correction.objects.create(article=story, text="It was Tuesday.")
    story.embargoed_until = NOON + HOUR
    with Recorded() as tags:
        story.save()
    assert "list:corrections" in tags


def test_deleted_story_leaves_what_it_was_in(chief, section, story):
    expected = of(story) | lists_of(section) | LISTS_OF_ALL
    with Recorded() as tags:
        delete_article(story, by=chief)
    assert expected <= tags


def test_deleted_draft_leaves_plain_text_where_it_was_meant(story):
    draft = make_draft()
    RelatedLink.objects.create(article=story, headline=draft.headline, target=draft)
    listed = PopularList.objects.create(article=story, listed_on=NOON.date())
    PopularEntry.objects.create(list=listed, position=1, headline=draft.headline, target=draft)
    expected = of(draft) | {"list:unread"}
    with Recorded() as tags:
        draft.delete()
    assert tags == expected


def test_deleted_draft_takes_its_popular_list_along():
    draft = make_draft()
    listed = PopularList.objects.create(article=draft, listed_on=NOON.date())
    PopularEntry.objects.create(list=listed, position=1, headline="Harbour closed")
    with Recorded() as tags:
        draft.delete()
    assert tags == {"list:unread"}


def test_story_written_over_another_changes_what_both_were_in(section, story):
    copy = Article(
        pk=story.pk,
        uid=story.uid,
        headline="Other",
        slug="other",
        status="published",
        published_at=NOON,
        first_published_at=NOON,
        created_at=NOON,
    )
    with Recorded() as tags:
        copy.save()
    assert lists_of(section) <= tags


# What outdates nothing ------------------------------------------------------------------------------------------------


def test_draft_purges_nothing(chief, section):
    with Recorded() as tags:
        draft = placed_draft(section)
        draft.headline = "Another one"
        draft.save()
        RelatedLink.objects.create(article=draft, headline="Something")
        set_bylines(draft, [make_author("Ada Byron")], by=chief)
        draft.tags.set([make_tag("Quay")])
        Correction.objects.create(article=draft, text="It was Tuesday.")
        draft.delete()
    assert tags == set()


def test_story_that_is_saved_as_it_is_purges_nothing(story):
    with Recorded() as tags:
        story.save()
        Article.objects.filter(pk=story.pk).touch()
    assert tags == set()


def test_expired_story_purges_nothing(section):
    story = make_article(section=section, published_at=NOON - DAY, expires_at=NOON - HOUR)
    story.headline = "Another one"
    with Recorded() as tags:
        story.save()
    assert tags == set()


def test_working_copy_purges_nothing_until_it_is_published(chief, section):
    story = make_ready_article(section=section, published_at=NOON - DAY)
    with Recorded() as tags:
        copy = begin_working_copy(story, by=chief)
        copy.headline = "Ferry sails on"
        copy.save()
        copy.tags.add(make_tag("Quay"))
    assert tags == set()
    with Recorded() as tags:
        publish_fix(copy, by=chief)
    assert tags == of(story) | page_of(story) | lists_of(Tag.objects.get(name="Quay"))


def test_reads_purge_nothing(story):
    SiteSettings.objects.load()
    with Recorded() as tags:
        make_reads(story, NOON, direct=3)
        flush_reads()
    assert tags == set()


def test_change_that_is_undone_purges_nothing(story):
    with Recorded() as tags, transaction.atomic():
        story.delete()
        transaction.set_rollback(True)
    assert tags == set()


# What belongs to stories ----------------------------------------------------------------------------------------------


def test_bylines_change_cards_and_the_lists_of_their_authors(chief, story):
    ada, grace, joan = (make_author(name) for name in ("Ada Byron", "Grace Hopper", "Joan Clarke"))
    with Recorded() as tags:
        set_bylines(story, [ada, grace], by=chief)
    assert tags == of(story) | lists_of(ada, grace)
    with Recorded() as tags:
        set_bylines(story, [grace, ada], by=chief)
    assert of(story) <= tags
    with Recorded() as tags:
        set_bylines(story, [grace, joan], by=chief)
    assert of(story) | lists_of(ada, joan) <= tags


def test_tags_change_the_page_and_their_lists(story):
    with Recorded() as tags:
        story.tags.set([make_tag("Quay")])
    assert tags == page_of(story) | lists_of(Tag.objects.get())
    with Recorded() as tags:
        story.tags.clear()
    assert tags == page_of(story) | lists_of(Tag.objects.get())


def test_citations_change_the_page_and_the_list_of_their_source(story):
    source = make_source()
    with Recorded() as tags:
        citation = Citation.objects.create(article=story, source=source)
    assert tags == page_of(story) | lists_of(source)
    citation.title = "The report"
    with Recorded() as tags:
        citation.save()
    assert tags == page_of(story)
    with Recorded() as tags:
        citation.delete()
    assert tags == page_of(story) | lists_of(source)


def test_related_links_change_the_page(story):
    with Recorded() as tags:
        link = RelatedLink.objects.create(article=story, headline="Harbour closed")
    assert tags == page_of(story)
    with Recorded() as tags:
        link.delete()
    assert tags == page_of(story)


def test_link_that_finds_its_story_changes_the_page(story):
    RelatedLink.objects.create(article=story, headline="Harbour closed")
    listed = PopularList.objects.create(article=story, listed_on=NOON.date())
    PopularEntry.objects.create(list=listed, position=1, headline="Harbour closed")
    with Recorded() as tags:
        make_draft(headline="Harbour closed")
    assert tags == page_of(story) | {"list:unread"}


def test_link_that_is_pointed_at_a_story_changes_the_page(chief, story):
    link = RelatedLink.objects.create(article=story, headline="Harbour closed for good")
    target = make_article(headline="Harbour closed")
    with Recorded() as tags:
        accept_target(link, target, by=chief)
    assert tags == page_of(story)


def test_corrections_change_the_page_and_their_list(chief, story):
    with Recorded() as tags:
        add_correction(Correction(article=story, kind="note", text="It was Tuesday."), by=chief)
    assert tags == page_of(story) | {"list:corrections"}
    with Recorded() as tags:
        story.corrections.get().delete()
    assert tags == page_of(story) | {"list:corrections"}


def test_note_for_the_desk_changes_no_page(story):
    correction = Correction.objects.create(article=story, text="It was Tuesday.")
    correction.passage = "on Monday"
    with Recorded() as tags:
        correction.save()
    assert tags == set()


def test_former_address_is_taken_over(story):
    FormerSlug.objects.create(slug="quay", article=story)
    draft = make_draft()
    draft.slug = "quay"
    with Recorded() as tags:
        draft.save()
    assert tags == {"slug:quay"}


# What stands beside stories -------------------------------------------------------------------------------------------


def test_editors_word_on_related_stories_changes_the_page(chief, story):
    target = make_article()
    with Recorded() as tags:
        pin_suggestion(story, target, by=chief)
    assert tags == page_of(story)
    with Recorded() as tags:
        undo_choice(story, target, by=chief)
    assert tags == page_of(story)


def test_two_that_are_kept_apart_are_so_on_both_pages(chief, story):
    target = make_article()
    with Recorded() as tags:
        never_suggest(story, target, by=chief)
    assert tags == page_of(story, target)


def test_word_on_a_draft_changes_no_page(chief, story):
    draft = make_draft()
    with Recorded() as tags:
        SuggestionChoice.objects.create(article=draft, target=story, kind="pinned")
    assert tags == set()


def test_suggestions_change_the_pages_beside_which_they_stand(section):
    words = "<p>The ferry left the harbour at dawn with sixty passengers and a cargo of oranges for the island.</p>"
    one, other = (
        make_article(section=section, tags=("Harbour", "Ferry"), headline=name, body=words) for name in ("One", "Two")
    )
    with Recorded() as tags:
        relate(one.pk)
    assert tags == page_of(one, other)
    with Recorded() as tags:
        relate(one.pk)
    assert tags == set()
    TaggedArticle.objects.all().delete()
    Article.objects.filter(pk=other.pk).update(section=None, body="<p>Wholly other.</p>", body_text="Wholly other.")
    with Recorded() as tags:
        relate(one.pk)
    assert tags == page_of(one, other)


def test_suggestion_that_is_displaced_changes_the_page(story):
    target = make_article()
    make_suggestion(story, target)
    with Recorded() as tags:
        relate(target.pk)
    assert page_of(story) <= tags


# Popular lists --------------------------------------------------------------------------------------------------------


@pytest.fixture
def ranked(section):
    """Seven stories, the first the most read; the sidebar shows five."""
    SiteSettings.objects.load()
    stories = [make_article(section=section) for _ in range(7)]
    for number, story in enumerate(stories):
        make_reads(story, NOON, direct=100 - 10 * number)
    make_lists("week", "day")
    return stories


def test_lists_that_look_the_same_purge_nothing(ranked):
    make_reads(ranked[0], NOON, direct=5)
    with Recorded() as tags:
        assert make_lists("week")
    assert tags == set()


def test_lists_change_where_their_lines_do(ranked, section):
    make_reads(ranked[3], NOON, direct=500)
    with Recorded() as tags:
        make_lists("week")
    assert tags == {"popular:site:0", f"popular:section:{section.pk}"}


def test_what_changes_below_the_shown_lines_purges_nothing(ranked):
    make_reads(ranked[6], NOON, direct=15)
    with Recorded() as tags:
        assert make_lists("week")
    assert tags == set()


def test_lines_below_move_up_where_others_are_hidden(ranked):
    Article.objects.filter(pk__in=[ranked[0].pk, ranked[1].pk]).update(embargoed_until=NOON + HOUR)
    make_reads(ranked[6], NOON, direct=15)
    with Recorded() as tags:
        Standing.objects.filter(position=6, window="week").update(reads=0)
        make_lists("week")
    assert "popular:site:0" in tags


def test_lists_of_another_window_purge_nothing(ranked):
    make_reads(ranked[3], NOON, direct=500)
    with Recorded() as tags:
        assert make_lists("day")
    assert tags == set()


def test_pinned_story_changes_the_list(chief, ranked):
    with Recorded() as tags:
        pin_popular(ranked[6], by=chief)
    assert tags == {"popular:site:0"}


def test_excluded_story_leaves_lists_and_what_fills_them_up(chief, ranked, section):
    with Recorded() as tags:
        exclude_popular(ranked[0], by=chief)
    assert tags == {"popular:site:0", f"popular:section:{section.pk}", "list:unread"}
    with Recorded() as tags:
        release_popular(ranked[0], by=chief)
    assert "list:unread" in tags


def test_frozen_list_says_so(chief, ranked):
    with Recorded() as tags:
        freeze_popular(by=chief)
    assert "site" in tags
    with Recorded() as tags:
        thaw_popular(by=chief)
    assert "site" in tags


def test_imported_lists_change_what_fills_lists_up(story):
    with Recorded() as tags:
        listed = PopularList.objects.create(article=story, listed_on=NOON.date())
    assert tags == {"list:unread"}
    with Recorded() as tags:
        entry = PopularEntry.objects.create(list=listed, position=1, headline="Harbour closed")
    assert tags == {"list:unread"}
    with Recorded() as tags:
        entry.delete()
    assert tags == {"list:unread"}
    with Recorded() as tags:
        listed.delete()
    assert tags == {"list:unread"}


# What stands around stories -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_author, make_source, make_tag])
def test_rows_that_nobody_names_yet_purge_nothing(make):
    with Recorded() as tags:
        make()
    assert tags == set()


@pytest.mark.parametrize("make", [make_author, make_source, make_tag])
def test_renamed_row_changes_what_names_it(make):
    row = make()
    row.name = "Another name"
    with Recorded() as tags:
        row.save()
    assert tags == of(row)
    expected = of(row)
    with Recorded() as tags:
        row.delete()
    assert tags == expected


def test_account_of_an_author_changes_no_page(chief):
    author = make_author()
    author.user = chief
    with Recorded() as tags:
        author.save()
    assert tags == set()


def test_section_of_the_menu_changes_every_page():
    with Recorded() as tags:
        section = make_section("Sport", position=3)
    assert tags == {"site"}
    section.position = 1
    with Recorded() as tags:
        section.save()
    assert tags == {"site"}
    section.description = "Who won."
    with Recorded() as tags:
        section.save()
    assert tags == of(section)
    section.in_menu = False
    with Recorded() as tags:
        section.save()
    assert tags == {"site"}


def test_picture_changes_where_it_stands():
    image = make_image()
    image.alt_text = "A ferry."
    with Recorded() as tags:
        image.save()
    assert tags == of(image) | {f"uid:{image.uid}"}
    image.rights_note = "Ask Ana."
    with Recorded() as tags:
        image.save()
    assert tags == set()


def test_picture_that_arrives_appears_in_bodies_that_name_it():
    image = make_image()
    image.delete()
    image.pk = None
    image._state.adding = True
    with Recorded() as tags:
        image.save()
    assert tags == {f"uid:{image.uid}"}


def test_settings_change_every_page():
    chosen = SiteSettings.objects.load()
    chosen.tagline = "All the news"
    with Recorded() as tags:
        chosen.save()
    assert tags == {"site"}


def test_lead_story_changes_the_front_page(story):
    chosen = SiteSettings.objects.load()
    chosen.lead_story = story
    with Recorded() as tags:
        chosen.save()
    assert tags == {"list:front"}


def test_settings_that_a_page_makes_for_itself_purge_nothing():
    with Recorded() as tags:
        SiteSettings.objects.load()
    assert tags == set()


def test_page_of_the_site_changes_the_foot_of_every_page(site):
    with Recorded() as tags:
        page = FlatPage.objects.create(url="/about/", title="About", content="<p>We.</p>")
    assert tags == {"site"}
    with Recorded() as tags:
        page.sites.add(site)
    assert {"site", f"flatpage:{page.pk}"} <= tags
    page.content = "<p>They.</p>"
    with Recorded() as tags:
        page.save()
    assert tags == of(page)
    with Recorded() as tags:
        page.sites.clear()
    assert {"site", f"flatpage:{page.pk}"} <= tags


@pytest.fixture
def site(settings):
    return settings.SITE_ID


# Many at once ---------------------------------------------------------------------------------------------------------


def test_deleted_tag_changes_what_names_it_and_is_one_line(story):
    for _ in range(3):
        TaggedArticle.objects.create(content_object=make_article(), tag=make_tag("Quay"))
    tag = Tag.objects.get()
    expected, lines = of(tag), Purge.objects.count()
    with Recorded() as tags:
        tag.delete()
    assert tags == expected
    assert Purge.objects.count() == lines + 1


def test_import_is_one_line(tmp_path, section):
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"Harbour {number}\n\nThe ferry left at dawn.\n\nIt came back.\n")
    options, lines = Options(status="published", section=section), Purge.objects.count()
    with Recorded() as tags:
        assert len(list(import_paths([str(tmp_path)], options, None))) == 3
    assert LISTS_OF_ALL - {"list:year:2026"} <= tags
    assert Purge.objects.count() == lines + 1


def test_fixture_outdates_everything(tmp_path, story):
    fixture = tmp_path / "author.json"
    fixture.write_text(
        '[{"model": "articles.author", "fields": {"name": "Ada", "slug": "ada"}},'
        ' {"model": "articles.author", "fields": {"name": "Eva", "slug": "eva"}}]'
    )
    lines = Purge.objects.count()
    with Recorded() as tags:
        call_command("loaddata", str(fixture), verbosity=0)
    assert Author.objects.count() == 2
    assert tags == {"*"}
    assert Purge.objects.count() == lines + 1

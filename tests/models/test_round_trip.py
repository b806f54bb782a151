"""The whole site out of one database and into another: nothing lost, nothing doubled, numbers free to differ."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.management import call_command

from articles.editorial.previews import create_preview_link, record_opening
from articles.editorial.working_copies import begin_working_copy
from articles.models import (
    Article,
    Autosave,
    CheckRule,
    Citation,
    Correction,
    DeletedImport,
    Duty,
    Fingerprint,
    FormerSlug,
    NearDuplicate,
    PopularChoice,
    PopularEntry,
    PopularList,
    ReadCount,
    ReadTotal,
    RefusedReads,
    RelatedLink,
    SiteSettings,
    Standing,
    Suggestion,
    SuggestionChoice,
    Tag,
)
from tests.factories import PUBLISHED_AT, make_article, make_author, make_image, make_section, make_source, make_user

DUMPED = ("articles", "auth.user", "sites", "flatpages")


@time_machine.travel(datetime(2026, 7, 24, 9, 30, 0, 250_000, tzinfo=UTC), tick=False)
def make_site() -> None:
    """At one moment: a fixture keeps thousandths of a second, and writes none where there are none."""
    author = make_author(user=make_user("leila"), portrait=make_image())
    target = make_article(headline="The target", section=make_section("Science"))
    article = make_article(
        body=f'<p>At <a data-article="{target.uid}">dawn</a>.</p><figure data-image="{make_image().uid}"></figure>',
        headline="The story",
        section=make_section(),
        authors=(author, make_author("Tomás Reyes")),
        tags=("Syria", "Überlingen"),
        lead_image=make_image(),
    )
    Citation.objects.create(article=article, source=make_source())
    Correction.objects.create(article=article, text="The ferry left at seven, not at six.")
    RelatedLink.objects.create(article=article, headline="The target", target=target, marker=1)
    RelatedLink.objects.create(article=article, headline="Not here yet")
    popular = PopularList.objects.create(article=article, listed_on=PUBLISHED_AT)
    PopularEntry.objects.create(list=popular, position=1, headline="The target", target=target)
    DeletedImport.objects.create(import_source="seed", import_id="gone.txt", headline="Gone")
    FormerSlug.objects.create(slug="an-old-one", article=article)
    CheckRule.objects.create(check_name="dek", severity="off", section=article.section)
    CheckRule.objects.create(check_name="dek", severity="blocking")
    SiteSettings.objects.create(name="The Meridian", lead_story=article)
    Autosave.objects.create(person=author.user, article=article, form=str(article.uid), content={"fields": {}})
    SuggestionChoice.objects.create(article=article, target=target, kind=SuggestionChoice.Kind.PINNED)
    Suggestion.objects.create(article=article, target=target, score=0.5, reasons={"tags": [], "text": 0.5})
    NearDuplicate.objects.create(article=article, twin=target, likeness=0.9)
    # Where a test commits, saving the story has made one.
    Fingerprint.objects.update_or_create(article=article, defaults={"signature": b"\x00\xff"})
    ReadCount.objects.create(article=article, period="day", starts_at=PUBLISHED_AT, direct=3, imported=4)
    ReadTotal.objects.create(article=article, reads=7, trend=12.5)
    RefusedReads.objects.create(article=article, day=PUBLISHED_AT, reason="crawler", number=2)
    RefusedReads.objects.create(day=PUBLISHED_AT, reason="unknown", number=1)
    PopularChoice.objects.create(article=article, kind=PopularChoice.Kind.PINNED)
    Standing.objects.create(window="week", scope="site", position=1, article=article, reads=7)
    Duty.objects.create(name="lists made", basis="24 hours")
    Tag.objects.filter(name="Syria").update(kind=Tag.Kind.PLACE)
    page = FlatPage.objects.create(url="/about/", title="About", content="<p>Who makes this.</p>")
    page.sites.set([1])
    chief = make_user("chief", is_superuser=True)
    begin_working_copy(article, by=chief)
    record_opening(create_preview_link(article, by=chief, revision=article.revisions.first()))


def dump() -> str:
    out = StringIO()
    natural = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    # What the log says is of a moment, and of one database.
    call_command("dumpdata", *DUMPED, exclude=["articles.purge"], **natural, stdout=out)
    return out.getvalue()


def load(dumped: str, folder: Path) -> None:
    path = folder / "site.json"
    path.write_text(dumped, encoding="utf-8")
    call_command("loaddata", path, verbosity=0)


def rows(dumped: str) -> list[str]:
    """Comparable whatever the order; flat pages alone travel with their number, which Django gives them."""
    return sorted(json.dumps(row, sort_keys=True) for row in json.loads(dumped))


@pytest.mark.django_db(transaction=True)
def test_dumped_site_loads_whole_into_an_empty_database(tmp_path):
    make_site()
    dumped = dump()
    call_command("flush", interactive=False, verbosity=0)
    # Rows that were there first: what is loaded gets other numbers than it had.
    first = make_article(headline="Here before")
    first.delete()

    load(dumped, tmp_path)

    assert rows(dump()) == rows(dumped)
    story = Article.objects.originals().get(slug="the-story")
    assert [byline.author.name for byline in story.bylines.all()] == ["Leila Haddad", "Tomás Reyes"]
    assert story.related_links.get(marker=1).target.headline == "The target"
    assert SiteSettings.objects.load().lead_story == story
    assert story.suggestion_choices.get().target.headline == "The target"
    assert Tag.objects.get(name="Syria").kind == Tag.Kind.PLACE


@pytest.mark.django_db
def test_site_of_another_address_takes_the_place_of_this_one(client, tmp_path):
    make_site()
    dumped = dump().replace('"example.com"', '"news.example.org"')
    FlatPage.objects.all().delete()
    load(dumped, tmp_path)
    assert list(Site.objects.values_list("pk", "domain")) == [(1, "news.example.org")]
    assert client.get("/about/").status_code == 200


@pytest.mark.django_db
def test_hostile_fixture_is_cleaned(tmp_path):
    make_article(body="<p>HERE</p>")
    load(dump().replace("HERE", "Quiet<img src=x onerror=alert(1)>"), tmp_path)
    assert Article.objects.get().body == "<p>Quiet</p>"


@pytest.mark.django_db
def test_loading_a_dump_twice_changes_nothing(tmp_path):
    make_site()
    dumped = dump()
    load(dumped, tmp_path)
    assert rows(dump()) == rows(dumped)


@pytest.mark.django_db
def test_dump_names_rows_by_natural_keys():
    make_site()
    numbered = {row["model"] for row in json.loads(dump()) if "pk" in row}
    # Django's flat pages have no natural key; our settings are one row with a number of their own.
    assert numbered <= {"flatpages.flatpage", "articles.sitesettings"}

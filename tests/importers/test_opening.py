import io
import re
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.management import CommandError, call_command
from django.test import override_settings

from articles.importers.base import Refused
from articles.importers.running import import_paths
from articles.importers.site_file import apply_site_file
from articles.management.commands import open_newsroom as command_module
from articles.models import Article, Author, Section, SiteSettings, Source
from tests.factories import make_article
from tests.importers.texts import make_text, write_text

SITE_FILE = """
[site]
name = "The Gauge"
tagline = "Read each morning"
description = "News from the coast."
accounts = ["Mastodon @gauge@example.social"]

[[sections]]
name = "Science & nature"
slug = "science"
description = "What was measured."

[[sections]]
name = "World"

[[authors]]
name = "Ana Reyes"
role = "Science editor"
place = "Skarvik"
bio = "Ana reads gauges.\\n\\nAnd books."
accounts = ["Twitter @ana"]

[[sources]]
name = "Coast News"
url = "https://example.com/"
accounts = "Twitter @coast"

[[tags]]
name = "Norway"
kind = "place"

[[pages]]
title = "About"
url = "/about/"
content = "<p>Who we are.</p><script>alert(1)</script>"
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeds(tmp_path):
    write_text(tmp_path, "site.toml", SITE_FILE)
    write_text(tmp_path, "science/gauge.txt", make_text("Gauge", "By Ana Reyes", "It has been read since 1874."))
    return tmp_path


def open_newsroom(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("open_newsroom", *map(str, arguments), stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


@override_settings(SITE_URL="https://news.example.org:8443")
def test_a_new_site_gets_its_name_people_pages_and_stories(seeds):
    said = open_newsroom("--seeds", seeds)
    assert "1 created" in said
    site = SiteSettings.objects.load()
    assert (site.name, site.tagline, site.description) == ("The Gauge", "Read each morning", "News from the coast.")
    assert site.accounts == "Mastodon @gauge@example.social"
    assert list(Section.objects.values_list("slug", "position")) == [("science", 1), ("world", 2)]
    author = Author.objects.get()
    assert (author.slug, author.role, author.place, author.accounts) == (
        "ana-reyes",
        "Science editor",
        "Skarvik",
        "Twitter @ana",
    )
    assert author.bio == "Ana reads gauges.\n\nAnd books."
    assert (Source.objects.get().url, Source.objects.get().accounts) == ("https://example.com/", "Twitter @coast")
    article = Article.objects.get()
    assert (article.section.slug, article.bylines.get().author) == ("science", author)
    page = FlatPage.objects.get()
    assert (page.url, page.content, page.sites.get().pk) == ("/about/", "<p>Who we are.</p>", 1)
    assert (Site.objects.get().domain, Site.objects.get().name) == ("news.example.org:8443", "The Gauge")


def test_the_first_account_works_and_its_password_is_said_once(seeds):
    said = open_newsroom("--seeds", seeds)
    [(name, password)] = re.findall(r"^Account: (\S+) / password: (\S+)$", said, re.MULTILINE)
    user = User.objects.get()
    assert name == user.username == "editor"
    assert user.is_superuser
    assert user.check_password(password)
    validate_password(password, user)
    assert "password" not in open_newsroom("--seeds", seeds)
    assert User.objects.count() == 1


def test_two_sites_have_two_passwords(seeds):
    first = open_newsroom("--seeds", seeds)
    User.objects.all().delete()
    second = open_newsroom("--seeds", seeds)
    assert first.rpartition(" ")[2] != second.rpartition(" ")[2]


def test_a_second_run_keeps_everything(seeds):
    open_newsroom("--seeds", seeds)
    Section.objects.filter(slug="world").update(name="Abroad")
    SiteSettings.objects.update(name="The Tide")
    Article.objects.update(headline="Changed")
    assert open_newsroom("--seeds", seeds) == "The newsroom is open: 1 articles.\n"
    assert Section.objects.get(slug="world").name == "Abroad"
    assert SiteSettings.objects.load().name == "The Tide"
    assert Article.objects.get().headline == "Changed"


def test_an_opening_that_was_interrupted_is_done_again_in_full(seeds, monkeypatch):
    write_text(seeds, "world/salt.txt", make_text("Salt", "It is sold by the barrel."))
    monkeypatch.setattr("articles.importers.running._BATCH", 1)
    with mock.patch.object(command_module, "import_paths", stop_after_one), pytest.raises(KeyboardInterrupt):
        open_newsroom("--seeds", seeds)
    assert not Article.objects.exists()
    assert "2 created" in open_newsroom("--seeds", seeds)


def stop_after_one(*arguments):
    outcomes = import_paths(*arguments)
    yield next(outcomes)
    raise KeyboardInterrupt


def test_a_site_with_stories_gets_an_account_and_nothing_else(seeds):
    make_article()
    assert "Account: editor" in open_newsroom("--seeds", seeds)
    assert Article.objects.count() == 1
    assert not Section.objects.exists()


def test_a_name_in_use_is_not_taken(seeds):
    User.objects.create_user("editor", password="x")
    assert "Account: editor2 " in open_newsroom("--seeds", seeds)


def test_an_inactive_superuser_lets_nobody_in(seeds):
    User.objects.create_superuser("boss", password="x", is_active=False)
    assert "Account: editor " in open_newsroom("--seeds", seeds)


def test_a_folder_without_site_file_gives_stories_alone(tmp_path):
    write_text(tmp_path, "gauge.txt", make_text())
    assert "1 created" in open_newsroom("--seeds", tmp_path)
    assert Site.objects.get().name == "Newsroom"


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        open_newsroom("--seeds", tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("sections = 5", "sections: expected tables"),
        ("[[sections]]\nslug = 'a'", "sections: number 1 has no “name”"),
        ("[[sections]]\nname = 'A'\nslug = 'A b'", "slug: expected small letters"),
        ("[[authors]]\nname = 'A'\nage = 5", "authors: Unknown key “age”"),
        ("[[authors]]\nname = 'A'\naccounts = ['Twitter @a b']", "accounts: .*is not an account"),
        ("[[authors]]\nname = 'A'\naccounts = 5", "accounts: expected a list"),
        ("[[authors]]\nname = 'A'\nbio = 5", "bio: expected a text"),
        ("[[pages]]\ntitle = 'A'\nurl = 'a'\ncontent = 'c'", "url: expected an address that begins"),
        ("[[pages]]\ntitle = 'A'\nurl = '/a/'\ncontent = 5", "content: expected HTML"),
        ("site = 'A'", "site: expected a table"),
        ("[sitte]", "Unknown key “sitte”"),
        ("[site", "Expected"),
    ],
)
def test_a_site_file_that_cannot_be_used_is_refused_whole(tmp_path, toml, message):
    path = write_text(tmp_path, "site.toml", toml)
    with pytest.raises(Refused, match=message) as refusal:
        apply_site_file(tmp_path)
    assert refusal.value.path == str(path)
    assert not Section.objects.exists()


def test_the_command_names_the_file_that_cannot_be_used(tmp_path):
    path = write_text(tmp_path, "site.toml", "[sitte]")
    with pytest.raises(CommandError, match=f"{path}: Unknown key"):
        open_newsroom("--seeds", tmp_path)

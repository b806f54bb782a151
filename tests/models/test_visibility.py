"""Which stories readers may see: the one rule that every page, list and reference goes through."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from articles.models import Article
from tests.factories import make_article, make_author, make_draft, make_person, make_section, make_user

HOUR = timedelta(hours=1)

# What is set on a story (hours from now), and whether readers see it.
CASES = {
    "published": ({"published_at": -1}, True),
    "scheduled": ({"published_at": 1}, False),
    "embargo passed": ({"published_at": -2, "embargoed_until": -1}, True),
    "under embargo": ({"published_at": -2, "embargoed_until": 1}, False),
    "not yet expired": ({"published_at": -2, "expires_at": 1}, True),
    "expired": ({"published_at": -2, "expires_at": -1}, False),
    "draft": ({"status": "draft", "published_at": -1}, False),
    "in review": ({"status": "in_review", "published_at": -1}, False),
    "approved": ({"status": "approved", "published_at": -1}, False),
    "withdrawn": ({"status": "withdrawn", "published_at": -1}, False),
}


def make_case(name: str) -> Article:
    values, _ = CASES[name]
    now = timezone.now()
    return make_article(
        **{key: now + value * HOUR if isinstance(value, int) else value for key, value in values.items()}
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_query_and_row_agree_on_what_readers_see(name):
    article = make_case(name)
    expected = CASES[name][1]
    assert Article.objects.published().filter(pk=article.pk).exists() is expected
    assert article.is_public() is expected


@pytest.mark.django_db
def test_scheduled_story_is_public_at_its_minute():
    article = make_case("scheduled")
    assert article not in Article.objects.published(at=article.published_at - timedelta(seconds=1))
    assert article in Article.objects.published(at=article.published_at)


@pytest.mark.django_db
def test_expiring_story_is_gone_at_its_minute():
    article = make_case("not yet expired")
    assert article in Article.objects.published(at=article.expires_at - timedelta(seconds=1))
    assert article not in Article.objects.published(at=article.expires_at)


@pytest.mark.django_db
class TestVisibleTo:
    def test_reader_sees_what_is_public(self):
        articles = {name: make_case(name) for name in CASES}
        public = {article for name, article in articles.items() if CASES[name][1]}
        assert set(Article.objects.visible_to(AnonymousUser())) == public

    def test_staff_without_permission_sees_what_is_public(self):
        make_case("draft")
        assert not Article.objects.visible_to(make_user()).exists()

    def test_editor_sees_everything(self):
        for name in CASES:
            make_case(name)
        editor = make_user(permissions=("view_article", "view_embargoed_article"))
        assert Article.objects.visible_to(editor).count() == len(CASES)

    def test_embargo_holds_for_colleagues_too(self):
        make_case("under embargo")
        assert not Article.objects.visible_to(make_user(permissions=("view_article",))).exists()

    def test_writer_sees_their_own_whatever_its_state(self):
        writer = make_user()
        begun = make_case("under embargo")
        Article.objects.filter(pk=begun.pk).update(created_by=writer)
        signed = make_draft(authors=(make_author(user=writer),))
        make_draft()
        assert set(Article.objects.visible_to(writer)) == {begun, signed}

    def test_limit_to_sections_hides_others_and_no_public_story(self):
        world, sport = make_section(), make_section("Sport")
        ours, public = make_draft(section=world), make_article(section=sport)
        make_draft(section=sport)
        make_draft()
        editor = make_person("Editor", sections=(world,))
        assert set(Article.objects.visible_to(editor)) == {ours, public}

    def test_limit_whose_sections_went_still_limits(self):
        editor = make_person("Editor", sections=())
        make_draft(section=make_section())
        assert not Article.objects.visible_to(editor).exists()

    def test_dismissed_editor_sees_what_is_public(self):
        make_case("draft")
        dismissed = make_user(permissions=("view_article",), is_active=False)
        assert not Article.objects.visible_to(dismissed).exists()

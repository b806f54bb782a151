from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import TestCase, override_settings
from django.utils import timezone

from articles.models import Image, SiteSettings
from articles.pictures.renditions import list_renditions
from articles.pictures.rights import rights_in_file
from articles.pictures.storing import store_picture
from tests.factories import make_article, make_author, make_image, make_section, make_user
from tests.pictures.samples import picture_file
from tests.pictures.test_storing import IN_MEMORY

DAY = date(2026, 11, 3)
TODAY = timezone.localdate
A_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("expire_on", "usable"), [(None, True), (DAY + A_DAY, True), (DAY, False), (DAY - A_DAY, False)]
)
def test_picture_is_usable_until_the_day_on_which_its_rights_expire(db, expire_on, usable):
    image = make_image(rights_expire_on=expire_on)
    assert image.is_usable(DAY) is usable
    assert Image.objects.usable(DAY).exists() is usable
    assert Image.objects.expired(DAY).exists() is not usable


def test_day_is_that_of_the_sites_time_zone(settings, monkeypatch):
    settings.TIME_ZONE = "Pacific/Kiritimati"
    ahead = timezone.now().astimezone(timezone.get_default_timezone()).date()
    assert not Image(rights_expire_on=ahead).is_usable()
    assert Image(rights_expire_on=ahead + A_DAY).is_usable()


class PublicPageTests(TestCase):
    """A picture whose rights have run out stands on no page; the words around it stay."""

    @classmethod
    def setUpTestData(cls):
        cls.image = make_image()
        section = make_section()
        author = make_author(portrait=make_image())
        body = f'<p>The quay at dawn.</p><figure data-image="{make_image().uid}"></figure>'
        cls.article = make_article(
            section=section, authors=(author,), lead_image=cls.image, tags=("Ferries",), body=body
        )
        SiteSettings.objects.load()
        month = f"/{cls.article.published_at:%Y/%m}/"
        cls.addresses = (
            "/",
            cls.article.get_absolute_url(),
            section.get_absolute_url(),
            author.get_absolute_url(),
            "/tag/ferries/",
            month,
        )

    def pages_with_pictures(self):
        return [address for address in self.addresses if b"/renditions/" in self.client.get(address).content]

    def test_usable_picture_is_on_the_pages(self):
        assert len(self.pages_with_pictures()) >= 5

    def test_expired_picture_is_on_none(self):
        Image.objects.update(rights_expire_on=TODAY())
        assert self.pages_with_pictures() == []

    def test_words_around_an_expired_picture_in_a_body_stay(self):
        Image.objects.exclude(pk=self.image.pk).update(rights_expire_on=TODAY())
        page = self.client.get(self.article.get_absolute_url())
        self.assertContains(page, "The quay at dawn.")
        self.assertNotContains(page, "inline-picture")

    def test_networks_are_not_told_of_an_expired_picture(self):
        Image.objects.update(rights_expire_on=TODAY())
        self.assertNotContains(self.client.get(self.article.get_absolute_url()), "og:image")

    def test_picture_comes_back_when_its_rights_are_extended(self):
        Image.objects.update(rights_expire_on=TODAY() + A_DAY)
        assert len(self.pages_with_pictures()) >= 5


class FileTests(TestCase):
    def setUp(self):
        self.enterContext(override_settings(STORAGES=IN_MEMORY))
        self.image = store_picture(picture_file(), alt_text="A harbour")
        renditions = [rendition.name for rendition in list_renditions(self.image.digest, self.image.width)]
        self.names = [self.image.file.name, *renditions]

    def expire(self, day, **where):
        Image.objects.filter(**where).update(rights_expire_on=day)

    def statuses(self):
        return {self.client.head(default_storage.url(name)).status_code for name in self.names}

    def test_no_file_of_an_expired_picture_is_served(self):
        assert self.statuses() == {200}
        self.expire(TODAY())
        assert self.statuses() == {410}
        assert self.client.head(default_storage.url(self.names[0]))["Cache-Control"] == "no-store"

    def test_editors_go_on_seeing_it_and_no_cache_keeps_it(self):
        self.expire(TODAY())
        self.client.force_login(make_user(permissions=("view_image",)))
        assert self.statuses() == {200}
        assert self.client.head(default_storage.url(self.names[1]))["Cache-Control"] == "private, no-store"
        self.client.force_login(make_user("guest"))
        assert self.statuses() == {410}

    def test_no_cache_keeps_a_picture_longer_than_its_rights_last(self):
        self.expire(TODAY() + A_DAY)
        kept = self.client.head(default_storage.url(self.names[1]))["Cache-Control"]
        assert kept.startswith("public, max-age=")
        assert int(kept.rpartition("=")[2]) <= 86_400

    def test_file_that_another_row_may_show_is_served(self):
        other = store_picture(picture_file(), alt_text="Ships")
        self.expire(TODAY(), pk=self.image.pk)
        assert self.statuses() == {200}
        self.expire(TODAY(), pk=other.pk)
        assert self.statuses() == {410}

    def test_rights_of_one_file_are_one_query(self):
        with self.assertNumQueries(1):
            assert rights_in_file(self.names[1]).expire_on is None
        self.expire(DAY)
        assert {rights_in_file(name).expire_on for name in self.names} == {DAY}

    def test_file_with_a_name_of_another_kind_is_known_by_its_row(self):
        make_image(file="pictures/2019/07/old.jpg", digest="", rights_expire_on=DAY)
        assert rights_in_file("pictures/2019/07/old.jpg").expire_on == DAY
        assert rights_in_file("pictures/2019/07/unknown.jpg").expire_on is None

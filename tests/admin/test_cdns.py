from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from articles.models import CdnDelivery, Purge
from articles.page_cache.cdn.operating import purge_everything, try_again
from articles.page_cache.cdn.varnish import Varnish
from tests.factories import make_person

LIST = reverse("admin:articles_cdndelivery_changelist")
URL = "http://10.0.0.5:6081"


@override_settings(ARTICLES_CDNS=[{"kind": "varnish", "url": URL}])
class CdnPageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.due_at = timezone.now() + timedelta(minutes=5)
        cls.delivery = CdnDelivery.objects.create(
            target=Varnish(URL).name,
            last=1,
            failures=3,
            failing_since=timezone.now(),
            due_at=cls.due_at,
            last_error="500",
        )
        CdnDelivery.objects.create(target="Varnish, http://10.0.0.99", last=1)

    def press(self, action):
        return self.client.post(LIST, {"action": action, "_selected_action": [self.delivery.pk]}, follow=True)

    def test_administrator_sees_what_went_wrong_with_those_that_are_configured(self):
        self.client.force_login(make_person("Administrator"))
        page = self.client.get(LIST)
        self.assertContains(page, "Readers may see old pages since")
        self.assertContains(page, "It failed 3 times; the next try is at")
        self.assertContains(page, URL)
        self.assertNotContains(page, "10.0.0.99")

    def test_what_failed_is_tried_again_when_somebody_says_so(self):
        self.client.force_login(make_person("Administrator"))
        self.assertContains(self.press("try_selected_again"), "What waits is told within a few seconds.")
        self.delivery.refresh_from_db()
        assert self.delivery.due_at is None
        self.assertContains(self.client.get(LIST), "It is tried again now.")

    def test_every_page_is_purged_when_somebody_says_so(self):
        self.client.force_login(make_person("Administrator"))
        self.press("purge_all_pages")
        assert Purge.objects.get().tags == ["*"]

    def test_nobody_else_sees_it_or_does_it(self):
        publisher = make_person("Publisher")
        self.client.force_login(publisher)
        assert self.client.get(LIST).status_code == 403
        assert self.press("purge_all_pages").status_code == 403
        for verb in (lambda: purge_everything(by=publisher), lambda: try_again(self.delivery, by=publisher)):
            with pytest.raises(PermissionDenied):
                verb()
        self.delivery.refresh_from_db()
        assert (self.delivery.due_at, Purge.objects.count()) == (self.due_at, 0)

    def test_rows_are_neither_added_nor_changed_nor_deleted(self):
        self.client.force_login(make_person("Administrator"))
        for name, arguments in (("add", []), ("change", [self.delivery.pk]), ("delete", [self.delivery.pk])):
            path = reverse(f"admin:articles_cdndelivery_{name}", args=arguments)
            assert self.client.post(path, {"post": "yes", "target": "x"}).status_code == 403

    def test_desk_speaks_of_it_only_where_there_is_one(self):
        self.client.force_login(make_person("Administrator"))
        index = reverse("admin:index")
        self.assertContains(self.client.get(index), LIST)
        with self.settings(ARTICLES_CDNS=[]):
            self.assertNotContains(self.client.get(index), LIST)

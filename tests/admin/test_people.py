from django.contrib.auth.models import Permission, User
from django.test import TestCase
from django.urls import reverse

from articles.models import SectionLimit
from articles.models.section_limit import sections_of
from tests.admin.samples import form_data
from tests.factories import make_person, make_section, make_user


def page_of(person):
    return reverse("admin:auth_user_change", args=[person.pk])


class PeopleTests(TestCase):
    def setUp(self):
        self.administrator = make_person("Administrator")
        self.client.force_login(self.administrator)

    def save(self, person, **answers):
        return self.client.post(page_of(person), {**form_data(self.client.get(page_of(person))), **answers})

    def test_person_is_limited_to_sections_on_their_page(self):
        world = make_section()
        make_section("Sport")
        reporter = make_person("Reporter")
        answers = {"section_limit-TOTAL_FORMS": 1, "section_limit-0-sections": [world.pk]}
        assert self.save(reporter, **answers).status_code == 302
        assert sections_of(reporter) == {world.pk}

    def test_nobody_without_a_limit_is_limited(self):
        assert sections_of(make_person("Editor")) is None

    def test_all_power_is_above_limits(self):
        chief = make_user("chief", is_superuser=True)
        SectionLimit.objects.create(user=chief)
        assert sections_of(chief) is None

    def test_administrator_gives_nobody_all_power(self):
        permission = Permission.objects.get(codename="delete_group")
        powers = {"is_superuser": "on", "user_permissions": [permission.pk]}
        for person in (self.administrator, make_person("Reporter")):
            assert self.save(person, **powers).status_code == 302
            stored = User.objects.get(pk=person.pk)
            assert not stored.is_superuser
            assert not stored.user_permissions.exists()

    def test_administrator_changes_nobody_who_has_all_power(self):
        chief = make_user("chief", is_superuser=True)
        for path in (page_of(chief), reverse("admin:auth_user_password_change", args=[chief.pk])):
            answers = {"password1": "a new one for me", "password2": "a new one for me", "username": "mine"}
            assert self.client.post(path, answers).status_code == 403
        self.client.post(reverse("admin:auth_user_delete", args=[chief.pk]), {"post": "yes"})
        chief.refresh_from_db()
        assert (chief.username, chief.check_password("correct horse battery")) == ("chief", True)

    def test_publisher_keeps_no_accounts(self):
        self.client.force_login(make_person("Publisher"))
        assert self.client.get(reverse("admin:auth_user_changelist")).status_code == 403

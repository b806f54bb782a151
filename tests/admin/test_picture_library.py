from datetime import date, timedelta

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.admin.picture_upload import MOST_ROWS
from articles.editorial.working_copies import begin_working_copy
from articles.models import Image
from articles.pictures.storing import store_picture
from tests.admin.samples import errors, form_data
from tests.admin.test_pages import fields_without_label, inline_code
from tests.factories import make_article, make_author, make_draft, make_image, make_person, make_user
from tests.pictures.samples import picture_file
from tests.pictures.test_embedded import XMP
from tests.pictures.test_storing import IN_MEMORY

ADD = reverse("admin:articles_image_add")
LIST = reverse("admin:articles_image_changelist")
SEVERAL = reverse("admin:articles_image_several")
LOOK = reverse("admin:articles_image_look")
CHOICES = reverse("admin:articles_image_choices")
OF_A_STORY = {"app_label": "articles", "model_name": "article", "field_name": "lead_image"}
A_DAY = timedelta(days=1)


def upload(name="harbour.jpg", **options):
    return SimpleUploadedFile(name, picture_file(**options).getvalue())


class DeskTestCase(TestCase):
    def setUp(self):
        self.enterContext(override_settings(STORAGES=IN_MEMORY))
        self.client.force_login(make_user("chief", is_superuser=True))

    def page_of(self, image):
        return reverse("admin:articles_image_change", args=[image.pk])


class ProposalTests(DeskTestCase):
    def add(self, **answers):
        answers = {**form_data(self.client.get(ADD)), "file": upload(xmp=XMP), "alt_text": "A ferry", **answers}
        response = self.client.post(ADD, answers, follow=True)
        assert Image.objects.exists(), errors(response)
        return Image.objects.get(), response

    def test_what_the_file_says_fills_in_what_was_left_empty(self):
        image, response = self.add(credit="Leila Haddad")
        assert (image.caption, image.credit) == ("The first boat leaves.", "Leila Haddad")
        assert (image.rights_note, image.taken_on) == ("© 2026 Harbour Press", date(2026, 7, 23))
        self.assertContains(response, "Read from the file: ")

    def test_what_was_left_empty_on_purpose_stays_so(self):
        image, _ = self.add(read_in="1")
        assert (image.caption, image.credit, image.taken_on) == ("", "", None)

    def test_alternative_text_is_never_taken_without_being_seen(self):
        response = self.client.post(ADD, {**form_data(self.client.get(ADD)), "file": upload(xmp=XMP)})
        assert "Say what the picture shows" in errors(response)

    def test_first_bytes_are_looked_into(self):
        response = self.client.post(LOOK, upload(xmp=XMP).read()[:5000], content_type="application/octet-stream")
        assert response.json()["proposed"]["taken_on"] == "2026-07-23"
        response = self.client.post(LOOK, b"<svg/>", content_type="application/octet-stream")
        assert response.json()["refused"].startswith("SVG can carry scripts")

    def test_nothing_is_looked_into_for_those_who_may_not_add_pictures(self):
        assert self.client.get(LOOK).status_code == 405
        self.client.force_login(make_user("guest", permissions=("view_image",)))
        assert self.client.post(LOOK, b"GIF8", content_type="application/octet-stream").status_code == 403


class SeveralTests(DeskTestCase):
    def send(self, *rows, headers=None):
        answers = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
        for number, row in enumerate(rows):
            answers |= {f"form-{number}-{name}": value for name, value in row.items()}
        return self.client.post(SEVERAL, answers, headers=headers or {})

    def test_page_is_sound(self):
        content = self.client.get(SEVERAL).content.decode()
        assert inline_code(content) == []
        assert fields_without_label(content) == []

    def test_all_are_kept_and_rows_that_nobody_touched_are_passed_over(self):
        self.send({"file": upload(), "alt_text": "One"}, {}, {"file": upload(color="red"), "decorative": "on"})
        assert sorted(Image.objects.values_list("alt_text", "decorative")) == [("", True), ("One", False)]
        assert all(default_storage.exists(image.file.name) for image in Image.objects.all())

    def test_refused_rows_stay_on_the_page_with_their_reasons_and_the_others_are_kept(self):
        response = self.send(
            {"file": upload(), "alt_text": "One"},
            {"file": SimpleUploadedFile("x.jpg", b"<svg/>"), "alt_text": "Two"},
            {"file": upload(color="red")},
        )
        assert Image.objects.get().alt_text == "One"
        self.assertContains(response, "SVG can carry scripts")
        self.assertContains(response, "Say what the picture shows")
        self.assertContains(response, "The picture is kept.")
        self.assertNotContains(response, "form-0-alt_text")

    def test_script_hears_what_became_of_each(self):
        headers = {"Accept": "application/json"}
        answer = self.send({"file": upload(), "alt_text": "One"}, headers=headers).json()
        image = Image.objects.get()
        assert answer["errors"] == []
        assert answer["kept"][0]["address"] == self.page_of(image)
        answer = self.send({"file": SimpleUploadedFile("x.jpg", b"words"), "decorative": "on"}, headers=headers).json()
        assert answer["kept"] == []
        assert "is not a picture" in answer["errors"][0]["file"][0]

    def test_each_row_takes_what_its_file_says(self):
        self.send({"file": upload(xmp=XMP), "alt_text": "One"})
        assert Image.objects.get().taken_on == date(2026, 7, 23)

    def test_no_more_rows_are_read_than_a_page_has(self):
        answers = {"form-TOTAL_FORMS": 5000, "form-INITIAL_FORMS": 0, f"form-{MOST_ROWS}-file": upload()}
        self.client.post(SEVERAL, {**answers, f"form-{MOST_ROWS}-alt_text": "One too many"})
        assert not Image.objects.exists()

    def test_only_those_who_may_add_pictures_see_the_page(self):
        self.client.force_login(make_user("guest", permissions=("view_image", "change_image")))
        assert self.client.get(SEVERAL).status_code == 403
        assert self.send({"file": upload(), "alt_text": "One"}).status_code == 403
        self.assertNotContains(self.client.get(LIST), SEVERAL)
        assert not Image.objects.exists()

    def test_library_leads_there(self):
        self.assertContains(self.client.get(LIST), SEVERAL)


class RightsTests(DeskTestCase):
    def test_pictures_are_found_by_their_rights(self):
        today = timezone.localdate()
        days = {
            "none": None,
            "over": today,
            "last": today + A_DAY,
            "soon": today + 30 * A_DAY,
            "later": today + 31 * A_DAY,
        }
        for words, day in days.items():
            make_image(alt_text=words, rights_expire_on=day)
        found = {
            answer: {image.alt_text for image in self.client.get(LIST, {"rights": answer}).context["cl"].queryset}
            for answer in ("expired", "soon", "limited", "unlimited")
        }
        assert found == {
            "expired": {"over"},
            "soon": {"last", "soon"},
            "limited": {"over", "last", "soon", "later"},
            "unlimited": {"none"},
        }

    def test_library_says_when_rights_expire(self):
        make_image(rights_expire_on=date(2020, 3, 1))
        self.assertContains(self.client.get(LIST), "Expired on 1 March 2020")

    def test_expired_picture_is_not_offered_to_stories(self):
        shown = make_image(alt_text="A harbour now")
        make_image(alt_text="A harbour then", rights_expire_on=date(2020, 3, 1))
        results = self.client.get(CHOICES, {**OF_A_STORY, "term": "harbour"}).json()["results"]
        assert [row["text"] for row in results] == ["A harbour now"]
        assert results[0]["thumbnail"].endswith(f"{shown.digest[:32]}-480.jpg")

    def test_story_says_that_the_picture_it_has_has_expired_and_can_be_saved(self):
        image = make_image(rights_expire_on=date(2020, 3, 1))
        path = reverse("admin:articles_article_change", args=[make_draft(lead_image=image).pk])
        page = self.client.get(path)
        self.assertContains(page, "rights expired: readers do not see it")
        assert self.client.post(path, form_data(page)).status_code == 302

    def test_choices_are_for_those_who_may_see_pictures(self):
        self.client.force_login(make_user("guest", permissions=("view_article",)))
        assert self.client.get(CHOICES, OF_A_STORY).status_code == 403


class UseTests(DeskTestCase):
    def test_page_of_a_picture_leads_to_what_shows_it(self):
        image = make_image()
        story, draft = make_article(lead_image=image), make_draft(headline="Not yet", lead_image=image)
        author = make_author(portrait=image)
        page = self.client.get(self.page_of(image))
        for row, kind in ((story, "article"), (draft, "article"), (author, "author")):
            self.assertContains(page, f'href="{reverse(f"admin:articles_{kind}_change", args=[row.pk])}"')
        self.assertContains(page, "Not yet</a> (draft)")

    def test_picture_that_nothing_shows_says_so(self):
        self.assertContains(self.client.get(self.page_of(make_image())), "Nothing yet.")

    def test_page_shows_all_crops_and_widths(self):
        image = store_picture(picture_file(), alt_text="A harbour", focal_x=0.2)
        page = self.client.get(self.page_of(image))
        for shape in ("16-9", "16-10", "3-2", "4-3", "1-1"):
            self.assertContains(page, f'class="crop-{shape} fx-2"')
        for width in (480, 800, 1000):
            self.assertContains(page, f"-{width}.jpg")


class LookingOnTests(DeskTestCase):
    def test_those_who_may_only_look_see_picture_and_crops(self):
        image = make_image()
        self.client.force_login(make_user("guest", permissions=("view_image",)))
        page = self.client.get(self.page_of(image))
        self.assertContains(page, "crop-16-9")
        self.assertNotContains(page, "id_focal_x")


class StoriesTests(DeskTestCase):
    def test_each_story_that_shows_a_picture_is_counted_once_and_no_working_copy(self):
        image, unused = make_image(), make_image()
        figure = f'<figure data-image="{image.uid}"></figure>'
        led_and_inside = make_article(lead_image=image, body=figure)
        make_article(lead_image=image)
        make_draft(body=figure)
        begin_working_copy(led_and_inside, by=make_user("second", is_superuser=True))
        for order in ("", "5", "-5"):
            rows = self.client.get(LIST, {"o": order} if order else {}).context["cl"].result_list
            assert {row.pk: row.stories_shown_in for row in rows} == {image.pk: 3, unused.pk: 0}
        assert [row.pk for row in rows] == [image.pk, unused.pk]


class SizeTests(DeskTestCase):
    def test_library_of_two_thousand_costs_as_many_queries_as_one_of_ten(self):
        counts = []
        for number in (10, 1990):
            images = [
                Image(file=f"pictures/{number}-{each}.jpg", digest="ab" * 32, alt_text="Ships", width=9, height=9)
                for each in range(number)
            ]
            Image.objects.bulk_create(images)
            self.client.get(LIST)
            with CaptureQueriesContext(connection) as queries:
                page = self.client.get(LIST, {"q": "ships", "rights": "unlimited"})
            counts.append(len(queries))
            assert page.status_code == 200
        assert counts[0] == counts[1] <= 9
        assert page.content.count(b"desk-thumbnail") == page.content.count(b'loading="lazy"') == 60


class UnseenUseTests(DeskTestCase):
    def test_page_of_a_picture_names_no_story_that_somebody_may_not_see(self):
        image = make_image()
        make_draft(headline="What nobody outside shall know", lead_image=image)
        self.client.force_login(make_person("Contributor"))
        page = self.client.get(self.page_of(image))
        self.assertNotContains(page, "What nobody outside shall know")
        self.assertContains(page, "Stories that you may not see.")
        self.client.force_login(make_person("Editor"))
        self.assertContains(self.client.get(self.page_of(image)), "What nobody outside shall know")

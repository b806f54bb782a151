from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from django.urls import reverse
from PIL import Image as Pillow

from articles.models import Image
from articles.pictures.renditions import list_renditions
from articles.pictures.storing import store_picture
from tests.admin.samples import errors, form_data
from tests.factories import make_article, make_author, make_image, make_user
from tests.pictures.samples import gps_exif, picture_file
from tests.pictures.test_storing import IN_MEMORY

ADD = reverse("admin:articles_image_add")
LIST = reverse("admin:articles_image_changelist")


def upload(name="harbour.jpg", file=None):
    return SimpleUploadedFile(name, (file or picture_file()).getvalue())


def files_of(image):
    return [image.file.name, *(rendition.name for rendition in list_renditions(image.digest, image.width))]


class PictureFormTests(TestCase):
    def setUp(self):
        self.enterContext(override_settings(STORAGES=IN_MEMORY))
        self.client.force_login(make_user("chief", is_superuser=True))

    def send(self, path=ADD, **answers):
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(path, {**form_data(self.client.get(path)), **answers})

    def add(self, **answers):
        response = self.send(**{"file": upload(), "alt_text": "A harbour at dawn", **answers})
        assert response.status_code == 302, errors(response)
        return Image.objects.latest("pk")

    def refusal(self, **answers):
        response = self.send(**{"file": upload(), "alt_text": "A harbour at dawn", **answers})
        assert Image.objects.count() == 0
        return errors(response)

    def page_of(self, image):
        return reverse("admin:articles_image_change", args=[image.pk])

    def test_uploaded_picture_has_its_renditions_and_knows_no_place(self):
        image = self.add(file=upload(file=picture_file(exif=gps_exif())), credit="Ana Prado", focal_x="0.25")
        assert (image.width, image.height, image.credit, image.focal_x) == (1000, 600, "Ana Prado", 0.25)
        assert all(default_storage.exists(name) for name in files_of(image))
        with image.file.open() as file:
            assert not Pillow.open(file).getexif()

    def test_both_doors_store_the_same_file(self):
        image = self.add()
        assert store_picture(picture_file(), alt_text="A harbour at dawn") == image

    def test_refused_file_is_an_error_beside_the_field(self):
        assert "SVG can carry scripts" in self.refusal(file=SimpleUploadedFile("x.jpg", b"<svg/>"))
        assert "is not a picture" in self.refusal(file=SimpleUploadedFile("x.jpg", b"words"))
        assert "submitted file is empty" in self.refusal(file=SimpleUploadedFile("x.jpg", b""))

    def test_truncated_and_oversized_files_are_refused(self):
        assert "damaged" in self.refusal(file=SimpleUploadedFile("x.jpg", picture_file().getvalue()[:2000]))
        with override_settings(ARTICLES_PICTURE_MAX_PIXELS=1000):
            assert "million pixels" in self.refusal()

    def test_words_or_decorative_one_of_the_two(self):
        assert "Say what the picture shows, or mark it as decorative." in self.refusal(alt_text="")
        assert "A decorative picture has no alternative text" in self.refusal(decorative="on")

    def test_decorative_picture_needs_no_words(self):
        assert self.add(alt_text="", decorative="on").decorative

    def test_focal_point_lies_within_the_picture(self):
        assert "less than or equal to 1.0" in self.refusal(focal_y="1.5")

    def test_words_change_without_a_new_file(self):
        image = self.add()
        assert self.send(self.page_of(image), alt_text="Ships").status_code == 302
        changed = Image.objects.get()
        assert (changed.alt_text, changed.digest, changed.file.name) == ("Ships", image.digest, image.file.name)

    def test_replaced_file_takes_its_renditions_along(self):
        image = self.add()
        new = picture_file(size=(1300, 500), color="red")
        assert self.send(self.page_of(image), file=upload(file=new)).status_code == 302
        changed = Image.objects.get()
        assert (changed.width, changed.height) == (1300, 500)
        assert changed.digest != image.digest
        assert all(default_storage.exists(name) for name in files_of(changed))
        assert not any(default_storage.exists(name) for name in files_of(image))

    def test_same_file_again_keeps_its_files(self):
        image = self.add()
        self.send(self.page_of(image), file=upload())
        assert all(default_storage.exists(name) for name in files_of(image))

    def test_file_that_another_picture_uses_is_kept_when_it_is_replaced(self):
        image, other = self.add(), self.add(alt_text="Ships")
        self.send(self.page_of(image), file=upload(file=picture_file(color="red")))
        assert all(default_storage.exists(name) for name in files_of(other))

    def test_list_and_form_show_the_picture(self):
        image = self.add()
        self.assertContains(self.client.get(LIST), f"{image.digest[:32]}-480.jpg")
        self.assertContains(self.client.get(self.page_of(image)), f"{image.digest[:32]}-800.jpg")

    def test_picture_in_use_is_not_deleted(self):
        image = make_image()
        make_article(headline="Ferries return", lead_image=image)
        make_author("Leila Haddad", portrait=image)
        path = reverse("admin:articles_image_delete", args=[image.pk])
        page = self.client.get(path)
        self.assertContains(page, "Story: Ferries return")
        self.assertContains(page, "Author: Leila Haddad")
        self.client.post(path, {"post": "yes"})
        self.client.post(LIST, {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"})
        assert Image.objects.filter(pk=image.pk).exists()

    def test_unused_picture_is_deleted_with_its_files(self):
        image = self.add()
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(reverse("admin:articles_image_delete", args=[image.pk]), {"post": "yes"})
        assert Image.objects.count() == 0
        assert not any(default_storage.exists(name) for name in files_of(image))

    def test_unused_pictures_can_be_found(self):
        unused, used = make_image(alt_text="Nobody's"), make_image()
        make_article(lead_image=used)
        for answer, found in (("no", [unused]), ("yes", [used])):
            response = self.client.get(LIST, {"used": answer})
            assert list(response.context["cl"].queryset) == found

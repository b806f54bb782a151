import io
import tempfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from PIL import Image as Pillow

from articles.models import Image
from articles.pictures.renditions import list_renditions, rendition_url, rendition_widths, srcset
from articles.pictures.storing import PictureRefused, forget_picture, store_picture
from articles.pictures.writing import write_file
from tests.pictures.samples import gps_exif, picture_file

IN_MEMORY = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (1, [1]),
        (480, [480]),
        (500, [480, 500]),
        (1600, [480, 800, 1200, 1600]),
        (2560, [480, 800, 1200, 1600]),
    ],
)
def test_renditions_are_never_wider_than_the_picture(width, widths):
    assert rendition_widths(width) == widths


def test_list_of_renditions_follows_from_the_row_alone():
    names = [rendition.name for rendition in list_renditions("ab" * 32, 500)]
    stem = f"renditions/ab/{'ab' * 16}"
    assert names == [f"{stem}-480.webp", f"{stem}-480.jpg", f"{stem}-500.webp", f"{stem}-500.jpg"]


def test_srcset_touches_neither_storage_nor_database(monkeypatch):
    def fail(*args):
        raise AssertionError("the storage was asked")

    monkeypatch.setattr(type(default_storage), "exists", fail, raising=False)
    image = Image(digest="cd" * 32, width=480, height=10)
    assert srcset(image, "webp") == f"/media/renditions/cd/{'cd' * 16}-480.webp 480w"


def test_address_of_a_width_is_the_next_wider_rendition():
    image = Image(digest="cd" * 32, width=1000, height=10)
    assert rendition_url(image, 600).endswith("-800.jpg")
    assert rendition_url(image, 5000).endswith("-1000.jpg")


def test_picture_without_digest_is_shown_as_it_is():
    image = Image(file="pictures/old.jpg", width=10, height=10)
    assert (srcset(image, "webp"), rendition_url(image, 600)) == ("", "/media/pictures/old.jpg")


class StoringTests(TestCase):
    """On a storage that is no file system, as in production with S3."""

    def setUp(self):
        self.enterContext(override_settings(STORAGES=IN_MEMORY))

    def test_row_knows_size_digest_and_words(self):
        image = store_picture(picture_file(), alt_text="A harbour", credit="Leila Haddad", focal_x=0.2)
        image.refresh_from_db()
        assert (image.width, image.height, image.credit, image.focal_x) == (1000, 600, "Leila Haddad", 0.2)
        assert image.file.name == f"pictures/{image.digest[:2]}/{image.digest}.jpg"

    def test_stored_original_knows_no_place(self):
        image = store_picture(picture_file(exif=gps_exif()), alt_text="A harbour")
        with image.file.open() as file:
            assert not Pillow.open(file).getexif()

    def test_every_rendition_is_there_with_its_width_and_format(self):
        image = store_picture(picture_file(), alt_text="A harbour")
        found = {}
        for rendition in list_renditions(image.digest, image.width):
            with default_storage.open(rendition.name) as file:
                picture = Pillow.open(file)
                found[picture.format, rendition.width] = picture.size
        assert found == {
            ("WEBP", 480): (480, 288),
            ("WEBP", 800): (800, 480),
            ("WEBP", 1000): (1000, 600),
            ("JPEG", 480): (480, 288),
            ("JPEG", 800): (800, 480),
            ("JPEG", 1000): (1000, 600),
        }

    def test_transparent_picture_lies_on_white_in_jpeg(self):
        image = store_picture(picture_file("PNG", mode="RGBA", color=(0, 0, 0, 0)), alt_text="A diagram")
        with default_storage.open(list_renditions(image.digest, image.width)[1].name) as file:
            assert Pillow.open(file).getpixel((0, 0)) == (255, 255, 255)

    def test_same_file_with_same_words_is_the_same_row(self):
        first = store_picture(picture_file(), alt_text="A harbour")
        again = store_picture(picture_file(), alt_text="A harbour", focal_x=0.9)
        assert (again.pk, again.focal_x) == (first.pk, 0.5)

    def test_same_file_with_other_words_is_another_row_on_the_same_files(self):
        first = store_picture(picture_file(), alt_text="A harbour")
        other = store_picture(picture_file(), alt_text="Ships")
        assert other.pk != first.pk
        assert other.file.name == first.file.name

    def test_storing_again_mends_missing_files(self):
        image = store_picture(picture_file(), alt_text="A harbour")
        name = list_renditions(image.digest, image.width)[0].name
        default_storage.delete(name)
        store_picture(picture_file(), alt_text="A harbour")
        assert default_storage.exists(name)

    def test_undecided_alternative_is_refused_and_leaves_no_file(self):
        with pytest.raises(PictureRefused, match="mark it as decorative"):
            store_picture(picture_file(), alt_text="")
        assert default_storage.listdir("")[0] == []

    def test_too_long_words_are_refused(self):
        with pytest.raises(PictureRefused, match="160"):
            store_picture(picture_file(), alt_text="A harbour", credit="x" * 161)

    def test_decorative_picture_needs_no_words(self):
        assert store_picture(picture_file(), alt_text="", decorative=True).pk

    def test_files_go_with_the_last_row_that_uses_them(self):
        first = store_picture(picture_file(), alt_text="A harbour")
        other = store_picture(picture_file(), alt_text="Ships")
        names = [first.file.name, *(each.name for each in list_renditions(first.digest, first.width))]
        self.forget(first)
        assert all(map(default_storage.exists, names))
        self.forget(other)
        assert not any(map(default_storage.exists, names))

    def test_files_stay_until_the_transaction_stands(self):
        image = store_picture(picture_file(), alt_text="A harbour")
        with self.captureOnCommitCallbacks():
            image.delete()
            forget_picture(image.file.name, image.digest, image.width)
            assert default_storage.exists(image.file.name)

    def forget(self, image):
        with self.captureOnCommitCallbacks(execute=True):
            image.delete()
            forget_picture(image.file.name, image.digest, image.width)


class MakeRenditionsTests(TestCase):
    def setUp(self):
        self.enterContext(override_settings(STORAGES=IN_MEMORY))
        self.image = store_picture(picture_file(), alt_text="A harbour")
        self.name = list_renditions(self.image.digest, self.image.width)[0].name
        default_storage.delete(self.name)

    def run_command(self, **options):
        out = io.StringIO()
        call_command("make_renditions", stdout=out, stderr=out, **options)
        return out.getvalue()

    def test_missing_rendition_is_made_again(self):
        assert self.run_command().startswith("1 renditions made; 1 pictures")
        assert default_storage.exists(self.name)

    def test_second_run_changes_nothing(self):
        self.run_command()
        assert self.run_command().startswith("0 renditions made")

    def test_dry_run_says_what_is_missing_and_writes_nothing(self):
        assert self.run_command(dry_run=True).startswith("1 renditions missing")
        assert not default_storage.exists(self.name)

    def test_missing_original_is_named_and_the_others_go_on(self):
        other = store_picture(picture_file(color="red"), alt_text="A flag")
        gone = list_renditions(other.digest, other.width)[0].name
        default_storage.delete(gone)
        default_storage.delete(self.image.file.name)
        with pytest.raises(CommandError):
            self.run_command()
        assert default_storage.exists(gone)

    def test_damaged_rendition_is_noticed_and_made_again_when_files_are_verified(self):
        self.run_command()
        with default_storage.open(self.name) as file:
            whole = file.read()
        default_storage.delete(self.name)
        default_storage.save(self.name, ContentFile(whole[: len(whole) // 2]))
        assert self.run_command().startswith("0 renditions made")
        assert self.run_command(verify=True, dry_run=True).startswith("1 renditions missing")
        assert self.run_command(verify=True).startswith("1 renditions made")
        with default_storage.open(self.name) as file:
            assert file.read() == whole

    def test_damaged_original_is_named_when_files_are_verified(self):
        self.run_command()
        default_storage.delete(self.image.file.name)
        default_storage.save(self.image.file.name, ContentFile(picture_file().getvalue()[:900]))
        with pytest.raises(CommandError):
            self.run_command(verify=True)


class WritingTests(TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.enterContext(override_settings(MEDIA_ROOT=folder.name))

    def files(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    def test_file_appears_under_its_name_and_takes_the_place_of_another(self):
        write_file("renditions/ab/one.jpg", b"first")
        write_file("renditions/ab/one.jpg", b"second")
        assert self.files() == ["renditions/ab/one.jpg"]
        assert (self.folder / "renditions/ab/one.jpg").read_bytes() == b"second"

    def test_draft_that_a_killed_process_left_is_neither_in_the_way_nor_served(self):
        draft = self.folder / "renditions/ab/one.jpg.0f0f0f0f.part"
        draft.parent.mkdir(parents=True)
        draft.write_bytes(b"half of")
        assert not default_storage.exists("renditions/ab/one.jpg")
        write_file("renditions/ab/one.jpg", b"bytes")
        assert default_storage.exists("renditions/ab/one.jpg")
        assert self.client.get(f"/media/renditions/ab/{draft.name}").status_code == 404

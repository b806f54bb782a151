"""Files on disk, when their writing fails."""

import pytest
from django.core.files.base import ContentFile

from articles.pictures.storage import WholeFileStorage


class FullDisk(ContentFile):
    def chunks(self, chunk_size=None):
        yield b"half of"
        raise OSError(28, "No space left on device")


def files_under(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_its_name(tmp_path):
    storage = WholeFileStorage(location=tmp_path)
    assert storage.save("pictures/ab/one.jpg", ContentFile(b"all of it")) == "pictures/ab/one.jpg"
    assert files_under(tmp_path) == [tmp_path / "pictures" / "ab" / "one.jpg"]
    assert (tmp_path / "pictures" / "ab" / "one.jpg").read_bytes() == b"all of it"


def test_a_disk_that_runs_full_leaves_nothing_behind(tmp_path):
    storage = WholeFileStorage(location=tmp_path)
    with pytest.raises(OSError, match="No space left"):
        storage.save("pictures/ab/one.jpg", FullDisk(b""))
    assert files_under(tmp_path) == []


def test_a_draft_that_a_crash_left_is_in_nobodys_way(tmp_path):
    storage = WholeFileStorage(location=tmp_path)
    (tmp_path / "one.jpg.0f0f0f0f.part").write_bytes(b"half of")
    assert not storage.exists("one.jpg")
    storage.save("one.jpg", ContentFile(b"all of it"))
    assert (tmp_path / "one.jpg").read_bytes() == b"all of it"

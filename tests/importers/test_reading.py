import io
import os
import zipfile

import pytest
from django.test import override_settings

from articles.importers.base import Input, Refused
from articles.importers.reading import Unread, count_inputs, read_inputs
from tests.importers.texts import write_text


def read(*paths, stdin=b""):
    return list(read_inputs([str(path) for path in paths], (".txt",), io.BytesIO(stdin)))


def names(found):
    return [one.name for one in found if isinstance(one, Input)]


def complaints(found):
    return [one for one in found if isinstance(one, Unread)]


def write_zip(path, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2016, 7, 23, 18, 40, 0)), data, compression)
    return path


def test_a_file_is_read_whatever_its_ending(tmp_path):
    path = write_text(tmp_path, "world/story.text", "Salt")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    [source] = read(path)
    assert (source.path, source.name, source.folder, source.data) == (str(path), "story.text", "world", b"Salt")
    assert source.modified_at.timestamp() == 1_000_000_000


def test_folders_are_read_to_the_bottom_in_order_and_only_for_texts(tmp_path):
    for name in (
        "b.txt",
        "a/z.TXT",
        "a/b/c.txt",
        "a/picture.webp",
        "a/z.toml",
        "notes.md",
        ".hidden.txt",
        ".git/x.txt",
    ):
        write_text(tmp_path, name, name)
    found = read(tmp_path)
    assert names(found) == ["c.txt", "z.TXT", "b.txt"]
    assert [one.folder for one in found] == ["b", "a", tmp_path.name]
    assert count_inputs([str(tmp_path)], (".txt",)) == 3 + 1  # a progress bar may count what is hidden


def test_several_paths_come_one_after_another(tmp_path):
    one, other = write_text(tmp_path, "b.txt", "B"), write_text(tmp_path, "a.txt", "A")
    assert names(read(one, other)) == ["b.txt", "a.txt"]


def test_standard_input_is_one_text():
    [source] = read("-", stdin=b"Salt\n\nText.")
    assert (source.path, source.name, source.data) == ("-", "stdin", b"Salt\n\nText.")
    assert source.neighbours.read("stdin.toml", max_bytes=10) is None


def test_a_folder_with_the_name_of_a_text_is_told_of_and_read(tmp_path):
    write_text(tmp_path, "x.txt/y.txt", "Y")
    found = read(tmp_path)
    assert names(found) == ["y.txt"]
    [complaint] = complaints(found)
    assert "folder" in complaint.message
    assert not complaint.is_fault


def test_loops_of_links_end(tmp_path):
    write_text(tmp_path, "a/one.txt", "One")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    found = read(tmp_path)
    assert names(found) == ["one.txt"]
    assert {one.path.rpartition("/")[2]: one.is_fault for one in complaints(found)} == {
        "up": False,
        "self.txt": True,
        "gone.txt": True,
    }


def test_a_pipe_is_refused_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    write_text(tmp_path, "story.txt", "Salt")
    found = read(tmp_path)
    assert names(found) == ["story.txt"]
    assert "pipe" in complaints(found)[0].message
    assert complaints(read(tmp_path / "pipe.txt"))


def test_folders_may_lie_deeper_in_one_another_than_calls_may(tmp_path):
    deepest = tmp_path.joinpath(*["d"] * 600)
    deepest.mkdir(parents=True)
    write_text(deepest, "z.txt", "Z")
    assert names(read(tmp_path)) == ["z.txt"]
    assert count_inputs([str(tmp_path)], (".txt",)) == 1


def test_an_unreadable_file_is_refused_and_the_others_go_on(tmp_path, monkeypatch):
    write_text(tmp_path, "a.txt", "A")
    write_text(tmp_path, "b.txt", "B")
    really_open = os.open

    def open_unless_a(path, *args, **kwargs):  # permissions mean nothing to root, as whom tests may run
        if str(path).endswith("a.txt"):
            raise PermissionError(13, "Permission denied", path)
        return really_open(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", open_unless_a)
    found = read(tmp_path)
    assert names(found) == ["b.txt"]
    assert complaints(found)[0].message == "It cannot be read: Permission denied."


def test_an_unreadable_folder_is_refused(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert complaints(read(tmp_path))[0].is_fault


@override_settings(ARTICLES_IMPORT_MAX_BYTES=100)
def test_what_is_too_big_is_refused_unread(tmp_path):
    big = write_text(tmp_path, "big.txt", "x" * 101)
    fits = write_text(tmp_path, "fits.txt", "x" * 100)
    archive = write_zip(tmp_path / "a.zip", {"big.txt": "x" * 101}, zipfile.ZIP_STORED)
    found = [*read(big, fits, archive), *read("-", stdin=b"x" * 101)]
    assert names(found) == ["fits.txt"]
    assert [one.path for one in complaints(found)] == [str(big), f"{archive}/big.txt", "-"]
    assert all("bigger than 100 bytes" in one.message for one in complaints(found))


class TestArchives:
    def test_members_are_read_in_order(self, tmp_path):
        archive = write_zip(
            tmp_path / "texts.zip",
            {
                "world/b.txt": "B",
                "a.txt": "A",
                "world/": "",
                "c.webp": "C",
                "__MACOSX/._a.txt": "x",
                "world/.d.txt": "x",
            },
        )
        found = read(archive)
        assert [(one.path, one.folder, one.data) for one in found] == [
            (f"{archive}/a.txt", "texts", b"A"),
            (f"{archive}/world/b.txt", "world", b"B"),
        ]
        assert found[0].modified_at.year == 2016
        assert count_inputs([str(archive)], (".txt",)) == 2

    def test_names_that_lead_outside_lead_nowhere(self, tmp_path):
        archive = write_zip(tmp_path / "texts.zip", {"../../evil.txt": "Evil", "/etc/evil.txt": "Evil"})
        assert sorted(names(read(archive))) == ["evil.txt", "evil.txt"]
        assert list(tmp_path.iterdir()) == [archive]

    def test_a_bomb_is_refused_before_it_goes_off(self, tmp_path):
        archive = write_zip(tmp_path / "texts.zip", {"bomb.txt": b"\0" * 4_000_000, "salt.txt": "Salt"})
        found = read(archive)
        assert names(found) == ["salt.txt"]
        assert "no text is" in complaints(found)[0].message

    @pytest.mark.parametrize("data", [b"", b"no archive at all", b"PK\x03\x04 and then nothing"])
    def test_what_is_no_archive_is_refused(self, tmp_path, data):
        path = write_text(tmp_path, "texts.zip", data)
        [complaint] = read(path)
        assert complaint.is_fault
        assert "zip archive" in complaint.message

    def test_a_damaged_member_is_refused_and_the_others_go_on(self, tmp_path):
        archive = write_zip(tmp_path / "texts.zip", {"a.txt": "A" * 40, "b.txt": "B"}, zipfile.ZIP_STORED)
        archive.write_bytes(archive.read_bytes().replace(b"A" * 40, b"X" * 40))
        found = read(archive)
        assert names(found) == ["b.txt"]
        assert complaints(found)[0].path == f"{archive}/a.txt"

    def test_a_member_whose_name_is_damaged_is_refused_and_the_others_go_on(self, tmp_path):
        archive = write_zip(tmp_path / "texts.zip", {"a.txt": "A", "b.txt": "B"})
        data = bytearray(archive.read_bytes())
        data[7] |= 8  # says that the name is UTF-8
        data[30] = 0xFF
        archive.write_bytes(data)
        found = read(archive)
        assert names(found) == ["b.txt"]
        assert complaints(found)[0].path == f"{archive}/a.txt"

    @pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_an_uncommon_compression_is_refused(self, tmp_path, compression):
        archive = write_zip(tmp_path / "texts.zip", {"a.txt": "A"}, compression)
        assert "uncommon" in read(archive)[0].message

    def test_an_archive_of_a_later_kind_is_refused(self, tmp_path):
        archive = write_zip(tmp_path / "texts.zip", {"a.txt": "A"})
        data = bytearray(archive.read_bytes())
        data[data.index(b"PK\x01\x02") + 6] = 255
        archive.write_bytes(data)
        assert "zip archive" in read(archive)[0].message
        assert count_inputs([str(archive)], (".txt",)) == 1

    def test_an_encrypted_member_is_refused(self, tmp_path):
        archive = write_zip(tmp_path / "texts.zip", {"a.txt": "A"})
        data = bytearray(archive.read_bytes())
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(signature) + offset] |= 1
        archive.write_bytes(data)
        assert "encrypted" in read(archive)[0].message

    def test_a_pipe_named_like_an_archive_is_refused_and_never_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "texts.zip")
        assert count_inputs([str(tmp_path / "texts.zip")], (".txt",)) == 1
        assert "pipe" in read(tmp_path / "texts.zip")[0].message

    def test_neighbours_are_found_beside_the_member(self, tmp_path):
        archive = write_zip(tmp_path / "texts.zip", {"world/a.txt": "A", "world/a.toml": "x", "a.toml": "y"})
        for source in read_inputs([str(archive)], (".txt",), io.BytesIO()):
            assert source.neighbours.read("a.toml", max_bytes=10) == b"x"
            assert source.neighbours.read("b.toml", max_bytes=10) is None


class TestNeighbours:
    def test_a_file_beside_the_text_is_read(self, tmp_path):
        [source] = read(write_text(tmp_path, "a.txt", "A"))
        write_text(tmp_path, "a.toml", "x")
        write_text(tmp_path, "pictures/b.webp", "b")
        assert source.neighbours.read("a.toml", max_bytes=10) == b"x"
        assert source.neighbours.read("pictures/b.webp", max_bytes=10) == b"b"
        assert source.neighbours.read("c.toml", max_bytes=10) is None

    def test_a_link_that_leads_outside_is_refused(self, tmp_path):
        secret = write_text(tmp_path, "secret.webp", "secret")
        [source] = read(write_text(tmp_path, "texts/a.txt", "A"))
        (tmp_path / "texts" / "link.webp").symlink_to(secret)
        with pytest.raises(Refused, match="outside"):
            source.neighbours.read("link.webp", max_bytes=10)
        with pytest.raises(Refused, match="outside"):
            source.neighbours.read("../secret.webp", max_bytes=10)

    def test_one_that_is_too_big_or_no_file_is_refused(self, tmp_path):
        [source] = read(write_text(tmp_path, "a.txt", "A"))
        write_text(tmp_path, "big.toml", "x" * 11)
        (tmp_path / "folder.toml").mkdir()
        with pytest.raises(Refused, match="bigger than 10 bytes"):
            source.neighbours.read("big.toml", max_bytes=10)
        with pytest.raises(Refused, match="no regular file"):
            source.neighbours.read("folder.toml", max_bytes=10)


def test_names_that_nobody_can_read_are_escaped_and_found_again(tmp_path):
    for name in (b"\xff.txt", b"\xff.toml", b"\x1b[31m.txt", "cafe\u0301.txt".encode()):
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    found = read(tmp_path)
    assert [one.path.removeprefix(f"{tmp_path}/") for one in found] == ["\\x1b[31m.txt", "caf\u00e9.txt", "\\xff.txt"]
    assert found[2].neighbours.read(os.fsdecode(b"\xff.toml"), max_bytes=10) == b"\xff.toml"


def test_devices_are_refused():
    assert "device" in complaints(read("/dev/null"))[0].message

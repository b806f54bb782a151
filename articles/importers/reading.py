"""Inputs, one after another, from files, folders, archives and standard input: never more than one in memory."""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Final

from django.utils import timezone

from articles import conf
from articles.importers.base import Input, Refused, printable

STDIN: Final = "-"

# Text shrinks to a quarter or so; what shrinks to less than a hundredth was made to fill a disk.
_HIGHEST_RATIO: Final = 100
_RATIO_COUNTS_FROM: Final = 100_000
# The ways in which everybody compresses; others may ask for gigabytes of memory to be read.
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What Python raises, beside OSError, for archives that are damaged or made to do harm.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A path that gave no input, and why; not a fault where nothing is lost by it."""

    path: str
    message: str
    is_fault: bool = True


def read_inputs(paths: Collection[str], suffixes: tuple[str, ...], stdin: IO[bytes]) -> Iterator[Input | Unread]:
    """All inputs under the paths, in a stable order. What cannot be read is told of, and the others go on."""
    walk = _Walk(suffixes)
    for path in paths:
        if path == STDIN:
            yield _read_stdin(stdin)
        elif os.path.isdir(path):  # noqa: PTH112 - asked often, and cheaply
            yield from walk.read_folder(path)
        elif path.lower().endswith(".zip"):
            yield from _read_archive(path, suffixes)
        else:
            yield _read_file(path)


def count_inputs(paths: Collection[str], suffixes: tuple[str, ...]) -> int:
    """About how many inputs there are, for a progress bar: files that are not looked into."""
    return sum(_count(path, suffixes) for path in paths)


def _count(path: str, suffixes: tuple[str, ...]) -> int:
    if os.path.isdir(path):  # noqa: PTH112
        return _count_folder(path, suffixes)
    if path.lower().endswith(".zip"):
        try:
            with _open_regular(path) as (file, _), zipfile.ZipFile(file) as archive:
                return sum(_is_member_wanted(name, suffixes) for name in archive.namelist())
        except (OSError, *_DAMAGED):
            return 1
    return 1


def _count_folder(folder: str, suffixes: tuple[str, ...]) -> int:
    """Does not follow links, and so never runs in circles."""
    number, waiting = 0, [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as scan:
                for entry in scan:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        number += _is_wanted(entry.name, suffixes)
        except OSError:
            continue
    return number


def _is_wanted(name: str, suffixes: tuple[str, ...]) -> bool:
    return name.lower().endswith(suffixes) and not name.startswith(".")


def _read_stdin(stdin: IO[bytes]) -> Input | Unread:
    data = stdin.read(conf.import_max_bytes() + 1)
    if len(data) > conf.import_max_bytes():
        return Unread(STDIN, _too_big())
    return Input(path=STDIN, name="stdin", folder="", data=data, modified_at=timezone.now())


def _too_big(limit: int | None = None) -> str:
    return f"It is bigger than {limit or conf.import_max_bytes():,} bytes; expected a text of one article."


# Files ----------------------------------------------------------------------------------------------------------------


def _read_file(path: str) -> Input | Unread:
    try:
        with _open_regular(path) as (file, status):
            if status.st_size > conf.import_max_bytes():
                return Unread(printable(path), _too_big())
            data = file.read(conf.import_max_bytes() + 1)
    except OSError as error:
        return Unread(printable(path), _why(error))
    if len(data) > conf.import_max_bytes():
        return Unread(printable(path), _too_big())
    folder, name = os.path.split(path)
    return Input(
        path=printable(path),
        name=name,
        folder=Path(folder).resolve().name if folder in {"", ".", ".."} else os.path.basename(folder),  # noqa: PTH119
        data=data,
        modified_at=_moment(status.st_mtime),
        neighbours=_FolderNeighbours(folder or "."),
    )


@contextmanager
def _open_regular(path: str) -> Iterator[tuple[IO[bytes], os.stat_result]]:
    """Opens a regular file and nothing else: a pipe would keep its reader waiting, a device may do anything."""
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
        raise OSError("It is no regular file but a pipe, socket or device.")
    # Between that look and this one somebody may have put a pipe there: opened so, it does not wait.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("It is no regular file but a pipe, socket or device.")
        yield file, status


def _moment(timestamp: float) -> datetime:
    try:
        return datetime.fromtimestamp(timestamp, tz=timezone.get_current_timezone())
    except (OverflowError, ValueError, OSError):
        return timezone.now()


def _why(error: OSError) -> str:
    return f"It cannot be read: {error.strerror}." if error.strerror else str(error)


class _FolderNeighbours:
    def __init__(self, folder: str) -> None:
        self.folder = folder

    def read(self, relative: str, *, max_bytes: int) -> bytes | None:
        path = os.path.join(self.folder, relative)  # noqa: PTH118
        try:
            with _open_regular(path) as (file, _):
                # A link may lead anywhere: what is read must lie where the texts lie.
                if not Path(path).resolve().is_relative_to(Path(self.folder).resolve()):
                    raise Refused(f"“{relative}” leads outside the text’s folder.")
                data = file.read(max_bytes + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Refused(f"“{relative}”: {_why(error)}") from error
        if len(data) > max_bytes:
            raise Refused(f"“{relative}” is bigger than {max_bytes:,} bytes.")
        return data


# Folders --------------------------------------------------------------------------------------------------------------


class _Walk:
    """Goes through folders, each once: links may lead in circles."""

    def __init__(self, suffixes: tuple[str, ...]) -> None:
        self.suffixes = suffixes
        self.entered: set[tuple[int, int]] = set()

    def read_folder(self, folder: str) -> Iterator[Input | Unread]:
        """Depth first, and without recursion: folders may lie deeper in one another than calls may."""
        waiting = self._enter(folder)
        while waiting:
            entry = waiting.pop()
            if isinstance(entry, Unread):
                yield entry
                continue
            is_wanted = _is_wanted(entry.name, self.suffixes)
            if _is_folder(entry):
                if is_wanted:
                    yield _unread_folder(entry.path)
                waiting += self._enter(entry.path)
            elif is_wanted:
                yield _read_file(entry.path)

    def _enter(self, folder: str) -> list[os.DirEntry[str] | Unread]:
        """What lies in a folder, the first of it last; where it cannot be entered, the reason."""
        try:
            status = os.stat(folder)  # noqa: PTH116
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            return [Unread(printable(folder), _why(error))]
        if (status.st_dev, status.st_ino) in self.entered:
            return [Unread(printable(folder), "It leads to a folder that was read already.", is_fault=False)]
        self.entered.add((status.st_dev, status.st_ino))
        return [entry for entry in entries if not entry.name.startswith(".")]


def _unread_folder(path: str) -> Unread:
    return Unread(printable(path), "It is a folder, whatever its name; the texts in it are read.", is_fault=False)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


# Archives -------------------------------------------------------------------------------------------------------------


def _is_member_wanted(name: str, suffixes: tuple[str, ...]) -> bool:
    parts = PurePosixPath(name).parts
    return (
        not name.endswith("/")
        and name.lower().endswith(suffixes)
        and not any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in parts)
    )


def _read_archive(path: str, suffixes: tuple[str, ...]) -> Iterator[Input | Unread]:
    try:
        with _open_regular(path) as (file, _), zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if _is_member_wanted(member.filename, suffixes)]
            for member in sorted(members, key=lambda member: member.filename):
                yield _read_text_member(archive, member, path)
    except OSError as error:
        yield Unread(printable(path), _why(error))
    except _DAMAGED as error:
        yield Unread(printable(path), f"It is no zip archive, or a damaged one: {error}.")


def _read_text_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, archive_path: str) -> Input | Unread:
    path = f"{archive_path}/{member.filename}"
    try:
        data = _read_member(archive, member, conf.import_max_bytes())
    except Refused as refusal:
        return Unread(printable(path), refusal.message)
    inner = PurePosixPath(member.filename)
    folder = inner.parent.name or PurePosixPath(archive_path).stem
    return Input(
        path=printable(path),
        name=inner.name,
        folder=folder,
        data=data,
        modified_at=_member_moment(member),
        neighbours=_MemberNeighbours(archive, inner.parent),
    )


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, max_bytes: int) -> bytes:
    if member.flag_bits & 1:
        raise Refused("It is encrypted; expected an archive without a password.")
    if member.compress_type not in _METHODS:
        raise Refused("It is compressed in an uncommon way; expected an archive as every program writes it.")
    if member.file_size > _RATIO_COUNTS_FROM and member.file_size > member.compress_size * _HIGHEST_RATIO:
        raise Refused(f"It is compressed to less than 1/{_HIGHEST_RATIO} of its size, which no text is.")
    if member.file_size > max_bytes:
        raise Refused(_too_big(max_bytes))
    try:
        with archive.open(member) as file:
            data = file.read(max_bytes + 1)  # what the archive says of the size may be a lie
    except (OSError, *_DAMAGED) as error:
        raise Refused(f"It cannot be read from the archive: {error}.") from error
    if len(data) > max_bytes:
        raise Refused(_too_big(max_bytes))
    return data


def _member_moment(member: zipfile.ZipInfo) -> datetime:
    """Archives know local time alone; the site's own zone is the best guess."""
    try:
        return timezone.make_aware(datetime(*member.date_time))  # noqa: DTZ001
    except ValueError:
        return timezone.now()


class _MemberNeighbours:
    """Nothing is extracted, so that no name of a member can lead anywhere."""

    def __init__(self, archive: zipfile.ZipFile, folder: PurePosixPath) -> None:
        self.archive = archive
        self.folder = folder

    def read(self, relative: str, *, max_bytes: int) -> bytes | None:
        try:
            member = self.archive.getinfo(str(self.folder / relative))
        except KeyError:
            return None
        return _read_member(self.archive, member, max_bytes)

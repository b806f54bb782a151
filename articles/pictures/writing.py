"""Writing files so that a name never stands for half a file, whatever kills the process."""

from pathlib import Path
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

# Under this ending no file is served.
UNFINISHED: Final = ".part"


def write_file(name: str, content: bytes) -> None:
    """Puts ``content`` under exactly this name, in place of what may be there.

    On a file system the file is written under another name and renamed once it is whole. Storages without paths,
    such as those that speak S3, show an object when all of it has arrived: there it is written at once.
    """
    if isinstance(default_storage, FileSystemStorage):
        unfinished = default_storage.save(name + UNFINISHED, ContentFile(content))
        Path(default_storage.path(unfinished)).replace(default_storage.path(name))
    else:
        default_storage.delete(name)
        default_storage.save(name, ContentFile(content))

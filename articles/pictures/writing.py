"""Writing files under names that stand for the same bytes for ever."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from articles.pictures.storage import WholeFileStorage


def write_file(name: str, content: bytes) -> None:
    """Puts ``content`` under exactly this name, in place of what may be there.

    Storages without paths, such as those that speak S3, show an object when all of it has arrived: there it is
    written at once. On a disk, `WholeFileStorage` sees to the same.
    """
    if isinstance(default_storage, WholeFileStorage):
        default_storage.replace(name, ContentFile(content))
    else:
        default_storage.delete(name)
        default_storage.save(name, ContentFile(content))

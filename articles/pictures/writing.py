"""Writing files under names that stand for the same bytes for ever."""

from typing import Any, Protocol, runtime_checkable

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


@runtime_checkable
class Replacing(Protocol):
    """A storage that can put a file in the place of another one without a moment at which there is none."""

    def replace(self, name: str, content: "File[Any]") -> None: ...


def write_file(name: str, content: bytes) -> None:
    """Puts ``content`` under exactly this name, in place of what may be there."""
    if isinstance(default_storage, Replacing):
        default_storage.replace(name, ContentFile(content))
    else:
        default_storage.delete(name)
        default_storage.save(name, ContentFile(content))

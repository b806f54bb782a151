"""Files on this machine's disk: each is there whole or not at all."""

import os
import re
import secrets
from typing import Any, Final

from django.core.files import File
from django.core.files.storage import FileSystemStorage

# Names that this package gives: in an address they stand as they are.
PLAIN_NAME: Final = re.compile(r"(?:renditions|pictures)/[0-9a-f]{2}/[0-9a-f-]+\.[a-z]+")


class WholeFileStorage(FileSystemStorage):
    """A file gets its name once it is written: whoever finds it there, after a crash or on a full disk, may use it."""

    def _save(self, name: str, content: "File[Any]") -> str:
        draft = f"{name}.{secrets.token_hex(4)}.part"
        try:
            super()._save(draft, content)  # type: ignore[misc]  # its stubs do not know of it
            # Two who write the same picture at once write the same bytes.
            os.replace(self.path(draft), self.path(name))  # noqa: PTH105 - names, not paths
        except BaseException:
            self.delete(draft)
            raise
        return name

    def replace(self, name: str, content: "File[Any]") -> None:
        """Puts ``content`` under exactly this name, in place of what may be there."""
        self._save(name, content)

    def url(self, name: str | None) -> str:
        """A page with pictures asks for dozens."""
        if name and self.base_url and PLAIN_NAME.fullmatch(name):
            return f"{self.base_url}{name}"
        return super().url(name)

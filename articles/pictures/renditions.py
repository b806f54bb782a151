"""Renditions: the sizes and formats in which readers get a picture, made when it is stored and never on a request.

Their names follow from the picture's digest, so a name stands for the same bytes for ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.storage import default_storage
from PIL import Image as Pillow

from articles.models import Image
from articles.pictures.preparing import DAMAGED, PictureRefused, encode, open_picture
from articles.pictures.writing import write_file

WIDTHS: Final = (480, 800, 1200, 1600)
# Extension → format and how it is encoded. AVIF takes several seconds a picture: not while an editor waits.
FORMATS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "webp": ("WEBP", {"quality": 80, "method": 4}),
    "jpg": ("JPEG", {"quality": 82, "optimize": True, "progressive": True}),
}
# 128 bits of the digest: as good as all of it, and half as long in every page.
DIGITS: Final = 32


@dataclass(frozen=True)
class Rendition:
    name: str
    """The name under which the storage has it."""
    width: int
    extension: str


def rendition_widths(width: int) -> list[int]:
    """The widths for a picture of this width: never wider than it is, and at least one."""
    return sorted({each for each in WIDTHS if each < width} | {min(width, WIDTHS[-1])})


def list_renditions(digest: str, width: int) -> list[Rendition]:
    """All renditions of a picture, the narrowest first, from what its row says; nothing is read."""
    return [
        Rendition(rendition_name(digest, each, extension), each, extension)
        for each in rendition_widths(width)
        for extension in FORMATS
    ]


def rendition_name(digest: str, width: int, extension: str) -> str:
    return f"renditions/{digest[:2]}/{digest[:DIGITS]}-{width}.{extension}"


def srcset(image: Image, extension: str) -> str:
    """The value of ``srcset`` for one format; empty for a picture that has no renditions."""
    return ", ".join(
        f"{default_storage.url(rendition.name)} {rendition.width}w"
        for rendition in renditions_of(image)
        if rendition.extension == extension
    )


def rendition_url(image: Image, width: int, extension: str = "jpg") -> str:
    """The address of the narrowest rendition that is at least so wide, or of the widest there is."""
    fitting = [each for each in renditions_of(image) if each.extension == extension]
    if not fitting:
        return image.file.url
    chosen = next((each for each in fitting if each.width >= width), fitting[-1])
    return default_storage.url(chosen.name)


def renditions_of(image: Image) -> list[Rendition]:
    return list_renditions(image.digest, image.width) if image.digest and image.width else []


def make_renditions(pixels: Pillow.Image, digest: str, *, verify: bool = False) -> int:
    """Makes what the storage lacks. Returns how many files were written."""
    wanted = {rendition.name for rendition in missing_renditions(digest, pixels.width, verify=verify)}
    for width, smaller in _cascade(pixels):
        for extension, (kind, options) in FORMATS.items():
            name = rendition_name(digest, width, extension)
            if name in wanted:
                write_file(name, encode(smaller, kind, **options))
    return len(wanted)


def missing_renditions(digest: str, width: int, *, verify: bool = False) -> list[Rendition]:
    """The renditions that are not there; with ``verify``, those as well that are there and cannot be shown."""
    return [
        rendition
        for rendition in list_renditions(digest, width)
        if not default_storage.exists(rendition.name) or (verify and not _is_whole(rendition))
    ]


def _is_whole(rendition: Rendition) -> bool:
    """Whether all of it can be decoded, at the width that its name says."""
    try:
        with default_storage.open(rendition.name) as file:
            picture = open_picture(file.read())
            picture.load()
    except (PictureRefused, *DAMAGED):
        return False
    return picture.width == rendition.width


def _cascade(pixels: Pillow.Image) -> Iterator[tuple[int, Pillow.Image]]:
    """The picture in each width, the widest first: each is made from the one before, which is quicker."""
    ratio = pixels.height / pixels.width
    for width in reversed(rendition_widths(pixels.width)):
        if width != pixels.width:
            pixels = pixels.resize((width, max(1, round(width * ratio))), Pillow.Resampling.LANCZOS)
        yield width, pixels

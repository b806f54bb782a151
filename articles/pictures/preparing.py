"""What may come in as a picture, and what becomes of it: upright, of a sensible size, in sRGB, without metadata."""

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from PIL import Image as Pillow
from PIL import ImageCms, ImageOps, UnidentifiedImageError

from articles import conf
from articles.pictures.embedded import Embedded, read_embedded

LARGEST_SIDE: Final = 2560

# Format as Pillow names it → the format in which the original is kept. MPO is the JPEG of some telephones.
KEPT_AS: Final = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}
EXTENSIONS: Final = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
ENCODINGS: Final[dict[str, dict[str, Any]]] = {
    "JPEG": {"quality": 90, "optimize": True, "progressive": True},
    "PNG": {},
    "WEBP": {"quality": 90, "method": 4},
}

# What Pillow raises, beside OSError, for files that are damaged or made to do harm.
DAMAGED: Final = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, struct.error, zlib.error)
TOO_LARGE: Final = (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning)

ACCEPTED: Final = "JPEG, PNG, WebP and GIF are accepted"


class PictureRefused(ValueError):
    """Why a file cannot become a picture here: one sentence for the person who brought it."""


class DamagedPicture(PictureRefused):
    def __init__(self) -> None:
        super().__init__("The file is damaged: it does not hold a whole picture.")


class Readable(Protocol):
    """An open binary file, or Django's idea of one."""

    def read(self, size: int, /) -> bytes: ...

    def seek(self, offset: int, /) -> Any: ...


@dataclass(frozen=True)
class Prepared:
    """A picture that is fit to be stored."""

    digest: str
    """SHA-256 of the file as it came, in hexadecimal."""
    pixels: Pillow.Image
    content: bytes
    """The picture as it will be kept."""
    extension: str
    embedded: Embedded
    """What the file says of itself."""

    @property
    def width(self) -> int:
        return self.pixels.width

    @property
    def height(self) -> int:
        return self.pixels.height


def prepare_picture(upload: Readable) -> Prepared:
    """Reads and checks a file from its beginning. Raises PictureRefused."""
    upload.seek(0)
    content = upload.read(conf.picture_max_bytes() + 1)
    if len(content) > conf.picture_max_bytes():
        raise PictureRefused(f"The file is larger than {_megabytes(conf.picture_max_bytes())}.")
    refuse_by_signature(content)
    picture = open_picture(content)
    kept_format = KEPT_AS[picture.format or ""]
    pixels = develop(picture)
    return Prepared(
        digest=hashlib.sha256(content).hexdigest(),
        pixels=pixels,
        content=encode(pixels, kept_format, **ENCODINGS[kept_format]),
        extension=EXTENSIONS[kept_format],
        # Only now: PNG may hold its words behind its pixels.
        embedded=read_embedded(picture),
    )


def look_into(head: bytes) -> Embedded:
    """What a file says of itself, from its first bytes alone. Raises PictureRefused where they are reason enough."""
    refuse_by_signature(head)
    try:
        return read_embedded(open_picture(head))
    except DamagedPicture:
        # Cut off before the picture begins: the whole file will tell.
        return Embedded()


def refuse_by_signature(content: bytes) -> None:
    """Says more than "no picture" of the kinds that people bring most often."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content:
        raise PictureRefused("The file is empty.")
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"svg" in content[:4096].lower():
        raise PictureRefused(f"SVG can carry scripts and is not accepted: {ACCEPTED}.")
    if start[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"}:
        raise PictureRefused(f"HEIC and AVIF are not accepted: save the picture as JPEG. {ACCEPTED}.")


def open_picture(content: bytes) -> Pillow.Image:
    """The picture with its size known and its pixels not decoded yet; its size has been checked."""
    try:
        picture = Pillow.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF"))
    except UnidentifiedImageError as error:
        raise PictureRefused(f"The file is not a picture that can be used here: {ACCEPTED}.") from error
    except TOO_LARGE as error:
        raise _too_many_pixels() from error
    except DAMAGED as error:
        raise DamagedPicture from error
    if picture.width * picture.height > conf.picture_max_pixels():
        raise _too_many_pixels()
    return picture


def develop(picture: Pillow.Image) -> Pillow.Image:
    """Decodes the first frame: upright, in sRGB, no side longer than LARGEST_SIDE, without metadata."""
    try:
        # A JPEG is decoded at half or a quarter of its size where that is enough.
        picture.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
        picture.load()
    except DAMAGED as error:
        raise DamagedPicture from error
    profile = picture.info.get("icc_profile")
    picture = _tolerant(ImageOps.exif_transpose, picture)
    if profile:
        picture = _tolerant(lambda it: _to_srgb(it, profile), picture)
    picture = _to_plain_mode(picture)
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Pillow.Resampling.LANCZOS)
    picture.info.clear()
    return picture


def encode(pixels: Pillow.Image, kind: str, **options: Any) -> bytes:
    """The file's bytes. JPEG knows no transparency: there the picture lies on white."""
    if kind == "JPEG" and pixels.mode == "RGBA":
        paper = Pillow.new("RGB", pixels.size, "white")
        paper.paste(pixels, mask=pixels.getchannel("A"))
        pixels = paper
    file = io.BytesIO()
    pixels.save(file, kind, **options)
    return file.getvalue()


def _tolerant(change: Callable[[Pillow.Image], Pillow.Image], picture: Pillow.Image) -> Pillow.Image:
    """A picture with broken metadata is still a picture."""
    try:
        return change(picture)
    except (*DAMAGED, ImageCms.PyCMSError):
        return picture


def _to_srgb(picture: Pillow.Image, profile: bytes) -> Pillow.Image:
    """Colours stay what they were when the profile goes."""
    changed = ImageCms.profileToProfile(
        picture,
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB" if picture.mode == "CMYK" else picture.mode,
    )
    return changed or picture


def _to_plain_mode(picture: Pillow.Image) -> Pillow.Image:
    """RGB, or RGBA where something shines through."""
    if picture.mode.startswith("I"):
        # Sixteen bits a channel; a plain conversion would clip them.
        picture = picture.convert("I").point([value >> 8 for value in range(65536)], "L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    least_opaque, _ = picture.getchannel("A").getextrema()
    return picture.convert("RGB") if least_opaque == 255 else picture


def _too_many_pixels() -> PictureRefused:
    limit = conf.picture_max_pixels() / 1_000_000
    return PictureRefused(f"The picture has more than {limit:g} million pixels: make it smaller first.")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:g} MB"

"""Storing pictures and forgetting them: the row, the original and the renditions together."""

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction

from articles.models import Image
from articles.pictures.preparing import PictureRefused, Prepared, Readable, develop, open_picture, prepare_picture
from articles.pictures.renditions import list_renditions, make_renditions, missing_renditions
from articles.pictures.writing import write_file

__all__ = [
    "PictureRefused",
    "Prepared",
    "forget_picture",
    "keep_files",
    "keep_row",
    "original_name",
    "prepare_picture",
    "restore_renditions",
    "store_files",
    "store_picture",
]


def store_picture(
    file: Readable,
    *,
    alt_text: str,
    decorative: bool = False,
    caption: str = "",
    credit: str = "",
    licence: str = "",
    focal_x: float = 0.5,
    focal_y: float = 0.5,
) -> Image:
    """Checks a file, makes its renditions and keeps it with its words. Raises PictureRefused."""
    image = Image(
        alt_text=alt_text,
        decorative=decorative,
        caption=caption,
        credit=credit,
        licence=licence,
        focal_x=focal_x,
        focal_y=focal_y,
    )
    store_files(image, file)
    return keep_row(image)


def store_files(image: Image, file: Readable) -> None:
    """The long part, which needs no transaction: the row is told of its files and not saved. Raises PictureRefused."""
    prepared = prepare_picture(file)
    _check(image)
    keep_files(image, prepared)


def keep_row(image: Image) -> Image:
    """Saves a row whose files are stored.

    The same file with the same words is the row that is there already, with the focal point that it has.
    """
    same = {name: getattr(image, name) for name in ("digest", "alt_text", "decorative", "caption", "credit", "licence")}
    kept = Image.objects.filter(**same).first() or image
    kept.save()
    return kept


def keep_files(image: Image, prepared: Prepared) -> None:
    """Writes the files that are missing and tells the row of them, without saving it."""
    name = original_name(prepared.digest, prepared.extension)
    if not default_storage.exists(name):
        write_file(name, prepared.content)
    make_renditions(prepared.pixels, prepared.digest)
    image.digest = prepared.digest
    image.file = name


def original_name(digest: str, extension: str) -> str:
    return f"pictures/{digest[:2]}/{digest}.{extension}"


def restore_renditions(image: Image, *, dry_run: bool = False, verify: bool = False) -> int:
    """Makes the renditions that a stored picture lacks. Returns how many were missing.

    With ``verify``, every file is decoded, the original too, and one that is damaged counts as missing.

    Raises FileNotFoundError where the original is missing as well, PictureRefused where it is damaged.
    """
    missing = missing_renditions(image.digest, image.width, verify=verify)
    if verify or (missing and not dry_run):
        with default_storage.open(str(image.file.name)) as original:
            pixels = develop(open_picture(original.read()))
        if missing and not dry_run:
            make_renditions(pixels, image.digest, verify=verify)
    return len(missing)


def forget_picture(name: str, digest: str, width: int) -> None:
    """Deletes a picture's files once the transaction stands, but for those that another row still uses."""
    transaction.on_commit(lambda: _delete_unused(name, digest, width))


def _delete_unused(name: str, digest: str, width: int) -> None:
    if name and not Image.objects.filter(file=name).exists():
        default_storage.delete(name)
    if digest and not Image.objects.filter(digest=digest).exists():
        for rendition in list_renditions(digest, width):
            default_storage.delete(rendition.name)


def _check(image: Image) -> None:
    try:
        image.full_clean(exclude=("file", "digest"))
    except ValidationError as error:
        raise PictureRefused(" ".join(error.messages)) from error

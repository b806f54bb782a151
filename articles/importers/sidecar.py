"""The sidecar: `<stem>.toml` beside a text says what its words cannot."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from articles import conf
from articles.content.plain_text import NotText, clean_text, decode_text
from articles.importers.base import ImportedCorrection, ImportedPicture, Input, Refused, printable
from articles.importers.toml_values import (
    Reader,
    one_of,
    parse_toml,
    read_file_name,
    read_flag,
    read_fraction,
    read_keys,
    read_language,
    read_moment,
    read_texts,
    read_web_address,
    text_of,
)
from articles.models import Article, Correction

MAX_BYTES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Sidecar:
    dek: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    story_type: str = ""
    language: str = ""
    canonical_url: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    picture: ImportedPicture | None = None
    corrections: tuple[ImportedCorrection, ...] = ()
    # What counts in the article's content hash.
    fingerprint: tuple[str, ...] = ()


def read_sidecar(source: Input) -> Sidecar:
    """The sidecar of an input, an empty one where there is none. Raises Refused that names the sidecar's path."""
    name = f"{source.name.rpartition('.')[0] or source.name}.toml"
    data = source.neighbours.read(name, max_bytes=MAX_BYTES)
    if data is None:
        return Sidecar()
    path = source.path.removesuffix(printable(source.name)) + printable(name)
    try:
        text = clean_text(decode_text(data))
        return _build(read_keys(parse_toml(text), KEYS), text, source)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"This is not TOML: {error}.", path=path) from error
    except (NotText, ValueError) as error:
        raise Refused(str(error), path=path) from error
    except Refused as refusal:
        raise Refused(refusal.message, path=path) from refusal


def _build(values: dict[str, Any], text: str, source: Input) -> Sidecar:
    picture = values.pop("lead_image", None)
    corrections = tuple(ImportedCorrection(**one) for one in values.pop("corrections", ()))
    if picture is None:
        return Sidecar(**values, corrections=corrections, fingerprint=(text,))
    file = picture["file"]
    data = source.neighbours.read(file, max_bytes=conf.picture_max_bytes())
    if data is None:
        raise ValueError(f"lead_image.file: there is no “{file}” beside the text.")
    _check_alternative(picture)
    return Sidecar(
        **values,
        corrections=corrections,
        picture=ImportedPicture(**picture, data=data),
        fingerprint=(text, hashlib.sha256(data).hexdigest()),
    )


def _check_alternative(picture: Mapping[str, Any]) -> None:
    if bool(picture.get("alt")) == bool(picture.get("decorative")):
        raise ValueError(
            "lead_image: expected either “alt”, words for those who do not see it, or “decorative = true”."
        )


def read_picture(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or "file" not in value:
        raise ValueError('expected a table with the picture’s file, such as file = "bridge.jpg".')
    return read_keys(value, PICTURE_KEYS, inside="lead_image.")


def read_corrections(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) and one.get("text") for one in value):
        raise ValueError("expected tables that are headed [[corrections]], each with a text.")
    return [read_keys(one, CORRECTION_KEYS, inside="corrections.") for one in value]


PICTURE_KEYS: Final[Mapping[str, Reader]] = {
    "file": read_file_name,
    "alt": text_of(400),
    "decorative": read_flag,
    "caption": text_of(500),
    "credit": text_of(160),
    "licence": text_of(120),
    "focal_x": read_fraction,
    "focal_y": read_fraction,
}
CORRECTION_KEYS: Final[Mapping[str, Reader]] = {
    "kind": one_of(Correction.Kind.values),
    "text": text_of(2000),
    "corrected_at": read_moment,
}
KEYS: Final[Mapping[str, Reader]] = {
    "dek": text_of(500),
    "story_type": one_of(Article.StoryType.values),
    "language": read_language,
    "published_at": read_moment,
    "updated_at": read_moment,
    "canonical_url": read_web_address,
    "section": text_of(80),
    "tags": read_texts,
    "lead_image": read_picture,
    "corrections": read_corrections,
}

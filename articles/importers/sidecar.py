"""The sidecar: `<stem>.toml` beside a text says what its words cannot."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import PurePosixPath
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from articles import conf
from articles.content.plain_text import NotText, clean_text, decode_text
from articles.importers.base import ImportedCorrection, ImportedPicture, Input, Refused
from articles.models import Article, Correction

MAX_BYTES: Final = 100_000
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
_is_web_address: Final = URLValidator(schemes=["http", "https"])

Reader = Callable[[Any], Any]


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
    path = f"{source.path.removesuffix(source.name)}{name}"
    try:
        text = clean_text(decode_text(data))
        return _build(read_keys(tomllib.loads(text), KEYS), text, source)
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


# Reading of single values: each reader returns the value in its final type, or raises ValueError with what it expected.


def read_keys(table: Mapping[str, Any], keys: Mapping[str, Reader], *, inside: str = "") -> dict[str, Any]:
    """The values of a table whose keys are all known, each read by its reader. Raises ValueError naming the key."""
    if unknown := sorted(table.keys() - keys.keys()):
        raise ValueError(f"Unknown key “{inside}{unknown[0]}”; expected some of: {', '.join(keys)}.")
    values = {}
    for key, value in table.items():
        try:
            values[key] = keys[key](value)
        except ValueError as error:
            raise ValueError(f"{inside}{key}: {error}") from error
    return values


def text_of(max_length: int) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"expected a text in quotation marks, found {value!r}.")
        words = " ".join(value.split())
        if len(words) > max_length:
            raise ValueError(f"expected at most {max_length} characters, found {len(words)}.")
        return words

    return read


def one_of(choices: list[str]) -> Reader:
    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}; found {value!r}.")
        return str(value)

    return read


def read_texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('expected a list of texts, such as ["Rivers", "Floods"].')
    return tuple(filter(None, map(text_of(100), value)))


def read_moment(value: Any) -> datetime:
    """A time of TOML, or a text in ISO form; a date alone is the beginning of that day."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            value = None
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime) or not 1400 <= value.year < 3000:
        raise ValueError("expected a date and time such as 2026-07-23T18:40:00.")
    return value


def read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, found {value!r}.")
    return value


def read_fraction(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"expected a number from 0 to 1, found {value!r}.")
    return float(value)


def read_language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ValueError(f"expected a language such as “en” or “pt-br”, found {value!r}.")
    return value.lower()


def read_web_address(value: Any) -> str:
    try:
        _is_web_address(value)
    except ValidationError:
        raise ValueError(f"expected an address that begins with http:// or https://, found {value!r}.") from None
    return text_of(500)(value)  # type: ignore[no-any-return]


def read_file_name(value: Any) -> str:
    """A path inside the text's folder."""
    name = text_of(200)(value)
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ValueError(f"expected a file inside the text’s folder, found {value!r}.")
    return str(path)


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

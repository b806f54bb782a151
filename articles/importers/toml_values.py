"""Values in TOML files, each read strictly: in its final type, or a ValueError that says what was expected."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import PurePosixPath
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from articles.content.plain_text import clean_text

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
_is_web_address: Final = URLValidator(schemes=["http", "https"])

Reader = Callable[[Any], Any]


def parse_toml(text: str) -> dict[str, Any]:
    """What a file says. Raises ValueError."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("Its values lie too deep in one another.") from error


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
        words = " ".join(clean_text(value).split())  # a text may hold \u0000 and the like as an escape
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

"""Header fields: lists with quoted parts, directives, durations, moments."""

from collections.abc import Iterable, Iterator

from django.utils.http import parse_http_date_safe

Headers = list[tuple[str, str]]
# A name in lower case, and its argument; None where it has none.
Directives = dict[str, str | None]

# RFC 9111 §1.2.2: what is too large to be represented counts as this.
LONGEST = 2**31


def field(headers: Headers, name: str) -> str | None:
    """The value of a field, its lines joined as RFC 9110 §5.3 says; None where there is none."""
    lines = [value for key, value in headers if key.lower() == name]
    return ", ".join(lines) if lines else None


def without(headers: Headers, names: Iterable[str]) -> Headers:
    """All fields but these, whose names are in lower case."""
    dropped = frozenset(names)
    return [line for line in headers if line[0].lower() not in dropped]


def members(text: str) -> Iterator[str]:
    """The members of a list: commas within quotes part nothing (RFC 9110 §5.6.1, §5.6.4).

    Where a quote is never closed, what follows it is one member, its quote included.
    """
    start, position, is_quoted = 0, 0, False
    while position < len(text):
        character = text[position]
        if character == '"':
            is_quoted = not is_quoted
        elif character == "\\" and is_quoted:
            position += 1
        elif character == "," and not is_quoted:
            yield text[start:position].strip(" \t")
            start = position + 1
        position += 1
    yield text[start:].strip(" \t")


def names_in(text: str | None) -> list[str]:
    """The members of a list of names, in lower case, without empty ones."""
    return [name.lower() for name in members(text or "") if name]


def parse_directives(text: str | None) -> Directives:
    """The directives of a Cache-Control field.

    Whatever cannot be read must not hide a prohibition: a quote that is never closed reads as ``no-store``, and a
    directive that is given twice with different arguments has an argument that is no duration (RFC 9111 §4.2.1).
    """
    directives: Directives = {}
    for member in members(text or ""):
        name, equals, argument = member.partition("=")
        name = name.strip(" \t").lower()
        if not name:
            continue
        value = unquoted(argument.strip(" \t")) if equals else None
        if value == '"' or '"' in name:
            directives["no-store"] = None
        directives[name] = value if directives.get(name, value) == value else ""
    return directives


def unquoted(text: str) -> str:
    """The text within quotes, or the text itself; a single quote mark where a quote is never closed."""
    if not text.startswith('"'):
        return '"' if '"' in text else text
    content: list[str] = []
    position = 1
    while position < len(text):
        if text[position] == '"':
            return "".join(content) if position == len(text) - 1 else '"'
        if text[position] == "\\":
            position += 1
        content.append(text[position : position + 1])
        position += 1
    return '"'


def duration(directives: Directives, name: str) -> int | None:
    """The seconds that a directive gives; None where it is absent, 0 where its argument is none (RFC 9111 §4.2.1)."""
    if name not in directives:
        return None
    return whole_number(directives[name]) or 0


def whole_number(text: str | None) -> int | None:
    """Digits alone, at most 2³¹; None for anything else."""
    if not text or not (text.isascii() and text.isdigit()):
        return None
    significant = text.lstrip("0")
    return min(int(significant or "0"), LONGEST) if len(significant) <= 10 else LONGEST


def moment(text: str | None) -> int | None:
    """A date of HTTP as seconds since 1970; None for what is none."""
    return parse_http_date_safe(text) if text else None

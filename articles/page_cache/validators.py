"""Entity tags and dates by which a reader's copy is compared (RFC 9110 §8.8 and §13)."""

import hashlib

from articles.page_cache.fields import members, moment


def strong_tag(content: bytes) -> str:
    """An entity tag by the content alone: the same in every process and on every machine."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def tag_for_coding(tag: str, coding: str) -> str:
    """The tag of the same content in another coding: a strong one is a tag of bytes, so it differs (RFC 9110 §8.8.3.3)."""
    if tag.startswith("W/"):
        return tag
    return f'{tag[:-1]}-{coding}"'


def is_entity_tag(text: str) -> bool:
    opaque = text.removeprefix("W/")
    return len(opaque) >= 2 and opaque[0] == opaque[-1] == '"' and '"' not in opaque[1:-1]


def is_unchanged(
    tag: str | None, modified: int | None, *, if_none_match: str | None, if_modified_since: str | None
) -> bool:
    """Whether the reader's copy is the one at hand, so that 304 is the answer (RFC 9110 §13.2.2).

    If-Modified-Since counts only where there is no If-None-Match, and only against a Last-Modified: a Date has whole
    seconds, and a page may change twice within one.
    """
    if if_none_match is not None:
        return matches(tag, if_none_match)
    if if_modified_since is None or modified is None:
        return False
    since = moment(if_modified_since)
    return since is not None and modified <= since


def matches(tag: str | None, if_none_match: str) -> bool:
    """By weak comparison (RFC 9110 §13.1.2, §8.8.3.2)."""
    if if_none_match.strip(" \t") == "*":
        return True
    if tag is None:
        return False
    # A backslash in a tag is a character like any other; in a list it would take the meaning from a quote.
    opaque = tag.removeprefix("W/").replace("\\", "\\\\")
    return any(member.removeprefix("W/") == opaque for member in members(if_none_match.replace("\\", "\\\\")))

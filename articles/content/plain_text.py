"""Text from outside: bytes become text, and text loses what cannot be seen but does harm."""

import codecs
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from articles.content.folding import is_latin


class NotText(ValueError):
    """The bytes are not text; the message says what was found, in a sentence."""


_UTF16_MARKS: Final[Mapping[bytes, str]] = {
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_SIGNATURES: Final[Mapping[bytes, str]] = {
    b"%PDF-": "a PDF document",
    b"{\\rtf": "a rich-text (RTF) document",
    b"PK\x03\x04": "a zip archive or office document",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\x1f\x8b": "a gzip archive",
}
_CONTROL_BYTES: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r") + b"\x7f"


def decode_text(data: bytes) -> str:
    """Decode UTF-8 or UTF-16 by its mark, else UTF-8, else Windows-1252.

    Bytes that Windows-1252 leaves undefined become U+FFFD, so that an editor sees that
    something stood there. Raises NotText for binary data.
    """
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise NotText(f"This is {kind}, not a text.")
    if encoding := _UTF16_MARKS.get(data[:2]):
        return _decode_utf16(data[2:], encoding)
    data = data.removeprefix(codecs.BOM_UTF8)
    _refuse_binary(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if b"\0" in data:
            raise NotText("This is binary data: neither UTF-8 nor Windows-1252 text.") from None
        return data.decode("cp1252", errors="replace")


def _decode_utf16(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotText(f"This begins like UTF-16 text but is broken at byte {error.start + 2}.") from None


def _refuse_binary(data: bytes) -> None:
    """A stray control character or two is dirt in a text; many are something else."""
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if controls * 5 > len(data) or (controls > 4 and controls * 100 > len(data)):
        raise NotText(f"This is binary data: {controls} of {len(data)} bytes are control characters.")


_LINE_END: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_REMOVED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\xad\u180e\u200b\u2060-\u2064\ufeff"  # soft hyphen, zero-width space, joiners of words
    "\u202a-\u202e\u206a-\u206f"  # embeddings and overrides: they show text in another order
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]"  # what is no character at all
)
_JOINER: Final = re.compile("[\u200c\u200d]+")
_ISOLATES: Final = re.compile("[\u2066-\u2069]")
_END_OF_ISOLATE: Final = "\u2069"


def clean_text(text: str) -> str:
    """Return text in NFC whose lines end in LF, without invisible characters that do harm.

    Kept: left-to-right, right-to-left and Arabic letter marks; isolates that are closed on
    their line; joiners after letters of scripts that join, and inside emoji. A tab is a space.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _REMOVED.sub("", _LINE_END.sub("\n", text).replace("\t", " "))
    if text.isascii():
        return text
    if _JOINER.search(text):
        text = _JOINER.sub(_meaningful_joiner, text)
    if _ISOLATES.search(text):
        text = "\n".join(map(_balance_isolates, text.split("\n")))
    return unicodedata.normalize("NFC", text)


def _meaningful_joiner(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1] if found.start() else " "
    joins = unicodedata.category(before) in {"Lo", "Mn", "Mc", "So", "Sk"} and not is_latin(before)
    return found[0][0] if joins else ""


def _balance_isolates(line: str) -> str:
    opened: list[int] = []
    unbalanced: set[int] = set()
    for found in _ISOLATES.finditer(line):
        if found[0] != _END_OF_ISOLATE:
            opened.append(found.start())
        elif opened:
            opened.pop()
        else:
            unbalanced.add(found.start())
    unbalanced.update(opened)
    return "".join(char for place, char in enumerate(line) if place not in unbalanced)

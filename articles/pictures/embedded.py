"""What cameras, agencies and picture desks write into a file: proposals for a picture's words, never more than that.

EXIF, IPTC-IIM and XMP, as the IPTC Photo Metadata Standard maps them on one another. The place is not read at all.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final
from xml.etree import ElementTree as ET

from PIL import Image as Pillow
from PIL import ImageFile, IptcImagePlugin

# As long as the picture's own fields let them be.
LONGEST: Final = {"alt_text": 400, "caption": 500, "credit": 160, "rights_note": 300}
# In bytes; what a newsroom writes into a file is a few thousand.
LARGEST_PACKET: Final = 1_000_000
# What Pillow raises for metadata that are broken.
BROKEN: Final = (OSError, SyntaxError, ValueError, TypeError, LookupError, AttributeError, EOFError)

# Tags of EXIF: of the picture, and in the block of the photograph.
DESCRIPTION, ARTIST, COPYRIGHT, PHOTOGRAPH, ORIGINAL_DATE = 0x010E, 0x013B, 0x8298, 0x8769, 0x9003
# Datasets of IPTC-IIM.
CHARSET, IPTC_DATE, IPTC_BYLINE, IPTC_CREDIT, IPTC_COPYRIGHT, IPTC_CAPTION = (
    (1, 90),
    (2, 55),
    (2, 80),
    (2, 110),
    (2, 116),
    (2, 120),
)
UTF_8_DECLARED: Final = b"\x1b%G"

RDF, DC = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://purl.org/dc/elements/1.1/}"
PHOTOSHOP, XMP = "{http://ns.adobe.com/photoshop/1.0/}", "{http://ns.adobe.com/xap/1.0/}"
IPTC_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"

# Nobody wrote these: cameras put them where a caption should be.
WRITTEN_BY_CAMERAS: Final = re.compile(
    r"(?:OLYMPUS|SONY|SAMSUNG|KODAK|MINOLTA|DIGITAL|CAMERA|PICTURE|DCIM|DSC|IMG|default|untitled|[-_ \d])+",
    re.IGNORECASE,
)
DAY: Final = re.compile(r"(\d{4})[-:]?(\d\d)[-:]?(\d\d)")


@dataclass(frozen=True)
class Embedded:
    """Proposals under the names of the picture's fields; empty where the file says nothing."""

    alt_text: str = ""
    caption: str = ""
    credit: str = ""
    rights_note: str = ""
    taken_on: date | None = None

    def found(self) -> dict[str, str | date]:
        """What the file says, without what it does not."""
        return {name: value for name, value in asdict(self).items() if value}


def read_embedded(picture: Pillow.Image) -> Embedded:
    """Reads what a picture that was opened says of itself; whatever is broken counts as not there."""
    readings = [reading for read in (_read_xmp, _read_iptc, _read_exif) if (reading := _tolerant(read, picture))]

    def first(name: str) -> str:
        return next((text for reading in readings if (text := _plain(reading.get(name, "")))), "")

    return Embedded(
        alt_text=_cut(first("alt_text"), LONGEST["alt_text"]),
        caption=_cut("" if WRITTEN_BY_CAMERAS.fullmatch(first("caption")) else first("caption"), LONGEST["caption"]),
        credit=_cut(_credit(first("creator"), first("credit")), LONGEST["credit"]),
        rights_note=_cut(first("rights"), LONGEST["rights_note"]),
        taken_on=_day(first("date")),
    )


def _tolerant(read: Callable[[Pillow.Image], dict[str, str]], picture: Pillow.Image) -> dict[str, str]:
    try:
        return read(picture)
    except BROKEN:
        return {}


def _read_exif(picture: Pillow.Image) -> dict[str, str]:
    exif = picture.getexif()
    return {
        "caption": _as_utf_8(exif.get(DESCRIPTION)),
        "creator": _as_utf_8(exif.get(ARTIST)),
        # Photographer's and editor's notice are parted by a zero.
        "rights": _as_utf_8(exif.get(COPYRIGHT)).replace("\0", " "),
        "date": _as_utf_8(exif.get_ifd(PHOTOGRAPH).get(ORIGINAL_DATE)),
    }


def _as_utf_8(value: object) -> str:
    """EXIF knows ASCII only; most programs write UTF-8, which Pillow takes for Latin-1."""
    if not isinstance(value, str):
        return ""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _read_iptc(picture: Pillow.Image) -> dict[str, str]:
    datasets = (IptcImagePlugin.getiptcinfo(picture) if isinstance(picture, ImageFile.ImageFile) else None) or {}
    charset = datasets.get(CHARSET)

    def text(key: tuple[int, int]) -> str:
        value = datasets.get(key)
        values = value if isinstance(value, list) else [value or b""]
        return ", ".join(_decode(each, declared=charset == UTF_8_DECLARED) for each in values)

    return {
        "caption": text(IPTC_CAPTION),
        "creator": text(IPTC_BYLINE),
        "credit": text(IPTC_CREDIT),
        "rights": text(IPTC_COPYRIGHT),
        "date": text(IPTC_DATE),
    }


def _decode(value: bytes, *, declared: bool) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeError:
        return value.decode("utf-8" if declared else "latin-1", errors="replace")


def _read_xmp(picture: Pillow.Image) -> dict[str, str]:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    packet = packet.strip(b"\0 \r\n\t")
    # With a document type come entities, and with those files that grow without end: XMP has neither. A zero stands
    # for another encoding than UTF-8, in which they might hide.
    if not packet or len(packet) > LARGEST_PACKET or any(each in packet for each in (b"<!DOCTYPE", b"<!ENTITY", b"\0")):
        return {}
    tree = ET.fromstring(packet)  # noqa: S314 - entities are refused above
    return {
        "alt_text": _xmp_text(tree, IPTC_CORE + "AltTextAccessibility"),
        "caption": _xmp_text(tree, DC + "description"),
        "creator": _xmp_text(tree, DC + "creator"),
        "credit": _xmp_text(tree, PHOTOSHOP + "Credit"),
        "rights": _xmp_text(tree, DC + "rights"),
        "date": _xmp_text(tree, PHOTOSHOP + "DateCreated") or _xmp_text(tree, XMP + "CreateDate"),
    }


def _xmp_text(tree: ET.Element, name: str) -> str:
    """A property's value, in whichever of its three spellings: an attribute, a text, or a list of texts."""
    return next((value for value in _xmp_values(tree, name) if value.strip()), "")


def _xmp_values(tree: ET.Element, name: str) -> Iterator[str]:
    for described in tree.iter(RDF + "Description"):
        yield described.get(name, "")
        for element in described.findall(name):
            yield element.text or ""
            # Creators are several; of languages, the first is the default one.
            together = element.find(RDF + "Alt") is None
            items = [item.text or "" for item in element.iter(RDF + "li")]
            yield ", ".join(items if together else items[:1])


def _credit(creator: str, credit: str) -> str:
    """“Ana Prado / Harbour Press”, each named once."""
    if not creator or creator.casefold() in credit.casefold():
        return credit
    return f"{creator} / {credit}" if credit and credit.casefold() not in creator.casefold() else creator


def _plain(text: str) -> str:
    """One line without what nobody sees."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _day(text: str) -> date | None:
    match = DAY.match(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None

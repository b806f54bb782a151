import struct
from datetime import date

import pytest
from PIL import Image as Pillow

from articles.pictures.embedded import Embedded, read_embedded
from articles.pictures.preparing import PictureRefused, look_into, prepare_picture
from tests.pictures.samples import gps_exif, picture_file

XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
  xmlns:core="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
  photoshop:Credit="Harbour Press" photoshop:DateCreated="2026-07-23T06:10:00+02:00" exif:GPSLatitude="36,31N">
<dc:creator><rdf:Seq><rdf:li>Ana Prado</rdf:li><rdf:li>Tomás Reyes</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">The first boat leaves.</rdf:li>
<rdf:li xml:lang="de">Das erste Boot.</rdf:li></rdf:Alt></dc:description>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© 2026 Harbour Press</rdf:li></rdf:Alt></dc:rights>
<core:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A ferry at dawn.</rdf:li></rdf:Alt></core:AltTextAccessibility>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def exif(**tags):
    block = gps_exif()
    names = {"caption": 0x010E, "creator": 0x013B, "rights": 0x8298}
    for name, value in tags.items():
        if name == "date":
            block.get_ifd(0x8769)[0x9003] = value
        else:
            block[names[name]] = value
    return block


def iptc(datasets):
    data = b"".join(b"\x1c" + bytes(key) + struct.pack(">H", len(value)) + value for key, value in datasets)
    resource = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"\xff\xed" + struct.pack(">H", len(resource) + 2) + resource


def read(kind="JPEG", **options):
    return prepare_picture(picture_file(kind, **options)).embedded


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_xmp_gives_words_credit_rights_and_day(kind):
    assert read(kind, xmp=XMP) == Embedded(
        alt_text="A ferry at dawn.",
        caption="The first boat leaves.",
        credit="Ana Prado, Tomás Reyes / Harbour Press",
        rights_note="© 2026 Harbour Press",
        taken_on=date(2026, 7, 23),
    )


def test_exif_gives_what_it_has():
    found = read(exif=exif(caption="At noon", creator="Ana Prado", rights="Hers", date="2026:07:23 18:40:00"))
    assert found == Embedded(caption="At noon", credit="Ana Prado", rights_note="Hers", taken_on=date(2026, 7, 23))


def test_iptc_gives_what_it_has():
    block = iptc(
        [
            ((2, 55), b"20260723"),
            ((2, 80), b"Ana Prado"),
            ((2, 110), b"Ana Prado/Harbour Press"),
            ((2, 116), "© 2026".encode()),
            ((2, 120), "Vlorë, noon".encode("latin-1")),
        ]
    )
    assert read(extra=block) == Embedded(
        caption="Vlorë, noon",
        credit="Ana Prado/Harbour Press",
        rights_note="© 2026",
        taken_on=date(2026, 7, 23),
    )


def test_newer_form_of_the_same_fact_wins():
    assert read(exif=exif(caption="Older"), xmp=XMP).caption == "The first boat leaves."


def test_names_beyond_ascii_survive_exif():
    assert read(exif=exif(creator="Tomás Reyes".encode())).credit == "Tomás Reyes"


@pytest.mark.parametrize("words", ["OLYMPUS DIGITAL CAMERA", "SAMSUNG", "DCIM_0042", "   "])
def test_words_of_cameras_are_no_caption(words):
    assert read(exif=exif(caption=words)).caption == ""


def test_words_are_as_long_as_the_fields_allow():
    found = read(exif=exif(caption="a ferry " * 200, creator="Ana " * 100))
    assert (len(found.caption), len(found.credit)) == (500, 160)
    assert found.caption.endswith("…")


def test_location_is_no_proposal():
    assert read(exif=gps_exif()).found() == {}


@pytest.mark.parametrize(
    "packet",
    [
        b"<x:xmpmeta",
        b"<!DOCTYPE x [<!ENTITY a 'a'>]>" + XMP,
        XMP.decode().encode("utf-16"),
        XMP + b" " * 1_000_001 + b"<!-- -->",
        b"\xff\xfe",
    ],
)
def test_xmp_that_is_broken_or_made_to_do_harm_counts_as_none(packet):
    picture = Pillow.new("RGB", (1, 1))
    picture.info["xmp"] = packet
    assert read_embedded(picture) == Embedded()


@pytest.mark.parametrize("day", ["0000:00:00 00:00:00", "2026:02:31", "yesterday"])
def test_day_that_never_was_is_none(day):
    assert read(exif=exif(date=day)).taken_on is None


def test_first_bytes_of_a_file_are_enough():
    content = picture_file(size=(2000, 2000), color="red", xmp=XMP).getvalue()
    assert look_into(content[:4000]).caption == "The first boat leaves."
    assert look_into(content[:300]) == Embedded()


def test_first_bytes_tell_what_can_never_be_a_picture():
    with pytest.raises(PictureRefused, match="SVG"):
        look_into(b"<svg/>")

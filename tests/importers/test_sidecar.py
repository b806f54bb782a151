from datetime import UTC, datetime

import pytest

from articles.importers.base import ImportedCorrection, NoNeighbours, Refused
from articles.importers.sidecar import Sidecar, read_sidecar
from tests.importers.texts import make_input


class Files(NoNeighbours):
    def __init__(self, **files):
        self.files = files

    def read(self, relative, *, max_bytes):
        return self.files.get(relative)


def read(toml, **files):
    data = toml if isinstance(toml, bytes) else toml.encode()
    return read_sidecar(make_input("Salt", neighbours=Files(**{"gauge.toml": data}, **files)))


def test_a_text_without_sidecar_has_an_empty_one():
    assert read_sidecar(make_input("Salt")) == Sidecar()


def test_characters_that_do_harm_go_however_they_are_written():
    sidecar = read(r"""
        dek = "Twice\u0000 a\u202E day"
        tags = ["Ti\u0000des"]
        """)
    assert (sidecar.dek, sidecar.tags) == ("Twice a day", ("Tides",))


@pytest.mark.parametrize("toml", ["tags = " + "[" * 40_000, "x = " + "{a = " * 20_000])
def test_values_without_bottom_are_refused(toml):
    with pytest.raises(Refused, match="deep"):
        read(toml)


def test_every_key_is_read():
    sidecar = read(
        """
        dek = "Twice a day, since 1874."
        story_type = "feature"
        language = "en-GB"
        section = "science"
        tags = ["Tides", "Norway"]
        published_at = 2026-07-23T18:40:00Z
        updated_at = 2026-07-24T09:00:00
        canonical_url = "https://example.com/gauge"

        [lead_image]
        file = "gauge.webp"
        alt = "A brass gauge"
        caption = "The gauge in its hut"
        credit = "Ingrid Solberg"
        licence = "CC BY 4.0"
        focal_x = 0.25
        focal_y = 1

        [[corrections]]
        text = "The hut is of wood."
        kind = "clarification"
        corrected_at = 2026-07-25

        [[corrections]]
        text = "The year was 1874."
        """,
        **{"gauge.webp": b"picture"},
    )
    assert sidecar.dek == "Twice a day, since 1874."
    assert (sidecar.story_type, sidecar.language, sidecar.section) == ("feature", "en-gb", "science")
    assert sidecar.tags == ("Tides", "Norway")
    assert sidecar.published_at == datetime(2026, 7, 23, 18, 40, tzinfo=UTC)
    assert sidecar.updated_at == datetime(2026, 7, 24, 9)  # noqa: DTZ001 - in the site's zone, whichever it is
    assert sidecar.canonical_url == "https://example.com/gauge"
    picture = sidecar.picture
    assert (picture.file, picture.data, picture.alt, picture.caption) == (
        "gauge.webp",
        b"picture",
        "A brass gauge",
        "The gauge in its hut",
    )
    assert (picture.credit, picture.licence, picture.focal_x, picture.focal_y) == (
        "Ingrid Solberg",
        "CC BY 4.0",
        0.25,
        1.0,
    )
    assert sidecar.corrections == (
        ImportedCorrection("The hut is of wood.", "clarification", datetime(2026, 7, 25)),  # noqa: DTZ001
        ImportedCorrection("The year was 1874."),
    )


def test_times_may_be_written_as_text():
    assert read('updated_at = "2026-07-24T09:00:00+00:00"').updated_at == datetime(2026, 7, 24, 9, tzinfo=UTC)


def test_a_decorative_picture_needs_no_words():
    sidecar = read('[lead_image]\nfile = "a.webp"\ndecorative = true', **{"a.webp": b"x"})
    assert sidecar.picture.decorative


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('deck = "A"', "Unknown key “deck”; expected some of: dek, story_type"),
        ("dek = 5", "dek: expected a text"),
        (f'dek = "{"x" * 501}"', "dek: expected at most 500 characters, found 501"),
        ('story_type = "novel"', "story_type: expected one of news, analysis"),
        ('language = "Old English"', "language: expected a language"),
        ("language = 5", "language: expected a language"),
        ('tags = "Tides"', "tags: expected a list"),
        ("tags = [5]", "tags: expected a text"),
        ("updated_at = 5", "updated_at: expected a date"),
        ('updated_at = "yesterday"', "updated_at: expected a date"),
        ("updated_at = 0001-01-01", "updated_at: expected a date"),
        ("updated_at = 10:00:00", "updated_at: expected a date"),
        ('canonical_url = "javascript:alert(1)"', "canonical_url: expected an address"),
        ("canonical_url = 5", "canonical_url: expected an address"),
        ("dek = !\n", "This is not TOML: .* line 1"),
        ('dek = "a"\ndek = "b"', "This is not TOML"),
        (b"\x00\x01\x02\x03", "binary"),
        ('lead_image = "a.webp"', "lead_image: expected a table"),
        ("[lead_image]\nalt = 'x'", "lead_image: expected a table with the picture’s file"),
        ("[lead_image]\nfile = 'a.webp'\nsize = 5", "lead_image: Unknown key “lead_image.size”"),
        ("[lead_image]\nfile = 'a.webp'\nalt = 'x'\nfocal_x = 2", "focal_x: expected a number from 0 to 1"),
        ("[lead_image]\nfile = 'a.webp'\nalt = 'x'\nfocal_x = true", "focal_x: expected a number from 0 to 1"),
        ("[lead_image]\nfile = 'a.webp'", "expected either “alt”"),
        ("[lead_image]\nfile = 'a.webp'\nalt = 'x'\ndecorative = true", "expected either “alt”"),
        ("[lead_image]\nfile = 'a.webp'\ndecorative = 'yes'", "decorative: expected true or false"),
        ("[lead_image]\nfile = 'b.webp'\nalt = 'x'", "there is no “b.webp” beside the text"),
        ("[lead_image]\nfile = '../a.webp'\nalt = 'x'", "file: expected a file inside the text’s folder"),
        ("[lead_image]\nfile = '/a.webp'\nalt = 'x'", "file: expected a file inside the text’s folder"),
        ("[lead_image]\nfile = 'C:\\a.webp'\nalt = 'x'", "file: expected a file inside the text’s folder"),
        ("[lead_image]\nfile = ''\nalt = 'x'", "file: expected a file inside the text’s folder"),
        ('corrections = "none"', "corrections: expected tables"),
        ("[[corrections]]\nkind = 'note'", "corrections: expected tables"),
        ("[[corrections]]\ntext = 'x'\nkind = 'lie'", "kind: expected one of correction"),
    ],
)
def test_what_cannot_be_used_is_refused_by_key_and_file(toml, message):
    with pytest.raises(Refused, match=message) as refusal:
        read(toml, **{"a.webp": b"x"})
    assert refusal.value.path == "texts/gauge.toml"


def test_words_and_picture_both_count_as_content():
    toml = '[lead_image]\nfile = "a.webp"\nalt = "x"'
    prints = {
        read(toml, **{"a.webp": b"x"}).fingerprint,
        read(toml, **{"a.webp": b"y"}).fingerprint,
        read(toml + "\ncredit = 'z'", **{"a.webp": b"x"}).fingerprint,
        Sidecar().fingerprint,
    }
    assert len(prints) == 4

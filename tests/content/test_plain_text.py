import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content.plain_text import NotText, clean_text, decode_text

SAMPLE = "Harbour’s crews — “ready”, café"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_usual_encodings_are_told_apart(encoding):
    assert decode_text(SAMPLE.encode(encoding)) == SAMPLE


def test_utf16_is_read_in_both_orders():
    assert decode_text(b"\xff\xfe" + SAMPLE.encode("utf-16-le")) == SAMPLE
    assert decode_text(b"\xfe\xff" + SAMPLE.encode("utf-16-be")) == SAMPLE


def test_undefined_windows_bytes_leave_a_visible_mark():
    assert decode_text(b"caf\xe9 \x81 end") == "café \ufffd end"


def test_nothing_is_an_empty_text():
    assert decode_text(b"") == ""
    assert decode_text(b"\xef\xbb\xbf") == ""


def test_stray_control_character_is_no_reason_to_refuse():
    assert decode_text(b"A headline\x00\n\nand its text") == "A headline\x00\n\nand its text"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"%PDF-1.7 plain words", "PDF"),
        (b"{\\rtf1 words}", "RTF"),
        (b"\x89PNG\r\n\x1a\n" + b"words " * 50, "PNG"),
        (b"PK\x03\x04words", "zip"),
        (bytes(range(256)) * 4, "control characters"),
        (b"\x00\x01\x02\x03", "control characters"),
        (b"caf\xe9 " * 50 + b"\0", "neither UTF-8 nor Windows-1252"),
        ("words".encode("utf-16-le"), "control characters"),
        (b"\xff\xfea", "broken at byte"),
    ],
)
def test_binary_data_is_refused_with_a_sentence(data, complaint):
    with pytest.raises(NotText, match=complaint):
        decode_text(data)


@given(st.binary(max_size=200))
def test_any_bytes_become_text_or_are_refused(data):
    try:
        text = decode_text(data)
    except NotText:
        text = ""
    assert not [char for char in clean_text(text) if unicodedata.category(char) == "Cc" and char != "\n"]


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\r\nb\rc\u2028d\u2029e\x85f", "a\nb\nc\nd\ne\nf"),
        ("a\tb", "a b"),
        ("a\x00b\x07\x1b\x7f\x90c", "abc"),
        ("\ufeffze\u200bro so\xadft\u2060", "zero soft"),
        ("x\u202eevil\u202c y", "xevil y"),
        ("cafe\u0301", "café"),
        ("\ud800x\ufffe", "x"),
        ("plain ascii", "plain ascii"),
        ("می\u200cروم", "می\u200cروم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("❤️\u200d🔥", "❤️\u200d🔥"),
        ("ad\u200dmin \u200cé\u200dx", "admin éx"),
        ("a\u200fb\u200e", "a\u200fb\u200e"),
        ("\u2067אב\u2069 c", "\u2067אב\u2069 c"),
        ("\u2067אב c\nd\u2069", "אב c\nd"),
    ],
)
def test_text_loses_what_cannot_be_seen_but_does_harm(dirty, clean):
    assert clean_text(dirty) == clean


@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("\u200c\u200d\u2066\u2069\u202e\r\n\t\x00क्é")), max_size=60
    )
)
def test_cleaning_is_idempotent(text):
    once = clean_text(text)
    assert clean_text(once) == once
    assert once == unicodedata.normalize("NFC", once)
    assert not set(once) & set("\r\t\x00\ufeff\u200b\u202e\u2028")

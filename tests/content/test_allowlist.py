import pytest

from articles.content import allowlist


def test_every_table_speaks_of_allowed_tags():
    assert allowlist.ATTRIBUTES.keys() <= allowlist.TAGS
    assert allowlist.NEEDS_ONE_OF.keys() <= allowlist.TAGS
    assert set(allowlist.SYNONYMS.values()) <= allowlist.TAGS
    assert not allowlist.SYNONYMS.keys() & allowlist.TAGS
    assert not allowlist.DISCARDED_WITH_CONTENT & allowlist.TAGS


def test_no_styling_and_no_event_is_allowed():
    names = set().union(*allowlist.ATTRIBUTES.values())
    assert not {name for name in names if name in {"style", "id"} or name.startswith("on")}


@pytest.mark.parametrize(
    "address",
    ["/a", "a/b:c", "?q=a:b", "#top", "//example.org/x", "https://example.org", "HTTP://example.org", "mailto:a@b.example",
     "/x?a=1&amp;copy=2"],
)  # fmt: skip
def test_usual_addresses_are_allowed(address):
    assert allowlist.is_allowed_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "  ", "javascript:1", "java\nscript:x", "\x01javascript:x", "javascript&colon;x", "java&amp;#115;cript:x",
     "data:text/html,x", "tel:1", "localhost:8000/x", "feed:https://x.example", ":x", "\u202ejavascript:x"],
)  # fmt: skip
def test_other_schemes_are_refused(address):
    assert not allowlist.is_allowed_address(address)


def test_attribute_belongs_to_its_tag():
    assert allowlist.is_allowed_attribute("td", "colspan", "2")
    assert not allowlist.is_allowed_attribute("p", "colspan", "2")
    assert not allowlist.is_allowed_attribute("td", "colspan", "0")

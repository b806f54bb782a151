"""Tags in the form in which other caches want to hear them."""

from hypothesis import given
from hypothesis import strategies as st

from articles.page_cache.tag_fields import TagField, outward
from tests.page_cache.site import FRESH, Reader, page

SPACED = TagField("Surrogate-Key", " ", 1_000, 1_000)


@given(st.text(min_size=1))
def test_tag_has_one_form_without_what_parts_a_list(tag):
    told = outward(tag)
    assert told.isascii()
    assert not set(told) & set(' ,"\\\r\n\t\0')
    assert outward(told) == told


def test_tag_of_plain_words_stays_as_it_is():
    assert outward("list:month:2026-07") == "list:month:2026-07"


@given(st.sets(st.from_regex(r"[a-z]{1,8}:[0-9]{1,4}", fullmatch=True), min_size=1))
def test_lines_hold_every_tag_once_and_none_is_too_long(tags):
    lines = TagField("xkey", " ", 20, 10_000).lines(tags)
    assert sorted(tag for _, value in lines for tag in value.split(" ")) == sorted(tags)
    assert max(len(value) for _, value in lines) <= 20


def test_more_than_the_other_side_remembers_is_no_field_at_all():
    assert TagField("Cache-Tag", ",", 10, 20).lines(["a" * 9, "b" * 9, "c" * 9]) is None
    assert TagField("Cache-Tag", ",", 10, 20).lines(["a" * 11]) is None


def test_page_of_which_not_all_tags_can_be_told_is_kept_here_and_nowhere_else():
    many = ", ".join(f"article:{number}" for number in range(200))
    told = ("Cache-Control", "max-age=0, s-maxage=600, stale-if-error=86400")
    reader = Reader({"/": page(told, ("Cache-Tag", many))}, tag_fields=[SPACED])
    for reply in (reader.get("/"), reader.get("/")):
        assert reply["Cache-Control"] == "max-age=0, s-maxage=0, stale-if-error=0"
        assert reply["Surrogate-Key"] is None
    assert reader.asked == 1


def test_each_cache_in_front_hears_in_its_own_words():
    fields = [SPACED, TagField("Cache-Tag", ",", 100, 100)]
    reader = Reader({"/": page(FRESH, ("Cache-Tag", "article:1, slug:%D0%BF"))}, tag_fields=fields)
    reply = reader.get("/")
    assert (reply["Surrogate-Key"], reply["Cache-Tag"]) == ("article:1 slug:%D0%BF", "article:1,slug:%D0%BF")


def test_page_without_tags_tells_none():
    reader = Reader({"/": page(FRESH)}, tag_fields=[SPACED])
    assert (reader.get("/")["Surrogate-Key"], reader.get("/")["Cache-Control"]) == (None, FRESH[1])


def test_cache_that_keeps_nothing_tells_them_all_the_same():
    reader = Reader({"/": page(FRESH, ("Cache-Tag", "article:1, list:front"))}, tag_fields=[SPACED], max_bytes=0)
    for reply in (reader.get("/"), reader.get("/")):
        assert (reply["Surrogate-Key"], reply["Cache-Tag"]) == ("article:1 list:front", None)
    assert reader.asked == 2

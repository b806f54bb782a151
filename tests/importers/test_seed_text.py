import re
import textwrap
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content.folding import fold_headline
from articles.content.plain_text import clean_text
from articles.content.text import RelatedMarker
from articles.importers.base import ImportedLink, ImportedName, Refused
from articles.importers.seed_text import SeedImporter, parse_seed
from tests.importers.texts import PAGE_OF_A_BLOG, make_input, make_text

BODY = "The river rose in the night and nobody in the village had seen it so high before."
MORE = "A boat was found, and then another, and both were tied to the door of the church."


def read_one(text, **values):
    return next(iter(SeedImporter().read(make_input(text, **values))))


class TestPageOfABlog:
    seed = parse_seed(PAGE_OF_A_BLOG)

    def test_headline_is_the_first_line(self):
        assert self.seed.headline == "Harbour council turns down offer for the old lighthouse"

    def test_paragraphs_stand_in_order_and_whole(self):
        paragraphs = [block for block in self.seed.blocks if isinstance(block, str)]
        assert len(paragraphs) == 10
        assert paragraphs == [line for line in PAGE_OF_A_BLOG.split("\n\n") if line in paragraphs]
        assert paragraphs[5] == "But the council wasn't interested."
        assert paragraphs[9].endswith("while they are read.")

    def test_reference_stands_between_the_fourth_paragraph_and_the_fifth(self):
        assert self.seed.blocks.index(RelatedMarker(1)) == 4
        assert self.seed.links == [
            ImportedLink("Dozens of keepers said to have left the service since the lamps went dark")
        ]

    def test_source_has_its_name_and_account(self):
        assert self.seed.sources == (ImportedName("Coast News", ("Twitter @coastnews",)),)

    def test_popular_headlines_stand_in_order(self):
        assert list(self.seed.popular.values()) == [
            "How a power cut helped the owls of Hamar",
            "Former smuggler, customs man row together to promote the regatta",
            "‘Not a Shed, the Boathouse is a Palace’: Town Releases ‘Boatmen’s’ Plans | Exclusive",
        ]

    def test_no_trace_of_the_boilerplate_is_in_the_body(self):
        body = " ".join(block for block in self.seed.blocks if isinstance(block, str))
        assert not re.search("Related|Follow|Popular|coastnews|owls", body)

    def test_a_dash_in_the_third_paragraph_makes_no_dateline(self):
        assert (self.seed.dateline, self.seed.people, self.seed.head.published_at) == ("", (), None)

    def test_line_ends_alone_part_paragraphs_as_well(self):
        tight = parse_seed(re.sub("\n+", "\n", PAGE_OF_A_BLOG))
        assert tight.blocks == self.seed.blocks
        assert tight.links == self.seed.links
        assert tight.popular == self.seed.popular
        assert tight.sources == self.seed.sources

    def test_wrapped_lines_are_joined_again(self):
        wrapped = "\n".join(
            line if line.startswith(("Popular", "‘Not", "Former", "Related")) else textwrap.fill(line, 79)
            for line in PAGE_OF_A_BLOG.split("\n")
        )
        assert parse_seed(wrapped).blocks == self.seed.blocks

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_encodings_and_line_ends_do_not_matter(self, encoding, line_end):
        article = read_one(PAGE_OF_A_BLOG.replace("\n", line_end).encode(encoding))
        assert article == read_one(PAGE_OF_A_BLOG)


class TestHead:
    @pytest.mark.parametrize(
        "head",
        [
            "By Leila Haddad\n23 July 2016",
            "23 July 2016\nBy Leila Haddad",
            "By Leila Haddad\n\n23 July 2016",
            "By Leila Haddad | 23 July 2016",
        ],
    )
    def test_byline_and_date_are_read_in_either_order(self, head):
        seed = parse_seed(make_text("Salt", head, BODY))
        assert seed.people == (ImportedName("Leila Haddad"),)
        assert seed.head.published_at == datetime(2016, 7, 23)  # noqa: DTZ001
        assert seed.blocks == [BODY]

    def test_byline_may_stand_right_under_the_headline(self):
        seed = parse_seed(f"Salt\nBy Leila Haddad and Tomás Reyes\n\n{BODY}")
        assert [person.name for person in seed.people] == ["Leila Haddad", "Tomás Reyes"]

    def test_byline_further_down_is_a_paragraph(self):
        seed = parse_seed(make_text("Salt", BODY, "By Leila Haddad"))
        assert seed.blocks == [BODY, "By Leila Haddad"]
        assert seed.people == ()

    def test_dateline_is_taken_off_the_first_paragraph_alone(self):
        seed = parse_seed(make_text("Salt", f"KUTCH, India — {BODY}", f"KUTCH, India — {BODY}"))
        assert seed.dateline == "KUTCH, India"
        assert seed.blocks == [BODY, f"KUTCH, India — {BODY}"]

    def test_dateline_is_found_behind_a_reference(self):
        seed = parse_seed(make_text("Salt", "Watch: The boat", f"KUTCH — {BODY}"))
        assert seed.dateline == "KUTCH"


class TestReferences:
    def test_each_has_a_marker_at_its_place(self):
        seed = parse_seed(make_text("Salt", "Watch: A", BODY, "Related: B\nSee also: C", MORE, "RELATED: D"))
        assert seed.blocks == [RelatedMarker(1), BODY, RelatedMarker(2), RelatedMarker(3), MORE, RelatedMarker(4)]
        assert [link.headline for link in seed.links] == ["A", "B", "C", "D"]

    def test_a_reference_between_lines_of_a_block_parts_them(self):
        seed = parse_seed(f"Salt\n{BODY}\nRelated: A\n{MORE}")
        assert seed.blocks == [BODY, RelatedMarker(1), MORE]

    def test_a_bare_label_takes_the_headline_below_it(self):
        seed = parse_seed(make_text("Salt", BODY, "Related:", "The boat", MORE))
        assert seed.links == [ImportedLink("The boat")]
        assert seed.blocks == [BODY, RelatedMarker(1), MORE]

    def test_a_bare_label_takes_the_lines_of_its_block(self):
        seed = parse_seed(make_text("Salt", BODY, "Related:\n- The boat\n- The church", MORE))
        assert [link.headline for link in seed.links] == ["The boat", "The church"]

    def test_a_bare_label_takes_a_list_with_bullets(self):
        seed = parse_seed(make_text("Salt", BODY, "Read more:", "• The boat\n• The church", MORE))
        assert [link.headline for link in seed.links] == ["The boat", "The church"]

    def test_a_bare_label_takes_no_paragraph(self):
        seed = parse_seed(make_text("Salt", BODY, "Related:", MORE))
        assert seed.blocks == [BODY, MORE]
        assert seed.links == []

    def test_a_bare_label_in_a_text_without_empty_lines_takes_one_headline(self):
        seed = parse_seed(f"Salt\n{BODY}\nRelated:\nThe boat\n{MORE}")
        assert seed.blocks == [BODY, RelatedMarker(1), MORE]

    def test_a_bare_label_before_another_mark_gives_nothing(self):
        seed = parse_seed(make_text("Salt", BODY, "Related:\nRelated: A", MORE))
        assert seed.blocks == [BODY, RelatedMarker(1), MORE]

    def test_a_bare_label_at_the_end_gives_nothing(self):
        assert parse_seed(make_text("Salt", BODY, "Related:")).blocks == [BODY]


class TestAccounts:
    def test_several_networks_of_one_source_come_together(self):
        seed = parse_seed(
            make_text("Salt", BODY, "Follow Coast on Twitter: @coast", "Follow Coast on Instagram: @coast")
        )
        assert seed.sources == (ImportedName("Coast", ("Twitter @coast", "Instagram @coast")),)

    def test_several_sources_keep_their_order(self):
        seed = parse_seed(make_text("Salt", "Follow B on Twitter: @b", BODY, "Follow A on Twitter: @a"))
        assert [source.name for source in seed.sources] == ["B", "A"]
        assert seed.blocks == [BODY]

    def test_an_author_to_follow_is_no_source(self):
        seed = parse_seed(make_text("Salt", "By Leila Haddad", BODY, "Follow Leila Haddad on Twitter: @leila"))
        assert seed.sources == ()
        assert seed.people == (ImportedName("Leila Haddad", ("Twitter @leila",)),)

    def test_us_is_the_source_that_the_text_names(self):
        seed = parse_seed(make_text("Salt", BODY, "Follow Coast on Twitter: @coast\nFollow us on Instagram: @coast"))
        assert seed.sources == (ImportedName("Coast", ("Twitter @coast", "Instagram @coast")),)

    def test_us_alone_is_known_by_the_handle(self):
        seed = parse_seed(make_text("Salt", BODY, "Follow us on Twitter: @coast"))
        assert seed.sources == (ImportedName("coast", ("Twitter @coast",)),)

    def test_a_wrong_handle_leaves_a_source_without_account_and_a_note(self):
        article = read_one(make_text("Salt", BODY, "Follow Coast on Twitter: @far_too_long_for_twitter"))
        assert article.sources == (ImportedName("Coast"),)
        assert article.blocks == (BODY,)
        assert "far_too_long_for_twitter" in article.notes[0]


class TestPopularLists:
    @pytest.mark.parametrize(
        "block",
        [
            "Popular posts from this blog\n\nThe boat\n\nThe owls",
            "Popular posts from this blog\n\nThe boat\nThe owls",
            "Popular posts from this blog\nThe boat\nThe owls",
            "Popular posts from this blog\nThe boat\n\nThe owls",
            "Popular posts from this blog\n\n- The boat\n- The owls",
            "Popular posts from this blog\n\n• The boat\n\n• The owls",
            "Popular posts from this blog\n1. The boat\n2. The owls",
            "POPULAR POSTS FROM THIS BLOG:\n\n\n\nThe boat\n\n\nThe owls",
        ],
    )
    @pytest.mark.parametrize("place", ["end", "middle", "beginning"])
    def test_headlines_are_found_wherever_and_however_the_list_stands(self, block, place):
        blocks = {"end": [BODY, MORE, block], "middle": [BODY, block, MORE], "beginning": [block, BODY, MORE]}[place]
        seed = parse_seed(make_text("Salt", *blocks))
        assert list(seed.popular.values()) == ["The boat", "The owls"]
        assert seed.blocks == [BODY, MORE]

    def test_a_list_in_a_text_without_empty_lines_ends_before_prose(self):
        seed = parse_seed(f"Salt\n{BODY}\nPopular posts from this blog\nThe boat\nThe owls\n{MORE}")
        assert list(seed.popular.values()) == ["The boat", "The owls"]
        assert seed.blocks == [BODY, MORE]

    def test_a_list_line_by_line_ends_with_the_empty_line(self):
        seed = parse_seed(make_text("Salt", BODY, "Popular posts\nThe boat\nThe owls", "The morning after", MORE))
        assert list(seed.popular.values()) == ["The boat", "The owls"]
        assert seed.blocks == [BODY, "The morning after", MORE]

    def test_a_list_with_bullets_ends_with_the_bullets(self):
        seed = parse_seed(
            make_text("Salt", BODY, "Popular posts\n\n- The boat\n\n- The owls", "The morning after", MORE)
        )
        assert seed.blocks == [BODY, "The morning after", MORE]

    def test_a_list_ends_before_a_wrapped_paragraph(self):
        seed = parse_seed(make_text("Salt", BODY, "Popular posts", "The boat", textwrap.fill(f"{BODY} {MORE}", 60)))
        assert list(seed.popular.values()) == ["The boat"]
        assert seed.blocks == [BODY, f"{BODY} {MORE}"]

    def test_a_list_ends_at_a_byline_and_at_other_marks(self):
        seed = parse_seed(
            make_text(
                "Salt", "Popular posts\n\nThe boat", "By Leila Haddad", BODY, "Popular posts\n\nThe owls", "Related: A"
            )
        )
        assert list(seed.popular.values()) == ["The boat", "The owls"]
        assert [person.name for person in seed.people] == ["Leila Haddad"]
        assert seed.links == [ImportedLink("A")]

    def test_a_popular_headline_may_begin_like_a_reference(self):
        seed = parse_seed(make_text("Salt", BODY, "Popular posts", "Watch: The boat", "The owls"))
        assert list(seed.popular.values()) == ["Watch: The boat", "The owls"]
        assert seed.links == []

    def test_no_headline_stands_twice(self):
        seed = parse_seed(make_text("Salt", BODY, "Popular posts", "The boat", "THE BOAT", "“The boat”"))
        assert list(seed.popular.values()) == ["The boat"]

    def test_an_empty_list_is_none(self):
        assert not parse_seed(make_text("Salt", BODY, "Popular posts from this blog")).popular


class TestText:
    def test_text_is_text(self):
        blocks = ["<script>alert(1)</script> &amp; <b>bold</b>", "**stars** _lines_ # number [link](there)"]
        assert parse_seed(make_text("A & <b>B</b>", *blocks)).blocks == blocks

    def test_invisible_characters_do_not_hide_marks(self):
        article = read_one(
            make_text("Salt", BODY, "\u200bRelated:\u00a0The boat\x00", "\ufeffFollow Coast on Twitter: @coast")
        )
        assert article.links == (ImportedLink("The boat"),)
        assert article.sources[0].name == "Coast"
        assert article.blocks == (BODY, RelatedMarker(1))

    def test_headlines_in_other_scripts_are_kept(self):
        assert parse_seed("台风登陆\n\n暴雨持续。").headline == "台风登陆"
        assert parse_seed("🙂\n\nA face.").headline == "🙂"


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "message", "line"),
        [
            (b"", "empty", None),
            (b" \n\r\n\t ", "empty", None),
            ("\ufeff".encode(), "empty", None),
            ("\u200b\n".encode(), "empty", None),
            (b"%PDF-1.7 and so on", "a PDF document", None),
            (bytes(range(256)), "binary", None),
            (b"\n\nSalt\n", "Nothing but a headline", 3),
            (b"Salt\n\nFollow Coast on Twitter: @coast", "Nothing but a headline", 1),
            (b"\n" + b"word " * 80 + b"\n\nText.", "399 characters; expected a headline of at most 300", 2),
            (b"Popular posts from this blog\n\nA\n\nB", "Expected a headline", 1),
            (b"Related: A\n\nB.", "Expected a headline", 1),
        ],
    )
    def test_what_is_no_article_is_refused_with_the_line(self, data, message, line):
        with pytest.raises(Refused, match=message) as refusal:
            read_one(data)
        assert refusal.value.line == line


class TestContentHash:
    def test_space_around_lines_does_not_count(self):
        loose = PAGE_OF_A_BLOG.replace("\n\n", "  \n\n\n \n")
        assert read_one(loose).content_hash == read_one(PAGE_OF_A_BLOG).content_hash

    def test_each_word_counts(self):
        assert read_one(PAGE_OF_A_BLOG.replace("owls", "cats")).content_hash != read_one(PAGE_OF_A_BLOG).content_hash

    def test_the_name_of_the_file_does_not_count(self):
        assert (
            read_one(PAGE_OF_A_BLOG, name="a.txt").content_hash == read_one(PAGE_OF_A_BLOG, name="b.txt").content_hash
        )


def words_of(texts):
    """Folded, as headlines that differ in case or accents alone stand once in a list; without a list's numbers."""
    words = re.findall(r"[^\W_]+", " ".join(texts))
    return {fold_headline(word) for word in words if not re.fullmatch(r"\d{1,2}", word)}


LINES = st.sampled_from(
    [
        "",
        "",
        BODY,
        MORE,
        "The boat",
        "By Leila Haddad",
        "23 July 2016",
        "KUTCH, India — It rained.",
        "Related: The owls",
        "Related:",
        "• The harbour",
        "Watch: https://example.com/a",
        "Follow Coast on Twitter: @coast",
        "Popular posts from this blog",
        "1. The lamp",
        "What now?",
    ]
) | st.text(st.characters(codec="utf-8"), max_size=60)


@given(st.lists(LINES, max_size=25))
def test_any_text_is_parsed_or_refused_and_no_word_is_lost(lines):
    text = clean_text("\n".join(lines))
    try:
        seed = parse_seed(text)
    except Refused:
        return
    out = [
        seed.headline,
        seed.dateline,
        *(block for block in seed.blocks if isinstance(block, str)),
        *(link.headline for link in seed.links),
        *(link.url for link in seed.links),
        *seed.popular.values(),
        *(one.name + " " + one.handle for one in seed.followed),
        *(person.name for person in seed.people),
    ]
    boilerplate = "related watch follow on twitter popular posts from this blog by 2016 july"
    lost = words_of([text]) - words_of(out) - set(boilerplate.split())
    assert not lost


@given(st.binary(max_size=300))
def test_any_bytes_are_parsed_or_refused(data):
    try:
        article = read_one(data)
    except Refused:
        return
    assert article.headline
    assert article.blocks

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from articles.importers.paragraphs import is_prose, join_lines, split_blocks

PROSE = (
    "The river rose in the night and by the morning it had reached the second step of the church. "
    "Nobody in the village had seen it there before, and those who were old enough to remember said so. "
    "A boat was found, and then another, and they were tied to the door."
)


def test_blocks_are_parted_by_lines_without_words():
    blocks = list(split_blocks("One\n  two \n\n \u00a0 \n\nThree\n"))
    assert [[(line.number, line.text) for line in block] for block in blocks] == [
        [(1, "One"), (2, "two")],
        [(6, "Three")],
    ]


def test_wrapped_lines_become_one_paragraph():
    assert join_lines(textwrap.wrap(PROSE, 72)) == [PROSE]


def test_wrapped_paragraphs_without_empty_lines_are_told_apart():
    lines = [*textwrap.wrap(PROSE, 72), *textwrap.wrap(PROSE, 72)]
    assert join_lines(lines) == [PROSE, PROSE]


def test_lines_that_were_not_wrapped_stand_for_themselves():
    lines = [PROSE, "A short one.", PROSE]
    assert join_lines(lines) == lines


def test_verse_keeps_its_lines():
    lines = ["The tide goes out", "and nobody counts it", "but the gauge"]
    assert join_lines(lines) == lines


def test_lines_that_all_end_a_sentence_are_paragraphs():
    lines = ["This paragraph has a length that an editor would call modest.", "And this one hardly less, all told."]
    assert join_lines(lines) == lines


@given(st.lists(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1), min_size=1))
def test_no_word_is_lost(lines):
    assert " ".join(join_lines(lines)).split() == " ".join(lines).split()


def test_headlines_are_no_prose():
    for headline in ("Salt", "Why the U.S. left", "How a firm named Acme Inc.", "What now?", "“No,” says mayor"):
        assert not is_prose([headline]), headline


def test_sentences_and_long_lines_are_prose():
    for line in ("But nobody was.", "He said “no.”", "word " * 40):
        assert is_prose([line.strip()]), line

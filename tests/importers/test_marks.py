import pytest

from articles.importers.base import ImportedLink
from articles.importers.marks import is_popular_heading, parse_followed, parse_related, strip_bullet


@pytest.mark.parametrize(
    "line",
    [
        "Related: The boat",
        "RELATED: The boat",
        "related:The boat",
        "Related:\u00a0 The boat",
        "Related story: The boat",
        "Related stories: The boat",
        "Read more: The boat",
        "Read also: The boat",
        "See also: The boat",
        "SEE ALSO : The boat",
        "Watch: The boat",
        "• Related: The boat",
        "- Related: The boat",
    ],
)
def test_references_are_recognised(line):
    assert parse_related(line) == ImportedLink("The boat")


@pytest.mark.parametrize(
    "line",
    [
        "Related to the king: nobody",
        "Read more books",
        "Watch the river: it rises",
        "Relatedly: no",
        "It is related: so",
    ],
)
def test_prose_is_no_reference(line):
    assert parse_related(line) is None


def test_a_label_alone_awaits_its_headline():
    assert parse_related("Related:") == ImportedLink("")


def test_a_very_long_reference_is_a_paragraph():
    assert parse_related("See also: " + "word " * 100) is None


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("Watch: https://example.com/film", ImportedLink("https://example.com/film", "https://example.com/film")),
        ("Related: The boat https://example.com/b", ImportedLink("The boat", "https://example.com/b")),
        ("Related: The boat (https://example.com/b)", ImportedLink("The boat", "https://example.com/b")),
        ("Related: The boat — https://example.com/b", ImportedLink("The boat", "https://example.com/b")),
        ("Related: javascript:alert(1)", ImportedLink("javascript:alert(1)")),
    ],
)
def test_a_reference_may_have_an_address(line, link):
    assert parse_related(line) == link


@pytest.mark.parametrize(
    ("line", "name", "account"),
    [
        ("Follow VICE News on Twitter: @vicenews", "VICE News", "Twitter @vicenews"),
        ("follow VICE News on twitter @vicenews.", "VICE News", "Twitter @vicenews"),
        ("Follow Desk on Mastodon: @desk@example.social", "Desk", "Mastodon @desk@example.social"),
        ("Follow Desk on Bluesky: @desk.example.com", "Desk", "Bluesky @desk.example.com"),
        ("Follow Desk on Instagram: @desk.example", "Desk", "Instagram @desk.example"),
        ("Follow Desk on Facebook: desk", "Desk", "Facebook desk"),
        ("Follow Desk on X: https://x.com/desk", "Desk", "X @desk"),
        ("Follow @desk on Twitter", "", "Twitter @desk"),
        ("Follow us on Twitter: @desk", "", "Twitter @desk"),
    ],
)
def test_accounts_to_follow_are_recognised(line, name, account):
    followed = parse_followed(line)
    assert (followed.name, str(followed.account), followed.complaint) == (name, account, "")


def test_a_handle_that_cannot_be_one_is_complained_of():
    followed = parse_followed("Follow Desk on Twitter: @a_name_that_is_far_too_long")
    assert followed.name == "Desk"
    assert followed.account is None
    assert "a_name_that_is_far_too_long" in followed.complaint


def test_an_unknown_network_is_complained_of():
    assert "Myspace" in parse_followed("Follow Desk on Myspace: @desk").complaint


@pytest.mark.parametrize(
    "line",
    [
        "Follow the story on foot",
        "Follow the money on Monday: banks",
        "Follow us on Twitter",
        "They follow Desk on Twitter: @desk",
        "Follow " + "x" * 400,
    ],
)
def test_prose_asks_nobody_to_follow(line):
    assert parse_followed(line) is None


@pytest.mark.parametrize(
    "line",
    ["Popular posts from this blog", "POPULAR POSTS FROM THIS BLOG", "Popular posts:", "Popular posts from this site"],
)
def test_headings_of_popular_lists_are_recognised(line):
    assert is_popular_heading(line)


def test_a_sentence_about_popular_posts_is_no_heading():
    assert not is_popular_heading("Popular posts from this blog are read by many")


@pytest.mark.parametrize("line", ["- Salt", "* Salt", "• Salt", "•Salt", "1. Salt", "2) Salt", "(3) Salt", "– Salt"])
def test_bullets_and_numbers_are_stripped(line):
    assert strip_bullet(line) == (True, "Salt")


@pytest.mark.parametrize("line", ["Salt", "3.5 million", "10 ways", "-5 degrees", "*Salt*"])
def test_other_beginnings_stay(line):
    assert strip_bullet(line) == (False, line)

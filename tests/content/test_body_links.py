from articles.content.body_links import BodyLink, find_links


def test_addresses_and_stories_are_found_with_their_words():
    body = (
        '<p><a href="/x?a=1&amp;b=2" title="a > b">One <em>two</em></a> and '
        '<a data-article="0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d">three</a></p>'
    )
    assert list(find_links(body)) == [
        BodyLink("One two", address="/x?a=1&b=2"),
        BodyLink("three", article="0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"),
    ]


def test_body_without_links_has_none():
    assert list(find_links("<p>One &lt;a href=x&gt; two</p><abbr>a</abbr>")) == []

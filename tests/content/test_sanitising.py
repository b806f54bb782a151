import re
import threading

import pytest
from django.utils.html import conditional_escape
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.content.sanitising import CleanHTML, clean_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='javascript:123'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='jav&#x0A;ascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href='java&amp;#115;cript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='\u200bjavascript:alert(1)'>x</a>",
    "<p style='background:url(javascript:alert(1))' onclick=alert(1) id=x class=y>x</p>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action='javascript:alert(1)'><button>x</button></form>",
    "<style>@import 'x'</style>",
    "<base href='//evil.example/'>",
    "<figure data-embed='youtube:\"><script>alert(1)</script>'></figure>",
    "<small data-footnote='\" onclick=alert(1)'>x</small>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    '<p title="\'><script>alert(1)</script>">x',
    "<abbr title='&quot;><script>alert(1)</script>'>x</abbr>",
    "<table><td><aside data-related='1'><script>alert(1)</script></table>",
    "<textarea><p title='</textarea><img src onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<plaintext><script>alert(1)</script>",
    "<xmp><script>alert(1)</script></xmp>",
    "<p\x00 onclick=alert(1)>NUL\x00</p>",
    "<<p>p>><</p>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;",
    "<pre>\n\n\n\n\nx</pre>",
    "<b><i><p>x</b></i>",
    "\ud800<p>\ufffe&#xD800;&#1;</p>",
]
TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
SOUP = st.lists(
    st.one_of(
        st.sampled_from(HOSTILE),
        st.sampled_from(
            "<p> </p> <b> </i> <h1> <h6> <ul> <li> </ul> <pre> <br> <hr/> <table> <tr> <td> <th> <q> <code> <figure> "
            "<aside> </aside> <a> </a> <span> <!-- --> <!doctype> & &amp; &nbsp; &notin &# < > ' \" \r \n \x00".split(
                " "
            )
        ),
        st.sampled_from(
            [
                "<aside data-related=3>",
                "<aside data-related='03'>",
                "<aside class=pullquote>",
                "<a href='/x?a=1&b=2' title='a>b'>",
                "<p dir=rtl lang=ar>",
                "<span lang='x y'>",
                "<td colspan=2>",
                "<abbr title='<p>&quot;'>",
                "<small data-footnote>",
                "</small>",
                "<figure data-embed=vimeo:76979871>",
                "<figure data-embed='vimeo:1\"'>",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=12,
).map("".join)


def assert_harmless(cleaned):
    assert not re.search(r"<(?!/?(?:p|h[234]|blockquote|ul|ol|li|a|strong|em|s|sub|sup|code|pre|br|hr|figure|figcaption"
                         r"|table|thead|tbody|tr|th|td|abbr|cite|q|aside|span|small)[ >])", cleaned)  # fmt: skip
    for _, _, attributes in TAG.findall(cleaned):
        names = re.findall(r' ([a-z-]+)="[^"]*"', attributes)
        assert set(names) <= {
            "href", "title", "lang", "hreflang", "class", "data-related", "data-embed", "data-footnote", "dir", "colspan", "rowspan", "scope",
        }  # fmt: skip
    for address in re.findall(r'href="([^"]*)"', cleaned):
        assert re.match(r"(?:https?:|mailto:|[^:]*$|[^:]*[/?#])", address)


@pytest.mark.parametrize("fragment", HOSTILE)
def test_hostile_fragments_come_out_harmless_and_stay_as_they_are(fragment):
    cleaned = clean_html(fragment)
    assert_harmless(cleaned)
    assert clean_html(str(cleaned)) == cleaned


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_cleaning_is_idempotent_and_harmless_on_any_soup(fragment):
    cleaned = clean_html(fragment)
    assert_harmless(cleaned)
    assert clean_html(str(cleaned)) == cleaned


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ("<p>One <strong>two</strong>", "<p>One <strong>two</strong></p>"),
        ("<p><b>one</b> <i>two</i></p>", "<p><strong>one</strong> <em>two</em></p>"),
        ("<h1>Top</h1><h6>Low</h6>", "<h2>Top</h2><h4>Low</h4>"),
        ("<p>a<span style='x'>b</span>c</p>", "<p>abc</p>"),
        ("<p><a>no address</a></p>", "<p>no address</p>"),
        ("<p><a href='#'>here</a></p>", '<p><a href="#">here</a></p>'),
        ("<a href='MAILTO:desk@example.org'>m</a>", '<a href="MAILTO:desk@example.org">m</a>'),
        ("<a href='https://example.org/a?b=1&amp;c=2'>m</a>", '<a href="https://example.org/a?b=1&amp;c=2">m</a>'),
        ("<a href='https://example.org' rel=x target=_blank>m</a>", '<a href="https://example.org">m</a>'),
        ("<p>one</p><p>&nbsp;</p><p></p>\n<p>two</p>", "<p>one</p><p>two</p>"),
        ("<p>10&nbsp;km</p>", "<p>10\xa0km</p>"),
        ("<!-- note --><p>x</p>", "<p>x</p>"),
        ("<div><p>kept</p></div>", "<p>kept</p>"),
        ("<p lang='en-GB' dir='up'>x</p>", '<p lang="en-GB">x</p>'),
        ("<table><tr><th scope=col colspan=2>x</th></table>",
         '<table><tbody><tr><th scope="col" colspan="2">x</th></tr></tbody></table>'),
        ("<aside class='pullquote'>Said.</aside>", '<aside class="pullquote">Said.</aside>'),
        ("<aside class='advert'>Buy.</aside>", "Buy."),
        ("", ""),
    ],
)  # fmt: skip
def test_markup_is_reduced_to_the_allowlist(given_html, expected):
    assert clean_html(given_html) == expected


@pytest.mark.parametrize(
    "marker",
    [
        '<aside data-related="3"></aside>',
        "<ASIDE DATA-RELATED=3 class=pullquote id=x></ASIDE>",
        "<aside onclick='x' data-related='3' />",
        "<aside data-related='3'><!-- headline --></aside>",
    ],
)
def test_markers_take_one_form(marker):
    assert clean_html(f"<p>a</p>{marker}") == '<p>a</p><aside data-related="3"></aside>'


@pytest.mark.parametrize("number", ["0", "-1", "03", "x", "", "1.5", "٣", "3 4", "99999999999"])
def test_marker_without_a_positive_number_is_dropped(number):
    assert clean_html(f'<aside data-related="{number}"></aside><p>a</p>') == "<p>a</p>"


def test_unclosed_marker_swallows_no_text():
    assert clean_html("<aside data-related=3><p>Rest.</p>") == '<aside data-related="3"></aside><p>Rest.</p>'


@pytest.mark.parametrize("tag", ["blockquote", "ul><li", "b><i", "table><tr><td", "span dir=rtl", "blockquote></x"])
def test_absurd_nesting_keeps_the_words_in_linear_time(tag):
    assert clean_html(f"<{tag}>" * 20_000 + "words").strip() == "words"


def test_cleaned_html_is_returned_as_it_is():
    cleaned = clean_html("<p>x</p>")
    assert type(cleaned) is CleanHTML
    assert clean_html(cleaned) is cleaned


def test_templates_show_cleaned_html_unescaped():
    assert conditional_escape(clean_html("<p>x</p>")) == "<p>x</p>"


def test_threads_may_clean_at_the_same_time():
    results = []
    threads = [
        threading.Thread(
            target=lambda n=n: results.append(clean_html(f"<p>{n}<b>x</b></p>") == f"<p>{n}<strong>x</strong></p>")
        )
        for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 16

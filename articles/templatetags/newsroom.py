"""Template tags of the public pages."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from articles.content.sanitising import CleanHTML
from articles.models import Author, Image, Scope, Section, Tag
from articles.page_cache import tags
from articles.page_cache.declaring import Shown, shown_on
from articles.pictures.renditions import rendition_url
from articles.popularity.leaderboards import SCOPES, Sidebar, Why, sidebar_of

register = template.Library()

# Languages whose usual script runs from right to left, and scripts that do, whatever the language.
RIGHT_TO_LEFT_LANGUAGES = frozenset("ar arc azb ckb dv fa he iw ks lrc mzn nqo pnb ps sd syr ug ur yi".split())
RIGHT_TO_LEFT_SCRIPTS = frozenset(("adlm", "arab", "hebr", "mand", "nkoo", "rohg", "syrc", "thaa"))

# Quotation marks that open a headline, by their width.
HANGING_MARKS = {"hang-single": ("‘", "\N{SINGLE LOW-9 QUOTATION MARK}", "'"), "hang-double": ("“", "„", '"')}

# Characters beyond which a headline is set smaller.
LONG_HEADLINE = 80

TABLE_FRAME = '<div class="table-frame" role="group" aria-label="Table" tabindex="0">'

# The width that networks ask for in the picture of a shared link.
SHARED_WIDTH = 1200


@register.inclusion_tag("articles/_popular.html", takes_context=True)
def popular_posts(context: template.Context, among: Section | Tag | Author | None = None) -> dict[str, Any]:
    """The "Popular posts" sidebar as the site's settings want it; ``among`` is what the page is about."""
    site = context["site"]
    chosen = site.settings
    sidebar = sidebar_of(chosen, among or None, site_lines=site.popular_lines)
    note_sidebar(shown_on(context["request"]), sidebar, among, wanted=chosen.popular_length)
    # The heading may say it already.
    line = sidebar.line if sidebar.line != chosen.popular_heading else ""
    return {
        "posts": sidebar.posts,
        "heading": chosen.popular_heading,
        "line": line,
        "with_snippets": chosen.popular_snippets,
    }


def note_sidebar(shown: Shown, sidebar: Sidebar, among: Section | Tag | Author | None, *, wanted: int) -> None:
    """What a list was made from: the site's own where a part's is not full, and where that is not, what nobody read."""
    shown.note(tags.popular(Scope.SITE, 0))
    if among:
        shown.note(tags.popular(SCOPES[type(among)], among.pk))
    if sum(post.why in {Why.PINNED, Why.READ} for post in sidebar.posts) < wanted:
        shown.note(tags.UNREAD)
    shown.note(*(tags.article(post.article_id) for post in sidebar.posts if post.article_id))
    shown.note_rows(post.image for post in sidebar.posts)


@register.simple_tag
def headline_class(headline: str) -> SafeString:
    """The ``class`` of a heading: ``long`` words are set smaller, an opening quotation mark hangs in the margin."""
    names = [name for name, marks in HANGING_MARKS.items() if headline.startswith(marks)]
    if len(headline) > LONG_HEADLINE:
        names.append("long")
    return format_html(' class="{}"', " ".join(names)) if names else SafeString()


@register.filter
def direction(language: str) -> str:
    """``rtl`` or ``ltr`` for a language tag such as ``ar``, ``he-IL`` or ``az-Arab``."""
    parts = language.lower().replace("_", "-").split("-")
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if parts[0] in RIGHT_TO_LEFT_LANGUAGES else "ltr"


@register.filter
def names(authors: Sequence[Author]) -> str:
    """“Ana Prado, Leila Haddad and Tom Ba”."""
    *others, last = [author.name for author in authors]
    return f"{', '.join(others)} and {last}" if others else last


@register.filter
def machine_time(moment: datetime) -> str:
    """A moment as HTML wants it in ``datetime``: in the site's zone, in whole seconds."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


@register.filter(expects_localtime=True)
def day(moment: datetime | date | None) -> str:
    """“1 July 2026”, in the language of the page."""
    return _day(date(moment.year, moment.month, moment.day), get_language()) if moment else ""


@lru_cache(maxsize=4096)
def _day(on: date, language: str | None) -> str:
    return date_format(on, "j F Y")


@register.filter
def with_scrolling_tables(html: CleanHTML) -> CleanHTML:
    """Each table in a frame that scrolls, and that the keyboard reaches: a wide table must not widen the page."""
    return CleanHTML(html.replace("<table>", TABLE_FRAME + "<table>").replace("</table>", "</table></div>"))


@register.simple_tag
def language_of(language: str) -> SafeString:
    """``lang`` and ``dir`` of words, as far as they are not the page's: ``<h3{% language_of story.language %}>``."""
    page_language = get_language() or settings.LANGUAGE_CODE
    if not language or language.lower().split("-")[0] == page_language.lower().split("-")[0]:
        return SafeString()
    if direction(language) == direction(page_language):
        return format_html(' lang="{}"', language)
    return format_html(' lang="{}" dir="{}"', language, direction(language))


@register.simple_tag
def shared_picture(image: Image) -> str:
    """The absolute address of a picture, for programs that read the page elsewhere."""
    address = rendition_url(image, SHARED_WIDTH)
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address

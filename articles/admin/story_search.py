"""Finding stories by what was typed into the box above their list, or where another page asks for one."""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from articles.models import Article, Author, Byline
from articles.search.headlines import stories_with

# So many authors of one name are looked up; more is no name.
MOST_AUTHORS: Final = 200
# So many stories, the newest, are looked at of each kind of finding: a search costs the same in any archive.
MOST_FOUND: Final = 2_000


def search_stories(stories: QuerySet[Any], term: str) -> QuerySet[Any]:
    """Stories with all of these words, or phrases in quotation marks, in headline or an author's name, or as slug.

    What may be meant is found by indexes first, and then asked row by row: a condition on a part of a headline has no
    index of its own on SQLite, and a join, as Django makes it of a search field, gives a row for each byline.
    """
    pieces = [words for words in _pieces(term) if words]
    if not pieces:
        return stories
    found = set(stories_with(pieces, most=MOST_FOUND))
    found.update(Article.objects.order_by().filter(slug__in=pieces).values_list("pk", flat=True))
    for words in pieces:
        stories_of_words = Q(headline__icontains=words) | Q(slug=words)
        if authors := _authors_called(words):
            found.update(_stories_by(authors))
            stories_of_words |= Q(pk__in=Byline.objects.filter(author__in=authors).order_by().values("article"))
        stories = stories.filter(stories_of_words)
    return stories.filter(pk__in=found)


def _pieces(term: str) -> Iterable[str]:
    for piece in smart_split(term):
        is_phrase = piece[0] in "\"'" and piece[0] == piece[-1]
        yield unescape_string_literal(piece) if is_phrase else piece


def _authors_called(words: str) -> list[int]:
    return list(Author.objects.order_by().filter(name__icontains=words).values_list("pk", flat=True)[:MOST_AUTHORS])


def _stories_by(authors: list[int]) -> list[int]:
    rows = Byline.objects.filter(author__in=authors).order_by("-article_id")
    return list(rows.values_list("article_id", flat=True)[:MOST_FOUND])

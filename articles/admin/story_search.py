"""Finding stories by what was typed into the box above their list, or where another page asks for one."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from articles.models import Author, Byline

# So many authors of one name are looked up; more is no name.
MOST_AUTHORS = 200


def search_stories(stories: QuerySet[Any], term: str) -> QuerySet[Any]:
    """Stories with all of these words, or phrases in quotation marks, in headline or an author's name, or as slug.

    Authors are found first, and their stories by the index of bylines: a join, as Django makes it of a search field,
    gives a row for each byline, and all columns of all of them are then compared to find which came twice.
    """
    for piece in smart_split(term):
        is_phrase = piece[0] in "\"'" and piece[0] == piece[-1]
        words = unescape_string_literal(piece) if is_phrase else piece
        found = Q(headline__icontains=words) | Q(slug=words)
        if authors := list(Author.objects.filter(name__icontains=words).values_list("pk", flat=True)[:MOST_AUTHORS]):
            found |= Q(pk__in=Byline.objects.filter(author__in=authors).order_by().values("article"))
        stories = stories.filter(found)
    return stories

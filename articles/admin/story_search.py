"""Finding stories by what was typed into the box above their list, or where another page asks for one."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from articles.models import Byline


def search_stories(stories: QuerySet[Any], term: str) -> QuerySet[Any]:
    """Stories with all of these words, or phrases in quotation marks, in headline, dek, slug or an author's name.

    Authors are found first, and their stories by the index of bylines: a join, as Django makes it of a search field,
    gives a row for each byline, and all columns of all of them are then compared to find which came twice.
    """
    for piece in smart_split(term):
        is_phrase = piece[0] in "\"'" and piece[0] == piece[-1]
        words = unescape_string_literal(piece) if is_phrase else piece
        signed = Byline.objects.filter(author__name__icontains=words).order_by().values("article")
        stories = stories.filter(
            Q(headline__icontains=words) | Q(dek__icontains=words) | Q(slug__icontains=words) | Q(pk__in=signed)
        )
    return stories

"""Stories that have certain words anywhere in their headlines."""

from collections.abc import Iterable
from typing import Final

from articles.models import Article
from articles.search.backends import text_index

# What the indexes of both databases take.
_SHORTEST: Final = 3


def stories_with(words: Iterable[str], *, most: int) -> list[int]:
    """The keys of the newest stories that may have all of these in their headlines, ``most`` at the most.

    Words of one or two characters are not looked for; of nothing else, these are the stories touched last.
    """
    asked = [word for word in words if len(word) >= _SHORTEST]
    if asked:
        return text_index().headlines_with(asked, most=most)
    return list(Article.objects.order_by("-modified_at").values_list("pk", flat=True)[:most])

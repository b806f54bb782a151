"""The names of what pages show: under these they are purged. `docs/page-cache.md` lists which page has which."""

from datetime import date
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.db.models import Model

# What stands around every page: the site's name, its menu, its flat pages, and what its settings say.
SITE: Final = "site"

# Lists of all stories.
FRONT: Final = "list:front"
ARCHIVE: Final = "list:archive"
CORRECTIONS: Final = "list:corrections"
# The stories that fill a popular list while too little was read.
UNREAD: Final = "list:unread"

# In the place of all tags: everything that is kept.
EVERYTHING: Final = "*"

# Before a tag in the purge log: what it names is gone, and no page that shows it may be served, whatever fails.
GONE: Final = "!"


def tag_of(row: Model) -> str:
    """What a row says of itself, wherever it is shown: ``article:12``, ``section:3``, ``image:8``."""
    return f"{type(row).__name__.lower()}:{row.pk}"


def article(pk: int) -> str:
    """As `tag_of`, for an article of which only the number is at hand."""
    return f"article:{pk}"


def named(uid: UUID | str) -> str:
    """An article or a picture that a text names, whether readers may see it or not: ``uid:3f1c…``."""
    return f"uid:{uid}"


def address(slug: str) -> str:
    """What stands at the address of a story: the story, another one that it leads to, a notice that it is gone.

    A slug has letters of any script; a header field has ASCII.
    """
    return f"slug:{quote(slug, safe='')}"


def list_of(row: Model) -> str:
    """The stories of a section, a tag, an author or a source: which they are, and their order."""
    return f"list:{type(row).__name__.lower()}:{row.pk}"


def year(of: int) -> str:
    return f"list:year:{of}"


def month(day: date) -> str:
    """The stories of the month in which a day lies, in the site's time zone."""
    return f"list:month:{day:%Y-%m}"


def popular(scope: str, scope_id: int) -> str:
    """A popular list, by the columns of `articles.models.Standing`: ``popular:site:0``, ``popular:section:3``."""
    return f"popular:{scope}:{scope_id}"

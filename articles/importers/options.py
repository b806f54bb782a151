"""What whoever starts an import decides for all texts of the run."""

from dataclasses import dataclass
from datetime import datetime

from articles.importers.formats import AUTO
from articles.models import Article, Section


@dataclass(frozen=True, slots=True)
class Options:
    """What a text says of itself goes before these; only tags are added to its own."""

    format: str = AUTO
    section: Section | None = None
    author: str = ""
    tags: tuple[str, ...] = ()
    status: str = Article.Status.PUBLISHED
    published_at: datetime | None = None
    language: str = ""
    suggest_tags: bool = True
    dry_run: bool = False

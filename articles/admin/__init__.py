"""The desk: Django's admin for editors, one module a family of models; every rule lies in the verbs beneath."""

from articles.admin import (
    activity,
    articles,
    authors,
    cdns,
    pages,
    people,
    pictures,
    popular_lists,
    popular_posts,
    popularity,
    previews,
    references,
    revisions,
    sections,
    sources,
    tags,
)

__all__ = [
    "activity",
    "articles",
    "authors",
    "cdns",
    "pages",
    "people",
    "pictures",
    "popular_lists",
    "popular_posts",
    "popularity",
    "previews",
    "references",
    "revisions",
    "sections",
    "sources",
    "tags",
]

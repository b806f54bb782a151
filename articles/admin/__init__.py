"""The desk: Django's admin for editors, one module a family of models; every rule lies in the verbs beneath."""

from articles.admin import articles, authors, pages, pictures, popular_lists, references, sections, sources, tags

__all__ = [
    "articles",
    "authors",
    "pages",
    "pictures",
    "popular_lists",
    "references",
    "sections",
    "sources",
    "tags",
]

"""Pages that list the stories of a section, a tag, an author or a source."""

from typing import Any, Final

from django.db.models import BigAutoField, SlugField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Article, Author, Section, Source, Tag
from articles.models.prepared import NOW, Given, Prepared
from articles.page_cache import tags
from articles.page_cache.declaring import kept, shown_on
from articles.views.paging import Listing

OF: Final = Given("of", BigAutoField())
SLUG: Final = Given("slug", SlugField())

SECTIONS: Final = Prepared(Section, lambda: Section.objects.filter(slug=SLUG))
TAGS: Final = Prepared(Tag, lambda: Tag.objects.filter(slug=SLUG))
AUTHORS: Final = Prepared(Author, lambda: Author.objects.filter(slug=SLUG).select_related("portrait"))
SOURCES: Final = Prepared(Source, lambda: Source.objects.filter(slug=SLUG))

IN_SECTION: Final = Listing(Article, lambda stories: stories.published(NOW).in_section(OF).for_cards())
# An index of what joins them finds all but those of a section.
TAGGED: Final = Listing(Article, lambda stories: stories.published(NOW).tagged_with(OF).for_cards(), moment="listed_at")
BY_AUTHOR: Final = Listing(
    Article, lambda stories: stories.published(NOW).by_author(OF).for_cards(), moment="listed_at"
)
CITING: Final = Listing(Article, lambda stories: stories.published(NOW).citing(OF).for_cards(), moment="listed_at")


@kept("before", "after")
def section_detail(request: HttpRequest, slug: str) -> HttpResponse:
    section = find(SECTIONS, slug)
    return render_list(request, "articles/section_detail.html", IN_SECTION, section, section=section, among=section)


@kept("before", "after")
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    tag = find(TAGS, slug)
    return render_list(request, "articles/tag_detail.html", TAGGED, tag, tag=tag, among=tag)


@kept("before", "after")
def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    author = find(AUTHORS, slug)
    return render_list(request, "articles/author_detail.html", BY_AUTHOR, author, author=author, among=author)


@kept("before", "after")
def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    source = find(SOURCES, slug)
    return render_list(request, "articles/source_detail.html", CITING, source, source=source)


def find(rows: Prepared, slug: str) -> Any:
    for row in rows.rows(slug=slug):
        return row
    raise Http404("There is no such page.")


def render_list(
    request: HttpRequest,
    template: str,
    stories: Listing[Article],
    of: Section | Tag | Author | Source,
    **context: Any,
) -> HttpResponse:
    """``among`` in the context is what the popular posts beside the list are taken from; the whole site without it."""
    page = stories.page(request.GET, of=of.pk)
    shown = shown_on(request)
    shown.note(tags.list_of(of))
    shown.note_rows([of, of.portrait if isinstance(of, Author) else None])
    shown.note_cards(page.rows)
    return render(request, template, {"page": page, **context})

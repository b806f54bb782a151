"""Pages that list the stories of a section, a tag, an author or a source."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.models import Article, Author, Section, Source, Tag
from articles.models.querysets import ArticleQuerySet
from articles.page_cache import tags
from articles.page_cache.declaring import kept, shown_on
from articles.views.paging import page_of_stories


@kept("before", "after")
def section_detail(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    stories = Article.objects.published().in_section(section)
    return render_list(request, "articles/section_detail.html", stories, section, section=section, among=section)


@kept("before", "after")
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    tag = get_object_or_404(Tag, slug=slug)
    stories = Article.objects.published().tagged_with(tag)
    return render_list(request, "articles/tag_detail.html", stories, tag, tag=tag, among=tag)


@kept("before", "after")
def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    author = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    stories = Article.objects.published().by_author(author)
    return render_list(request, "articles/author_detail.html", stories, author, author=author, among=author)


@kept("before", "after")
def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(Source, slug=slug)
    stories = Article.objects.published().citing(source)
    return render_list(request, "articles/source_detail.html", stories, source, source=source)


def render_list(
    request: HttpRequest, template: str, stories: ArticleQuerySet, of: Section | Tag | Author | Source, **context: Any
) -> HttpResponse:
    """``among`` in the context is what the popular posts beside the list are taken from; the whole site without it."""
    page = page_of_stories(stories.for_cards(), request.GET)
    shown = shown_on(request)
    shown.note(tags.list_of(of))
    shown.note_rows([of, of.portrait if isinstance(of, Author) else None])
    shown.note_cards(page.rows)
    return render(request, template, {"page": page, **context})

"""Pages that list the stories of a section, a tag, an author or a source."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.models import Article, Author, Section, Source, Tag
from articles.models.querysets import ArticleQuerySet
from articles.views.paging import page_of_rows


def section_detail(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    stories = Article.objects.published().in_section(section)
    return render_list(request, "articles/section_detail.html", stories, section=section, among=section)


def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    tag = get_object_or_404(Tag, slug=slug)
    stories = Article.objects.published().tagged_with(tag)
    return render_list(request, "articles/tag_detail.html", stories, tag=tag, among=tag)


def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    author = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    stories = Article.objects.published().by_author(author)
    return render_list(request, "articles/author_detail.html", stories, author=author, among=author)


def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(Source, slug=slug)
    return render_list(
        request, "articles/source_detail.html", Article.objects.published().citing(source), source=source
    )


def render_list(request: HttpRequest, template: str, stories: ArticleQuerySet, **context: Any) -> HttpResponse:
    """``among`` in the context is what the popular posts beside the list are taken from; the whole site without it."""
    # Those of a section are found by an index of stories, all others by an index of what joins them.
    moment = "published_at" if "section" in context else "listed_at"
    page = page_of_rows(stories.for_cards(), request.GET, moment=moment)
    return render(request, template, {"page": page, **context})

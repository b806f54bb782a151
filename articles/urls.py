"""The addresses that readers meet."""

from django.urls import path, re_path, register_converter

from articles.views.archive import archive, month_archive, year_archive
from articles.views.article import article_detail
from articles.views.corrections import correction_list
from articles.views.flat_page import flat_page
from articles.views.front_page import front_page
from articles.views.health import health
from articles.views.preview import shared_preview, unsaved_preview
from articles.views.reads import count_read
from articles.views.story_lists import author_detail, section_detail, source_detail, tag_detail


class FourDigitYear:
    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


class TwoDigitMonth(FourDigitYear):
    regex = "[0-9]{2}"

    def to_url(self, value: int) -> str:
        return f"{value:02d}"


class UnicodeSlug:
    """Letters and digits of any script."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FourDigitYear, "yyyy")
register_converter(TwoDigitMonth, "mm")
register_converter(UnicodeSlug, "uslug")

app_name = "articles"
urlpatterns = [
    path("", front_page, name="front-page"),
    path("<yyyy:year>/<mm:month>/<uslug:slug>/", article_detail, name="article-detail"),
    path("<yyyy:year>/<mm:month>/", month_archive, name="month-archive"),
    path("<yyyy:year>/", year_archive, name="year-archive"),
    path("archive/", archive, name="archive"),
    path("corrections/", correction_list, name="correction-list"),
    path("preview/unsaved/", unsaved_preview, name="unsaved-preview"),
    path("preview/<str:token>/", shared_preview, name="shared-preview"),
    path("reads/", count_read, name="reads"),
    path("health/", health, name="health"),
    path("section/<uslug:slug>/", section_detail, name="section-detail"),
    path("tag/<uslug:slug>/", tag_detail, name="tag-detail"),
    path("author/<uslug:slug>/", author_detail, name="author-detail"),
    path("source/<uslug:slug>/", source_detail, name="source-detail"),
    # Last: every other address may be that of a flat page. It ends in a slash, so that one without is put right first.
    # Control characters stand in none, and PostgreSQL refuses to be asked for a NUL.
    re_path(r"^(?P<url>[^\x00-\x1f]+/)$", flat_page, name="flat-page"),
]

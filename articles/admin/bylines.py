"""Bylines by typing: known authors are proposed, new ones are made where the person may; a comma ends each name."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse

from articles.admin.desk import AnyModelAdmin
from articles.admin.widgets import TagNamesInput
from articles.content.plain_text import clean_text
from articles.editorial.naming import authors_called
from articles.models import Author

AUTHOR_NAMES = "articles_article_author_names"
PROPOSED = 20
MOST_BYLINES = 50
LONGEST_NAME = 120
# Before the slug of an author who is known; what is typed has no such sign.
KNOWN = "@"


class AuthorNames(AnyModelAdmin):
    """Mixed into the admin of stories."""

    def get_urls(self) -> list[URLPattern]:
        names = path("author-names/", self.admin_site.admin_view(self.author_names), name=AUTHOR_NAMES)
        return [names, *super().get_urls()]

    def author_names(self, request: HttpRequest) -> HttpResponse:
        """Authors with what was typed in their name, those that begin with it first."""
        if not (self.has_view_permission(request) and request.user.has_perm("articles.view_author")):
            raise PermissionDenied
        term = " ".join(clean_text(request.GET.get("term", "")).split())
        begins = Q(name__istartswith=term)
        authors = told_apart(Author.objects.order_by("name", "slug"))
        first = list(authors.filter(begins)[:PROPOSED])
        then = authors.filter(name__icontains=term).exclude(begins)[: PROPOSED - len(first)]
        return JsonResponse({"results": [{"id": choice_of(each), "text": label_of(each)} for each in [*first, *then]]})


def told_apart(authors: QuerySet[Author]) -> QuerySet[Any]:
    others = Author.objects.order_by().filter(name__iexact=OuterRef("name")).exclude(pk=OuterRef("pk"))
    return authors.annotate(shares_name=Exists(others)).only("name", "slug")


def choice_of(author: Author) -> str:
    return f"{KNOWN}{author.slug}"


def label_of(author: Any) -> str:
    return f"{author.name} ({author.slug})" if author.shares_name else author.name


class BylineInput(TagNamesInput):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "tag-names byline-names", **(attrs or {})})

    def addresses(self) -> dict[str, str]:
        return {"data-names": reverse(f"admin:{AUTHOR_NAMES}")}

    def choices_for(self, value: list[str]) -> list[tuple[str, str]]:
        slugs = [each.removeprefix(KNOWN) for each in value if each.startswith(KNOWN) and "\0" not in each]
        known = told_apart(Author.objects.filter(slug__in=slugs)) if slugs else []
        labels = {choice_of(author): label_of(author) for author in known}
        return [(each, labels.get(each, each)) for each in value]


class BylineField(forms.Field):
    """A list of authors in the order of typing, each once; those who are not known yet are rows without a key."""

    widget = BylineInput
    # Said by the form, which knows who asks.
    may_add = False

    def prepare_value(self, value: Any) -> list[str]:
        return [str(each) for each in value or ()]

    def to_python(self, value: Any) -> list[Author]:
        typed = _parted(value)
        slugs = [each.removeprefix(KNOWN) for each in typed if each.startswith(KNOWN)]
        names = [each for each in typed if not each.startswith(KNOWN)]
        self._check_length(typed, names)
        found = authors_called(names, slugs) if typed else []
        authors: dict[int | str, Author] = {}
        for each in typed:
            author = self._author(each, found)
            authors.setdefault(author.pk or author.name.casefold(), author)
        return list(authors.values())

    def _author(self, typed: str, found: list[Author]) -> Author:
        if typed.startswith(KNOWN):
            matches = [each for each in found if choice_of(each) == typed]
        else:
            matches = [each for each in found if each.name.casefold() == typed.casefold()]
        match matches:
            case [author]:
                return author
            case [_, *_]:
                raise forms.ValidationError(f"Several authors are called “{typed}”: choose one from the list.")
        if typed.startswith(KNOWN):
            raise forms.ValidationError(f"There is no author “{typed}” any more.")
        if not self.may_add:
            raise forms.ValidationError(f"There is no author “{typed}”, and you may not add authors.")
        return Author(name=typed)

    @staticmethod
    def _check_length(typed: list[str], names: list[str]) -> None:
        if len(typed) > MOST_BYLINES:
            raise forms.ValidationError(f"{MOST_BYLINES} bylines at most.")
        for name in names:
            if len(name) > LONGEST_NAME:
                raise forms.ValidationError(
                    f"“{name[:40]}…” is too long for a name: {LONGEST_NAME} characters at most."
                )

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        try:
            return self.prepare_value(initial) != [choice_of(author) for author in self.to_python(data)]
        except forms.ValidationError:
            return True


def _parted(value: Any) -> list[str]:
    pieces = clean_text(",".join(value or ())).replace("\n", ",").split(",")
    return list(dict.fromkeys(name for piece in pieces if (name := " ".join(piece.split()))))

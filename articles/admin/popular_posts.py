"""Popular posts at the desk: the list as readers have it and why each story is there; pins, exclusions, freezing."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from articles.admin.keys import is_key
from articles.admin.popularity import CURATE, SPOKEN, DeskPage
from articles.admin.story_search import search_stories
from articles.content.plain_text import clean_text
from articles.models import Article, PopularChoice, SiteSettings
from articles.models.querysets import UNSEEN_IN_LISTS
from articles.popularity.choices import (
    exclude_popular,
    freeze_popular,
    move_pin,
    pin_popular,
    release_popular,
    thaw_popular,
)
from articles.popularity.curation import curated_list

FOUND: Final = 10


# What a button says → what it does with a story, what is said of it then, and where on the page that is seen.
OF_STORIES: Final[dict[str, tuple[Callable[..., None], str, str]]] = {
    "pin": (pin_popular, "is pinned.", "pinned"),
    "exclude": (exclude_popular, "is excluded from all popular lists.", "excluded"),
    "release": (release_popular, "stands where its reads put it.", "list"),
    "up": (partial(move_pin, steps=-1), "moved up.", "pinned"),
    "down": (partial(move_pin, steps=1), "moved down.", "pinned"),
}
OF_THE_LIST: Final[dict[str, tuple[Callable[..., None], str]]] = {
    "freeze": (freeze_popular, "The list is frozen: reads no longer change it."),
    "thaw": (thaw_popular, "The list follows the reads again."),
}


@admin.register(PopularChoice)
class PopularPostsAdmin(DeskPage):
    permission = CURATE

    def further_urls(self) -> list[URLPattern]:
        view: Any = self.admin_site.admin_view(require_POST(self.decide_view))
        return [path("decide/", view, name="articles_popularchoice_decide")]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.require_view(request)
        term = " ".join(clean_text(request.GET.get("q", "")).split())[:200]
        chosen = SiteSettings.objects.load()
        context = {
            "title": "Popular posts",
            "spoken": SPOKEN.get(chosen.popular_window, ""),
            "term": term,
            "found": find_stories(term) if term else None,
            "may_change_settings": request.user.has_perm("articles.change_sitesettings"),
            **curated_list(chosen, by=request.user),  # type: ignore[arg-type]
        }
        return self.page(request, "choices.html", context)

    def decide_view(self, request: HttpRequest) -> HttpResponse:
        """The value of the button that was pressed is a word, and the key of a story after those that need one."""
        self.require_view(request)
        word, _, key = request.POST.get("decision", "").partition(" ")
        if word in OF_THE_LIST:
            decide, told = OF_THE_LIST[word]
            decide(by=request.user)
            self.message_user(request, told, messages.SUCCESS)
            return self._back(request, None, "list")
        if word not in OF_STORIES or not is_key(key):
            return HttpResponseBadRequest("There is no such decision.")
        stories = Article.objects.visible_to(request.user).originals()
        story = get_object_or_404(stories.defer(*UNSEEN_IN_LISTS), pk=int(key))
        decide, told, part = OF_STORIES[word]
        decide(story, by=request.user)
        self.message_user(request, f"“{story.headline}” {told}", messages.SUCCESS)
        return self._back(request, story, part)

    def _back(self, request: HttpRequest, story: Article | None, part: str) -> HttpResponseRedirect:
        """To the page on which the button was, at the part that has changed."""
        if story and request.POST.get("page") == "story":
            return HttpResponseRedirect(reverse("admin:articles_article_readers", args=[story.pk]) + "#lists")
        term = request.POST.get("q", "")[:200]
        query = f"?{urlencode({'q': term})}" if term else ""
        return HttpResponseRedirect(f"{reverse('admin:articles_popularchoice_changelist')}{query}#{part}")


def find_stories(term: str) -> list[Article]:
    """Public stories: others stand in no list."""
    stories = Article.objects.published().newest_first().select_related("popular_choice").defer(*UNSEEN_IN_LISTS)
    return list(search_stories(stories, term)[:FOUND])

"""Related stories at the desk: what stands beside a story and why, what links to it, and what still waits for its story."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import unquote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from articles.admin.article_inlines import UNSEEN
from articles.admin.desk import AnyModelAdmin
from articles.admin.keys import is_key
from articles.admin.paging import DeskPaginator
from articles.editorial.permissions import stage_of
from articles.models import Article, NearDuplicate, PopularEntry, RelatedLink, SuggestionChoice, Tag
from articles.models.querysets import unseen_in_lists
from articles.related.choices import (
    ChoiceRefused,
    accept_target,
    choosable_by,
    hide_suggestion,
    may_choose,
    never_suggest,
    pin_suggestion,
    referring_story,
    story_of,
    undo_choice,
)
from articles.related.linking import links_to
from articles.related.stories import reason_in_words, stories_beside
from articles.related.waiting import propose_stories, waiting_entries, waiting_links

# So many suggestions stand in the panel at once; the others are folded.
SHOWN_FIRST: Final = 4
SHOWN_LINKS: Final = 20
REFERENCES_ON_A_PAGE: Final = 20
NOBODY: Final = "There is no such story, or you may not see it."

VERBS: Final[dict[str, tuple[Callable[..., None], str]]] = {
    "pin": (pin_suggestion, "“{}” stands before all that was found."),
    "hide": (hide_suggestion, "“{}” does not stand beside this story any more."),
    "never": (never_suggest, "This story and “{}” are kept apart."),
    "undo": (undo_choice, "“{}” is again as it was found."),
}
CHOSEN: Final = {
    SuggestionChoice.Kind.PINNED.value: "Pinned",
    SuggestionChoice.Kind.HIDDEN.value: "Hidden here",
    SuggestionChoice.Kind.NEVER.value: "Never beside this story",
}


class RelatedPanel(AnyModelAdmin):
    """Mixed into the admin of stories."""

    class Media:
        css = {"screen": ("admin-newsroom/related.css",)}
        js = ("admin-newsroom/panels.js", "admin-newsroom/related.js")

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        choose = site.admin_view(require_POST(self.choose_view))
        unresolved = site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.unresolved_view))
        return [
            path("<int:object_id>/related/", choose, name="articles_article_related"),
            path("unresolved/", unresolved, name="articles_article_unresolved"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        story = kwargs.get("obj")
        if story and story.pk:
            context["related_panel"] = panel_of(story, request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def choose_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What an editor decides; the panel again for the script, which keeps what is typed beside it."""
        article = Article.objects.visible_to(request.user).select_related("replaces").filter(pk=object_id).first()
        if article is None:
            raise Http404(NOBODY)
        sentence, level = self._choose(request, article)
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return HttpResponse(panel_shown(article, request, sentence))
        self.message_user(request, sentence, level)
        back = reverse("admin:articles_article_change", args=[article.pk])
        return HttpResponseRedirect(f"{back}#related-panel")

    def _choose(self, request: HttpRequest, article: Article) -> tuple[str, int]:
        name, _, key = request.POST.get("_related", "").partition("-")
        if name not in VERBS:
            raise Http404("There is no such choice.")
        if not may_choose(request.user, article):  # type: ignore[arg-type]
            raise PermissionDenied("What stands beside this story is not yours to decide.")
        target = target_of(request, key) if key else target_at(request, request.POST.get("_related_address", ""))
        if target is None:
            return f"Nothing was changed. {NOBODY}", messages.ERROR
        verb, told = VERBS[name]
        try:
            verb(article, target, by=request.user)
        except ChoiceRefused as refusal:
            return f"Nothing was changed. {refusal}", messages.ERROR
        return told.format(target), messages.SUCCESS

    # What waits

    def unresolved_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            self._accept(request)
            return HttpResponseRedirect(f"{request.path}?{own_query(request.GET)}")
        kind = "lists" if request.GET.get("of") == "lists" else "lines"
        queues = {
            "lines": DeskPaginator(waiting_links(seen_by=request.user), REFERENCES_ON_A_PAGE),
            "lists": DeskPaginator(waiting_entries(seen_by=request.user), REFERENCES_ON_A_PAGE),
        }
        page = queues[kind].get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Unresolved references",
            "opts": self.opts,
            "media": self.media,
            "kind": kind,
            "queues": queues,
            "page": page,
            "waiting": waiting_rows(page.object_list, request),
            "query": own_query(request.GET),
        }
        return TemplateResponse(request, "admin/articles/article/unresolved.html", context)

    def _accept(self, request: HttpRequest) -> None:
        kind, _, keys = request.POST.get("_accept", "").partition("-")
        reference_key, _, target_key = keys.partition("-")
        queues = {"line": waiting_links, "entry": waiting_entries}
        if kind not in queues or not is_key(reference_key):
            raise Http404("There is no such reference.")
        seen: QuerySet[Any] = queues[kind](seen_by=request.user)
        reference = seen.filter(pk=int(reference_key)).first()
        if reference is None:
            self.message_user(request, "This headline waits no more.", messages.WARNING)
            return
        target = get_target(request, target_key)
        try:
            number = accept_target(reference, target, by=request.user)  # type: ignore[arg-type]
        except ChoiceRefused as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
            return
        places = "" if number == 1 else f", at {number} places"
        self.message_user(request, f"“{reference.headline}” leads to “{target}” now{places}.", messages.SUCCESS)


# The panel


def panel_of(article: Article, person: Any) -> dict[str, Any]:
    story = story_of(article)
    rows = desk_rows(story, person)
    found = [row for row in rows if not row["chosen"] and not row["is_left_out"]]
    return {
        "address": reverse("admin:articles_article_related", args=[article.pk]),
        "may_choose": may_choose(person, article),
        "is_copy": bool(article.replaces_id),
        "twins": twins_of(story, person),
        "pinned": [row for row in rows if row["chosen"] == CHOSEN[SuggestionChoice.Kind.PINNED.value]],
        "found": found[:SHOWN_FIRST],
        "found_more": found[SHOWN_FIRST:],
        "left_out": [row for row in rows if row["is_left_out"]],
        "incoming": links_to(story, seen_by=person, most=SHOWN_LINKS),
    }


def panel_shown(article: Article, request: HttpRequest, sentence: str) -> SafeString:
    context = {"related_panel": {**panel_of(article, request.user), "sentence": sentence}}
    return render_to_string("admin/articles/article/_related.html", context, request=request)


def desk_rows(story: Article, person: Any) -> list[dict[str, Any]]:
    """The pinned in their order, then the others, the best first; of stories that a person may see."""
    stories = stories_beside(story.pk)
    among = Article.objects.visible_to(person).filter(pk__in=[each.pk for each in stories])
    seen = set(among.order_by().values_list("pk", flat=True))
    stories = [each for each in stories if each.pk in seen]
    keys = {key for each in stories for key in (each.reasons or {}).get("tags", ())}
    names = dict(Tag.objects.filter(pk__in=keys).order_by().values_list("pk", "name"))
    is_pinned = SuggestionChoice.Kind.PINNED.value
    pinned = sorted((each for each in stories if each.choice == is_pinned), key=lambda each: each.chosen_at)
    others = [each for each in stories if each.choice != is_pinned]
    others.sort(key=lambda each: (-(each.score or 0), each.pk))
    return [desk_row(each, names) for each in (*pinned, *others)]


def desk_row(story: Any, tag_names: dict[int, str]) -> dict[str, Any]:
    left_out = {SuggestionChoice.Kind.HIDDEN.value, SuggestionChoice.Kind.NEVER.value}
    apart = "Kept apart on the other story’s page" if story.kept_apart else ""
    return {
        "story": story,
        "reason": reason_in_words(story.reasons, tag_names) if story.reasons is not None else "chosen by an editor",
        "chosen": CHOSEN.get(story.choice, "") or apart,
        "undo": bool(story.choice),
        "is_left_out": story.choice in left_out or bool(apart),
        "unread": "" if story.is_public() else f"Readers do not see it: {stage_of(story).label.lower()}",
        "is_twin": story.is_twin,
    }


def twins_of(story: Article, person: Any) -> list[dict[str, Any]]:
    """Stories with nearly the same text; of one that a person may not see, no word is told."""
    twins = NearDuplicate.objects.filter(article=story).select_related("twin").order_by("-likeness", "twin")
    twins = twins.defer(*unseen_in_lists("twin__"))
    seen = set(Article.objects.visible_to(person).filter(pk__in=twins.values("twin")).values_list("pk", flat=True))
    return [
        {
            "story": each.twin if each.twin_id in seen else None,
            "name": str(each.twin) if each.twin_id in seen else UNSEEN,
            "percent": round(100 * each.likeness),
        }
        for each in twins
    ]


def target_of(request: HttpRequest, key: str) -> Article | None:
    seen = Article.objects.originals().visible_to(request.user)
    return seen.filter(pk=int(key)).first() if is_key(key) else None


def get_target(request: HttpRequest, key: str) -> Article:
    """Whoever may not see a story is told what is told of one that is not there."""
    seen = Article.objects.originals().visible_to(request.user)
    return get_object_or_404(seen, pk=int(key) if is_key(key) else None)


def target_at(request: HttpRequest, address: str) -> Article | None:
    """The story at an address of this site, or with this slug."""
    place = unquote(address).replace("\x00", "").strip().partition("#")[0].partition("?")[0]
    slug = place.rstrip("/").rpartition("/")[2]
    return Article.objects.originals().visible_to(request.user).filter(slug=slug).first() if slug else None


# The queue


def waiting_rows(references: Iterable[RelatedLink | PopularEntry], request: HttpRequest) -> list[dict[str, Any]]:
    """The references of a page, those of one wording together, each with what it may have meant."""
    alike: dict[str, list[RelatedLink | PopularEntry]] = {}
    for each in references:
        alike.setdefault(each.headline_key, []).append(each)
    proposed = propose_stories([same[0] for same in alike.values()], seen_by=request.user)
    among = [referring_story(each).pk for same in alike.values() for each in same]
    theirs = set(choosable_by(request.user).filter(pk__in=among).values_list("pk", flat=True))  # type: ignore[arg-type]
    return [waiting_row(same, proposed.get(key, []), theirs) for key, same in alike.items()]


def waiting_row(same: list[RelatedLink | PopularEntry], proposals: list[Any], theirs: set[int]) -> dict[str, Any]:
    """Whoever may decide about one of the stories decides there."""
    reference = next((each for each in same if referring_story(each).pk in theirs), same[0])
    stories = list(dict.fromkeys(referring_story(each) for each in same))
    return {
        "reference": reference,
        "key": f"{'line' if isinstance(reference, RelatedLink) else 'entry'}-{reference.pk}",
        "stories": stories,
        "proposals": [each for each in proposals if each.story not in stories],
        "may_accept": referring_story(reference).pk in theirs,
    }


def own_query(given: QueryDict) -> str:
    """What this page understands of its own address."""
    kept = QueryDict(mutable=True)
    if given.get("of") == "lists":
        kept["of"] = "lists"
    number = str(given.get("p", ""))
    if is_key(number):
        kept["p"] = number
    return kept.urlencode()

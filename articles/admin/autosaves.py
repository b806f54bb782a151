"""The door through which a story's form keeps what is typed, and gets it back; in the browser it is keeping.js."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime

from articles.admin.desk import AnyModelAdmin
from articles.editorial.autosaving import (
    LONGEST,
    AutosaveRefused,
    autosaves_of,
    forget_autosave,
    keep_autosave,
    prune_autosaves,
    require_writer,
)
from articles.models import Article, Autosave

AUTOSAVE = "articles_article_autosave"
# The field in which the form says what it kept: the copy's identifier, its number, the form's key.
KEPT_FIELD = "_kept"
# In the session: copies that a save has made needless and of which no page has told the browser yet.
SAVED_COPIES = "articles.saved_copies"
MOST_SAVED = 30

KEEPING = Media(
    js=(Script("admin-newsroom/keeping.js", defer=True),),  # type: ignore[arg-type]
    css={"screen": ("admin-newsroom/keeping.css",)},
)


class Autosaves(AnyModelAdmin):
    """Mixed into the admin of stories."""

    def get_urls(self) -> list[URLPattern]:
        return [
            path("autosave/", self.admin_site.admin_view(self.autosave), name=AUTOSAVE),
            *super().get_urls(),
        ]

    def autosave(self, request: HttpRequest) -> HttpResponse:
        """GET gives back what was kept, POST keeps, DELETE forgets."""
        try:
            match request.method:
                case "POST":
                    return _keep(request)
                case "DELETE":
                    forget_autosave(by=request.user, form=request.GET.get("form", ""))  # type: ignore[arg-type]
                    return JsonResponse({})
            return _give_back(request)
        except PermissionDenied as refusal:
            return JsonResponse({"error": str(refusal)}, status=403)
        except AutosaveRefused as refusal:
            return JsonResponse({"error": str(refusal)}, status=400)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        story = kwargs.get("obj")
        may_save = self.has_change_permission(request, story) if story else self.has_add_permission(request)
        if may_save:
            form = context["adminform"].form
            context |= {"keeping": json.dumps(_settings(request, story, form)), "media": context["media"] + KEEPING}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Article, *args: Any, **kwargs: Any) -> HttpResponse:
        _forget_saved(request, obj)
        return super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        _forget_saved(request, obj)
        return super().response_change(request, obj)


def _settings(request: HttpRequest, story: Article | None, form: Any) -> dict[str, Any]:
    """What the script has to know of the form in which it works."""
    saved = request.session.pop(SAVED_COPIES, []) if SAVED_COPIES in request.session else []
    return {
        "address": reverse(f"admin:{AUTOSAVE}"),
        "signIn": reverse("admin:login"),
        "person": request.user.pk,
        "story": str(story.uid) if story else "",
        "basedOn": story.modified_at.isoformat() if story else "",
        "hasCopies": autosaves_of(request.user, story).exists(),  # type: ignore[arg-type]
        "saved": saved,
        # A form that came back with errors holds what was typed, not what is stored.
        "posted": request.POST.get(KEPT_FIELD, "") if form.is_bound else None,
    }


def _keep(request: HttpRequest) -> HttpResponse:
    try:
        if int(request.headers.get("Content-Length") or 0) > LONGEST:
            return JsonResponse({"error": "This is more text than the server keeps before it is saved."}, status=413)
        sent = json.loads(request.body)
        person, form, content = sent["person"], str(sent["form"]), sent["content"]
        based_on = parse_datetime(sent.get("basedOn") or "")
        story = _story(request, sent.get("story"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise AutosaveRefused("This is not what a form sends.") from None
    if person != request.user.pk:
        return JsonResponse({"error": "Somebody else is signed in here now."}, status=409)
    kept = keep_autosave(content, by=request.user, form=form, article=story, based_on=based_on)  # type: ignore[arg-type]
    return JsonResponse({"saved_at": kept.saved_at})


def _give_back(request: HttpRequest) -> HttpResponse:
    """To the person who typed it alone; with a fresh token, for forms that outlived a session."""
    story = _story(request, request.GET.get("story"))
    require_writer(request.user, story)  # type: ignore[arg-type]
    copies = [_described(each) for each in autosaves_of(request.user, story)]  # type: ignore[arg-type]
    return JsonResponse({"token": get_token(request), "person": request.user.pk, "copies": copies})


def _described(kept: Autosave) -> dict[str, Any]:
    return {"form": kept.form, "saved_at": kept.saved_at, "based_on": kept.based_on, "content": kept.content}


def _story(request: HttpRequest, uid: str | None) -> Article | None:
    if not uid:
        return None
    try:
        identifier = UUID(str(uid))
    except ValueError:
        raise AutosaveRefused("There is no such story.") from None
    story = Article.objects.visible_to(request.user).filter(uid=identifier).first()
    if story is None:
        raise AutosaveRefused("There is no such story.")
    return story


def _forget_saved(request: HttpRequest, story: Article) -> None:
    """What was saved need not be kept: neither here nor in the browser, which the next form tells."""
    prune_autosaves()
    forget_autosave(by=request.user, form=story.uid)  # type: ignore[arg-type]
    copy, number, form = [*request.POST.get(KEPT_FIELD, "").split(":"), "", "", ""][:3]
    if not copy or not number.isdecimal():
        return
    forget_autosave(by=request.user, form=form)  # type: ignore[arg-type]
    saved = [*request.session.get(SAVED_COPIES, []), [copy[:40], int(number[:12])]]
    request.session[SAVED_COPIES] = saved[-MOST_SAVED:]

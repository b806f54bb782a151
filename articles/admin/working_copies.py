"""Working copies at the desk: begun with a button on the page of a published story, edited on a page of their own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from articles.admin.article_fieldsets import is_for_reading
from articles.admin.desk import AnyModelAdmin
from articles.editorial.permissions import MoveRefused, may_begin_working_copy
from articles.editorial.working_copies import begin_working_copy
from articles.models import Article


class WorkingCopies(AnyModelAdmin):
    """Mixed into the stories' admin."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.begin_view))
        begin = path("<path:object_id>/begin/", view, name="articles_article_begin")
        return [begin, *super().get_urls()]

    def begin_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        story = self.get_object(request, object_id)
        if story is None:
            raise Http404("There is no such story.")
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            copy = begin_working_copy(story, by=request.user)  # type: ignore[arg-type]
        except MoveRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(change_address(story))
        return HttpResponseRedirect(change_address(copy))

    def working_copy_context(self, request: HttpRequest, article: Article) -> dict[str, Any]:
        """What the page says of the other one of the two."""
        if article.replaces_id:
            return {"replaced": article.replaces, "replaced_address": address_of(article.replaces_id)}
        if not is_for_reading(article):
            return {}
        copy = Article.objects.visible_to(request.user).filter(replaces=article).first()
        return {
            "is_for_reading": True,
            "may_begin_copy": may_begin_working_copy(request.user, article),
            "working_copy": copy,
            "working_copy_address": change_address(copy) if copy else "",
        }

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """From a working copy that is no more the way leads to the story that it has replaced, or not."""
        if obj.pk is None:
            return HttpResponseRedirect(address_of(obj.replaces_id))
        return super().response_change(request, obj)


def change_address(article: Article) -> str:
    return address_of(article.pk)


def address_of(pk: int | None) -> str:
    return reverse("admin:articles_article_change", args=[pk])

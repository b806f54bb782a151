"""Previews at the desk: the page of a story as it stands in its form, and links that show it to outsiders."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from articles.admin.article_fieldsets import FOLDED
from articles.admin.desk import AnyInlineFormSet, AnyModelAdmin, ReadOnlyAdmin, of_stories
from articles.content.slugs import headline_slug
from articles.editorial.permissions import MoveRefused
from articles.editorial.previews import (
    DAYS,
    UNSAVED,
    USUAL_DAYS,
    create_preview_link,
    may_make_link,
    revoke_preview_link,
    seal_draft,
    token_of,
    why_closed,
)
from articles.editorial.revisions import original_of
from articles.editorial.snapshots import Snapshot, fields_of, rows_of, snapshot_of
from articles.models import Article, Citation, Correction, PreviewLink, RelatedLink, Revision
from articles.models.querysets import unseen_in_lists

LINKS: Final = ("Links for outsiders", {"classes": FOLDED, "fields": ("preview_links",)})
SHOWN_LINKS: Final = 20
NOTHING: Final[Snapshot] = {"tags": [], "bylines": [], "citations": [], "related_links": [], "corrections": []}
UNSEEN_OF_VERSIONS: Final = ("snapshot", "checks")
PREVIEW_FILES: Final = ("admin-newsroom/panels.js", "admin-newsroom/previews.js")
PREVIEW_STYLES: Final = {"screen": ("admin-newsroom/previews.css",)}


class Previews(AnyModelAdmin):
    """Mixed into the stories' admin."""

    class Media:
        css = PREVIEW_STYLES
        js = PREVIEW_FILES

    def get_urls(self) -> list[URLPattern]:
        def posted(route: str, view: Any, name: str) -> URLPattern:
            guarded: Any = self.admin_site.admin_view(require_POST(view))
            pattern: URLPattern = path(route, guarded, name=f"articles_article_{name}")
            return pattern

        return [
            posted("preview/", self.preview_view, "preview_new"),
            posted("<int:object_id>/preview/", self.preview_view, "preview"),
            posted("<int:object_id>/links/", self.make_link_view, "make_link"),
            posted("links/<int:pk>/revoke/", self.revoke_link_view, "revoke_link"),
            *super().get_urls(),
        ]

    # Beside the text

    def preview_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        """What stands in the form, sealed, for the frame beside it to show."""
        story = self.get_object(request, str(object_id)) if object_id else None
        if object_id and story is None:
            raise Http404("There is no such story.")
        if not (self.has_change_permission(request, story) if story else self.has_add_permission(request)):
            raise PermissionDenied
        stored = snapshot_of(story) if story else NOTHING
        row, snapshot = self._as_typed(request, story, stored)
        return JsonResponse({"draft": seal_draft(row, snapshot, by=request.user)})  # type: ignore[arg-type]

    def _as_typed(self, request: HttpRequest, story: Article | None, stored: Snapshot) -> tuple[Article, Snapshot]:
        """The row and its snapshot as the form has them: what does not validate is as it was stored, or not there."""
        change = story is not None
        form = self.get_form(request, story, change=change)(request.POST, instance=story)
        form.full_clean()
        row: Article = form.instance
        row.headline = row.headline or "No headline yet"
        row.slug = row.slug or headline_slug(row.headline) or "story"
        snapshot = {**stored, "fields": fields_of(row), "tags": form.cleaned_data.get("tags", stored["tags"])}
        if "byline" in form.cleaned_data:
            snapshot["bylines"] = [each.slug or f"{UNSAVED}{each.name}" for each in form.cleaned_data["byline"]]
        for formset in self._create_formsets(request, row, change)[0]:  # type: ignore[attr-defined]
            if formset.management_form.is_valid():
                snapshot |= part_of_snapshot(formset.model, rows_typed(formset))
        return row, snapshot

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        story = kwargs.get("obj")
        if story and self.has_change_permission(request, story):
            context["preview_address"] = reverse("admin:articles_article_preview", args=[story.pk])
        elif not story and self.has_add_permission(request):
            context["preview_address"] = reverse("admin:articles_article_preview_new")
        return super().render_change_form(request, context, *args, **kwargs)

    # For outsiders

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nobody deletes a link by itself; with its story it goes."""
        objects, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return objects, counts, lacking - {model_ngettext(PreviewLink.objects.none(), 1)}, protected

    def make_link_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        story = self.get_object(request, str(object_id))
        if story is None:
            raise Http404("There is no such story.")
        revision = chosen_revision(request, original_of(story))
        days = request.POST.get("_preview_days", "")
        try:
            create_preview_link(
                story,
                by=request.user,  # type: ignore[arg-type]
                revision=revision,
                days=int(days) if days.isdecimal() and len(days) < 4 else USUAL_DAYS,
                note=request.POST.get("_preview_note", "").replace("\x00", ""),
            )
        except MoveRefused as refusal:
            return self._told(request, story, str(refusal), messages.ERROR)
        return self._told(request, story, "There is a new link for outsiders.", messages.SUCCESS)

    def revoke_link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        links = PreviewLink.objects.filter(article__in=Article.objects.visible_to(request.user))
        link = get_object_or_404(links.select_related("article"), pk=pk)
        try:
            revoke_preview_link(link, by=request.user)  # type: ignore[arg-type]
        except MoveRefused as refusal:
            return self._told(request, link.article, str(refusal), messages.ERROR)
        return self._told(request, link.article, "The link opens nothing any more.", messages.SUCCESS)

    def _told(self, request: HttpRequest, story: Article, sentence: str, level: int) -> HttpResponse:
        """The group again for the script, which keeps what is typed beside it; without script the page again."""
        is_of_version = request.POST.get("_preview_page") == "version"
        revision = chosen_revision(request, original_of(story)) if is_of_version else None
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return HttpResponse(links_shown(story, revision, sentence))
        self.message_user(request, sentence, level)
        if revision:
            return HttpResponseRedirect(reverse("admin:articles_revision_change", args=[revision.pk]))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[story.pk]))

    def preview_fieldsets(self, request: HttpRequest, article: Article | None) -> tuple[Any, ...]:
        return (LINKS,) if article and may_make_link(request.user, original_of(article)) else ()

    @admin.display(description="links")
    def preview_links(self, article: Article) -> SafeString:
        return links_shown(article)


def part_of_snapshot(model: type[Model], rows: list[Any]) -> Snapshot:
    names = {Citation: "citations", RelatedLink: "related_links", Correction: "corrections"}
    return {name: rows_of(rows) for kind, name in names.items() if kind is model}


def rows_typed(formset: AnyInlineFormSet) -> list[Any]:
    """Rows as they would be saved, in their order; a new one that does not validate is not there yet."""
    formset.full_clean()
    rows = []
    for form in formset.forms:
        is_there = form.instance.pk or (form.has_changed() and form.is_valid())
        if is_there and not getattr(form, "cleaned_data", {}).get(DELETION_FIELD_NAME):
            rows.append(form.instance)
    if formset.model is Correction:
        return sorted(rows, key=lambda row: row.corrected_at, reverse=True)
    return sorted(rows, key=lambda row: row.position)


def chosen_revision(request: HttpRequest, story: Article) -> Revision | None:
    number = request.POST.get("_preview_version", "")
    if not (number.isdecimal() and len(number) < 9):
        return None
    return get_object_or_404(story.revisions, number=int(number))


def links_shown(article: Article, revision: Revision | None = None, sentence: str = "") -> SafeString:
    """The links of a story, and what makes one: for its latest draft or its newest version, or for the one given."""
    story = original_of(article)
    links = story.preview_links.with_openings().select_related("revision", "created_by")
    links = links.defer(*(f"revision__{name}" for name in UNSEEN_OF_VERSIONS))
    if revision:
        links = links.filter(revision=revision)
    context = {
        "links": described_links(links[:SHOWN_LINKS]),
        "days": DAYS,
        "usual_days": USUAL_DAYS,
        "article": article,
        "revision": revision,
        "newest": revision or story.revisions.defer(*UNSEEN_OF_VERSIONS).first(),
        "sentence": sentence,
    }
    return render_to_string("admin/articles/article/_preview_links.html", context)


def described_links(links: Iterable[Any]) -> list[dict[str, Any]]:
    makers: dict[int, Any] = {}
    for link in links:
        if link.created_by:
            # One and the same person is asked once for what they may do.
            link.created_by = makers.setdefault(link.created_by.pk, link.created_by)
    return [{"link": link, "address": address_of(link), "closed": why_closed(link)} for link in links]


def address_of(link: PreviewLink) -> str:
    return f"{settings.SITE_URL}{reverse('articles:shared-preview', args=[token_of(link)])}"


@admin.register(PreviewLink)
class PreviewLinkAdmin(ReadOnlyAdmin):
    list_display = ("for_whom", "article", "shows", "created_by", "expires_at", "ended", "opened", "last_opened_at")
    list_select_related = ("article", "revision", "created_by")
    fields = ("article", "shows", "for_whom", "created_by", "created_at", "expires_at", "revoked_at", "state", "when")
    readonly_fields = ("shows", "for_whom", "state", "when")
    search_fields = ("note", "article__headline")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    actions = ("revoke_selected",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PreviewLink]:
        """Links to the stories on which a person may work."""
        rows: QuerySet[PreviewLink] = super().get_queryset(request).with_openings()  # type: ignore[attr-defined]
        unseen = unseen_in_lists("article__")
        rows = rows.defer(*unseen, *(f"revision__{name}" for name in UNSEEN_OF_VERSIONS))
        return rows.filter(of_stories(Article.objects.reachable_by(request.user)))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may write may make links, and so may look at them."""
        return request.user.has_perm("articles.change_article")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description="for whom", ordering="note")
    def for_whom(self, link: PreviewLink) -> str:
        return str(link)

    @admin.display(description="shows")
    def shows(self, link: PreviewLink) -> str:
        return str(link.revision) if link.revision else "The latest draft"

    @admin.display(description="ended")
    def ended(self, link: PreviewLink) -> str:
        """For the list, which asks nothing more of the database."""
        if link.revoked_at:
            return "Revoked"
        return "Expired" if link.expires_at <= timezone.now() else "–"

    @admin.display(description="state")
    def state(self, link: PreviewLink) -> str:
        return why_closed(link) or "Open"

    @admin.display(description="opened", ordering="opened")
    def opened(self, link: Any) -> int:
        return int(link.opened)

    @admin.display(description="last opened", ordering="last_opened_at")
    def last_opened_at(self, link: Any) -> Any:
        return link.last_opened_at

    @admin.display(description="opened")
    def when(self, link: PreviewLink) -> SafeString:
        rows = link.openings.all()[:100]
        return render_to_string(
            "admin/articles/previewlink/_openings.html", {"rows": rows, "opened": self.opened(link)}
        )

    @admin.action(description="Revoke the selected links", permissions=["view"])
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet[PreviewLink]) -> None:
        for link in queryset.select_related("article"):
            try:
                revoke_preview_link(link, by=request.user)  # type: ignore[arg-type]
            except MoveRefused as refusal:
                self.message_user(request, f"“{link}” stays as it is. {refusal}", messages.ERROR)


class LinksOfRevision(AnyModelAdmin):
    """Mixed into the admin of versions: a link that shows this one."""

    class Media:
        css = PREVIEW_STYLES
        js = PREVIEW_FILES

    def preview_fields(self, request: HttpRequest, revision: Revision | None) -> tuple[str, ...]:
        return ("preview_links",) if revision and may_make_link(request.user, revision.article) else ()

    @admin.display(description="links for outsiders")
    def preview_links(self, revision: Revision) -> SafeString:
        return links_shown(revision.article, revision)

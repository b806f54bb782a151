"""Tags proposed from a text while it is typed: by the rules of the importers, those in use first."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path

from articles.admin.desk import AnyModelAdmin
from articles.content.plain_text import clean_text
from articles.content.tag_proposals import KnownTags, Proposal, propose_tags
from articles.content.text import html_to_text
from articles.editorial.naming import ADD_TAG
from articles.models import Tag

TAG_PROPOSALS = "articles_article_tag_proposals"
LOOKED_AT = 100_000  # characters of HTML
CANDIDATES = 20
PROPOSED = 6


class TagProposals(AnyModelAdmin):
    """Mixed into the admin of stories."""

    def get_urls(self) -> list[URLPattern]:
        proposals = path("tag-proposals/", self.admin_site.admin_view(self.tag_proposals), name=TAG_PROPOSALS)
        return [proposals, *super().get_urls()]

    def tag_proposals(self, request: HttpRequest) -> HttpResponse:
        """What the text as it is typed calls for; ``chosen`` and ``dismissed`` tags are not proposed again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        names = list(Tag.objects.order_by().values_list("name", flat=True))
        left_out = {name.casefold() for name in request.POST.getlist("left_out")}
        found = [each for each in _propose(request, names) if each.name.casefold() not in left_out]
        in_use = set(names)
        chosen = [each for each in found if each.name in in_use]
        if request.user.has_perm(ADD_TAG):
            chosen += [each for each in found if each.name not in in_use]
        return JsonResponse({"results": [{"name": each.name, "reason": each.reason} for each in chosen[:PROPOSED]]})


def _propose(request: HttpRequest, names: list[str]) -> list[Proposal]:
    headline, dek, body = (clean_text(request.POST.get(name, "")[:LOOKED_AT]) for name in ("headline", "dek", "body"))
    paragraphs = [dek] if dek else []
    paragraphs += html_to_text(body).split("\n\n")
    language = request.POST.get("language", "")[:20] or "en"
    return propose_tags(headline, paragraphs, known=KnownTags(names), limit=CANDIDATES, language=language)

"""A newsroom in miniature, and the answers of the desk's forms."""

from datetime import date

from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.contrib.flatpages.models import FlatPage
from html5lib import parse

from articles.editorial.activity import record_activity
from articles.editorial.previews import create_preview_link, record_opening
from articles.editorial.revisions import keep_revision
from articles.models import (
    CdnDelivery,
    Citation,
    Correction,
    DeletedImport,
    FormerSlug,
    PopularEntry,
    PopularList,
    RelatedLink,
    SiteSettings,
)
from tests.factories import make_article, make_author, make_image, make_section, make_source, make_tag, make_user

VARNISH = "http://127.0.0.1:6081"


def make_newsroom(number=1):
    """Some rows of every model that the desk shows."""
    SiteSettings.objects.load()
    CdnDelivery.objects.get_or_create(target=f"Varnish, {VARNISH}")
    for each in range(number):
        author = make_author(f"Author {each}", portrait=make_image(), user=make_user(f"writer{each}"))
        source = make_source(f"Source {each}", url="https://source.example/")
        section = make_section(f"Section {each}")
        article = make_article(
            headline=f"Story {each}",
            authors=(author, make_author(f"Second author {each}")),
            tags=(f"Tag {each}",),
            section=section,
            lead_image=make_image(),
        )
        Citation.objects.create(article=article, source=source, url="https://source.example/1")
        Correction.objects.create(article=article, text="The ferry left at noon.")
        RelatedLink.objects.create(article=article, headline=f"Waiting {each}")
        RelatedLink.objects.create(article=article, headline=f"Story {each} again", target=article)
        listed = PopularList.objects.create(article=article, listed_on=date(2026, 7, 1))
        PopularEntry.objects.create(list=listed, position=1, headline="Once popular", target=article)
        DeletedImport.objects.create(import_source="seed", import_id=f"story-{article.pk}.txt", headline=f"Gone {each}")
        FormerSlug.objects.create(slug=f"former-{each}", article=article)
        FlatPage.objects.create(title=f"Page {each}", url=f"/page-{each}/", content="<p>Words.</p>").sites.add(1)
        record_activity(article, by=author.user, action="submit", stages=("draft", "in_review"))
        chief = make_user(f"superuser{each}", is_superuser=True)
        record_opening(create_preview_link(article, by=chief, revision=keep_revision(article, by=author.user)))
        Group.objects.create(name=f"Group {each}")
        make_tag(f"Another tag {each}")
    return article


def form_data(response):
    """What a browser would send back if nobody touched the page's form."""
    document = parse(response.content.decode(), namespaceHTMLElements=False)
    form = next(each for each in document.iter("form") if each.get("id", "").endswith("_form"))
    found = {}
    for field in form.iter():
        name = field.get("name")
        if not name or field.get("disabled") is not None or "__prefix__" in name:
            continue
        if field.tag == "textarea":
            found[name] = (field.text or "").removeprefix("\n")
        elif field.tag == "select":
            chosen = [each.get("value") for each in field.iter("option") if each.get("selected") is not None]
            if field.get("multiple") is not None or chosen:
                found[name] = chosen if field.get("multiple") is not None else chosen[0]
        elif field.tag == "input" and field.get("type") not in {"submit", "file"}:
            if field.get("type") in {"checkbox", "radio"} and field.get("checked") is None:
                continue
            found[name] = field.get("value", "on" if field.get("type") == "checkbox" else "")
    return found


def errors(response):
    """Every error on the form and its inlines, as one text."""
    context = response.context
    found = [str(context["adminform"].errors)]
    found += [
        str(each.formset.errors) + str(each.formset.non_form_errors()) for each in context["inline_admin_formsets"]
    ]
    return " ".join(found)


# Pages of the desk's index that show no rows: each has its own tests.
PAGES = {"articles.standing", "articles.popularchoice"}
REGISTERED = sorted({model._meta.label_lower for model in site._registry} - PAGES)

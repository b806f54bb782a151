"""The field in which a story's body is written: a rich editor in the browser, a box for HTML without script.

Whatever comes back is cleaned by the model's field: the browser is never trusted.
"""

import json
from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms.widgets import Script
from django.templatetags.static import static
from django.urls import reverse

from articles import conf
from articles.admin.library_search import PICTURE_CHOICES, STORY_CHOICES, described_pictures
from articles.content import allowlist
from articles.content.embeds import PROVIDERS, Provider
from articles.content.references import find_references
from articles.content.text import WORDS_PER_MINUTE
from articles.models import Article

# Of the package no more is used than this file: the editor itself, as a module.
LIBRARY = "django_prose_editor/editor.js"

# Inline elements that have a button, or a key, of their own.
MARKS_OF_THE_EDITOR = frozenset({"a", "strong", "em", "s", "sub", "sup", "code", "br", "small"})


class BodyEditor(AdminTextareaWidget):
    class Media:
        css = {"screen": ("admin-newsroom/editor.css",)}
        js = ("admin-newsroom/pictures.js", Script("admin-newsroom/editor.js", type="module"))

    # Who writes; the form says it.
    person: Any = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        attrs = {**(attrs or {}), "data-editor": json.dumps(editor_settings(value or "", person=self.person))}
        return super().get_context(name, value, attrs)


class BodyField(forms.CharField):
    """HTML with the line ends that the database has: browsers send others, and that alone is no change."""

    widget = BodyEditor(attrs={"class": "desk-body", "rows": 26})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


def editor_settings(body: str, *, person: Any = None) -> dict[str, Any]:
    """All that the script needs: what may be written, from the one allowlist; what the body refers to; where to ask.

    The headline of a story that this person may not see is not told.
    """
    references = find_references(body)
    may_add = person is not None and person.has_perm("articles.add_image")
    return {
        "library": static(LIBRARY),
        "stories": reverse(f"admin:{STORY_CHOICES}"),
        "pictures": reverse(f"admin:{PICTURE_CHOICES}"),
        "upload": reverse("admin:articles_image_from_text") if may_add else None,
        "look": reverse("admin:articles_image_look"),
        "largest": conf.picture_max_bytes(),
        "known": {
            "stories": known_stories(references.articles, person),
            "pictures": {each["uid"]: each for each in described_pictures(references.pictures)},
        },
        "embeds": [described_provider(each) for each in PROVIDERS.values()],
        "wordsPerMinute": WORDS_PER_MINUTE,
        "schemes": sorted(allowlist.SCHEMES),
        "synonyms": dict(allowlist.SYNONYMS),
        "discarded": sorted(allowlist.DISCARDED_WITH_CONTENT),
        "attributes": {tag: sorted(names) for tag, names in allowlist.ATTRIBUTES.items()},
        "inline": sorted(allowlist.INLINE_TAGS - {"small"}),
        "marks": {tag: selector(tag) for tag in sorted(allowlist.INLINE_TAGS - MARKS_OF_THE_EDITOR)},
    }


def known_stories(uids: Collection[str], person: Any) -> dict[str, str]:
    if not uids or person is None:
        return {}
    seen = Article.objects.visible_to(person).filter(uid__in=uids)
    return {str(uid): headline for uid, headline in seen.values_list("uid", "headline")}


def described_provider(provider: Provider) -> dict[str, Any]:
    return {
        "key": provider.key,
        "name": provider.name,
        "kind": provider.kind,
        "original": provider.original,
        "addresses": [pattern.replace("{id}", f"({provider.identifier})") for pattern in provider.addresses],
    }


def selector(tag: str) -> str:
    """Which elements of this name mean something, as CSS says it."""
    needed = allowlist.NEEDS_ONE_OF.get(tag)
    return ", ".join(f"{tag}[{name}]" for name in sorted(needed)) if needed else tag

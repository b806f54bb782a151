"""The field in which a story's body is written: a rich editor in the browser, a box for HTML without script.

Whatever comes back is cleaned by the model's field: the browser is never trusted.
"""

import json
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms.widgets import Script
from django.templatetags.static import static
from django.urls import reverse

from articles.admin.library_search import PICTURE_CHOICES, STORY_CHOICES, described_pictures
from articles.content import allowlist
from articles.content.references import find_references
from articles.content.text import WORDS_PER_MINUTE
from articles.models import Article

# Of the package no more is used than this file: the editor itself, as a module.
LIBRARY = "django_prose_editor/editor.js"

# Inline elements that have a button, or a key, of their own.
MARKS_OF_THE_EDITOR = frozenset({"a", "strong", "em", "s", "sub", "sup", "code", "br"})


class BodyEditor(AdminTextareaWidget):
    class Media:
        css = {"screen": ("admin-newsroom/editor.css",)}
        js = (Script("admin-newsroom/editor.js", type="module"),)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        attrs = {**(attrs or {}), "data-editor": json.dumps(editor_settings(value or ""))}
        return super().get_context(name, value, attrs)


class BodyField(forms.CharField):
    """HTML with the line ends that the database has: browsers send others, and that alone is no change."""

    widget = BodyEditor(attrs={"class": "desk-body", "rows": 26})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


def editor_settings(body: str) -> dict[str, Any]:
    """All that the script needs: what may be written, from the one allowlist; what the body refers to; where to ask."""
    references = find_references(body)
    linked = Article.objects.filter(uid__in=references.articles) if references.articles else Article.objects.none()
    return {
        "library": static(LIBRARY),
        "stories": reverse(f"admin:{STORY_CHOICES}"),
        "pictures": reverse(f"admin:{PICTURE_CHOICES}"),
        "known": {
            "stories": {str(uid): headline for uid, headline in linked.values_list("uid", "headline")},
            "pictures": {each["uid"]: each for each in described_pictures(references.pictures)},
        },
        "wordsPerMinute": WORDS_PER_MINUTE,
        "schemes": sorted(allowlist.SCHEMES),
        "synonyms": dict(allowlist.SYNONYMS),
        "discarded": sorted(allowlist.DISCARDED_WITH_CONTENT),
        "attributes": {tag: sorted(names) for tag, names in allowlist.ATTRIBUTES.items()},
        "marks": {tag: selector(tag) for tag in sorted(allowlist.INLINE_TAGS - MARKS_OF_THE_EDITOR)},
    }


def selector(tag: str) -> str:
    """Which elements of this name mean something, as CSS says it."""
    needed = allowlist.NEEDS_ONE_OF.get(tag)
    return ", ".join(f"{tag}[{name}]" for name in sorted(needed)) if needed else tag

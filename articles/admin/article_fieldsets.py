"""How the page of a story is arranged: the text first, then what is to become of it, then the rest in groups."""

from typing import Any, Final

from articles.editorial.permissions import stage_of
from articles.editorial.transitions import Stage
from articles.models import Article

FOLDED: Final = ("collapse",)
WRITING: Final = (None, {"fields": ("headline", "dek", "body"), "classes": ("desk-writing",)})
READING: Final = (None, {"fields": ("headline", "dek", "text_shown"), "classes": ("desk-writing",)})
PUBLICATION: Final = ("Publication", {"fields": ("standing", "published_at", "embargoed_until")})
UPDATE: Final = ("Update", {"fields": ("standing", "takes_effect_at", "update_note")})
FILING: Final = ("section", "byline", "tags", "story_type", "slug", "dateline", "language")
ABOUT: Final = ("About the story", {"fields": FILING})
SHOWN: Final = ("bylines_shown", "tags_shown", "sources_shown", "links_shown")
ABOUT_SHOWN: Final = (
    "About the story",
    {"fields": (*(name for name in FILING if name not in {"byline", "tags"}), *SHOWN)},
)
PICTURE: Final = ("Picture", {"fields": ("lead_image", "lead_caption")})
TIMES: Final = (
    "Times",
    {
        "classes": FOLDED,
        "fields": ("updated_at", "expires_at", "first_published_at", "created_at", "modified_at"),
    },
)
SEARCH_ENGINES: Final = (
    "Search engines",
    {"classes": FOLDED, "fields": ("seo_title", "seo_description", "canonical_url")},
)
HISTORY: Final = ("Activity", {"classes": FOLDED, "fields": ("log",)})
ORIGIN: Final = (
    "Import",
    {"classes": FOLDED, "fields": ("import_source", "import_id", "import_hash", "imported_at")},
)

# What only a working copy may change once readers have a story.
CONTENT: Final = (
    *("headline", "dek", "body", *FILING),
    *("lead_image", "lead_caption", "seo_title", "seo_description", "canonical_url"),
)


def is_for_reading(article: Article | None) -> bool:
    """Whether the page shows what readers have, to be edited as a working copy."""
    return article is not None and bool(article.pk) and stage_of(article) == Stage.PUBLISHED


def fieldsets_for(article: Article | None) -> tuple[Any, ...]:
    if article is None:
        return (WRITING, PUBLICATION, ABOUT, PICTURE, TIMES, SEARCH_ENGINES)
    origin = (ORIGIN,) if article.import_source else ()
    if article.replaces_id:
        return (WRITING, UPDATE, ABOUT, PICTURE, SEARCH_ENGINES, HISTORY)
    if is_for_reading(article):
        return (READING, PUBLICATION, ABOUT_SHOWN, PICTURE, TIMES, SEARCH_ENGINES, *origin, HISTORY)
    return (WRITING, PUBLICATION, ABOUT, PICTURE, TIMES, SEARCH_ENGINES, *origin, HISTORY)

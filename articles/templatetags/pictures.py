"""Template tags that show pictures."""

from typing import Any

from django import template

from articles.models import Image
from articles.pictures.focus import focus_classes
from articles.pictures.renditions import rendition_url, srcset

register = template.Library()

# The width of the file for the few programs that know nothing of srcset.
PLAIN_WIDTH = 800


@register.inclusion_tag("articles/_picture.html")
def picture(image: Image | None, *, sizes: str = "100vw", lead: bool = False) -> dict[str, Any]:
    """``{% picture image sizes="(min-width: 62rem) 52rem, 100vw" lead=True %}``: nothing where there is no image.

    Nothing either where its rights have run out: whatever asked for it, readers do not see it.

    ``lead`` is for the one picture that is on the screen at once: the browser fetches it first.
    """
    if image is None or not image.is_usable():
        return {"image": None}
    return {
        "image": image,
        "src": rendition_url(image, PLAIN_WIDTH),
        "webp": srcset(image, "webp"),
        "jpeg": srcset(image, "jpg"),
        "sizes": sizes,
        "lead": lead,
        "focus": focus_classes(image),
    }

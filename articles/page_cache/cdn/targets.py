"""The caches in front of the site that are configured: none, by default."""

from collections.abc import Callable
from typing import Final

from articles.conf import cdns
from articles.page_cache.cdn.base import Target
from articles.page_cache.cdn.cloudflare import Cloudflare
from articles.page_cache.cdn.fastly import Fastly
from articles.page_cache.cdn.varnish import Varnish
from articles.page_cache.tag_fields import TagField

KINDS: Final[dict[str, Callable[..., Target]]] = {"cloudflare": Cloudflare, "fastly": Fastly, "varnish": Varnish}


def targets() -> list[Target]:
    return [KINDS[options["kind"]](**{key: options[key] for key in options if key != "kind"}) for options in cdns()]


def tag_fields() -> tuple[TagField, ...]:
    """The fields in which answers tell their tags: one a kind, however many servers there are of it."""
    return tuple({target.tag_field: None for target in targets()})

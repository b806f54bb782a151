"""The addresses of pages, each made once: a list shows the same sections and authors again and again."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

# Of a hundred bytes or so each.
_REMEMBERED = 10_000


def address_of(view: str, *arguments: str | int) -> str:
    """As `reverse`, which takes many times as long."""
    return _address(view, arguments, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=_REMEMBERED)
def _address(view: str, arguments: tuple[str | int, ...], urlconf: str, prefix: str) -> str:
    return reverse(view, urlconf=urlconf, args=arguments)

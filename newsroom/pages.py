"""The page cache as the settings want it, in front of Django."""

from typing import Final
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

from django.conf import settings

from articles.page_cache.addresses import Origins
from articles.page_cache.cdn.targets import tag_fields
from articles.page_cache.following import follow_purges
from articles.page_cache.wrapper import MEBIBYTE, PageCache

# No page of these is a reader's, and files have a quicker way.
SKIPPED: Final = ("/admin/", "/preview/", "/reads/", "/health/", "/static/", "/media/")


def keep_pages(django: WSGIApplication) -> WSGIApplication:
    """Django with the cache before it, and a thread that follows the purge log; Django alone where the cache is off.

    Where a CDN stands in front, a cache that keeps nothing tells it in its words what pages tell.
    """
    if not settings.PAGE_CACHE_MEGABYTES and not settings.ARTICLES_CDNS:
        return django
    cache = PageCache(
        django,
        origins=Origins(site_origins(), scheme_field=getattr(settings, "SECURE_PROXY_SSL_HEADER", None)),
        cookies=[settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"],
        skipped=SKIPPED,
        max_bytes=settings.PAGE_CACHE_MEGABYTES * MEBIBYTE,
        tag_fields=tag_fields(),
    )
    follow_purges(cache)
    return cache


def site_origins() -> list[str]:
    """The site's own address, and what else it answers under, with the same scheme and port."""
    site = urlsplit(settings.SITE_URL)
    port = f":{site.port}" if site.port else ""
    # A host with a wildcard is no address.
    hosts = [host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))]
    return [settings.SITE_URL, *(f"{site.scheme}://{host}{port}" for host in hosts)]

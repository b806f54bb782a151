"""The settings of this app: each with its default and what it means. Nothing else reads ``ARTICLES_*``."""

from datetime import timedelta

from django.conf import settings


def import_max_bytes() -> int:
    """The size, in bytes, above which an imported text is refused as no article. Default: 5 MB."""
    return getattr(settings, "ARTICLES_IMPORT_MAX_BYTES", 5_000_000)


def picture_max_pixels() -> int:
    """The number of pixels above which a picture is refused before it is decoded. Default: 60 million."""
    return getattr(settings, "ARTICLES_PICTURE_MAX_PIXELS", 60_000_000)


def picture_max_bytes() -> int:
    """The size, in bytes, above which an uploaded picture is refused. Default: 30 MB."""
    return getattr(settings, "ARTICLES_PICTURE_MAX_BYTES", 30_000_000)


def page_size() -> int:
    """How many stories a page of a list shows. Default: 20."""
    return getattr(settings, "ARTICLES_PAGE_SIZE", 20)


def heartbeat_seconds() -> float:
    """How often the web server does what is due, such as scheduled updates; 0 for never. Default: every 5 seconds."""
    return getattr(settings, "ARTICLES_HEARTBEAT_SECONDS", 5)


def read_flush_seconds() -> float:
    """How often each process writes the reads that it has counted; 0 for never by itself. Default: every 3 seconds."""
    return getattr(settings, "ARTICLES_READ_FLUSH_SECONDS", 3)


def read_window() -> timedelta:
    """For how long a reader who opens a story again is the same read. Default: 30 minutes."""
    return timedelta(minutes=getattr(settings, "ARTICLES_READ_WINDOW_MINUTES", 30))


def reads_per_minute() -> int:
    """How many reads a minute are believed of one network address, behind which many may read. Default: 120."""
    return getattr(settings, "ARTICLES_READS_PER_MINUTE", 120)


def trending_half_life() -> timedelta:
    """After what time a read weighs half as much in what trends. Default: 24 hours."""
    return timedelta(hours=getattr(settings, "ARTICLES_TRENDING_HALF_LIFE_HOURS", 24))


def popular_origin_weight() -> float:
    """What a read weighs in what trends when it came from the popular list itself, 0 to 1. Default: 0.3."""
    return getattr(settings, "ARTICLES_POPULAR_ORIGIN_WEIGHT", 0.3)


def related_stories() -> int:
    """How many stories that were found stand below a story, beside those that editors chose. Default: 4."""
    return getattr(settings, "ARTICLES_RELATED_STORIES", 4)


def page_seconds() -> int:
    """For how long the server keeps a page of which nothing changes, at the most. Default: an hour."""
    return getattr(settings, "ARTICLES_PAGE_SECONDS", 3600)


def cdn_seconds() -> int:
    """For how long a CDN keeps a page; 0 where none is told of changes, and has to ask each time. Default: 0."""
    return getattr(settings, "ARTICLES_CDN_SECONDS", 0)


def cdns() -> list[dict[str, str]]:
    """The caches in front of the site that are told of changes: each a ``kind`` and what it is called with. Default: none."""
    return getattr(settings, "ARTICLES_CDNS", [])

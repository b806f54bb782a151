"""The settings of this app: each with its default and what it means. Nothing else reads ``ARTICLES_*``."""

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

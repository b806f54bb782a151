"""What all pages are made with: where that is other than it was, all that anybody keeps of them is outdated."""

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import django
from django.conf import settings
from django.db import DatabaseError, transaction
from django.template import engines

from articles.models import Duty
from articles.page_cache.purge_log import record_purge
from articles.page_cache.tags import EVERYTHING

logger = logging.getLogger(__name__)

NOTED: Final = "what pages are made with"
CODE: Final = Path(__file__).parents[1]
# Of the settings, those that pages show; and all of the app's own, which begin so.
SHOWN_SETTINGS: Final = ("SITE_URL", "LANGUAGE_CODE", "TIME_ZONE", "STATIC_URL", "MEDIA_URL")
OWN_SETTINGS: Final = "ARTICLES_"


def note_deployment() -> bool:
    """To be called when a server starts; whether anything was deployed since the last one noted it.

    The caches of processes that start are empty: the line in the purge log is for those in front of them.
    """
    fingerprint = fingerprint_of_deployment()
    try:
        with transaction.atomic():
            noted, is_first = Duty.objects.get_or_create(name=NOTED, defaults={"basis": fingerprint})
            # Of several processes that start, one changes the row.
            others = Duty.objects.filter(pk=noted.pk).exclude(basis=fingerprint)
            is_new = is_first or bool(others.update(basis=fingerprint))
            if is_new:
                record_purge([EVERYTHING])
    except DatabaseError:
        logger.exception("It could not be noted what was deployed: what a CDN keeps may be older.")
        return False
    return is_new


def fingerprint_of_deployment() -> str:
    digest = hashlib.sha256(django.get_version().encode())
    for name in (*SHOWN_SETTINGS, *sorted(name for name in dir(settings) if name.startswith(OWN_SETTINGS))):
        digest.update(f"{name}={getattr(settings, name, None)!r}\n".encode())
    for path in deployed_files():
        digest.update(f"{path}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def deployed_files() -> Iterator[Path]:
    """The code, the templates, and the names under which static files are served; or these themselves."""
    yield from sorted(CODE.rglob("*.py"))
    for engine in engines.all():
        for folder in engine.template_dirs:
            yield from sorted(path for path in Path(folder).rglob("*") if path.is_file())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.is_file():
        yield manifest
    else:
        for own in settings.STATICFILES_DIRS:
            yield from sorted(path for path in Path(own).rglob("*") if path.is_file())

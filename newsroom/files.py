"""Where pictures and static files lie, and under which addresses browsers ask for them: settings from addresses."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

EXPECTED = "expected s3://key:secret@bucket/folder?region=eu-central-1&endpoint=https://s3.example.org or the like"
PARAMETERS = frozenset({"region", "endpoint", "addressing"})


def picture_storage(url: str, *, base_url: str) -> dict[str, Any]:
    """An entry of ``STORAGES``: the disk of this machine where there is no address."""
    if not url:
        return {"BACKEND": "articles.pictures.storage.WholeFileStorage"}
    options = {**bucket_options("MEDIA_STORAGE", url), "base_url": base_url}
    return {"BACKEND": "newsroom.buckets.PictureBucket", "OPTIONS": options}


def static_storage(url: str, *, base_url: str, debug: bool) -> dict[str, Any]:
    if url and not base_url.startswith("http"):
        raise ImproperlyConfigured(
            "STATIC_STORAGE is not usable alone: expected in STATIC_URL the address under which browsers find that bucket."
        )
    if url:
        options = {**bucket_options("STATIC_STORAGE", url), "base_url": base_url}
        return {"BACKEND": "newsroom.buckets.StaticBucket", "OPTIONS": options}
    if debug:
        return {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}


def bucket_options(name: str, url: str) -> dict[str, Any]:
    """What django-storages calls the parts of an address; without a key, boto3 looks for one where it usually does.

    Key and secret stand percent-encoded in it. Raises ImproperlyConfigured, without repeating them.
    """
    try:
        parts = urlsplit(url)
        parameters = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        bucket = parts.hostname
    except ValueError:
        bucket, parameters = None, {}
    endpoint = parameters.get("endpoint")
    has_half_a_key = bool(bucket) and bool(parts.username) != bool(parts.password)
    if not bucket or has_half_a_key or parameters.keys() - PARAMETERS or not is_server(endpoint):
        raise ImproperlyConfigured(f"{name} is not usable: {EXPECTED}.")
    return {
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "bucket_name": bucket,
        "location": parts.path.strip("/"),
        "region_name": parameters.get("region"),
        "endpoint_url": endpoint,
        # Servers other than Amazon's seldom have a host name for each bucket.
        "addressing_style": parameters.get("addressing", "path" if endpoint else "auto"),
    }


def is_server(endpoint: str | None) -> bool:
    if endpoint is None:
        return True
    parts = urlsplit(endpoint)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def origins(*addresses: str) -> list[str]:
    """The hosts among these addresses as a Content-Security-Policy names them, each once; a path has none."""
    parts = [urlsplit(address) for address in addresses]
    return list(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts if part.netloc))

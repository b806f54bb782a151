"""E-mail by one address, under the setting names of Django 6.1 and, until support for 5.2 and 6.0 ends, the older ones."""

from typing import Any
from urllib.parse import unquote, urlsplit

import django
from django.core.exceptions import ImproperlyConfigured

SCHEMES = ("console", "smtp", "smtps", "smtp+tls")
PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
SECONDS = 10

# How Django calls the options of a mailer where there are no mailers yet.
OLDER_NAMES = {
    "host": "EMAIL_HOST",
    "port": "EMAIL_PORT",
    "username": "EMAIL_HOST_USER",
    "password": "EMAIL_HOST_PASSWORD",
    "use_tls": "EMAIL_USE_TLS",
    "use_ssl": "EMAIL_USE_SSL",
    "timeout": "EMAIL_TIMEOUT",
}


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for an address such as ``smtp+tls://user:password@host:587``.

    Name and password stand percent-encoded in it. Raises ImproperlyConfigured, without repeating the password.
    """
    mailer = parse_mailer(url)
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": mailer}}
    options = {OLDER_NAMES[name]: value for name, value in mailer["OPTIONS"].items()}
    return {"EMAIL_BACKEND": mailer["BACKEND"], **options}


def parse_mailer(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend", "OPTIONS": {}}
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError:
        port = 0
    if not parts.hostname or not port:
        raise ImproperlyConfigured("EMAIL_URL is not usable: expected smtp+tls://user:password@host:587 or the like.")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": port,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp+tls",
            "use_ssl": parts.scheme == "smtps",
            "timeout": SECONDS,
        },
    }

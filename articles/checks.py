"""System checks: what a deployment of this app must have, said before it fails."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from articles.conf import cdn_seconds, cdns


@register()
def check_csp(**_: Any) -> list[CheckMessage]:
    """The admin and the site run without inline script; a policy that allows it hides a mistake."""
    policy = getattr(settings, "SECURE_CSP", None)
    if not policy:
        return [Warning("SECURE_CSP is not set: pages go out without a Content-Security-Policy.", id="articles.W001")]
    loose = [name for name, sources in policy.items() if {"'unsafe-inline'", "'unsafe-eval'"} & set(sources)]
    return [Error(f"SECURE_CSP allows inline code in {name}.", id="articles.E001") for name in loose]


@register()
def check_site_id(**_: Any) -> list[CheckMessage]:
    """Flat pages need a site, and the site's number is wired in the settings."""
    if not hasattr(settings, "SITE_ID"):
        return [Error("SITE_ID is not set: flat pages cannot be found.", id="articles.E002")]
    return []


@register()
def check_cdn(**_: Any) -> list[CheckMessage]:
    """A CDN that keeps pages and hears of no change shows them for as long as it keeps them, withdrawn ones too."""
    if cdn_seconds() and not cdns():
        return [
            Warning(
                f"CDNs may keep pages for {cdn_seconds()} seconds, but none is told of changes.",
                hint="Name the one in front of the site, as docs/cdn.md says, or leave CDN_SECONDS out.",
                id="articles.W002",
            )
        ]
    return []

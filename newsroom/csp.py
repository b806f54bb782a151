"""Content-Security-Policy under the setting names of Django 6.0, for Django 5.2 as well.

Django 6.0 brings the middleware of its own; the one below goes when support for Django 5.2 ends in April 2028,
and settings then name Django's.
"""

from collections.abc import Callable, Iterable, Mapping

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
MIDDLEWARE: str = (
    "django.middleware.csp.ContentSecurityPolicyMiddleware"
    if django.VERSION >= (6, 0)
    else "newsroom.csp.ContentSecurityPolicyMiddleware"
)

NONE = "'none'"
SELF = "'self'"


def build_policy(policy: Mapping[str, Iterable[str]]) -> str:
    """The header's value for a policy given as ``{directive: sources}``."""
    return "; ".join(" ".join([directive, *sources]) for directive, sources in policy.items())


class ContentSecurityPolicyMiddleware:
    """Sets the policy of ``SECURE_CSP`` on each response that has none of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy(settings.SECURE_CSP)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response

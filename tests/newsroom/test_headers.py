"""Security headers on the site and in the admin, under Django's own middleware and the one for 5.2."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from newsroom import csp

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["/", "/admin/login/", "/no-such-page/"])
def headers(request, client):
    return client.get(request.param).headers


def test_policy_allows_no_inline_code(headers):
    policy = dict(directive.split(" ", 1) for directive in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"


def test_other_policies_are_set(headers):
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_middleware_for_older_django_writes_what_django_writes(client):
    request = RequestFactory().get("/")
    response = csp.ContentSecurityPolicyMiddleware(lambda _: HttpResponse())(request)
    assert response.headers[csp.HEADER] == client.get("/admin/login/").headers[csp.HEADER]


def test_policy_of_a_view_is_kept():
    own = HttpResponse(headers={csp.HEADER: "sandbox"})
    response = csp.ContentSecurityPolicyMiddleware(lambda _: own)(RequestFactory().get("/"))
    assert response.headers[csp.HEADER] == "sandbox"


def test_readers_get_no_cookie(client):
    assert not client.get("/").cookies


def test_session_cookie_is_out_of_reach_of_script():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY

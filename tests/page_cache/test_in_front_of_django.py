"""The same views with the cache in front of them and without it: what Django would answer is what readers get."""

import io
from types import ModuleType

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import SimpleTestCase, override_settings
from django.urls import path
from django.utils.cache import patch_cache_control, patch_vary_headers

from articles.page_cache.addresses import Origins
from articles.page_cache.wrapper import PageCache
from tests.page_cache.site import TEXT, ask

MODIFIED = "Mon, 02 Nov 2015 10:00:00 GMT"
OWN_FIELDS = {"age", "cache-status", "date", "vary"}


def story(request):
    response = HttpResponse(TEXT, headers={"Last-Modified": MODIFIED, "ETag": '"story"', "Content-Language": "en"})
    patch_cache_control(response, public=True, max_age=0, s_maxage=600)
    patch_vary_headers(response, ["Accept-Language"])
    response["Cache-Query"] = "after"
    return response


def missing(request):
    response = HttpResponse(b"no such story", status=404)
    patch_cache_control(response, s_maxage=600)
    return response


def session(request):
    request.session_is_read = True
    response = HttpResponse(b"for you alone")
    patch_cache_control(response, s_maxage=600)
    response.set_cookie("seen", "1")
    return response


def stream(request):
    response = StreamingHttpResponse(iter([b"a", b"b"]))
    patch_cache_control(response, s_maxage=600)
    return response


def file(request):
    return FileResponse(io.BytesIO(b"whole"), headers={"Cache-Control": "s-maxage=600"})


URLS = ModuleType("urls_of_a_small_site")
URLS.urlpatterns = [path(f"{view.__name__}/", view) for view in (story, missing, session, stream, file)]


def request(address, method="GET", **fields):
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "127.0.0.1:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    return environ | {f"HTTP_{name.upper()}": value for name, value in fields.items()}


@override_settings(
    ROOT_URLCONF=URLS,
    MIDDLEWARE=[
        "django.middleware.http.ConditionalGetMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
)
class InFrontOfDjangoTests(SimpleTestCase):
    def setUp(self):
        # As Django's test client does: without a database, none is to be looked after.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)
        self.django = WSGIHandler()
        self.cached = PageCache(self.django, origins=Origins(["http://127.0.0.1:8000"]), cookies=["sessionid"])

    def both(self, address, **fields):
        """What a reader gets from Django, from the cache at first, and from the cache then."""
        applications = (self.django, self.cached, self.cached)
        return [ask(application, request(address, **fields)) for application in applications]

    def assert_same(self, address, **fields):
        plain, *cached = self.both(address, **fields)
        for reply in cached:
            assert (reply.status, reply.body) == (plain.status, plain.body)
            assert fields_of(reply) == fields_of(plain)
        return plain

    def test_pages_are_the_same(self):
        for address in ("/story/", "/story/?after=1", "/story/?utm=1", "/missing/", "/nowhere/", "/stream/", "/file/"):
            with self.subTest(address=address):
                self.assert_same(address)

    def test_heads_are_what_django_sends_before_a_page(self):
        """RFC 9110 §9.3.2: the fields that GET would give; Django forgets the tag of a 404."""
        for address in ("/story/", "/missing/", "/file/"):
            plain = ask(self.django, request(address))
            for _ in range(2):
                with self.subTest(address=address):
                    head = ask(self.cached, request(address, "HEAD"))
                    assert (head.status, head.body) == (plain.status, b"")
                    assert fields_of(head) == fields_of(plain)

    def test_not_modified_is_the_same(self):
        """RFC 9110 §15.4.5."""
        for fields in (
            {"if_none_match": '"story"'},
            {"if_none_match": 'W/"story", "x"'},
            {"if_none_match": "*"},
            {"if_modified_since": MODIFIED},
            {"if_modified_since": "Mon, 02 Nov 2020 10:00:00 GMT"},
        ):
            with self.subTest(**fields):
                plain = self.assert_same("/story/", **fields)
                assert plain.status == 304
                # Django answers conditions of HEAD with 200; RFC 9110 §13.2.1 treats it as it treats GET.
                head = ask(self.cached, request("/story/", "HEAD", **fields))
                assert (head.status, fields_of(head)) == (304, fields_of(plain))

    def test_modified_is_the_same(self):
        """RFC 9110 §13.2.2."""
        for fields in (
            {"if_none_match": '"other"'},
            {"if_none_match": '"other"', "if_modified_since": MODIFIED},
            {"if_modified_since": "Mon, 02 Nov 2009 10:00:00 GMT"},
            {"if_modified_since": "nonsense"},
        ):
            with self.subTest(**fields):
                assert self.assert_same("/story/", **fields).status == 200

    def test_what_varies_is_told_with_accept_encoding_besides(self):
        assert [reply["Vary"] for reply in self.both("/story/")] == [
            "Accept-Language",
            *["Accept-Language, Accept-Encoding"] * 2,
        ]

    def test_a_view_that_sets_a_cookie_is_asked_each_time(self):
        replies = self.both("/session/")
        assert all("seen=1" in reply["Set-Cookie"] for reply in replies)
        assert replies[2]["Cache-Status"] == "Newsroom; fwd=uri-miss; detail=not-storable"

    def test_a_page_is_kept_and_a_stream_is_not(self):
        assert self.both("/story/")[2]["Cache-Status"].startswith("Newsroom; hit")
        assert self.both("/stream/")[2]["Cache-Status"] == "Newsroom; fwd=uri-miss; detail=not-storable"


def fields_of(reply):
    """Django's fields; of what the cache adds to a 304 or is told by it, nothing."""
    dropped = OWN_FIELDS | {"cache-query"} | ({"content-length"} if reply.status == 304 else set())
    return sorted((name.lower(), value) for name, value in reply.lines if name.lower() not in dropped)

"""Static files are answered before Django, as small as the browser takes them, and for ever."""

import pytest
from django.test import RequestFactory

from newsroom.static_files import serve_files

NAME = "css/newsroom.0123456789ab.css"


def django(environ, start_response):
    start_response("404 Not Found", [])
    return [b"Django was asked."]


@pytest.fixture
def files(tmp_path, settings):
    settings.DEBUG, settings.STATIC_ROOT = False, tmp_path / "static"
    (settings.STATIC_ROOT / "css").mkdir(parents=True)
    for end, content in {"": b"plain and long", ".br": b"brotli", ".gz": b"by gzip"}.items():
        (settings.STATIC_ROOT / f"{NAME}{end}").write_bytes(content)
    return serve_files(django)


def fetch(application, path, **fields):
    started = []
    answer = application(RequestFactory().get(path, **fields).environ, lambda *said: started.append(said))
    try:
        content = b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    return started[0][0], dict(started[0][1]), content


def test_browser_gets_the_smallest_that_it_understands(files):
    for accepted, content in {"gzip, br": b"brotli", "gzip": b"by gzip", "identity": b"plain and long"}.items():
        status, fields, found = fetch(files, f"/static/{NAME}", HTTP_ACCEPT_ENCODING=accepted)
        assert (status, found) == ("200 OK", content)
        assert fields["Vary"] == "Accept-Encoding"


def test_named_by_its_digest_it_is_kept_for_ever(files):
    assert "immutable" in fetch(files, f"/static/{NAME}")[1]["Cache-Control"]


def test_file_that_the_browser_has_is_not_sent_again(files):
    tag = fetch(files, f"/static/{NAME}")[1]["ETag"]
    status, _, content = fetch(files, f"/static/{NAME}", HTTP_IF_NONE_MATCH=tag)
    assert (status, content) == ("304 Not Modified", b"")


def test_file_is_protected_as_pages_are(files):
    fields = fetch(files, f"/static/{NAME}")[1]
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in fields["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/static/", "/static/missing.css", "/static/../settings.py", "/static/%2e%2e/x"])
def test_everything_else_is_for_django(files, path):
    assert fetch(files, path)[2] == b"Django was asked."


def test_files_that_are_not_collected_are_for_django(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "nothing"
    assert serve_files(django) is django


def test_development_serves_files_as_they_are_now(settings, tmp_path):
    settings.DEBUG, settings.STATIC_ROOT = True, tmp_path
    assert serve_files(django) is django

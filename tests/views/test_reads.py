"""Where pages report that they are read: the same answer to everybody, and no query."""

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from articles.models.reads import Refusal
from articles.popularity.flushing import BUFFER
from tests.factories import make_article, make_draft, make_user
from tests.popularity.test_crawlers import CHROME

pytestmark = pytest.mark.usefixtures("counting")

UID = "0b37ab3c-6f7e-4ab3-9d36-0d6d6d1a8f10"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def send(client):
    """A function that posts what a page would, and gives what was counted of it."""

    def post(body=f"article={UID}&from=site", content_type=FORM, **changes):
        headers = {"user-agent": CHROME, "sec-fetch-site": "same-origin"} | changes
        headers = {name: value for name, value in headers.items() if value is not None}
        response = client.post(reverse("articles:reads"), body, content_type=content_type, headers=headers)
        assert (response.status_code, response.content) == (204, b"")
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies
        tally = BUFFER.take()
        assert len(tally.reads) + len(tally.refused) <= 1
        return next((Refusal(reason) for _, _, reason in tally.refused), None) if tally.refused else set(tally.reads)

    return post


def test_read_is_counted(send):
    ((uid, _, origin),) = send()
    assert (uid, origin) == (UID, "site")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"sec-fetch-site": "cross-site"}, Refusal.FOREIGN),
        ({"sec-fetch-site": "same-site"}, Refusal.FOREIGN),
        ({"sec-fetch-site": None}, Refusal.FOREIGN),
        ({"sec-fetch-site": None, "origin": "https://elsewhere.example"}, Refusal.FOREIGN),
        ({"sec-fetch-site": None, "origin": "null"}, Refusal.FOREIGN),
        ({"sec-fetch-site": None, "origin": "http://["}, Refusal.FOREIGN),
        ({"sec-purpose": "prefetch;prerender"}, Refusal.PREFETCH),
        ({"purpose": "prefetch"}, Refusal.PREFETCH),
        ({"x-moz": "prefetch"}, Refusal.PREFETCH),
        ({"user-agent": "curl/8.5.0"}, Refusal.CRAWLER),
        ({"user-agent": None}, Refusal.CRAWLER),
    ],
)
def test_headers_tell_who_is_no_reader(send, headers, reason):
    assert send(**headers) == reason


def test_origin_is_believed_where_browsers_say_no_more(send):
    assert send(**{"sec-fetch-site": None, "origin": "http://testserver"}) != Refusal.FOREIGN


@pytest.mark.parametrize(
    "body",
    [
        "",
        "article=",
        f"article={UID}",
        f"article={UID}&from=imported",
        f"article={UID}&from=",
        "&" * 1024,
        f"article={UID}&from=site" + "&more=1" * 20,
        b"\xff\xfe\x00article",
        b"article=%ff%fe&from=%00",
        f"article={UID}&from=site&more=" + "x" * 1_000_000,
    ],
)
def test_garbage_is_answered_as_a_read_is(send, body):
    assert send(body) == Refusal.UNKNOWN


def test_wrong_kind_of_body_is_answered_as_a_read_is(send):
    assert send("--x\r\n", content_type="multipart/form-data; boundary=x") == Refusal.UNKNOWN


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options", "patch"])
def test_other_methods_count_nothing(client, method):
    assert getattr(client, method)(reverse("articles:reads")).status_code == 204
    assert not BUFFER.take()


@pytest.mark.django_db
def test_whoever_is_signed_in_is_known_by_the_cookie_alone(client, send, django_assert_num_queries):
    client.force_login(make_user())
    with django_assert_num_queries(0):
        assert send() == Refusal.STAFF


def test_forged_beacon_of_a_signed_in_browser_needs_no_token(send, client):
    client.handler.enforce_csrf_checks = True
    assert send()


def test_answer_is_the_same_without_a_cache(send, settings):
    settings.CACHES = {"default": {"BACKEND": "newsroom.shared_cache.SharedCache", "LOCATION": "/dev/null/cache"}}
    assert send() == Refusal.UNCHECKED


@pytest.mark.django_db
def test_pages_are_the_same_without_a_cache(client, settings):
    story = make_article()
    settings.CACHES = {"default": {"BACKEND": "newsroom.shared_cache.SharedCache", "LOCATION": "/dev/null/cache"}}
    for address in ("/", story.get_absolute_url(), reverse("admin:login")):
        assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_page_of_a_public_story_names_it(client):
    story = make_article()
    page = client.get(story.get_absolute_url()).content.decode()
    assert f'data-article="{story.uid}"' in page
    assert 'data-reads="/reads/"' in page
    assert "data-article" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_page_of_a_draft_names_none(client):
    client.force_login(make_user(permissions=("view_article",)))
    page = client.get(make_draft(headline="A draft").get_absolute_url()).content.decode()
    assert "A draft" in page
    assert "data-article" not in page


def test_readers_have_no_cookie_of_ours(client):
    assert django_settings.SESSION_COOKIE_NAME not in client.cookies

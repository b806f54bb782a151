"""Which database answers whom, told from two that differ: the copy has a story under its former headline."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections, router, transaction
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from articles.models import Article, SiteSettings
from newsroom import readers
from newsroom.databases import PRIMARY, REPLICA
from newsroom.readers import ReadersMiddleware, ReplicaRouter
from tests.environment import ROOT
from tests.factories import make_article
from tests.newsroom.copies import replica_of_this_moment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story():
    # Made by the first page of a new site, which is a page that writes.
    SiteSettings.objects.load()
    return make_article(headline="As the replica has it", slug="cranes")


@pytest.fixture
def replica(story, settings, tmp_path):
    with replica_of_this_moment(tmp_path) as copy:
        Article.objects.update(headline="As the primary has it")
        settings.DATABASE_ROUTERS = ["newsroom.readers.ReplicaRouter"]
        settings.READER_DATABASE = REPLICA
        yield copy


def headline_in(response) -> str:
    assert response.status_code == 200
    found = {
        each for each in (PRIMARY, REPLICA) if f"As the {each.replace('default', 'primary')} has it" in text(response)
    }
    assert len(found) == 1, found
    return found.pop()


def text(response) -> str:
    return response.content.decode()


def answer(view, request):
    """What a view that stands at the address of the request answers, behind the middleware."""

    def respond(request):
        request.resolver_match = resolve(request.path)
        middleware.process_view(request, view, (), {})
        return view(request)

    middleware = ReadersMiddleware(respond)
    return middleware(request)


def test_pages_for_readers_come_from_the_replica(replica, story, client):
    for address in ("/", story.get_absolute_url(), "/archive/"):
        assert headline_in(client.get(address)) == REPLICA, address


def test_a_readers_page_asks_the_primary_nothing(replica, story, client, django_assert_num_queries):
    with django_assert_num_queries(0, connection=connection):
        assert client.get(story.get_absolute_url()).status_code == 200
        assert client.get("/no-such-page/").status_code == 404
        assert client.get("/media/pictures/none.jpg").status_code == 404


def test_whoever_has_a_session_reads_the_primary(replica, story, client):
    client.cookies["sessionid"] = "an editor's, or one that somebody made up"
    assert headline_in(client.get(story.get_absolute_url())) == PRIMARY


def test_editor_finds_what_was_written_a_moment_ago(replica, story):
    desk = Client()
    desk.force_login(get_user_model().objects.create_superuser("ada"))
    assert "As the primary has it" in text(desk.get("/admin/articles/article/"))
    assert headline_in(desk.get(story.get_absolute_url())) == PRIMARY


def test_commands_and_heartbeat_read_the_primary(replica):
    assert Article.objects.get().headline == "As the primary has it"


def test_page_that_writes_reads_the_primary_from_then_on(replica, story):
    def view(request):
        before = Article.objects.get().headline
        Article.objects.filter(pk=story.pk).update(dek="New")
        return HttpResponse(f"{before} / {Article.objects.get().headline}: {Article.objects.get().dek}")

    response = answer(view, RequestFactory().get("/"))
    assert text(response) == "As the replica has it / As the primary has it: New"


def test_transaction_of_a_page_reads_where_it_writes(replica):
    def view(request):
        with transaction.atomic():
            return HttpResponse(Article.objects.get().headline)

    assert text(answer(view, RequestFactory().get("/"))) == "As the primary has it"


@pytest.mark.parametrize("address", ["/preview/token/", "/preview/unsaved/", "/reads/", "/admin/"])
def test_pages_that_are_not_alike_for_all_come_from_the_primary(replica, address):
    response = answer(lambda _: HttpResponse(router.db_for_read(Article)), RequestFactory().get(address))
    assert text(response) == PRIMARY


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_other_methods_read_the_primary(replica, method):
    response = answer(lambda _: HttpResponse(router.db_for_read(Article)), getattr(RequestFactory(), method)("/"))
    assert text(response) == PRIMARY


def test_one_request_leaves_nothing_to_the_next(replica, client, story):
    client.get(story.get_absolute_url())
    assert router.db_for_read(Article) == PRIMARY
    with pytest.raises(RuntimeError):
        answer(raise_error, RequestFactory().get("/"))
    assert router.db_for_read(Article) == PRIMARY


def raise_error(request):
    raise RuntimeError


def test_rows_of_the_replica_may_be_joined_with_rows_of_the_primary(replica, story):
    copy = Article.objects.using(REPLICA).get()
    copy.section = story.section
    assert copy.section == story.section


def test_row_that_came_from_the_replica_is_saved_on_the_primary(replica, story):
    copy = Article.objects.using(REPLICA).get()
    copy.save()
    assert Article.objects.using(PRIMARY).get().headline == "As the replica has it"


def test_migrations_are_of_the_primary_alone():
    assert ReplicaRouter().allow_migrate(PRIMARY, "articles")
    assert not ReplicaRouter().allow_migrate(REPLICA, "articles")


def test_names_of_pages_that_are_not_for_all_are_still_theirs():
    source = (ROOT / "articles" / "urls.py").read_text()
    assert [name for name in readers.NOT_FOR_ALL if f'name="{name}"' not in source] == []
    assert resolve("/media/x").view_name == readers.PICTURE


class TestLimits:
    pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL alone has them")

    @pytest.fixture
    def limits(self, settings):
        """What a request finds set for a connection that is made for it."""
        settings.DATABASE_REQUEST_SECONDS = 7
        names = ("statement_timeout", "idle_in_transaction_session_timeout", "default_transaction_read_only")

        def read(alias=PRIMARY):
            connections[alias].close()
            with connections[alias].cursor() as cursor:
                return [cursor.execute("SELECT current_setting(%s)", [name]).fetchone()[0] for name in names]

        yield read
        connection.close()

    def test_request_has_them(self, limits):
        found = []
        answer(lambda _: found.extend(limits()) or HttpResponse(), RequestFactory().get("/"))
        assert found == ["7s", "7s", "off"]

    def test_what_is_no_request_has_none(self, limits):
        assert limits() == ["0", "0", "off"]

    def test_none_are_asked_for_where_the_setting_is_zero(self, limits, settings):
        settings.DATABASE_REQUEST_SECONDS = 0
        found = []
        answer(lambda _: found.extend(limits()) or HttpResponse(), RequestFactory().get("/"))
        assert found == ["0", "0", "off"]

    def test_statement_that_takes_too_long_is_ended(self, settings):
        settings.DATABASE_REQUEST_SECONDS = 1

        def view(request):
            connection.close()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(20)")

        with pytest.raises(DatabaseError, match="statement timeout"):
            answer(view, RequestFactory().get("/"))
        connection.close()

    def test_nothing_is_written_to_a_replica(self, replica, limits):
        assert limits(REPLICA)[2] == "on"
        with pytest.raises(DatabaseError, match="read-only"):
            Article.objects.using(REPLICA).update(dek="Never")

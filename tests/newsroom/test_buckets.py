"""Pictures and static files in a bucket: what is sent there, what comes back, and who may see it."""

import gzip
from datetime import timedelta
from urllib.parse import quote

import pytest
from botocore.exceptions import ClientError
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from articles.models import Image
from articles.pictures.renditions import list_renditions, srcset
from articles.pictures.storing import forget_picture, restore_renditions, store_picture
from articles.pictures.writing import write_file
from newsroom import files
from tests.newsroom.bucket_server import KEY, REGION, SECRET, serve_buckets
from tests.newsroom.test_settings import value_of
from tests.pictures.samples import picture_file

MEDIA_URL = "https://pictures.example.org/"
STATIC_URL = "https://static.example.org/build/"
NAME = "pictures/ab/abcdef.jpg"


@pytest.fixture(scope="module")
def server():
    with serve_buckets() as server:
        yield server


@pytest.fixture(autouse=True)
def empty(server):
    server.objects.clear()
    server.asked.clear()
    server.fields_of_puts.clear()


def address(server, *, secret=SECRET, folder="news"):
    where = f"?region={REGION}&endpoint={quote(server.endpoint, safe='')}"
    return f"s3://{KEY}:{quote(secret, safe='')}@bucket/{folder}{where}"


@pytest.fixture
def pictures(server, settings):
    settings.STORAGES = settings.STORAGES | {"default": files.picture_storage(address(server), base_url=MEDIA_URL)}
    return default_storage


def test_file_lies_in_the_bucket_and_comes_back(pictures, server):
    assert pictures.save(NAME, ContentFile(b"bytes")) == NAME
    assert server.objects[f"bucket/news/{NAME}"].content == b"bytes"
    with pictures.open(NAME) as file:
        assert file.read() == b"bytes"
    assert pictures.exists(NAME)
    assert pictures.size(NAME) == 5


def test_bucket_is_asked_to_let_nobody_in(pictures, server):
    pictures.save(NAME, ContentFile(b"bytes"))
    assert [name for name in server.fields_of_puts[0] if name.lower().startswith(("x-amz-acl", "x-amz-grant"))] == []


def test_address_is_the_sites_own_or_a_cdns_and_never_the_buckets(pictures):
    assert pictures.url("renditions/ab/ä b.webp") == f"{MEDIA_URL}renditions/ab/%C3%A4%20b.webp"


def test_file_takes_the_place_of_another_without_a_gap(pictures, server):
    write_file(NAME, b"one")
    write_file(NAME, b"two")
    assert server.objects[f"bucket/news/{NAME}"].content == b"two"
    assert {method for method, _ in server.asked} == {"PUT"}


def test_what_is_not_there_is_missing_as_on_a_disk(pictures):
    assert not pictures.exists(NAME)
    for ask in (pictures.open, pictures.get_modified_time, pictures.size):
        with pytest.raises(FileNotFoundError):
            ask(NAME)
    pictures.delete(NAME)


def test_wrong_secret_is_no_missing_file(server, settings):
    storage = files.picture_storage(address(server, secret="guessed"), base_url=MEDIA_URL)
    settings.STORAGES = settings.STORAGES | {"default": storage}
    for ask in (default_storage.open, default_storage.get_modified_time, default_storage.exists):
        with pytest.raises(ClientError, match="403"):
            ask(NAME)


def test_part_of_a_file_is_never_written(pictures):
    with pytest.raises(ValueError, match="whole"):
        pictures.open(NAME, "wb")


@pytest.mark.django_db
class TestPictures:
    @pytest.fixture
    def image(self, pictures):
        return store_picture(picture_file(size=(900, 600)), alt_text="A crane")

    def test_original_and_renditions_lie_in_the_bucket(self, image, server):
        wanted = {image.file.name, *(rendition.name for rendition in list_renditions(image.digest, image.width))}
        assert {f"bucket/news/{name}" for name in wanted} == set(server.objects)

    def test_pages_name_the_address_of_pictures(self, image):
        assert all(part.startswith(MEDIA_URL) for part in srcset(image, "webp").split(", "))

    def test_damaged_rendition_is_made_again(self, image, server):
        name = list_renditions(image.digest, image.width)[0].name
        whole = server.objects[f"bucket/news/{name}"].content
        server.objects[f"bucket/news/{name}"].content = whole[:100]
        assert restore_renditions(image, verify=True) == 1
        assert server.objects[f"bucket/news/{name}"].content == whole

    def test_reader_gets_it_through_the_site(self, image, client):
        name = list_renditions(image.digest, image.width)[0].name
        response = client.get(f"/media/{name}")
        assert b"".join(response.streaming_content)[:2] == b"\xff\xd8" or name.endswith(".webp")
        assert "immutable" in response["Cache-Control"]
        known = client.head(f"/media/{name}")
        assert known["Content-Length"] == response["Content-Length"]
        assert client.get(f"/media/{name}", headers={"If-None-Match": known["ETag"]}).status_code == 304
        assert client.get("/media/renditions/ab/none.webp").status_code == 404

    def test_a_picture_costs_two_questions(self, image, client, server):
        name = list_renditions(image.digest, image.width)[0].name
        server.asked.clear()
        b"".join(client.get(f"/media/{name}").streaming_content)
        assert [method for method, _ in server.asked] == ["HEAD", "GET"]

    def test_whose_rights_have_run_out_is_gone(self, image, client):
        Image.objects.update(rights_expire_on=timezone.localdate() - timedelta(days=1))
        for name in (image.file.name, list_renditions(image.digest, image.width)[0].name):
            assert client.get(f"/media/{name}").status_code == 410

    def test_forgotten_picture_leaves_nothing(self, image, server, django_capture_on_commit_callbacks):
        Image.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            forget_picture(image.file.name, image.digest, image.width)
        assert server.objects == {}


class TestStaticFiles:
    @pytest.fixture
    def collected(self, server, settings, tmp_path):
        (tmp_path / "css").mkdir()
        (tmp_path / "css" / "site.css").write_text(".lead { background: url('dot.png') }" + " " * 9_000)
        (tmp_path / "css" / "dot.png").write_bytes(b"\x89PNG")
        settings.STATICFILES_DIRS = [tmp_path]
        settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
        settings.STATIC_URL = STATIC_URL
        storage = files.static_storage(address(server, folder=""), base_url=STATIC_URL, debug=False)
        settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
        call_command("collectstatic", verbosity=0, interactive=False)
        return server

    def test_each_is_named_by_its_hash_and_kept_for_ever(self, collected):
        url = staticfiles_storage.url("css/site.css")
        assert url.startswith(f"{STATIC_URL}css/site.")
        stored = collected.objects["bucket/" + url.removeprefix(STATIC_URL)]
        assert stored.fields["Cache-Control"] == "public, max-age=31536000, immutable"
        assert stored.fields["Content-Type"] == "text/css"

    def test_style_comes_compressed_and_refers_to_hashed_names(self, collected):
        url = staticfiles_storage.url("css/site.css")
        stored = collected.objects["bucket/" + url.removeprefix(STATIC_URL)]
        assert stored.fields["Content-Encoding"] == "gzip"
        dot = staticfiles_storage.url("css/dot.png").rpartition("/")[2]
        assert dot in gzip.decompress(stored.content).decode()

    def test_name_without_a_hash_is_not_kept_for_ever(self, collected):
        assert collected.objects["bucket/css/site.css"].fields["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "url",
    [
        "s3://",
        "s3://key@bucket",
        "s3://:secret@bucket",
        "s3://key:secret@",
        "s3://key:secret@bucket?color=red",
        "s3://key:secret@bucket?endpoint=files.example.org",
        "s3://key:secret@bucket?region",
        "s3://key:secret@[bucket",
    ],
)
def test_address_that_names_no_bucket_is_refused_and_not_repeated(url):
    with pytest.raises(ImproperlyConfigured, match="MEDIA_STORAGE") as refusal:
        files.bucket_options("MEDIA_STORAGE", url)
    assert "secret@" not in str(refusal.value).replace("key:secret@bucket/folder", "")


def test_address_is_taken_apart():
    options = files.bucket_options("X", "s3://my%2Bkey:sec%2Fret@bucket.one/a/b/?region=eu-west-3")
    assert (options["access_key"], options["secret_key"]) == ("my+key", "sec/ret")
    assert (options["bucket_name"], options["location"], options["region_name"]) == ("bucket.one", "a/b", "eu-west-3")
    assert options["addressing_style"] == "auto"


def test_bucket_without_a_key_leaves_it_to_boto3():
    assert files.bucket_options("X", "s3://bucket")["access_key"] is None


def test_static_files_in_a_bucket_want_an_address_of_their_own():
    with pytest.raises(ImproperlyConfigured, match="STATIC_URL"):
        files.static_storage("s3://bucket", base_url="/static/", debug=False)


POLICY = "*(s.SECURE_CSP[d] for d in ('script-src', 'style-src', 'font-src', 'img-src'))"


def test_policy_names_the_hosts_of_files_and_no_other(tmp_path):
    found = value_of(POLICY, tmp_path, STATIC_URL=STATIC_URL, MEDIA_URL=MEDIA_URL)
    script = "[\"'self'\", 'https://static.example.org']"
    assert found == f"{script} {script} {script} " + script.replace("]", ", 'https://pictures.example.org']").replace(
        "'self'\"", "'self'\", 'data:'"
    )


def test_policy_without_them_names_none(tmp_path):
    assert "http" not in value_of(POLICY, tmp_path)


@pytest.mark.parametrize(
    ("given", "used"), [("", "/media/"), ("https://x.org", "https://x.org/"), ("https://x.org/a/", "https://x.org/a/")]
)
def test_place_of_pictures_ends_in_a_slash(tmp_path, given, used):
    assert value_of("s.MEDIA_URL", tmp_path, MEDIA_URL=given) == used

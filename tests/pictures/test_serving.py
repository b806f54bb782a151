import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import Http404
from django.test import RequestFactory, TestCase, override_settings

from articles.views.pictures import serve_picture
from tests.pictures.test_storing import IN_MEMORY

requests = RequestFactory()
NAME = "renditions/ab/abcdef-800.webp"


class ServingTests(TestCase):
    def setUp(self):
        self.enterContext(override_settings(STORAGES=IN_MEMORY))
        # As the test client does: an answer that is closed ends the request, and with it the test's own connection.
        request_finished.disconnect(close_old_connections)
        self.addCleanup(request_finished.connect, close_old_connections)
        for name in (NAME, "pictures/ab/abcdef.jpg", "secret/ab.jpg", "renditions/ab/page.html"):
            default_storage.save(name, ContentFile(b"bytes of a picture"))

    def get(self, path=NAME, method="get", **headers):
        return serve_picture(getattr(requests, method)("/media/" + path, headers=headers), path)

    def test_rendition_is_served_for_ever(self):
        response = self.get()
        assert b"".join(response.streaming_content) == b"bytes of a picture"
        assert response["Content-Type"] == "image/webp"
        assert response["Content-Length"] == "18"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        response.close()

    def test_original_is_served_for_a_while(self):
        response = self.get("pictures/ab/abcdef.jpg")
        assert "immutable" not in response["Cache-Control"]
        response.close()

    def test_nothing_in_a_picture_can_run(self):
        response = self.get()
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        response.close()

    def test_head_tells_the_length_without_the_bytes(self):
        response = self.get(method="head")
        assert (response.content, response["Content-Length"]) == (b"", "18")

    def test_known_picture_is_not_sent_again(self):
        known = self.get(method="head")
        assert self.get(**{"If-None-Match": known["ETag"]}).status_code == 304
        answer = self.get(**{"If-Modified-Since": known["Last-Modified"]})
        assert (answer.status_code, answer["ETag"], answer["Cache-Control"]) == (
            304,
            known["ETag"],
            known["Cache-Control"],
        )

    def test_other_methods_are_refused(self):
        assert self.get(method="post").status_code == 405

    def test_nothing_else_is_served(self):
        for path in (
            "secret/ab.jpg",
            "renditions/../secret/ab.jpg",
            "renditions/ab/../../secret/ab.jpg",
            "renditions//ab/abcdef-800.webp",
            "/etc/passwd",
            "renditions/ab/page.html",
            "renditions/ab",
            "renditions/ab/none.webp",
            "renditions/ab/abcdef-800.webp/none.webp",
            "renditions/ab\\..\\abcdef-800.webp",
            "renditions/ab/abcdef-800.webp\x00.jpg",
            "renditions/ab/abcdef-800.webp\n",
            "",
        ):
            with self.subTest(path=path), pytest.raises(Http404):
                self.get(path)


class ServingFromDiskTests(TestCase):
    def test_missing_file_and_folder_are_absent(self):
        name = default_storage.save("pictures/zz/on-disk.jpg", ContentFile(b"x"))
        try:
            for path in ("pictures/zz/none.jpg", f"{name}/none.jpg"):
                with pytest.raises(Http404):
                    serve_picture(requests.get("/"), path)
        finally:
            default_storage.delete(name)

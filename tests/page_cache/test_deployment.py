"""What a server that starts says to the caches in front of it: everything is outdated where something was deployed."""

import pytest
from django.db import OperationalError

from articles.models import Duty, Purge
from articles.page_cache import deployment
from articles.page_cache.deployment import NOTED, deployed_files, fingerprint_of_deployment, note_deployment


def recorded():
    return list(Purge.objects.values_list("tags", flat=True))


@pytest.mark.django_db
def test_first_start_outdates_everything():
    assert note_deployment()
    assert recorded() == [["*"]]


@pytest.mark.django_db
def test_processes_that_start_with_the_same_say_it_once():
    note_deployment()
    assert not note_deployment()
    assert len(recorded()) == 1


@pytest.mark.django_db
def test_what_is_deployed_outdates_everything():
    note_deployment()
    Duty.objects.filter(name=NOTED).update(basis="of yesterday")
    assert note_deployment()
    assert recorded() == [["*"], ["*"]]


def test_settings_that_pages_show_are_part_of_it(settings):
    before = fingerprint_of_deployment()
    assert fingerprint_of_deployment() == before
    settings.ARTICLES_PAGE_SIZE = 7
    assert fingerprint_of_deployment() != before


def test_code_templates_and_static_files_are_part_of_it():
    found = {path.name for path in deployed_files()}
    assert {"affected_pages.py", "base.html", "newsroom.css"} <= found


def test_names_of_static_files_stand_for_them_where_there_is_a_manifest(settings, tmp_path):
    settings.STATIC_ROOT = str(tmp_path)
    (tmp_path / "staticfiles.json").write_text("{}")
    found = {path.name for path in deployed_files()}
    assert "staticfiles.json" in found
    assert "newsroom.css" not in found


def test_server_starts_without_its_database(monkeypatch, caplog):
    def away(*_args, **_options):
        raise OperationalError("away")

    monkeypatch.setattr(deployment.transaction, "atomic", away)
    assert not note_deployment()
    assert "could not be noted" in caplog.text

"""The page that says whether all is well."""

import pytest
from django.db import OperationalError, connection


def test_all_is_well_while_the_database_answers(client, db):
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"All is well.\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_health_says_so_when_the_database_is_away(client):
    def fail(*args):
        raise OperationalError("the server has gone away")

    with connection.execute_wrapper(fail):
        response = client.get("/health/")
    assert response.status_code == 503
    assert b"The database is away." in response.content

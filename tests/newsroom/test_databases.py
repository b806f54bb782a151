"""The databases that addresses name, and what they are told besides."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from newsroom.databases import PRIMARY, REPLICA, database, databases
from tests.newsroom.test_settings import value_of

PRIMARY_URL = "postgres://newsroom:p%40ss@one.example.org/newsroom"
REPLICA_URL = "postgres://reader:hunter2@two.example.org:6432/newsroom"


def test_connections_are_kept_and_looked_at_before_use():
    for url in ("sqlite:////tmp/x", PRIMARY_URL):
        settings = database(url)
        assert settings["CONN_MAX_AGE"] != 0
        assert settings["CONN_HEALTH_CHECKS"]


def test_no_request_is_one_long_transaction():
    assert not connection.settings_dict["ATOMIC_REQUESTS"]
    assert connection.settings_dict["AUTOCOMMIT"]


def test_server_that_is_away_is_given_up_soon():
    options = database(PRIMARY_URL)["OPTIONS"]
    assert options["connect_timeout"] <= 5
    assert options["keepalives_idle"] + options["keepalives_count"] * options["keepalives_interval"] <= 60


def test_what_an_address_says_goes_before_what_is_usual():
    options = database(f"{PRIMARY_URL}?sslmode=verify-full&connect_timeout=2")["OPTIONS"]
    assert (options["sslmode"], int(options["connect_timeout"])) == ("verify-full", 2)
    assert options["keepalives_idle"]


def test_without_a_replica_there_is_one_database():
    assert list(databases(PRIMARY_URL, "")) == [PRIMARY]


def test_replica_is_another_server_under_a_name_of_its_own():
    found = databases(PRIMARY_URL, REPLICA_URL)
    assert (found[PRIMARY]["HOST"], found[REPLICA]["HOST"]) == ("one.example.org", "two.example.org")
    assert found[REPLICA]["TEST"] == {"MIRROR": PRIMARY}


def test_replica_beside_sqlite_is_refused_and_its_address_not_repeated():
    with pytest.raises(ImproperlyConfigured, match="DATABASE_REPLICA_URL") as refusal:
        databases("sqlite:////tmp/x", REPLICA_URL)
    assert "hunter2" not in str(refusal.value)


EXPRESSION = "sorted(s.DATABASES), s.READER_DATABASE, s.DATABASE_ROUTERS"


def test_addresses_decide_which_database_answers_readers(tmp_path):
    assert value_of(EXPRESSION, tmp_path, DATABASE_URL=PRIMARY_URL) == "['default'] default []"
    found = value_of(EXPRESSION, tmp_path, DATABASE_URL=PRIMARY_URL, DATABASE_REPLICA_URL=REPLICA_URL)
    assert found == "['default', 'replica'] replica ['newsroom.readers.ReplicaRouter']"

"""The settings file as an operator meets it: another environment, another process."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

PRINT = "from django.conf import settings as s; import django; django.setup(); print({})"


def read(expression: str, tmp_path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", PRINT.format(expression)],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DATA_DIR": str(tmp_path / "data"),
            **environment,
        },
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def value_of(expression: str, tmp_path, **environment: str) -> str:
    result = read(expression, tmp_path, **environment)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "https://example.org"),
        ("DATABASE_URL", "oracle://db"),
        ("CACHE_URL", "memcached://db"),
        ("SITE_URL", "example.org"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("LANGUAGE_CODE", "!"),
        ("EMAIL_URL", "pigeon://loft"),
        ("MEDIA_ROOT", "/dev/null/pictures"),
        ("HSTS_SECONDS", "a year"),
        ("WEB_WORKERS", "0"),
        ("WEB_CONNECTIONS", "1"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "proxy.example.org"),
    ],
)
def test_wrong_value_stops_the_start_and_is_named(tmp_path, name, value):
    environment = {"SITE_URL": "https://example.org", name: value}
    result = read("1", tmp_path, **environment)
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert name in last
    assert "expected" in last


def test_https_address_brings_secure_cookies_and_hsts(tmp_path):
    expression = "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0"
    assert value_of(expression, tmp_path, SITE_URL="https://example.org") == "True True True True"
    assert value_of(expression, tmp_path, SITE_URL="http://127.0.0.1:8000") == "False False False False"


def test_addresses_choose_the_database_and_the_cache(tmp_path):
    expression = "s.DATABASES['default']['ENGINE'], s.CACHES['default']['BACKEND']"
    found = value_of(expression, tmp_path, DATABASE_URL="postgres://u:p%40ss@db/x", CACHE_URL="redis://cache/1")
    assert "postgresql" in found
    assert "RedisCache" in found


@pytest.mark.parametrize(
    ("url", "backend"),
    [("", "SharedCache"), ("sqlite:////dev/shm/cache", "SharedCache"), ("locmem://", "LocMemCache")],
)
def test_cache_without_a_server_is_shared_by_all_processes_unless_told_otherwise(tmp_path, url, backend):
    found = value_of("s.CACHES['default']['BACKEND'], s.CACHES['default']['LOCATION']", tmp_path, CACHE_URL=url)
    assert backend in found
    if backend == "SharedCache":
        assert found.endswith("/dev/shm/cache" if url else str(tmp_path / "data" / "cache.sqlite3"))


def test_trusted_proxies_are_addresses_and_networks(tmp_path):
    found = value_of("*map(str, s.TRUSTED_PROXIES)", tmp_path, TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8, fd00::/8")
    assert found == "127.0.0.1/32 10.0.0.0/8 fd00::/8"


def test_data_folder_with_a_space_is_made(tmp_path):
    folder = tmp_path / "my data"
    assert value_of("s.DATA_DIR", tmp_path, DATA_DIR=str(folder)) == str(folder)
    assert (folder / "secret_key").exists()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
@pytest.mark.parametrize(("pragma", "value"), [("foreign_keys", 1), ("synchronous", 1), ("busy_timeout", 20000)])
def test_sqlite_is_tuned(pragma, value):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_sqlite_keeps_a_write_ahead_log(tmp_path):
    expression = (
        "__import__('django.db').db.connection.cursor().execute('PRAGMA journal_mode').fetchone()[0], "
        "__import__('django.db').db.connection.transaction_mode"
    )
    assert value_of(expression, tmp_path) == "wal IMMEDIATE"

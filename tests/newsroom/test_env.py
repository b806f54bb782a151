"""The environment is read strictly; an error names the variable and what was expected."""

import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsroom import env


@pytest.fixture
def given(monkeypatch):
    monkeypatch.delenv("NAME_FILE", raising=False)
    return lambda value: monkeypatch.setenv("NAME", value)


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("1", True), ("Off", False), (" no ", False), ("", True)]
)
def test_boolean_is_read(given, value, expected):
    given(value)
    assert env.boolean("NAME", default=True) is expected


REFUSED = [
    (lambda: env.boolean("NAME", default=True), "maybe", "true or false"),
    (lambda: env.integer("NAME", 3), "three", "a whole number"),
    (lambda: env.integer("NAME", 3), "-1", "0 at least"),
    (lambda: env.integer("NAME", 3), "²", "a whole number"),
    (lambda: env.integer("NAME", 3, maximum=9), "10", "9 at most"),
    (lambda: env.hosts("NAME", []), "https://example.org", "without scheme"),
    (lambda: env.hosts("NAME", []), "good.example,bad host", "host names"),
    (lambda: env.address("NAME", ""), "example.org", "an address such as"),
    (lambda: env.address("NAME", ""), "ftp://example.org", "an address such as"),
    (lambda: env.address("NAME", ""), "https://example.org/blog", "without a path"),
    (lambda: env.address("NAME", ""), "https://example.org:99999", "an address such as"),
    (lambda: env.time_zone("NAME", "UTC"), "Berlin", "such as Europe/Berlin"),
    (lambda: env.language("NAME", "en"), "English!", "a language tag"),
    (lambda: env.url("NAME", "", schemes=("sqlite", "postgres")), "mysql://db", "sqlite:// or postgres://"),
]


@pytest.mark.parametrize(("read", "value", "expected"), REFUSED)
def test_wrong_value_is_refused_by_name_with_what_was_expected(given, read, value, expected):
    given(value)
    with pytest.raises(ImproperlyConfigured, match="NAME") as refusal:
        read()
    assert expected in str(refusal.value)


def test_address_that_may_hold_a_password_is_not_repeated(given):
    given("mysql://root:hunter2@db")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.url("NAME", "", schemes=("postgres",))
    assert "hunter2" not in str(refusal.value)


def test_address_loses_its_trailing_slash(given):
    given("https://example.org/")
    assert env.address("NAME", "") == "https://example.org"


def test_value_can_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("$tarts with a dollar\n", encoding="utf-8")
    monkeypatch.setenv("NAME_FILE", str(tmp_path / "secret"))
    assert env.text("NAME") == "$tarts with a dollar"


def test_file_that_is_not_there_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("NAME_FILE", str(tmp_path / "missing"))
    with pytest.raises(ImproperlyConfigured, match="NAME_FILE"):
        env.text("NAME")


def test_value_and_file_together_are_refused(given, monkeypatch, tmp_path):
    given("one")
    monkeypatch.setenv("NAME_FILE", str(tmp_path))
    with pytest.raises(ImproperlyConfigured, match="both"):
        env.text("NAME")


def test_folder_that_cannot_be_made_is_refused(given, tmp_path):
    (tmp_path / "file").touch()
    given(str(tmp_path / "file" / "below"))
    with pytest.raises(ImproperlyConfigured, match="a folder that exists or can be made"):
        env.folder("NAME", tmp_path)


class TestSecretKey:
    @pytest.fixture(autouse=True)
    def not_given(self, monkeypatch):
        monkeypatch.delenv("NAME", raising=False)

    def test_is_made_once_and_kept(self, tmp_path):
        first = env.secret_key("NAME", kept_in=tmp_path / "key")
        assert len(first) >= 50
        assert env.secret_key("NAME", kept_in=tmp_path / "key") == first

    def test_is_readable_by_its_owner_alone(self, tmp_path):
        env.secret_key("NAME", kept_in=tmp_path / "key")
        assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600

    def test_leaves_no_draft_behind(self, tmp_path):
        env.secret_key("NAME", kept_in=tmp_path / "key")
        assert [path.name for path in tmp_path.iterdir()] == ["key"]

    def test_given_one_wins_and_is_not_kept(self, tmp_path, monkeypatch):
        monkeypatch.setenv("NAME", "x" * 50)
        assert env.secret_key("NAME", kept_in=tmp_path / "key") == "x" * 50
        assert not (tmp_path / "key").exists()

    def test_short_one_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setenv("NAME", "short")
        with pytest.raises(ImproperlyConfigured, match="32 characters"):
            env.secret_key("NAME", kept_in=tmp_path / "key")

import os
import re
import shutil
import subprocess

import pytest

from tests.environment import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not on PATH")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # The make that runs the tests would hand its own arguments on in the environment.
    inherited = {"MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "HOST", "PORT", "SITE_URL", "DATABASE_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_make_alone_lists_every_verb():
    verbs = set(re.search(r"^\.PHONY: ([a-z ]+)", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split())
    assert set(re.findall(r"^  ([a-z]+) ", make().stdout, re.MULTILINE)) == verbs


def test_python_that_is_too_old_is_refused_in_plain_words(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    result = make("run", f"VENV={tmp_path}/venv", f"PYTHON={old}")
    assert result.returncode == 2
    assert f"Newsroom needs Python 3.11 or newer, and PYTHON={old} does not run as one." in result.stderr
    assert "apt install python3" in result.stderr
    assert not (tmp_path / "venv").exists()


def test_missing_venv_module_is_named_with_its_package(tmp_path):
    python = tmp_path / "python3"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    python.chmod(0o755)
    result = make("run", f"VENV={tmp_path}/venv", f"PYTHON={python}")
    assert result.returncode == 2
    assert "apt install python3-venv" in result.stderr


@pytest.mark.parametrize(
    ("host", "listens", "site_url"),
    [
        ("127.0.0.1", "127.0.0.1:8123", "http://127.0.0.1:8123"),
        ("0.0.0.0", "0.0.0.0:8123", "http://127.0.0.1:8123"),
        ("::1", "[::1]:8123", "http://[::1]:8123"),
    ],
)
def test_site_knows_the_address_on_which_it_was_started(host, listens, site_url):
    recipe = make("--dry-run", "dev", f"HOST={host}", "PORT=8123").stdout
    assert f"SITE_URL='{site_url}'" in recipe
    assert f"runserver '{listens}'" in recipe


def test_drivers_of_services_are_installed_where_an_address_asks_for_one(tmp_path):
    def installed(*arguments: str) -> list[str]:
        recipe = make("--dry-run", "run", f"VENV={tmp_path}/venv", *arguments).stdout
        return re.findall(r"--requirement (\S+)", recipe)

    assert installed() == ["requirements.txt"]
    assert installed("DATABASE_URL=postgres://newsroom@localhost/newsroom") == ["requirements-services.txt"]
    assert installed("CACHE_URL=redis://localhost") == ["requirements-services.txt"]
    assert installed("MEDIA_STORAGE_FILE=/run/secrets/bucket") == ["requirements-services.txt"]

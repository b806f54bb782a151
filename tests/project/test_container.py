"""What the image and the file for Compose name is there, and is what the site reads."""

import re

from tests.environment import ROOT, variables_read

CONTAINERFILE = (ROOT / "Containerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()


def test_image_holds_all_that_runs():
    copied = set(re.findall(r"^COPY ([\w.-]+) ", CONTAINERFILE, re.MULTILINE))
    assert copied == {"requirements-services.txt", "manage.py", "newsroom", "articles", "templates", "static", "seeds"}
    sent = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert sent == copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_image_installs_only_what_is_locked():
    installs = re.findall(r"pip install .*", CONTAINERFILE)
    assert installs == ["pip install --quiet --no-deps --require-hashes --requirement requirements-services.txt \\"]


def test_image_runs_as_nobody_in_particular():
    assert re.findall(r"^USER (.*)", CONTAINERFILE, re.MULTILINE) == ["10001:10001"]


def test_variables_of_compose_are_read_by_the_site():
    site = COMPOSE[COMPOSE.index("environment: &environment") : COMPOSE.index("volumes: [")]
    named = set(re.findall(r"^    ([A-Z_]+):", site, re.MULTILINE))
    assert named - variables_read() == set()
    assert len(named) > 5


def test_no_password_has_a_default():
    assert re.findall(r"PASSWORD:?-", COMPOSE) == []

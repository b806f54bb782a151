"""The documents about importing name what there is."""

import re
import tomllib

import pytest
from django.core.management import get_commands, load_command_class

from articles.importers import site_file
from articles.importers.outcomes import Action
from articles.importers.seed_text import parse_seed
from articles.importers.sidecar import CORRECTION_KEYS, KEYS, PICTURE_KEYS
from articles.importers.toml_values import read_keys
from articles.models import Article
from tests.environment import ROOT

IMPORTING = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
SEED_FORM = (ROOT / "docs" / "seed-form.md").read_text(encoding="utf-8")


def options_of(command):
    loaded = load_command_class(get_commands()[command], command)
    parser = loaded.create_parser("manage.py", command)
    inherited = {"--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--skip-checks"}
    options = {option for action in parser._actions for option in action.option_strings if option.startswith("--")}
    return options - inherited - {"--no-color", "--force-color"}


def test_every_option_is_described_and_no_other():
    described = set(re.findall(r"--[a-z][a-z-]+", IMPORTING))
    assert described == options_of("import_articles") | options_of("open_newsroom")


def test_every_outcome_and_status_is_described():
    for word in (*Action, *Article.Status.values):
        assert f"`{word}`" in IMPORTING


@pytest.mark.parametrize("keys", [KEYS, PICTURE_KEYS, CORRECTION_KEYS])
def test_every_key_of_the_sidecar_is_described(keys):
    for key in keys:
        assert re.search(rf"\b{key}\b", SEED_FORM), key


@pytest.mark.parametrize("name", ["SITE_KEYS", "SECTION_KEYS", "AUTHOR_KEYS", "SOURCE_KEYS", "PAGE_KEYS"])
def test_every_key_of_the_site_file_is_described(name):
    for key in getattr(site_file, name):
        assert f"`{key}`" in IMPORTING, key


def test_the_example_of_the_form_is_read_as_described():
    [example] = re.findall(r"```\n(The tide.*?)```", SEED_FORM, re.DOTALL)
    seed = parse_seed(example)
    assert [person.name for person in seed.people] == ["Ingrid Solberg", "Tomás Reyes"]
    assert (seed.dateline, len(seed.blocks), len(seed.popular)) == ("SKARVIK, Norway", 4, 2)
    assert seed.sources[0].accounts == ("Twitter @coastnews",)


def test_the_example_of_the_sidecar_has_no_mistake():
    [example] = re.findall(r"```toml\n(.*?)```", SEED_FORM, re.DOTALL)
    assert read_keys(tomllib.loads(example), KEYS)["tags"] == ("Tides", "Norway")

import re

from django.core.management import get_commands

from tests.environment import ROOT, variables_read
from tests.project.tree import documents

MAKEFILE = (ROOT / "Makefile").read_text()
# Named in documents, and read by no settings file: by the Makefile, by the tests, by any Django project.
OTHER_VARIABLES = {
    "CHROMIUM",
    "CI",
    "DJANGO_SETTINGS_MODULE",
    "HOST",
    "QUICK",
    "PORT",
    "VENV",
    "PYTHON",
    "ARGS",
    "POSTGRES_PASSWORD",
}

CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
COMMAND = re.compile(r"\bmanage\.py ([a-z_]+)")
MAKE_TARGET = re.compile(r"(?:^|&& |; |\$ |=\S+ )make ([a-z][a-z-]*)", re.MULTILINE)
ASSIGNMENT = re.compile(r"(?:^|\s)([A-Z][A-Z0-9_]+)=", re.MULTILINE)
APP_SETTING = re.compile(r"\bARTICLES_[A-Z_]+\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def code_in_documents() -> list[tuple[str, str]]:
    """Each piece of code in a document, with the document's name."""
    return [
        (str(path.relative_to(ROOT)), block or span)
        for path in documents()
        for block, span in CODE.findall(path.read_text())
    ]


def named_in_code(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    return {(document, name) for document, code in code_in_documents() for name in pattern.findall(code)}


def test_documents_name_only_commands_that_exist():
    known = get_commands()
    named = named_in_code(COMMAND)
    assert {(document, name) for document, name in named if name not in known} == set()
    assert named, "no document names a command: is the pattern still right?"


def test_documents_name_only_make_targets_that_exist():
    known = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
    named = named_in_code(MAKE_TARGET)
    assert {(document, name) for document, name in named if name not in known} == set()
    assert named, "no document names a target: is the pattern still right?"


def test_documents_give_values_only_to_variables_that_are_read():
    known = variables_read() | OTHER_VARIABLES
    named = named_in_code(ASSIGNMENT)
    assert {(document, name) for document, name in named if name.removesuffix("_FILE") not in known} == set()


def test_every_variable_that_settings_read_is_documented():
    reference = (ROOT / "docs" / "settings.md").read_text()
    assert {name for name in variables_read() if f"`{name}`" not in reference} == set()
    assert len(variables_read()) > 10


def test_documents_name_only_app_settings_that_exist():
    known = (ROOT / "articles" / "conf.py").read_text()
    named = {(path.name, name) for path in documents() for name in APP_SETTING.findall(path.read_text())}
    assert {(document, name) for document, name in named if name not in known} == set()


def test_every_package_of_the_app_has_a_line_in_its_map():
    packages = {path.parent.name for path in (ROOT / "articles").glob("*/__init__.py")}
    mapped = re.findall(r"^[^a-z]*([a-z_]+)/", (ROOT / "articles" / "README.md").read_text(), re.MULTILINE)
    assert packages - set(mapped) == set()
    assert packages


def test_links_between_documents_lead_somewhere():
    dead = []
    for path in documents():
        for target in LINK.findall(path.read_text()):
            file = target.partition("#")[0]
            if file and "://" not in file and not file.startswith("mailto:") and not (path.parent / file).exists():
                dead.append(f"{path.relative_to(ROOT)}: {target}")
    assert dead == []

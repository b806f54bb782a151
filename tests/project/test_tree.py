import re

from tests.environment import ROOT
from tests.project.tree import in_folder, places, project_files, text_of

# A checkout installs from whatever its machine is set up for, so no file says where packages come from.
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.org|yarnpkg\.com|proxy\.golang\.org|crates\.io|deb\.debian\.org"
    r"|--(extra-)?index-url[ =]|--find-links[ =]",
    re.IGNORECASE,
)
# Names under which anything could lie.
VAGUE_NAMES = {"utils", "util", "helpers", "common", "misc", "data", "manager2"}
EVIDENCE = ("seeds/", "tests/")


def test_no_file_names_a_registry_of_packages():
    assert places(REGISTRY, project_files()) == []


def test_modules_and_packages_have_telling_names():
    modules = [path.relative_to(ROOT) for path in project_files() if path.suffix == ".py"]
    assert [str(path) for path in modules if VAGUE_NAMES & {path.stem, *path.parent.parts}] == []


def test_text_is_utf_8_with_unix_lines_and_a_newline_at_the_end():
    wrong = []
    for path in project_files():
        name = str(path.relative_to(ROOT))
        text = text_of(path)
        # Seed texts, those of the tests too, are as odd as the archives that they stand for.
        if not text or (name.startswith(EVIDENCE) and path.suffix == ".txt"):
            continue
        if "\r" in text or "\N{REPLACEMENT CHARACTER}" in text or not text.endswith("\n"):
            wrong.append(name)
    assert wrong == []


def test_no_file_is_larger_than_a_megabyte():
    assert [str(path.relative_to(ROOT)) for path in project_files() if path.stat().st_size > 1_000_000] == []


def test_no_module_outgrows_what_a_person_reads_at_a_sitting():
    modules = in_folder("articles", ".py") + in_folder("newsroom", ".py")
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules}
    handwritten = {name: lines for name, lines in lengths.items() if "/migrations/" not in name}
    assert {name: lines for name, lines in handwritten.items() if lines > 500} == {}

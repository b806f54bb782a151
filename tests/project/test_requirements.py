import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.environment import ROOT

LOCKS = ["requirements.txt", "requirements-services.txt", "requirements-dev.txt"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
SERVICES = [line for extra in PROJECT["project"]["optional-dependencies"].values() for line in extra]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"]


def entries(lock: str) -> list[str]:
    """The lock's entries, each with its hashes on one line."""
    joined = (ROOT / lock).read_text().replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if line.strip()]


def pins(lock: str) -> set[str]:
    return {entry.split(" --hash")[0].strip() for entry in entries(lock)}


def versions(lock: str, name: str) -> list[Requirement]:
    locked = [Requirement(pin) for pin in pins(lock)]
    return [pin for pin in locked if canonicalize_name(pin.name) == canonicalize_name(name)]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_one_version_with_its_hashes_and_nothing_else(lock):
    shape = re.compile(r"[a-z0-9-]+==[^\s;]+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+")
    assert [entry[:80] for entry in entries(lock) if not shape.fullmatch(entry)] == []
    assert len(entries(lock)) > 10


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.txt", RUNTIME),
        ("requirements-services.txt", RUNTIME + SERVICES),
        ("requirements-dev.txt", RUNTIME + SERVICES + DEVELOPMENT),
    ],
)
def test_locked_versions_lie_within_the_ranges_of_the_project(lock, wanted):
    for requirement in map(Requirement, wanted):
        locked = versions(lock, requirement.name)
        assert locked, f"{requirement.name} is not in {lock}: make lock"
        for pin in locked:
            version = next(iter(pin.specifier)).version
            assert requirement.specifier.contains(version), f"{lock} has {pin}, the project wants {requirement}"


def test_what_is_tested_is_what_runs():
    run, services, development = ({pin.split(" ;")[0] for pin in pins(lock)} for lock in LOCKS)
    assert run <= services <= development


def test_django_is_the_newest_that_the_python_at_hand_can_run():
    def locked_for(python: str) -> list[str]:
        environment = {"python_full_version": python, "python_version": python.rpartition(".")[0]}
        found = [pin for pin in versions("requirements.txt", "django") if pin.marker.evaluate(environment)]
        return [str(pin.specifier)[2:].partition(".")[0] for pin in found]

    assert locked_for("3.11.4") == ["5"]
    assert locked_for("3.12.0") == locked_for("3.13.5") == ["6"]


def test_every_direct_dependency_has_its_reason():
    reasons = (ROOT / "docs" / "dependencies.md").read_text().lower()
    names = [Requirement(line).name for line in RUNTIME + SERVICES + DEVELOPMENT]
    assert [name for name in names if f"**{name}**" not in reasons] == []

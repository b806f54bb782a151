"""The files of the project, as git sees them: those tracked, and new ones that are not ignored."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.environment import ROOT


@cache
def project_files() -> list[Path]:
    git = shutil.which("git")
    if not git or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files belong to the project is not known")
    listing = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    paths = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def in_folder(folder: str, suffix: str) -> list[Path]:
    return [path for path in project_files() if path.suffix == suffix and ROOT / folder in path.parents]


def documents() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".md"]


def text_of(path: Path) -> str | None:
    """The text in a file, or None where it holds something else, such as a picture."""
    content = path.read_bytes()
    return None if b"\0" in content else content.decode("utf-8", errors="replace")


def places(pattern, paths: list[Path]) -> list[str]:
    """Where a compiled pattern matches, as "path:line: text"."""
    found = []
    for path in paths:
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    return found

"""Removes each line of the map of affected pages in turn, and shows that the tests notice.

``python -m tests.page_cache.mutations`` (add ``--random`` for those that the random sequences alone find; it takes an
hour). The tree is never changed: a copy of it is, which goes when this ends, however it ends.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAP = "articles/page_cache/affected_pages.py"
TABLE = "tests/page_cache/test_affected_pages.py"
RANDOM = "tests/page_cache/test_invalidation.py"
COPIED = ("articles", "newsroom", "templates", "static", "seeds", "tests", "pyproject.toml", "manage.py")
LINE = re.compile(r"^( +)yield (?!from)(tags\.\w+.*)$")
FUNCTION = re.compile(r"^def of_(\w+)\(")


@dataclass(frozen=True)
class Mutation:
    """A line that says one thing less."""

    number: int
    about: str
    line: str

    def apply(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        indent = LINE.match(lines[self.number]).group(1)
        # A function without a yield would be none that yields.
        lines[self.number] = f"{indent}yield from ()\n"
        return "".join(lines)


def mutations_of(text: str) -> list[Mutation]:
    found, about = [], ""
    for number, line in enumerate(text.splitlines()):
        if function := FUNCTION.match(line):
            about = function[1].replace("_", " ")
        if match := LINE.match(line):
            found.append(Mutation(number, about, match[2]))
    return found


def passes(tree: Path, test: str) -> tuple[bool, str]:
    """Whether a test passes in a copy of the tree, and the first test that does not."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", "-p", "no:randomly", test]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    failed = re.search(r"^(?:FAILED|ERROR) \S+::(\w+)", done.stdout, re.MULTILINE)
    if done.returncode not in {0, 1} or (done.returncode and not failed):
        raise SystemExit(done.stdout + done.stderr)
    return done.returncode == 0, failed[1] if failed else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", action="store_true", help="ask the random sequences instead of the table")
    parser.add_argument("--examples", type=int, default=60, help="sequences for each line")
    options = parser.parse_args()
    test = RANDOM if options.random else TABLE
    os.environ["INVALIDATION_EXAMPLES"] = str(options.examples)
    with tempfile.TemporaryDirectory(prefix="newsroom-mutations-") as folder:
        tree = Path(folder)
        for name in COPIED:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, tree / name)
        text = (tree / MAP).read_text(encoding="utf-8")
        print("| of | line | noticed by |\n| --- | --- | --- |")  # noqa: T201 - a script
        survivors = 0
        for mutation in mutations_of(text):
            (tree / MAP).write_text(mutation.apply(text), encoding="utf-8")
            survived, by = passes(tree, test)
            survivors += survived
            print(f"| {mutation.about} | `{mutation.line}` | {'**nothing**' if survived else by} |", flush=True)  # noqa: T201
    print(f"\n{len(mutations_of(text))} lines, {survivors} not noticed.")  # noqa: T201
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main()

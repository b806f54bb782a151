"""Takes each line of the map of affected pages away in turn, in memory, and shows that the tests notice.

``python -m tests.page_cache.mutations``; with ``--random`` it asks the random sequences of `test_invalidation.py`, and
with ``--examples`` so many of them for each line.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

HERE = Path(__file__).parent
MAP = HERE.parents[1] / "articles" / "page_cache" / "affected_pages.py"
LINE = re.compile(r"^( +)yield (?!from)(tags\.\w+.*)$")
FUNCTION = re.compile(r"^def of_(\w+)\(")


@dataclass(frozen=True)
class Mutation:
    """A line of the map that says nothing."""

    number: int
    about: str
    line: str

    def apply(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        indent = LINE.match(lines[self.number])[1]
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


@contextmanager
def applied(mutation: Mutation, text: str) -> Iterator[None]:
    """The map without a line, for this process alone."""
    module = import_module("articles.page_cache.affected_pages")
    namespace = {"__name__": module.__name__}
    exec(compile(mutation.apply(text), MAP, "exec"), namespace)
    whole = dict(module.KINDS)
    module.KINDS.update(namespace["KINDS"])
    try:
        yield
    finally:
        module.KINDS.update(whole)


class Mutations:
    """In the place of pytest's own loop: the collected tests once for each mutation, until one fails."""

    def __init__(self) -> None:
        self.survivors = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        text = MAP.read_text(encoding="utf-8")
        # Twice: a test that cannot be run again would notice everything.
        for _ in range(2):
            assert self.first_failure(session) == "", "The tests fail as it is."
        say("| of | line | noticed by |\n| --- | --- | --- |")
        for mutation in mutations_of(text):
            with applied(mutation, text):
                found = self.first_failure(session)
            self.survivors += not found
            say(f"| {mutation.about} | `{mutation.line}` | {f'`{found}`' if found else '**nothing**'} |")
        say(f"\n{len(mutations_of(text))} lines, {self.survivors} of them not missed.")
        return True

    def first_failure(self, session: pytest.Session) -> str:
        for item in session.items:
            # What belongs to the test alone ends with it; it is run again.
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=item.parent)):
                return item.name
        return ""


def say(words: str) -> None:
    sys.__stdout__.write(f"{words}\n")
    sys.__stdout__.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", action="store_true", help="ask the random sequences instead of the table")
    parser.add_argument("--examples", type=int, default=40, help="how many sequences for each line")
    options = parser.parse_args()
    # What is missed is not made shorter: it is known where it is.
    os.environ |= {"INVALIDATION_EXAMPLES": str(options.examples), "INVALIDATION_PHASES": "generate"}
    test = HERE / ("test_invalidation.py" if options.random else "test_affected_pages.py")
    mutations = Mutations()
    arguments = ["-q", "-n0", "--no-header", "--no-summary", "-p", "no:cacheprovider", str(test)]
    done = pytest.main(arguments, plugins=[mutations])
    # They run, but not in pytest's own loop.
    return int(mutations.survivors > 0 or done not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED})


if __name__ == "__main__":
    sys.exit(main())

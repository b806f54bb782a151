import re

import pytest

from tests.environment import ROOT
from tests.project.tree import in_folder, places

# What the content security policy blocks in a browser, or what goes past the escaping of text.
FORBIDDEN = {
    "text is marked safe where it was cleaned, not where it is shown": r"\|\s*safe(seq)?\b|autoescape off",
    "scripts are files; only data may stand in a page": r"<script(?![^>]*(\bsrc=|application/ld\+json))",
    "styles are files": r"<style\b|\sstyle\s*=",
    "scripts listen to events, attributes do not": r"<[^>]*\son[a-z]+\s*=|javascript:",
}


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_templates_hold_nothing_that_is_forbidden(pattern):
    assert places(re.compile(pattern, re.IGNORECASE), in_folder("templates", ".html")) == []


def test_no_template_is_longer_than_150_lines():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in in_folder("templates", ".html")
    }
    assert {name: lines for name, lines in lengths.items() if lines > 150} == {}
    assert lengths

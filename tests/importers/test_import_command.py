import contextlib
import io
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from articles.importers import progress
from articles.importers.outcomes import Action, Outcome, summarise
from articles.models import Article
from tests.environment import ROOT
from tests.factories import make_section
from tests.importers.texts import make_text, write_text

BODY = "The gauge of Skarvik has been read each morning since the spring of 1874."


@pytest.fixture
def command(db):
    """Runs the command; returns its exit code, what it said, and what it complained of."""

    def run(*arguments):
        out, err = io.StringIO(), io.StringIO()
        code = 0
        try:
            call_command("import_articles", *map(str, arguments), stdout=out, stderr=err)
        except SystemExit as stop:
            code = stop.code
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
        return SimpleNamespace(code=code, out=out.getvalue(), err=err.getvalue())

    return run


def test_one_line_says_what_became_of_the_texts(command, tmp_path):
    write_text(tmp_path, "a.txt", make_text("Gauge", BODY))
    write_text(tmp_path, "b.txt", make_text("Salt", BODY))
    first, second = command(tmp_path), command(tmp_path)
    assert (first.code, first.out, first.err) == (0, "2 created, 0 updated, 0 unchanged.\n", "")
    assert (second.code, second.out, second.err) == (0, "0 created, 0 updated, 2 unchanged.\n", "")


def test_refused_texts_have_a_line_each_and_the_exit_code_tells(command, tmp_path):
    write_text(tmp_path, "a.txt", make_text("Gauge", BODY))
    write_text(tmp_path, "b.txt", "\n\nSalt\n")
    (tmp_path / "x.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    done = command(tmp_path)
    assert done.code == 1
    assert done.out == "1 created, 0 updated, 0 unchanged, 1 skipped, 2 refused.\n"
    assert sorted(done.err.splitlines()) == [
        f"refused: {tmp_path}/b.txt:3: Nothing but a headline; expected paragraphs under it.",
        f"refused: {tmp_path}/pipe.txt: It is no regular file but a pipe, socket or device.",
        f"skipped: {tmp_path}/x.txt: It is a folder, whatever its name; the texts in it are read.",
    ]


def test_the_report_has_a_json_object_a_line(command, tmp_path):
    write_text(tmp_path, "texts/a.txt", make_text("Gauge", BODY))
    write_text(tmp_path, "texts/b.txt", "Salt")
    command(tmp_path / "texts", "--report", tmp_path / "report.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert sorted(rows, key=lambda row: row["path"]) == [
        {"path": f"{tmp_path}/texts/a.txt", "action": "created", "headline": "Gauge", "slug": "gauge"},
        {
            "path": f"{tmp_path}/texts/b.txt",
            "action": "refused",
            "line": 1,
            "message": "Nothing but a headline; expected paragraphs under it.",
        },
    ]


def test_options_reach_the_articles(command, tmp_path):
    make_section("Science")
    path = write_text(tmp_path, "a.txt", make_text("Gauge", BODY))
    done = command(
        *(path, "--format", "seed", "--section", "science", "--author", "Ana", "--tag", "Tides", "--tag", "Sea"),
        *("--status", "approved", "--published-at", "2016-07-23T18:40:00Z", "--language", "nb", "--no-suggest-tags"),
    )
    assert done.code == 0
    article = Article.objects.get()
    assert (article.section.slug, article.status, article.language) == ("science", "approved", "nb")
    assert article.published_at.isoformat() == "2016-07-23T18:40:00+00:00"
    assert [byline.author.name for byline in article.bylines.all()] == ["Ana"]
    assert sorted(article.tags.values_list("name", flat=True)) == ["Sea", "Tides"]


def test_a_dry_run_says_so_and_writes_nothing(command, tmp_path):
    write_text(tmp_path, "a.txt", make_text("Gauge", BODY))
    assert command(tmp_path, "--dry-run").out == "1 created, 0 updated, 0 unchanged (nothing was written: a dry run).\n"
    assert not Article.objects.exists()


def test_closed_standard_input_is_in_nobodys_way(command, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    write_text(tmp_path, "gauge.txt", make_text())
    assert command(tmp_path).out.startswith("1 created")


def test_standard_input_is_read(command, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(make_text("Gauge", BODY).encode())))
    assert command("-").code == 0
    assert Article.objects.get().import_id == "stdin"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "There is no “nowhere”."),
        (["--section", "sport", ROOT], "There is no section “sport”; expected one of: none yet."),
        (["--published-at", "yesterday", ROOT], "expected a date and time"),
        (["--language", "Old English", ROOT], "expected a language"),
        (["--status", "great", ROOT], "invalid choice"),
        (["--format", "word", ROOT], "invalid choice"),
        (["--author", " ", ROOT], "expected 1 to 120 characters"),
        (["--report", "/nowhere/report", ROOT / "LICENSE"], "cannot be written"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_read(command, arguments, message):
    done = command(*arguments)
    assert message in done.err
    assert not Article.objects.exists()


def test_wrong_usage_has_an_exit_code_of_its_own():
    for arguments in (["nowhere"], ["--published-at", "yesterday", "-"]):
        command = [sys.executable, ROOT / "manage.py", "import_articles", *arguments]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 2


def test_an_interrupted_run_says_that_it_can_go_on(command, tmp_path, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(
        "articles.management.commands.import_articles.import_paths", lambda *args: iter(interrupt, None)
    )
    done = command(write_text(tmp_path, "a.txt", make_text()))
    assert done.code == 130
    assert done.err.startswith("Stopped.")


def test_rare_outcomes_are_summed_up_where_there_are_any():
    counts = {Action.CREATED: 1200, Action.CONFLICT: 1, Action.REFUSED: 2}
    assert summarise(Counter(counts)) == "1,200 created, 0 updated, 0 unchanged, 1 conflict, 2 refused."


class TestProgress:
    outcomes = [Outcome(f"{number}.txt", Action.CREATED) for number in range(3)]

    def test_a_long_run_says_how_far_it_is(self, monkeypatch):
        said = []
        clock = iter([0.0, 1.0, 6.0, 7.0])
        monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
        out = SimpleNamespace(write=said.append)
        assert list(progress.follow_in_lines(self.outcomes, total=3, out=out)) == self.outcomes
        assert said == ["2 of 3 texts, 0 a second."]

    def test_a_terminal_gets_a_bar_with_rate_and_number(self):
        class Terminal(io.StringIO):
            def isatty(self):
                return True

        terminal = Terminal()
        followed = progress.follow_on_terminal(self.outcomes, total=3, stream=terminal)
        assert list(followed) == self.outcomes
        assert "3/3" in terminal.getvalue()
        assert "a second" in terminal.getvalue()


def write_many(folder, number):
    chance = random.Random(1)
    for index in range(number):
        words = " ".join(chance.choices(BODY.split(), k=40))
        text = make_text(
            f"Gauge {index}",
            f"By Ana {'ABCDE'[index % 5]}. Reyes",
            f"Skarvik {words}.",
            f"Related: Gauge {index + 1}",
            "Popular posts",
            "Salt",
        )
        write_text(folder, f"{index:04}.txt", text)


def count_rows(database, table):
    with contextlib.closing(sqlite3.connect(database, timeout=5)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def wait_for_articles(database):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if stored := count_rows(database, "articles_article"):
            return stored
        time.sleep(0.01)
    pytest.fail("The import stored nothing in a minute.")


def test_a_run_that_is_killed_is_completed_by_the_next(tmp_path):
    number = 600
    write_many(tmp_path / "texts", number)
    database = tmp_path / "newsroom.sqlite3"
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{database}"}
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "-v0"], env=environment, check=True)
    command = [*manage, "import_articles", str(tmp_path / "texts")]

    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as victim:
        wait_for_articles(database)
        victim.kill()
    half = count_rows(database, "articles_article")
    assert 0 < half < number, "The run was over before it could be killed: give it more texts."
    for table in ("articles_byline", "articles_relatedlink", "articles_popularentry"):
        assert count_rows(database, table) == half, "Something was half-saved."

    second = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert f"{number - half} created, 0 updated, {half} unchanged." in second.stdout
    for table in ("articles_article", "articles_byline", "articles_relatedlink", "articles_popularentry"):
        assert count_rows(database, table) == number

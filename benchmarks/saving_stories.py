"""How long saving a long story keeps its writer waiting: `python -m benchmarks.saving_stories [WORDS]`.

Sends the admin's form as a browser does, in this process, on a new SQLite database; gives medians of saving a story
of so many words, of keeping a copy of the form on the server, and of proposing tags for it.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

from benchmarks.tables import Table

WORDS = 5_000
RUNS = 15
TAGS = 2_000
WORDS_IN_PARAGRAPH = 75


def measure(label: str, act: Callable[[int], int], expected: int) -> list[str]:
    walls, processors = [], []
    for run in range(RUNS):
        wall, processor = time.perf_counter(), time.process_time()
        status = act(run)
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
        if status != expected:
            raise SystemExit(f"{label}: answered {status}, expected {expected}")
    seconds = (statistics.median(walls), statistics.median(processors), max(walls))
    return [label, *(f"{each * 1000:.0f}" for each in seconds)]


def text_of(words: int) -> str:
    """Paragraphs of so many words each, with links, emphasis and names, each time the same."""
    chosen = random.Random(7)  # noqa: S311 - the same text each time
    names = ["Manbij", "Leila Haddad", "Northern Line", "Raqqa", "Harbour Office"]
    plain = "boat quay water people street morning council bridge ticket engine letter winter market".split()
    paragraphs = []
    for _ in range(-(-words // WORDS_IN_PARAGRAPH)):
        said = chosen.choices(plain, k=WORDS_IN_PARAGRAPH)
        said[10] = chosen.choice(names)
        said[40] = f'<a href="https://example.org/{said[41]}">{said[42]}</a>'
        said[60] = f"<strong>{said[61]}</strong> <em>{said[62]}</em>"
        paragraphs.append(f"<p>{' '.join(said)}.</p>")
    return "\n".join(paragraphs)


def run(words: int) -> Table:
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from articles.models import Article, Author, Section, Tag  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    chief = User.objects.create_superuser("chief")
    section = Section.objects.create(name="World", slug="world")
    Author.objects.create(name="Leila Haddad", slug="leila-haddad")
    Tag.objects.bulk_create(Tag(name=f"Place {number}", slug=f"place-{number}") for number in range(TAGS))
    story = Article.objects.create(headline="A long story", slug="a-long-story", section=section)
    client = Client(SERVER_NAME="localhost")
    client.force_login(chief)
    body = text_of(words)
    form = {
        "headline": "A long story", "slug": "a-long-story", "section": section.pk, "language": "en",
        "story_type": "news", "tags": ["Manbij", "Place 7"], "byline": ["@leila-haddad"],
    }  # fmt: skip
    for prefix in ("citations", "related_links", "corrections"):
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    page = reverse("admin:articles_article_change", args=[story.pk])
    keep, propose = (reverse(f"admin:articles_article_{name}") for name in ("autosave", "tag_proposals"))

    def changed(number: int) -> str:
        return f"{body}\n<p>Changed for the {number}th time.</p>"

    def save(number: int) -> int:
        return client.post(page, {**form, "body": changed(number)}).status_code

    def keep_copy(number: int) -> int:
        fields = {"body": {"values": [changed(number)], "base": "1"}}
        content = {"id": "copy", "number": number, "fields": fields}
        sent = {"person": chief.pk, "story": str(story.uid), "form": "", "content": content}
        return client.post(keep, sent, content_type="application/json").status_code

    def propose_tags(number: int) -> int:
        return client.post(propose, {"headline": "A long story", "body": changed(number)}).status_code

    save(RUNS)
    story.refresh_from_db()
    table = Table("Saving a long story", ["", "ms", "ms of processor", "slowest ms"])
    table.note = f"A story of {story.word_count:,} words among {TAGS:,} tags; medians of {RUNS}."
    table.rows.append(measure("save the story", save, 302))
    story.refresh_from_db()
    if not story.body.endswith(f"<p>Changed for the {RUNS - 1}th time.</p>"):
        raise SystemExit("The story was not saved.")
    table.rows.append(measure("keep a copy on the server", keep_copy, 200))
    table.rows.append(measure("propose tags", propose_tags, 200))
    table.rows.append(measure("open the form", lambda _: client.get(page).status_code, 200))
    return table


def run_on_new_database(words: int) -> Table:
    with tempfile.TemporaryDirectory(prefix="newsroom-benchmark-") as scratch:
        os.environ |= {"DATA_DIR": scratch, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "true"}
        for name in ("DATABASE_URL", "SITE_URL"):
            os.environ.pop(name, None)
        return run(words)


def tables(*, is_quick: bool) -> Iterator[Table]:
    yield run_on_new_database(500 if is_quick else WORDS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="?", type=int, default=WORDS)
    sys.stdout.write(run_on_new_database(parser.parse_args().words).as_text())


if __name__ == "__main__":
    main()

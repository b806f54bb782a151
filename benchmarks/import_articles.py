"""How fast texts come in: `python benchmarks/import_articles.py [NUMBER]` on a new SQLite database.

Prints texts per second, processor time and peak memory of the import command, for the first run and for a second
one that finds nothing changed.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORDS_IN_TEXT = 150
VOCABULARY = 3000
SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstvw" for vowel in ("a", "e", "i", "o", "ou", "er", "an")]
CONNECTIVES = "the of and to in a that for on with was by as at from it is were had not but".split()


class Newsroom:
    """Texts such as a small agency writes: people, places and sources recur, words follow Zipf's law."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same texts each time
        self.words = [self._word(2) for _ in range(VOCABULARY)]
        self.weights = [1 / rank for rank in range(1, VOCABULARY + 1)]
        self.places = [self._word(3).capitalize() for _ in range(300)]
        self.people = [f"{self._word(2).capitalize()} {self._word(3).capitalize()}" for _ in range(400)]
        self.writers = self.people[:60]
        self.sources = [f"{place} Wire" for place in self.places[:20]]
        self.headlines: list[str] = []

    def _word(self, syllables: int) -> str:
        return "".join(self.random.choice(SYLLABLES) for _ in range(syllables))

    def _sentence(self, names: list[str]) -> str:
        words = self.random.choices(self.words, self.weights, k=9) + self.random.choices(CONNECTIVES, k=7)
        self.random.shuffle(words)
        words[self.random.randrange(1, 16)] = self.random.choice(names)
        return words[0].capitalize() + " " + " ".join(words[1:]) + "."

    def story(self, number: int) -> str:
        place, *people = self.random.choice(self.places), *self.random.sample(self.people, 2)
        names = [place, *people]
        topic = " ".join(self.random.choices(self.words, self.weights, k=5))
        headline = f"{place} {topic} {number}"
        paragraphs = [" ".join(self._sentence(names) for _ in range(2)) for _ in range(WORDS_IN_TEXT // 32)]
        paragraphs[0] = f"{place.upper()} — {paragraphs[0]}"
        known = self.headlines[-500:] or [headline]
        paragraphs.insert(2, f"Related: {self.random.choice(known)}")
        day = f"{self.random.randint(1, 28)} {self.random.choice(['March', 'July', 'October'])} {2010 + number % 15}"
        lines = [headline, f"By {self.random.choice(self.writers)}\n{day}", *paragraphs]
        if number % 3 == 0:
            source = self.random.choice(self.sources)
            lines.append(f"Follow {source} on Twitter: @{source.split()[0].lower()}")
        if number % 2 == 0:
            lines.append("Popular posts from this blog")
            lines += [self.random.choice(known) for _ in range(3)]
        self.headlines.append(headline)
        return "\n\n".join(lines) + "\n"


def write_texts(folder: Path, number: int) -> None:
    newsroom = Newsroom(seed=7)
    for index in range(number):
        part = folder / f"{index // 1000:03}"
        part.mkdir(exist_ok=True)
        (part / f"story-{index:06}.txt").write_text(newsroom.story(index), encoding="utf-8")


def run(environment: dict[str, str], *arguments: str) -> tuple[float, float, float, str]:
    """Seconds, seconds of processor, megabytes at the peak, and what a management command said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, str(ROOT / "manage.py"), *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )
    said, _ = process.communicate()
    elapsed = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{arguments[0]} failed: {said}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # The highest of all children so far: kilobytes on Linux, bytes on macOS.
    memory = after.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return elapsed, processor, memory, said.strip().rpartition("\n")[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, default=10_000)
    number = parser.parse_args().number
    with tempfile.TemporaryDirectory(prefix="newsroom-benchmark-") as scratch:
        texts = Path(scratch) / "texts"
        texts.mkdir()
        write_texts(texts, number)
        environment = {**os.environ, "DATA_DIR": str(Path(scratch) / "data")}
        environment.pop("DATABASE_URL", None)
        run(environment, "migrate", "--verbosity", "0")
        for label in ("first run", "second run"):
            elapsed, processor, memory, said = run(environment, "import_articles", str(texts))
            sys.stdout.write(
                f"{label}: {number / elapsed:,.0f} texts a second ({elapsed:.1f} s, {processor:.1f} s of processor),"
                f" at most {memory:.0f} MB. {said}\n"
            )


if __name__ == "__main__":
    main()

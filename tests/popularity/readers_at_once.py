"""A process of readers, for tests: counts reads of one story as a web process would, and says when it has.

Arguments: the story's uid, the first reader's number, how many, seconds between two flushes. With more numbers on its
standard input it counts on, so many at a time; at its end it ends as a process does.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import django

THREADS = 4


def main(uid: str, first: str, number: str, seconds: str) -> None:
    django.setup()

    from django.conf import settings  # noqa: PLC0415 - set up only now

    from articles.popularity.counting import Beacon, count_beacon  # noqa: PLC0415
    from tests.popularity.samples import address_of  # noqa: PLC0415
    from tests.popularity.test_crawlers import CHROME  # noqa: PLC0415

    settings.ARTICLES_READ_FLUSH_SECONDS = float(seconds)

    def read(reader: int) -> bool:
        beacon = Beacon(uid, "direct", CHROME, address_of(reader), is_same_site=True)
        # Each comes twice, and is one read.
        return (count_beacon(beacon), count_beacon(beacon)) == (None, "repeated")

    start = int(first)
    with ThreadPoolExecutor(THREADS) as threads:
        for told in chain([number], iter(sys.stdin.readline, "")):
            done = list(threads.map(read, range(start, start + int(told))))
            start += int(told)
            sys.stdout.write(f"{sum(done)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Measures any site by the addresses of its pages, as `make bench` measures this one.

    .venv/bin/python -m benchmarks.measure_site https://example.org/ https://example.org/a-story/

Ask only a site that is yours, or whose owner has agreed: whatever the rate, to somebody else it is an attack. Unless
told otherwise it is gentle: two connections, ten requests a second between them, for five seconds a page.
`--full` asks as fast as the site answers; do that where nobody is disturbed, best from a machine beside the server.

What an address costs its server is a matter of the page, the machine and the way between: set side by side only
what was measured from the same place. The first request to each page is told apart, as it may have filled a cache.
"""

import argparse
import http.client
import sys
import time
from urllib.parse import urlsplit

from benchmarks.load import ACCEPTED, Load, answer_of, ask, tool
from benchmarks.tables import Table

CONNECTIONS, RATE, SECONDS = 2, 10.0, 5.0
# What a full measure uses: as benchmarks/page_cache.py does.
MANY = 64
TOLD = ("server", "cache-control", "content-encoding", "cache-status", "x-cache", "cf-cache-status", "age", "via")


def measure(addresses: list[str], *, clients: int, seconds: float, rate: float | None) -> Table:
    columns = ["", "requests a second", "p50 ms", "p99 ms", "errors", "304 p50 ms", "bytes sent", "first ms"]
    table = Table("Pages of a site", columns)
    told = []
    for address in addresses:
        first, fields, size = look_at(address)
        load = ask(address, clients=clients, seconds=seconds, rate=rate)
        again = conditional(fields)
        unchanged = ask(address, clients=clients, seconds=seconds, rate=rate, fields=again) if again else None
        table.rows.append([address, *figures(load, unchanged), f"{size:,}", f"{first:.0f}"])
        told.append(f"{address} said at first: {said(fields)}")
    pace = "as fast as it answers" if rate is None else f"{rate:g} requests a second at most"
    how = f"Load: {tool()}; {clients} connections, {pace}, {seconds:g} seconds a page. First: one request by itself."
    table.note = "\n\n".join([how, *told])
    return table


def figures(load: Load, unchanged: Load | None) -> list[str]:
    again = "" if unchanged is None else f"{unchanged.median:.2f}"
    return [f"{load.rate:,.0f}", f"{load.median:.2f}", f"{load.p99:.2f}", f"{load.errors}", again]


def look_at(address: str) -> tuple[float, dict[str, str], int]:
    """Milliseconds of the first request, the fields of the answer, and the bytes of its content as they are sent."""
    started = time.perf_counter()
    try:
        status, fields, content = answer_of(address, {"Accept-Encoding": ACCEPTED})
    except (OSError, http.client.HTTPException) as error:
        raise SystemExit(f"{address} does not answer: {error}") from error
    if status != 200:
        leads = f" It leads to {fields['location']}." if "location" in fields else ""
        raise SystemExit(f"{address} answers {status}: only whole pages are measured.{leads}")
    return (time.perf_counter() - started) * 1000, fields, len(content)


def conditional(fields: dict[str, str]) -> dict[str, str]:
    if "etag" in fields:
        return {"If-None-Match": fields["etag"]}
    return {"If-Modified-Since": fields["last-modified"]} if "last-modified" in fields else {}


def said(fields: dict[str, str]) -> str:
    return "; ".join(f"{name}: {fields[name]}" for name in TOLD if name in fields)


def page_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as https://example.org/")
    return text


def positive(text: str) -> float:
    number = float(text)
    if not 0 < number <= 100_000:
        raise ValueError(text)
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("addresses", nargs="+", type=page_address, metavar="ADDRESS", help="of a page that is yours")
    parser.add_argument("--seconds", type=positive, default=SECONDS, help="for each page")
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument("--rate", type=positive, default=RATE, help="requests a second, at most")
    pace.add_argument("--full", action="store_true", help=f"as fast as it answers, over {MANY} connections")
    parser.add_argument("--markdown", action="store_true", help="the table as RESULTS.md has it")
    chosen = parser.parse_args()
    clients, rate = (MANY, None) if chosen.full else (CONNECTIONS, chosen.rate)
    table = measure(chosen.addresses, clients=clients, seconds=chosen.seconds, rate=rate)
    sys.stdout.write(table.as_markdown() if chosen.markdown else table.as_text())


if __name__ == "__main__":
    main()

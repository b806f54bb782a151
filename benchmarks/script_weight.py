"""How much script the page of a story loads: `python -m benchmarks.script_weight`; needs the development packages.

Opens it in Chromium, on a server of its own with a new SQLite database, and gives the bytes of every script that the
browser asked for: as they are, and as gzip -6 and Brotli 11 send them. With `--page ADDRESS --session KEY` it measures
a page of any other site of Django's in the same way.
"""

import argparse
import gzip
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import brotli
import django
from django.apps import apps
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.test import Client
from django.test.testcases import LiveServerThread
from django.urls import reverse
from playwright.sync_api import Response, sync_playwright

from benchmarks.tables import Table

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser_path() -> str:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise SystemExit("There is no Chromium: name it in CHROMIUM.")
    return path


def load_scripts(page_address: str, session: str) -> dict[str, bytes]:
    """Every script that the page asks for until the network is quiet, by its address."""
    found: list[Response] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--disable-gpu", "--no-sandbox"])
        context = browser.new_context()
        context.add_cookies(
            [{"name": "sessionid", "value": session, "domain": urlsplit(page_address).hostname or "", "path": "/"}]
        )
        page = context.new_page()
        page.on("response", lambda response: found.append(response))  # noqa: PLW0108 - Playwright marks it
        page.goto(page_address)
        page.wait_for_load_state("networkidle")
        if urlsplit(page.url).path != urlsplit(page_address).path:
            raise SystemExit(f"The browser was led to {page.url}.")
        scripts = {each.url: each.body() for each in found if each.request.resource_type == "script"}
        browser.close()
    return scripts


def table_of(scripts: dict[str, bytes]) -> Table:
    weights = {
        urlsplit(address).path: (len(script), len(gzip.compress(script, 6)), len(brotli.compress(script, quality=11)))
        for address, script in scripts.items()
    }
    table = Table("Script that the page of a story loads", ["", "bytes", "gzip", "Brotli"])
    sums = [sum(column) for column in zip(*weights.values(), strict=True)]
    table.rows.append([f"{len(weights)} scripts", *(f"{size:,}" for size in sums)])
    for path, sizes in sorted(weights.items(), key=lambda each: each[1], reverse=True):
        table.rows.append([path, *(f"{size:,}" for size in sizes)])
    return table


def measure_story() -> dict[str, bytes]:
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - the environment comes first

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    call_command("migrate", verbosity=0)
    chief = apps.get_model("auth.User").objects.create_superuser("chief")
    story = apps.get_model("articles.Article").objects.create(headline="A story", slug="a-story", created_by=chief)
    client = Client()
    client.force_login(chief)
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        path = reverse("admin:articles_article_change", args=[story.pk])
        return load_scripts(f"http://127.0.0.1:{server.port}{path}", client.cookies["sessionid"].value)
    finally:
        server.terminate()


def tables(*, is_quick: bool) -> Iterator[Table]:
    with tempfile.TemporaryDirectory(prefix="newsroom-benchmark-") as scratch:
        os.environ |= {"DATA_DIR": scratch, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "false"}
        for name in ("DATABASE_URL", "SITE_URL"):
            os.environ.pop(name, None)
        yield table_of(measure_story())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", help="the address of a page of a server that runs already")
    parser.add_argument("--session", default="", help="the key of a session there")
    chosen = parser.parse_args()
    found = [table_of(load_scripts(chosen.page, chosen.session))] if chosen.page else tables(is_quick=False)
    sys.stdout.writelines(table.as_text() for table in found)


if __name__ == "__main__":
    main()

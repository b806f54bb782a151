"""What every test stands on: a clean environment, quick settings, no network, and Chromium for tests/browser/."""

import gc
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests import environment

BROWSER_TESTS = environment.ROOT / "tests" / "browser"
CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
CHROMIUM_ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
CHROMIUM_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# For how many milliseconds a page may let a test wait for what shall come: a shared machine pauses at any moment.
PATIENCE = 30_000

# Settings are read when pytest-django first looks at them, which is after this file was imported.
SCRATCH = tempfile.TemporaryDirectory(prefix="newsroom-tests-")
environment.lay_out(SCRATCH.name)

# Shared machines pause at any moment: an example is never wrong for being slow.
hypothesis.settings.register_profile("newsroom", deadline=None, print_blob=True)
hypothesis.settings.load_profile("newsroom")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers inherit this process's environment: one that found settings named there would read them before this file
    has given it a folder of its own, and all would share one cache and one folder of pictures.
    """
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_configure(config: pytest.Config) -> None:
    # A good hash is slow on purpose, and the manifest of hashed names exists only after collectstatic.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    # A test that counts reads says itself when they are stored.
    settings.ARTICLES_READ_FLUSH_SECONDS = 0


def pytest_unconfigure(config: pytest.Config) -> None:
    SCRATCH.cleanup()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in tests/browser/, and run it last.

    Playwright keeps an event loop running from its first test to its last. Django refuses the database where
    a loop runs, and for all other tests that guard shall stay up.
    """
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: to look through it for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite's database lies in a file, as a site's does, so that every thread has a connection of its own.

    In memory the live server and the test would share one, and SQLite bears no two statements at once on it.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(Path(SCRATCH.name) / "tests.sqlite3")


@pytest.fixture
def counting() -> Iterator[None]:
    """Nobody has read anything yet: the buffer of this process is empty, and so is the cache that knows the readers."""
    # By name, for this file is read before Django is set up.
    buffer = import_module("articles.popularity.flushing").BUFFER
    buffer.take()
    cache.clear()
    yield
    buffer.take()


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Connections leave this machine in no test, so that none depends on what is out there."""
    connect = socket.socket.connect

    def connect_to_loopback(self: socket.socket, address: tuple[str, int] | str) -> None:
        if isinstance(address, tuple) and address[0] != "localhost" and not ip_address(address[0]).is_loopback:
            raise AssertionError(f"A test reached for the network: {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_to_loopback)
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium: CHROMIUM, or the first found. Without one a test is skipped, in CI it fails."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        assert shutil.which(chosen), f"CHROMIUM={chosen} is not a program"
        return chosen
    found = next(filter(None, map(shutil.which, [*CHROMIUM_NAMES, str(CHROMIUM_ON_MACOS)])), None)
    if found:
        return found
    reason = "no Chromium on PATH: install chromium, or name one with CHROMIUM=/path/to/chromium"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(chromium: str, django_db_setup: None) -> Iterator[Browser]:
    """One Chromium for all browser tests. The database is there before it, and goes after it: see above."""
    arguments = CHROMIUM_ARGUMENTS
    if os.geteuid() == 0:
        # Chromium's sandbox does not work for root, as whom CI runs.
        arguments = [*arguments, "--no-sandbox"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What pages have complained of so far; a test that expects a complaint takes it out of the list.

    Scripts' errors, anything on the console (Chromium reports violations of the content security policy there),
    and requests to other hosts.
    """
    found: list[str] = []
    yield found
    assert not found, "The page complained:\n" + "\n".join(found)


@pytest.fixture
def open_page(browser: Browser, live_server, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """A function that opens a page in a browser context of its own; it takes Playwright's context options."""
    contexts = []

    def record_message(message: ConsoleMessage) -> None:
        complaints.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def record_foreign_request(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            complaints.append(f"request to another host: {request.url}")

    def open_with(**options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", record_message)
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        page.on("request", record_foreign_request)
        return page

    yield open_with
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page on the live server: `page.goto("/")`. The test fails when the page complains of anything."""
    return open_page()

"""Real processes, on the test's own database."""

import os
import subprocess

import pytest
from django.conf import settings
from django.db import connection

from articles.management.commands.serve import server_command
from tests.environment import ROOT
from tests.ports import free_port
from tests.processes.servers import end, is_up, wait_for


@pytest.fixture
def environment():
    """That of a process which works on the test's database, and shares its cache."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        person = ":".join(filter(None, (database["USER"], database["PASSWORD"])))
        url = f"postgres://{person}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(settings.DATA_DIR), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def start(environment):
    """A function that starts a process; none outlives the test."""
    started = []

    def start_process(*command, **variables):
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # So that it can be ended with all processes that it starts.
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start_process
    for process in started:
        end(process)
        process.communicate()


@pytest.fixture
def start_server(start):
    """A function that starts the web server, with one worker, and gives its port once it answers."""

    def start_one(**variables):
        port = free_port()
        given = {"DEBUG": "true", "WEB_WORKERS": "1", "SITE_URL": f"http://127.0.0.1:{port}"} | variables
        start(*server_command("127.0.0.1", port), **given)
        wait_for(lambda: is_up(port))
        return port

    return start_one

"""Starting the server."""

from itertools import pairwise

from django.core.files import locks

from articles.management.commands.serve import alone, server_command


def test_preparation_is_done_by_one_at_a_time(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with (tmp_path / "serve.lock").open("w") as other:
        with alone():
            assert not locks.lock(other, locks.LOCK_EX | locks.LOCK_NB)
        assert locks.lock(other, locks.LOCK_EX | locks.LOCK_NB)


def test_server_is_given_what_the_settings_say(settings):
    settings.WEB_WORKERS, settings.WEB_THREADS, settings.WEB_CONNECTIONS = 3, 5, 700
    command = server_command("127.0.0.1", 8001)
    options = dict(pairwise(command))
    assert (options["--workers"], options["--blocking-threads"], options["--backpressure"]) == ("3", "5", "700")
    assert (options["--interface"], options["--http"], options["--port"]) == ("wsgi", "1", "8001")

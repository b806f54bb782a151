"""Starting the server."""

from django.core.files import locks

from articles.management.commands.serve import alone


def test_preparation_is_done_by_one_at_a_time(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with (tmp_path / "serve.lock").open("w") as other:
        with alone():
            assert not locks.lock(other, locks.LOCK_EX | locks.LOCK_NB)
        assert locks.lock(other, locks.LOCK_EX | locks.LOCK_NB)

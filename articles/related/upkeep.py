"""When suggestions are computed: once a transaction, when it has ended well, whatever it changed."""

from collections.abc import Iterable

from django.db import connection, transaction

from articles.related.suggestions import relate_and_survive


class _Upkeep:
    """The stories that one transaction, or one savepoint of it, has changed."""

    def __init__(self) -> None:
        self.keys: dict[int, None] = {}

    def __call__(self) -> None:
        for key in self.keys:
            relate_and_survive(key)


def relate_on_commit(keys: Iterable[int]) -> None:
    """Several changes of a story in one transaction cost as much as one."""
    upkeep = _waiting_here()
    if upkeep is None:
        upkeep = _Upkeep()
        upkeep.keys.update(dict.fromkeys(keys))
        transaction.on_commit(upkeep, robust=True)
    else:
        upkeep.keys.update(dict.fromkeys(keys))


def _waiting_here() -> _Upkeep | None:
    """What was asked for within the same savepoints, and so is undone with them or not at all."""
    here = set(connection.savepoint_ids)
    for savepoints, waiting, *_ in reversed(connection.run_on_commit[-20:]):
        if isinstance(waiting, _Upkeep) and savepoints == here:
            return waiting
    return None

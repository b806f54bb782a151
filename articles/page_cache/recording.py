"""From a change of rows to a line in the purge log, in the same transaction: `articles.receivers` says when."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Model

from articles.models import Article, Image, SiteSettings
from articles.page_cache.affected_pages import KINDS, Shown, difference, left_behind_by, pages_of_stories, shown_of
from articles.page_cache.purge_log import record_purge
from articles.page_cache.tags import EVERYTHING, GONE, popular, tag_of

# Of more than so many tags a line would be longer than it is worth.
MOST_TAGS: Final = 1000

# What pages show of rows from whose changes something follows for readers.
SHOWN_MODELS: Final = tuple(KINDS)
# Where a row keeps what pages showed of it, until it is saved.
BEFORE: Final = "_shown_before"


def note_before(row: Model) -> None:
    """To be called before a row is saved."""
    # A number that was given beforehand may be that of a stored row, unless it is the same for every new one.
    is_new = row._state.adding and (row.pk is None or row._meta.pk.has_default())  # noqa: SLF001 - Django names them so
    vars(row)[BEFORE] = Shown() if is_new else shown_of(type(row), [row.pk])


def record_saved(row: Model, *, is_new: bool) -> None:
    """To be called when a row was saved of which `note_before` was told."""
    if is_new and isinstance(row, SiteSettings):
        # There was no page yet: each one reads it, and makes it where it is not there.
        return
    shown = shown_of(type(row), [row.pk])
    found = difference(vars(row).pop(BEFORE, Shown()), shown)
    if is_new:
        # Nothing can have named it yet.
        found.discard(tag_of(row))
    is_hidden = isinstance(row, Article) and not row.is_public()
    _record(with_hidden(row, found) if is_hidden else found)


def record_deleted(row: Model) -> None:
    """To be called before a row is deleted."""
    found = {tag for tag, _ in shown_of(type(row), [row.pk])}
    if isinstance(row, Article | Image):
        found = with_hidden(row, found)
    _record(found | left_behind_by(row) if isinstance(row, Article) else found)


def with_hidden(row: Model, tags: set[str]) -> set[str]:
    """The tags, and that readers may no longer see the row itself, where one of them is its own."""
    return tags | {f"{GONE}{tag}" for tag in tags if tag == tag_of(row)}


def record_rows(model: type[Model], keys: Iterable[int]) -> None:
    """For rows that are written past `save()`: to be called when they were, and before as well where they were there."""
    _record({tag for tag, _ in shown_of(model, keys)})


def record_surroundings(stories: Iterable[int]) -> None:
    """For stories beside which others stand now."""
    _record(pages_of_stories(stories))


def record_popular(lists: Iterable[tuple[str, int]]) -> None:
    """For popular lists that show other lines now."""
    _record({popular(scope, scope_id) for scope, scope_id in lists})


def record_loading() -> None:
    """A fixture may bring anything: once a transaction, all is outdated."""
    here = set(connection.savepoint_ids)
    if not any(isinstance(done, _Loading) and sids <= here for sids, done, *_ in connection.run_on_commit):
        record_purge([EVERYTHING])
        transaction.on_commit(_Loading())


class _Loading:
    """Remembers that it is recorded, for as long as the transaction lasts."""

    def __call__(self) -> None:
        pass


def _record(tags: Collection[str]) -> None:
    record_purge([EVERYTHING] if len(tags) > MOST_TAGS else tags)


def is_taken_along(row: Model, origin: Any) -> bool:
    """Whether a row goes because the one to which it belongs does, of whose going everything is known already."""
    return origin is not None and getattr(origin, "model", type(origin)) is not type(row)

"""A whole import: inputs are read, parsed, planned and saved in batches, and each text has its outcome."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from django.db import DatabaseError, reset_queries

from articles.importers.base import ImportedArticle, Input, Refused
from articles.importers.formats import importer_for, suffixes_of
from articles.importers.options import Options
from articles.importers.outcomes import Action, Outcome
from articles.importers.planning import plan_batch
from articles.importers.reading import Unread, read_inputs
from articles.importers.run_memory import RunMemory
from articles.importers.saving import Saver, refused

# Big enough for statements to share their cost, small enough for memory and for others who want to write.
_BATCH: Final = 200
_BATCH_BYTES: Final = 8_000_000


@dataclass
class _Batch:
    """Texts of one format, to be written together."""

    source: str
    articles: list[ImportedArticle] = field(default_factory=list)
    size: int = 0

    def add(self, article: ImportedArticle) -> None:
        self.articles.append(article)
        self.size += article.size

    @property
    def is_full(self) -> bool:
        return len(self.articles) >= _BATCH or self.size >= _BATCH_BYTES


def import_paths(paths: Collection[str], options: Options, stdin: IO[bytes]) -> Iterator[Outcome]:
    """Import all texts under the paths ("-" is standard input); yields what became of each, batch by batch.

    Each batch is one transaction: a run that is stopped leaves whole batches behind, and the next run
    finds them unchanged and goes on.
    """
    inputs = read_inputs(paths, suffixes_of(options.format), stdin)
    with RunMemory() as memory:
        savers: dict[str, Saver] = {}
        for found in _batches(inputs, options):
            if isinstance(found, Outcome):
                yield found
            else:
                if found.source not in savers:
                    savers[found.source] = Saver(options, found.source)
                yield from _import_batch(found, savers[found.source], memory, options)


def _batches(inputs: Iterable[Input | Unread], options: Options) -> Iterator[_Batch | Outcome]:
    batch = _Batch("")
    for source in inputs:
        if isinstance(source, Unread):
            action = Action.REFUSED if source.is_fault else Action.SKIPPED
            yield Outcome(source.path, action, message=source.message)
            continue
        try:
            importer = importer_for(source, options.format)
            for article in importer.read(source):
                if batch.is_full or importer.name != batch.source:
                    yield batch
                    batch = _Batch(importer.name)
                batch.add(article)
        except Refused as refusal:
            yield Outcome(refusal.path or source.path, Action.REFUSED, line=refusal.line, message=refusal.message)
    yield batch


def _import_batch(batch: _Batch, saver: Saver, memory: RunMemory, options: Options) -> list[Outcome]:
    if not batch.articles:
        return []
    reset_queries()  # with DEBUG on, Django keeps each one
    try:
        return _import_together(batch.articles, saver, memory, options)
    except DatabaseError:
        # Somebody else wrote at the same moment, or one text cannot be stored: each for itself then.
        saver.forget()
        return [_import_alone(article, saver, memory, options) for article in batch.articles]


def _import_together(
    articles: list[ImportedArticle], saver: Saver, memory: RunMemory, options: Options
) -> list[Outcome]:
    plans = plan_batch(articles, source=saver.source, run=memory)
    outcomes = saver.rehearse(plans) if options.dry_run else saver.save(plans)
    done = [plan for plan, outcome in zip(plans, outcomes, strict=True) if outcome.action != Action.REFUSED]
    memory.remember(
        ((plan.article.content_hash, plan.article.path) for plan in done),
        (plan.target.pk for plan in done if plan.target),
    )
    return outcomes


def _import_alone(article: ImportedArticle, saver: Saver, memory: RunMemory, options: Options) -> Outcome:
    try:
        return _import_together([article], saver, memory, options)[0]
    except DatabaseError as error:
        saver.forget()
        return refused(article, Refused(f"The database refused it: {error}"))

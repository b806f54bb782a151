"""The formats that can be imported. A new one is a class here, and nothing else changes."""

from typing import Final

from articles.importers.base import Importer, Input, Refused
from articles.importers.seed_text import SeedImporter

# Asked in this order by `auto`; the seed form takes any text and so comes last.
IMPORTERS: Final[tuple[Importer, ...]] = (SeedImporter(),)

AUTO: Final = "auto"
NAMES: Final = (AUTO, *(importer.name for importer in IMPORTERS))


def suffixes_of(name: str) -> tuple[str, ...]:
    """The endings of the files that are looked for in folders and archives."""
    return tuple(suffix for importer in _candidates(name) for suffix in importer.suffixes)


def importer_for(source: Input, name: str) -> Importer:
    for importer in _candidates(name):
        if importer.accepts(source):
            return importer
    raise Refused(f"This is none of the known formats: {', '.join(NAMES[1:])}.")


def _candidates(name: str) -> tuple[Importer, ...]:
    return tuple(importer for importer in IMPORTERS if name in {AUTO, importer.name})

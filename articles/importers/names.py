"""Rows that are known by a name: found whatever the case of its letters, made where they are missing."""

from collections.abc import Iterable, Mapping
from typing import Any

from articles.content.slugs import headline_slug, numbered_slug
from articles.models import Author, Source, Tag


class NameTable:
    """All rows of a model by folded name. As big as the table, not as the number of texts."""

    def __init__(self, model: type[Author | Source | Tag], *, slug_length: int = 100) -> None:
        self.model = model
        self.slug_length = slug_length
        self.keys: dict[str, int] = {}
        self.slugs: set[str] = set()
        self.names: list[str] = []
        self.reload()

    def reload(self) -> None:
        self.keys.clear()
        self.slugs.clear()
        self.names.clear()
        rows = self.model.objects.order_by("pk").values_list("pk", "name", "slug")
        for key, name, slug in rows.iterator(chunk_size=2000):
            self.keys.setdefault(name.casefold(), key)
            self.slugs.add(slug)
            self.names.append(name)

    def __getitem__(self, name: str) -> int:
        return self.keys[name.casefold()]

    def ensure(self, names: Iterable[str], **values: Mapping[str, str]) -> None:
        """Make the rows that are missing, by one statement. ``values`` has further columns by folded name."""
        missing = {name.casefold(): name for name in names if name.casefold() not in self.keys}
        if not missing:
            return
        rows: list[Any] = [
            self.model(
                name=name,
                slug=self._free_slug(name),
                **{column: of_name[key] for column, of_name in values.items() if key in of_name},
            )
            for key, name in missing.items()
        ]
        for key, row in zip(missing, self.model.objects.bulk_create(rows), strict=True):
            self.keys[key] = row.pk
        self.names.extend(missing.values())

    def _free_slug(self, name: str) -> str:
        base = headline_slug(name, max_length=self.slug_length) or self.model.__name__.lower()
        slug = numbered_slug(base, self.slugs, self.slug_length)
        self.slugs.add(slug)
        return slug

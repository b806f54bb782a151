"""Pages of the desk's lists: as many rows as anybody leafs through, found by one look at the table."""

from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator

# Twenty pages of fifty. Whoever looks for something older narrows the list: by words, by a filter, by its dates.
MOST_LISTED: Final = 1_000


class DeskPaginator(AnyPaginator):
    """Reads the keys of the rows once, in their order, and then the rows of one page by them.

    Django counts all rows and then searches again for those of the page: each of the two reads a large table whole.
    """

    @cached_property
    def keys(self) -> list[Any]:
        rows: Any = self.object_list
        found = rows.select_related(None).prefetch_related(None).values_list("pk", flat=True)
        return list(found[: MOST_LISTED + 1])

    @cached_property
    def count(self) -> int:
        return min(len(self.keys), MOST_LISTED)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are listed."""
        return len(self.keys) > MOST_LISTED

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return Page(self.rows_of(self.keys[start : min(start + self.per_page, self.count)]), number, self)

    def rows_of(self, keys: list[Any]) -> Any:
        rows: Any = self.object_list
        return rows.filter(pk__in=keys)


class StoryPaginator(DeskPaginator):
    """Asks for the rows of a page by their keys alone, which were found with all conditions a moment ago.

    Of two lists of keys in one query PostgreSQL tries each of the one with each of the other. No condition of the list of
    stories joins other rows, which would come several times without it.
    """

    def rows_of(self, keys: list[Any]) -> Any:
        listed: Any = self.object_list
        rows = listed.all()
        rows.query.clear_where()
        return rows.filter(pk__in=keys)

"""What is kept, within a number of bytes: what was not used for longest goes, and what is purged goes at once."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from articles.page_cache.addresses import Address, Key
from articles.page_cache.entries import Entry, Item

# Of the bytes, those for what was asked for more than once. Addresses that somebody tries one after the other, each of
# them once, can only ever push one another out of the rest.
PROTECTED_SHARE: Final = 0.8


class Rendering:
    """Notes what is purged while a page is made: what it shows may be older than the purge."""

    __slots__ = ("_is_all", "_purged", "address")

    def __init__(self, address: Address) -> None:
        self.address = address
        self._purged: set[Hashable] = set()
        self._is_all = False

    def note(self, tags: Iterable[Hashable]) -> None:
        self._purged.update(tags)

    def note_all(self) -> None:
        self._is_all = True

    def is_outdated(self, tags: frozenset[Hashable]) -> bool:
        return self._is_all or not self._purged.isdisjoint(tags)


@dataclass(frozen=True, slots=True)
class Occupancy:
    items: int
    bytes: int
    protected_bytes: int
    evictions: int


class Store:
    """A segmented LRU (Karedla, Love, Wherry: "Caching strategies to improve disk system performance", 1994).

    What is new is on probation; what is used again is protected, and from then on read without a lock: the methods of
    OrderedDict are atomic. The lock is held for as long as some dictionaries change, never while a page is made.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._lock = Lock()
        self._clear()
        self._renderings: set[Rendering] = set()
        self._evictions = 0

    def peek(self, key: Key) -> Item | None:
        """What is there, if it is protected: for the common request, which need not tell each time that it asked."""
        return self._protected.get(key)

    def get(self, key: Key) -> Item | None:
        """What is there; from now on it is what was used last."""
        protected = self._protected
        item = protected.get(key)
        if item is None:
            return self._get_from_probation(key)
        try:
            protected.move_to_end(key)
        except KeyError:  # it went in this very moment
            return None
        return item

    def _get_from_probation(self, key: Key) -> Item | None:
        with self._lock:
            item = self._probation.pop(key, None)
            if item is None:
                # Neither here nor there, or promoted by another thread in this very moment.
                return self._protected.get(key)
            self._protected[key] = item
            self._protected_bytes += item.size
            self._demote()
        return item

    def _demote(self) -> None:
        while self._protected_bytes > self.max_bytes * PROTECTED_SHARE and len(self._protected) > 1:
            key, item = self._protected.popitem(last=False)
            self._protected_bytes -= item.size
            self._probation[key] = item

    def holds(self, item: Item) -> bool:
        """Whether this very item is here, and not one that has taken its place; says nothing about its use."""
        return (self._protected.get(item.key) or self._probation.get(item.key)) is item

    def begin(self, address: Address) -> Rendering:
        """To be called before a page is made: what is purged from now on is noted."""
        rendering = Rendering(address)
        with self._lock:
            self._renderings.add(rendering)
        return rendering

    def end(self, rendering: Rendering) -> None:
        with self._lock:
            self._renderings.discard(rendering)

    def put(self, item: Item, rendering: Rendering) -> bool:
        """Keeps an item, unless one of its tags was purged since its rendering began, or it is larger than the store."""
        with self._lock:
            if rendering.is_outdated(item.tags) or item.size > self.max_bytes:
                return False
            self._remove(item.key)
            self._probation[item.key] = item
            self._bytes += item.size
            for tag in item.tags:
                self._tagged.setdefault(tag, set()).add(item.key)
            self._make_room()
            return item.key in self._probation

    def grow(self, item: Item, number: int) -> None:
        """Notes that an item has become larger by so many bytes."""
        with self._lock:
            item.size += number
            if self._protected.get(item.key) is item:
                self._protected_bytes += number
                self._demote()
            elif self._probation.get(item.key) is not item:
                return  # it is no longer here
            self._bytes += number
            self._make_room()

    def discard(self, item: Item) -> None:
        """Removes this very item, not one that has taken its place."""
        with self._lock:
            if self.holds(item):
                self._remove(item.key)

    def purge(self, tags: Iterable[Hashable]) -> int:
        """Removes whatever has one of the tags, and keeps what is being made just now from entering; how many went."""
        with self._lock:
            keys = self._concerned(tags)
            for key in keys:
                self._remove(key)
        return len(keys)

    def outdate(self, tags: Iterable[Hashable], *, at: float) -> int:
        """As `purge`, but what has one of the tags stays, for the case that nothing newer can be made."""
        with self._lock:
            keys = self._concerned(tags)
            for key in keys:
                item = self._protected.get(key) or self._probation[key]
                if isinstance(item, Entry):
                    item.outdate(at)
        return len(keys)

    def _concerned(self, tags: Iterable[Hashable]) -> set[Key]:
        """The keys of all that has one of the tags. What is being made just now hears of them as well."""
        purged = frozenset(tags)
        for rendering in self._renderings:
            rendering.note(purged)
        return {key for tag in purged for key in self._tagged.get(tag, ())}

    def purge_address(self, address: Address) -> int:
        """Removes whatever is kept of a path."""
        return self.purge([address])

    def purge_all(self) -> int:
        with self._lock:
            for rendering in self._renderings:
                rendering.note_all()
            # What goes is freed when the lock is free again.
            gone = (self._probation, self._protected, self._tagged)
            self._clear()
        return len(gone[0]) + len(gone[1])

    def occupancy(self) -> Occupancy:
        with self._lock:
            items = len(self._probation) + len(self._protected)
            return Occupancy(items, self._bytes, self._protected_bytes, self._evictions)

    def _clear(self) -> None:
        self._probation: OrderedDict[Key, Item] = OrderedDict()
        self._protected: OrderedDict[Key, Item] = OrderedDict()
        self._tagged: dict[Hashable, set[Key]] = {}
        self._bytes = self._protected_bytes = 0

    def _make_room(self) -> None:
        while self._bytes > self.max_bytes:
            segment = self._probation or self._protected
            self._remove(next(iter(segment)))
            self._evictions += 1

    def _remove(self, key: Key) -> None:
        item = self._protected.pop(key, None)
        if item is not None:
            self._protected_bytes -= item.size
        else:
            item = self._probation.pop(key, None)
        if item is None:
            return
        self._bytes -= item.size
        for tag in item.tags:
            keys = self._tagged[tag]
            keys.discard(key)
            if not keys:
                del self._tagged[tag]

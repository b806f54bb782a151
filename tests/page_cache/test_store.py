import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.page_cache.entries import Item
from articles.page_cache.store import PROTECTED_SHARE, Store


def item(name, *tags, size=100):
    return Item(("https://example.org", f"/{name}/", ""), tags, size)


def put(store, one):
    rendering = store.begin(one.address)
    try:
        return store.put(one, rendering)
    finally:
        store.end(rendering)


def filled(names, max_bytes=1_000_000, **options):
    store = Store(max_bytes)
    items = {name: item(name, **options) for name in names}
    for one in items.values():
        put(store, one)
    return store, items


def names_in(store, items):
    return {name for name, one in items.items() if store.holds(one)}


def test_what_was_not_used_for_longest_goes_first():
    store, items = filled("abcde")
    store.max_bytes = store.occupancy().bytes
    for name in "abcdea":
        store.get(items[name].key)
    put(store, item("f"))
    assert names_in(store, items) == set("acde")


def test_what_was_used_once_goes_before_what_was_used_again():
    store, items = filled("abc")
    store.get(items["a"].key)
    store.max_bytes = store.occupancy().bytes
    for number in range(20):
        put(store, item(number))
    assert names_in(store, items) == {"a"}


def test_what_is_protected_leaves_room_for_what_is_new():
    store, items = filled(range(10))
    store.max_bytes = store.occupancy().bytes
    for one in items.values():
        store.get(one.key)
    assert store.occupancy().protected_bytes <= store.max_bytes * PROTECTED_SHARE


def test_keys_and_tags_count_towards_the_bound():
    assert item("a" * 1000).size > item("a").size + 1000
    assert item("a", "t" * 1000).size > item("a").size + 1000


def test_what_is_larger_than_all_is_refused():
    store = Store(1_000)
    assert not put(store, item("a", size=2_000))
    assert store.occupancy().bytes == 0


def test_an_item_that_grows_pushes_others_out():
    store, items = filled("abc")
    store.max_bytes = store.occupancy().bytes
    store.get(items["a"].key)
    store.grow(items["a"], 50)
    assert names_in(store, items) == {"a", "c"}


def test_what_is_gone_grows_nothing():
    store, items = filled("a")
    store.purge_all()
    store.grow(items["a"], 500)
    assert store.occupancy().bytes == 0


def test_a_purge_takes_what_has_one_of_the_tags_and_nothing_else():
    store = Store(1_000_000)
    items = {"a": item("a", "story:1", "front"), "b": item("b", "story:2"), "c": item("c", "front")}
    for one in items.values():
        put(store, one)
    assert store.purge(["front", "unknown"]) == 2
    assert names_in(store, items) == {"b"}
    assert store.purge(["story:1"]) == 0


def test_a_purge_of_everything_leaves_nothing():
    store, items = filled("abc")
    store.get(items["a"].key)
    assert store.purge_all() == 3
    assert (names_in(store, items), store.occupancy().bytes) == (set(), 0)


def test_a_path_is_purged_with_all_its_queries():
    store = Store(1_000_000)
    items = [Item(("o", "/", query), (), 10) for query in ("", "after=1")] + [Item(("o", "/x", ""), (), 10)]
    for one in items:
        put(store, one)
    assert store.purge_address(("o", "/")) == 2
    assert store.holds(items[2])


@pytest.mark.parametrize("purge", [lambda store: store.purge(["a"]), Store.purge_all])
def test_what_was_begun_before_a_purge_does_not_enter_after_it(purge):
    store = Store(1_000_000)
    one = item("x", "a", "b")
    rendering = store.begin(one.address)
    purge(store)
    assert not store.put(one, rendering)
    store.end(rendering)
    assert put(store, one)


def test_a_purge_of_other_tags_keeps_nothing_out():
    store = Store(1_000_000)
    one = item("x", "a", "b")
    rendering = store.begin(one.address)
    store.purge(["c"])
    assert store.put(one, rendering)


def test_purges_are_noted_only_while_something_is_made():
    store = Store(1_000_000)
    rendering = store.begin(("o", "/"))
    store.end(rendering)
    store.purge(["a"])
    assert not rendering.is_outdated(frozenset({"a"}))
    assert not store._renderings


def test_discarding_leaves_what_has_taken_the_place():
    store = Store(1_000_000)
    old, new = item("a"), item("a")
    put(store, old)
    put(store, new)
    store.discard(old)
    assert store.holds(new)
    assert store.occupancy().items == 1


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 12), st.integers(10, 3_000)),
        st.tuples(st.just("get"), st.integers(0, 12), st.just(0)),
        st.tuples(st.just("grow"), st.integers(0, 12), st.integers(1, 2_000)),
        st.tuples(st.just("discard"), st.integers(0, 12), st.just(0)),
        st.tuples(st.just("purge"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("purge_all"), st.just(0), st.just(0)),
    ),
    max_size=60,
)


@given(STEPS)
def test_the_bound_holds_and_the_books_are_right_after_each_step(steps):
    store, known = Store(8_000), {}
    for what, number, size in steps:
        if what == "put":
            known[number] = item(number, f"tag:{number % 4}", size=size)
            put(store, known[number])
        elif what == "purge":
            store.purge([f"tag:{number}"])
            assert not [one for one in known.values() if store.holds(one) and f"tag:{number}" in one.tags]
        elif what == "purge_all":
            store.purge_all()
        elif number not in known:
            continue
        elif what == "get":
            store.get(known[number].key)
        elif what == "grow":
            store.grow(known[number], size)
        else:
            store.discard(known[number])
        held = [one for one in known.values() if store.holds(one)]
        occupancy = store.occupancy()
        assert occupancy.bytes == sum(one.size for one in held) <= store.max_bytes
        assert occupancy.protected_bytes == sum(one.size for one in held if one.key in store._protected)
        assert {tag for one in held for tag in one.tags} == set(store._tagged)

import gc
import random
import tracemalloc

from tests.page_cache.site import Reader, page


def test_the_bytes_that_are_counted_are_no_fewer_than_the_bytes_that_are_used():
    """Small pages, where what surrounds the text weighs most, in all codings, with tags, a query, a variation."""
    noise = random.Random(7)
    fields = [
        ("Cache-Control", "s-maxage=60"),
        ("Cache-Query", "after, before"),
        ("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Vary", "Accept-Language"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
    ]

    def varied(environ):
        tags = ("Cache-Tag", ", ".join(f"story:{noise.randrange(100_000)}" for _ in range(8)))
        return page(*fields, tags, content=bytes(noise.choices(b"abcdefgh ", k=1_000)))

    numbers = range(300)
    reader = Reader({f"/{number}/": varied for number in numbers})
    reader.get("/0/")
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        counted = reader.occupancy().bytes
        for number in numbers:
            for accepted in ("br", "gzip", "gzip, deflate, br, zstd"):
                reader.get(f"/{number}/?after={number}", accept_encoding=accepted)
                reader.get(f"/{number}/", accept_encoding=accepted)
            reader.site.asked.clear()
        gc.collect()
        used = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert reader.occupancy().items >= 300 * 5
    assert used <= reader.occupancy().bytes - counted <= 3 * used

"""A process that delivers once, for tests: its argument is the address of a stand-in for Varnish."""

import sys

import django


def main(url: str) -> None:
    django.setup()

    from articles.page_cache.cdn.delivering import deliver_purges  # noqa: PLC0415 - set up only now
    from articles.page_cache.cdn.varnish import Varnish  # noqa: PLC0415

    deliver_purges(Varnish(url))


if __name__ == "__main__":
    main(*sys.argv[1:])

import pytest

from articles.page_cache.cdn.cloudflare import Cloudflare
from articles.page_cache.cdn.fastly import Fastly
from articles.page_cache.cdn.varnish import Varnish
from tests.page_cache.cdn import stand_in


@pytest.fixture
def at_cloudflare():
    with stand_in.StandIn(stand_in.cloudflare) as there:
        yield there, Cloudflare("023e105f", stand_in.TOKEN, api=f"{there.url}/client/v4")


@pytest.fixture
def at_fastly():
    with stand_in.StandIn(stand_in.fastly) as there:
        yield there, Fastly("SU1Z0isx", stand_in.TOKEN, api=there.url)


@pytest.fixture
def at_varnish():
    with stand_in.StandIn(stand_in.varnish) as there:
        yield there, Varnish(there.url)


@pytest.fixture(params=["at_cloudflare", "at_fastly", "at_varnish"])
def anywhere(request):
    return request.getfixturevalue(request.param)

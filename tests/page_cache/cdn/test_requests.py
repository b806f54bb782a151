"""What each cache in front of the site is asked, against stand-ins that obey what is documented and nothing else."""

import pytest

from articles.outbox.sending import Reply, send
from articles.page_cache.cdn.cloudflare import Cloudflare
from articles.page_cache.cdn.fastly import Fastly
from articles.page_cache.cdn.varnish import Varnish
from tests.page_cache.cdn.stand_in import TOKEN

TAGS = [f"article:{number}" for number in range(1000, 1500)]
# The longest that there are, in a script of which each letter is six bytes in an address.
LONG = [f"slug:{'%D0%BF' * 100}-{number}" for number in range(40)]


def tell(target, tags):
    return [target.objection(send(outgoing)) for outgoing in target.forget(tags)]


@pytest.mark.parametrize("tags", [["article:12"], TAGS, LONG], ids=["one", "many", "long"])
def test_tags_are_purged_in_requests_as_large_as_is_allowed(anywhere, tags):
    there, target = anywhere
    assert set(tell(target, tags)) == {""}
    assert there.purged == tags


def test_number_of_requests_is_the_least(at_cloudflare, at_fastly):
    for _, target in (at_cloudflare, at_fastly):
        tell(target, TAGS)
    assert [len(there.asked) for there, _ in (at_cloudflare, at_fastly)] == [5, 2]


def test_everything_is_purged_by_one_request(anywhere):
    there, target = anywhere
    assert target.objection(send(target.forget_all())) == ""
    assert there.purged == ["*"]


def test_wrong_token_is_an_objection_that_does_not_repeat_it(at_cloudflare, at_fastly):
    wrong = "another-token"
    targets = [Cloudflare("023e105f", wrong, api=at_cloudflare[1].api), Fastly("SU1Z0isx", wrong, api=at_fastly[1].api)]
    objections = [tell(target, ["article:1"])[0] for target in targets]
    assert objections == ["403 Authentication error: Bearer …", "401 Provided credentials are missing or invalid"]


def test_token_is_shown_nowhere(at_cloudflare, at_fastly):
    for _, target in (at_cloudflare, at_fastly):
        assert TOKEN not in f"{target!r} {target.name} {target.forget_all()!r}"


@pytest.mark.parametrize(
    ("target", "reply"),
    [
        (Cloudflare("z", "t"), Reply(200, b"<html>Please log in</html>")),
        (Cloudflare("z", "t"), Reply(200, b'{"success": false, "errors": []}')),
        (Cloudflare("z", "t"), Reply(200, b"[]")),
        (Cloudflare("z", "t"), Reply(500, b'{"errors": [null]}')),
        (Fastly("s", "t"), Reply(302)),
        (Varnish("http://10.0.0.5"), Reply(200, b"<html>Any page</html>")),
        (Varnish("http://10.0.0.5"), Reply(403, b"Purged")),
    ],
)
def test_answer_that_says_no_yes_is_an_objection(target, reply):
    assert target.objection(reply).startswith(str(reply.status))

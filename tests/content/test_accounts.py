from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content.accounts import Account, parse_account, parse_accounts, readable_accounts


@pytest.mark.parametrize(
    ("line", "account"),
    [
        ("Twitter @vicenews", Account("Twitter", "@vicenews", "https://x.com/vicenews")),
        ("Twitter: @vicenews", Account("Twitter", "@vicenews", "https://x.com/vicenews")),
        ("  twitter:vicenews ", Account("Twitter", "@vicenews", "https://x.com/vicenews")),
        ("X @meridian_desk", Account("X", "@meridian_desk", "https://x.com/meridian_desk")),
        ("Mastodon @meridian@example.social", Account("Mastodon", "@meridian@example.social", "https://example.social/@meridian")),
        ("Bluesky @desk.bsky.social", Account("Bluesky", "@desk.bsky.social", "https://bsky.app/profile/desk.bsky.social")),
        ("Instagram the.meridian", Account("Instagram", "@the.meridian", "https://www.instagram.com/the.meridian/")),
        ("Facebook meridian.news", Account("Facebook", "meridian.news", "https://www.facebook.com/meridian.news")),
        ("YouTube @meridian", Account("YouTube", "@meridian", "https://www.youtube.com/@meridian")),
        ("Threads @meridian", Account("Threads", "@meridian", "https://www.threads.com/@meridian")),
        ("LinkedIn meridian-news", Account("LinkedIn", "meridian-news", "https://www.linkedin.com/company/meridian-news")),
        ("Telegram @meridian", Account("Telegram", "@meridian", "https://t.me/meridian")),
        ("TikTok @meridian", Account("TikTok", "@meridian", "https://www.tiktok.com/@meridian")),
    ],
)  # fmt: skip
def test_account_is_read(line, account):
    assert parse_account(line) == account
    assert parse_account(str(account)) == account


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("", "not an account"),
        ("Twitter", "not an account"),
        ("Twitter @one two", "not an account"),
        ("Orkut @meridian", "“Orkut” is not a network known here"),
        ("Twitter @far_too_long_for_twitter", "cannot be a handle on Twitter"),
        ("Twitter @../evil", "cannot be a handle"),
        ("Twitter @a?b=c", "cannot be a handle"),
        ("Mastodon @meridian", "cannot be a handle on Mastodon"),
        ("Mastodon @a@evil.example/path", "cannot be a handle"),
        ("Mastodon @a@127.0.0.1", "cannot be a handle"),
        ("Mastodon @a@host.example:80", "cannot be a handle"),
        ("Bluesky @javascript:alert(1)", "cannot be a handle"),
        ("Facebook @mérïdian", "cannot be a handle"),
    ],
)
def test_bad_line_is_refused_with_a_sentence(line, complaint):
    with pytest.raises(ValueError, match=complaint):
        parse_account(line)


def test_accounts_stand_one_a_line():
    accounts = parse_accounts("Twitter @one\n\nMastodon @two@example.social\r\n")
    assert [account.handle for account in accounts] == ["@one", "@two@example.social"]


def test_bad_line_is_named_by_its_number():
    with pytest.raises(ValueError, match=r"^Line 3: "):
        parse_accounts("Twitter @one\n\nnonsense")


@given(
    st.sampled_from(["Twitter", "Facebook", "Mastodon", "Bluesky", "TikTok", "LinkedIn"]),
    st.text(min_size=1, max_size=30),
)
def test_whatever_is_accepted_links_over_https_without_surprises(network, handle):
    try:
        url = urlsplit(parse_account(f"{network} {handle}").url)
    except ValueError:
        return
    assert url.scheme == "https"
    assert url.geturl().isascii()
    assert (url.query, url.fragment, url.username, url.port) == ("", "", None, None)
    assert ".." not in url.path.split("/")


def test_line_that_is_no_account_hides_no_other():
    found = readable_accounts("Twitter @vicenews\nnonsense here\n\nMastodon @leila@example.social")
    assert [account.network for account in found] == ["Twitter", "Mastodon"]

"""Who is a reader, by the name of the browser."""

import pytest

from articles.popularity.crawlers import is_crawler, known_crawlers

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
BROWSERS = {
    "Chrome": CHROME,
    "Firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Safari on a phone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1",
    "Edge": f"{CHROME} Edg/142.0.0.0",
    "Opera Mini": "Opera/9.80 (Android; Opera Mini/36.2/191.249; U; en) Presto/2.12.423 Version/12.16",
    "a telephone by Cubot": "Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Mobile Safari/537.36",
    "another by Cubot": "Mozilla/5.0 (Linux; Android 9; Cubot P40) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Mobile Safari/537.36",
    "Facebook's app": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 [FBAN/FBIOS;FBAV/440.0.0;FBBV/1;FBDV/iPhone14,5]",
    "Instagram's app": "Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/120.0.0.0 Mobile Safari/537.36 Instagram 300.0.0.0 Android",
    "Google's app": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "GSA/290.0.574788105 Mobile/15E148 Safari/604.1",
}
CRAWLERS = {
    "nobody": "",
    "Googlebot": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Googlebot on a phone": "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "GPTBot": "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Facebook's preview": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "headless Chromium": CHROME.replace("Chrome", "HeadlessChrome"),
    "Lighthouse": f"{CHROME} Chrome-Lighthouse",
    "curl": "curl/8.5.0",
    "requests": "python-requests/2.32",
    "Java": "Java/17.0.1",
    "Ruby": "Ruby",
    "undici": "undici",
    "one that nobody knows": "Mozilla/5.0 (compatible; NewThing/1.0; +https://example.org/why)",
    "a bot that nobody knows": "Mozilla/5.0 (compatible; SomeNewBot/1.0)",
    "a driven browser": f"{CHROME} Cypress/13.6.0",
}


@pytest.mark.parametrize("name", BROWSERS)
def test_browser_is_a_reader(name):
    assert not is_crawler(BROWSERS[name])


@pytest.mark.parametrize("name", CRAWLERS)
def test_program_is_none(name):
    assert is_crawler(CRAWLERS[name])


def test_list_that_many_hands_keep_is_in_use():
    assert known_crawlers().pattern.count("|") > 500


def test_endless_name_is_not_compared_whole():
    assert not is_crawler(CHROME + " " * 1_000_000 + "Googlebot/2.1")

"""Addresses that hand a story on: plain links, none of which loads anything from elsewhere."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings

from articles.models import Article

NETWORKS = (
    ("E-mail", "mailto:?subject={title}&body={url}"),
    ("WhatsApp", "https://wa.me/?text={title}%20{url}"),
    ("Bluesky", "https://bsky.app/intent/compose?text={title}%20{url}"),
    ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={url}"),
    ("X", "https://x.com/intent/post?text={title}&url={url}"),
)


@dataclass(frozen=True)
class ShareLink:
    name: str
    url: str


def share_links(article: Article) -> list[ShareLink]:
    title = quote(article.headline, safe="")
    url = quote(f"{settings.SITE_URL}{article.get_absolute_url()}", safe="")
    return [ShareLink(name, pattern.format(title=title, url=url)) for name, pattern in NETWORKS]

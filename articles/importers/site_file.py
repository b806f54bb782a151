"""`site.toml` beside seed texts: what a new site is called, its sections, people, sources, tags and pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.db import transaction

from articles.content.accounts import parse_accounts
from articles.content.plain_text import clean_text
from articles.content.sanitising import clean_html
from articles.content.slugs import headline_slug, is_slug
from articles.importers.base import Refused
from articles.importers.toml_values import Reader, one_of, parse_toml, read_keys, read_web_address, text_of
from articles.models import Author, Section, SiteSettings, Source, Tag

NAME: Final = "site.toml"


def apply_site_file(folder: Path) -> bool:
    """Write what the folder's site.toml says, all of it or nothing; False where there is none. Raises Refused."""
    path = folder / NAME
    try:
        content = read_keys(parse_toml(path.read_text(encoding="utf-8")), KEYS)
    except FileNotFoundError:
        return False
    except (ValueError, OSError) as error:  # of TOML and of UTF-8 too
        raise Refused(str(error), path=str(path)) from error
    with transaction.atomic():
        _save(content)
    return True


def name_site() -> None:
    """Flat pages and the admin know the site by the address in the settings."""
    address = urlsplit(settings.SITE_URL)
    Site.objects.update_or_create(
        pk=settings.SITE_ID,
        defaults={"domain": address.netloc[:100], "name": SiteSettings.objects.load().name[:50]},
    )
    Site.objects.clear_cache()


def _save(content: dict[str, Any]) -> None:
    if site := content.get("site"):
        SiteSettings.objects.update_or_create(pk=1, defaults=site)
    for position, section in enumerate(content.get("sections", ()), start=1):
        slug = section.pop("slug", "") or headline_slug(section["name"], max_length=80)
        Section.objects.update_or_create(slug=slug, defaults={**section, "position": position})
    for author in content.get("authors", ()):
        slug = author.pop("slug", "") or headline_slug(author["name"]) or "author"
        Author.objects.update_or_create(slug=slug, defaults=author)
    for source in content.get("sources", ()):
        slug = source.pop("slug", "") or headline_slug(source["name"]) or "source"
        Source.objects.update_or_create(name=source["name"], defaults=source, create_defaults={**source, "slug": slug})
    for tag in content.get("tags", ()):
        slug = tag.pop("slug", "") or Tag().slugify(tag["name"])
        Tag.objects.update_or_create(name=tag["name"], defaults=tag, create_defaults={**tag, "slug": slug})
    name_site()
    for page in content.get("pages", ()):
        row, _ = FlatPage.objects.update_or_create(url=page["url"], defaults=page)
        row.sites.add(settings.SITE_ID)


def tables_of(keys: Mapping[str, Reader], *needed: str) -> Reader:
    """A reader of [[tables]] with these keys, some of which each must have."""

    def read(value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise ValueError("expected tables, each headed by its name in double square brackets.")
        tables = [read_keys(one, keys) for one in value]
        for number, table in enumerate(tables, start=1):
            if missing := [key for key in needed if not table.get(key)]:
                raise ValueError(f"number {number} has no “{missing[0]}”.")
        return tables

    return read


def read_site(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("expected a table, headed [site].")
    return read_keys(value, SITE_KEYS)


def read_accounts(value: Any) -> str:
    """A list of accounts, or one a line."""
    text = "\n".join(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value
    if not isinstance(text, str) or len(text) > 500:
        raise ValueError('expected a list of accounts such as ["Mastodon @desk@example.social"].')
    return "\n".join(map(str, parse_accounts(text)))


def read_slug(value: Any) -> str:
    slug: str = text_of(80)(value)
    if not is_slug(slug):
        raise ValueError(f"expected small letters, digits and hyphens, found {value!r}.")
    return slug


def read_prose(value: Any) -> str:
    """Text whose lines count."""
    if not isinstance(value, str) or len(value.strip()) > 2000:
        raise ValueError("expected a text of at most 2,000 characters.")
    return clean_text(value).strip()


def read_html(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("expected HTML in quotation marks.")
    return clean_html(value)


def read_page_address(value: Any) -> str:
    address: str = text_of(100)(value)
    if not (address.startswith("/") and address.endswith("/")):
        raise ValueError(f"expected an address that begins and ends with a slash, found {value!r}.")
    return address


SITE_KEYS: Final[Mapping[str, Reader]] = {
    "name": text_of(80),
    "tagline": text_of(160),
    "description": text_of(300),
    "accounts": read_accounts,
}
SECTION_KEYS: Final[Mapping[str, Reader]] = {"name": text_of(80), "slug": read_slug, "description": text_of(300)}
AUTHOR_KEYS: Final[Mapping[str, Reader]] = {
    "name": text_of(120),
    "slug": read_slug,
    "role": text_of(120),
    "place": text_of(120),
    "bio": read_prose,
    "accounts": read_accounts,
}
SOURCE_KEYS: Final[Mapping[str, Reader]] = {
    "name": text_of(120),
    "slug": read_slug,
    "url": read_web_address,
    "description": text_of(300),
    "accounts": read_accounts,
}
TAG_KEYS: Final[Mapping[str, Reader]] = {
    "name": text_of(100),
    "slug": read_slug,
    "description": text_of(300),
    "kind": one_of(Tag.Kind.values),
}
PAGE_KEYS: Final[Mapping[str, Reader]] = {"title": text_of(200), "url": read_page_address, "content": read_html}
KEYS: Final[Mapping[str, Reader]] = {
    "site": read_site,
    "sections": tables_of(SECTION_KEYS, "name"),
    "authors": tables_of(AUTHOR_KEYS, "name"),
    "sources": tables_of(SOURCE_KEYS, "name"),
    "tags": tables_of(TAG_KEYS, "name"),
    "pages": tables_of(PAGE_KEYS, "title", "url", "content"),
}

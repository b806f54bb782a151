"""Rows for tests: each with plausible values, each value open to change."""

from datetime import UTC, datetime
from importlib import import_module
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection

from articles.conf import popular_origin_weight, trending_half_life
from articles.content.slugs import headline_slug
from articles.models import (
    Article,
    Author,
    Byline,
    Image,
    ReadCount,
    ReadTotal,
    Section,
    SectionLimit,
    Source,
    Suggestion,
    Tag,
    TaggedArticle,
)
from articles.popularity.ranking import join_trends, trend_of
from articles.popularity.windows import hour_of

MIGRATED_GROUPS = (
    import_module("articles.migrations.0004_roles").make_groups,
    import_module("articles.migrations.0006_roles_for_revisions").allow,
    import_module("articles.migrations.0007_checks").allow,
    import_module("articles.migrations.0015_roles_for_popularity").allow,
    import_module("articles.migrations.0021_cdn_delivery").allow,
)

NUMBERS = count(1)
PUBLISHED_AT = datetime(2026, 7, 23, 18, 40, tzinfo=UTC)


def make_article(*, authors: tuple[Author, ...] = (), tags: tuple[str, ...] = (), **overrides: Any) -> Article:
    """A public story of July 2026, unless told otherwise."""
    headline = overrides.setdefault("headline", f"Ferry service resumes on the northern route {next(NUMBERS)}")
    values: dict[str, Any] = {
        "slug": headline_slug(headline) or f"story-{next(NUMBERS)}",
        "body": "<p>The first boat left at dawn with sixty passengers.</p>\n<p>A second followed at noon.</p>",
        "status": Article.Status.PUBLISHED,
        "published_at": PUBLISHED_AT,
    }
    values |= overrides
    values.setdefault("first_published_at", values["published_at"])
    article = Article.objects.create(**values)
    for position, author in enumerate(authors):
        Byline.objects.create(article=article, author=author, position=position)
    for name in tags:
        TaggedArticle.objects.create(content_object=article, tag=make_tag(name=name))
    return article


def make_draft(**overrides: Any) -> Article:
    return make_article(**{"status": Article.Status.DRAFT, "published_at": None, **overrides})


def make_ready_article(**overrides: Any) -> Article:
    """A public story with all that checks ask for before they let one be published."""
    if "section" not in overrides:
        overrides["section"] = Section.objects.filter(slug="world").first() or make_section()
    if "authors" not in overrides:
        overrides["authors"] = (Author.objects.filter(slug="leila-haddad").first() or make_author(),)
    return make_article(**{"dek": "Sixty passengers, and a promise with a clock in it.", **overrides})


def make_ready_draft(**overrides: Any) -> Article:
    return make_ready_article(**{"status": Article.Status.DRAFT, "published_at": None, **overrides})


def make_section(name: str = "World", **overrides: Any) -> Section:
    return Section.objects.create(**{"name": name, "slug": headline_slug(name), **overrides})


def make_author(name: str = "Leila Haddad", **overrides: Any) -> Author:
    return Author.objects.create(**{"name": name, "slug": headline_slug(name), **overrides})


def make_source(name: str = "VICE News", **overrides: Any) -> Source:
    return Source.objects.create(**{"name": name, "slug": headline_slug(name), **overrides})


def make_tag(name: str = "Syria") -> Tag:
    return Tag.objects.get_or_create(name=name, defaults={"slug": headline_slug(name)})[0]


def make_suggestion(article: Article, target: Article, **overrides: Any) -> Suggestion:
    """As it is computed for two stories of one section, unless told otherwise."""
    reasons = {"tags": [], "text": 0.5, "section": True, "recency": 0.5} | overrides.pop("reasons", {})
    return Suggestion.objects.create(
        **{"article": article, "target": target, "score": 1, "reasons": reasons, **overrides}
    )


def make_image(**overrides: Any) -> Image:
    """A row without files behind it, for what only reads the row."""
    number = next(NUMBERS)
    values = {
        "file": f"pictures/2026/07/ferry-{number}.jpg",
        "digest": f"{number:064x}",
        "alt_text": "A ferry leaves a harbour at dawn.",
        "credit": "Ana Prado",
        # Known sizes: the field opens the file only to learn them.
        "width": 1600,
        "height": 900,
    }
    image = Image(**{**values, **overrides})
    Image.objects.bulk_create([image])
    return image


def make_user(username: str = "editor", *, permissions: tuple[str, ...] = (), **overrides: Any) -> User:
    """Somebody who may sign in to the desk; permissions are codenames such as ``change_article``."""
    user = User.objects.create_user(username, password="correct horse battery", **{"is_staff": True, **overrides})
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def make_person(role: str, *, sections: tuple[Section, ...] | None = None, **overrides: Any) -> User:
    """Somebody with a role of the newsroom, limited to sections where some are given."""
    user = make_user(overrides.pop("username", f"{role.lower()}-{next(NUMBERS)}"), **overrides)
    if not Group.objects.filter(name=role).exists():
        # A test that empties the whole database took the groups along.
        for make in MIGRATED_GROUPS:
            make(apps, connection.schema_editor())
    user.groups.add(Group.objects.get(name=role))
    if sections is not None:
        SectionLimit.objects.create(user=user).sections.set(sections)
    return user


def make_reads(article: Article, at: datetime, **reads: int) -> ReadCount:
    """Reads of one hour by origin, added to what is counted already, in all tables: ``make_reads(story, at, direct=3)``."""
    row, _ = ReadCount.objects.get_or_create(article=article, period="hour", starts_at=hour_of(at))
    total, _ = ReadTotal.objects.get_or_create(article=article)
    half_life = trending_half_life()
    for origin, number in reads.items():
        setattr(row, origin, getattr(row, origin) + number)
        weight = popular_origin_weight() if origin == "popular" else 1
        total.reads += number
        total.trend = join_trends(total.trend, trend_of(number * weight, at, half_life=half_life))
    row.save()
    total.save()
    return row

"""Snapshots: everything that an editor can change about a story, as one value that JSON can hold, and back again.

A snapshot is what a revision keeps, what a working copy begins with and what publishing it puts in place::

    {"fields": {"headline": "…", "section": "world", "lead_image": "<uid>", …}, "tags": ["Syria"],
     "bylines": ["leila-haddad"], "citations": [{…}], "related_links": [{…}], "corrections": [{…}]}

Other rows are named by their natural keys, so that a snapshot can travel with its story.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, TypeVar

from django.db.models import Manager, Model

from articles.models import (
    Article,
    Author,
    Byline,
    Citation,
    Correction,
    Image,
    RelatedLink,
    Section,
    Source,
    Tag,
    TaggedArticle,
)
from articles.signals import rows_rewritten

Snapshot = dict[str, Any]
Row = dict[str, Any]
Found = TypeVar("Found", bound=Model)

# What a story says and how it is filed. Its times say who sees it, which is another matter.
CONTENT_FIELDS: Final = (
    "headline",
    "slug",
    "dek",
    "body",
    "dateline",
    "story_type",
    "language",
    "lead_caption",
    "canonical_url",
    "seo_title",
    "seo_description",
)
CITATION_FIELDS: Final = ("role", "title", "url", "licence")
LINK_FIELDS: Final = ("headline", "url", "marker")
CORRECTION_FIELDS: Final = ("kind", "text", "passage")


def snapshot_of(article: Article) -> Snapshot:
    """The story as it is stored now; a fixed number of queries."""
    return {
        "fields": fields_of(article),
        "tags": list(article.tagged.order_by("pk").values_list("tag__name", flat=True)),
        "bylines": list(article.bylines.values_list("author__slug", flat=True)),
        "citations": rows_of(article.citations.select_related("source")),
        "related_links": rows_of(article.related_links.select_related("target")),
        "corrections": rows_of(article.corrections.all()),
    }


def fields_of(article: Article) -> Row:
    """The part of a snapshot that stands on the row itself, saved or not."""
    section, picture = article.section, article.lead_image
    fields: Row = {name: str(getattr(article, name)) for name in CONTENT_FIELDS}
    return fields | {"section": section.slug if section else None, "lead_image": str(picture.uid) if picture else None}


def rows_of(rows: Iterable[Citation | RelatedLink | Correction]) -> list[Row]:
    """The part of a snapshot that such rows are, saved or not."""
    return [_row_of(each) for each in rows]


def content_of(snapshot: Snapshot) -> Snapshot:
    """A snapshot without what is never written by way of a working copy."""
    return {name: value for name, value in snapshot.items() if name != "corrections"}


def words_of(snapshot: Snapshot) -> Snapshot:
    """What somebody wrote. A tag, an author or a section that got another name, a picture that was deleted and a
    related line that found its story change the snapshot, and not what the story says.
    """
    return {
        "fields": {name: snapshot["fields"][name] for name in CONTENT_FIELDS},
        "citations": [{name: row[name] for name in CITATION_FIELDS} for row in snapshot["citations"]],
        "related_links": [{name: row[name] for name in LINK_FIELDS} for row in snapshot["related_links"]],
    }


def write_snapshot(article: Article, snapshot: Snapshot) -> None:
    """Makes a stored row and the rows that belong to it say what a snapshot says, and saves them.

    Corrections stay as they are: they are said of what readers have. A row that a snapshot names and that is
    there no more (a picture, a source, a story) is left out.
    """
    set_fields(article, snapshot)
    article.save()
    now = snapshot_of(article)
    if now["bylines"] != snapshot["bylines"]:
        article.bylines.all().delete()
        _create(Byline, bylines_of(article, snapshot))
    if now["tags"] != snapshot["tags"]:
        article.tagged.all().delete()
        _create(TaggedArticle, [TaggedArticle(content_object=article, tag=tag) for tag in tags_of(snapshot)])
    if now["citations"] != snapshot["citations"]:
        article.citations.all().delete()
        _create(Citation, citations_of(article, snapshot))
    if now["related_links"] != snapshot["related_links"]:
        article.related_links.all().delete()
        for link in related_links_of(article, snapshot):
            # One by one: a link without a story may find it on being saved.
            link.save()


def _create(model: type[Found], rows: list[Found]) -> None:
    stored = model._default_manager.bulk_create(rows)  # noqa: SLF001 - public, whatever its name says
    rows_rewritten.send(model, keys=[row.pk for row in stored])


# Rows of a snapshot that are not saved yet; what a snapshot names and the database has no more is left out.


def set_fields(article: Article, snapshot: Snapshot) -> None:
    fields = snapshot["fields"]
    for name in CONTENT_FIELDS:
        setattr(article, name, fields[name])
    article.section = _find(Section.objects, "slug", [fields["section"]]).get(fields["section"])
    article.lead_image = _find(Image.objects, "uid", [fields["lead_image"]]).get(fields["lead_image"])


def bylines_of(article: Article, snapshot: Snapshot) -> list[Byline]:
    slugs = snapshot["bylines"]
    authors = _find(Author.objects, "slug", slugs)
    known = [authors[slug] for slug in slugs if slug in authors]
    return [Byline(article=article, author=author, position=position) for position, author in enumerate(known)]


def tags_of(snapshot: Snapshot) -> list[Tag]:
    tags = _find(Tag.objects, "name", snapshot["tags"])
    return [tags[name] for name in snapshot["tags"] if name in tags]


def citations_of(article: Article, snapshot: Snapshot) -> list[Citation]:
    rows = snapshot["citations"]
    sources = _find(Source.objects, "slug", [row["source"] for row in rows])
    return [
        Citation(
            article=article,
            source=sources[row["source"]],
            position=position,
            retrieved_on=date.fromisoformat(row["retrieved_on"]) if row["retrieved_on"] else None,
            **{name: row[name] for name in CITATION_FIELDS},
        )
        for position, row in enumerate(rows)
        if row["source"] in sources
    ]


def related_links_of(article: Article, snapshot: Snapshot) -> list[RelatedLink]:
    rows = snapshot["related_links"]
    targets = _find(Article.objects, "uid", [row["target"] for row in rows])
    return [
        RelatedLink(
            article=article,
            target=targets.get(row["target"]),
            position=position,
            **{name: row[name] for name in LINK_FIELDS},
        )
        for position, row in enumerate(rows)
    ]


def corrections_of(article: Article, snapshot: Snapshot) -> list[Correction]:
    return [
        Correction(
            article=article,
            corrected_at=datetime.fromisoformat(row["corrected_at"]),
            **{name: row[name] for name in CORRECTION_FIELDS},
        )
        for row in snapshot["corrections"]
    ]


def _row_of(row: Citation | RelatedLink | Correction) -> Row:
    if isinstance(row, Citation):
        return _citation_row(row)
    return _link_row(row) if isinstance(row, RelatedLink) else _correction_row(row)


def _citation_row(citation: Citation) -> Row:
    day = citation.retrieved_on
    row: Row = {name: getattr(citation, name) for name in CITATION_FIELDS}
    return row | {"source": citation.source.slug, "retrieved_on": day.isoformat() if day else None}


def _link_row(link: RelatedLink) -> Row:
    row: Row = {name: getattr(link, name) for name in LINK_FIELDS}
    return row | {"target": str(link.target.uid) if link.target else None}


def _correction_row(correction: Correction) -> Row:
    row: Row = {name: getattr(correction, name) for name in CORRECTION_FIELDS}
    return row | {"uid": str(correction.uid), "corrected_at": correction.corrected_at.isoformat()}


def _find(rows: Manager[Found], name: str, keys: Iterable[str | None]) -> dict[str | None, Found]:
    """The rows whose field ``name`` is one of these keys, by them; no query for none."""
    wanted = {key for key in keys if key}
    found = rows.filter(**{f"{name}__in": wanted}) if wanted else ()
    return {str(getattr(row, name)): row for row in found}

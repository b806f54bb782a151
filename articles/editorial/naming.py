"""Names typed into a story's form: its bylines and its tags, made in place by those who may."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from articles.content.slugs import headline_slug, numbered_slug
from articles.editorial.permissions import MoveNotAllowed
from articles.models import Article, Author, Byline, Tag
from articles.signals import rows_rewritten

ADD_AUTHOR = "articles.add_author"
ADD_TAG = "articles.add_tag"


def authors_called(names: Iterable[str], slugs: Iterable[str] = ()) -> list[Author]:
    """The authors with one of these names, whatever its case, or of these slugs."""
    asked = Q(slug__in=list(slugs))
    for name in names:
        asked |= Q(name__iexact=name)
    return list(Author.objects.filter(asked))


@transaction.atomic
def set_bylines(article: Article, authors: Sequence[Author], *, by: User) -> None:
    """Puts these names above a story in this order; rows that stay are kept. Authors that are not stored yet are made.

    Raises MoveNotAllowed where there are such and the person may not add authors.
    """
    for author in authors:
        if not author.pk:
            _add_author(author, by)
    rows = {row.author_id: row for row in article.bylines.all()}
    gone = set(rows) - {author.pk for author in authors}
    if gone:
        article.bylines.filter(author__in=gone).delete()
    moved = []
    for position, author in enumerate(authors):
        row = rows.get(author.pk)
        if row and row.position != position:
            row.position = position
            moved.append(row)
    Byline.objects.bulk_update(moved, ["position"])
    added = Byline.objects.bulk_create(
        Byline(article=article, author=author, position=position)
        for position, author in enumerate(authors)
        if author.pk not in rows
    )
    if moved or added:
        rows_rewritten.send(Byline, keys=[row.pk for row in (*moved, *added)])


def _add_author(author: Author, by: User) -> None:
    if not by.has_perm(ADD_AUTHOR):
        raise MoveNotAllowed(f"There is no author “{author.name}”, and you may not add authors.")
    base = headline_slug(author.name, max_length=110) or "author"
    taken = Author.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    author.slug = numbered_slug(base, set(taken), max_length=120)
    author.save()


def require_tags(names: Sequence[str], *, by: User) -> None:
    """Raises MoveNotAllowed where a tag would have to be made by somebody who may not."""
    if not names or by.has_perm(ADD_TAG):
        return
    asked = Q()
    for name in names:
        asked |= Q(name__iexact=name)
    known = {name.casefold() for name in Tag.objects.filter(asked).values_list("name", flat=True)}
    lacking = [name for name in names if name.casefold() not in known]
    if lacking:
        listed = ", ".join(f"“{name}”" for name in lacking)
        raise MoveNotAllowed(f"There is no tag {listed}, and you may not make new ones.")

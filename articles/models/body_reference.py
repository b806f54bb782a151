"""Rows that say again beside the bodies to what these refer, so that nobody has to read bodies for it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar
from uuid import UUID

from django.db import models

from articles.content.references import References, find_references
from articles.models.chunks import KEYS_AT_ONCE, chunks

if TYPE_CHECKING:
    from articles.models.article import Article

Row = TypeVar("Row", bound="BodyReference")


class BodyReferenceQuerySet(models.QuerySet[Row]):
    def get_by_natural_key(self, article_uid: str, uid: str) -> Row:
        return self.get(article__uid=article_uid, **{self.model.IDENTIFIER: uid})

    def follow_bodies(self, articles: "Sequence[Article]") -> None:
        """Notes to what the bodies of these saved stories refer; writes only what has changed."""
        for some in chunks(articles, KEYS_AT_ONCE):
            self._follow(some)

    def _follow(self, articles: "Sequence[Article]") -> None:
        said = {(row.pk, UUID(uid)) for row in articles for uid in self.model.among(find_references(row.body))}
        rows = self.filter(article__in=[row.pk for row in articles])
        noted = {(article, uid): pk for pk, article, uid in rows.values_list("pk", "article", self.model.IDENTIFIER)}
        if gone := [noted[reference] for reference in noted.keys() - said]:
            self.filter(pk__in=gone).delete()
        # Somebody else may note the same at the same time.
        self.bulk_create(
            (
                self.model(article_id=article, **{self.model.IDENTIFIER: uid})
                for article, uid in sorted(said - noted.keys())
            ),
            batch_size=KEYS_AT_ONCE,
            ignore_conflicts=True,
        )


class BodyReference(models.Model):
    """To what a body refers, under the identifier that the body says: it may not be here yet, or be gone."""

    article: "models.ForeignKey[Article]"
    article_id: int

    # The field with the identifier.
    IDENTIFIER: ClassVar[str]

    class Meta:
        abstract = True
        # Nobody writes these rows by hand.
        default_permissions = ()

    def __str__(self) -> str:
        return str(getattr(self, self.IDENTIFIER))

    @staticmethod
    def among(references: References) -> frozenset[str]:
        """Of all to which a body refers, the identifiers that are noted here."""
        raise NotImplementedError

    def natural_key(self) -> tuple[str, ...]:
        return (*self.article.natural_key(), str(self))

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]

"""What was deleted in the newsroom stays deleted: later imports of the same text are told so."""

from collections.abc import Collection

from django.db.models import Q

from articles.content.folding import fold_headline
from articles.models import Article, DeletedImport


def remember_deleted_import(article: Article) -> None:
    """Called when an article is gone; one that no import made leaves nothing behind."""
    if article.import_source:
        DeletedImport.objects.update_or_create(
            import_source=article.import_source,
            import_id=article.import_id,
            defaults={"import_hash": article.import_hash, "headline": article.headline},
        )


class Deletions:
    """The deleted stories of one format that a batch of texts may mean: one query."""

    def __init__(self, source: str, *, hashes: Collection[str], import_ids: Collection[str]) -> None:
        same = Q(import_hash__in=hashes) | Q(import_id__in=import_ids)
        rows = list(DeletedImport.objects.order_by().filter(same, import_source=source))
        self.hashes = {row.import_hash for row in rows if row.import_hash}
        self.headlines = {(row.import_id, fold_headline(row.headline)) for row in rows}

    def has(self, content_hash: str, headline_key: str, import_ids: Collection[str]) -> bool:
        """The same content, or a new version of it: the same file under the same headline."""
        return content_hash in self.hashes or any((one, headline_key) in self.headlines for one in import_ids)

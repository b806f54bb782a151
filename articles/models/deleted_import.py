"""Imported stories that somebody deleted: the next import must not bring them back."""

from django.db import models


class DeletedImportQuerySet(models.QuerySet["DeletedImport"]):
    def get_by_natural_key(self, import_source: str, import_id: str) -> "DeletedImport":
        return self.get(import_source=import_source, import_id=import_id)


class DeletedImport(models.Model):
    import_source = models.CharField(max_length=40)
    import_id = models.CharField(max_length=255)
    import_hash = models.CharField(max_length=64, blank=True)
    headline = models.CharField(max_length=300)
    deleted_at = models.DateTimeField(auto_now_add=True)

    objects = DeletedImportQuerySet.as_manager()

    class Meta:
        ordering = ("-deleted_at", "-pk")
        constraints = (
            # The importers, which ask by file; the last deletion counts.
            models.UniqueConstraint(fields=("import_source", "import_id"), name="deleted_import_once"),
        )
        indexes = (
            # The importers, which ask by content as well.
            models.Index(fields=("import_source", "import_hash"), name="deleted_import_by_hash"),
        )

    def __str__(self) -> str:
        return self.headline

    def natural_key(self) -> tuple[str, ...]:
        return (self.import_source, self.import_id)

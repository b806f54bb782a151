"""The purge log: what has changed for readers, written in the transaction that changes it, read by every process."""

from django.db import models


class Purge(models.Model):
    id = models.BigAutoField(primary_key=True)
    # As `articles.page_cache.tags` makes them; one of them, "*", stands for all.
    tags = models.JSONField(default=list)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        default_permissions = ()
        indexes = (
            # The heartbeat: what every process has read long ago goes.
            models.Index(fields=("recorded_at",), name="purge_by_time"),
        )

    def __str__(self) -> str:
        return ", ".join(self.tags)

"""What a person may do about a CDN: try again at once, and have every page made anew."""

from typing import Final

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied

from articles.models import CdnDelivery
from articles.page_cache.purge_log import record_purge
from articles.page_cache.tags import EVERYTHING

PURGE: Final = "articles.purge_cdndelivery"

Person = AbstractBaseUser | AnonymousUser


def try_again(delivery: CdnDelivery, *, by: Person) -> None:
    """It is told within a second or two what waits for it, however long it had to wait. Raises PermissionDenied."""
    require_permission(by)
    CdnDelivery.objects.filter(pk=delivery.pk).update(due_at=None)


def purge_everything(*, by: Person) -> None:
    """Every page goes, here and at every CDN. Raises PermissionDenied."""
    require_permission(by)
    record_purge([EVERYTHING])


def require_permission(person: Person) -> None:
    if not person.has_perm(PURGE):  # type: ignore[union-attr]
        raise PermissionDenied

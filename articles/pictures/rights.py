"""Until when readers may see a stored file."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.utils import timezone

from articles.models import Image

# Files that this package names begin their name with the digest of the picture, or with the first half of it.
NAMED_BY_DIGEST: Final = re.compile(r"(?:renditions|pictures)/[0-9a-f]{2}/([0-9a-f]{32,64})[-.].*")
# Sorts after every digest that goes on from here.
AFTER_ALL_DIGITS: Final = "g"


@dataclass(frozen=True)
class FileRights:
    expire_on: date | None
    """The first day on which nobody sees the file; none where the rights never end."""

    @property
    def end(self) -> datetime | None:
        if self.expire_on is None:
            return None
        return timezone.make_aware(datetime.combine(self.expire_on, time.min))

    def are_over(self) -> bool:
        return self.expire_on is not None and self.expire_on <= timezone.localdate()


def rights_in_file(name: str) -> FileRights:
    """The rights in the file of this name: those of the row that has them longest, for several may share a file."""
    named = NAMED_BY_DIGEST.fullmatch(name)
    if named:
        digest = named[1]
        rows = Image.objects.filter(digest__gte=digest, digest__lt=digest + AFTER_ALL_DIGITS)
    else:
        rows = Image.objects.filter(file=name)
    days = set(rows.order_by().values_list("rights_expire_on", flat=True))
    return FileRights(None if None in days else max(filter(None, days), default=None))

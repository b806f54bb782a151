"""Files on storage that speaks S3: private, addressed under the site's own addresses or those of a CDN before it."""

import io
import re
from datetime import datetime
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import ClientError
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.files import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

# The name that a manifest gives: one that stands for the same bytes for ever.
HASHED: Final = re.compile(r"\.[0-9a-f]{12}\.[^/]+$|\.[0-9a-f]{12}$")
FOR_EVER: Final = "public, max-age=31536000, immutable"
FOR_A_MINUTE: Final = "public, max-age=60"


class Bucket(S3Storage):
    """An object is there when all of it has arrived; writing takes the place of what was there, without a gap."""

    def __init__(self, *, base_url: str, addressing_style: str, **options: Any) -> None:
        self.base_url = base_url
        super().__init__(
            **options,
            # Not all servers that speak S3 know Amazon's newer checksums.
            client_config=Config(
                s3={"addressing_style": addressing_style},
                signature_version="s3v4",
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                connect_timeout=5,
                read_timeout=20,
                retries={"total_max_attempts": 3, "mode": "standard"},
            ),
            # Whether strangers may read is for the bucket's own policy to say.
            default_acl=None,
            file_overwrite=True,
        )

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """All of it at once: files are small, and a second question would cost as much as the first."""
        if mode != "rb":
            raise ValueError("A file in a bucket is read, or written as a whole.")
        try:
            answer = self.bucket.Object(self._normalize_name(name)).get()
        except ClientError as error:
            raise told(error, name) from error
        return File(io.BytesIO(answer["Body"].read()), name)

    def get_modified_time(self, name: str) -> datetime:
        try:
            return super().get_modified_time(name)  # type: ignore[no-any-return]
        except ClientError as error:
            raise told(error, name) from error

    def url(self, name: str, *_: object, **__: object) -> str:
        return self.base_url + filepath_to_uri(name)


class PictureBucket(Bucket):
    """Nobody but the site reads it: who may see a picture is asked on its way to the reader, as on a disk."""

    def replace(self, name: str, content: "File[Any]") -> None:
        """Puts ``content`` under exactly this name, in place of what may be there."""
        self._save(name, content)


class StaticBucket(ManifestFilesMixin, Bucket):  # type: ignore[misc]  # Django's url() takes one argument more
    """Static files under hashed names, compressed, where a CDN or the bucket itself serves them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, gzip=True)

    def get_object_parameters(self, name: str) -> dict[str, str]:
        return {"CacheControl": FOR_EVER if HASHED.search(name) else FOR_A_MINUTE}


def told(error: ClientError, name: str) -> Exception:
    """The error as callers of a storage know it, where they know one."""
    is_missing = error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    known: Exception = FileNotFoundError(f"There is no {name} in the bucket.") if is_missing else error
    return known

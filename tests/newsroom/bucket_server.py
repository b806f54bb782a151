"""A stand-in for a server that speaks S3: puts, gets, heads and deletes, each only with a signature that is right.

The signature (AWS Signature Version 4) is computed here from its description, by none of the code that is tested.
"""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

KEY, SECRET, REGION = "an-id", "a secret/with+signs", "eu-central-1"
KEPT_FIELDS = ("Content-Type", "Content-Encoding", "Cache-Control")


@dataclass
class StoredObject:
    content: bytes
    fields: dict[str, str]
    changed: str = field(default_factory=lambda: formatdate(usegmt=True))


@dataclass
class BucketServer:
    port: int
    objects: dict[str, StoredObject] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each request."""
    fields_of_puts: list[dict[str, str]] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve_buckets() -> Iterator[BucketServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.state = BucketServer(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.is_signed(content):
            return self.answer(403)
        self.server.state.fields_of_puts.append(dict(self.headers))
        kept = {name: self.headers[name] for name in KEPT_FIELDS if name in self.headers}
        self.server.state.objects[self.key] = StoredObject(content, kept)
        return self.answer(200)

    def do_GET(self):
        if not self.is_signed(b""):
            return self.answer(403)
        found = self.server.state.objects.get(self.key)
        if found is None:
            return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        return self.answer(200, found.content, found.fields | {"Last-Modified": found.changed})

    def do_HEAD(self):
        self.do_GET()

    def do_DELETE(self):
        if not self.is_signed(b""):
            return self.answer(403)
        self.server.state.objects.pop(self.key, None)
        return self.answer(204)

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/")

    def answer(self, status: int, content: bytes = b"", fields: dict[str, str] | None = None) -> None:
        self.server.state.asked.append((self.command, self.key))
        self.send_response(status)
        for name, value in (fields or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def is_signed(self, content: bytes) -> bool:
        scheme, _, said = self.headers.get("Authorization", "").partition(" ")
        given = dict(part.strip().split("=", 1) for part in said.split(",") if "=" in part)
        payload = self.headers.get("x-amz-content-sha256", "")
        return (
            scheme == "AWS4-HMAC-SHA256"
            and payload == hashlib.sha256(content).hexdigest()
            and hmac.compare_digest(given.get("Signature", ""), self.signature(given, payload))
        )

    def signature(self, given: dict[str, str], payload: str) -> str:
        key_id, day, region, service, _ = given["Credential"].split("/")
        if (key_id, region, service) != (KEY, REGION, "s3"):
            return ""
        parts = urlsplit(self.path)
        fields = "".join(f"{name}:{self.headers[name].strip()}\n" for name in given["SignedHeaders"].split(";"))
        request = "\n".join([self.command, parts.path, parts.query, fields, given["SignedHeaders"], payload])
        scope = f"{day}/{region}/{service}/aws4_request"
        moment, digest = self.headers["x-amz-date"], hashlib.sha256(request.encode()).hexdigest()
        key = f"AWS4{SECRET}".encode()
        for word in (day, region, service, "aws4_request"):
            key = hmac.digest(key, word.encode(), "sha256")
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}"
        return hmac.digest(key, text.encode(), "sha256").hex()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

"""Stand-ins for what stands in front of a site: they obey what is documented, and say why where they do not."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "a-token-that-nobody-may-see"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    fields: dict
    content: bytes

    @property
    def json(self):
        return json.loads(self.content)


@dataclass
class StandIn:
    """``says`` are replies for the next requests, (status, fields, content), before it goes on to obey."""

    obey: object
    says: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    purged: list = field(default_factory=list)
    # Set while requests are answered; a test clears it to keep one waiting.
    answers: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)

    def __enter__(self):
        self.answers.set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self))
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.answers.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(timeout=10)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def reply(self, asked):
        self.asked.append(asked)
        self.arrived.set()
        self.answers.wait(10)
        if self.says:
            return self.says.pop(0)
        status, content, purged = self.obey(asked)
        self.purged += purged
        return status, {}, content


def handler_for(stand_in):
    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            length = int(self.headers.get("Content-Length", 0))
            fields = {name.lower(): value for name, value in self.headers.items()}
            status, told, content = stand_in.reply(Asked(self.command, self.path, fields, self.rfile.read(length)))
            self.send_response(status)
            for name, value in told.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PURGE = answer  # noqa: N815 - as the standard library asks for them

        def log_message(self, *_):
            pass

    return Handler


def refusal(status, words):
    return status, json.dumps({"success": False, "errors": [{"code": 1, "message": words}], "msg": words}).encode(), []


def cloudflare(asked):
    """POST /zones/{zone_id}/purge_cache, a bearer token, JSON with `tags` (100 at most) or `purge_everything`."""
    if asked.fields.get("authorization") != f"Bearer {TOKEN}":
        return refusal(403, f"Authentication error: {asked.fields.get('authorization')}")
    if (asked.method, asked.path) != ("POST", "/client/v4/zones/023e105f/purge_cache"):
        return refusal(404, f"Could not route to {asked.path}")
    if asked.fields.get("content-type") != "application/json":
        return refusal(400, "Unable to parse request body")
    told = b'{"success": true, "errors": [], "messages": [], "result": {"id": "023e105f"}}'
    if asked.json == {"purge_everything": True}:
        return 200, told, ["*"]
    tags = asked.json.get("tags", [])
    if list(asked.json) != ["tags"] or not 1 <= len(tags) <= 100 or any(" " in tag or "," in tag for tag in tags):
        return refusal(400, "The request has a list of tags that is not usable")
    return 200, told, tags


def fastly(asked):
    """POST /service/{id}/purge with `surrogate_keys` (256 at most), or /purge_all; a Fastly-Key."""
    if asked.fields.get("fastly-key") != TOKEN:
        return refusal(401, "Provided credentials are missing or invalid")
    if (asked.method, asked.path) == ("POST", "/service/SU1Z0isx/purge_all"):
        return 200, b'{"status": "ok"}', ["*"]
    if (asked.method, asked.path) != ("POST", "/service/SU1Z0isx/purge"):
        return refusal(404, "Record not found")
    keys = asked.json.get("surrogate_keys", [])
    if "fastly-soft-purge" in asked.fields or not 1 <= len(keys) <= 256:
        return refusal(400, "Bad request")
    return 200, json.dumps(dict.fromkeys(keys, "108-1391560174-974124")).encode(), keys


def varnish(asked):
    """As the VCL of docs/cdn.md has it."""
    if (asked.method, asked.path) != ("PURGE", "/"):
        return 405, b"Not allowed", []
    if "purge-everything" in asked.fields:
        return 200, b"<h1>Error 200 Purged everything</h1>", ["*"]
    keys = asked.fields.get("xkey-purge", "")
    if not keys or len("xkey-purge: ") + len(keys) > 8192:
        return 400, b"", []
    return 200, b"<h1>Error 200 Purged 3</h1>", keys.split(" ")

"""The WSGI entry point, for granian and every other WSGI server: the page cache, static files, and Django behind them."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

django = get_wsgi_application()

# Apps are ready only now.
from articles.heartbeat import start_heartbeat  # noqa: E402
from articles.page_cache.deployment import note_deployment  # noqa: E402
from newsroom.pages import keep_pages  # noqa: E402
from newsroom.static_files import serve_files  # noqa: E402

note_deployment()
application = keep_pages(serve_files(django))
start_heartbeat()

"""The WSGI entry point, for granian and every other WSGI server: the page cache, and Django behind it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

django = get_wsgi_application()

# Apps are ready only now.
from articles.heartbeat import start_heartbeat  # noqa: E402
from newsroom.pages import keep_pages  # noqa: E402

application = keep_pages(django)
start_heartbeat()

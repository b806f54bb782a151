"""The WSGI entry point, for granian and every other WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_wsgi_application()

from articles.heartbeat import start_heartbeat  # noqa: E402 - apps are ready only now

start_heartbeat()

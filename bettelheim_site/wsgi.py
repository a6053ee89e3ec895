"""The WSGI entry for gunicorn: who counts, the gate before searches, pages in memory, and behind them Django."""

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bettelheim_site.at_work import FLAG

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bettelheim_site.settings")
django = get_wsgi_application()
application: Any = django
if settings.PAGES_IN_MEMORY and not settings.DEBUG:
    from reader.publishing.memory import Memory  # needs the apps

    application = Memory(
        django,
        most=settings.PAGES_IN_MEMORY * 2**20,
        # Whoever is at work is answered by Django.
        cookies=(FLAG, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME),
    )

from bettelheim_site.gate import Gate  # noqa: E402 (needs the apps)
from bettelheim_site.watching import Watched  # noqa: E402

application = Watched(Gate(application))

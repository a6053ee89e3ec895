"""What `manage.py check` says of this archive's own settings and pages, beside what Django says of its own."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 (Django's name)
from django.db import Error


@register(Tags.security, deploy=True)
def proxy_is_declared(app_configs: Any, **rest: Any) -> list[CheckMessage]:
    """A warning if TLS is required and nobody makes it: every request would be led to itself without end."""
    makes_tls = "certfile" in os.environ.get("GUNICORN_CMD_ARGS", "")
    if settings.BEHIND_PROXY or makes_tls or not settings.SECURE_SSL_REDIRECT:
        return []
    return [
        Warning(
            "SECURE_SSL_REDIRECT is on, and nothing says who makes the encryption: behind a proxy every request would"
            " be led to itself without end, and all readers would seem to have the proxy's address.",
            hint="Set BEHIND_PROXY=1 behind a proxy that sets X-Forwarded-Proto and X-Forwarded-For, or give gunicorn"
            " its certificate in GUNICORN_CMD_ARGS.",
            id="archive.W001",
        )
    ]


@register(Tags.database)
def pages_are_of_these_settings(app_configs: Any, databases: Any = None, **rest: Any) -> list[CheckMessage]:
    """A warning if pages were published with other settings, templates or code; nothing while that cannot be asked.

    One statement.
    """
    from reader.models import PublishedPage  # needs the apps
    from reader.publishing.made_with import made_with

    if not databases:
        return []
    try:
        is_stale = PublishedPage.objects.exclude(made_with=made_with()).exists()
    except Error:
        return []
    if not is_stale:
        return []
    return [
        Warning(
            "Pages were published with other settings (such as ARCHIVE_LANGUAGES), templates or code: readers get them"
            " as they were then, which may be in another language than they ask for.",
            hint="Run manage.py publish_volumes --if-stale.",
            id="archive.W002",
        )
    ]

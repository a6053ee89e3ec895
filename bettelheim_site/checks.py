"""What `manage.py check --deploy` says of this archive's own settings, beside what Django says of its own."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 (Django's name)


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

"""The environment's variables, read strictly: a value that means nothing is refused in one sentence."""

import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ON = ("1", "on", "yes", "true", "y")
OFF = ("0", "off", "no", "false", "n")
SCHEMES = ("postgresql", "postgres", "pgsql", "psql")
LIKE_THIS = "write postgresql://user:password@host:5432/name"


class Environment(environ.Env):  # type: ignore[misc]  # django-environ has no types
    """Readers of variables. A variable that is set to nothing counts as not set.

    Each raises ImproperlyConfigured. (django-environ takes `DEBUG=maybe` for off.)
    """

    def bool(self, name: str, *, default: bool) -> bool:
        """A switch."""
        value = self.str(name, default="").strip().lower()
        if value not in ("", *ON, *OFF):
            raise ImproperlyConfigured(f"{name}={self.str(name)} is neither on nor off: write 1 or 0.")
        return value in ON if value else default

    def int(self, name: str, *, default: int) -> int:
        """A whole number, not below zero."""
        value = self.str(name, default="").strip()
        if value and not (value.isascii() and value.isdecimal()):
            raise ImproperlyConfigured(f"{name}={value} is no number: write one such as {default}.")
        return int(value) if value else default

    def level(self, name: str, *, default: str) -> str:
        """A level of the log."""
        value = self.str(name, default="").strip().upper() or default
        if value not in (known := logging.getLevelNamesMapping()):
            raise ImproperlyConfigured(
                f"{name}={value} is no level of a log: write one of {', '.join(known)}."
            )
        return value

    def languages(self, name: str, *, known: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
        """Codes of languages among the known ones, with commas between them, each once, in the order given."""
        value = self.str(name, default="")
        codes = [code.strip().lower() for code in value.split(",") if code.strip()]
        if unknown := [code for code in codes if code not in known]:
            raise ImproperlyConfigured(
                f"{name}={value} names {', '.join(unknown)}, which is no language of the interface: write one or more"
                f" of {', '.join(known)}, the first for readers who ask for none of them."
            )
        return tuple(dict.fromkeys(codes or default))


def checked_database_url(url: str) -> str:
    """The value of DATABASE_URL, if it names a database of PostgreSQL.

    Raises ImproperlyConfigured; the sentence does not repeat the value, which may hold a password.
    """
    try:
        parts = urlsplit(url)
        port: Any = parts.port
    except ValueError:
        port = "no port"
        parts = urlsplit("")
    if port == "no port":
        objection = "cannot be read: write % and two figures for / # : @ in a password, and a number as port"
    elif not parts.scheme or "://" not in url:
        objection = "is no address"
    elif parts.scheme not in SCHEMES:
        objection = f"names {parts.scheme}, and the archive keeps its data in PostgreSQL alone"
    elif not parts.path.strip("/"):
        objection = "names no database"
    else:
        return url
    raise ImproperlyConfigured(f"DATABASE_URL {objection}: {LIKE_THIS}.")

"""The language of the interface that a request asks for: the reader's setting, or else what the browser prefers."""

from functools import lru_cache
from types import SimpleNamespace

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation import get_language_from_request

# The archive's first language, in which it keeps sentences of its own.
FIRST = settings.LANGUAGE_CODE
ALL = tuple(code for code, _ in settings.LANGUAGES)
OTHERS = tuple(code for code in ALL if code != FIRST)


@lru_cache(maxsize=1024)
def preferred_language(cookie: str, accept_language: str) -> str:
    """The language, by Django's own rule, from the values of the request's two headers, empty if there are none."""
    cookies = parse_cookie(cookie) if settings.LANGUAGE_COOKIE_NAME in cookie else {}
    request = SimpleNamespace(COOKIES=cookies, META={"HTTP_ACCEPT_LANGUAGE": accept_language})
    language: str = get_language_from_request(request)  # type: ignore[arg-type]  # it reads no more than these two
    return language

"""The language of the interface that a request asks for: the reader's setting, or else what the browser prefers."""

from functools import lru_cache
from types import SimpleNamespace

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation import get_language_from_request

# The archive's first language, in which it keeps sentences of its own.
FIRST = settings.LANGUAGE_CODE
ALL = tuple(code for code, _ in settings.LANGUAGES)


def preferred_language(cookie: str, accept_language: str) -> str:
    """The language, by Django's own rule, from the values of the request's two headers, empty if there are none."""
    name = settings.LANGUAGE_COOKIE_NAME
    return _chosen(parse_cookie(cookie).get(name, "") if name in cookie else "", accept_language)


# By the setting alone: a header of cookies holds sessions, which are kept nowhere.
@lru_cache(maxsize=1024)
def _chosen(setting: str, accept_language: str) -> str:
    cookies = {settings.LANGUAGE_COOKIE_NAME: setting}
    request = SimpleNamespace(COOKIES=cookies, META={"HTTP_ACCEPT_LANGUAGE": accept_language})
    language: str = get_language_from_request(request)  # type: ignore[arg-type]  # it reads no more than these two
    return language

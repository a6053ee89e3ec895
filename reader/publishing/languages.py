"""The language of the interface that a request asks for: the reader's setting, or else what the browser prefers."""

from functools import lru_cache

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation.trans_real import parse_accept_lang_header


def archive_languages() -> tuple[str, ...]:
    """The languages of the archive's interface, one at least. Pages are published in each of them."""
    return tuple(settings.ARCHIVE_LANGUAGES)


def first_language() -> str:
    """The language of readers who ask for none of the archive's."""
    return archive_languages()[0]


def preferred_language(cookie: str, accept_language: str) -> str:
    """The language of the archive that is preferred, from the values of two headers, empty if there are none."""
    name = settings.LANGUAGE_COOKIE_NAME
    chosen = parse_cookie(cookie).get(name, "") if name in cookie else ""
    return _chosen(archive_languages(), chosen, accept_language)


# By the setting alone: a header of cookies holds sessions, which are kept nowhere.
@lru_cache(maxsize=1024)
def _chosen(languages: tuple[str, ...], setting: str, accept_language: str) -> str:
    if setting in languages:
        return setting
    # From the most preferred on; what is not a language is left out.
    for tag, preference in parse_accept_lang_header(accept_language.lower()):
        if tag == "*" or not preference:  # RFC 9110, 12.4.2: a language with q=0 is not wanted
            break
        if (language := tag.partition("-")[0]) in languages:
            return language
    return languages[0]

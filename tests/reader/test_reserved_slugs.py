"""Addresses of the archive itself cannot be taken by a volume, a division or an entry."""

import re

from django.conf import settings
from django.urls import get_resolver

from glossary.entries import TAKEN_SLUGS
from reader import urls
from reader.text.reserved_slugs import OF_DIVISIONS, OF_VOLUMES

# Each address with a star for every part that is not fixed.
ROUTES = [re.sub(r"\(\?P.*?\)|<.*?>", "*", str(each.pattern)).lstrip("^") for each in urls.urlpatterns]


def fixed_after(beginning: str) -> set[str]:
    """The fixed parts of addresses directly after a beginning, if a slug can equal them."""
    matches = (re.match(rf"{re.escape(beginning)}([a-z0-9-]+)/", route) for route in ROUTES)
    return {match[1] for match in matches if match}


def test_no_division_can_take_an_address_of_the_archive() -> None:
    assert fixed_after("*/") == OF_DIVISIONS


def test_no_entry_of_the_glossary_can_take_an_address_of_the_archive() -> None:
    assert fixed_after("*/glossary/") == TAKEN_SLUGS


def test_no_volume_can_take_an_address_of_the_archive() -> None:
    beginnings = [str(each.pattern) for each in get_resolver().url_patterns]
    own = {beginning.strip("/") for beginning in (*beginnings, settings.STATIC_URL) if beginning}

    assert own == {"admin", "static"}
    assert own | fixed_after("") <= OF_VOLUMES

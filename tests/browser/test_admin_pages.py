"""The archive's other pages in the admin: everything in them is accessible."""

import pytest
from django.test import Client

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage

PAGES = {
    "conflict": "/admin/reader/conflict/{conflict}/change/",
    "volume": "/admin/reader/volume/{volume}/change/",
    "paragraphs": "/admin/reader/paragraph/",
    "notes": "/admin/reader/note/",
    "second factor": "/admin/second-factor/",
}


@pytest.fixture
def keys(volume: None) -> dict[str, int]:
    """A conflict about a paragraph, and the volume."""
    from reader.models import Conflict, Volume

    edition = Volume.objects.get()
    conflict = Conflict.objects.create(
        volume=edition,
        paragraph=edition.paragraphs.all()[0],
        field="text",
        about="paragraph 1",
        old_import="A first sentence.",
        human="A last sentence.",
        new_import="A second sentence.",
    )
    return {"conflict": conflict.pk, "volume": edition.pk}


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_to_blame_but_what_is_django_s(
    open_as: OpenPage, admin_client: Client, keys: dict[str, int], kind: str
):
    page = open_as(admin_client, PAGES[kind].format(**keys))

    assert faults(page) == []

"""Any query string of the admin is answered: with a page, a redirect, or a refusal, never with 500."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from reader.models import Volume
from tests.factories import (
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_suspect,
    make_term,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

# A digit that is no number, no text, too large for a column, no number at all.
HOSTILE = ["²", "\0", "9" * 40, "[]"]
OF_LISTS = {"q", "o", "p", "all", "e", "_facets", "_popup", "_to_field"}
OF_FORMS = {"_popup", "_to_field", "_changelist_filters", "volume", "glossary"}
# By the end of an address: what Django's or the archive's own page there reads.
OF_PAGES = {
    "autocomplete/": {"app_label", "model_name", "field_name", "term", "page"},
    "export/": {"format", "resource", "q"},
    "import/": {"format", "resource"},
    "queue/": {"kind", "state", "volume", "chapter", "code", "page"},
    "goodreading/add/": {"suspect", "next", "where"},
    "replacement/add/": {"volume", "reading", "replacement", "whole"},
    "login/": {"next"},
    "second-factor/": {"next"},
}


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume)
    paragraph = make_paragraph(chapter, "The govrenment planned.[^1]")
    make_note(chapter, 1, "Ledger.")
    make_page_break(volume, "1")
    make_term(volume.glossary)
    make_suspect(make_witness(volume, b"One\n"), paragraph=paragraph, suggestion="government")
    return volume


@pytest.fixture
def client(volume: Volume, settings: Settings, tmp_path: Path) -> Client:
    settings.STATIC_ROOT = str(tmp_path)  # whitenoise warns where there is no folder
    client = Client(raise_request_exception=False)
    client.force_login(
        User.objects.create_superuser("boss"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def addresses(patterns: list[URLPattern | URLResolver], start: str = "/") -> Iterator[str]:
    """The addresses that have no argument."""
    for pattern in patterns:
        route = str(pattern.pattern)
        if "<" in route or "(?P" in route:
            continue
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, start + route)
        else:
            yield start + route.removeprefix("^").removesuffix("$").removesuffix(r"\Z")


def admin_addresses() -> list[str]:
    found = [each for each in addresses(get_resolver().url_patterns) if each.startswith("/admin/")]
    return sorted({each for each in found if "logout" not in each and "password" not in each})


def parameters_of(address: str) -> set[str]:
    """The parameters that the page at an address reads."""
    for end, names in OF_PAGES.items():
        if address.endswith(end):
            return names
    if address.endswith("/add/"):
        return OF_FORMS
    for model, options in admin.site._registry.items():
        if address == f"/admin/{model._meta.app_label}/{model._meta.model_name}/":
            return OF_LISTS | {name for each in options.list_filter for name in names_of_filter(each)}
    return {"q"}


def names_of_filter(each: Any) -> set[str]:
    if isinstance(each, str):
        return {each, f"{each}__exact", f"{each}__id__exact", f"{each}__isnull"}
    return {getattr(each, "parameter_name", "state")}


def test_the_addresses_are_those_of_the_admin() -> None:
    found = admin_addresses()

    assert len(found) > 40
    assert {"/admin/autocomplete/", "/admin/glossary/term/export/", "/admin/reader/suspect/queue/"} <= set(
        found
    )


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value)[:12])
def test_no_query_string_of_the_admin_is_answered_with_500(client: Client, value: str) -> None:
    failed = []
    for address in admin_addresses():
        for name in sorted(parameters_of(address)):
            answer = client.get(address, {name: value})
            if answer.status_code >= 500:
                failed.append(f"{address}?{name}")

    assert failed == []

"""The editor's pages of the glossary in a browser: their look, screen readers, and work without script."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage


@pytest.fixture
def keys(volume: None) -> dict[str, int]:
    """A term with two senses and a term that the text explains, by the names of the pages that show them."""
    from glossary.models import Sense, Term
    from reader.models import Candidate, Paragraph, Volume
    from reader.publishing.publish import publish_volume

    term = Term.objects.get(headword="Gosplan")
    Sense.objects.create(term=term, n=1, definition="State Planning Commission", applies="from 1921")
    Sense.objects.create(term=term, n=2, definition="Its building")
    edition = Volume.objects.get()
    publish_volume(edition)
    values = {
        "score": 0.94,
        "pattern": "that-is",
        "sentence": "The ford, that is, the shallow place, was dry.",
    }
    paragraph = Paragraph.objects.all()[0]
    candidate = Candidate.objects.create(
        volume=edition,
        headword="ford",
        definition="the shallow place",
        count=9,
        paragraph=paragraph,
        **values,
    )
    Candidate.objects.create(volume=edition, headword="CC", pattern="unexplained", score=0, count=31)
    return {"term": term.pk, "candidate": candidate.pk}


@pytest.fixture
def open_admin(open_as: OpenPage, keys: dict[str, int], admin_client: Client) -> OpenPage:
    return lambda path, **settings: open_as(admin_client, path.format(**keys), **settings)


PAGES = {
    "list": "/admin/glossary/term/",
    "term": "/admin/glossary/term/{term}/change/?occurrences=all",
    "add": "/admin/glossary/term/add/",
    "import": "/admin/glossary/term/import/",
    "export": "/admin/glossary/term/export/",
    "candidates": "/admin/reader/candidate/",
    "candidate": "/admin/reader/candidate/{candidate}/change/",
    "settlements": "/admin/reader/settlement/",
}


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_to_blame_but_what_is_django_s(open_admin: Any, kind: str):
    page = open_admin(PAGES[kind])

    assert faults(page) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_what_changes_is_shown_and_then_saved(open_admin: Any, javascript: bool):
    page = open_admin(PAGES["term"], java_script_enabled=javascript, viewport={"width": 1280, "height": 900})
    page.locator("[name=forms-1-text]").fill("clerks")

    page.get_by_role("button", name="Show what changes").click()

    expect(page.get_by_role("heading", name="What saving would change")).to_be_visible()
    expect(page.locator(".glossary-changes mark").first).to_have_text("clerks")
    expect(page.locator("[name=forms-1-text]")).to_have_value("clerks")
    if javascript:
        assert faults(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".success")).to_contain_text("was changed successfully")


@pytest.mark.parametrize("javascript", [True, False])
def test_an_occurrence_is_settled(open_admin: Any, javascript: bool):
    page = open_admin(PAGES["term"], java_script_enabled=javascript, viewport={"width": 768, "height": 900})
    page.get_by_label("Occurrence 1").select_option("2. Its building")

    page.get_by_role("button", name="Settle").click()

    expect(page.locator(".success")).to_contain_text("settled by themselves: 1")
    page.goto(PAGES["term"].format(term=page.url.split("/")[-3]))
    expect(page.get_by_label("Occurrence 1").locator("option").first).to_have_text(
        "sense 2 (settled by itself)"
    )


@pytest.mark.parametrize("javascript", [True, False])
def test_a_table_is_shown_and_then_read_in(open_admin: Any, javascript: bool):
    page = open_admin(
        PAGES["import"], java_script_enabled=javascript, viewport={"width": 1280, "height": 900}
    )
    columns = "headword;definition;see;source;in_emphasis;forms;senses;exceptions"
    content = f"{columns}\nSTO;Council;;key;yes;STO;;\nford;a place to cross;;;;ford;;the ford. \n"
    page.locator("[type=file]").set_input_files(
        {"name": "terms.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_label("Format").select_option("csv")
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("New: 1, changed: 1")).to_be_visible()
    if javascript:
        assert faults(page) == []
    page.get_by_role("button", name="Confirm import").click()

    expect(page.locator(".success")).to_contain_text("1 new, 1 updated")

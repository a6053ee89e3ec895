"""The archive's Content-Security-Policy refuses nothing that a page needs: open_page collects complaints."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHAPTER, OpenPage, Visit

SMUGGLED = """() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'taken'";
    document.body.append(script);
    document.body.insertAdjacentHTML("beforeend", `<img src="/none.png" onerror="document.title = 'taken'">`);
}"""


@pytest.fixture
def editor(transactional_db: None, open_page: OpenPage) -> Page:
    """A browser's page where a superuser has logged in by the form."""
    from django.contrib.auth.models import User

    User.objects.create_superuser("editor", password="a long pass phrase")
    page = open_page("/admin/", color_scheme="dark")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_role("button", name="Log in").click()
    expect(
        page.get_by_role("link", name="Log out").or_(page.get_by_role("button", name="Log out"))
    ).to_be_visible()
    return page


def test_a_missing_page_asks_for_nothing_that_is_refused(open_page: OpenPage, visit: Visit):
    page = open_page("/furrow/nowhere/")

    expect(page.locator("main")).to_be_visible()
    # Chromium reports the status of the page itself.
    visit.complaints[:] = [said for said in visit.complaints if "404 (Not Found)" not in said]


def test_a_script_that_was_smuggled_in_does_not_run(open_page: OpenPage, visit: Visit):
    page = open_page(CHAPTER)

    with page.expect_event("response", lambda answer: "none.png" in answer.url):
        page.evaluate(SMUGGLED)

    assert "taken" not in page.title()
    assert any("Content Security Policy" in said for said in visit.complaints)
    visit.complaints.clear()


def test_no_page_of_the_admin_asks_for_anything_that_is_refused(editor: Page):
    """Opens one page of each kind that the admin's index, lists and forms link to."""
    from django.urls import resolve

    seen: set[str] = set()
    waiting = ["/admin/", "/admin/second-factor/"]
    while waiting:
        path = waiting.pop()
        editor.goto(path)
        links: list[Any] = editor.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        for link in links:
            _, found, rest = link.partition("/admin/")
            address = f"/admin/{rest}".partition("#")[0]
            if not found or "logout" in address or "/jsi18n/" in address or "/r/" in address:
                continue
            name = resolve(address.partition("?")[0]).url_name or ""
            if name not in seen:
                seen.add(name)
                waiting.append(address)

    assert {"auth_user_add", "auth_user_change", "auth_user_history", "auth_user_delete"} <= seen
    assert {"reader_paragraph_changelist", "reader_paragraph_change", "reader_paragraph_history"} <= seen
    assert {"glossary_term_add", "glossary_term_change", "glossary_term_delete"} <= seen
    assert {"reader_volume_change", "reader_division_change", "reader_note_change"} <= seen
    assert {"password_change", "auth_user_password_change"} <= seen

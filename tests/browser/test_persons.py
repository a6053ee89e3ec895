"""Persons and dated events: the index with and without script, the pages, the screens of editors."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage
from tests.sources import MANIFEST

PERSONS = "/paper-harvest/persons/"


def publish_sources() -> None:
    from django.core.management import call_command

    call_command("import_volume", str(MANIFEST), verbosity=0)


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    return publish_sources


@pytest.mark.parametrize(
    "path", [PERSONS, f"{PERSONS}vetrov-pyotr-andreyevich/", f"{PERSONS}vetrov/", "/paper-harvest/years/"]
)
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_too_wide(open_page: OpenPage, path: str, width: int, scheme: str):
    page = open_page(path, viewport={"width": width, "height": 900}, color_scheme=scheme)

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1440])
def test_no_name_of_the_index_breaks_within_a_word(open_page: OpenPage, width: int):
    page = open_page(PERSONS, viewport={"width": width, "height": 900})

    # A word that breaks stands on two lines, so that the range of it has two boxes.
    broken = page.locator(".names dt a").evaluate_all(
        """links => links.flatMap(link => {
            link.textContent = link.textContent.replace(/^[^,]*/, "Krzhizhanovsky");
            const range = document.createRange();
            range.setStart(link.firstChild, 0);
            range.setEnd(link.firstChild, "Krzhizhanovsky".length);
            return range.getClientRects().length > 1 ? [link.textContent] : [];
        })"""
    )
    assert broken == []


def test_what_is_typed_filters_the_names_and_their_forms(open_page: OpenPage):
    page = open_page(PERSONS)

    page.get_by_label("Names that hold").press_sequentially("dzerzhinskii")

    expect(page.get_by_role("status")).to_have_text("1 of 27 persons")
    expect(page.get_by_role("link", name="Dzerzhinsky", exact=False)).to_be_visible()
    expect(page.get_by_role("heading", name="V", exact=True)).to_be_hidden()


def test_the_names_are_filtered_without_script_by_keyboard(open_page: OpenPage):
    page = open_page(PERSONS, java_script_enabled=False)

    page.get_by_label("Names that hold").fill("vetrov")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("3 of 27 persons")
    page.get_by_role("link", name="Vetrov, Pyotr Andreyevich").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vetrov, Pyotr Andreyevich")


def test_an_editor_merges_two_persons_in_the_list_by_keyboard(open_as: OpenPage, admin_client: Client):
    from reader.models import Person

    publish_sources()
    page = open_as(admin_client, "/admin/reader/person/?q=vetrov")
    assert faults(page) == []

    for name in ("Vetrov", "Vetrov, Nikita Savelyevich"):
        row = page.locator("tr").filter(has=page.get_by_role("link", name=name, exact=True))
        row.get_by_role("checkbox").press("Space")
    page.get_by_label("Action:").select_option("make_one")
    page.locator("button[name=index]").press("Enter")

    expect(page.get_by_text("One person now: Vetrov, Nikita Savelyevich.")).to_be_visible()
    assert Person.objects.get(found_as="Vetrov").into == Person.objects.get(
        found_as="Vetrov, Nikita Savelyevich"
    )


def test_axe_finds_nothing_on_the_screens_of_editors(open_as: OpenPage, admin_client: Client):
    from reader.models import Person

    publish_sources()
    person = Person.objects.get(found_as="Vetrov, Pyotr Andreyevich")
    for path in (f"/admin/reader/person/{person.pk}/change/", "/admin/reader/person/add/"):
        assert faults(open_as(admin_client, path)) == []


def test_two_editors_with_a_person_open_both_keep_what_they_decide(open_as: OpenPage, admin_client: Client):
    from reader.models import Person

    publish_sources()
    address = f"/admin/reader/person/{Person.objects.get(found_as='Carr, E. H.').pk}/change/"
    one, other = (open_as(admin_client, address) for _ in range(2))
    box = one.locator("#id_places label").first.bounding_box()
    assert box is not None
    assert box["width"] > 400
    other.get_by_label("Name in the index").fill("Carr, Edward")
    other.get_by_role("button", name="Save", exact=True).click()

    one.get_by_label("About the person").fill("A historian.")
    one.get_by_role("button", name="Save and continue editing").click()
    expect(one.get_by_label("Name in the index")).to_have_value("Carr, Edward")
    expect(one.get_by_label("About the person")).to_have_value("A historian.")

    one.get_by_label("About the person").fill("Another line.")
    other.goto(address)
    other.get_by_label("About the person").fill("A writer.")
    other.get_by_role("button", name="Save", exact=True).click()
    one.get_by_role("button", name="Save and continue editing").click()
    expect(one.get_by_text("Somebody else wrote “A writer.” here meanwhile.")).to_be_visible()
    expect(one.get_by_label("About the person")).to_have_value("Another line.")
    one.get_by_role("button", name="Save and continue editing").click()
    expect(one.get_by_label("About the person")).to_have_value("Another line.")
    expect(one.locator(".errorlist")).to_have_count(0)

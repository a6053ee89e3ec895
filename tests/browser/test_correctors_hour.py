"""An hour's work from beginning to end, by persons with real roles."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import CHAPTER

PASSWORD = "rye and oats"


@pytest.fixture
def persons(transactional_db: None, volume: None) -> dict[str, User]:
    """Two correctors and an editor."""
    from django.apps import apps

    # A test with transactions of its own leaves no groups behind.
    for name in ("0001_roles", "0003_good_readings"):
        import_module(f"bettelheim_site.migrations.{name}").make_roles(apps, None)
    roles = {"vera": "corrector", "nina": "editor", "lena": "editor", "boris": "corrector"}
    made = {name: User.objects.create_user(name, password=PASSWORD, is_staff=True) for name in roles}
    for name, role in roles.items():
        made[name].groups.add(Group.objects.get(name=role))
    return made


@pytest.fixture
def faulty(persons: dict[str, User]) -> None:
    """Add two suspects to the volume, and a word that is wrong in three places."""
    from reader.models import Volume
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import write
    from tests.factories import make_suspect, make_witness

    volume = Volume.objects.get()
    chapter = volume.divisions.get(slug="chapter-2")
    witness = make_witness(volume, b"The clercs crossed the bridge.\nOnly a carter sang.")
    text = "The clercs crossed the brigde. A carter sang on the brigde.[^1] Nobody else sang on the brigde."
    paragraph = write(volume, chapter, text)
    context = "The … crossed the"
    make_suspect(witness, paragraph=paragraph, line=1, reading="clercs", suggestion="clerks", context=context)
    make_suspect(witness, paragraph=paragraph, line=2, reading="carter", context="A … sang on the")
    publish_volume(volume)


@pytest.fixture
def log_in(open_context: Callable[..., BrowserContext], faulty: None) -> Callable[[str], Page]:
    """Opens a new browser for a person and logs in."""

    def opened(name: str) -> Page:
        page = open_context().new_page()
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        return page

    return opened


def test_an_hour_of_correcting(log_in: Callable[[str], Page], persons: dict[str, User]):
    from reader.correction.correcting import correct
    from reader.models import Paragraph

    # She logs in and takes the queue.
    page = log_in("vera")
    page.get_by_role("link", name="Queue", exact=False).first.click()
    page.get_by_role("button", name="Accept: “clercs”").click()
    expect(page.locator(".success")).to_contain_text("accepted")
    page.get_by_role("button", name="Not a fault: “carter”").click()
    expect(page.locator(".success")).to_contain_text("not a fault")

    # She corrects the text by hand, loses a marker, and is told at once.
    paragraph = Paragraph.objects.get(text__contains="clerks crossed the brigde")
    page.goto(f"/admin/reader/paragraph/{paragraph.pk}/change/")
    typed = page.get_by_label("Text", exact=True)
    typed.fill(paragraph.text.replace("[^1]", "").replace("A carter", "One carter"))
    expect(page.get_by_role("alert")).to_contain_text("The call of note 1 was dropped")
    typed.fill(paragraph.text.replace("A carter", "One carter"))
    expect(page.get_by_role("alert")).to_have_count(0)

    page.get_by_label("Reason").fill("the scan says so")

    # A colleague saved first: she takes both changes.
    theirs = paragraph.text.replace("Nobody else", "No one else")
    correct(paragraph, theirs, seen=paragraph.text, by=persons["boris"], reason="the scan")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing was saved")).to_contain_text("boris")
    page.get_by_role("button", name="Take both into the editor").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")

    # She puts a word right everywhere but in one place, and takes the replacement back.
    page.goto("/admin/reader/replacement/add/")
    page.get_by_label("Reading").fill("brigde")
    page.get_by_label("Put right as").fill("bridge")
    page.get_by_role("button", name="Find").click()
    page.locator("[name=place]").nth(1).uncheck()
    page.get_by_label("Reason").fill("a slip of the typesetter")
    page.get_by_role("button", name="Put right in the 2 ticked places").click()
    expect(page.locator(".success")).to_contain_text("in 2 places")
    paragraph.refresh_from_db()
    assert paragraph.text.count("bridge") == 2
    page.get_by_role("button", name="Take all of it back").click()
    expect(page.locator(".success")).to_contain_text("Taken back")
    paragraph.refresh_from_db()
    assert paragraph.text.count("brigde") == 3

    # She restores the version that an import had read.
    page.goto(f"/admin/reader/paragraph/{paragraph.pk}/history/")
    page.get_by_role("link", name="Restore version 2", exact=True).click()
    page.get_by_role("button", name="Restore this version").click()
    expect(page.locator(".success")).to_contain_text("Version 2 was restored")
    expect(page.get_by_role("link", name="Restore version 1", exact=True)).to_be_visible()

    # She has read it all: it is proofread. Nobody validates what they proofread; an editor does.
    page.goto(f"/admin/reader/paragraph/{paragraph.pk}/change/")
    page.get_by_role("button", name="Proofread").click()
    expect(page.locator(".success")).to_contain_text("is proofread now")
    expect(page.get_by_role("button", name="Validated")).to_have_count(0)
    lena = log_in("lena")
    lena.goto(f"/admin/reader/paragraph/{paragraph.pk}/change/")
    lena.get_by_role("button", name="Validated").click()
    expect(lena.locator(".success")).to_contain_text("is validated now")

    # Readers see the changes.
    lena.goto(CHAPTER.replace("chapter-1", "chapter-2"))
    expect(lena.get_by_text("The clerks crossed the brigde.")).to_be_visible()
    lena.goto(CHAPTER.replace("chapter-1", "chapter-2") + "apparatus/")
    expect(lena.get_by_text("validated").first).to_be_visible()

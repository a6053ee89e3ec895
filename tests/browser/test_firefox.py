"""What readers and correctors do most, in Firefox: a page's complaint to the console fails the test."""

import os
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.browser import firefox as driver
from tests.browser.conftest import CHAPTER, Visit
from tests.browser.firefox import Firefox

NARROW = (1100, 900)  # too narrow for notes in the margin
WIDE = (1440, 900)
PHONE = (500, 800)  # Firefox's windows are no narrower


@pytest.fixture(scope="module")
def firefox(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    executable = driver.program()
    if executable is None:
        reason = "Firefox is not installed, and these tests need it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    started = Firefox(executable, tmp_path_factory.mktemp("firefox"), server)
    yield started
    started.close()


@pytest.fixture
def fox(firefox: Firefox, visit: Visit, volume: None) -> Iterator[Firefox]:
    """Firefox without memories, at a desk; at the end no page may have complained."""
    firefox.complaints()
    firefox.resize(*NARROW)
    yield firefox
    complaints = firefox.complaints()
    firefox.forget()
    assert complaints == []


@pytest.fixture
def corrector(fox: Firefox, transactional_db: None, admin_client: Client) -> Firefox:
    """Firefox with the login of a superuser."""
    fox.go("/admin/login/")
    fox.log_in(admin_client.cookies["sessionid"].value)
    return fox


def dialog(name: str) -> str:
    return f'[role="dialog"][aria-label="{name}"]'


def there(selector: str) -> str:
    return f"document.querySelector({selector!r})"


def text(fox: Firefox, selector: str) -> str:
    found: str = fox.run("return document.querySelector(arguments[0]).textContent", selector)
    return found


# Readers


def test_what_a_page_is_refused_and_what_fails_in_it_are_heard(fox: Firefox):
    fox.go(CHAPTER)

    fox.run("document.head.append(Object.assign(document.createElement('link'), {rel: 'next', href: '/x/'}))")
    fox.run("document.body.insertAdjacentHTML('beforeend', '<p onclick=\"a()\">')")
    fox.run("Promise.reject(new Error('a promise that failed'))")
    said = fox.complaints()

    assert [each for each in said if "Content-Security-Policy" in each and "/x/" in each]
    assert [each for each in said if "Content-Security-Policy" in each and "script-src-attr" in each]
    assert [each for each in said if "a promise that failed" in each]
    assert fox.complaints() == []


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/furrow/", CHAPTER, "/furrow/chapter-2/", "/furrow/part-1/", "/furrow/p/44/", "/furrow/paragraph/2/"),
        *("/furrow/cite/", f"{CHAPTER}cite/", "/furrow/apparatus/", f"{CHAPTER}apparatus/"),
        *("/furrow/glossary/", "/furrow/glossary/by-chapter/", "/furrow/glossary/gosplan/"),
        *("/furrow/glossary/gosplan/concordance/", "/furrow/search/?q=clerks", "/furrow/nowhere/"),
    ],
)  # fmt: skip
def test_a_page_is_shown_and_asks_for_nothing_that_is_refused(fox: Firefox, path: str):
    fox.go(path)

    assert text(fox, "h1")
    assert fox.run("return document.documentElement.scrollWidth <= innerWidth")


def test_a_note_opens_beside_its_call_and_escape_goes_back(fox: Firefox):
    fox.go(CHAPTER)

    fox.click("#r1")
    fox.until(f"{there(dialog('note 1'))}?.textContent.includes('Halloran, Columns')")
    fox.press("Escape")

    fox.until(f"!{there(dialog('note 1'))}")
    fox.until("document.activeElement.id === 'r1'")


@pytest.mark.parametrize("name", ["theme", "type"])
def test_a_page_kept_as_it_was_follows_the_settings_of_now(fox: Firefox, name: str):
    fox.go(CHAPTER)
    fox.go("/furrow/glossary/")
    fox.run("localStorage[arguments[0]] = 'other'", name)

    fox.back()

    fox.until(f"document.documentElement.dataset.{name} === 'other'")


def make_mark(fox: Firefox, path: str) -> None:
    """Open a page and mark the words of its second paragraph."""
    fox.go(path)
    fox.run("getSelection().selectAllChildren(document.querySelector('#p2'))")
    fox.click(".quote button:last-child")
    fox.click(".quote-sheet .deeds button")
    fox.until(f"{there('.mine')} && !{there('.quote-sheet')}")


def test_a_chapter_kept_as_it_was_shows_the_marks_of_now(fox: Firefox):
    fox.go(CHAPTER)
    make_mark(fox, "/furrow/paragraph/2/")
    fox.back()
    fox.until(there(".mine"))
    fox.go("/furrow/glossary/")
    fox.run("delete localStorage.marks")

    fox.back()

    fox.until(f"{there('#p2')} && !{there('.mine')}")


def test_the_list_of_marks_kept_as_it_was_has_the_marks_of_now(fox: Firefox):
    fox.go("/marks/")
    make_mark(fox, CHAPTER)

    fox.back()

    fox.until(there(".marks > li"))


def test_a_page_kept_as_it_was_stays_so_where_nothing_changed(fox: Firefox):
    fox.go(CHAPTER)
    fox.run("document.body.dataset.left = ''; addEventListener('pageshow', () => (document.title = 'back'))")
    fox.go("/furrow/glossary/")

    fox.back()

    fox.until("document.title === 'back'")
    assert fox.run("return 'left' in document.body.dataset")


def test_a_note_within_a_note_opens_too(fox: Firefox):
    fox.go(CHAPTER)

    fox.click("#r3")
    fox.click(f"{dialog('note 3')} a.noteref")

    fox.until(f"{there(dialog('note 4'))} && {there(dialog('note 3'))}")


def test_enter_opens_a_note_by_keyboard(fox: Firefox):
    fox.go(CHAPTER)

    fox.run("document.querySelector('#r1').focus()")
    fox.press("Enter")

    fox.until(f"document.activeElement.matches({dialog('note 1')!r})")


def test_a_note_that_the_source_lacks_says_so(fox: Firefox):
    fox.go(CHAPTER)

    fox.click("#r2")

    fox.until(there(dialog("Note 2 is not in the source")))


def test_notes_stand_in_the_margin_where_it_is_wide(fox: Firefox):
    fox.resize(*WIDE)
    fox.go(CHAPTER)

    fox.until(there("#n1.beside"))
    assert fox.run(
        """const [note, call] = ["#n1", "#r1"].map(each => document.querySelector(each).getBoundingClientRect());
        return note.left > call.right && Math.abs(note.top - call.top) < 40"""
    )


def test_a_term_is_explained_when_it_is_pressed(fox: Firefox):
    fox.go(CHAPTER)

    fox.click("#p1 .t")

    fox.until(f"{there(dialog('Gosplan'))}?.textContent.includes('State Planning Commission')")
    fox.click(f"{dialog('Gosplan')} a")
    fox.until("location.pathname.endsWith('/glossary/gosplan/')")


def test_a_term_is_explained_when_the_pointer_rests_on_it(fox: Firefox):
    fox.go(CHAPTER)

    fox.hover("#p1 .t")

    fox.until(there(dialog("Gosplan")))


def test_a_theme_is_chosen_and_remembered(fox: Firefox):
    paper = "return getComputedStyle(document.documentElement).backgroundColor"
    fox.go(CHAPTER)
    light = fox.run(paper)

    fox.click("[popovertarget=settings]")
    fox.click("[name=theme][value=dark]")
    dark = fox.run(paper)
    fox.go("/furrow/glossary/")

    assert dark != light
    assert fox.run(paper) == dark


def test_the_contents_open_and_close_on_a_phone(fox: Firefox):
    fox.resize(*PHONE)
    fox.go(CHAPTER)

    fox.click("[popovertarget=contents]")
    fox.click("#contents a[href$='#chapter-1-i']")

    fox.until(f"!{there('#contents')}.matches(':popover-open')")
    assert fox.address == f"{CHAPTER}#chapter-1-i"


def test_the_running_head_says_section_and_page(fox: Firefox):
    fox.go(f"{CHAPTER}#chapter-1-i")

    fox.until(f"{there('#where-section')}.textContent.includes('Who signed')")
    assert text(fox, "#where-page") == "p. 44"


def test_a_chapter_offers_the_place_where_one_stopped(fox: Firefox):
    fox.go(CHAPTER)

    fox.run("document.querySelector('#p14').scrollIntoView()")
    fox.go("/furrow/")
    fox.until(f"!{there('#continue')}.hidden")
    fox.go(CHAPTER)
    fox.click("#resume")

    assert fox.address in (f"{CHAPTER}#p13", f"{CHAPTER}#p14")


def test_a_search_starts_with_a_key_and_leads_to_the_words(fox: Firefox):
    fox.go(CHAPTER)

    fox.press("/")
    fox.until("document.activeElement.type === 'search'")
    fox.type("#q", "miller")
    fox.press("Enter")
    fox.until(there(".hits a"))
    fox.click(".hits a")

    fox.until(f"{there('#p4 mark')}?.textContent === 'miller'")
    assert fox.address == f"{CHAPTER}#p4"


def test_the_address_of_a_paragraph_is_copied(fox: Firefox):
    fox.go(CHAPTER)

    fox.hover("#p2")
    fox.click("#p2 .at")

    fox.until(f"{there(dialog('paragraph 2'))}?.textContent.includes('Copied')")


def test_the_glossary_is_filtered_while_one_types(fox: Firefox):
    fox.go("/furrow/glossary/")

    fox.type("#filter", "labour")

    fox.until(
        "[...document.querySelectorAll('.terms dt')].filter((term) => term.checkVisibility()).length === 1"
    )


# Correctors


def test_a_way_to_correct_is_shown_to_whoever_may(corrector: Firefox):
    corrector.go("/admin/password_change/")
    corrector.go(CHAPTER)

    corrector.hover("#p2")
    corrector.click("#p2 .correct")

    corrector.until("location.pathname.startsWith('/admin/reader/paragraph/')")


def test_a_paragraph_is_corrected_and_saved(corrector: Firefox):
    from reader.models import Paragraph

    paragraph = Paragraph.objects.get(number=4)
    corrector.go(f"/admin/reader/paragraph/{paragraph.pk}/change/")

    corrector.type("#typed", " It rained.")
    corrector.until(f"{there('[data-part=shown] ins')}?.textContent.includes('rained')")
    corrector.type("[name=reason]", "the scan")
    corrector.click("button[name=_save]")

    corrector.until(f"{there('.messagelist .success')}?.textContent.includes('Saved and published')")
    paragraph.refresh_from_db()
    assert paragraph.text.endswith("went on. It rained.")


def test_a_draft_outlives_the_page(corrector: Firefox):
    from glossary.models import Term

    address = f"/admin/glossary/term/{Term.objects.get(headword='Gosplan').pk}/change/"
    corrector.go(address)

    corrector.type("#id_definition", ", half typed")
    corrector.go("/admin/")
    corrector.go(address)
    corrector.click(".draft button")

    corrector.until(f"{there('#id_definition')}.value.endsWith('half typed')")


def test_the_queue_is_worked_with_keys(corrector: Firefox):
    from reader.models import Paragraph, Volume
    from tests.factories import make_suspect, make_witness

    witness = make_witness(Volume.objects.get(), b"The clercs.\n")
    paragraph = Paragraph.objects.get(number=4)
    make_suspect(witness, paragraph=paragraph, reading="miller", suggestion="miner")
    corrector.go("/admin/reader/suspect/queue/")

    corrector.press("j", "a")

    corrector.until(f"{there('.success')}?.textContent.includes('accepted')")
    paragraph.refresh_from_db()
    assert "the miner" in paragraph.text

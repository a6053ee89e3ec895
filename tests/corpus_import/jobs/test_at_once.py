"""Saves and imports at the same moment, and killed in the middle, each in a process of its own.

A lock on the table of pages stops a process in the middle: its texts are written, its pages are not, and nothing is
committed. Nobody sleeps: the tests ask the database who waits.
"""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from corpus_import.jobs import process
from corpus_import.jobs.running import work
from corpus_import.models import Upload
from reader.models import Paragraph, PublishedPage
from tests.corpus_import.admin.test_uploads import book, confirm, counts_in, show, upload
from tests.corpus_import.loading.test_write import BOOK
from tests.processes import WAITING, Process, end, start, wait_for

pytestmark = [pytest.mark.usefixtures("static_root"), pytest.mark.django_db(transaction=True)]

Held = psycopg.Connection[Any]

SAVE = """
import sys, django
django.setup()
from django.contrib.auth.models import User
from django.test import Client
url, seen, typed = sys.argv[1:]
client = Client(HTTP_HOST="localhost")
client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
answer = client.post(url, {"typed": typed, "seen": seen, "reason": "the scan", "_save": ""})
print("answered", answer.status_code, answer.content.decode())
"""
SECOND = "The second year was worse.[^2]"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(
        User.objects.create_superuser("editor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def held(other_connection: Held) -> Held:
    return other_connection


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, editor: Client) -> list[Process]:
    """The processes of imports that the admin started; the volume is there, and planning is done at once."""
    processes: list[Process] = []

    def begin(key: int) -> None:
        if Upload.objects.get(pk=key).shown:
            processes.append(start("manage.py", "run_import", str(key)))
        else:
            work(key, lambda step: None)

    monkeypatch.setattr(process, "start", begin)
    confirm(editor, upload(editor))
    end(processes.pop())
    assert Paragraph.objects.get(number=2).text == SECOND
    return processes


def save(typed: str, seen: str = SECOND) -> Process:
    url = reverse("admin:reader_paragraph_change", args=[Paragraph.objects.get(number=2).pk])
    return start("-c", SAVE, url, seen, typed)


def stop_in_the_middle(held: Held) -> None:
    held.execute("LOCK TABLE reader_publishedpage IN SHARE MODE")


def kill(victim: Process) -> None:
    victim.kill()
    victim.communicate()


def text() -> str:
    return Paragraph.objects.get(number=2).text


def page() -> str:
    """The chapter as readers see it."""
    return bytes(PublishedPage.objects.get(path__endswith="/preface/").html).decode()


WORSE, BETTER = "The second year was far worse.[^2]", "The second year was better.[^2]"
COLDER = BOOK.replace("was worse", "was cold")
BAD = BOOK.replace("a good year", "a bad year")


def waits(number: int, held: Held, newest: Process) -> None:
    wait_for(WAITING.format(number), held, newest)


# Two saves


def test_of_two_saves_at_once_one_is_saved_and_the_other_told(held: Held, started: list[Process]) -> None:
    stop_in_the_middle(held)
    first = save(WORSE)
    waits(1, held, first)
    second = save(BETTER)
    waits(2, held, second)

    held.commit()

    assert "answered 302" in end(first)
    answer = end(second)
    assert "answered 409" in answer
    assert BETTER in answer  # still in the editor
    assert text() == WORSE
    assert "far worse" in page()


def test_a_save_that_is_killed_changes_nothing_and_the_next_is_saved(
    held: Held, started: list[Process]
) -> None:
    stop_in_the_middle(held)
    first = save(WORSE)
    waits(1, held, first)
    second = save(BETTER)
    waits(2, held, second)

    kill(first)
    held.commit()

    assert "answered 302" in end(second)
    assert text() == BETTER
    assert "was better" in page()
    assert [each.text for each in Paragraph.objects.get(number=2).history.all()] == [BETTER, SECOND]


# A save and an import


def confirm_import(editor: Client, witness: str) -> str:
    """Let a planned import begin; return the address of its page."""
    path = upload(editor, book(witness))
    confirm(editor, path)
    return path


def test_a_save_in_the_middle_of_an_import_is_told_and_keeps_what_was_typed(
    editor: Client, held: Held, started: list[Process]
) -> None:
    stop_in_the_middle(held)
    path = confirm_import(editor, COLDER)
    waits(1, held, started[0])
    assert "Importing</b>: Publishing." in show(editor, path)
    saving = save(WORSE)
    waits(2, held, saving)

    held.commit()
    end(started[0])

    answer = end(saving)
    assert "answered 409" in answer
    assert WORSE in answer
    assert text() == "The second year was cold.[^2]"
    assert "was imported" in show(editor, path)


def test_an_import_in_the_middle_of_a_save_shows_its_plan_again_and_keeps_the_save(
    editor: Client, held: Held, started: list[Process]
) -> None:
    path = upload(editor, book(BAD.replace("was worse", "was worse, and cold")))
    stop_in_the_middle(held)
    saving = save(WORSE)
    waits(1, held, saving)
    confirm(editor, path)
    waits(2, held, started[0])

    held.commit()
    assert "answered 302" in end(saving)
    end(started[0])

    html = show(editor, path)
    assert "the archive has changed since you looked" in html
    assert counts_in(html)["Corrections merged"] == 1
    assert text() == WORSE
    confirm(editor, path, html)
    end(started[1])
    assert text() == "The second year was far worse, and cold.[^2]"
    assert "a bad year" in page()


def test_an_import_that_is_killed_writes_nothing_says_so_and_can_be_done_again(
    editor: Client, held: Held, started: list[Process]
) -> None:
    stop_in_the_middle(held)
    path = confirm_import(editor, COLDER)
    waits(1, held, started[0])
    saving = save(WORSE)
    waits(2, held, saving)

    kill(started[0])
    held.commit()

    assert "answered 302" in end(saving)
    assert text() == WORSE
    html = show(editor, path)
    assert "The process ended in the middle (Publishing): it was killed, or the machine" in html
    editor.post(path, {"_again": ""})
    assert counts_in(show(editor, path))["Conflicts"] == 1


def test_a_save_that_is_killed_leaves_a_waiting_import_to_do_what_was_shown(
    editor: Client, held: Held, started: list[Process]
) -> None:
    stop_in_the_middle(held)
    saving = save(WORSE)
    waits(1, held, saving)
    path = confirm_import(editor, COLDER)
    waits(2, held, started[0])

    kill(saving)
    held.commit()
    end(started[0])

    assert "was imported (changed: 2)" in show(editor, path)
    assert text() == "The second year was cold.[^2]"


# Two imports


def test_of_two_imports_at_once_the_second_waits_and_shows_its_plan_again(
    editor: Client, held: Held, started: list[Process]
) -> None:
    first, second = (upload(editor, book(each)) for each in (COLDER, BAD))
    stop_in_the_middle(held)
    confirm(editor, first)
    waits(1, held, started[0])
    confirm(editor, second)
    waits(2, held, started[1])
    assert "waiting until it is its turn" in show(editor, second)

    held.commit()
    for each in started:
        end(each)

    assert "was imported" in show(editor, first)
    assert "the archive has changed since you looked" in show(editor, second)
    assert "was cold" in page()
    assert "a good year" in page()


def test_an_import_that_is_killed_lets_the_next_do_what_was_shown(
    editor: Client, held: Held, started: list[Process]
) -> None:
    first, second = (upload(editor, book(each)) for each in (COLDER, BAD))
    stop_in_the_middle(held)
    confirm(editor, first)
    waits(1, held, started[0])
    confirm(editor, second)
    waits(2, held, started[1])

    kill(started[0])
    held.commit()
    end(started[1])

    assert "was imported (changed: 2)" in show(editor, second)
    assert "The process ended in the middle" in show(editor, first)
    assert text() == SECOND


def test_an_import_that_is_cancelled_in_the_middle_writes_nothing(
    editor: Client, held: Held, started: list[Process]
) -> None:
    stop_in_the_middle(held)
    path = confirm_import(editor, COLDER)
    waits(1, held, started[0])

    assert editor.post(path, {"_cancel": ""}).status_code == 302
    held.commit()
    end(started[0])

    assert text() == SECOND
    assert not Upload.objects.filter(name="The Offices").exclude(state="done").exists()


# Limits


def run_with(editor: Client, monkeypatch: pytest.MonkeyPatch, held: Held | None, **limits: str) -> str:
    """Import a book with these limits; return the page of the import."""
    running: list[Process] = []
    begin: Callable[[int], None] = lambda key: running.append(  # noqa: E731
        start("manage.py", "run_import", str(key), **limits)
    )
    monkeypatch.setattr(process, "start", begin)
    path = upload(editor, book(BAD))
    end(running[0])
    if held is not None:
        held.commit()
    return show(editor, path)


def test_an_import_that_needs_too_much_memory_ends_and_says_so(
    editor: Client, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    html = run_with(editor, monkeypatch, None, IMPORT_MEMORY="1")

    assert "memory" in html
    assert "nothing was written" in html
    assert not Paragraph.objects.exists()


def test_an_import_that_takes_too_long_ends_and_says_so(
    editor: Client, monkeypatch: pytest.MonkeyPatch, held: Held
) -> None:
    held.execute("LOCK TABLE reader_volume IN ACCESS EXCLUSIVE MODE")

    html = run_with(editor, monkeypatch, held, IMPORT_SECONDS="1")

    assert "The import takes longer than the 1 seconds that it may take (IMPORT_SECONDS)" in html

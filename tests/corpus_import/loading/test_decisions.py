"""Conflicts decided in the admin: each decision does what it says, and the next import keeps it."""

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from corpus_import.loading.write import load_edition
from corpus_import.parsing.elements import BreakInText
from glossary.models import Term
from reader.correction import correcting
from reader.models import Conflict, Correctable, Division, Note, Paragraph, Volume
from tests.corpus_import.loading.test_write import BOOK, import_book
from tests.corpus_import.parsing.case_files import MANIFEST, parse_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

MINE, THEIRS, TYPED = "mine", "theirs", "typed"
# A page begins before its third, its last, or in the next paragraph.
FIRST = "The mill was built by the river in the spring of the year."
SECOND = "Nobody could say who had paid for all of its wheels."
IN_THIRD, IN_LAST = (FIRST.replace(f" {word}", f" {{p. 9}}{word}") for word in ("was", "year"))
IN_SECOND = SECOND.replace("paid", "{p. 9}paid")


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


def correct(text: Correctable, wording: str, vera: User) -> None:
    correcting.correct(text, wording, seen=text.wording, by=vera, reason="seen in the scan")


def decide(client: Client, decision: str, typed: str | None = None) -> None:
    """Decide the only conflict; what is typed is else what the screen offers."""
    url = reverse("admin:reader_conflict_change", args=[Conflict.objects.get().pk])
    screen = client.get(url).content.decode()
    offered = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", screen, re.DOTALL)
    assert offered is not None
    typed = html.unescape(offered[1]) if typed is None else typed
    assert client.post(url, {"decision": decision, "typed": typed}).status_code == 302
    assert Conflict.objects.get().state == "resolved"


# ------------------------------------------------------------------------------------ a page moved by hand


def load_pages(first: str, second: str) -> None:
    """An import that has page 9 where these texts have it."""
    book = f"   1. The mill\n\n    {first}\n\n    {second}\n\n"
    draft = parse_text(book.replace("{p. 9}", ""))
    load_edition(place_page(draft, [first, second]))


def place_page(draft: Any, texts: list[str]) -> Any:
    """The draft with page 9 where these texts have it."""
    paragraphs = tuple(
        replace(
            paragraph,
            breaks=(BreakInText(at, "9", attested=True),) if (at := text.find("{p. 9}")) >= 0 else (),
        )
        for paragraph, text in zip(draft.paragraphs, texts, strict=True)
    )
    return replace(draft, paragraphs=paragraphs)


def texts() -> list[str]:
    return list(Paragraph.objects.order_by("position").values_list("text", flat=True))


@pytest.mark.parametrize(
    ("decision", "read"),
    [(MINE, [IN_LAST, SECOND]), (THEIRS, [FIRST, IN_SECOND]), (TYPED, [IN_LAST, SECOND])],
)
def test_a_page_begins_where_the_decision_says(
    admin_client: Client, vera: User, decision: str, read: list[str]
) -> None:
    load_pages(IN_THIRD, SECOND)
    correct(Paragraph.objects.get(number=1), IN_LAST, vera)
    load_pages(FIRST, IN_SECOND)
    assert texts() == [IN_LAST, SECOND]

    decide(admin_client, decision)

    assert texts() == read


@pytest.mark.parametrize("decision", [MINE, THEIRS, TYPED])
def test_a_decision_over_a_page_is_kept_by_the_next_imports(
    admin_client: Client, vera: User, decision: str
) -> None:
    load_pages(IN_THIRD, SECOND)
    correct(Paragraph.objects.get(number=1), IN_LAST, vera)
    load_pages(FIRST, IN_SECOND)
    decide(admin_client, decision)
    decided = texts()

    load_pages(FIRST.replace("mill", "barn"), IN_SECOND.replace("wheels", "sacks"))

    assert texts() == [decided[0].replace("mill", "barn"), decided[1].replace("wheels", "sacks")]
    assert not Conflict.objects.open().exists()


def test_a_page_that_the_import_moves_again_is_asked_about_again(admin_client: Client, vera: User) -> None:
    load_pages(IN_THIRD, SECOND)
    correct(Paragraph.objects.get(number=1), IN_LAST, vera)
    load_pages(FIRST, IN_SECOND)

    load_pages(FIRST.replace("mill", "barn"), IN_SECOND)

    assert Conflict.objects.open().count() == 1
    assert texts() == [IN_LAST.replace("mill", "barn"), SECOND]


@pytest.mark.parametrize("decision", [MINE, THEIRS, TYPED])
def test_a_page_that_both_moved_in_one_paragraph_begins_where_the_decision_says(
    admin_client: Client, vera: User, decision: str
) -> None:
    load_pages(IN_THIRD, SECOND)
    correct(Paragraph.objects.get(number=1), IN_LAST, vera)
    by_import = FIRST.replace(" river", " {p. 9}river")
    load_pages(by_import, SECOND)

    decide(admin_client, decision)

    assert texts() == [by_import if decision == THEIRS else IN_LAST, SECOND]


# ------------------------------------------------------------------------------------ heads, notes, terms, volume


@pytest.mark.parametrize(
    ("decision", "read"), [(MINE, "By a person"), (THEIRS, "Preface to it"), (TYPED, "Typed then")]
)
def test_a_head_reads_as_decided(admin_client: Client, vera: User, decision: str, read: str) -> None:
    import_book()
    correct(Division.objects.get(slug="preface"), "By a person", vera)
    import_book(BOOK.replace("    Preface", "    Preface to it"))

    decide(admin_client, decision, "Typed then")

    assert Division.objects.get(slug="preface").head == read


@pytest.mark.parametrize(
    ("decision", "read"), [(MINE, "In a hat."), (THEIRS, "In a cart."), (TYPED, "In a boat.")]
)
def test_a_note_reads_as_decided(admin_client: Client, vera: User, decision: str, read: str) -> None:
    note = "In a book that has been lost since."
    import_book()
    correct(Note.objects.get(), "In a hat.", vera)
    import_book(BOOK.replace(note, "In a cart."))

    decide(admin_client, decision, "In a boat.")

    assert Note.objects.get().text == read


@pytest.mark.parametrize("decision", [MINE, TYPED])
def test_a_text_without_a_place_can_be_kept_as_the_screen_offers_it(
    admin_client: Client, vera: User, decision: str
) -> None:
    load_pages(FIRST, IN_SECOND)
    correct(Paragraph.objects.get(number=2), IN_SECOND.replace("wheels", "sacks"), vera)
    other = "There was bread in the shop{p. 9} and a queue in front of it."
    load_pages(FIRST, other)

    decide(admin_client, decision)

    assert texts() == [FIRST, SECOND.replace("wheels", "sacks"), other]


POLICY, POLITICS = "New Economic Policy", "New Economic Politics"


@pytest.mark.parametrize(
    ("decision", "read"), [(MINE, "The policy of 1921"), (THEIRS, POLITICS), (TYPED, "A policy")]
)
def test_a_definition_reads_as_decided(admin_client: Client, decision: str, read: str) -> None:
    import_book()
    Term.objects.filter(headword="NEP").update(definition="The policy of 1921")
    import_book(BOOK.replace(POLICY, POLITICS))

    decide(admin_client, decision, "A policy")

    assert Term.objects.get(headword="NEP").definition == read


@pytest.mark.parametrize(("decision", "is_there"), [(MINE, True), (THEIRS, False), (TYPED, True)])
def test_a_term_that_the_key_has_no_more_goes_or_stays_as_decided(
    admin_client: Client, decision: str, is_there: bool
) -> None:
    import_book()
    Term.objects.filter(headword="NEP").update(definition="The policy of 1921")
    import_book(BOOK.replace(f"NEP  {POLICY}  \n\n", ""))

    decide(admin_client, decision)

    assert Term.objects.filter(headword="NEP", definition="The policy of 1921").exists() == is_there


def test_a_definition_that_sends_to_a_term_too_is_kept_as_the_screen_offers_it(admin_client: Client) -> None:
    import_book()
    terms = Term.objects.filter(headword="NEP")
    terms.update(definition="The policy of 1921", see=Term.objects.get(headword="STO"))
    import_book(BOOK.replace(POLICY, POLITICS))

    decide(admin_client, TYPED)

    assert [(term.definition, term.see and term.see.headword) for term in terms] == [
        ("The policy of 1921", "STO")
    ]


@pytest.mark.parametrize(("decision", "year"), [(MINE, 1931), (THEIRS, 1932), (TYPED, 1933)])
def test_the_volume_s_year_is_as_decided(admin_client: Client, decision: str, year: int) -> None:
    import_book()
    Volume.objects.update(year=1931)
    load_edition(parse_text(BOOK, replace(MANIFEST, year=1932)))

    decide(admin_client, decision, "1933")

    assert Volume.objects.get().year == year


@pytest.mark.parametrize(
    ("decision", "title"), [(MINE, "By a person"), (THEIRS, "By an import"), (TYPED, "Typed then")]
)
def test_the_volume_s_title_is_as_decided(admin_client: Client, decision: str, title: str) -> None:
    import_book()
    Volume.objects.update(title="By a person")
    load_edition(parse_text(BOOK, replace(MANIFEST, title="By an import")))

    decide(admin_client, decision, "Typed then")

    assert Volume.objects.get().title == title


def test_a_title_that_is_too_long_is_refused(admin_client: Client) -> None:
    import_book()
    Volume.objects.update(title="By a person")
    load_edition(parse_text(BOOK, replace(MANIFEST, title="By an import")))
    url = reverse("admin:reader_conflict_change", args=[Conflict.objects.get().pk])

    response = admin_client.post(url, {"decision": TYPED, "typed": "long " * 100})

    assert "at most 300 characters" in response.content.decode()
    assert Conflict.objects.get().state == "open"

"""Importing again: texts that are matched, texts that are merged, and conflicts for a person."""

import re
import subprocess
import zlib
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from corpus_import.loading import planning
from corpus_import.loading.plan import How
from corpus_import.loading.write import PlanChanged, load_edition, plan_edition
from corpus_import.parsing.manifest import Manifest
from glossary.models import Term, TermForm
from reader.models import (
    Conflict,
    CrossReference,
    Diagnostic,
    Division,
    Emendation,
    Erratum,
    Gap,
    Note,
    PageBreak,
    Paragraph,
    PublishedPage,
    Suspect,
    Volume,
    Witness,
)
from reader.publishing.publish import publish_volume
from reader.text import markup
from tests.corpus_import.loading.test_write import BOOK, write_volume
from tests.corpus_import.parsing.case_files import MANIFEST, parse_text
from tests.processes import start, wait_for

CHECKOUT = Path(__file__).parents[3]
EVERYTHING: tuple[type[Model], ...] = (
    *(Volume, Witness, Division, Paragraph, Note, PageBreak, Emendation, Suspect, CrossReference),
    *(Conflict, Term, TermForm, PublishedPage),
)


def snapshot() -> list[list[dict[str, Any]]]:
    return [
        [
            {k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in EVERYTHING
    ]


def import_book(text: str = BOOK) -> Volume:
    return load_edition(parse_text(text)).volume


def correct(number: int, text: str) -> None:
    assert Paragraph.objects.filter(number=number).update(text=text)


# ------------------------------------------------------------------------------------- matched


@pytest.mark.django_db
def test_importing_the_same_again_writes_no_row_of_any_kind() -> None:
    import_book()
    correct(2, "The second year was much worse.[^2]")
    before = snapshot()

    loaded = load_edition(parse_text(BOOK))

    assert loaded.is_unchanged
    assert snapshot() == before


@pytest.mark.django_db
def test_an_import_leaves_alone_the_cross_references_that_a_correction_changed() -> None:
    text = BOOK.replace("was worse", "was worse (see chapter 1)").replace(
        "people came", "people came (see p. 3)"
    )
    volume = import_book(text)
    correct(1, "It began as is told on p. 4 above.[^1]")
    correct(2, "But the second year was worse (see chapter 1).[^2]")
    correct(3, "Two people came.")
    publish_volume(volume)
    before = snapshot()

    assert load_edition(parse_text(text)).is_unchanged
    assert snapshot() == before
    assert [x.reading for x in CrossReference.objects.order_by("paragraph")] == [
        "p. 4 above",
        "see chapter 1",
    ]


@pytest.mark.django_db
def test_a_correction_and_a_better_witness_are_merged() -> None:
    volume = import_book()
    text = volume.paragraphs.get(number=1).text
    correct(1, text.replace("nobody came", "no one came"))

    load_edition(parse_text(BOOK.replace("It was a good year", "It was a bad year")))

    merged = volume.paragraphs.get(number=1)
    assert "no one came" in merged.text
    assert "It was a bad year" in merged.text
    assert "nobody came" in merged.imported_text
    assert not Conflict.objects.exists()


@pytest.mark.django_db
def test_readers_are_told_what_an_import_changed_added_and_took_out(
    static_root: None, client: Client
) -> None:
    volume = import_book()
    added = "\n    It rained, and the door of the office stood open.  \n"

    load_edition(parse_text(BOOK.replace("was worse", "was cold") + added))
    load_edition(parse_text(BOOK.replace("was worse", "was cold")))

    told = Erratum.objects.exclude(revision=1).order_by("pk")
    assert [(row.revision, row.place, row.reason, row.after) for row in told] == [
        (2, "paragraph 2", "import", "The second year was cold.[^2]"),
        (2, "", "", "the volume was imported again: 1 paragraph added"),
        (3, "", "", "the volume was imported again: 1 paragraph removed"),
    ]
    page = client.get(f"/{volume.slug}/errata/").content.decode()
    assert '<p class="changes">The volume was imported again: 1 paragraph added.</p>' in page
    assert "· the volume was imported again</p>" in page


@pytest.mark.django_db
def test_an_import_takes_the_level_back_of_what_it_reads_otherwise_alone() -> None:
    volume = import_book()
    Paragraph.objects.update(level="validated", proofread_by=7)

    load_edition(parse_text(BOOK.replace("was worse", "was cold")))

    levels = volume.paragraphs.order_by("number").values_list("level", "proofread_by")
    assert list(levels) == [("validated", 7), ("not-proofread", None), ("validated", 7)]


@pytest.mark.django_db
def test_what_cannot_be_merged_keeps_the_person_s_words_and_asks() -> None:
    volume = import_book()
    correct(2, "The second year was much better.[^2]")

    load_edition(parse_text(BOOK.replace("was worse", "was cold")))

    paragraph = volume.paragraphs.get(number=2)
    assert paragraph.text == "The second year was much better.[^2]"
    assert paragraph.imported_text == "The second year was cold.[^2]"
    conflict = Conflict.objects.get()
    assert (conflict.paragraph, conflict.field, conflict.state) == (paragraph, "text", "open")
    assert (conflict.old_import, conflict.new_import) == (
        "The second year was worse.[^2]",
        "The second year was cold.[^2]",
    )


@pytest.mark.django_db
def test_a_conflict_waits_through_other_imports_and_ends_when_the_witness_agrees() -> None:
    import_book()
    correct(2, "The second year was much better.[^2]")
    worse = BOOK.replace("was worse", "was cold")
    load_edition(parse_text(worse))
    before = snapshot()

    again = load_edition(parse_text(worse))
    assert again.is_unchanged
    assert snapshot() == before

    load_edition(parse_text(BOOK.replace("was worse", "was wet")))
    assert Conflict.objects.get().new_import == "The second year was wet.[^2]"

    load_edition(parse_text(BOOK.replace("was worse", "was much better")))
    assert Conflict.objects.get().state == "resolved"
    assert Paragraph.objects.get(number=2).text == "The second year was much better.[^2]"


WITHOUT_SECOND = BOOK.replace("    The second year was worse.[2]  \n\n", "")


@pytest.mark.django_db
def test_a_corrected_paragraph_without_a_place_stays_where_it_stood_and_asks() -> None:
    volume = import_book()
    correct(2, "The second year was much worse.[^2]")

    load_edition(parse_text(WITHOUT_SECOND))

    assert [p.number for p in volume.paragraphs.order_by("position")] == [1, 2, 3]
    kept = volume.paragraphs.get(number=2)
    assert (kept.text, kept.imported_text) == ("The second year was much worse.[^2]", "")
    assert Conflict.objects.get().new_import == ""
    before = snapshot()
    assert load_edition(parse_text(WITHOUT_SECOND)).is_unchanged
    assert snapshot() == before


@pytest.mark.django_db
def test_a_paragraph_that_comes_back_finds_its_number_and_its_correction() -> None:
    volume = import_book()
    correct(2, "The second year was much worse.[^2]")
    load_edition(parse_text(WITHOUT_SECOND))

    load_edition(parse_text(BOOK))

    assert volume.paragraphs.count() == 3
    assert volume.paragraphs.get(number=2).text == "The second year was much worse.[^2]"
    assert volume.paragraphs.get(number=2).imported_text == "The second year was worse.[^2]"
    assert Conflict.objects.get().state == "resolved"


@pytest.mark.django_db
def test_a_paragraph_without_a_place_goes_and_its_number_is_never_given_again() -> None:
    volume = import_book()
    load_edition(parse_text(WITHOUT_SECOND))

    load_edition(parse_text(BOOK))

    assert sorted(p.number for p in volume.paragraphs.all()) == [1, 3, 4]


@pytest.mark.django_db
def test_a_division_that_got_another_title_is_the_same_division_at_the_same_address() -> None:
    volume = import_book()
    preface = volume.divisions.get(slug="preface")

    load_edition(parse_text(BOOK.replace("    Preface", "    Preface to the new edition")))

    preface.refresh_from_db()
    assert (preface.head, preface.slug) == ("Preface to the new edition", "preface")
    assert volume.divisions.count() == 2


@pytest.mark.django_db
def test_a_chapter_that_got_another_number_is_the_same_and_its_address_says_so() -> None:
    volume = import_book()
    chapter = volume.divisions.get(slug="chapter-1")

    load_edition(parse_text(BOOK.replace("1. The second year", "2. The second year")))

    chapter.refresh_from_db()
    assert (chapter.n, chapter.slug) == ("2", "chapter-2")


TWO_CHAPTERS = """\
   1. The mill

    The mill was built by the river in the spring of the year.

    It was the only one in the whole of the district.

   2. The shop

    The shop was opened a year later and sold bread.

    Nobody could say who had paid for it.
"""


@pytest.mark.django_db
def test_chapters_that_changed_places_keep_their_text_and_take_each_other_s_address() -> None:
    volume = import_book(TWO_CHAPTERS)
    mill = volume.divisions.get(head="The mill")
    one, two = TWO_CHAPTERS.split("   2. ")

    import_book("   1. " + two + "\n" + one.replace("   1. ", "   2. "))

    mill.refresh_from_db()
    assert (mill.n, mill.slug) == ("2", "chapter-2")
    assert [p.number for p in mill.paragraphs.order_by("position")] == [1, 2]


CHAPTERS = {
    "The mill": (
        "The mill was built in the spring.",
        "It stood by the river.",
        "Nobody could say who paid for it.",
    ),
    "The shop": ("The shop was opened a year later.", "It sold bread and nothing else."),
    "The yard": ("The yard was never swept.", "In the winter it was empty.[1]"),
    "The barn": ("The barn was full of sacks.", "The sacks were full of oats."),
}


def book_of(chapters: dict[str, tuple[str, ...]]) -> str:
    """The chapters with these titles, each with its number in CHAPTERS."""
    numbers = {title: n for n, title in enumerate(CHAPTERS, 1)}
    return "\n".join(
        f"   {numbers[title]}. {title}  \n\n" + "\n".join(f"    {text}  \n" for text in texts)
        for title, texts in chapters.items()
    )


@pytest.mark.django_db
def test_a_division_keeps_its_identity_by_its_title_when_its_text_moved() -> None:
    volume = import_book(book_of(CHAPTERS))
    keys = dict(volume.divisions.values_list("head", "pk"))

    # The shop has more of the mill's texts than of its own.
    moved = {"The mill": ("It burned down.",), "The shop": (*CHAPTERS["The mill"], *CHAPTERS["The shop"])}
    import_book(book_of({**CHAPTERS, **moved}))

    assert dict(volume.divisions.values_list("head", "pk")) == keys
    assert volume.divisions.get(head="The shop").paragraphs.count() == 5


@pytest.mark.django_db
def test_two_divisions_of_one_title_are_told_apart_by_their_text() -> None:
    one, two = (
        f"   Preface  \n\n    {text}  \n\n" for text in ("The mill was built by a lake.", "Nobody came.")
    )
    volume = import_book(one + two)
    mill = volume.paragraphs.get(text__startswith="The mill").division

    import_book(two + one)

    assert volume.paragraphs.get(text__startswith="The mill").division == mill
    assert volume.divisions.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("gone", "heir"), [("The barn", "The yard"), ("The yard", "The shop"), ("The mill", "The shop")]
)
def test_a_text_of_a_vanished_division_goes_to_the_nearest_before(gone: str, heir: str) -> None:
    volume = import_book(book_of(CHAPTERS))
    number = volume.divisions.get(head=gone).paragraphs.order_by("position")[0].number
    correct(number, "These are a person's words.")

    import_book(book_of({title: texts for title, texts in CHAPTERS.items() if title != gone}))

    assert not volume.divisions.filter(head=gone).exists()
    kept = volume.paragraphs.get(number=number)
    assert (kept.division.head, kept.text) == (heir, "These are a person's words.")
    # After the texts of the division before; no division stands before the mill.
    texts = list(kept.division.paragraphs.order_by("position"))
    assert texts.index(kept) == (0 if gone == "The mill" else len(CHAPTERS[heir]))


@pytest.mark.django_db
def test_a_text_of_a_vanished_division_goes_where_most_of_its_text_went() -> None:
    volume = import_book(book_of(CHAPTERS))
    number = volume.paragraphs.get(text=CHAPTERS["The shop"][1]).number
    correct(number, "These are a person's words.")

    left = {title: texts for title, texts in CHAPTERS.items() if title != "The shop"}
    import_book(book_of({**left, "The barn": (CHAPTERS["The shop"][0], *CHAPTERS["The barn"])}))

    assert volume.paragraphs.get(number=number).division.head == "The barn"


@pytest.mark.django_db
def test_a_note_of_a_vanished_division_goes_to_the_nearest_before() -> None:
    note = "   Notes  \n\n1. By the wind.    [p. 9]  \n\n"
    whole = book_of(CHAPTERS).replace("   4. The barn", f"{note}   4. The barn")
    volume = import_book(whole)
    Note.objects.update(text="By the wind, or by children.")

    import_book(book_of({title: texts for title, texts in CHAPTERS.items() if title != "The yard"}))

    [kept] = Note.objects.filter(division__volume=volume)
    assert (kept.division.head, kept.n, kept.text) == ("The shop", 1, "By the wind, or by children.")


@pytest.mark.django_db
def test_a_corrected_title_is_kept_and_a_division_that_goes_leaves_it_in_a_conflict() -> None:
    volume = import_book(TWO_CHAPTERS)
    Division.objects.filter(slug="chapter-2").update(head="The bakery")

    import_book(TWO_CHAPTERS.replace("by the river", "by the lake"))
    assert volume.divisions.get(slug="chapter-2").head == "The bakery"

    import_book(TWO_CHAPTERS.split("   2. ")[0])
    assert not volume.divisions.filter(slug="chapter-2").exists()
    assert Conflict.objects.get(field="head").human == "The bakery"


@pytest.mark.django_db
def test_a_corrected_note_is_merged_kept_or_asked_about() -> None:
    import_book()
    Note.objects.update(text="In a book that has been lost since then.")

    import_book(BOOK.replace("In a book", "In a large book"))
    assert Note.objects.get().text == "In a large book that has been lost since then."

    without = BOOK.replace("In a book that has been lost since.    [p. 3]", "").replace("1. \n  \n  \n", "")
    import_book(without)
    assert Note.objects.get().text == "In a large book that has been lost since then."
    assert Conflict.objects.get(field="text").note == Note.objects.get()


@pytest.mark.django_db
def test_notes_that_changed_their_numbers_are_the_same_notes() -> None:
    import_book()
    [note] = Note.objects.all()

    import_book(
        BOOK.replace("it down.[1]", "it down.[2]")
        .replace("worse.[2]", "worse.[1]")
        .replace("\n1. \n", "\n2. \n")
    )

    assert Note.objects.get().pk == note.pk
    assert Note.objects.get().n == 2


@pytest.mark.django_db
def test_a_definition_that_a_person_wrote_is_kept_and_a_new_one_asked_about() -> None:
    volume = import_book()
    Term.objects.filter(headword="NEP").update(definition="The policy of 1921")

    import_book(BOOK.replace("the office, and", "the office and"))
    assert volume.glossary.terms.get(headword="NEP").definition == "The policy of 1921"
    assert not Conflict.objects.exists()

    import_book(BOOK.replace("NEP  New Economic Policy", "NEP  New Economic Politics"))
    assert volume.glossary.terms.get(headword="NEP").definition == "The policy of 1921"
    assert Conflict.objects.get().term == Term.objects.get(headword="NEP")


@pytest.mark.django_db
def test_a_definition_that_no_person_touched_follows_the_key() -> None:
    volume = import_book()

    import_book(
        BOOK.replace("NEP  New Economic Policy", "NEP  New Economic Politics").replace(
            "CLD  See STO", "CLD  A council"
        )
    )

    terms = volume.glossary.terms
    assert terms.get(headword="NEP").definition == "New Economic Politics"
    assert (terms.get(headword="CLD").definition, terms.get(headword="CLD").see) == ("A council", None)


@pytest.mark.django_db
def test_a_term_that_a_person_took_away_or_renamed_does_not_come_again() -> None:
    volume = import_book()
    Term.objects.filter(headword="CLD").delete()
    Term.objects.filter(headword="STO").update(headword="S.T.O.")

    import_book(BOOK.replace("Council of Labor", "The Council of Labor"))

    assert sorted(volume.glossary.terms.values_list("headword", flat=True)) == ["NEP", "S.T.O."]
    assert volume.glossary.terms.get(headword="S.T.O.").definition == "The Council of Labor and Defense"


@pytest.mark.django_db
def test_a_term_that_the_key_has_no_more_goes_unless_a_person_worked_on_it() -> None:
    volume = import_book()
    Term.objects.filter(headword="NEP").update(definition="The policy of 1921")

    import_book(BOOK.replace("NEP  New Economic Policy  \n\n", ""))

    assert sorted(volume.glossary.terms.values_list("headword", flat=True)) == ["CLD", "NEP", "STO"]
    assert Conflict.objects.get().human == "The policy of 1921"


@pytest.mark.django_db
def test_what_a_person_said_of_the_volume_stays_when_the_manifest_comes_again() -> None:
    volume = import_book()
    Volume.objects.update(subtitle="A corrected subtitle")

    loaded = load_edition(parse_text(BOOK.replace("Two people", "Three people")))

    volume.refresh_from_db()
    assert volume.subtitle == "A corrected subtitle"
    assert [r.how for r in loaded.plan.remarks if r.what == "volume"] == [How.KEPT]
    assert MANIFEST.subtitle == ""


FUSED = BOOK.replace("first year of the NEP, and", "first year,and year of the NEP, and")


@pytest.mark.django_db
def test_a_suspect_that_was_settled_stays_settled_after_being_gone_for_a_time() -> None:
    volume = import_book(FUSED)
    suspects = Suspect.objects.filter(reading__contains="year,and")
    assert suspects.count() >= 1
    suspects.update(state=Suspect.State.DISMISSED)
    shifted = "\n\n" + FUSED.replace("Two people", "Three people")

    import_book(shifted)
    assert set(suspects.values_list("state", flat=True)) == {"dismissed"}

    import_book(BOOK)
    assert set(suspects.values_list("state", "is_found")) == {("dismissed", False)}

    import_book(FUSED)
    assert set(suspects.values_list("state", "is_found")) == {("dismissed", True)}
    assert volume.suspects.filter(reading__contains="year,and", state="open").count() == 0


PIECE = BOOK.replace("    [p. 3]", "    [p. 3]  \n\nand the other half was told elsewhere.")


@pytest.mark.django_db
def test_what_a_person_has_seen_is_not_asked_again_even_when_it_was_gone_for_a_time() -> None:
    import_book(PIECE)
    seen = Diagnostic.objects.filter(code="note-fragment")
    assert seen.update(state=Diagnostic.State.DISMISSED) == 1

    import_book("\n\n" + PIECE.replace("Two people", "Three people"))
    assert list(seen.values_list("state", "is_found")) == [("dismissed", True)]

    import_book(BOOK)
    assert list(seen.values_list("state", "is_found")) == [("dismissed", False)]

    import_book(PIECE)
    assert list(seen.values_list("state", "is_found")) == [("dismissed", True)]


@pytest.mark.django_db
def test_a_note_that_is_known_to_be_lost_is_not_asked_for_again() -> None:
    import_book()
    assert Gap.objects.filter(n=2).update(state=Gap.State.DISMISSED) == 1

    import_book("\n\n" + BOOK.replace("Two people", "Three people[^1]").replace("was worse", "was cold"))

    assert Gap.objects.get(n=2).state == Gap.State.DISMISSED


# ----------------------------------------------------------------------------------------------- the dry run


@pytest.mark.django_db
def test_a_dry_run_says_what_an_import_then_does_and_writes_nothing() -> None:
    import_book()
    correct(1, Paragraph.objects.get(number=1).text.replace("nobody came", "no one came"))
    correct(2, "The second year was much better.[^2]")
    draft = parse_text(
        BOOK.replace("a good year", "a bad year").replace("was worse", "was cold")
        + "\n    It rained, and the door of the office stood open.  \n"
    )
    before = snapshot()

    plan = plan_edition(draft)

    assert snapshot() == before
    said = list(plan.lines())
    assert any(line.startswith("paragraph 1: correction merged: ") for line in said)
    assert any(line.startswith("paragraph 2: in conflict: ") for line in said)
    assert any(line.startswith("paragraph 4: added: ") for line in said)
    assert "paragraphs: 1 added, 1 correction merged, 1 in conflict." in said
    assert said == list(load_edition(draft).plan.lines())


def said_of(what: str, text: str, manifest: Manifest = MANIFEST) -> list[str]:
    """The lines of a dry run about one kind of row."""
    return [str(r) for r in plan_edition(parse_text(text, manifest)).remarks if r.what == what]


@pytest.mark.django_db
def test_a_plan_names_the_new_suspects_alone_as_added() -> None:
    import_book(FUSED)

    assert said_of("suspect", FUSED) == []
    assert said_of("suspect", FUSED.replace("Two people came.", "Two people came,and went.")) == [
        "missing-space: came,and: added"
    ]


@pytest.mark.django_db
def test_a_plan_says_of_a_settled_suspect_that_it_stays_settled() -> None:
    import_book(FUSED)
    Suspect.objects.update(state=Suspect.State.DISMISSED)
    [suspect] = Suspect.objects.all()

    assert said_of("suspect", FUSED) == [f"{suspect}: correction kept: not a fault"]
    assert said_of("suspect", BOOK) == [f"{suspect}: correction kept: not a fault"]


@pytest.mark.django_db
def test_a_plan_names_a_suspect_that_is_gone() -> None:
    import_book(FUSED)
    [suspect] = Suspect.objects.all()

    assert said_of("suspect", BOOK) == [f"{suspect}: removed"]


@pytest.mark.django_db
def test_a_plan_says_that_a_conflict_over_a_head_still_waits() -> None:
    import_book()
    Division.objects.filter(slug="preface").update(head="A preface by the author")
    changed = BOOK.replace("    Preface", "    Introduction")
    load_edition(parse_text(changed))
    assert Conflict.objects.get().field == "head"

    assert said_of("division", changed) == [
        "division A preface by the author: in conflict: since an earlier import"
    ]


@pytest.mark.django_db
def test_a_plan_says_that_a_conflict_over_the_volume_s_title_still_waits() -> None:
    import_book()
    Volume.objects.update(title="The Case, Corrected")
    changed = replace(MANIFEST, title="Another case")

    assert said_of("volume", BOOK, changed) == ["title: in conflict: “The Case, Corrected” → “Another case”"]
    load_edition(parse_text(BOOK, changed))

    assert said_of("volume", BOOK, changed) == ["title: in conflict: since an earlier import"]
    assert Conflict.objects.get().state == "open"


@pytest.mark.django_db
def test_a_plan_says_what_changes_in_the_volume_s_description() -> None:
    import_book()

    assert said_of("volume", BOOK, replace(MANIFEST, year=1931)) == ["year: changed: “1930” → “1931”"]


NOTE = "1. \n  \n  \n\nIn a book that has been lost since.    [p. 3]  \n"


@pytest.mark.django_db
def test_a_plan_names_a_note_by_its_number() -> None:
    assert said_of("note", BOOK) == ["note 1 of Preface: added"]
    import_book()
    Note.objects.update(text="In a book.")

    assert said_of("note", BOOK.replace("lost since", "lost for ever")) == [
        "note 1 of Preface: in conflict: “a book.” → “a book that has been lost for ever.”"
    ]
    assert said_of("note", BOOK.replace(NOTE, "")) == [
        "note 1: in conflict: the new text has no place for it"
    ]


@pytest.mark.django_db
def test_a_plan_names_a_note_without_a_number_a_fragment() -> None:
    import_book(PIECE)

    [removed] = said_of("note", BOOK)

    assert removed.startswith("fragment of a note: removed: “and the other half")


@pytest.mark.django_db
def test_a_plan_says_which_division_a_paragraph_moved_to() -> None:
    import_book(book_of(CHAPTERS))
    first, *rest = CHAPTERS["The barn"]
    moved = {"The yard": (*CHAPTERS["The yard"], first), "The barn": tuple(rest)}

    assert said_of("paragraph", book_of({**CHAPTERS, **moved})) == [
        "paragraph 8: moved: to division 3. The yard"
    ]


@pytest.mark.django_db
def test_a_plan_says_what_the_address_of_a_chapter_is_now() -> None:
    import_book(book_of(CHAPTERS).replace("2. The shop", "4. The shop"))

    said = said_of("division", book_of(CHAPTERS))

    assert said == ["division 4. The shop: changed: its address is now chapter-2"]


@pytest.mark.django_db
def test_a_plan_says_which_chapters_changed_places() -> None:
    texts = {
        title: f"   Preface to {title.lower()}  \n\n    {CHAPTERS[title][0]}  \n\n" for title in CHAPTERS
    }
    import_book("".join(texts.values()))
    first = texts.pop("The mill")

    assert said_of("division", "".join(texts.values()) + first) == ["division Preface to the mill: moved"]


@pytest.mark.django_db
def test_an_import_that_a_person_agreed_to_is_done_only_as_it_was_shown() -> None:
    import_book()
    draft = parse_text(BOOK.replace("was worse", "was cold"))
    shown = plan_edition(draft).digest()
    assert plan_edition(draft).digest() == shown
    correct(2, "The second year was much better.[^2]")
    before = snapshot()

    with pytest.raises(PlanChanged) as caught:
        load_edition(draft, shown=shown)

    assert snapshot() == before
    assert "paragraphs: 1 in conflict." in list(caught.value.plan.lines())
    now = caught.value.plan.digest()
    assert now == plan_edition(draft).digest() != shown
    assert list(load_edition(draft, shown=now).plan.summary())[:1] == ["witnesses: 1 changed."]


@pytest.mark.django_db
def test_the_database_refuses_to_write_in_a_dry_run(monkeypatch: pytest.MonkeyPatch) -> None:
    import_book()

    def write(*planned: object) -> None:
        Paragraph.objects.update(text="written all the same")

    monkeypatch.setattr(planning, "plan_pages", write)

    with pytest.raises(Exception, match="read-only transaction"):
        plan_edition(parse_text(BOOK))


@pytest.mark.django_db
def test_the_command_s_dry_run_of_a_new_volume_leaves_the_archive_empty(tmp_path: Path) -> None:
    out = StringIO()

    call_command("import_volume", str(write_volume(tmp_path, BOOK)), dry_run=True, stdout=out)

    assert not Volume.objects.exists()
    assert "paragraphs: 3 added." in out.getvalue()
    assert "Nothing was written." in out.getvalue()


@pytest.mark.django_db
def test_what_is_new_stands_in_a_dry_run_by_its_own_words(tmp_path: Path) -> None:
    out = StringIO()
    call_command("import_volume", str(write_volume(tmp_path, BOOK)), dry_run=True, stdout=out)

    added = [line for line in out.getvalue().splitlines() if line.startswith("paragraph ")]
    assert added[0].startswith("paragraph 1: added: “")
    assert not [line for line in added if "“”" in line]


@pytest.mark.django_db
def test_the_rows_of_an_import_are_counted_in_words(tmp_path: Path) -> None:
    out = StringIO()
    call_command("import_volume", str(write_volume(tmp_path, BOOK)), stdout=out)

    [said] = re.findall(r"added (.*)\.", out.getvalue().splitlines()[-1])
    assert said.startswith("1 glossary, 1 volume, 1 witness, 3 terms, ")


# ------------------------------------------------------------------------------- two at once, and a sudden end


def start_import(manifest: Path) -> "subprocess.Popen[str]":
    return start("manage.py", "import_volume", str(manifest))


def test_an_import_that_is_killed_in_the_middle_leaves_the_old_edition_whole(
    tmp_path: Path, other_connection: "psycopg.Connection[Any]"
) -> None:
    manifest = write_volume(tmp_path, BOOK)
    call_command("import_volume", str(manifest), stdout=StringIO())
    before = snapshot()
    write_volume(tmp_path, BOOK.replace("Two people came", "Three people stayed"))
    # This lock stops the import at the pages, after the texts are written.
    other_connection.execute("LOCK TABLE reader_publishedpage IN SHARE MODE")

    importing = start_import(manifest)
    blocked = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'reader_publishedpage'::regclass)"
    wait_for(blocked, other_connection, importing)
    importing.kill()
    importing.communicate()
    other_connection.commit()

    wait_for(
        "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
        other_connection,
    )
    assert snapshot() == before
    assert importing.returncode == -9


def test_a_second_import_says_that_it_waits_and_then_does_its_work(
    tmp_path: Path, other_connection: "psycopg.Connection[Any]"
) -> None:
    manifest = write_volume(tmp_path, BOOK)
    other_connection.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(b"offices")])

    importing = start_import(manifest)
    assert importing.stdout is not None
    first = importing.stdout.readline()
    other_connection.commit()
    rest, _ = importing.communicate()

    assert first == "offices: another import of this volume is under way; waiting until it has ended.\n"
    assert importing.returncode == 0, rest
    assert Volume.objects.get().paragraphs.count() == 3


# ------------------------------------------------------------------------------------------ a person decides


def conflict_of_the_second_paragraph() -> Conflict:
    import_book()
    correct(2, "The second year was much better.[^2]")
    import_book(BOOK.replace("was worse", "was cold"))
    return Conflict.objects.get()


def decide(client: Client, conflict: Conflict, decision: str, typed: str = "") -> HttpResponse:
    url = reverse("admin:reader_conflict_change", args=[conflict.pk])
    assert client.get(url).status_code == 200
    return client.post(url, {"decision": decision, "typed": typed})  # type: ignore[return-value]


@pytest.mark.usefixtures("static_root")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("decision", "typed", "read"),
    [
        ("mine", "", "The second year was much better.[^2]"),
        ("theirs", "", "The second year was cold.[^2]"),
        ("typed", "The second year was cold and better.[^2]", "The second year was cold and better.[^2]"),
    ],
)
def test_a_person_decides_and_the_decision_is_read_and_stands(
    admin_client: Client, decision: str, typed: str, read: str
) -> None:
    conflict = conflict_of_the_second_paragraph()

    assert decide(admin_client, conflict, decision, typed).status_code == 302

    conflict.refresh_from_db()
    assert conflict.state == "resolved"
    assert Paragraph.objects.get(number=2).text == read
    assert markup.plain(read) in re.sub(
        r"<[^>]+>(\d<[^>]+>)?", "", admin_client.get("/case/preface/").content.decode()
    )
    assert load_edition(parse_text(BOOK.replace("was worse", "was cold"))).is_unchanged


@pytest.mark.usefixtures("static_root")
@pytest.mark.django_db
def test_a_decision_that_drops_a_note_s_call_is_refused(admin_client: Client) -> None:
    conflict = conflict_of_the_second_paragraph()

    response = decide(admin_client, conflict, "typed", "The second year was cold and better.")

    assert "The call of note 2 was dropped" in response.content.decode()
    assert Conflict.objects.get().state == "open"


@pytest.mark.usefixtures("static_root")
@pytest.mark.django_db
@pytest.mark.parametrize(("decision", "numbers"), [("mine", [1, 2, 3]), ("theirs", [1, 3])])
def test_a_paragraph_without_a_place_is_kept_or_removed_as_a_person_decides(
    admin_client: Client, decision: str, numbers: list[int]
) -> None:
    import_book()
    correct(2, "The second year was much worse.[^2]")
    import_book(WITHOUT_SECOND)

    assert decide(admin_client, Conflict.objects.get(), decision).status_code == 302

    assert sorted(Paragraph.objects.values_list("number", flat=True)) == numbers
    assert load_edition(parse_text(WITHOUT_SECOND)).is_unchanged

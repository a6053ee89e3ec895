"""The edition as data: the document that is written, and its restoring."""

import json
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from corpus_import.loading.document import Document, read_document
from corpus_import.loading.restoring import restore_document
from corpus_import.loading.write import load_edition
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.pipeline import parse_volume
from glossary.models import Glossary, Sense, Term, TermForm
from reader.correction.correcting import correct
from reader.exports.document import KEYS, export_volume
from reader.models import (
    Candidate,
    Conflict,
    Diagnostic,
    Division,
    Gap,
    Level,
    Note,
    PageBreak,
    Paragraph,
    PublishedPage,
    Revision,
    Settlement,
    Suspect,
    TermOccurrence,
    Volume,
)
from reader.publishing.publish import publish_chapters, publish_volume
from reader.text.markup import plain
from tests.corpus_import.loading.test_importing_again import snapshot
from tests.corpus_import.loading.test_no_correction_is_lost import Book, book_of
from tests.corpus_import.loading.test_write import BOOK
from tests.corpus_import.parsing.case_files import parse_text
from tests.examples import examples
from tests.factories import make_candidate, make_sense, make_settlement, make_term
from tests.sample import MANIFEST as SAMPLE

CHECKOUT = Path(__file__).parents[3]
FORMAT_PAGE = CHECKOUT / "docs" / "edition-format.md"
[EXAMPLE] = re.findall(r"```json\n(.*?)```", FORMAT_PAGE.read_text(encoding="utf-8"), re.DOTALL)
CORRECTED = "The second year was much worse.[^2]"

pytestmark = pytest.mark.django_db


def import_book(text: str = BOOK) -> Volume:
    volume = load_edition(parse_text(text)).volume
    volume.refresh_from_db()
    return volume


def corrected_book() -> Volume:
    """A volume on which persons have worked, with an open conflict."""
    volume = import_book()
    Paragraph.objects.filter(number=2).update(text=CORRECTED)
    Paragraph.objects.filter(number=3).update(text="Two cats came.")
    Note.objects.update(text="In a *book* that has been lost since.")
    Term.objects.filter(headword="NEP").update(definition="The policy of 1921")
    Division.objects.filter(slug="preface").update(head="A preface")
    make_term(volume.glossary, "Soviet", definition="A council")
    Paragraph.objects.filter(number=1).update(level=Level.VALIDATED, proofread_by=7)
    Paragraph.objects.filter(number=2).update(level=Level.PROOFREAD, proofread_by=7)
    Note.objects.update(level=Level.PROBLEMATIC)
    Gap.objects.update(state=Gap.State.DISMISSED)
    Diagnostic.objects.create(
        volume=volume,
        witness=volume.witnesses.get(),
        line=3,
        code="page",
        message="A page is missing.",
        state=Diagnostic.State.DISMISSED,
        paragraph=volume.paragraphs.get(number=1),
    )
    import_book(BOOK.replace("Two people came", "Two dogs came"))
    assert Conflict.objects.count() == 1
    return volume


def book_with_senses() -> Volume:
    """A volume whose glossary an editor worked on."""
    volume = import_book()
    nep = volume.glossary.terms.get(headword="NEP")
    policy, years = make_sense(nep, "The policy"), make_sense(nep, "Its years", applies="of a time")
    Term.objects.filter(pk=nep.pk).update(settled_sense=policy, in_emphasis=False)
    nep.exceptions.create(text="NEP Street")
    TermForm.objects.filter(term=nep, text="NEP").update(case=TermForm.Case.INSIDE)
    book = make_term(volume.glossary, "Book", definition="")
    make_settlement(volume.paragraphs.get(number=1), "NEP", nep, years)
    make_settlement(Note.objects.get(), "book", book)
    make_candidate(volume, "Book", state=Candidate.State.ACCEPTED, term=book)
    make_candidate(volume, "clerk", state=Candidate.State.REFUSED)
    publish_volume(volume)
    return volume


def document_of(volume: Volume) -> Any:
    return json.loads(export_volume(volume))


def restore(text: str, **options: Any) -> Volume:
    return restore_document(Document("edition.json", json.loads(text)), **options).volume


def but_for_days(text: str) -> str:
    """A document without when its revisions were made, and what readers saw at former ones."""
    former = r'(?:,\n  "former_texts": \[.*?\n  \])?'
    return re.sub(rf'"revisions": \[.*?\n  \]{former}', "", text, flags=re.DOTALL)


def empty_archive() -> None:
    Volume.objects.all().delete()
    Glossary.objects.all().delete()


def test_the_document_has_its_keys_in_their_order() -> None:
    assert tuple(document_of(import_book())) == KEYS


def test_the_document_says_what_stands_where() -> None:
    document = document_of(import_book(BOOK.replace("came.\n", "came\npage 5\n here.  \n")))

    assert [(d["id"], d["kind"], d["n"], d["parent"], d["page"]) for d in document["divisions"]] == [
        ("preface", "front", "", None, "3"),
        ("chapter-1", "chapter", "1", None, "4"),
    ]
    first = document["paragraphs"][0]
    assert (first["id"], first["division"], first["kind"], first["continues"]) == (
        1,
        "preface",
        "prose",
        False,
    )
    assert first["text"].endswith("wrote it down.[^1]")
    assert first["lines"] == [[1, 11, 12]]
    [note] = document["notes"]
    assert (note["id"], note["division"], note["n"], note["state"]) == ("preface:1", "preface", 1, "complete")
    assert document["gaps"] == [{"division": "preface", "note": 2}]
    assert [(t["headword"], t["see"]) for t in document["terms"]] == [
        ("CLD", "STO"),
        ("NEP", None),
        ("STO", None),
    ]


def test_a_page_inside_a_text_has_its_offset_in_the_text_without_markup() -> None:
    volume = import_book()
    Paragraph.objects.filter(number=2).update(text="Of the *second*[^2] year{p. 4} it was said.")

    pages = {page["n"]: page for page in document_of(volume)["pages"]}

    assert pages["4"] == {"n": "4", "certainty": "attested", "paragraph": 2, "offset": 18}
    assert pages["3"] == {"n": "3", "certainty": "attested", "division": "preface"}


def test_the_audit_is_exported_and_balances() -> None:
    [audit] = document_of(import_book())["audit"]

    assert audit["balanced"] is True
    assert audit["total"] == sum(audit["characters"].values()) == sum(not c.isspace() for c in BOOK)


def test_an_audit_that_does_not_balance_comes_back_as_it_was() -> None:
    document = document_of(import_book())
    document["audit"][0]["balanced"] = False
    empty_archive()

    assert document_of(restore(json.dumps(document)))["audit"] == document["audit"]


def test_diagnostics_that_stand_in_another_order_than_they_came_are_left_alone() -> None:
    volume = import_book()
    for line in (9, 1):
        Diagnostic.objects.create(
            volume=volume, witness=volume.witnesses.get(), line=line, code="odd", message="Odd."
        )
    before = list(Diagnostic.objects.order_by("pk").values())

    restore(export_volume(volume))

    assert list(Diagnostic.objects.order_by("pk").values()) == before


def test_an_edition_is_restored_in_an_empty_archive_corrections_included() -> None:
    text = export_volume(corrected_book())
    published = sorted(PublishedPage.objects.values_list("path", flat=True))
    empty_archive()

    volume = restore(text)

    assert export_volume(volume) == text
    assert volume.paragraphs.get(number=2).text == CORRECTED
    assert Conflict.objects.get().human == "Two cats came."
    assert volume.glossary.terms.get(headword="Soviet").forms.exists()
    assert sorted(PublishedPage.objects.values_list("path", flat=True)) == published
    assert Gap.objects.count() == 1


def book_that_refers() -> Volume:
    """A volume with cross-references; a correction wrote the ones of the first paragraph anew, after all others."""
    text = BOOK.replace("was worse", "was worse (see chapter 1)").replace(
        "lost since", "lost since; see chapter 1"
    )
    volume = import_book(text.replace("nobody came.", "nobody came (see p. 4; see p. 9)."))
    paragraph = volume.paragraphs.get(number=1)
    paragraph.text = f"Then {paragraph.text}"
    paragraph.save(update_fields=["text"])
    publish_chapters(volume, [paragraph.division])
    return volume


def test_cross_references_are_exported_in_the_order_of_the_book_at_their_new_places() -> None:
    volume = book_that_refers()

    document = document_of(volume)

    texts = {row["id"]: plain(row["text"]) for row in (*document["paragraphs"], *document["notes"])}
    found = [(row.get("paragraph", row.get("note")), row) for row in document["cross_references"]]
    assert [(key, row["reading"]) for key, row in found] == [
        *((1, "see p. 4"), (1, "see p. 9"), (2, "see chapter 1"), ("preface:1", "see chapter 1")),
    ]
    assert all(texts[key][row["start"] : row["end"]] == row["reading"] for key, row in found)
    ids = list(volume.cross_references.order_by("id").values_list("paragraph__number", flat=True))
    assert ids != [1, 1, 2, None], "the test shows nothing if rows happen to stand in this order"


def test_cross_references_are_found_again_whatever_the_document_says_of_them() -> None:
    volume = book_that_refers()
    text = export_volume(volume)
    document = json.loads(text)
    document["cross_references"] = document["cross_references"][1:2]
    document["cross_references"][0]["start"] = 3

    assert restore_document(Document("edition.json", document)).is_unchanged
    empty_archive()

    assert export_volume(restore(json.dumps(document))) == text


def test_reading_a_document_back_over_its_own_volume_changes_nothing() -> None:
    volume = corrected_book()
    text = export_volume(volume)
    before = snapshot()

    loaded = restore_document(Document("edition.json", json.loads(text)))

    assert loaded.is_unchanged
    assert snapshot() == before


def test_an_import_after_a_restoration_merges_as_if_nothing_had_happened() -> None:
    text = export_volume(corrected_book())
    empty_archive()
    restore(text)

    assert load_edition(parse_text(BOOK.replace("Two people came", "Two dogs came"))).is_unchanged


def test_what_another_import_changed_is_put_back() -> None:
    volume = import_book()
    text = export_volume(volume)
    import_book(
        BOOK.replace("    Two people came.  \n", "    Nothing was as it had been.  \n").replace(
            "1. The s", "2. The s"
        )
    )

    restore(text)

    volume.refresh_from_db()
    assert sorted(volume.paragraphs.values_list("number", flat=True)) == [1, 2, 3]
    # Numbers and revisions given meanwhile are not given again: only these fields differ.
    assert (volume.last_number, volume.revision) == (4, 3)
    numbers = re.compile(r'"(last_number|revision)": \d+')
    assert numbers.sub("", but_for_days(export_volume(volume))) == numbers.sub("", but_for_days(text))


def test_a_correction_that_the_document_lacks_is_not_lost_unasked() -> None:
    volume = import_book()
    text = export_volume(volume)
    Paragraph.objects.filter(number=2).update(text=CORRECTED)

    with pytest.raises(ImportFault, match="paragraph 2 was corrected since"):
        restore(text)
    assert volume.paragraphs.get(number=2).text == CORRECTED

    restore(text, replace=True)
    assert but_for_days(export_volume(volume)) == but_for_days(text).replace('"revision": 1', '"revision": 2')


def test_what_an_editor_says_of_a_term_is_in_the_document() -> None:
    document = document_of(book_with_senses())

    [nep] = [term for term in document["terms"] if term["headword"] == "NEP"]
    assert nep["senses"] == [
        {"n": 1, "definition": "The policy", "applies": ""},
        {"n": 2, "definition": "Its years", "applies": "of a time"},
    ]
    assert (nep["settled_sense"], nep["in_emphasis"], nep["exceptions"]) == (1, False, ["NEP Street"])
    assert ["NEP", "inside"] in nep["forms"]
    assert document["volume"]["settlements"] == [
        {"term": "Book", "note": "preface:1", "before": "In a", "reading": "book", "after": "that has been"}
        | {"sense": None},
        {"term": "NEP", "paragraph": 1, "before": "year of the", "reading": "NEP", "after": ", and nobody"}
        | {"sense": 2},
    ]
    assert [row["state"] for row in document["volume"]["candidates"]] == ["accepted", "refused"]


def test_senses_settlements_and_settled_candidates_come_back() -> None:
    volume = book_with_senses()
    text = export_volume(volume)
    occurrences = sorted(TermOccurrence.objects.values_list("term__headword", "start", "sense__n"))
    assert occurrences == [("NEP", 47, 2)]
    empty_archive()

    restored = restore(text)

    assert export_volume(restored) == text
    assert sorted(TermOccurrence.objects.values_list("term__headword", "start", "sense__n")) == occurrences
    assert Candidate.objects.get(headword="Book").term == Term.objects.get(headword="Book")
    assert restore_document(Document("edition.json", json.loads(text))).is_unchanged


@pytest.mark.parametrize(
    "kind",
    ["sense", "exception", "settlement", "candidate", "emphasis", "settled", "level", "gap", "diagnostic"],
)
def test_what_an_editor_said_since_is_not_lost_unasked(kind: str) -> None:
    volume = import_book()
    text = export_volume(volume)
    term = volume.glossary.terms.get(headword="NEP")
    match kind:
        case "sense":
            make_sense(term)
        case "exception":
            term.exceptions.create(text="NEP Street")
        case "settlement":
            make_settlement(volume.paragraphs.get(number=1), "NEP", term)
        case "candidate":
            make_candidate(volume, "clerk", state=Candidate.State.REFUSED)
        case "emphasis":
            Term.objects.filter(pk=term.pk).update(in_emphasis=False)
        case "settled":
            Term.objects.filter(pk=term.pk).update(settled_sense=make_sense(term))
        case "level":
            Note.objects.update(level=Level.PROOFREAD)
        case "gap":
            Gap.objects.update(state=Gap.State.DISMISSED)
        case "diagnostic":
            Diagnostic.objects.create(
                volume=volume, line=1, code="page", message="A page.", state="dismissed"
            )

    with pytest.raises(ImportFault, match="was corrected since"):
        restore(text)

    restore(text, replace=True)
    assert but_for_days(export_volume(volume)) == but_for_days(text).replace('"revision": 1', '"revision": 2')


def test_a_sense_that_was_taken_away_or_changed_is_put_back() -> None:
    text = export_volume(book_with_senses())
    Sense.objects.filter(n=1).update(definition="Another")
    Sense.objects.filter(n=2).delete()
    assert Settlement.objects.count() == 1

    volume = restore(text, replace=True)

    assert but_for_days(export_volume(volume)) == but_for_days(text).replace('"revision": 2', '"revision": 3')


def test_a_document_of_an_older_archive_is_read() -> None:
    document = document_of(import_book())
    for name in ("revision", "settlements", "candidates"):
        del document["volume"][name]
    for term in document["terms"]:
        term["forms"] = [[text, case == "exact"] for text, case in term["forms"]]
    document["terms"][1]["forms"] = [["NEP", False]]
    empty_archive()

    volume = restore(json.dumps(document))

    forms = TermForm.objects.filter(term__headword="NEP").values_list("text", "case")
    assert list(forms) == [("NEP", TermForm.Case.ANY)]
    assert volume.revision == 1


def test_a_volume_that_comes_back_has_the_revision_that_citations_name() -> None:
    volume = import_book()
    for _ in range(4):
        publish_volume(volume)
    text = export_volume(volume)
    empty_archive()

    restored = restore(text)

    restored.refresh_from_db()
    assert restored.revision == 5
    assert "revision 5 of the text" in bytes(PublishedPage.objects.get(path="case/").html).decode()


def test_a_volume_keeps_a_higher_revision_of_its_own() -> None:
    volume = import_book()
    text = export_volume(volume)
    publish_volume(volume)

    assert restore(text).revision == 2

    earlier = json.loads(text)
    earlier["volume"]["revision"] = 9
    restore(json.dumps(earlier))
    volume.refresh_from_db()
    assert volume.revision == 9


def test_levels_and_what_persons_have_seen_are_there_where_they_say_something() -> None:
    plain = document_of(import_book())
    document = document_of(corrected_book())

    assert not any("level" in text for text in plain["paragraphs"] + plain["notes"])
    assert "state" not in plain["gaps"][0]
    assert [text.get("level") for text in document["paragraphs"]] == ["validated", "proofread", None]
    assert document["notes"][0]["level"] == "problematic"
    assert document["gaps"] == [{"division": "preface", "note": 2, "state": "dismissed"}]
    [said] = [d for d in document["volume"]["diagnostics"] if d["code"] == "page"]
    assert (said["line"], said["state"], said["paragraph"], said["is_found"]) == (3, "dismissed", 1, False)


def test_no_key_of_an_account_is_in_a_document() -> None:
    volume = corrected_book()
    Paragraph.objects.update(corrected_by=[987_654], proofread_by=987_654)

    assert "987654" not in export_volume(volume)


def test_who_proofread_a_text_is_kept_over_its_own_volume_and_unknown_in_another() -> None:
    text = export_volume(corrected_book())

    restore(text)
    assert Paragraph.objects.get(number=2).proofread_by == 7

    empty_archive()
    restore(text)
    paragraph = Paragraph.objects.get(number=2)
    assert (paragraph.level, paragraph.proofread_by) == (Level.PROOFREAD, None)


def test_a_text_that_is_put_back_has_the_level_of_the_document() -> None:
    volume = corrected_book()
    text = export_volume(volume)
    Paragraph.objects.filter(number=2).update(text="Another year.[^2]")
    Paragraph.objects.filter(number=3).update(level=Level.PROOFREAD, proofread_by=8)

    volume = restore(text, replace=True)

    assert but_for_days(export_volume(volume)) == re.sub(
        r'"revision": (\d+)', lambda found: f'"revision": {int(found[1]) + 1}', but_for_days(text)
    )
    second, third = (volume.paragraphs.get(number=n) for n in (2, 3))
    assert [(p.level, p.proofread_by) for p in (second, third)] == [
        ("proofread", None),
        ("not-proofread", None),
    ]
    assert second.history.first().level == Level.PROOFREAD


def test_the_sample_volume_comes_back_as_it_was() -> None:
    volume = load_edition(parse_volume(SAMPLE)).volume
    Suspect.objects.update(state=Suspect.State.DISMISSED)
    Gap.objects.update(state=Gap.State.DISMISSED)
    Paragraph.objects.update(level=Level.PROOFREAD)
    publish_volume(volume)
    text = export_volume(volume)
    pages = [
        bytes(html)
        for html in PublishedPage.objects.filter(volume=volume)
        .order_by("path")
        .values_list("html", flat=True)
    ]
    empty_archive()

    restored = restore(text)

    assert export_volume(restored) == text
    assert [
        bytes(html)
        for html in PublishedPage.objects.filter(volume=restored)
        .order_by("path")
        .values_list("html", flat=True)
    ] == pages
    assert PageBreak.objects.filter(volume=restored).count() == len(json.loads(text)["pages"])


class WhatIsExportedComesBack(TestCase):
    """Whatever was imported and corrected, the document restores the volume, and a new export gives equal bytes."""

    @examples(25, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(st.integers(0, 3), st.sampled_from(["", "late"]), st.booleans()), min_size=1, max_size=4
        ),
        st.lists(
            st.tuples(st.integers(0, 3), st.sampled_from(["", "grey"]), st.booleans()), min_size=1, max_size=4
        ),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30),
        st.sampled_from(Level.values),
        st.sampled_from(Gap.State.values),
    )
    def test_the_document_gives_the_same_bytes_again(
        self, first: Book, then: Book, word: str, level: str, state: str
    ) -> None:
        import_book(book_of(first))
        Paragraph.objects.filter(number=1).update(text=f"{word}[^9]", level=level)
        volume = import_book(book_of(then))
        publish_volume(volume)  # finds the gap
        Gap.objects.update(state=state)
        Diagnostic.objects.update(state=state)
        text = export_volume(volume)

        assert restore_document(Document("e.json", json.loads(text))).is_unchanged
        empty_archive()

        assert export_volume(restore(text)) == text


# ---------------------------------------------------------------------------------------------- the commands


def test_the_commands_write_a_document_and_read_it_back(tmp_path: Path) -> None:
    volume = corrected_book()
    path, again = tmp_path / "edition.json", tmp_path / "again.json"

    call_command("export_volume", volume.slug, format="json", output=path)
    empty_archive()
    call_command("import_volume", str(path), stdout=StringIO())
    call_command("export_volume", volume.slug, output=again)

    assert again.read_bytes() == path.read_bytes()
    out = StringIO()
    call_command("export_volume", volume.slug, stdout=out)
    assert out.getvalue() == path.read_text(encoding="utf-8")


def test_a_dry_run_of_a_document_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "edition.json"
    path.write_text(export_volume(import_book()), encoding="utf-8")
    empty_archive()
    out = StringIO()

    call_command("import_volume", str(path), dry_run=True, stdout=out)

    assert "paragraphs: 3 added." in out.getvalue()
    assert not Volume.objects.exists()
    assert not Glossary.objects.exists()


def test_a_volume_that_is_not_there_is_an_error_in_one_sentence() -> None:
    with pytest.raises(CommandError, match="nowhere: there is no such volume; there are: none"):
        call_command("export_volume", "nowhere")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "edition.json, line 1: this is not JSON"),
        ("[]", "edition.json: this is not an edition; its keys must be volume, divisions"),
        ('{"volume": 1}', "edition.json: this is not an edition"),
        ("\ufeff", "edition.json, line 1: this is not JSON"),
    ],
)
def test_what_is_no_edition_is_an_error_that_names_the_file(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "edition.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ImportFault) as caught:
        read_document(path)

    assert str(caught.value).startswith(said)


def test_a_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="the document cannot be read") as caught:
        read_document(tmp_path)

    assert str(caught.value).startswith(f"{tmp_path}: ")


def change(document: Any, path: str, value: Any) -> None:
    *steps, last = path.split(".")
    for step in steps:
        document = document[int(step) if step.isdigit() else step]
    if last.isdigit():
        document[int(last)] = value
    elif value is ...:
        del document[last]
    else:
        document[last] = value


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("volume.slug", "Not A Slug", "volume: “slug” must be small letters"),
        ("volume.format", 99, "volume: “format” must be 1 or 2"),
        ("volume.revisions.0.made_at", "2026", "revisions, number 1: “made_at” must be a date and time"),
        (
            "volume.revisions.0.made_at",
            "2026-01-02T03:04:05",
            "“made_at” must be a date and time with its zone",
        ),
        ("volume.revisions.0.n", "1", "revisions, number 1: “n” must be a whole number"),
        ("volume.year", "1930", "volume: “year” must be a whole number"),
        ("volume.year", True, "volume: “year” must be a whole number"),
        ("volume.year", 10**9, "the database refuses the document"),
        ("volume.witnesses.0.content", "AAAA", "the content is not what its digest says"),
        ("volume.witnesses.0.content", "!", "“content” must be base64"),
        ("divisions.1.id", "preface", "there are two divisions “preface”"),
        ("divisions.0.parent", "chapter-1", "“parent” names 'chapter-1', which is not in the document"),
        ("divisions.0.kind", "canto", "“kind” must be one of front"),
        ("paragraphs.0.division", "nowhere", "paragraphs, number 1: “division” names 'nowhere'"),
        ("paragraphs.0.division", ["x"], "paragraphs, number 1: “division” names"),
        ("paragraphs.1.id", 1, "1 is taken"),
        ("paragraphs.1.id", 99, "99 is taken, or higher than the last number"),
        ("paragraphs.0.text", ..., "paragraphs, number 1: “text” must be text"),
        ("paragraphs.0.text", "a\0b", "“text” holds a character that no text has"),
        ("paragraphs.0.text", "a\ud800b", "“text” holds a character that no text has"),
        ("paragraphs.0.lines", [[1, 2]], "“lines” must be lists of three numbers"),
        ("notes.0.id", "preface:7", "“id” must be preface:1"),
        ("notes.0", 7, "notes, number 1: this must be an object"),
        ("terms.0.see", "nowhere", "“see” names 'nowhere'"),
        ("terms.0.forms", [["a"]], "“forms” must be lists"),
        ("terms.0.forms", [["a", "loud"]], "“forms” must be lists of a spelling and one of exact"),
        ("terms.0.exceptions", [7], "“exceptions” must be a list of phrases"),
        ("terms.0.senses", [{"n": 1, "applies": ""}], "sense 1: “definition” must be text"),
        ("terms.0.settled_sense", 3, "“settled_sense” names 3, which is no sense of the term"),
        ("volume.revision", "seven", "“revision” must be a whole number"),
        ("volume.settlements", [{"term": "nobody"}], "“term” names 'nobody'"),
        ("volume.candidates", [{"headword": "a"}], "candidates, number 1: “definition” must be text"),
        ("paragraphs.0.level", "perfect", "paragraphs, number 1: “level” must be one of not-proofread"),
        ("gaps.0.state", "found", "gaps, number 1: “state” must be one of open, dismissed"),
        ("gaps.0.division", "nowhere", "gaps, number 1: “division” names 'nowhere'"),
        ("volume.diagnostics", [{"line": "3"}], "diagnostics, number 1: “line” must be a whole number"),
        ("gaps", ..., "this is not an edition"),
        ("suspects", {}, "“suspects” must be a list"),
    ],
)
def test_a_document_that_is_not_whole_is_an_error_and_writes_nothing(
    tmp_path: Path, path: str, value: Any, said: str
) -> None:
    document = document_of(import_book())
    change(document, path, value)
    empty_archive()
    file = tmp_path / "edition.json"
    file.write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(CommandError) as caught:
        call_command("import_volume", str(file), stdout=StringIO())

    assert said in str(caught.value)
    assert str(caught.value).startswith("edition.json")
    assert not Volume.objects.exists()


# ------------------------------------------------------------------------------------------ the documentation


def test_the_example_of_the_format_s_page_is_an_edition_that_comes_back() -> None:
    assert export_volume(restore(EXAMPLE)) == EXAMPLE


def test_the_format_s_page_explains_every_field() -> None:
    page = FORMAT_PAGE.read_text(encoding="utf-8")
    explained = set(re.findall(r"`(\w+)`", page.replace(EXAMPLE, "")))

    def fields(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*(fields(item) for item in value))
        if not isinstance(value, dict):
            return set()
        return set(value).union(
            *(fields(v) for k, v in value.items() if k not in ("characters", "imported_description"))
        )

    assert fields(json.loads(EXAMPLE)) - explained == set()


def test_a_supplied_note_comes_back_with_its_copy_and_day() -> None:
    volume = import_book()
    Note.objects.update(supplied_from="the mill's copy", supplied_on="2026-01-02")
    written = export_volume(volume)
    empty_archive()

    restore(written)

    assert Note.objects.values_list("supplied_from", "supplied_on").get() == ("the mill's copy", "2026-01-02")
    assert export_volume(Volume.objects.get()) == written


# ---------------------------------------------------------------------------------------------- documents of format 1

FORMAT_1 = Path(__file__).with_name("edition-format-1.json").read_text(encoding="utf-8")


def test_a_document_of_format_1_is_read() -> None:
    volume = restore(FORMAT_1)

    old, new = json.loads(FORMAT_1), document_of(volume)
    assert (old["volume"].pop("format"), new["volume"].pop("format")) == (1, 2)
    # What an old document does not say is known since it was read, or found again in the text.
    [revision] = new["volume"].pop("revisions")
    assert revision["n"] == old["volume"]["revision"] == 4
    assert new["volume"]["deeds"][0].pop("made_at")
    assert new["emendations"][0].pop("offset") == 9
    assert new == old


def test_a_document_of_format_1_takes_no_day_and_no_place_away() -> None:
    restore(FORMAT_1)
    volume = Volume.objects.get()
    Paragraph.objects.filter(number=3).update(corrected_on="2026-01-03")
    Division.objects.update(corrected_on="2026-01-04")
    volume.emendations.update(offset=9)
    text = export_volume(volume)

    assert restore_document(Document("edition.json", json.loads(FORMAT_1))).is_unchanged
    assert export_volume(volume) == text


def test_a_document_of_format_1_has_no_day_for_a_text_that_it_changes() -> None:
    restore(FORMAT_1)
    Paragraph.objects.filter(number=3).update(text="Two birds came.", corrected_on="2026-01-03")

    restore(FORMAT_1, replace=True)

    assert Paragraph.objects.values_list("text", "corrected_on").get(number=3) == ("Two cats came.", "")


# ---------------------------------------------------------------------------------------------- when things were done


def test_a_correction_has_its_day_until_it_is_taken_back() -> None:
    volume = import_book()
    vera = User.objects.create_user("vera")
    paragraph = volume.paragraphs.get(number=3)
    imported = paragraph.text

    correct(paragraph, "Two cats came.", seen=imported, by=vera, reason="seen in the copy")
    [entry] = [row for row in document_of(volume)["paragraphs"] if "corrected_on" in row]
    assert (entry["id"], entry["corrected_on"]) == (3, timezone.localdate().isoformat())

    correct(paragraph, imported, seen="Two cats came.", by=vera, reason="not so")
    assert not [row for row in document_of(volume)["paragraphs"] if "corrected_on" in row]


def test_an_import_leaves_a_correction_its_day() -> None:
    volume = import_book()
    corrected = {"text": "Two cats came.", "corrected_on": "2026-01-03"}
    volume.paragraphs.filter(number=3).update(**corrected)
    volume.paragraphs.filter(number=2).update(text="It was good.[^2]", corrected_on="2026-01-02")

    import_book(BOOK.replace("Two people came.", "Two cats came.").replace("was worse", "was good"))

    assert list(volume.paragraphs.order_by("number").values_list("corrected_on", flat=True)) == [
        "",
        "2026-01-02",
        "",
    ]


def test_revisions_keep_their_moments_when_the_document_comes_back() -> None:
    volume = import_book()
    publish_volume(volume)
    moments = [datetime(2026, 1, n, 12, 30, tzinfo=UTC) for n in (1, 2)]
    for n, moment in enumerate(moments, 1):
        Revision.objects.filter(n=n).update(made_at=moment)
    text = export_volume(volume)
    empty_archive()

    restored = restore(text)

    assert list(restored.revisions.order_by("n").values_list("n", "made_at")) == [*enumerate(moments, 1)]
    assert export_volume(restored) == text


def test_a_volume_with_a_higher_revision_keeps_what_it_knows_of_all() -> None:
    volume = import_book()
    text = export_volume(volume)
    publish_volume(volume)
    known = list(Revision.objects.order_by("n").values_list("n", "made_at"))
    document = json.loads(text)
    document["volume"]["revisions"] = [{"n": 1, "made_at": "2001-01-01T00:00:00+00:00"}]

    assert restore_document(Document("edition.json", document)).is_unchanged
    assert list(Revision.objects.order_by("n").values_list("n", "made_at")) == known

"""Notes with signs, numbers that begin again and inferred numbers: in the archive, on pages, in documents."""

import json

import pytest
from django.contrib.auth.models import User

from corpus_import.loading.write import load_edition
from reader.correction.structure.deeds import take_back
from reader.correction.structure.notes import number_note
from reader.exports.document import export_volume
from reader.models import Gap, Note, PublishedPage
from tests.corpus_import.loading.test_document import empty_archive, restore
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = pytest.mark.django_db

BOOK = """\
page 11

   1.  The harbor··

   I.  The first year··

    The scale was sold.[1] It was bought back* in the winter.[2]··

    * For twice the price.··

   Notes··

1. In May.    [p. 11]··

2. See also what is said of the buyer.[1] He was deaf.    [p. 11]··

   II.  The second year··

    The scale was lost.[1] It was found.[2] It was sold again.[3]··

   Notes··

1. In July.    [p. 11]··

Behind a stove, where it had stood for a year without being seen by anybody.    [p. 11]··

3. For nothing.    [p. 11]··
""".replace("·", " ")


def test_each_note_is_in_the_archive_with_what_the_source_prints() -> None:
    load_edition(parse_text(BOOK))

    rows = Note.objects.order_by("position").values_list("n", "mark", "inferred", "text")
    assert [(n, mark, inferred, text[:12]) for n, mark, inferred, text in rows] == [
        (1, "", False, "In May."),
        (2, "", False, "See also wha"),
        (3, "1", False, "In July."),
        (4, "2", True, "Behind a sto"),
        (5, "3", False, "For nothing."),
        (6, "*", False, "For twice th"),
    ]
    assert not Gap.objects.exists()


def page() -> str:
    [html] = PublishedPage.objects.filter(path__endswith="/chapter-1/").values_list("html", flat=True)
    return bytes(html).decode()


def test_a_reader_sees_the_printed_numbers_and_finds_the_way_back() -> None:
    load_edition(parse_text(BOOK))
    html = page()

    assert '<a id="r3" class="noteref" role="doc-noteref" href="#n3" aria-label="note 1">1</a>' in html
    assert '<a id="r6" class="noteref" role="doc-noteref" href="#n6" aria-label="note *">*</a>' in html
    # Note 2 calls note 1, which leads back to both of its calls.
    assert 'href="#r1-2" aria-label="back to call b of note 1"' in html
    assert "The number of this note is inferred:" in html
    assert "Note 3 is not in the source" not in html


def test_a_document_keeps_marks_and_inferred_numbers() -> None:
    exported = export_volume(load_edition(parse_text(BOOK)).volume)
    notes = json.loads(exported)["notes"]
    empty_archive()

    assert [note.get("mark", "") for note in notes] == ["", "", "1", "2", "3", "*"]
    assert [note["n"] for note in notes if note.get("inferred")] == [4]
    assert export_volume(restore(exported)) == exported


def test_the_same_import_again_changes_nothing() -> None:
    load_edition(parse_text(BOOK))

    assert load_edition(parse_text(BOOK)).is_unchanged


def test_a_person_confirms_an_inferred_number_and_takes_it_back() -> None:
    load_edition(parse_text(BOOK))
    vera = User.objects.create_user("vera", is_staff=True)

    deed = number_note(Note.objects.get(inferred=True), 7, by=vera, reason="seen in the printed copy")

    assert Note.objects.filter(n=7, mark="", inferred=False).exists()
    take_back(deed, by=vera, reason="it was another copy")
    assert Note.objects.filter(n=4, mark="2", inferred=True).exists()

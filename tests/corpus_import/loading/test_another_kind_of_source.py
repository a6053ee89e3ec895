"""The volume imported from its text and from its web page, in turns: what persons did is kept, or is asked about."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User

from bench.web_page import web_page
from corpus_import.loading.made_again import Changed, changes_in, made_again
from corpus_import.loading.write import Loaded, load_edition
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.manifest import read_manifest
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_source
from reader.correction import suspects
from reader.correction.correcting import correct
from reader.correction.structure.divisions import dissolve, make_division
from reader.correction.structure.joining import join, split
from reader.correction.structure.notes import join_notes, split_note, supply_note, take_out_note
from reader.correction.structure.supplying import supply
from reader.models import Conflict, Correctable, Deed, Division, Note, Paragraph, Suspect
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.sample import EDITION, WITNESS
from tests.sample import MANIFEST as SAMPLE

pytestmark = pytest.mark.django_db

# One book as a text that lost its italics and has faults, and as a web page.
TEXT = """\
   1. The first office

    The council met in the winter of that year and drew up a plahn for the whole country, which nobody ever read.[1]

    In the spring the secnd office asked for the plan.[2] The first one answered that it was lost in the snow.

    Pravda wrote of it in May, and the Minutes of the council say nothing of the whole matter.

   Notes

1. The Minutes of the Council, vol. 2, which were nevver printed in full. See also Pravda, May 1.

2. Planovoye Khozyaistvo, no. 4.
"""
PAGE = """\
<!doctype html><html><body><h3>1. The first office</h3>
<p>The council met in the <i>winter</i> of that year and drew up a plan for the whole country, which nobody ever
read.<a href="#n1" name="r1">[1]</a></p>
<p>In the spring the second office asked for the plan.<a href="#n2" name="r2">[2]</a> <i>The first one</i> answered that
it was lost in the snow.</p>
<p><i>Pravda</i> wrote of it in May, and the <i>Minutes of the council</i> say nothing of the whole matter.</p>
<h4>Notes</h4>
<p><a name="n1" href="#r1">1.</a> The <i>Minutes of the Council</i>, vol. 2, which were never printed in full. See also
<i>Pravda</i>, May 1.</p><p><a name="n2" href="#r2">2.</a> <i>Planovoye Khozyaistvo</i>, no. 4.</p>
</body></html>
"""
ITALICS = "*Pravda* wrote of it in May, and the *Minutes of the council* say nothing of the whole matter."
WHY = "seen in the printed copy"


def load(content: str) -> Loaded:
    draft = parse(decode_source(replace(MANIFEST, witnesses=("one",)), {"one": content.encode()}))
    return load_edition(draft, accept_doubts=True)


def texts() -> list[str]:
    paragraphs = Paragraph.objects.order_by("position").values_list("text", flat=True)
    notes = Note.objects.order_by("division__position", "position").values_list("text", flat=True)
    return [*paragraphs, *notes]


def nth(k: int) -> Paragraph:
    return Paragraph.objects.order_by("position")[k]


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


def mend(row: Any, before: str, after: str, by: User) -> None:
    assert before in row.wording
    correct(row, row.wording.replace(before, after), seen=row.wording, by=by, reason=WHY)


# The sample, corrected all over


def sample_text() -> Draft:
    return parse(decode_source(read_manifest(SAMPLE), {"file-1.txt": WITNESS.read_bytes()}))


def sample_page() -> Draft:
    manifest = replace(read_manifest(SAMPLE), witnesses=("page.html",))
    return parse(decode_source(manifest, {"page.html": web_page(EDITION).encode()}))


def everything() -> dict[tuple[str, int], Correctable]:
    rows: list[Correctable] = [*Paragraph.objects.all(), *Note.objects.all(), *Division.objects.all()]
    return {(row.called, row.pk): row for row in rows}


@pytest.mark.parametrize(
    ("first", "second"), [(sample_text, sample_page), (sample_page, sample_text)], ids=["text", "web page"]
)
def test_the_sample_s_corrections_and_numbers_outlive_another_kind_of_source(
    first: Callable[[], Draft], second: Callable[[], Draft], vera: User
) -> None:
    one, other = first(), second()
    load_edition(one)
    numbers = dict(Paragraph.objects.values_list("pk", "number"))
    typed: dict[tuple[str, int], str] = {}
    for k, (key, row) in enumerate(everything().items()):
        words = list(re.finditer(r"(?<![\w{*\\\[^])[a-z]{4,}(?![\w}*\]])", row.wording))
        if words and k % 5 == 0:
            a, b = words[len(words) // 2].span()
            typed[key] = f"corrected{k}"
            correct(
                row, f"{row.wording[:a]}{typed[key]}{row.wording[b:]}", seen=row.wording, by=vera, reason=WHY
            )
    assert {kind for kind, _ in typed} == {"paragraph", "note", "division"}

    for draft in (other, one):
        load_edition(draft, accept_doubts=True)

        now = everything()
        assert [word for key, word in typed.items() if word not in now[key].wording] == []
        assert dict(Paragraph.objects.values_list("pk", "number")) == numbers
    assert not Conflict.objects.open().exists()


# A correction that the other source has too


def test_what_a_person_mended_and_the_page_has_too_is_mended_in_the_text_again(vera: User) -> None:
    load(TEXT)
    mend(nth(0), "plahn", "plan", vera)
    mend(nth(0), "nobody", "NOBODY", vera)
    mend(nth(1), "secnd", "second", vera)
    mend(Note.objects.get(n=1), "nevver", "never", vera)
    mended = texts()

    load(PAGE)
    assert nth(1).is_as_imported
    loaded = load(TEXT)

    assert texts() == mended
    assert [row.corrected_by for row in (nth(0), nth(1), Note.objects.get(n=1))] == [[vera.pk]] * 3
    said = [str(remark) for remark in loaded.plan.remarks if remark.what == "paragraph"]
    assert any(line.startswith("paragraph 2: correction merged") for line in said)
    assert load(TEXT).is_unchanged


def test_what_was_mended_after_the_web_page_is_kept_beside_what_was_mended_before(vera: User) -> None:
    load(TEXT)
    mend(nth(1), "secnd", "second", vera)
    load(PAGE)
    mend(nth(1), "snow", "rain", vera)

    for content in (TEXT, PAGE, TEXT):
        load(content)
        assert "second office" in nth(1).text
        assert nth(1).text.endswith("in the rain.")


def test_a_person_s_answer_to_a_suspect_outlives_the_web_page(vera: User) -> None:
    text = TEXT.replace("and drew", "and then,as told, drew")
    load(text)
    [suspect] = Suspect.objects.filter(reading__contains=",as")
    suspects.accept([suspect], by=vera)

    load(PAGE.replace("and drew", "and then, as told, drew"))
    load(text)

    suspect.refresh_from_db()
    assert (suspect.state, suspect.is_found) == ("accepted", True)
    assert "then, as told" in nth(0).text


def test_italics_that_a_person_set_and_the_page_has_too_stay_in_the_text(vera: User) -> None:
    load(TEXT)
    mend(nth(2), "Pravda", "*Pravda*", vera)
    load(PAGE)
    assert nth(2).text.startswith("*Pravda* wrote of it in May, and the *Minutes")

    load(TEXT)

    assert nth(2).text.startswith("*Pravda* wrote of it in May, and the Minutes")


@pytest.mark.parametrize(
    ("versions", "changes"),
    [
        ([], []),
        ([("a b", None)], []),
        ([("a b", None), ("a c", 7)], [("a b", "a c", (7,))]),
        ([("a b", None), ("a c", 7), ("d c", 8)], [("a b", "d c", (7, 8))]),
        ([("a b", None), ("a c", 7), ("a b", 7)], []),
        ([("a", None), ("b", 7), ("c", None), ("d", 8)], [("a", "b", (7,)), ("c", "d", (8,))]),
    ],
)
def test_the_changes_of_persons_are_what_lies_between_two_imports(
    versions: list[tuple[str, int | None]], changes: list[tuple[str, str, tuple[int, ...]]]
) -> None:
    assert changes_in(versions) == [Changed(*each) for each in changes]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The wheat was cut in May.", "The rye was cut in May."),
        ("The oats were cut in May.", "The oats were cut in May."),  # another reading: nothing to make again
        ("The wheat was cut in May, *late*.", "The rye was cut in May, *late*."),
    ],
)
def test_a_change_is_made_again_where_its_words_stand(text: str, wanted: str) -> None:
    change = Changed("The wheat was cut in May.", "The rye was cut in May.", (7,))

    assert made_again(text, [change]) == (wanted, [7] if text != wanted else [])


def test_a_change_that_would_lose_a_call_is_not_made_again() -> None:
    change = Changed("Of wheat.[^1]", "Of rye.", (7,))

    assert made_again("Of wheat.[^1]", [change]) == ("Of wheat.[^1]", [])


# Changes of structure: the web page's italics stay where they are


def structure_and_texts(deed: Callable[[], object]) -> list[str]:
    load(TEXT)
    deed()
    load(PAGE)
    assert [str(row) for row in Deed.objects.filter(state="lost")] == []
    first = texts()
    load(TEXT)
    assert [text for text in texts() if "*" in text] == []
    load(PAGE)
    assert texts() == first
    return first


def test_joined_paragraphs_keep_the_italics_of_both(vera: User) -> None:
    found = structure_and_texts(lambda: join(nth(2), by=vera, reason=WHY))

    assert found[1].endswith("[^2] *The first one* answered that it was lost in the snow. " + ITALICS)


def test_the_halves_of_a_split_paragraph_have_their_own_italics(vera: User) -> None:
    at = TEXT.split("\n\n")[3].strip().index("and the Minutes")

    found = structure_and_texts(lambda: split(nth(2), at, by=vera, reason=WHY))

    assert found[2:4] == [
        "*Pravda* wrote of it in May,",
        "and the *Minutes of the council* say nothing of the whole matter.",
    ]


def test_a_paragraph_is_split_within_what_the_web_page_has_in_italics(vera: User) -> None:
    at = TEXT.split("\n\n")[3].strip().index("of the council")

    found = structure_and_texts(lambda: split(nth(2), at, by=vera, reason=WHY))

    assert found[2].endswith("and the *Minutes*")
    assert found[3].startswith("*of the council* say")


def test_the_halves_of_a_split_note_have_their_own_italics(vera: User) -> None:
    def deed() -> None:
        note = Note.objects.get(n=1)
        split_note(note, note.text.index("See also"), None, by=vera, reason=WHY)

    found = structure_and_texts(deed)

    assert "The *Minutes of the Council*, vol. 2, which were never printed in full." in found
    assert "See also *Pravda*, May 1." in found


def test_joined_pieces_of_a_note_keep_the_italics_of_both(vera: User) -> None:
    def deed() -> None:
        note = Note.objects.get(n=1)
        split_note(note, note.text.index("See also"), None, by=vera, reason=WHY)
        join_notes(Note.objects.get(n=None), by=vera, reason=WHY)

    found = structure_and_texts(deed)

    assert found[3] == (
        "The *Minutes of the Council*, vol. 2, which were never printed in full. See also *Pravda*, May 1."
    )


def test_a_paragraph_that_became_a_heading_keeps_its_italics(vera: User) -> None:
    structure_and_texts(lambda: make_division(nth(2), "section", by=vera, reason=WHY))

    assert Division.objects.order_by("position")[1].head.startswith("*Pravda* wrote of it in May")


def test_a_heading_that_became_a_paragraph_keeps_its_italics(vera: User) -> None:
    nobody = "Nobody could find them in the whole of the second office."
    load(TEXT.replace("   Notes", f"   2. The Minutes of the Council\n\n    {nobody}\n\n   Notes"))
    dissolve(Division.objects.get(n="2"), by=vera, reason=WHY)
    page = f"<h3>2. The <i>Minutes</i> of the Council</h3><p>{nobody}</p>"

    load(PAGE.replace("<h4>Notes", f"{page}<h4>Notes"))

    assert "The *Minutes* of the Council" in texts()


def test_a_supplied_paragraph_keeps_the_italics_that_a_person_gave_it(vera: User) -> None:
    found = structure_and_texts(
        lambda: supply(nth(2), "A line that no *source* has.".replace("*", ""), by=vera, reason=WHY)
    )

    assert "A line that no source has." in found


@pytest.mark.parametrize("wording", ["See Pravda, May 1, p. 4.", "See *Pravda*, May 1, p. 4."])
def test_a_supplied_note_that_the_web_page_has_in_italics_is_the_web_page_s(wording: str, vera: User) -> None:
    text = TEXT.replace("matter.", "matter.[3]")
    load(text)
    supply_note(Division.objects.get(), 3, wording, copy="a copy", by=vera)
    there = '</p><p><a name="n3" href="#r3">3.</a> See <i>Pravda</i>, May 1, p. 4.</p>\n</body>'
    page = PAGE.replace("matter.", 'matter.<a href="#n3" name="r3">[3]</a>').replace("</p>\n</body>", there)

    load(page)

    note = Note.objects.get(n=3)
    assert (note.text, note.supplied_on) == ("See *Pravda*, May 1, p. 4.", "")
    assert not Conflict.objects.open().exists()


def test_a_piece_of_few_words_is_the_same_piece_with_its_italics(vera: User) -> None:
    load(TEXT)
    note = Note.objects.get(n=1)
    split_note(note, note.text.index("Pravda"), None, by=vera, reason=WHY)
    piece = Note.objects.get(n=None)
    assert piece.text == "Pravda, May 1."

    for content, wording in ((PAGE, "*Pravda*, May 1."), (TEXT, "Pravda, May 1.")):
        load(content)
        piece.refresh_from_db()
        assert piece.text == wording


def test_a_note_that_was_taken_out_stays_out(vera: User) -> None:
    found = structure_and_texts(lambda: take_out_note(Note.objects.get(n=2), by=vera, reason=WHY))

    assert not any("Planovoye" in text for text in found)

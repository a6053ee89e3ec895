"""The published apparatus, the links of cross-references, and the title page's facts about an edition."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from corpus_import.parsing.stages.question_readings.codes import CODES
from reader.correction.correcting import correct
from reader.correction.correctors import choose_name
from reader.edition.credits import credit
from reader.edition.evidence import DOUBTS, RULES, Place, evidence_of
from reader.models import (
    Corrector,
    Division,
    Emendation,
    Level,
    Paragraph,
    PublishedPage,
    Suspect,
    Volume,
    Witness,
)
from reader.pages.apparatus import Missing, Record
from reader.pages.holdings import Numbers, in_words
from reader.publishing.publish import publish_chapters, publish_volume
from reader.text.cross_references import REASONS
from tests.factories import (
    make_division,
    make_emendation,
    make_note,
    make_page_break,
    make_paragraph,
    make_suspect,
    make_term,
    make_volume,
    make_witness,
)

INFERRED = {"certainty": "inferred"}


@pytest.fixture
def volume(db: None) -> Volume:
    return make_volume(slug="plans", title="Plans")


@pytest.fixture
def witness(volume: Volume) -> Witness:
    return make_witness(volume, b"one\ntwo or-\ngans\nfour\n", digest="0123456789abcdef" * 4)


@pytest.fixture
def chapter(volume: Volume) -> Division:
    return make_division(volume, slug="one", head="The plan", page="42")


def html_at(path: str) -> str:
    return bytes(PublishedPage.objects.get(path=path).html).decode()


def words(markup: str) -> str:
    """The words of a page: without elements, with a space for each block, and with single spaces."""
    spaced = re.sub(r"</?(?:p|li|t[dhr]|d[dt]|h[1-3]|small)\b", r" \g<0>", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", spaced)).split())


def section(page: str, name: str) -> str:
    """The part of an apparatus under this heading."""
    found = re.search(rf'<section class="apparatus" aria-labelledby="{name}">.*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


def apparatus(volume: Volume, chapter: str = "one/") -> str:
    publish_volume(volume)
    return html_at(f"plans/{chapter}apparatus/")


# The words of the apparatus


def test_every_code_of_an_import_has_words_for_readers() -> None:
    assert DOUBTS.keys() == CODES.keys()


@pytest.mark.parametrize(
    ("count", "said"), [(0, "no notes"), (1, "1 note"), (2, "2 notes"), (1200, "1,200 notes")]
)
def test_a_number_agrees_with_its_noun(count: int, said: str) -> None:
    assert in_words(count, "note") == said


# The apparatus of a chapter


def test_an_emendation_says_where_what_why_and_on_which_line(chapter: Division, witness: Witness) -> None:
    paragraph = make_paragraph(chapter, "Two {p. 43}organs.", number=7)
    make_emendation(witness, line=2, paragraph=paragraph)

    found = section(apparatus(chapter.volume), "emendations")

    assert "<del>or- gans</del>" in found
    assert "<ins>organs</ins>" in found
    assert 'href="/plans/one/#p7"' in found
    assert "Paragraph 7, pp. 42–43 · printer’s hyphen, line 2" in words(found)
    assert RULES["printer's hyphen"] in words(found)


def test_an_emendation_stands_in_the_order_of_the_text_wherever_it_stands(
    chapter: Division, witness: Witness
) -> None:
    note = make_note(chapter, 1)
    make_emendation(witness, line=1, before="in a note", note=note)
    make_emendation(witness, line=9, before="in the text", paragraph=make_paragraph(chapter, "A[^1]"))
    make_emendation(witness, line=20, before="in the head", division=chapter)

    found = section(apparatus(chapter.volume), "emendations")

    assert re.findall("in (?:a|the) [a-z]+", found) == ["in the head", "in the text", "in a note"]
    assert 'href="/plans/one/#n1"' in found


def test_a_line_is_named_with_its_witness_where_there_are_several(
    chapter: Division, witness: Witness
) -> None:
    make_witness(chapter.volume, b"two", n=2, name="b.txt")
    make_emendation(witness, line=2, paragraph=make_paragraph(chapter))

    assert "a.txt, line 2" in apparatus(chapter.volume)


def test_characters_that_no_eye_can_see_are_shown(chapter: Division, witness: Witness) -> None:
    make_emendation(witness, before="a\x07b\xadc\ufffdd\u202ee", after="", paragraph=make_paragraph(chapter))

    found = section(apparatus(chapter.volume), "emendations")

    assert "a␇b⟨U+00AD⟩c\ufffdd⟨U+202E⟩e" in found
    assert "taken out" in found


def test_markup_in_a_reading_is_shown_as_text(chapter: Division, witness: Witness) -> None:
    evil = "<script>alert(1)</script>"
    paragraph = make_paragraph(chapter, evil, imported_text="<b>")
    make_emendation(witness, before=evil, after=evil, rule=evil, paragraph=paragraph)
    make_suspect(witness, reading=evil, suggestion=evil, evidence=evil, code=evil, paragraph=paragraph)

    assert "<script>alert" not in apparatus(chapter.volume)
    assert "<script>alert" not in html_at("plans/one/")


def test_what_an_editor_corrected_is_shown_word_by_word(chapter: Division) -> None:
    make_paragraph(chapter, "The government met.", imported_text="The govrenment met.")
    make_note(chapter, 1, "A note.", imported_text="A not.")
    make_paragraph(chapter, "As it was.")

    found = section(apparatus(chapter.volume), "emendations")

    assert "The <del>govrenment</del><ins>government</ins> met." in found
    assert found.count("<del>") == 2
    assert "2 corrections by hand" in html_at("plans/one/")


def test_a_correction_is_shown_with_the_names_that_its_makers_chose(chapter: Division) -> None:
    Corrector.objects.create(account=7, name="A. Reader")
    Corrector.objects.create(account=8, name="")
    make_paragraph(
        chapter, "The government met.", imported_text="The govrenment met.", corrected_by=[7, 8, 9]
    )
    make_paragraph(chapter, "And went.", imported_text="And wnet.")

    found = words(section(apparatus(chapter.volume), "emendations"))

    assert "Corrected by hand" in found
    assert "Paragraph 1, p. 42 · by A. Reader and an editor" in found
    assert "Paragraph 2, p. 42 · by an editor" in found


@pytest.mark.parametrize(
    ("accounts", "said"),
    [
        ([], "an editor"),
        ([3], "an editor"),
        ([3, 4], "an editor"),
        ([1], "A. Reader"),
        ([1, 2], "A. Reader and B. Reader"),
        ([1, 3, 2, 4], "A. Reader, an editor and B. Reader"),
        ([1, 5], "A. Reader"),
    ],
)
def test_who_corrected_is_told_in_words_and_none_twice(accounts: list[int], said: str) -> None:
    assert credit(accounts, {1: "A. Reader", 2: "B. Reader", 5: "A. Reader"}) == said


def test_a_name_is_shown_as_text(chapter: Division, client: Client) -> None:
    Corrector.objects.create(account=7, name="<script>alert(1)</script>")
    make_paragraph(chapter, "The government.", imported_text="The govrenment.", corrected_by=[7], number=1)

    for page in (apparatus(chapter.volume), client.get("/plans/paragraph/1/").content.decode()):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_user_names_are_nowhere_in_public(chapter: Division, client: Client) -> None:
    vera = User.objects.create_user("vera-of-the-archive", email="vera@home.example", first_name="Veronika")
    boris = User.objects.create_user("boris-of-the-archive")
    note, paragraph = (
        make_note(chapter, 1, "On ryee."),
        make_paragraph(chapter, "The govrenment.[^1]", number=1),
    )
    publish_volume(chapter.volume)
    for by, said in ((vera, "The government."), (boris, "The government!")):
        paragraph.refresh_from_db()
        correct(paragraph, f"{said}[^1]", seen=paragraph.text, by=by, reason="a secret reason")
    correct(note, "On rye.", seen="On ryee.", by=boris, reason="a secret reason")
    correct(chapter, "Rye", seen="The plan", by=vera, reason="a secret reason")
    choose_name(vera.pk, "V. Reader")

    pages = [bytes(page.html).decode() for page in PublishedPage.objects.all()]
    pages += [
        client.get(f"/plans/{path}").content.decode()
        for path in ("paragraph/1/", "search/?q=government", "cite/", "paragraph/1/cite.json")
    ]
    public = "".join(pages)
    for secret in ("of-the-archive", "home.example", "Veronika", "secret reason"):
        assert secret not in public
    assert "by V. Reader and an editor" in html_at("plans/one/apparatus/")
    assert "By V. Reader and an editor" in pages[-4]


def test_how_much_was_proofread_is_said_in_chapter_apparatus_and_volume(
    chapter: Division,
) -> None:
    for level in ("proofread", "validated", "problematic", "not-proofread"):
        make_paragraph(chapter, level=level)
    make_note(chapter, 1, level="validated")
    make_paragraph(make_division(chapter.volume, slug="two"))
    make_division(chapter.volume, kind="part", slug="part", head="Without text")

    of_one = words(apparatus(chapter.volume))

    said = "3 of 5 texts were proofread, 2 of them validated."
    assert f"{said} A text is a paragraph or a note" in of_one
    assert f"{said} No emendations" in words(html_at("plans/one/"))
    assert "3 of 6 texts were proofread, 2 of them validated." in words(html_at("plans/"))
    assert words(html_at("plans/two/")).count("Not proofread yet.") == 1
    assert words(html_at("plans/two/apparatus/")).count("Not proofread yet.") == 1
    for path in ("plans/part/", "plans/part/apparatus/"):
        assert "roofread" not in html_at(path)
    rows = dict(
        re.findall(r'<th scope="row">(.*?)</th>\s*((?:<td>\d+</td>\s*)+)', html_at("plans/apparatus/"))
    )
    counts = {words(head): re.findall(r"\d+", cells) for head, cells in rows.items()}
    assert counts["Chapter 1: The plan"] == ["5", "3", "2"]
    assert counts["Chapter 2: The plan"] == ["1", "0", "0"]
    assert counts["All"] == ["6", "3", "2"]
    levels = re.findall(r"<td>([a-z ]+)</td>", html_at("plans/apparatus/"))
    assert levels == ["problematic", "not proofread", "problematic"]


def test_a_volume_that_nobody_proofread_says_so_once(chapter: Division) -> None:
    make_paragraph(chapter)

    for page in (apparatus(chapter.volume, ""), html_at("plans/")):
        assert words(page).count("Not proofread yet.") == 1
        assert "proofread:" not in words(page)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({}, ""),
        ({"notes": 1}, "not proofread yet"),
        ({"notes": 1, "proofread": 1}, "1 of 1 text was proofread"),
        ({"paragraphs": 1200, "fragments": 1, "proofread": 1100}, "1,100 of 1,201 texts were proofread"),
        (
            {"paragraphs": 9, "proofread": 2, "validated": 1},
            "2 of 9 texts were proofread, 1 of them validated",
        ),
    ],
)
def test_the_share_that_was_proofread_is_said_in_words(numbers: dict[str, int], said: str) -> None:
    assert Numbers(**numbers).share == said


@pytest.mark.parametrize(
    ("numbers", "level"),
    [
        ({}, Level.NOT_PROOFREAD),
        ({"notes": 9, "proofread": 9, "validated": 9}, Level.VALIDATED),
        ({"notes": 9, "proofread": 9, "validated": 8}, Level.PROOFREAD),
        ({"notes": 9, "proofread": 8, "validated": 8}, Level.NOT_PROOFREAD),
        ({"notes": 9, "proofread": 8, "validated": 8, "problematic": 1}, Level.PROBLEMATIC),
    ],
)
def test_a_chapter_is_as_far_as_the_text_that_is_farthest_behind(
    numbers: dict[str, int], level: Level
) -> None:
    assert Numbers(**numbers).level == level


def test_a_correction_shows_in_the_apparatus_at_once(chapter: Division) -> None:
    paragraph = make_paragraph(chapter, "The govrenment.")
    publish_volume(chapter.volume)

    Paragraph.objects.filter(pk=paragraph.pk).update(text="The government.")
    publish_chapters(chapter.volume, [chapter])

    assert "<ins>government.</ins>" in html_at("plans/one/apparatus/")
    assert "1 correction by hand" in html_at("plans/one/")


def test_a_doubtful_reading_stands_among_its_words(chapter: Division, witness: Witness) -> None:
    make_suspect(
        witness,
        context="what the … did then",
        suggestion="government",
        evidence="No list knows it.",
        paragraph=make_paragraph(chapter),
    )

    found = section(apparatus(chapter.volume), "doubtful")

    assert "what the govrenment did then perhaps government" in words(found)
    assert f"{DOUBTS['misspelling'].capitalize()}. No list knows it." in words(found)


def test_a_doubtful_reading_stands_in_the_sentence_of_its_own_paragraph(
    chapter: Division, witness: Witness
) -> None:
    paragraph = make_paragraph(chapter, "It began. Then N. Rykov saw *svoznaks*.[^1]")
    make_suspect(witness, reading="svoznaks", context="Rykov saw … . For lack of grain", paragraph=paragraph)

    found = words(section(apparatus(chapter.volume), "doubtful"))

    assert "Then N. Rykov saw svoznaks." in found
    assert "It began" not in found
    assert "For lack" not in found


def test_a_doubtful_reading_of_several_places_is_shown_where_it_was_doubted(
    chapter: Division, witness: Witness
) -> None:
    paragraph = make_paragraph(
        chapter, "It was led by a clerk. This can be by read only once. It ended by May."
    )
    make_suspect(witness, reading="by", context="can be … read only", paragraph=paragraph)

    assert "This can be by read only once." in words(section(apparatus(chapter.volume), "doubtful"))


@pytest.mark.parametrize("text", ["A svoznaks and a svoznaks.", "Another word."])
def test_a_doubtful_reading_that_cannot_be_placed_keeps_the_words_of_the_source(
    chapter: Division, witness: Witness, text: str
) -> None:
    make_suspect(
        witness, reading="svoznaks", context="Rykov saw … for lack", paragraph=make_paragraph(chapter, text)
    )

    assert "Rykov saw svoznaks for lack" in words(section(apparatus(chapter.volume), "doubtful"))


@pytest.mark.parametrize(
    ("values", "is_open", "is_sound"),
    [
        ({}, True, False),
        ({"state": Suspect.State.DISMISSED}, False, True),
        ({"state": Suspect.State.ACCEPTED}, False, False),
        ({"state": Suspect.State.DISMISSED, "is_found": False}, False, False),
    ],
)
def test_a_doubt_that_was_settled_is_none(
    chapter: Division, witness: Witness, values: dict[str, Any], is_open: bool, is_sound: bool
) -> None:
    make_suspect(witness, paragraph=make_paragraph(chapter), **values)

    found = section(apparatus(chapter.volume), "doubtful")

    assert ("nobody has decided" in found) == is_open
    assert ("1 reading that looked doubtful" in found) == is_sound
    assert ("govrenment" in found) == (is_open or is_sound)
    assert ("1 doubtful reading," in html_at("plans/one/")) == is_open


def test_a_note_that_is_missing_leads_to_its_call_and_names_the_page(chapter: Division) -> None:
    make_paragraph(chapter, "One[^2] two {p. 43}three[^3] {p. 44}four[^3].")
    make_note(chapter, 2, "And[^9].", page="42")

    found = section(apparatus(chapter.volume), "missing")

    assert "2 notes that are not in the source: Note 3, p. 43 Note 9" in words(found)
    assert 'href="/plans/one/#r3"' in found
    assert 'id="r3"' in html_at("plans/one/")


def test_a_chapter_without_faults_says_so(chapter: Division) -> None:
    make_paragraph(chapter)

    said = words(apparatus(chapter.volume))

    for sentence in (
        "No reading was emended.",
        "No reading is doubtful.",
        "No note that the text calls is missing.",
        "The source itself marks every page that begins here.",
        "Every cross-reference that was found leads to its place.",
    ):
        assert sentence in said
    assert "No emendations, no doubtful readings, no notes missing" in html_at("plans/one/")


def test_a_piece_of_a_note_can_be_found(chapter: Division) -> None:
    make_note(chapter, None, "A piece.")

    found = section(apparatus(chapter.volume), "missing")

    assert 'Of 1 note only a piece is left, without its number: <a href="/plans/one/#n-fragment-0">' in found
    assert 'id="n-fragment-0"' in html_at("plans/one/")


def test_pages_are_named_in_ranges_and_blank_ones_with_the_chapter_before_them(chapter: Division) -> None:
    volume = chapter.volume
    make_page_break(volume, "40", **INFERRED)
    make_page_break(volume, "42", division=chapter, **INFERRED)
    make_paragraph(chapter, "A {p. 43}b {p. 44}c.")
    make_page_break(volume, "43", **INFERRED)
    make_page_break(volume, "44")
    make_page_break(volume, "45", has_text=False, **INFERRED)
    make_page_break(volume, "46", has_text=False)

    found = section(apparatus(volume), "pages")

    assert '<a href="/plans/one/#page-42">42–43</a>.' in found
    assert "no text of: 45–46." in words(found)
    assert "inferred from the notes and the length of the pages: 40." in words(html_at("plans/apparatus/"))


def test_what_an_editor_states_stands_with_the_pages(chapter: Division, witness: Witness) -> None:
    make_emendation(witness, before="The plan", after="page 42", rule="editor's statement", division=chapter)

    page = apparatus(chapter.volume)

    assert "The plan: page 42" in words(section(page, "pages"))
    assert "No reading was emended." in section(page, "emendations")


def test_a_cross_reference_that_leads_nowhere_says_why(chapter: Division) -> None:
    make_paragraph(chapter, "It is told below (p. 99).")

    found = section(apparatus(chapter.volume), "dead-ends")

    assert f"below (p. 99) Paragraph 1, p. 42 · {REASONS['no-such-page']}" in words(found)
    assert 'class="ref"' not in html_at("plans/one/")


# Cross-references in the text


def test_a_cross_reference_leads_to_its_page_division_or_note(chapter: Division) -> None:
    volume = chapter.volume
    other = make_division(volume, slug="two", page="50")
    part = make_division(volume, kind=Division.Kind.SECTION, n="I", slug="two-i", parent=other)
    make_paragraph(part, "A {p. 51}b.")
    make_note(other, 3)
    make_page_break(volume, "51")
    make_paragraph(chapter, "See p. 51; see section I of chapter 2, and see note 3 to chapter 2.")

    publish_volume(volume)

    page = html_at("plans/one/")
    assert '<a class="ref" href="/plans/two/#page-51">See p.\u00a051</a>; ' in page
    assert '<a class="ref" href="/plans/two/#two-i">see section I of chapter 2</a>, and ' in page
    assert '<a class="ref" href="/plans/two/#n3">see note 3 to chapter 2</a>.' in page


@pytest.mark.parametrize(
    ("text", "links"), [("And see p. 42.", 1), ("see p. 42 or see p. 42", 2), ("see *p. 42*", 0)]
)
def test_a_cross_reference_is_linked_where_no_markup_cuts_it(
    chapter: Division, text: str, links: int
) -> None:
    make_page_break(chapter.volume, "42", division=chapter)
    make_paragraph(chapter, text)

    publish_volume(chapter.volume)

    assert html_at("plans/one/").count('#page-42">see p.\u00a042</a>') == links


def test_a_cross_reference_to_what_is_not_there_is_no_link(chapter: Division) -> None:
    make_paragraph(chapter, "See p. 42; see note 3; see chapter 9; see p. 43.")
    make_page_break(chapter.volume, "43", has_text=False, division=chapter)

    publish_volume(chapter.volume)

    assert 'class="ref"' not in html_at("plans/one/")


def test_a_term_inside_a_cross_reference_is_not_linked(chapter: Division) -> None:
    make_term(chapter.volume.glossary, "chapter")
    make_paragraph(chapter, "See chapter 1; the chapter.")

    publish_volume(chapter.volume)

    assert '">See chapter 1</a>; the <a class="t" href="../glossary/chapter/">chapter</a>.' in html_at(
        "plans/one/"
    )


def test_a_cross_reference_that_begins_with_a_term_is_linked_whole(chapter: Division) -> None:
    make_term(chapter.volume.glossary, "chapter")
    make_paragraph(chapter, "It is told in chapter 1.")

    publish_volume(chapter.volume)

    assert 'in <a class="ref" href="/plans/one/">chapter 1</a>.' in html_at("plans/one/")


def test_a_cross_reference_in_any_paragraph_of_a_note_is_linked(chapter: Division) -> None:
    make_note(chapter, 1, "*One*.\n\n> A quotation.\n\nTwo, see chapter 1.")

    publish_volume(chapter.volume)

    assert '<p>Two, <a class="ref" href="/plans/one/">see chapter 1</a>.' in html_at("plans/one/")


# The volume as a whole


def test_the_volume_counts_what_each_chapter_has_and_what_none_has(
    volume: Volume, witness: Witness, chapter: Division
) -> None:
    section_of_it = make_division(volume, kind=Division.Kind.SECTION, slug="one-i", parent=chapter)
    paragraph = make_paragraph(section_of_it, "See above[^4].", imported_text="See below[^4].")
    make_emendation(witness, paragraph=paragraph)
    make_emendation(witness, division=section_of_it)
    make_emendation(witness, before="\ufffdotes", after="Notes")
    make_suspect(witness, note=make_note(chapter, 1))
    make_suspect(witness, reading="in a heading")

    page = apparatus(volume, "")

    rows = dict(re.findall(r'<th scope="row">(.*?)</th>\s*((?:<td>\d+</td>\s*)+)', page))
    counts = {words(head): re.findall(r"\d+", cells) for head, cells in rows.items()}
    assert counts["Chapter 1: The plan"] == ["2", "1", "1", "1", "1", "0", "0"]
    assert counts["In none of them"] == ["1", "0", "1", "0", "0", "0", "0"]
    assert counts["All"] == ["3", "1", "2", "1", "1", "0", "0"]
    assert "\ufffdotes" in section(page, "emendations")
    assert "in a heading" in section(page, "doubtful")


def test_the_numbers_of_the_table_are_those_of_the_chapters(volume: Volume, witness: Witness) -> None:
    for n in range(3):
        chapter = make_division(volume, slug=f"c{n}")
        for k in range(n):
            paragraph = make_paragraph(chapter, f"See above[^{k + 1}]")
            make_emendation(witness, paragraph=paragraph)
            make_suspect(witness, paragraph=paragraph)

    page = apparatus(volume, "")

    for n in range(3):
        of_chapter = html_at(f"plans/c{n}/apparatus/")
        found = re.search(rf'href="/plans/c{n}/apparatus/">.*?</th>(.*?)</tr>', page, re.DOTALL)
        assert found is not None
        counts = [int(cell) for cell in re.findall(r"\d+", found[1])][:5]
        listed = [
            section(of_chapter, name).count("<li>")
            for name in ("emendations", "doubtful", "missing", "dead-ends")
        ]
        assert [counts[0], *counts[2:]] == listed == [n, n, n, n]


def test_statements_do_not_grow_with_chapters_and_readings(
    volume: Volume, witness: Witness, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add_chapter() -> None:
        chapter = make_division(volume)
        for n in range(3):
            paragraph = make_paragraph(chapter, f"See note 1; A[^{n + 1}]")
            make_emendation(witness, paragraph=paragraph)
            make_suspect(witness, paragraph=paragraph)
        make_note(chapter, 1)

    add_chapter()
    with CaptureQueriesContext(connection) as of_one:
        publish_volume(volume)
    for _ in range(4):
        add_chapter()

    with django_assert_num_queries(len(of_one)):
        publish_volume(volume)


def test_a_correction_reads_no_other_chapter(volume: Volume, witness: Witness, chapter: Division) -> None:
    other = make_division(volume, slug="two")
    make_emendation(witness, paragraph=make_paragraph(other))
    make_paragraph(chapter)
    publish_volume(volume)
    PublishedPage.objects.filter(path="plans/two/apparatus/").update(etag="untouched")

    publish_chapters(volume, [chapter])

    assert PublishedPage.objects.get(path="plans/two/apparatus/").etag == "untouched"
    assert "1 emendation" not in html_at("plans/one/")


# The title page


def test_the_title_page_says_what_the_edition_contains_and_lacks(volume: Volume, chapter: Division) -> None:
    make_paragraph(chapter, "One[^1], two[^2] {p. 43}three.")
    make_note(chapter, 1)
    make_term(volume.glossary, "NEP")
    for n in ("42", "43"):
        make_page_break(volume, n, **INFERRED)
    for n in ("44", "45", "47"):
        make_page_break(volume, n, has_text=False)
    make_page_break(volume, "48")

    publish_volume(volume)

    said = words(html_at("plans/"))
    assert (
        "It contains 1 paragraph in 1 division, 1 note, and 1 term explained; it lacks 1 note that the text calls and"
        " the text of 3 pages, which its source does not have." in said
    )
    assert "Pages of the printed book that are marked 42–48 6 Of these, pages with text 3" in said
    assert "Pages without text 44–47 3" in said
    assert "Pages whose beginning is inferred 2" in said
    assert f"This is revision {volume.revision} of the text." in said


def test_the_title_page_says_when_nothing_is_missing(volume: Volume, chapter: Division) -> None:
    publish_volume(volume)

    assert "no note that the text calls is missing, and no page of the book is without text" in words(
        html_at("plans/")
    )


def test_the_title_page_names_its_sources_with_their_digests(volume: Volume, witness: Witness) -> None:
    Witness.objects.update(
        audit={"characters": {"text": 90, "forme work": 10}, "total": 100, "balanced": True}
    )

    publish_volume(volume)

    page = html_at("plans/")
    assert f'<abbr title="{witness.digest}">0123456789ab</abbr>' in page
    assert "Every character of this file is accounted for." in page
    assert "Text 90 Forme work 10" in words(html_at("plans/apparatus/"))


# The evidence of a text


def test_evidence_holds_lines_emendations_doubts_and_corrections(chapter: Division, witness: Witness) -> None:
    paragraph = make_paragraph(chapter, "Two bodies.", imported_text="Two organs.", lines=[[1, 2, 3]])
    make_emendation(witness, paragraph=paragraph)
    make_suspect(witness, paragraph=paragraph)
    make_suspect(witness, paragraph=paragraph, state=Suspect.State.DISMISSED)

    evidence = evidence_of(paragraph)

    assert [(p.witness, list(p.lines)) for p in evidence.passages] == [("a.txt", ["two or-", "gans"])]
    assert [(e.before, e.after, e.source) for e in evidence.emended] == [("or- gans", "organs", "line 3")]
    assert [d.reading for d in evidence.doubtful] == ["govrenment"]
    assert [(c.kind, c.text) for c in evidence.changes][1:] == [("removed", "organs."), ("added", "bodies.")]


def test_the_white_space_of_a_line_can_be_told_from_the_rest(witness: Witness) -> None:
    Witness.objects.update(content=b" \xc2\xa0a  <b>\t\x0c", digest="of this test")
    paragraph = make_paragraph(make_division(witness.volume), lines=[[1, 1, 1]])

    [passage] = evidence_of(paragraph).passages

    assert passage.html == '<span data-n="1"><i> </i>⟨U+00A0⟩a<i>  </i>&lt;b&gt;<i>\t</i>␌</span>'


def test_the_statements_for_evidence_do_not_grow_with_it(
    chapter: Division, witness: Witness, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    paragraph = make_paragraph(chapter, lines=[[1, 1, 1], [1, 3, 3]])
    for _ in range(5):
        make_emendation(witness, paragraph=paragraph)
        make_suspect(witness, paragraph=paragraph)
    evidence_of(paragraph)

    with django_assert_num_queries(4):
        evidence_of(paragraph)


def test_a_note_has_evidence_as_well(chapter: Division, witness: Witness) -> None:
    note = make_note(chapter, 1, lines=[[1, 4, 4]])
    make_emendation(witness, note=note)

    evidence = evidence_of(note)

    assert evidence.passages[0].lines == ["four"]
    assert len(evidence.emended) == Emendation.objects.count()


@pytest.mark.parametrize(
    ("numbers", "said"), [((1,), "1"), ((1, 2, 3, 7), "1–3, 7"), ((2, 4), "2, 4"), ((), "")]
)
def test_missing_notes_are_named_in_ranges(numbers: tuple[int, ...], said: str) -> None:
    assert Record(missing=[Missing(n, Place("", "")) for n in numbers]).lacking == said

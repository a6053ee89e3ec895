"""Other sources than the sample: their differences are found in the text, or declared in the manifest."""

from dataclasses import replace

from corpus_import.parsing.elements import Draft
from tests.corpus_import.parsing.case_files import MANIFEST, parse_text

BOOK = """\
Seite 9

    Vorwort··

    Das Buch entstand im Winter.[1]··

   Quellen··

1. Im Winter 1924.    [S. 9]··

   Einleitung··

    Hier beginnt es.··
""".replace("·", " ")


def heads(draft: Draft) -> list[str]:
    return [division.head.string for division in draft.divisions]


def test_notes_stand_under_the_heading_that_the_manifest_declares() -> None:
    draft = parse_text(BOOK, replace(MANIFEST, language="de", notes_heading="Quellen"))

    assert heads(draft) == ["Vorwort", "Einleitung"]
    assert [(n.n, n.page, n.paragraphs[0].text.string) for n in draft.notes] == [(1, "9", "Im Winter 1924.")]


def test_a_key_stands_under_the_title_that_the_manifest_declares() -> None:
    text = (
        "Kürzel\n\nGKP  Staatliche Plankommission  \n\nWSNCh  Oberster Volkswirtschaftsrat  \n\n"
        + BOOK.replace("Seite 9\n\n", "").replace("·", " ")
    )

    draft = parse_text(text, replace(MANIFEST, key_heading="Kürzel", notes_heading="Quellen"))

    assert [entry.headword for entry in draft.key] == ["GKP", "WSNCh"]
    assert heads(draft)[0] == "Vorwort"


def test_the_form_of_the_notes_can_be_declared() -> None:
    text = (
        "   1. The ferry  \n\n    It was late//1 and full.//2  \n\n   Notes  \n\n"
        "#1 By an hour.  \n\n#2 Of carters.  \n"
    )

    draft = parse_text(text, replace(MANIFEST, notes="#{n}", calls="//{n}"))

    assert draft.paragraphs[0].text.string == "It was late and full."
    assert [r.n for r in draft.paragraphs[0].references] == [1, 2]
    assert [(n.n, n.paragraphs[0].text.string) for n in draft.notes] == [
        (1, "By an hour."),
        (2, "Of carters."),
    ]


def test_the_word_for_a_page_can_be_declared() -> None:
    draft = parse_text(
        BOOK.replace("Seite 9", "folio 9"), replace(MANIFEST, notes_heading="Quellen", page_word="folio")
    )

    assert draft.divisions[0].page == "9"


def test_a_page_declared_by_the_manifest_is_the_editor_s_in_the_apparatus() -> None:
    draft = parse_text("    Preface  \n\n    It was cold.  \n", replace(MANIFEST, pages=(("Preface", "xi"),)))

    assert [(p.page, p.division) for p in draft.pages] == [("xi", 0)]
    assert [(e.line, e.before, e.after, e.rule) for e in draft.emendations] == [
        (1, "Preface", "page xi", "editor's statement")
    ]


def test_an_order_that_the_manifest_declares_is_followed() -> None:
    text = "    Introduction  \n\n    It begins.  \n\n    Preface  \n\n    It was cold.  \n"

    draft = parse_text(text, replace(MANIFEST, order=("Preface", "Introduction")))

    assert heads(draft) == ["Preface", "Introduction"]


def test_what_the_manifest_declares_of_a_division_that_is_not_there_is_a_diagnostic() -> None:
    text = "    Introduction  \n\n    It begins.  \n"

    draft = parse_text(text, replace(MANIFEST, order=("Preface",), pages=(("Afterword", "300"),)))

    assert [d.code for d in draft.diagnostics] == ["declared-nowhere", "declared-nowhere"]


def test_another_font_lost_another_letter() -> None:
    text = (
        "    Preface  \n\n    Kamenev and the Kremlin and the kulaks are named in Kiev and in Kazan.  \n\n"
        "    Then ,amenev left the ,remlin for ,azan.  \n"
    )

    draft = parse_text(text)

    assert draft.paragraphs[1].text.string == "Then Kamenev left the Kremlin for Kazan."


def test_a_misplaced_comma_before_a_word_of_the_volume_is_no_letter() -> None:
    text = (
        "    Preface  \n\n    Kamenev and the Kremlin and the azan are named in Kiev and in Kazan.  \n\n"
        "    Then ,amenev left the ,remlin for the ,azan.  \n"
    )

    draft = parse_text(text)

    assert draft.paragraphs[1].text.string == "Then Kamenev left the Kremlin for the ,azan."


def test_a_witness_without_its_trailing_spaces_keeps_its_paragraphs() -> None:
    text = (
        "    Preface\n\n    The first paragraph is long enough to be broken by the column in which it was set,\n"
        "and so it goes on here.\n\n    The second paragraph is short.\n"
    )

    draft = parse_text(text)

    assert [p.text.string[-10:] for p in draft.paragraphs] == ["s on here.", " is short."]


CHAPTERS = (
    "page 5\n\n    Introduction  \n\n    It begins in the winter.  \n\n"
    "   1. The cellar  \n\n    It was full.  \n\n   2. The roof  \n\n    It was flat.  \n"
)


def test_a_page_that_the_manifest_declares_is_decisive_against_a_marker() -> None:
    text = CHAPTERS.replace("   2. The", "page 31\n\n   2. The")

    draft = parse_text(text, replace(MANIFEST, pages=(("The roof", "13"),)))

    assert [d.page for d in draft.divisions] == ["5", "6", "13"]


def test_a_page_that_the_manifest_declares_moves_the_division_to_its_place() -> None:
    text = CHAPTERS + "\n    Preface  \n\n    It was cold.  \n"

    draft = parse_text(text, replace(MANIFEST, pages=(("Preface", "2"),)))

    assert [d.page for d in draft.divisions][:2] == ["2", "5"]
    assert heads(draft) == ["Preface", "Introduction", "The cellar", "The roof"]


def test_an_order_of_some_divisions_leaves_the_others_where_the_pages_put_them() -> None:
    text = (
        CHAPTERS
        + "\npage 3\n\n    Preface  \n\n    It was cold.  \n\n    Epilogue  \n\n    It ends.  \n"
        + "\n    Appendix  \n\n    It is added.  \n"
    )

    draft = parse_text(text, replace(MANIFEST, order=("Appendix", "Epilogue")))

    assert heads(draft) == ["Preface", "Introduction", "The cellar", "The roof", "Appendix", "Epilogue"]


def test_a_section_named_in_the_order_is_said_to_stay_in_its_chapter() -> None:
    text = CHAPTERS + "\n   I.  The tiles  \n\n    They were red.  \n"

    draft = parse_text(text, replace(MANIFEST, order=("The tiles", "Introduction")))

    assert [d.code for d in draft.diagnostics] == ["declared-nowhere"]
    assert "stays in it" in draft.diagnostics[0].message

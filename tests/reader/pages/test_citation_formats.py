import json
import re
from pathlib import Path
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, RemoveEnclosingMiddleware
from citeproc import CitationStylesStyle
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from reader.pages import citation_formats
from reader.pages.citation_formats import Citation, Person, bibtex, csl_item, csl_json, persons, ris

CHAPTER = Citation(
    key="planning-12",
    author="Anna Author",
    title="The Planning Organs: A History, 1917–1929",
    chapter="The VSNKh",
    translator="Tom Translator",
    publisher="A Press",
    year=1978,
    original="Les organes, 1977",
    language="en",
    revision=14,
    url="https://archive.example/planning/paragraph/12/",
    pages=("140", "157"),
    cited=("142", "143"),
    paragraph=12,
)
VOLUME = Citation(
    key="planning",
    author="Anna Author",
    title="The Planning Organs",
    publisher="A Press",
    year=1978,
    language="en",
    revision=14,
    url="https://archive.example/planning/",
)


def with_(citation: Citation, **values: Any) -> Citation:
    return Citation(**{name: getattr(citation, name) for name in Citation.__slots__} | values)


def text_of(html: str) -> str:
    return re.sub(r"</?i>", "*", html)


def test_a_note_in_chicago_style_names_version_page_and_address() -> None:
    assert text_of(citation_formats.chicago_note(CHAPTER)) == (
        "Anna Author, “The VSNKh,” in *The Planning Organs: A History, 1917–1929*, version 14, trans. Tom Translator"
        " (A Press, 1978), 142–43, https://archive.example/planning/paragraph/12/."
    )


def test_a_bibliography_in_chicago_style_turns_the_author_round() -> None:
    assert text_of(citation_formats.chicago(CHAPTER)) == (
        "Author, Anna. “The VSNKh.” In *The Planning Organs: A History, 1917–1929*, version 14, translated by Tom"
        " Translator. A Press, 1978. https://archive.example/planning/paragraph/12/."
    )


def test_a_note_is_cited_with_its_page_and_its_number() -> None:
    note = with_(CHAPTER, cited=("18", "18"), paragraph=None, note="2")

    assert ", 18, n. 2" in text_of(citation_formats.chicago_note(note))
    assert "n. 2" not in text_of(citation_formats.chicago(note))
    assert citation_formats.mla_in_text(note) == "(Author 18, n. 2)"


def test_the_page_of_an_endnote_stands_beside_the_pages_of_its_chapter() -> None:
    note = with_(
        CHAPTER, pages=("10", "29"), beyond=("355", "355"), cited=("355", "355"), paragraph=None, note="2"
    )

    assert csl_item(note)["page"] == "10-29, 355"
    assert "pages = {10--29, 355}" in bibtex(note)
    assert "pp. 10–29, 355" in text_of(citation_formats.mla(note))


def test_a_note_whose_page_is_not_known_is_cited_by_its_number() -> None:
    note = with_(CHAPTER, cited=None, paragraph=None, note="2")

    assert ", n. 2" in text_of(citation_formats.chicago_note(note))
    assert citation_formats.mla_in_text(note) == "(Author, n. 2)"


def test_reference_managers_get_a_note_s_number_beside_its_chapter_s_pages() -> None:
    note = with_(CHAPTER, pages=("10", "29"), cited=("18", "19"), paragraph=None, note="2")

    assert "SP  - 10\nEP  - 29" in ris(note)
    assert "Cited: pp. 18–19, note 2" in ris(note)
    assert csl_item(note)["note"].startswith("Cited: pp. 18–19, note 2")
    assert csl_item(note)["page"] == "10-29"
    assert "Cited: pp. 18--19, note 2" in bibtex(note).replace("–", "--")


def test_an_inferred_page_is_cited_in_brackets() -> None:
    inferred = with_(CHAPTER, pages=("[42]", "43"), cited=("[42]", "43"))

    assert ", [42]–43" in text_of(citation_formats.chicago_note(inferred))
    assert ", pp. [42]–43, " in text_of(citation_formats.mla(inferred))
    assert ", p. [42], " in text_of(citation_formats.mla(with_(CHAPTER, pages=("[42]", "[42]"))))
    assert "pages = {[42]--43}" in bibtex(inferred)
    assert "SP  - [42]\nEP  - 43" in ris(inferred)


def test_mla_lists_the_pages_of_the_chapter_and_cites_those_of_the_passage() -> None:
    assert text_of(citation_formats.mla(CHAPTER)) == (
        "Author, Anna. “The VSNKh.” *The Planning Organs: A History, 1917–1929*, translated by Tom Translator,"
        " version 14, A Press, 1978, pp. 140–57, https://archive.example/planning/paragraph/12/."
    )
    assert citation_formats.mla_in_text(CHAPTER) == "(Author 142–43)"
    assert ", p. xiv, " in citation_formats.mla(with_(CHAPTER, pages=("xiv", "xiv")))


def test_a_passage_without_pages_is_cited_by_its_paragraph() -> None:
    unpaged = with_(CHAPTER, pages=None, cited=None)

    assert "(A Press, 1978), par. 12, https:" in citation_formats.chicago_note(unpaged)
    assert citation_formats.mla_in_text(unpaged) == "(Author, par. 12)"


def test_a_volume_is_cited_as_a_book() -> None:
    assert text_of(citation_formats.chicago_note(VOLUME)) == (
        "Anna Author, *The Planning Organs*, version 14 (A Press, 1978), https://archive.example/planning/."
    )
    assert text_of(citation_formats.chicago(VOLUME)) == (
        "Author, Anna. *The Planning Organs*. Version 14. A Press, 1978. https://archive.example/planning/."
    )
    assert text_of(citation_formats.mla(VOLUME)) == (
        "Author, Anna. *The Planning Organs*. Version 14, A Press, 1978, https://archive.example/planning/."
    )


def test_quotation_marks_inside_a_title_are_single() -> None:
    html = citation_formats.chicago_note(with_(CHAPTER, chapter='The "figures" of “control”'))

    assert "“The ‘Figures’ of ‘Control,’”" in html


def test_a_comma_stands_inside_the_quotation_marks_that_end_a_title() -> None:
    assert "“After the ‘Plan,’” in" in citation_formats.chicago_note(
        with_(CHAPTER, chapter='After the "plan"')
    )
    assert "“The Workers’.” In" in citation_formats.chicago(with_(CHAPTER, chapter="The Workers’"))


def test_a_title_that_asks_gets_no_full_stop() -> None:
    assert "“What Now?” In" in citation_formats.chicago(with_(CHAPTER, chapter="What Now?"))


@pytest.mark.parametrize(
    "cited", [citation_formats.chicago_note, citation_formats.chicago, citation_formats.mla]
)
def test_markup_in_a_title_is_text(cited: Any) -> None:
    html = cited(with_(CHAPTER, chapter="<script>&amp;</i>", title='A & B <b>"c"</b>'))

    assert "&lt;Script&gt;&amp;Amp;&lt;/I&gt;" in html
    assert "A &amp; B &lt;B&gt;&quot;C&quot;&lt;/B&gt;" in html
    assert re.findall(r"<[^>]*>", html) == ["<i>", "</i>"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("Anna Author", [Person("Author", "Anna")]),
        ("Author, Anna", [Person("Author", "Anna")]),
        ("Anna Maria Author", [Person("Author", "Anna Maria")]),
        ("Anna van der Author", [Person("van der Author", "Anna")]),
        ("Anna Author and Bo Butler", [Person("Author", "Anna"), Person("Butler", "Bo")]),
        (
            "Anna Author; Bo Butler & C. Cook",
            [Person("Author", "Anna"), Person("Butler", "Bo"), Person("Cook", "C.")],
        ),
        ("Анна Автор", [Person("Автор", "Анна")]),
        ("A, B, C, D", [Person("A, B, C, D", is_institution=True)]),
        ("Plato", [Person("Plato", is_institution=True)]),
        ("The archive’s editors", [Person("The archive’s editors", is_institution=True)]),
        ("Institute of History", [Person("Institute of History", is_institution=True)]),
        ("", []),
    ],
)
def test_persons_are_told_from_institutions(names: str, expected: list[Person]) -> None:
    assert persons(names) == expected


def test_csl_json_holds_the_variables_of_csl() -> None:
    assert json.loads(csl_json(CHAPTER)) == [
        {
            "id": "planning-12",
            "type": "chapter",
            "title": "The VSNKh",
            "container-title": "The Planning Organs: A History, 1917–1929",
            "author": [{"family": "Author", "given": "Anna"}],
            "translator": [{"family": "Translator", "given": "Tom"}],
            "publisher": "A Press",
            "issued": {"date-parts": [[1978]]},
            "page": "140-157",
            "version": "14",
            "URL": "https://archive.example/planning/paragraph/12/",
            "language": "en",
            "note": "Cited: pp. 142–143, paragraph 12. Original: Les organes, 1977",
        }
    ]


def test_ris_is_a_chapter_of_a_book() -> None:
    assert ris(CHAPTER).splitlines() == [
        "TY  - CHAP",
        "ID  - planning-12",
        "AU  - Author, Anna",
        "TI  - The VSNKh",
        "PB  - A Press",
        "PY  - 1978",
        "LA  - en",
        "N1  - Version 14",
        "N1  - Cited: pp. 142–143, paragraph 12",
        "N1  - Original: Les organes, 1977",
        "M2  - Version: 14",
        "UR  - https://archive.example/planning/paragraph/12/",
        "T2  - The Planning Organs: A History, 1917–1929",
        "A4  - Translator, Tom",
        "SP  - 140",
        "EP  - 157",
        "ER  - ",
    ]


def test_bibtex_keeps_the_capitals_of_titles() -> None:
    assert bibtex(CHAPTER).splitlines() == [
        "@incollection{planning-12,",
        "\tauthor = {Author, Anna},",
        "\ttitle = {{The VSNKh}},",
        "\tbooktitle = {{The Planning Organs: A History, 1917–1929}},",
        "\ttranslator = {Translator, Tom},",
        "\tpublisher = {A Press},",
        "\tyear = {1978},",
        "\tpages = {140--157},",
        "\tlanguage = {en},",
        "\tnote = {Version 14. Cited: pp. 142–143, paragraph 12. Original: Les organes, 1977},",
        "\turl = {https://archive.example/planning/paragraph/12/}",
        "}",
    ]


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("A {Whole} Pair", r"A \{Whole\} Pair"),
        ("An { Odd One", r"An {\textbraceleft} Odd One"),
        ("} {", r"{\textbraceright} {\textbraceleft}"),
    ],
)
def test_braces_that_have_no_other_are_written_by_their_names(title: str, written: str) -> None:
    assert written in bibtex(with_(CHAPTER, chapter=title))


def test_an_institution_is_one_name_to_bibtex() -> None:
    assert "author = {{Institute of History}}," in bibtex(with_(CHAPTER, author="Institute of History"))


# Characters of titles: markup of every kind, accents, Cyrillic, both directions of writing, line ends.
TITLES = st.text(
    st.sampled_from("aZ 09{}\\&<>\"'`$%#_^~*@=,;:.-–—“”’éЖאب\u200f\u2028\n\t\r/?!()[]|")
    | st.characters(codec="utf-8"),
    min_size=1,
    max_size=40,
).filter(lambda text: bool(citation_formats._one_line(text)))


def decoder() -> LatexNodes2Text:
    """A decoder that knows three characters by their names, as LaTeX does."""
    context = get_default_latex_context_db()
    names = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    macros = [MacroTextSpec(name, simplify_repl=mark) for name, mark in names.items()]
    context.add_context_category("names", prepend=True, macros=macros)
    return LatexNodes2Text(latex_context=context, math_mode="text")


@given(TITLES, TITLES, TITLES)
def test_whatever_the_titles_hold_is_read_back(chapter: str, title: str, publisher: str) -> None:
    citation = with_(CHAPTER, chapter=chapter, title=title, publisher=publisher)
    expected = (citation.chapter, citation.title, citation.publisher)

    [item] = json.loads(csl_json(citation))
    [entry] = rispy.loads(ris(citation))
    library = parse_string(
        bibtex(citation),
        parse_stack=[RemoveEnclosingMiddleware(), LatexDecodingMiddleware(decoder=decoder())],
    )

    assert (item["title"], item["container-title"], item["publisher"]) == expected
    assert (entry["title"], entry["secondary_title"], entry["publisher"]) == expected
    fields = library.entries[0].fields_dict
    assert tuple(fields[name].value for name in ("title", "booktitle", "publisher")) == expected
    assert csl_item(citation)["version"] == "14"


@given(TITLES, TITLES)
def test_whatever_the_titles_hold_a_citation_is_well_formed(chapter: str, title: str) -> None:
    for cited in (citation_formats.chicago_note, citation_formats.chicago, citation_formats.mla):
        html = cited(with_(CHAPTER, chapter=chapter, title=title))

        assert re.findall(r"<[^>]*>", html) == ["<i>", "</i>"]
        assert html.endswith("paragraph/12/.")


@pytest.mark.parametrize("style", sorted(path.stem for path in Path(citation_formats.STYLES).glob("*.csl")))
def test_the_styles_are_valid_csl(style: str) -> None:
    CitationStylesStyle(str(citation_formats.STYLES / f"{style}.csl"), validate=True)

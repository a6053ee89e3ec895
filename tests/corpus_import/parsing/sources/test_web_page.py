"""Saved web pages as different hands make them: each keeps its text, kinds, calls, notes, italics and pages."""

from collections.abc import Callable
from dataclasses import replace
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from bench.web_page import STYLES, web_page
from corpus_import.loading.composing import head_of_division, text_of_note, text_of_paragraph
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_source
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.found import compare, elements_read, elements_there
from tests.layouts import set_truth
from tests.sample import EDITION

PLAN = (
    "The council met in the winter of that year and drew up a plan for the whole country, which nobody read."
)
SPRING = "In the spring the second office asked for the plan, and the first one answered that it was lost."
FIRST, SECOND = "1. The first office", "2. The second office"
# In all forms: two chapters, two paragraphs, one note in the first.
BOOK = [
    "# 1 The first office",
    f"{PLAN}[^1] It was cold.",
    SPRING,
    "^1 The *Minutes*, vol. 2.",
    "# 2 The second office",
    SPRING,
]

FORMS = {
    "a page of endnotes with links": f"""
        <h3>{FIRST}</h3><p>{PLAN}<sup class=enote><a href="#n1" name="f1">[1]</a></sup> It was cold.</p><p>{SPRING}</p>
        <h4>Footnotes</h4><p class=endnote><a href="#f1" name="n1">1.</a> The <em>Minutes</em>, vol. 2.</p>
        <h3>{SECOND}</h3><p>{SPRING}</p>""",
    "notes in boxes": f"""
        <h2>{FIRST}</h2><p>{PLAN}<a name="A1"></a><a href="#N1" class=fnanchor>[1]</a> It was cold.</p><p>{SPRING}</p>
        <div class=footnote><p><a name="N1"></a><a href="#A1"><span class=label>[1]</span></a> The <i>Minutes</i>,
        vol. 2.</p></div><h2>{SECOND}</h2><p>{SPRING}</p>""",
    "a list of references that leads back": f"""
        <h2>{FIRST}</h2><p>{PLAN}<sup id=r1><a href="#c1">[1]</a></sup> It was cold.</p><p>{SPRING}</p>
        <ol class=references><li id=c1><b><a href="#r1">^</a></b> <span>The <i>Minutes</i>, vol. 2.</span></li></ol>
        <h2>{SECOND}</h2><p>{SPRING}</p>""",
    "a word processor's page": f"""
        <p class=MsoNormal align=center style="text-align:center"><b>{FIRST}</b></p>
        <p class=MsoNormal style="text-indent:36.0pt">{PLAN}<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a> It was
        cold.</p><p class=MsoNormal style="text-indent:36.0pt">{SPRING}</p>
        <p class=MsoNormal align=center style="text-align:center"><b>{SECOND}</b></p>
        <p class=MsoNormal style="text-indent:36.0pt">{SPRING}</p>
        <div><hr><div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> The <i>Minutes</i>,
        vol. 2.</p></div></div>""",
    "notes at the end of the page": f"""
        <h1 id=one>{FIRST}</h1><p>{PLAN}<a href="#fn1" id=fnref1><sup>1</sup></a> It was cold.</p><p>{SPRING}</p>
        <h1 id=two>{SECOND}</h1><p>{SPRING}</p><section id=footnotes><hr><ol><li id=fn1><p>The <em>Minutes</em>,
        vol. 2.<a href="#fnref1">↩︎</a></p></li></ol></section>""",
    "spaces for indents, and no links": f"""
        <p><center><b>A Plan of Snow</b></center><p><b>{FIRST}</b><br><br>&nbsp;&nbsp;&nbsp;&nbsp;{PLAN}[1] It was cold.
        <br>&nbsp;&nbsp;&nbsp;&nbsp;{SPRING}<p><b>Notes</b><table><tr><td>1.<td>The <i>Minutes</i>, vol. 2.</table>
        <p><b>{SECOND}</b><p>&nbsp;&nbsp;&nbsp;&nbsp;{SPRING}""",
    "a raised number and a note below, without links": f"""
        <center><b>CHAPTER ONE</b></center><center>The first office</center><p>{PLAN}<sup>1</sup> It was cold.
        <p>{SPRING}<hr><p><sup>1</sup> The <i>Minutes</i>, vol. 2.<center><b>CHAPTER TWO</b></center>
        <center>The second office</center><p>{SPRING}""",
    "a table for the layout": f"""
        <table width="90%"><tr><td><h2>{FIRST}</h2><p>{PLAN}[1] It was cold.<p>{SPRING}<p>Notes<p>1. The
        <i>Minutes</i>, vol. 2.<h2>{SECOND}</h2><p>{SPRING}</table>""",
}


def read(body: str, encoding: str = "utf-8", *, head: str = "") -> Draft:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return parse_bytes(page.encode(encoding))


def parse_bytes(content: bytes) -> Draft:
    return parse(decode_source(replace(MANIFEST, witnesses=("page.html",)), {"page.html": content}))


def lines_of(draft: Draft) -> list[str]:
    lines = []
    for division in draft.divisions:
        lines.append(f"# {division.n} {head_of_division(division)}".replace("  ", " "))
        lines += [text_of_paragraph(p) for p in draft.paragraphs if p.division == division.index]
        lines += [
            f"^{note.n} {text_of_note(note)}" for note in draft.notes if note.division == division.index
        ]
    return lines


@pytest.mark.parametrize("form", FORMS)
def test_a_page_is_read_whole_whatever_its_form(form: str) -> None:
    assert lines_of(read(FORMS[form])) == BOOK


@pytest.mark.parametrize("style", STYLES)
def test_the_sample_s_page_is_read_whole(style: str) -> None:
    read, there = (
        elements_read(parse_bytes(web_page(EDITION, style).encode())),
        elements_there(set_truth(EDITION)),
    )

    assert {
        kind: str(compare(read[kind], there[kind])) for kind in ("headings", "paragraphs", "notes", "terms")
    } == {
        kind: f"{len(there[kind])}/{len(there[kind])}"
        for kind in ("headings", "paragraphs", "notes", "terms")
    }


def test_a_number_of_a_page_inside_a_sentence_is_a_page_of_the_book() -> None:
    draft = read(
        f"<h2>{FIRST}</h2><p><span class=pagenum><a id=Page_12>[Pg 12]</a></span>{PLAN} It was <span class=pagenum><a"
        f" id=Page_13>[Pg 13]</a></span>cold.</p><h2>{SECOND}</h2><p>{SPRING}</p>"
    )

    assert text_of_paragraph(draft.paragraphs[0]) == f"{{p. 12}}{PLAN} It was {{p. 13}}cold."


def test_a_paragraph_that_a_page_cuts_goes_on_and_one_that_begins_after_it_does_not() -> None:
    indent = "&nbsp;" * 4
    draft = read(
        f"<h2>{FIRST}</h2><p>{indent}{PLAN}<p align=center>page 12<p>Nobody minded.<p align=center>page 13"
        f"<p>{indent}{SPRING}"
    )

    assert [text_of_paragraph(p) for p in draft.paragraphs] == [
        f"{PLAN} {{p. 12}}Nobody minded.",
        f"{{p. 13}}{SPRING}",
    ]


def test_a_sentence_goes_on_after_a_quotation() -> None:
    draft = read(
        f"<h2>{FIRST}</h2><p>{PLAN}<p>The second office wrote that<blockquote><p>the plan is lost in the snow of the"
        " river,</blockquote><p>and nobody asked again.<p>" + SPRING
    )

    assert [(p.kind.value, p.continues) for p in draft.paragraphs] == [
        ("prose", False), ("prose", False), ("quotation", False), ("prose", True), ("prose", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "key",
    [
        "<dl><dt>NEP</dt><dd>New Economic Policy</dd><dt>STO</dt><dd>Council of Labour</dd></dl>",
        "<p><b>NEP</b> – New Economic Policy</p><p><b>STO</b> – Council of Labour</p>",
        "<table><tr><td>NEP<td>New Economic Policy<tr><td>STO<td>Council of Labour</table>",
    ],
    ids=["list", "paragraphs", "table"],
)
def test_a_key_is_read_from_a_list_from_paragraphs_and_from_a_table(key: str) -> None:
    draft = read(f"<h2>Abbreviations</h2>{key}<h2>{FIRST}</h2><p>{PLAN}</p>")

    assert [(row.headword, row.definition) for row in draft.key] == [
        ("NEP", "New Economic Policy"),
        ("STO", "Council of Labour"),
    ]
    assert [d.head.string for d in draft.divisions] == ["The first office"]


def test_a_table_of_figures_keeps_its_caption_its_cells_and_its_source() -> None:
    draft = read(
        f"<h2>{FIRST}</h2><p>{PLAN}</p><table><caption>Table 1. Snow</caption><tr><th>Year<th>Snow<tr><td>1925<td>12.5"
        f"<tr><td>1926<td>13.0</table><p>Source: the office.</p><p>{SPRING}</p>"
    )

    assert [p.kind.value for p in draft.paragraphs] == ["prose", "table", "prose"]
    assert text_of_paragraph(draft.paragraphs[1]).splitlines() == [
        "^ Table 1. Snow",
        "! Year | Snow",
        "| 1925 | 12.5",
        "| 1926 | 13.0",
        "_ Source: the office.",
    ]


def test_headings_without_numbers_have_the_kinds_of_their_levels() -> None:
    draft = read(
        f"<h1>A Plan of Snow</h1><h2>Preface</h2><p>{PLAN}</p><h2>The office</h2><p>{PLAN}</p><h3>The cold</h3>"
        f"<p>{SPRING}</p><h2>Bibliography</h2><p>A. Writer, <i>The Plan of the Snow</i>, Moscow, 1925.</p>"
    )

    assert [(d.kind, d.head.string) for d in draft.divisions] == [
        ("front", "Preface"),
        ("chapter", "The office"),
        ("section", "The cold"),
        ("back", "Bibliography"),
    ]


@pytest.mark.parametrize(
    ("encoding", "head", "text"),
    [
        ("cp1252", "<meta charset=iso-8859-1>", "the “plan” – of 1925…"),
        ("utf-16", "", "the “plan” – of 1925…"),
        ("utf-8", "<meta charset=utf-16>", "the “plan” – of 1925…"),
        ("koi8-r", '<meta http-equiv=Content-Type content="text/html; charset=koi8-r">', "план 1925 года"),
    ],
    ids=["latin-1 means cp1252", "byte order mark", "a declaration that cannot be", "declared"],
)
def test_a_page_is_decoded_as_browsers_decode_it(encoding: str, head: str, text: str) -> None:
    draft = read(f"<h2>{FIRST}</h2><p>{PLAN} {text}", encoding, head=head)

    assert draft.paragraphs[0].text.string == f"{PLAN} {text}"


def test_what_a_browser_does_not_show_is_left_out_and_counted() -> None:
    draft = read(
        f"<h2>{FIRST}</h2><script>alert('x')</script><p>{PLAN}<span style='display:none'>hidden</span>"
        "<!-- a remark --></p>"
    )

    assert [p.text.string for p in draft.paragraphs] == [PLAN]
    [said] = [d.message for d in draft.diagnostics if d.code == "left-out"]
    assert "script (10)" in said
    assert "hidden element (6)" in said


# Saved as one file


def mht(*pages: tuple[str, str], encoding: str = "utf-8") -> bytes:
    message = MIMEMultipart("related")
    for address, body in pages:
        part = MIMEText(f"<html><body>{body}</body></html>", "html", encoding)
        part["Content-Location"] = address
        message.attach(part)
    message.attach(MIMEText("p { color: black }", "css"))
    return message.as_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_page_saved_as_one_file_is_read(encoding: str) -> None:
    page = FORMS["a page of endnotes with links"]

    assert lines_of(parse_bytes(mht(("file:///C:/snow.htm", page), encoding=encoding))) == BOOK


def test_notes_that_stand_in_a_file_of_their_own_are_read_from_there() -> None:
    text = (
        f'<h3>{FIRST}</h3><p>{PLAN}<a href="notes.htm#n1">[1]</a> It was cold.</p><p>{SPRING}</p><h3>{SECOND}</h3>'
        f"<p>{SPRING}</p>"
    )
    notes = '<h4>Notes</h4><p><a name="n1" href="snow.htm#f1">1.</a> The <em>Minutes</em>, vol. 2.</p>'
    content = mht(("C:/snow.htm", text), ("C:/advert.htm", "<p>Buy!</p>"), ("C:/notes.htm", notes))

    assert lines_of(parse_bytes(content)) == BOOK


# What cannot be read is refused in one sentence.

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut off": (lambda: mht(("a.htm", FORMS["notes in boxes"]))[:-150], "ends in the middle"),
    "no page in it": (
        lambda: mht(),
        "no part of the file is a web page",
    ),
    "no text": (lambda: b"<html><body><script>write()</script></body></html>", "has no text"),
    "too deep": (
        lambda: b"<html><body><h2>1. A</h2>" + b"<div>" * 5000 + PLAN.encode() + b"</div>" * 5000,
        "nested too deep",
    ),
    "not as it says": (
        lambda: b"<html><head><meta charset=utf-8></head><body>caf\xe9</body></html>",
        "utf-8",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_page_that_cannot_be_read_whole_is_refused(what: str) -> None:
    content, message = REFUSED[what]

    with pytest.raises(ImportFault, match=message):
        parse_bytes(content())

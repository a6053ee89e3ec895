"""An EPUB is read in the order of its spine: calls and notes across its files, italics, pages of the printed book."""

# ruff: noqa: E501  # pieces of markup are easier to read whole

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from corpus_import.loading.composing import text_of_note, text_of_paragraph
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_source
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.found import compare
from tests.web_pages.page import web_page_of
from tests.web_pages.saved import as_epub
from tests.web_pages.score import found, read_bytes, there

PLAN = (
    "The council met in the winter of that year and drew up a plan for the whole country, which nobody read."
)
SPRING = "In the spring the second office asked for the plan, and the first one answered that it was lost."
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book/b.opf"/>'
    "</rootfiles></container>"
)
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf"><manifest>
<item id="two" href="text/c2.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/c%201.xhtml" media-type="application/xhtml+xml"/>
<item id="notes" href="text/notes.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="css" href="s.css" media-type="text/css"/><item id="cover" href="c.jpg" media-type="image/jpeg"/>
</manifest><spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/>
<itemref idref="notes" linear="no"/></spine></package>"""
NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol>'
    '<li><a href="text/c%201.xhtml">One</a></li></ol></nav><nav epub:type="page-list"><ol>'
    '<li><a href="text/c%201.xhtml#here">12</a></li><li><a href="text/c2.xhtml#p14">14</a></li></ol></nav></body></html>'
)
BOOK = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "book/b.opf": PACKAGE,
    "book/nav.xhtml": NAV,
    "book/s.css": ".slanted { font-style: italic } .in { margin-left: 2em }",
    "book/text/c 1.xhtml": f"""<h1>1. The first office</h1><p>{PLAN}<a epub:type="noteref" id="r1"
        href="notes.xhtml#n1">1</a> It was <a id="here"/>cold.</p><p class="in">{SPRING}</p>""",
    "book/text/c2.xhtml": f"""<h1>2. The second office</h1><p>{SPRING} It was <span epub:type="pagebreak" id="p13"
        title="13"/>the <span class="slanted">only</span> one.</p><div id="p14"><p>{PLAN}</p></div>""",
    "book/text/notes.xhtml": """<h1>Notes</h1><aside epub:type="footnote" id="n1"><p><a href="c%201.xhtml#r1">1</a>. The
        <i>Minutes</i>, vol. 2.</p></aside>""",
}


def packed(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            if name.endswith(".xhtml") and isinstance(text, str) and not text.startswith("<html"):
                text = (
                    '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
                    f"<body>{text}</body></html>"
                )
            archive.writestr(name, text)
    return out.getvalue()


def parsed(content: bytes) -> Draft:
    return parse(decode_source(replace(MANIFEST, witnesses=("b.epub",)), {"b.epub": content}))


def test_an_epub_is_read_in_the_order_of_its_spine() -> None:
    draft = parsed(packed(BOOK))

    assert [(d.n, d.head.string) for d in draft.divisions] == [
        ("1", "The first office"),
        ("2", "The second office"),
    ]
    assert [(p.kind.value, text_of_paragraph(p)) for p in draft.paragraphs] == [
        ("prose", f"{PLAN}[^1] It was {{p. 12}}cold."),
        ("quotation", SPRING),
        ("prose", f"{SPRING} It was {{p. 13}}the *only* one."),
        ("prose", f"{{p. 14}}{PLAN}"),
    ]
    assert [(n.n, text_of_note(n)) for n in draft.notes] == [(1, "The *Minutes*, vol. 2.")]


QUOTED = "The plate of the old committee was still on the door, and nobody had thought of taking it down."
NOTES_IN_ITEMS = f"""<section epub:type="endnotes"><h2>Notes</h2><ol>
    <li id="n1" epub:type="footnote"><p><a href="#r1">↩</a> She says of it:</p><blockquote><p>{QUOTED}</p></blockquote>
    <p>No such paper is known.</p></li>
    <li id="n2" epub:type="footnote"><p><a href="#r2">↩</a> The same.</p></li></ol></section>"""
CALLS = "".join(
    f'<p>{text}<a epub:type="noteref" id="r{n}" href="#n{n}">{n}</a></p>'
    for n, text in ((1, PLAN), (2, SPRING))
)


def test_what_stands_in_the_element_of_a_note_belongs_to_it() -> None:
    page = f"<h1>1. The first office</h1>{CALLS}{NOTES_IN_ITEMS}"
    draft = parsed(packed(BOOK | {"book/text/c 1.xhtml": page}))

    assert [(n.n, text_of_note(n)) for n in draft.notes][:2] == [
        (1, f"She says of it:\n\n> {QUOTED}\n\nNo such paper is known."),
        (2, "The same."),
    ]
    assert QUOTED not in [p.text.string for p in draft.paragraphs]


@pytest.mark.parametrize("label", ["Chapter 1", "CHAPTER ONE", "Part 1"])
def test_a_label_above_a_title_numbers_its_division(label: str) -> None:
    page = f'<header><p class="label">{label}</p><h1>The first office</h1></header><p>{PLAN}</p>'
    draft = parsed(packed(BOOK | {"book/text/c 1.xhtml": page}))

    assert [(str(d.kind), d.n, d.head.string) for d in draft.divisions][:1] == [
        (label.split()[0].lower(), "1", "The first office")
    ]
    assert text_of_paragraph(draft.paragraphs[0]) == PLAN


@pytest.mark.parametrize("kind", ["titlepage", "copyright-page", "colophon"])
def test_pages_around_the_text_are_set_aside(kind: str) -> None:
    page = f'<section epub:type="{kind}"><h1>The Offices</h1><p>{SPRING}</p></section>'
    draft = parsed(packed(BOOK | {"book/text/c 1.xhtml": page + BOOK["book/text/c 1.xhtml"]}))

    assert [d.head.string for d in draft.divisions] == ["The first office", "The second office"]
    assert len(draft.paragraphs) == 4


def test_a_generated_book_is_read_whole_from_its_epub() -> None:
    page = web_page_of(6)
    read, true = (
        found(read_bytes(as_epub(page), page.edition.title, "b.epub")),
        there(page.edition, page.truth),
    )

    assert {kind: str(compare(read[kind], true[kind])) for kind in true} == {
        kind: f"{len(of)}/{len(of)}" for kind, of in true.items()
    }


def without(name: str) -> dict[str, str]:
    return {key: text for key, text in BOOK.items() if key != name}


def locked() -> bytes:
    content = bytearray(packed(BOOK))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(sign, at + 1)) >= 0:
            content[at + flags] |= 1
    return bytes(content)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut off": (lambda: packed(BOOK)[:-200], "broken"),
    "a page is missing": (lambda: packed(without("book/text/c2.xhtml")), "has no file book/text/c2.xhtml"),
    "no package": (lambda: packed(BOOK | {"META-INF/container.xml": "<container/>"}), "does not say where"),
    "no XML": (lambda: packed(BOOK | {"META-INF/container.xml": "container"}), "no XML"),
    "pictures only": (
        lambda: packed(BOOK | {"book/b.opf": "<package><spine/></package>"}),
        "no pages of text",
    ),
    "a bomb": (
        lambda: packed(BOOK | {"book/text/c2.xhtml": b"<p>" + bytes(60_000_000)}),
        "unpacks to more than",
    ),
    "a bomb of entities": (
        lambda: packed(
            BOOK
            | {"META-INF/container.xml": f'<!DOCTYPE c [<!ENTITY a "{"x" * 9000}">]><c>{"&a;" * 9000}</c>'}
        ),
        "does not say where",
    ),
    "too many files": (lambda: packed(BOOK | {f"x/{n}": "" for n in range(5_000)}), "more than 5,000 files"),
    "a password": (locked, "locked"),
    "DRM": (lambda: packed(BOOK | {"META-INF/rights.xml": "<r/>"}), "locked"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_epub_that_cannot_be_read_whole_is_refused(what: str) -> None:
    content, message = REFUSED[what]

    with pytest.raises(ImportFault, match=message):
        parsed(content())


def with_notes(*notes: str) -> Draft:
    page = f'<h1>1. The first office</h1>{CALLS}<section epub:type="endnotes"><h2>Notes</h2>{"".join(notes)}</section>'
    return parsed(packed(BOOK | {"book/text/c 1.xhtml": page}))


@pytest.mark.parametrize(
    "ways",
    [
        '<a href="#r1">↩a</a> <a role="doc-backlink" href="#r2">↩b</a> The paper. <a href="#r1">↩</a>',
        'The paper. <a href="#r1">↩a</a> <a href="#r2">↩b</a>',
        '^ <sup><a href="#r1">a</a></sup> <sup><a href="#r2">b</a></sup> The paper.',
        'The paper. <a href="#r1">↩\ufe0e</a><a href="#r2">↩\ufe0e2</a>',
    ],
    ids=["before and behind", "behind", "letters alone", "numbered"],
)
def test_ways_back_are_no_text_of_the_note(ways: str) -> None:
    calls = CALLS.replace("#n2", "#n1").replace(">2<", ">1<")
    page = f'<h1>1. The first office</h1>{calls}<h2>Notes</h2><ol><li id="n1"><p>{ways}</p></li></ol>'
    draft = parsed(packed(BOOK | {"book/text/c 1.xhtml": page}))

    assert [(n.n, text_of_note(n)) for n in draft.notes][:1] == [(1, "The paper.")]


def test_a_letter_that_leads_elsewhere_stays_in_the_note() -> None:
    draft = with_notes(
        '<ol><li id="n1"><p>See plan <a href="#elsewhere">b</a></p></li></ol><p id="elsewhere"></p>'
    )

    assert [text_of_note(n) for n in draft.notes][:1] == ["See plan b"]


def test_a_piece_of_a_note_has_no_number_and_its_label_is_no_text() -> None:
    draft = with_notes(
        '<ol><li class="fragment" id="f"><p><span class="fragment-label">A piece:</span> of the minutes.</p></li>'
        '<li id="n2" value="2"><p><a href="#r2">↩</a> The paper.</p></li></ol>'
    )

    assert [(n.n, text_of_note(n)) for n in draft.notes][:2] == [(None, "of the minutes."), (2, "The paper.")]
    assert [d.message for d in draft.diagnostics if d.code == "note-fragment"]
    left_out = next(d.message for d in draft.diagnostics if d.code == "left-out")
    assert "words of the edition (7)" in left_out


def test_a_note_that_only_an_edition_speaks_in_is_a_gap() -> None:
    draft = with_notes(
        '<ol><li id="n1"><p><em class="of-edition">This note is not in the source.</em> <a href="#r1">↩</a></p></li>'
        '<li id="n2"><p>The paper. <a href="#r2">↩</a></p></li></ol>'
    )

    assert [(n.n, text_of_note(n)) for n in draft.notes][:1] == [(2, "The paper.")]
    assert [gap.n for gap in draft.missing] == [1]


def test_the_style_of_a_heading_is_no_emphasis() -> None:
    styles = "h2 { font-style: italic }"
    page = f"<h1>1. The first office</h1><p>{PLAN}</p><h2>I. The <em>Minutes</em></h2><p>{SPRING}</p>"
    draft = parsed(packed(BOOK | {"book/s.css": styles, "book/text/c 1.xhtml": page}))

    heads = {d.head.string: [d.head.string[a:b] for a, b in d.emphasis] for d in draft.divisions}
    assert heads["The Minutes"] == ["Minutes"]
    assert heads["The first office"] == []


MARK = '<span epub:type="pagebreak" id="page-{n}" aria-label="{said}"/>'


def test_a_page_whose_number_is_in_brackets_is_inferred() -> None:
    marks = [MARK.format(n=n, said=said) for n, said in ((12, " page [12]. "), (13, " page 13. "))]
    page = f"<h1>1. The first office</h1><p>{PLAN} {marks[0]}{SPRING}</p><p>{SPRING} {marks[1]}{PLAN}</p>"
    draft = parsed(packed(BOOK | {"book/text/c 1.xhtml": page}))

    begun = {each.page: each.attested for each in draft.pages} | {
        each.page: each.attested for p in draft.paragraphs for each in p.breaks
    }
    assert (begun["12"], begun["13"]) == (False, True)
    assert "{p. 12}" in text_of_paragraph(draft.paragraphs[0])


HEADED = "{text}<h2>I. The lamps</h2>{twelve}<p>{more}</p>"


def begun_with(page: str) -> tuple[list[str], list[str]]:
    """The pages that begin with the second heading, and in the text below."""
    body = page.format(
        text=f"<h1>1. The first office</h1>{MARK.format(n=11, said='11')}<p>{PLAN}</p>",
        twelve=MARK.format(n=12, said="12"),
        thirteen=MARK.format(n=13, said="13"),
        more=SPRING,
    )
    draft = parsed(packed(BOOK | {"book/text/c 1.xhtml": body}))
    lamps = next(d.index for d in draft.divisions if d.head.string == "The lamps")
    in_text = [at.page for p in draft.paragraphs if p.division >= lamps for at in p.breaks]
    return [page.page for page in draft.pages if page.division == lamps], in_text


@pytest.mark.parametrize(
    "page",
    [
        HEADED,
        HEADED.replace("{twelve}<p>", "<p>{twelve}"),
        HEADED.replace("</h2>", "</h2><h3>(a) Of oil</h3>"),
    ],
    ids=["between", "in the text", "two headings"],
)
def test_no_page_begins_between_a_heading_and_its_text(page: str) -> None:
    at_heading, in_text = begun_with(page)

    assert at_heading == ["12"]
    assert "12" not in in_text


def test_a_heading_can_have_a_page_of_its_own() -> None:
    at_heading, in_text = begun_with("{text}{twelve}<h2>I. The lamps</h2>{thirteen}<p>{more}</p>")

    assert (at_heading, in_text[:1]) == (["12"], ["13"])


def test_marks_of_notes_at_the_end_are_marks_and_no_text() -> None:
    def mark(n: int) -> str:
        return f'<span class="pagebreak" title="{n}"></span>'

    text = "".join(f"<p>{mark(n)}{SPRING} In {n} it was.</p>" for n in (11, 14, 17))
    notes = f'<p id="n1"><a href="#r1">1</a>. {mark(13)}The paper.</p><p id="n2"><a href="#r2">2</a>. {mark(16)}The ink.</p>'
    draft = parsed(
        packed(BOOK | {"book/text/c 1.xhtml": f"<h1>1. The first office</h1>{CALLS}{text}{notes}"})
    )

    assert not [p for p in draft.paragraphs if "[p." in p.text.string]
    assert [text_of_note(n).split("}")[-1] for n in draft.notes[:2]] == ["The paper.", "The ink."]


@pytest.mark.parametrize("kind", ["part", "chapter"])
def test_the_names_of_a_heading_tell_what_a_bare_number_counts(kind: str) -> None:
    page = f'<section class="level1 {kind}"><h1>1. Of lamps</h1><p>{PLAN}</p><h2>I. Of oil</h2><p>{SPRING}</p></section>'
    draft = parsed(packed(BOOK | {"book/text/c 1.xhtml": page}))

    assert [(str(d.kind), d.n) for d in draft.divisions][:2] == [(kind, "1"), ("section", "I")]


def test_the_title_of_the_volume_is_no_chapter() -> None:
    title = f"<h1>{MANIFEST.title}</h1><p>Of lamps and locks</p><p>A Writer</p>"
    draft = parsed(packed(BOOK | {"book/text/c 1.xhtml": title + BOOK["book/text/c 1.xhtml"]}))

    assert [d.head.string for d in draft.divisions] == ["The first office", "The second office"]

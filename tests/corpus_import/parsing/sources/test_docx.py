"""A Word document is read with its headings, quotations, italics, tables and notes."""

from dataclasses import replace

import pytest

from corpus_import.loading.composing import head_of_division, text_of_note, text_of_paragraph
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_source
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.sources.test_epub import packed

PLAN = (
    "The council met in the winter of that year and drew up a plan for the whole country, which nobody read."
)
SPRING = "In the spring the second office asked for the plan, and the first one answered that it was lost."
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
STYLES = f"""<w:styles {NAMES}>
<w:style w:type="paragraph" w:styleId="Ueberschrift1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Z"><w:name w:val="Own quotation"/><w:basedOn w:val="Zitat"/></w:style>
<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/><w:rPr><w:i/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Betont"><w:name w:val="Emphasis"/><w:rPr><w:i/></w:rPr></w:style></w:styles>"""


def p(*runs: str, style: str = "", more: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def call(n: int) -> str:
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{n}"/></w:r>'


BODY = [
    p(r("1. The first office"), style="Ueberschrift1"),
    p(
        r(f"{PLAN} It was "),
        r("very", "<w:i/>"),
        r(" "),
        r("cold", '<w:rStyle w:val="Betont"/>'),
        r("."),
        call(7),
    ),
    p(r("A "), r("plain", '<w:i w:val="0"/>'), r(f" quotation. {SPRING}", '<w:i w:val="false"/>'), style="Z"),
    p(
        r(SPRING),
        f"<w:del>{r('Struck out').replace('w:t', 'w:delText')}</w:del><w:ins>{r(' Put in.')}</w:ins>",
        "<w:r><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r>",
        call(9),
    ),
    "<w:tbl>"
    + "".join(
        f"<w:tr>{''.join(f'<w:tc>{p(r(cell))}</w:tc>' for cell in row)}</w:tr>"
        for row in (("Year", "Snow", "Ice"), ("1925", "12.5", "1.0"), ("1926", "13.0", "2.0"))
    )
    + "</w:tbl>",
    p(r("2. The second office"), more='<w:outlineLvl w:val="0"/>'),
    f"<w:sdt><w:sdtContent>{p(r(SPRING))}</w:sdtContent></w:sdt>",
]
NOTES = (
    f'<w:footnotes {NAMES}><w:footnote w:type="separator" w:id="-1">{p()}</w:footnote>'
    f'<w:footnote w:id="9">{p("<w:r><w:footnoteRef/></w:r>", r(" The second note."))}</w:footnote>'
    f'<w:footnote w:id="7">{p("<w:r><w:footnoteRef/></w:r>", r(" The "), r("Minutes", "<w:i/>"), r(", vol. 2."))}'
    f"{p(r('A letter of the same year.'))}</w:footnote></w:footnotes>"
)


def document(body: list[str], **parts: str) -> bytes:
    files = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {NAMES}><w:body>{''.join(body)}</w:body></w:document>",
        "word/styles.xml": STYLES,
        "word/footnotes.xml": NOTES,
    }
    return packed(files | parts)


def parsed(body: list[str], **parts: str) -> Draft:
    content = document(body, **parts)
    return parse(decode_source(replace(MANIFEST, witnesses=("b.docx",)), {"b.docx": content}))


def test_a_word_document_is_read_whole() -> None:
    draft = parsed(BODY)

    assert [(d.kind, d.n, d.head.string) for d in draft.divisions] == [
        ("chapter", "1", "The first office"),
        ("chapter", "2", "The second office"),
    ]
    assert [(p.kind.value, text_of_paragraph(p)) for p in draft.paragraphs] == [
        ("prose", f"{PLAN} It was *very cold*.[^1]"),
        ("quotation", f"*A* plain quotation. {SPRING}"),
        ("prose", f"{SPRING} Put in.[^2]"),
        ("table", "! Year | Snow | Ice\n| 1925 | 12.5 | 1.0\n| 1926 | 13.0 | 2.0"),
        ("prose", SPRING),
    ]
    assert [(n.n, text_of_note(n)) for n in draft.notes] == [
        (1, "The *Minutes*, vol. 2.\n\nA letter of the same year."),
        (2, "The second note."),
    ]


def test_the_italics_of_a_heading_s_style_are_no_emphasis() -> None:
    styles = STYLES.replace("<w:rPr><w:b/></w:rPr>", "<w:rPr><w:i/></w:rPr>", 1)
    body = [
        p(r("1. The "), r("first", "<w:i/>"), r(" office"), style="Ueberschrift1"),
        p(r(PLAN)),
        p(r(SPRING)),
    ]

    [division] = parsed(body, **{"word/styles.xml": styles}).divisions

    assert head_of_division(division) == "The *first* office"


def test_what_is_deleted_or_a_command_is_left_out_and_counted() -> None:
    [said] = [d.message for d in parsed(BODY).diagnostics if d.code == "left-out"]

    assert "deleted text (10)" in said
    assert "commands of fields" in said


@pytest.mark.parametrize(
    ("body", "parts", "message"),
    [
        ([], {}, "no text"),
        (BODY, {"word/document.xml": "<w/>"}, "no text in it"),
        (BODY, {"word/document.xml": "rubbish"}, "no XML"),
        (["<w:tbl><w:tr><w:tc>" * 3_000 + p(r(PLAN))], {}, "no XML"),
    ],
    ids=["empty", "another XML", "no XML", "nested 9,000 times"],
)
def test_a_word_document_that_cannot_be_read_is_refused(
    body: list[str], parts: dict[str, str], message: str
) -> None:
    with pytest.raises(ImportFault, match=message):
        parsed(body, **parts)


def test_a_list_of_terms_is_one_by_its_styles() -> None:
    styles = STYLES.replace(
        "</w:styles>",
        '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Definition Term"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="D"><w:name w:val="Definition"/></w:style></w:styles>',
    )
    rows = (("GOELRO", "The plan of the stations"), ("Lamp", "What gives light"), ("LMP", "see Lamp"))
    terms = [p(r(text), style=style) for row in rows for text, style in zip(row, "TD", strict=True)]
    body = [p(r("Glossary"), style="Ueberschrift1"), *terms]
    draft = parsed([*BODY[:2], *body], **{"word/styles.xml": styles})

    assert [(k.headword, k.definition, k.see) for k in draft.key] == [
        ("GOELRO", "The plan of the stations", ""),
        ("Lamp", "What gives light", ""),
        ("LMP", "", "Lamp"),
    ]

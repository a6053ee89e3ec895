"""What single pages of many hands show: verse, menus, numbers of pages, frames, whole addresses."""

# ruff: noqa: E501  # pieces of markup are easier to read whole

from dataclasses import replace

import pytest

from corpus_import.loading.composing import text_of_note, text_of_paragraph
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_source
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.sources.test_web_page import (
    FIRST,
    PLAN,
    SECOND,
    SPRING,
    mht,
    parse_bytes,
    read,
)

LINES = [
    "The river is frozen, the barges are laid,",
    "And nobody knows what the council has said;",
    "The clerk in the office has nothing to write,",
    "And puts out the lamp at the fall of the night.",
]


def texts(draft: Draft) -> list[str]:
    return [text_of_paragraph(p) for p in draft.paragraphs]


# Verse


@pytest.mark.parametrize(
    "verse",
    [
        "<blockquote>" + "<br>".join(LINES) + "</blockquote>",
        "<p>" + "<br>\n".join(LINES) + "</p>",
        '<div class="poem"><div class="stanza">'
        + "".join(f"<span class=i0>{x}<br /></span>" for x in LINES)
        + "</div></div>",
        '<div class="poem">' + "".join(f'<div class="line">{x}</div>' for x in LINES) + "</div>",
    ],
    ids=["in a quotation", "short lines", "by its class", "lines in elements"],
)
def test_verse_keeps_its_lines(verse: str) -> None:
    draft = read(f"<h2>{FIRST}</h2><p>{PLAN}</p>{verse}<p>{SPRING}</p>")

    assert [p.kind.value for p in draft.paragraphs] == ["prose", "verse", "prose"]
    assert draft.paragraphs[1].text.string == "\n".join(LINES)


def test_lines_of_prose_that_breaks_part_are_one_paragraph() -> None:
    body = f"{PLAN} {SPRING}".replace("of that year", "of that year<br>").replace("asked", "<br>asked")

    assert texts(read(f"<h2>{FIRST}</h2><p>{body}</p>")) == [f"{PLAN} {SPRING}"]


def test_long_lines_that_end_sentences_are_paragraphs() -> None:
    long = f"{PLAN} {SPRING}"

    assert texts(read(f"<h2>{FIRST}</h2><p>{long}<br>{long}<br>{long}</p>")) == [long] * 3


# What belongs to the site


@pytest.mark.parametrize(
    "part",
    [
        '<nav><a href="a.htm">Home</a> <a href="b.htm">Library</a></nav>',
        '<div id="menu"><ul><li><a href="a.htm">Home</a></li><li>Search</li></ul></div>',
        '<p><a href="a.htm">Home</a> | <a href="b.htm">Next chapter</a></p>',
        "<footer><p>Copyright of this page: nobody.</p></footer>",
        '<p class="updat">Last updated on 13 May 2004</p>',
        '<p><a href="#top">Back to top</a></p><p>Last modified: 13 May 2004</p>',
    ],
)
def test_what_belongs_to_the_site_is_set_aside_and_accounted_for(part: str) -> None:
    draft = read(f"<h2>{FIRST}</h2><p>{PLAN}</p><p>{SPRING}</p>{part}")

    assert texts(draft) == [PLAN, SPRING]
    [witness] = draft.witnesses
    last = witness.text.splitlines()[-1]
    assert any(witness.text[a.span.start : a.span.end] == last for a in draft.accounts)


def test_a_short_page_with_many_links_in_its_menus_is_read_without_them() -> None:
    ways = "".join(f'<li><a href="{n}.htm">The chapter with the number {n}</a></li>' for n in range(12))
    draft = read(
        f"<h2>{FIRST}</h2><p>{PLAN}</p><p>{SPRING}</p><nav><ul>{ways}</ul><p>Read them in this order.</p></nav>"
    )

    assert texts(draft) == [PLAN, SPRING]


def test_a_text_in_an_element_that_is_named_like_a_part_of_the_site_is_read() -> None:
    draft = read(f'<h2>{FIRST}</h2><div class="sidebar"><p>{PLAN}</p></div><p>{SPRING}</p>')

    assert texts(draft) == [PLAN, SPRING]


def test_a_library_s_preamble_and_licence_are_no_text() -> None:
    draft = read(
        f"<pre>The Library of Snow\n\nThis book is free\n\n*** START OF THIS EBOOK ***\n</pre><h2>{FIRST}</h2><p>{PLAN}</p>"
        f"<p>{SPRING}</p><pre>End of the book, by Nobody\n\n*** END OF THIS EBOOK ***\n\nSection 1. General terms\n</pre>"
    )

    assert texts(draft) == [PLAN, SPRING]


# Numbers of pages


@pytest.mark.parametrize(
    "mark",
    [
        '<span class="pagenum">[Pg {n}]</span>',
        '<span class="pagenum" id="Page_{n}"></span>',
        '<span epub:type="pagebreak" role="doc-pagebreak" title="{n}"></span>',
        '<a name="p{n}"></a>[p. {n}]',
        "<i>[Page {n}]</i>",
        '<span class="pb" style="display:none">{n}</span>',
    ],
)
def test_a_number_of_a_page_is_found_in_whatever_form(mark: str) -> None:
    cut = "".join(f"<p>{PLAN} It was {mark.format(n=n)} cold.</p>" for n in (12, 13, 14))

    assert texts(read(f"<h2>{FIRST}</h2>{cut}")) == [f"{PLAN} It was {{p. {n}}}cold." for n in (12, 13, 14)]


def test_a_word_that_a_number_of_a_page_parts_stays_whole() -> None:
    draft = read(f"<h2>{FIRST}</h2><p>{PLAN} The coun<span class=pagenum>[12]</span>cil met again.</p>")

    assert texts(draft) == [f"{PLAN} The council {{p. 12}}met again."]


def test_numbers_in_brackets_that_do_not_rise_are_no_pages() -> None:
    body = "".join(f"<p>{PLAN} See [p. {n}] of it.</p>" for n in (90, 12, 55, 7))

    assert "{p." not in "".join(texts(read(f"<h2>{FIRST}</h2>{body}")))


# Notes


def test_a_page_whose_links_name_its_whole_address_keeps_its_notes() -> None:
    site = "https://example.org/snow/book.htm"
    draft = read(
        f'<h2>{FIRST}</h2><p>{PLAN}<a name="r1" href="{site}#n1">[1]</a></p><p>{SPRING}</p><h4>Notes</h4>'
        f'<p><a name="n1" href="{site}#r1">1.</a> The minutes.</p>'
    )

    assert [(n.n, text_of_note(n)) for n in draft.notes] == [(1, "The minutes.")]
    assert texts(draft)[0] == f"{PLAN}[^1]"


def test_notes_at_the_end_under_the_names_of_chapters_go_to_these() -> None:
    draft = read(
        f"<h2>{FIRST}</h2><p>{PLAN}[1] {SPRING}[2]</p><h2>{SECOND}</h2><p>{SPRING}[1]</p><h2>Notes</h2><h3>{FIRST}</h3>"
        f"<p>1. One.<p>2. Two.<h3>{SECOND}</h3><p>1. One of the second."
    )

    assert [(n.division, n.n, text_of_note(n)) for n in draft.notes] == [
        (0, 1, "One."), (0, 2, "Two."), (1, 1, "One of the second."),
    ]  # fmt: skip
    assert len(draft.divisions) == 2


def test_notes_that_single_breaks_part_are_notes_of_their_own() -> None:
    draft = read(
        f"<h2>{FIRST}</h2><p>{PLAN}[1] {SPRING}[3]</p><p><b>Notes</b></p>1. One.<br>2. Never called.<br>3. Three.<br>"
    )

    assert [(n.n, text_of_note(n)) for n in draft.notes] == [(1, "One."), (2, "Never called."), (3, "Three.")]


@pytest.mark.parametrize(
    ("call", "number"), [("¹²³", "¹²³"), ("(1)(2)(3)", "(1)(2)(3)"), ("^1^2^3", "1.2.3.")]
)
def test_calls_of_other_forms_that_rise_call_the_notes(call: str, number: str) -> None:
    size, own = len(call) // 3, len(number) // 3
    calls = [call[k * size : k * size + size] for k in range(3)]
    numbers = [number[k * own : k * own + own] for k in range(3)]
    text = "".join(f"<p>{PLAN}{c}</p>" for c in calls)
    notes = "".join(f"<p>{n} Note of the council.</p>" for n in numbers)
    draft = read(f"<h2>{FIRST}</h2>{text}<h4>Notes</h4>{notes}")

    assert texts(draft) == [f"{PLAN}[^{n}]" for n in (1, 2, 3)]
    assert [(n.n, text_of_note(n)) for n in draft.notes] == [(n, "Note of the council.") for n in (1, 2, 3)]


def test_an_enumeration_in_a_sentence_calls_no_notes() -> None:
    draft = read(
        f"<h2>{FIRST}</h2><p>{PLAN} There were (1) the clerks, (2) the offices and (3) the lamps.</p>"
    )

    assert "[^" not in texts(draft)[0]


def test_items_of_a_numbered_list_are_notes_whose_numbers_it_counts() -> None:
    draft = read(
        f"<h2>{FIRST}</h2><p>{PLAN}[1] {SPRING}[2] {SPRING}[5]</p><h4>Notes</h4><ol><li>One.<li><p>Two.</p><p>More of it.</p>"
        "<li value=5>Five.</ol>"
    )

    assert [(n.n, text_of_note(n)) for n in draft.notes] == [
        (1, "One."),
        (2, "Two.\n\nMore of it."),
        (5, "Five."),
    ]


def test_a_list_without_items_is_a_quotation() -> None:
    draft = read(f"<h2>{FIRST}</h2><p>{PLAN}<ul>{SPRING}</ul><p>{PLAN}")

    assert [p.kind.value for p in draft.paragraphs] == ["prose", "quotation", "prose"]


def test_notes_in_a_file_that_is_another_witness_go_to_the_calls_that_lead_there() -> None:
    files = {
        "book.htm": f'<html><h2>{FIRST}</h2><p>{PLAN}<a href="notes.htm#a1">[1]</a> {SPRING}<a href="notes.htm#a3">[3]</a>'
        f'<h2>{SECOND}</h2><p>{SPRING}<a href="http://x.org/s/notes.htm#b1"><sup>1</sup></a></html>',
        "notes.htm": f"<html><h2>Notes</h2><h3>{FIRST}</h3><p><a name=a1>1.</a> One.<p><a name=a3>3.</a> Three."
        f"<h3>{SECOND}</h3><p><a name=b1>1.</a> One of the second.</html>",
    }
    draft = parse(
        decode_source(
            replace(MANIFEST, witnesses=tuple(files)), {name: text.encode() for name, text in files.items()}
        )
    )

    assert [(n.division, n.n, text_of_note(n)) for n in draft.notes] == [
        (0, 1, "One."), (0, 3, "Three."), (1, 1, "One of the second."),
    ]  # fmt: skip
    assert [d.head.string for d in draft.divisions] == ["The first office", "The second office"]


# Frames


def test_the_frames_of_a_page_are_read_in_their_order() -> None:
    frames = '<frameset cols="20%,80%"><frame src="menu.htm"><frame src="cid:text@snow"></frameset>'
    text = f'<h2>{FIRST}</h2><p>{PLAN}<a href="notes.htm#n1">[1]</a></p><p>{SPRING}</p>'
    notes = '<h4>Notes</h4><p><a name="n1">1.</a> The minutes.</p>'
    content = mht(
        ("frames.htm", frames),
        ("notes.htm", notes),
        ("menu.htm", '<a href="a.htm">A</a> <a href="b.htm">B</a>'),
        ("x/text@snow", text),
    )
    draft = parse_bytes(content)

    assert texts(draft) == [f"{PLAN}[^1]", SPRING]
    assert [text_of_note(n) for n in draft.notes] == ["The minutes."]


def test_style_sheets_of_the_file_are_read() -> None:
    page = f"<h2>{FIRST}</h2><p>{PLAN}</p><p class=q>{SPRING}</p><p>{PLAN} <span class=s>Not</span> so.</p>"
    content = mht(("a.htm", page)).replace(
        b"p { color: black }", b".q { margin-left: 3em } .s { font-style: italic }"
    )
    draft = parse_bytes(content)

    assert [p.kind.value for p in draft.paragraphs] == ["prose", "quotation", "prose"]
    assert texts(draft)[2] == f"{PLAN} *Not* so."


# As Chromium saves a page: the style in a sheet of its own, and all in the page's encoding.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_sheet_that_chromium_made_is_read_from_its_first_rule_on(encoding: str) -> None:
    page = f"<html><head></head><body>\n<h2>{FIRST}</h2>\n<p>{PLAN} It was not <span class=it>cold</span>.</p></body></html>"
    sheet = '@charset "utf-8";\n\n.it { font-style: italic; }\n\n.no { margin: 0px; }\n'
    # The mail's program writes the byte of a line's end as two.
    parts = [text.encode(encoding).replace(b"\n", b"\r\n") for text in (page, sheet)]
    content = b"\r\n".join(
        [
            b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n',
            *(b"--b\r\nContent-Type: text/" + kind + b"\r\nContent-Transfer-Encoding: binary\r\n\r\n" + part
              for kind, part in zip((b"html", b"css"), parts, strict=True)),
            b"--b--\r\n",
        ]
    )  # fmt: skip

    assert texts(parse_bytes(content)) == [f"{PLAN} It was not *cold*."]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_page_in_utf_16_without_a_mark_is_a_page(encoding: str) -> None:
    page = f"<!DOCTYPE html><html><body><h2>{FIRST}</h2>\r\n<p>{PLAN} “Да”.</p></body></html>"

    assert texts(parse_bytes(page.encode(encoding))) == [f"{PLAN} “Да”."]

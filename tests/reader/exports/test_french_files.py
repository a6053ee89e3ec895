"""A French volume gets French files: what the archive says in them is in the language of the text."""

import re

import pytest
from lxml import etree

from reader.exports.formats import made_in
from reader.models import Note, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_paragraph
from tests.reader.exports.test_formats import TEI, book, complaints_of_epubcheck, files_of, opened

__all__ = ["book"]
pytestmark = pytest.mark.django_db

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What the archive says in English in any of the four formats.
ENGLISH = [
    "Contents Glossary Pages Places This edition",
    "Translated by",
    "The whole edition",
    "It contains",
    "It lacks",
    "which its source",
    "Revision 1 of",
    "This note is not",
    "piece of a note",
    "NOTES TO",
    "GLOSSARY",
    "supplied from",
    "number of this note",
    "called on p.",
    "see ",
    "Emended",
    "corrected by",
    "proofread",
    "Explained by",
    "EXPLAINED BY",
    "does not call",
    "A program read",
    "digital edition",
    "Text with headings",
    "inferred",
]


def in_language(book: Volume, language: str) -> Volume:
    """The volume in another language, with a fragment, an inferred page, a moved term and a term that it explains."""
    book.language = language
    book.save()
    chapter = book.divisions.get(slug="chapter-1")
    make_paragraph(chapter, "Le VSNKh (Conseil suprême de l’économie) vint.{p. 3}")
    Note.objects.filter(n=1).update(inferred=True, page="2")
    publish_volume(book)
    book.refresh_from_db()
    return book


@pytest.fixture
def livre(book: Volume) -> Volume:
    return in_language(book, "fr")


def all_of(name: str, volume: Volume) -> str:
    """All words of a file for readers, of a book those of each of its files."""
    made = made_in(name, volume, address="https://archive.example/book/")
    if name == "epub":
        return "\n".join(
            content.decode() for file, content in files_of(made).items() if file.endswith(("html", "opf"))
        )
    return " ".join(opened(made)[1].split()) if name == "pdf" else made.decode()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "epub",
            [
                "<h1>Table des matières</h1>",
                "<h1>Glossaire</h1>",
                "<h1>Cette édition</h1>",
                "<h2>Pages</h2>",
                "Traduction de A Translator",
                "Il y manque",
                "Un programme a lu le texte",
                "<dc:language>fr</dc:language>",
                'xml:lang="fr">\n<metadata',
            ],
        ),
        (
            "pdf",
            [
                "Table des matières",
                "Glossaire",
                "Traduction de A Translator",
                "Cette note n’est pas dans la source.",
                "Notes que le texte n’appelle pas",
                "Fragment d’une note dont le numéro est perdu",
                "le numéro de cette note est déduit",
                "Partie 1.",
            ],
        ),
        (
            "markdown",
            [
                "# Glossaire {#glossary .unnumbered}",
                "*Cette note n’est pas dans la source.*",
                "*Fragment d’une note dont le numéro est perdu\u00a0:* a piece",
                "le numéro de cette note est déduit",
                'lang: "fr"',
            ],
        ),
        (
            "text",
            [
                "GLOSSAIRE",
                "NOTES\u00a0: The _lamps_",
                "Traduction de A Translator",
                "[^2] Cette note n’est pas dans la source.",
                "[fragment d’une note dont le numéro est perdu] a piece",
                "[le numéro de cette note est déduit]",
                "[appelée p. 2]",
            ],
        ),
    ],
)
def test_a_file_of_a_french_text_speaks_french(livre: Volume, name: str, said: list[str]) -> None:
    text = all_of(name, livre)

    assert [words for words in said if words not in text] == []
    assert [words for words in ENGLISH if words in text] == []


@pytest.mark.parametrize("name", ["text", "markdown", "epub"])
def test_the_signs_of_a_french_file_have_their_spaces(livre: Volume, name: str) -> None:
    text = all_of(name, livre)

    assert (
        re.findall(r"\w+ [:;!?](?= |$)", re.sub(r"^(?::::.*|:   |\[\^.*)", "", text, flags=re.MULTILINE))
        == []
    )
    assert re.search(r"Elle contient\u00a0: ", text)
    assert name == "markdown" or not re.search(r"^\w+: ", text, re.MULTILINE)


@pytest.mark.parametrize("language", ["de", "grc-Latn"])
def test_a_file_of_a_text_whose_language_the_archive_does_not_speak_speaks_english(
    book: Volume, language: str
) -> None:
    volume = in_language(book, language)

    assert "GLOSSARY" in all_of("text", volume)
    assert "[called on p. 2]" in all_of("text", volume)
    assert f"<dc:language>{language}</dc:language>" in all_of("epub", volume)


def test_a_french_e_book_is_right_by_epubcheck(livre: Volume, tmp_path: "pytest.TempPathFactory") -> None:
    assert complaints_of_epubcheck(made_in("epub", livre), tmp_path) == []  # type: ignore[arg-type]


def test_data_of_a_french_text_say_that_the_archive_s_words_are_english(livre: Volume) -> None:
    tei = etree.fromstring(made_in("tei", livre))

    assert tei.get(XML_LANG) == "fr"
    for path in ("notesStmt/note", "respStmt/resp", "interpretation/p", "editionStmt/edition"):
        [said] = tei.findall(f".//{TEI}{path.replace('/', f'/{TEI}')}")
        assert said.get(XML_LANG) == "en", path
    heads = {head.text: head.get(XML_LANG) for head in tei.iterfind(f".//{TEI}back//{TEI}head")}
    assert set(heads.values()) == {"en"}, heads
    assert '"@language": "en"' in re.sub(r"\s+", " ", made_in("skos", livre).decode())

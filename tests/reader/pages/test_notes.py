"""The page of a note: its text, where it stands and where it is called, its citation."""

import re

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from reader.correction.structure.deeds import take_back
from reader.correction.structure.pages import set_page
from reader.models import Division, Volume
from reader.pages.citation_formats import csl_item
from reader.pages.cite import Cited
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_account,
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_term,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def book() -> Volume:
    """A chapter on pages 17 and 18, with notes on the inferred pages 18 and 19, one of them in a section."""
    volume = make_volume(slug="plans", translator="Tom Translator")
    chapter = make_division(volume, slug="one", head="The *plan*", page="17")
    section = make_division(volume, slug="years", kind=Division.Kind.SECTION, parent=chapter, head="Years")
    make_paragraph(chapter, 'It "began" in 1921.[^1] It went {p. 18}on.[^2] One is lost.[^9]')
    make_note(chapter, 1, "On the NEP.", page="17")
    make_note(section, 2, "A long note,[^3] {p. 19}on two pages.", page="18")
    make_note(section, 3, "A note of a note.")
    make_note(section, None, "a piece", position=7)
    make_page_break(volume, "17", division=chapter)
    for n in ("18", "19"):
        make_page_break(volume, n, certainty="inferred")
    make_term(volume.glossary)
    publish_volume(volume)
    return volume


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def test_a_note_has_a_page_with_its_text_and_the_notes_that_it_calls(client: Client, book: Volume) -> None:
    html = page(client, "/plans/one/note/2/")

    assert "<h1>Note 2</h1>" in html
    assert '<li id="n2" value="2"><p>A long note,' in html
    assert '<li id="n3" value="3">' in html
    assert 'id="n1"' not in html
    assert 'href="/plans/one/#n2">Read it in its chapter</a>' in html
    assert 'href="../../../glossary/nep/"' in page(client, "/plans/one/note/1/")


def test_a_note_s_page_tells_where_it_stands_from_where_it_is_called(client: Client, book: Volume) -> None:
    said = words(page(client, "/plans/one/note/2/"))

    assert "Printed on pages [18]–[19]; called on page 18; revision 1 of the text" in said
    assert "A page in brackets is inferred" in said


def test_a_note_s_page_shows_the_sentence_that_calls_it(client: Client, book: Volume) -> None:
    html = page(client, "/plans/one/note/1/")

    assert 'Called in: <a href="/plans/one/#r1">It “began” in 1921.</a>' in html


def test_a_note_whose_page_is_not_known_says_so(client: Client, book: Volume) -> None:
    last = make_division(book, slug="last")
    make_note(last, 1, page="31")

    said = words(page(client, "/plans/last/note/1/"))

    assert "Its printed page is not known; called on page 31, which citations name; revision" in said
    assert "), 31, n. 1, http" in said


def test_a_note_is_cited_in_every_style_and_format(client: Client, book: Volume) -> None:
    said = words(page(client, "/plans/one/note/2/"))

    assert (
        ", version 1, trans. Tom Translator (A Press, 1978), [18]–[19], n. 2, http://testserver/plans/one/note/2/."
        in said
    )
    for name in ("Chicago, note", "Chicago, bibliography", "MLA", "BibTeX", "RIS", "CSL-JSON"):
        assert name in said
    for extension, begins in (("bib", "@incollection{plans-one-n2,"), ("ris", "TY  - CHAP"), ("json", "[")):
        response = client.get(f"/plans/one/note/2/cite.{extension}")
        assert response.content.decode().startswith(begins)
        assert "http://testserver/plans/one/note/2/" in response.content.decode()
        assert response["Content-Disposition"] == f'attachment; filename="plans-one-n2.{extension}"'


@pytest.mark.parametrize(
    ("own", "pages"),
    [
        (("17", "18"), "17-[18]"),
        (("18", "19"), "17-[19]"),
        (("40", "41"), "17-[18], 40-41"),
        (("xii", "xii"), "17-[18], xii"),
    ],
)
def test_a_cited_note_s_pages_stand_beside_its_chapter_s(
    book: Volume, own: tuple[str, str], pages: str
) -> None:
    cited = Cited(book, "one", note=2)
    cited.pages = own

    assert csl_item(cited.citation("https://archive.example"))["page"] == pages


def test_each_note_of_a_chapter_leads_to_its_page(client: Client, book: Volume) -> None:
    html = page(client, "/plans/one/")

    ways = re.findall(r'<a class="at" href="(note/\d+/)"[^>]*?(?: title="([^"]*)")?></a>', html)
    assert ways == [
        ("note/1/", "p. [18], called on p. 17"),
        ("note/2/", "pp. [18]–[19], called on p. 18"),
        ("note/3/", "p. [19]"),
    ]
    assert client.get(f"/plans/one/{ways[1][0]}").status_code == 200


def test_the_address_of_a_lost_note_leads_to_its_call(client: Client, book: Volume) -> None:
    response = client.get("/plans/one/note/9/")

    assert (response.status_code, response["Location"]) == (302, "/plans/one/#r9")


@pytest.mark.parametrize(
    "path", ["one/note/8/", "one/note/99999999999/", "two/note/1/", "years/note/2/", "one/note/8/cite.bib"]
)
def test_a_note_that_is_not_there_is_not_found(client: Client, book: Volume, path: str) -> None:
    assert client.get(f"/plans/{path}").status_code == 404


def test_an_address_of_a_note_that_a_mail_broke_is_found(client: Client, book: Volume) -> None:
    response = client.get("/Plans/One/note/2.")

    assert (response.status_code, response["Location"]) == (301, "/plans/one/note/2/")


def test_a_note_s_page_costs_twelve_statements_at_most(
    client: Client, book: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    witness = make_witness(book, b"The first line\nthe second\n")
    Division.objects.get(slug="years").notes.filter(n=2).update(lines=[[witness.n, 1, 2]])

    with django_assert_num_queries(13):
        client.get("/plans/one/note/2/")
    with django_assert_num_queries(12):
        client.get("/plans/one/note/2/")
    with django_assert_num_queries(4):
        client.get("/plans/one/note/2/cite.ris")


def test_a_note_s_page_is_not_sent_again_until_the_text_changes(
    client: Client, book: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    etag = client.get("/plans/one/note/2/")["ETag"]

    with django_assert_num_queries(1):
        response = client.get("/plans/one/note/2/", headers={"if-none-match": etag})

    assert (response.status_code, response.content) == (304, b"")


# Pages that are inferred


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/plans/paragraph/1/", "Printed on pages 17–[18]"),
        ("/plans/one/cite/", "Printed on pages 17–[18]"),
        ("/plans/search/?q=went", "p. 17"),
        ("/plans/search/?q=p.+18", "Page [18]"),
        ("/plans/search/?q=pages", "note 2, p. [19], called on p. 18"),
        ("/plans/search/?q=nep&in=notes", "note 1, p. [18], called on p. 17"),
        ("/plans/glossary/nep/", "note 1, p. [18], called on p. 17"),
        ("/plans/glossary/nep/concordance/", "p. [18], note 1, called on p. 17"),
        ("/plans/glossary/by-chapter/", "p. [18]"),
        ("/plans/p/20", "page [19]"),
    ],
)
def test_an_inferred_page_stands_in_brackets_with_a_word_about_it(
    client: Client, book: Volume, path: str, said: str
) -> None:
    html = page(client, path)

    assert said in words(html)
    if "[" in said and "q=p." not in path:
        assert "A page in brackets is inferred" in html
        assert 'href="/plans/apparatus/#pages"' in html


def test_a_chapter_and_its_metadata_mark_an_inferred_page(client: Client, book: Volume) -> None:
    html = page(client, "/plans/one/")

    assert 'title="page 18, inferred" data-n="[18]"' in html
    assert '<a id="where-page" href="/plans/one/apparatus/#pages" data-n="17">' in html
    assert "<noscript>pp. 17–[18]</noscript></a>" in html
    assert '<meta name="citation_lastpage" content="[18]">' in html


def test_the_contents_mark_an_inferred_page(client: Client, book: Volume) -> None:
    book.page_breaks.filter(n="17").update(certainty="inferred")
    publish_volume(book)

    assert '<span class="page"><span class="unseen">page </span>[17]</span>' in page(client, "/plans/")
    assert 'data-n="[17]">' in page(client, "/plans/one/")


def test_a_page_that_is_set_tells_where_the_notes_before_it_stand(client: Client) -> None:
    volume = make_volume(slug="plans")
    one, two = make_division(volume, slug="one", page="17"), make_division(volume, slug="two")
    make_paragraph(one, "It began.[^1]")
    make_note(one, 1, "A note at the end.", page="17")
    row = make_paragraph(two, "Words, and more words.")
    make_page_break(volume, "17", division=one)
    publish_volume(volume)
    assert 'title="called on p. 17"' in page(client, "/plans/one/")

    deed = set_page(row, "18", 0, by=make_account(), reason="seen in the printed copy")
    assert 'title="p. 17, called on p. 17"' in page(client, "/plans/one/")

    take_back(deed, by=make_account(), reason="a mistake")
    assert 'title="called on p. 17"' in page(client, "/plans/one/")

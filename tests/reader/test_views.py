import gzip
import re

import brotli
import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from reader.models import PublishedPage, Volume
from reader.publishing.publish import publish_chapters, publish_volume
from reader.text.markup import plain
from tests.factories import (
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_term,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

# What a page depends on beside its address.
VARY = "Accept-Encoding, Accept-Language, Cookie"

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "The NEP[^1] came.")
    make_note(chapter, 1)
    make_term(volume.glossary)
    publish_volume(volume)
    return volume


@pytest.mark.parametrize("path", ["/", "/plans/", "/plans/one/", "/plans/glossary/", "/plans/glossary/nep/"])
def test_a_page_costs_one_query_and_no_cookie(
    client: Client, volume: Volume, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get(path)

    assert response.status_code == 200
    assert not response.cookies
    assert response["Vary"] == VARY


def test_a_chapter_costs_one_query_however_long_it_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    for n in range(1, 101):
        make_paragraph(chapter, f"The NEP[^{n}].")
    publish_volume(volume)

    with django_assert_num_queries(1):
        response = client.get("/plans/one/")

    assert b'id="p100"' in response.content


def test_a_page_comes_compressed_as_the_browser_likes(client: Client, volume: Volume) -> None:
    plain = client.get("/plans/one/")
    br = client.get("/plans/one/", headers={"accept-encoding": "gzip, br"})
    gz = client.get("/plans/one/", headers={"accept-encoding": "gzip"})

    assert not plain.has_header("Content-Encoding")
    assert (br["Content-Encoding"], gz["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(br.content) == gzip.decompress(gz.content) == plain.content
    assert len({plain["ETag"], br["ETag"], gz["ETag"]}) == 3
    assert int(br["Content-Length"]) == len(br.content)


def test_what_the_browser_has_already_is_not_sent_again(client: Client, volume: Volume) -> None:
    etag = client.get("/plans/one/")["ETag"]

    response = client.get("/plans/one/", headers={"if-none-match": f'"other", W/{etag}'})

    assert (response.status_code, response.content) == (304, b"")
    assert (response["ETag"], response["Vary"]) == (etag, VARY)
    assert "must-revalidate" in response["Cache-Control"]


def test_a_changed_page_is_sent_again(client: Client, volume: Volume) -> None:
    etag = client.get("/plans/one/")["ETag"]
    volume.paragraphs.update(text="The NEP[^1] went.")
    publish_volume(volume)

    assert client.get("/plans/one/", headers={"if-none-match": etag}).status_code == 200


def test_head_tells_the_length_and_sends_nothing(client: Client, volume: Volume) -> None:
    response = client.head("/plans/one/")

    assert response.content == b""
    assert int(response["Content-Length"]) == len(bytes(PublishedPage.objects.get(path="plans/one/").html))


def test_a_missing_slash_at_the_end_is_put_there(client: Client, volume: Volume) -> None:
    response = client.get("/plans/one")

    assert (response.status_code, response["Location"]) == (301, "/plans/one/")


def test_an_empty_archive_says_so(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 200
    assert b"No volume has been imported yet" in response.content


# Printed pages


@pytest.fixture
def book(db: None) -> Volume:
    volume = make_volume(slug="plans", translator="Tom Translator")
    one = make_division(volume, slug="one", head="The plan", page="41")
    section = make_division(volume, slug="years", kind="section", n="I", head="Years", parent=one)
    make_paragraph(section, "The NEP[^1] came, see[^3] {p. 42}and <b>went</b>.")
    make_paragraph(section, "Another <paragraph>.", number=7)
    make_note(one, 1, "A note that calls[^2] another.")
    make_note(one, 2, "The other, on the NEP.")
    make_note(one, 4, "Not called here.")
    make_term(volume.glossary)
    make_page_break(volume, "41", division=one)
    make_page_break(volume, "42")
    make_page_break(volume, "43", has_text=False)
    make_page_break(volume, "45", division=make_division(volume, slug="two", head="The end"))
    volume.last_number = 9
    volume.save()
    publish_volume(volume)
    return volume


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/plans/p/42", "/plans/one/#page-42"),
        ("/plans/p/42/", "/plans/one/#page-42"),
        ("/plans/p/041", "/plans/one/#page-41"),
        ("/plans/p/[42]", "/plans/one/#page-42"),
        ("/plans/p/[42", "/plans/one/#page-42"),
        ("/plans/p/45", "/plans/two/#page-45"),
    ],
)
def test_a_printed_page_leads_to_its_place_in_the_text(
    client: Client, book: Volume, path: str, place: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        response = client.get(path)

    assert (response.status_code, response["Location"]) == (302, place)
    chapter, _, anchor = place.partition("#")
    assert f'id="{anchor}"' in client.get(chapter).content.decode()


@pytest.mark.parametrize(
    ("n", "status"), [("43", 200), ("44", 200), ("7", 200), ("46", 404), ("0", 404), ("xi", 404)]
)
def test_a_page_without_text_leads_to_its_neighbours(
    client: Client, book: Volume, n: str, status: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4 if n in ("43", "44") else 3):
        response = client.get(f"/plans/p/{n}")

    assert response.status_code == status
    html = response.content.decode()
    assert ("has no text in the source" in html) == (status == 200)
    if n == "43":
        assert '<a href="/plans/one/#page-42">page 42</a> <q>and &lt;b&gt;went&lt;/b&gt;.</q>' in html
        assert '<a href="/plans/two/#page-45">page 45</a>' in html


def test_a_book_whose_pages_are_unknown_says_so(client: Client) -> None:
    make_volume(slug="plans")

    response = client.get("/plans/p/1")

    assert response.status_code == 404
    assert b"does not know the pages" in response.content


# Paragraphs and citations


def test_a_paragraph_is_shown_with_its_place_and_the_notes_that_it_calls(
    client: Client, book: Volume
) -> None:
    html = client.get("/plans/paragraph/1/").content.decode()

    assert "and &lt;b&gt;went&lt;/b&gt;." in html
    assert (
        'Printed on pages <a class="ref" href="/plans/p/41">41</a>–<a class="ref" href="/plans/p/42">42</a>'
        in html
    )
    assert '<a href="/plans/one/#years">I. Years</a>' in html
    assert '<a href="/plans/one/#p1">Read it in its chapter</a>' in html
    assert 'href="../../glossary/nep/"' in html
    assert [f'id="n{n}"' in html for n in (1, 2, 3, 4)] == [True, True, False, False]
    assert "3 is not in the source" in html


@pytest.mark.parametrize(
    "path", ["/plans/paragraph/1/", "/plans/paragraph/7/", "/plans/cite/", "/plans/one/cite/"]
)
def test_a_citation_comes_in_every_style_and_format(client: Client, book: Volume, path: str) -> None:
    html = client.get(path).content.decode()

    for said in (
        "Chicago, note",
        "MLA",
        "An Author",
        "trans. Tom Translator",
        "version 1",
        "TY  - ",
        "@",
        "&quot;type&quot;",
    ):
        assert said in html
    assert f"http://testserver{path.removesuffix('cite/')}" in html


def test_a_paragraphs_page_costs_twelve_statements_at_most(
    client: Client, book: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    witness = make_witness(book, b"The first line\nthe second\n")
    book.paragraphs.filter(number=1).update(lines=[[witness.n, 1, 2]])

    with django_assert_num_queries(11):
        client.get("/plans/paragraph/1/")
    with django_assert_num_queries(10):
        client.get("/plans/paragraph/1/")
    with django_assert_num_queries(7):
        client.get("/plans/paragraph/7/")
    text = book.paragraphs.get(number=1).text
    book.paragraphs.filter(number=1).update(text=f"An *emphasised* word. {text}")
    with django_assert_num_queries(11):  # which may be of another language
        client.get("/plans/paragraph/1/")
    with django_assert_num_queries(3):
        client.get("/plans/one/cite/")


def test_a_paragraphs_page_is_not_sent_again_until_the_text_changes(
    client: Client, book: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    etag = client.get("/plans/paragraph/1/")["ETag"]

    with django_assert_num_queries(1):
        response = client.get("/plans/paragraph/1/", headers={"if-none-match": etag})
    other = client.get("/plans/paragraph/1/", headers={"if-none-match": etag, "host": "localhost"})
    publish_volume(book)
    changed = client.get("/plans/paragraph/1/", headers={"if-none-match": etag})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert (other.status_code, changed.status_code) == (200, 200)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (8, ("no longer part of this edition", "/plans/paragraph/7/")),
        (5, ("no longer part", "/plans/paragraph/7/")),
        (3, ("no longer part", "/plans/paragraph/1/")),
        (10, ("Nothing in this archive", "/plans/paragraph/7/")),
        (0, ("Nothing in this archive", "/plans/paragraph/1/")),
        (10**12, ("Nothing in this archive", "/plans/paragraph/7/")),
    ],
)
def test_a_paragraph_that_is_gone_leads_to_the_nearest(
    client: Client, book: Volume, number: int, said: tuple[str, str]
) -> None:
    response = client.get(f"/plans/paragraph/{number}/")

    assert response.status_code == 404
    words, nearest = said
    assert words in response.content.decode()
    assert f'Nearest to it is <a href="{nearest}">paragraph' in response.content.decode()


@pytest.mark.parametrize(
    ("extension", "media_type", "begins"),
    [
        ("bib", "application/x-bibtex", "@incollection{plans-1,"),
        ("ris", "application/x-research-info-systems", "TY  - CHAP"),
        ("json", "application/vnd.citationstyles.csl+json", '[\n  {\n    "id": "plans-1"'),
    ],
)
def test_a_citation_is_a_file_for_a_reference_manager(
    client: Client, book: Volume, extension: str, media_type: str, begins: str
) -> None:
    response = client.get(f"/plans/paragraph/1/cite.{extension}")

    assert response["Content-Type"] == f"{media_type}; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="plans-1.{extension}"'
    assert response.content.decode().startswith(begins)
    assert "http://testserver/plans/paragraph/1/" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/plans/cite.ris", "BOOK"), ("/plans/one/cite.ris", "CHAP"), ("/plans/paragraph/7/cite.ris", "CHAP")],
)
def test_volume_chapter_and_paragraph_can_be_cited(
    client: Client, book: Volume, path: str, kind: str
) -> None:
    assert f"TY  - {kind}" in client.get(path).content.decode()


@pytest.mark.parametrize(
    "path",
    ["/plans/paragraph/2/cite.bib", "/plans/years/cite/", "/plans/none/cite.bib", "/none/cite/", "/none/p/1"],
)
def test_what_is_not_there_cannot_be_cited(client: Client, book: Volume, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_citation_names_the_archives_own_origin(client: Client, book: Volume, settings: Settings) -> None:
    settings.ARCHIVE_URL = "https://archive.example"

    for path in ("/plans/paragraph/1/", "/plans/paragraph/1/cite.bib"):
        assert b"https://archive.example/plans/paragraph/1/" in client.get(path).content


# A paragraph as it was cited


def corrected(book: Volume, number: int, text: str) -> None:
    paragraph = book.paragraphs.get(number=number)
    paragraph.text = text
    paragraph.save()
    publish_chapters(book, [paragraph.division])


def test_a_cited_address_shows_the_paragraph_as_it_was_and_what_changed(client: Client, book: Volume) -> None:
    cited = book.revision
    corrected(book, 7, "The oats were counted.")

    html = client.get(f"/plans/paragraph/7/r{cited}/").content.decode()

    assert "as it was in revision 1" in html
    assert '<a href="/plans/paragraph/7/">read it as it is now</a>' in html
    assert re.search("<ins>[^<]*oats", html)
    assert "It was changed later, in" in html
    body = html[html.index('class="text passage"') : html.index('class="since"')]
    assert "oats" not in body
    assert f"http://testserver/plans/paragraph/7/r{cited}/" in html
    assert 'href="/plans/paragraph/7/r1/cite.ris"' in html
    assert '<link rel="canonical" href="/plans/paragraph/7/">' in html


def test_a_cited_address_says_that_nothing_has_changed_since(client: Client, book: Volume) -> None:
    newest = client.get("/plans/paragraph/7/r1/").content.decode()
    corrected(book, 1, "Other words.")
    corrected(book, 1, "And others.")

    html = client.get("/plans/paragraph/7/r1/").content.decode()

    assert "is the newest: nothing has changed since" in newest
    assert re.search(r"Nothing in this paragraph has changed since revision 1 of \d+ \w+ \d{4}", html)
    assert "The newest revision of the text is 3." in html
    assert "What has changed since" not in html
    assert "Source lines" in html


def test_a_change_that_was_taken_back_is_told(client: Client, book: Volume) -> None:
    before = book.paragraphs.get(number=7).text
    corrected(book, 7, "Other words.")
    corrected(book, 7, before)

    assert "changed meanwhile, and changed back" in client.get("/plans/paragraph/7/r1/").content.decode()
    assert "as it was in revision 2" in client.get("/plans/paragraph/7/r2/").content.decode()


def test_a_cited_paragraph_that_is_gone_is_still_shown(client: Client, book: Volume) -> None:
    words = plain(book.paragraphs.get(number=7).text)
    book.paragraphs.filter(number=7).delete()
    publish_volume(book)

    response = client.get("/plans/paragraph/7/r1/")

    assert response.status_code == 200
    assert "no longer part of the edition" in response.content.decode()
    assert words.split()[0] in response.content.decode()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("7/r9/", "no revision 9 of this edition yet: the newest is 2"),
        ("7/r0/", "read in revision 0 is not known"),
        ("7/r99999999999/", "no revision 99999999999"),
        ("8/r1/", "no longer part of this edition"),
    ],
)
def test_a_revision_that_is_not_known_says_so(client: Client, book: Volume, path: str, said: str) -> None:
    corrected(book, 1, "Other words.")

    response = client.get(f"/plans/paragraph/{path}")

    assert response.status_code == 404
    assert said in response.content.decode()
    assert client.get(f"/plans/paragraph/{path}cite.bib").status_code == 404


def test_a_reference_managers_file_is_of_the_revision_that_is_cited(client: Client, book: Volume) -> None:
    corrected(book, 7, "Other words.")

    old, new = (client.get(f"/plans/paragraph/7/{part}cite.ris").content.decode() for part in ("r1/", ""))

    assert ["M2  - Version: 1" in old, "/plans/paragraph/7/r1/" in old] == [True, True]
    assert ["M2  - Version: 2" in new, "/plans/paragraph/7/r2/" in new] == [True, True]


def test_a_cited_paragraph_costs_twelve_statements_at_most(
    client: Client, book: Volume, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        client.get("/plans/paragraph/1/r1/")
    corrected(book, 1, "Other words.[^1]")
    with django_assert_max_num_queries(9):
        client.get("/plans/paragraph/1/r1/")
    book.paragraphs.filter(number=1).delete()
    with django_assert_max_num_queries(5):
        client.get("/plans/paragraph/1/r1/")


@pytest.mark.parametrize(
    ("asked", "place"),
    [("", "41,"), ("?from=41&to=42", "41–42,"), ("?from=42", "42,"), ("?from=999&to=<b>", "41,")],
)
def test_selected_words_are_cited_with_their_pages(
    client: Client, book: Volume, asked: str, place: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        said = client.get(f"/plans/paragraph/1/quotation.json{asked}").json()

    styles = dict(said["styles"])
    assert said["url"] == "http://testserver/plans/paragraph/1/r1/"
    assert f"), {place} http" in styles["Chicago, note"]
    assert list(styles) == ["Chicago, note", "Chicago, bibliography", "MLA, works cited", "MLA, in the text"]


def test_words_on_inferred_pages_are_cited_by_the_names_that_the_text_shows(
    client: Client, book: Volume
) -> None:
    book.page_breaks.filter(n="42").update(certainty="inferred")
    publish_volume(book)
    [shown] = re.findall(r'data-n="(.42.)"', client.get("/plans/one/").content.decode())

    said = client.get(f"/plans/paragraph/1/quotation.json?from=41&to={shown}").json()

    assert "), 41–[42], http" in dict(said["styles"])["Chicago, note"]


def test_words_of_a_paragraph_that_is_not_there_cannot_be_cited(client: Client, book: Volume) -> None:
    assert client.get("/plans/paragraph/99/quotation.json").status_code == 404


@pytest.mark.parametrize("broken", ["42.", "%2042", "42%20", "42).", "%2042%20/", "42,/"])
def test_a_printed_page_is_found_though_a_mail_broke_its_address(
    client: Client, volume: Volume, broken: str
) -> None:
    make_page_break(volume, "42", division=volume.divisions.get())

    response = client.get(f"/plans/p/{broken}")

    assert (response.status_code, response.headers.get("Location")) == (301, "/plans/p/42")


@pytest.mark.parametrize("path", ["/plans/p/%00", "/plans/nothing%00%1b/", "/%00"])
def test_what_no_html_may_hold_is_not_echoed(client: Client, volume: Volume, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert not re.search(rb"[\x00\x1b]", response.content)
    assert "\ufffd" in response.content.decode()

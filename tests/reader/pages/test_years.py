"""The pages of years: what the text names, how often and where, and nothing that is no year."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reader.models import Note, Paragraph, Volume
from reader.publishing.publish import publish_chapters, publish_volume
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="lamps", title="Of Lamps")
    first = make_division(volume, n="1", head="The wicks", slug="chapter-1")
    second = make_division(volume, n="2", head="The oil", slug="chapter-2")
    make_paragraph(first, "In 1924 lamps were dear.[^1] On p. 1925 nothing is said.")
    make_paragraph(second, "From 1924-1926 oil was dear, {p. 2}and in 1926 dearer.")
    make_note(first, 1, "A report of 1926.")
    make_page_break(volume, "1", division=first)
    make_page_break(volume, "2")
    publish_volume(volume)
    volume.refresh_from_db()
    return volume


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_the_list_says_how_often_each_year_is_named_and_in_how_many_chapters(
    client: Client, volume: Volume
) -> None:
    shown = words(client.get("/lamps/years/").content.decode())

    assert "1924 2 2 1926 3 2" in shown
    assert "1925" not in shown


def test_a_year_shows_its_places_in_their_sentences_with_page_and_note(
    client: Client, volume: Volume
) -> None:
    page = client.get("/lamps/years/1926/").content.decode()

    shown = words(page)
    assert "Named 3 times in 2 chapters" in shown
    assert "In ranges 1924–1926 1" in shown
    assert "A report of 1926 ." in shown
    assert 'href="/lamps/chapter-1/#n1"' in page
    assert 'href="/lamps/years/1924/"' in page
    assert shown.index("The wicks") < shown.index("The oil")


CITING = (
    "A report of 1926, in A. Orlov, *Lamps since 1924* (Riga, 1931), p. 4; B. Tamm, *Oil* (Riga, 1926), p. 5."
)


@pytest.fixture
def citing(volume: Volume) -> Volume:
    """The volume, in which a note cites two works."""
    note = Note.objects.get(n=1)
    Note.objects.filter(pk=note.pk).update(text=CITING)
    publish_chapters(volume, [note.division])
    return volume


def test_the_list_counts_no_year_in_which_a_cited_work_appeared(client: Client, citing: Volume) -> None:
    page = client.get("/lamps/years/").content.decode()

    shown = words(page)
    assert "1924 3 2 1926 3 2" in shown
    assert "Named only as years of publications: 1931 ." in shown
    assert 'href="/lamps/years/1931/"' in page


def test_a_year_shows_apart_the_citations_of_works_that_appeared_in_it(
    client: Client, citing: Volume
) -> None:
    page = client.get("/lamps/years/1926/").content.decode()

    shown = words(page)
    assert "Named 3 times in 2 chapters" in shown
    assert "As the year of a publication 1 time" in shown
    text, _, publications = page.partition('<h2 id="publications">')
    assert text.count('<li><a href="/lamps/chapter-1/#n1"') == 1
    assert publications.count('<li><a href="/lamps/chapter-1/#n1"') == 1


def test_a_year_that_is_only_one_of_publications_says_so_and_has_no_plot(
    client: Client, citing: Volume
) -> None:
    page = client.get("/lamps/years/1931/").content.decode()

    shown = words(page)
    assert "As the year of a publication 1 time" in shown
    assert "(Riga, 1931 ), p. 4" in shown
    assert "Named 0" not in shown
    assert "<svg" not in page.partition("<main")[2].partition("</main>")[0]
    assert 'href="/lamps/years/1926/"' in page


def test_a_year_that_the_text_does_not_name_has_no_page(client: Client, volume: Volume) -> None:
    for year in ("1925", "1999", "0", "99999999999999999999"):
        assert client.get(f"/lamps/years/{year}/").status_code == 404


def test_a_correction_changes_the_years(client: Client, volume: Volume) -> None:
    paragraph = Paragraph.objects.get(volume=volume, number=1)
    Paragraph.objects.filter(pk=paragraph.pk).update(text="In 1931 lamps were dear.[^1]")
    publish_chapters(volume, [paragraph.division])

    assert "1931 1 1" in words(client.get("/lamps/years/").content.decode())
    assert client.get("/lamps/years/1931/").status_code == 200


def test_a_search_for_a_year_offers_its_page(client: Client, volume: Volume) -> None:
    assert 'href="/lamps/years/1926/"' in client.get("/lamps/search/", {"q": "1926"}).content.decode()
    assert "/years/" not in client.get("/lamps/search/", {"q": "1925"}).content.decode()


@pytest.mark.parametrize("query", ["1924-26", "1924–1926", "1924/6", "1924-25", "1925-26"])
def test_a_search_for_a_range_offers_the_pages_of_its_two_years(
    client: Client, volume: Volume, query: str
) -> None:
    page = client.get("/lamps/search/", {"q": query}).content.decode()

    first, last = 1924 if query.startswith("1924") else 1925, 1925 if query.endswith("25") else 1926
    offered = re.findall(r'href="/lamps/years/(\d+)/"', page)
    assert offered == [str(year) for year in (first, last) if year != 1925]
    assert "Nothing was found." not in page


def test_a_year_that_names_a_chapter_offers_the_chapter_too(client: Client, volume: Volume) -> None:
    make_division(volume, n="3", head="1926", slug="chapter-3")

    _, _, page = client.get("/lamps/search/", {"q": "1926"}).content.decode().partition('class="offers"')

    offered = re.findall(r'href="([^"]*)"', page.partition("</ul>")[0])
    assert offered == ["/lamps/years/1926/", "/lamps/chapter-3/"]


def test_the_title_page_leads_to_the_years(client: Client, volume: Volume) -> None:
    assert 'href="/lamps/years/"' in client.get("/lamps/").content.decode()


def test_the_statements_of_a_year_are_bounded(
    client: Client, volume: Volume, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(10):
        client.get("/lamps/years/1926/")


def test_a_dated_event_stands_in_the_list_and_on_the_page_of_its_year(client: Client, volume: Volume) -> None:
    paragraph = Paragraph.objects.get(volume=volume, number=1)
    text = "The decree of 7 August 1932 came late.[^1] So did the Second Congress of Millers (May 1924)."
    Paragraph.objects.filter(pk=paragraph.pk).update(text=text)
    publish_chapters(volume, [paragraph.division])

    shown = words(client.get("/lamps/years/").content.decode())
    assert "May 1924 : Second Congress of Millers p. 1 7 August 1932 : Decree p. 1" in shown
    of_year = words(client.get("/lamps/years/1932/").content.decode())
    assert "7 August 1932: Decree p. 1" in of_year
    assert "Millers" not in of_year

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reader.models import Division, Volume
from reader.search import ROWS, Hit, search_context
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_volume

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 8


@pytest.fixture
def volume() -> Volume:
    return make_volume(slug="plans")


def hits(volume: Volume, query: str) -> list[Hit]:
    return [hit for _, found in search_context(volume, query)["results"] for hit in found]


def test_text_notes_and_headings_are_searched(volume: Volume) -> None:
    chapter = make_division(volume, slug="one", head="Of plans")
    section = make_division(
        volume, slug="one-i", kind=Division.Kind.SECTION, parent=chapter, head="A *plan*[^2]", page="3"
    )
    paragraph = make_paragraph(section, "The planned economy.")
    make_note(chapter, 4, "On planning.", page="12")
    make_note(chapter, None, "planning too", position=7)
    make_paragraph(chapter, "Nothing here.")

    found = {(hit.kind, hit.url, hit.page) for hit in hits(volume, "plan")}

    assert found == {
        ("heading", "/plans/one/", ""),
        ("heading", "/plans/one/#one-i", "3"),
        ("text", f"/plans/one/#p{paragraph.number}", "3"),
        ("note", "/plans/one/#n4", "12"),
        ("note", "/plans/one/#n-fragment-7", ""),
    }


def test_hits_are_grouped_by_chapter(volume: Volume) -> None:
    for slug in ("one", "two"):
        chapter = make_division(volume, slug=slug)
        make_paragraph(chapter, "The grain.")
        make_paragraph(chapter, "More grain.")

    results = search_context(volume, "grain")["results"]

    assert sorted((entry.slug, len(found)) for entry, found in results) == [("one", 2), ("two", 2)]


def test_another_volume_is_not_searched(volume: Volume) -> None:
    other = make_division(make_volume(slug="markets"), head="Grain")
    make_paragraph(other, "Grain.")
    make_note(other, 1, "Grain.")

    assert search_context(volume, "grain")["total"] == 0


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("state plan", {1, 2}),
        ('"state plan"', {1}),
        ("plan -commission", {2}),
        ("commission or market", {1, 3}),
        ("transformation", {3}),
        ("Kh*w", set()),
    ],
)
def test_phrases_exclusion_and_or(volume: Volume, query: str, numbers: set[int]) -> None:
    chapter = make_division(volume, slug="one", head="One")
    make_paragraph(chapter, "The state plan[^1] of the commission.")
    make_paragraph(chapter, "A plan of the state.")
    make_paragraph(chapter, "The trans{p. 42}formation of the market.")

    assert {int(hit.url.rpartition("#p")[2]) for hit in hits(volume, query)} == numbers


def test_a_hit_shows_its_page_as_the_last_that_began_before_it(volume: Volume) -> None:
    chapter = make_division(volume, slug="one", head="One", page="9")
    make_paragraph(chapter, "grain")
    second = make_paragraph(chapter, "grain{p. 10}")
    make_paragraph(chapter, "grain")
    make_page_break(volume, "10", paragraph=second)

    assert [hit.page for hit in hits(volume, "grain")] == ["9", "9", "10"]


def test_what_was_found_is_marked_and_everything_else_is_text(volume: Volume) -> None:
    make_paragraph(make_division(volume), "<b>grain</b> <mark>\x02no\x03 &amp; [^1]corn <script>")

    [hit] = hits(volume, "grain")

    assert "<mark>grain</mark>" in hit.snippet
    assert hit.snippet.count("<mark>") - hit.snippet.count("<mark>no</mark>") == 1
    for piece in ("<b>", "<script>", "[^1]", "\x02", "&amp; "):
        assert piece not in hit.snippet


def test_hits_come_in_pages(volume: Volume) -> None:
    chapter = make_division(volume)
    for n in range(ROWS + 5):
        make_paragraph(chapter, f"grain {n}")

    seen = []
    for page in ("1", "2"):
        context = search_context(volume, "grain", page)
        assert (context["total"], context["pages"], context["page"]) == (ROWS + 5, 2, int(page))
        seen += [hit.url for _, found in context["results"] for hit in found]

    assert len(seen) == len(set(seen)) == ROWS + 5


@pytest.mark.parametrize(
    ("page", "shown"), [("0", 1), ("99", 1), ("-1", 1), ("x", 1), ("9" * 5000, 1), ("²", 1)]
)
def test_a_page_that_is_not_there_is_the_nearest(volume: Volume, page: str, shown: int) -> None:
    make_paragraph(make_division(volume), "grain")

    assert search_context(volume, "grain", page)["page"] == shown


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Type a word"),
        ("   ", "Type a word"),
        ("a\0b", "a character that no text has"),
        ("x" * 10_000, "this one has 10,000"),
        ("the", "Nothing was found for “the”"),
        ('"" -( & | ! :* \\', "Nothing was found"),
        ("<script>alert(1)</script>", "Nothing was found"),
    ],
)
def test_a_hopeless_query_is_answered_with_help(
    client: Client, volume: Volume, query: str, message: str
) -> None:
    response = client.get("/plans/search/", {"q": query})

    assert response.status_code == 200
    assert message in response.content.decode()
    assert b"<script>alert" not in response.content
    assert not response.cookies


def test_a_search_has_a_bounded_number_of_statements(client: Client, volume: Volume) -> None:
    for _ in range(5):
        chapter = make_division(volume, head="Grain")
        for n in range(10):
            section = make_division(volume, head="Grain", kind=Division.Kind.SECTION, parent=chapter)
            make_paragraph(section, "grain " * 50)
            make_note(chapter, n + 1, "grain")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/plans/search/", {"q": "grain"})

    assert b"155 places" in response.content
    assert len(queries) <= MOST_STATEMENTS
    assert all(query["sql"].startswith(("SELECT", "(SELECT")) for query in queries)


def test_a_search_in_no_volume_is_404(client: Client) -> None:
    assert client.get("/nowhere/search/?q=x").status_code == 404

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from reader.models import Division, Volume
from reader.publishing.publish import publish_volume
from reader.search import asking, outline
from reader.search.hits import Hit
from reader.search.results import ROWS, search_context
from tests.examples import examples
from tests.factories import (
    make_division,
    make_glossary,
    make_note,
    make_page_break,
    make_paragraph,
    make_term,
    make_volume,
)

pytestmark = pytest.mark.django_db
# Of a query that finds something in a volume that is remembered, and of any query.
STATEMENTS = 5
MOST_STATEMENTS = 10


@pytest.fixture
def volume() -> Volume:
    return make_volume(slug="plans")


@pytest.fixture
def chapter(volume: Volume) -> Division:
    return make_division(volume, slug="one", head="One")


def hits(volume: Volume, query: str, **choices: Any) -> list[Hit]:
    return [hit for _, found in search_context(volume.slug, query, **choices)["results"] for hit in found]


def numbers(volume: Volume, query: str, **choices: Any) -> list[int]:
    """The numbers of the paragraphs found, in order."""
    return [int(unlit(hit.url).rpartition("#p")[2]) for hit in hits(volume, query, **choices)]


def unlit(url: str) -> str:
    """An address without the words to highlight."""
    parts = urlsplit(url)
    anchor = parts.fragment.partition(":~:")[0]
    return parts.path + (f"#{anchor}" if anchor else "")


# Hits


def test_text_notes_headings_and_the_key_are_searched(volume: Volume) -> None:
    chapter = make_division(volume, slug="one", head="Of plans")
    section = make_division(
        volume, slug="one-i", kind=Division.Kind.SECTION, parent=chapter, head="A *plan*[^2]", page="3"
    )
    paragraph = make_paragraph(section, "The planned economy.")
    make_note(chapter, 4, "On planning.", page="12")
    make_note(chapter, None, "planning too", position=7)
    make_paragraph(chapter, "Nothing here.")
    make_term(volume.glossary, "Gosplan", definition="State Planning Commission")

    found = {(hit.kind, unlit(hit.url), hit.page) for hit in hits(volume, "plan")}

    assert found == {
        ("heading", "/plans/one/", ""),
        ("heading", "/plans/one/#one-i", "3"),
        ("text", f"/plans/one/#p{paragraph.number}", "3"),
        ("note", "/plans/one/#n4", ""),
        ("note", "/plans/one/#n-fragment-7", ""),
        ("key", "/plans/glossary/gosplan/", ""),
    }
    assert [hit.called for hit in hits(volume, "plan") if hit.n == 4] == ["12"]


def test_another_volume_is_not_searched(volume: Volume) -> None:
    glossary = make_glossary()
    other = make_division(make_volume(slug="markets", glossary=glossary), head="Grain")
    make_paragraph(other, "Grain.")
    make_note(other, 1, "Grain.")
    make_term(glossary, "Grain")

    assert search_context(volume.slug, "grain")["total"] == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state plan", {1, 2}),
        ('"state plan"', {1}),
        ('"plan of the state"', {2}),
        ("plan -commission", {2}),
        ('plan -"state plan"', {2}),
        ("commission or transformation", {1, 3, 4}),
        ("state commission or transformation", {1, 3}),
        ("transformation", {3}),
        ("Kh*w", set()),
        ("comm*", {1, 4}),
        ('"market comm*"', {4}),
        ("comm* -market", {1}),
        ("plan -comm*", {2}),
        ("the plan", {1, 2}),
        ("-market plan", {1, 2}),
    ],
)
def test_phrases_exclusion_or_and_beginnings(
    volume: Volume, chapter: Division, query: str, found: set[int]
) -> None:
    make_paragraph(chapter, "The state plan[^1] of the commission.")
    make_paragraph(chapter, "A plan of the state.")
    make_paragraph(chapter, "The trans{p. 42}formation of the market.")
    make_paragraph(chapter, "The market commissioned it.")
    publish_volume(volume)

    assert set(numbers(volume, query)) == found


def test_a_beginning_that_grammar_would_cut_off_is_found_too(volume: Volume, chapter: Division) -> None:
    make_paragraph(chapter, "Heavy industry.")
    make_paragraph(chapter, "A clerk of indium.")
    publish_volume(volume)

    assert numbers(volume, "industry*") == [1]
    assert numbers(volume, "ind*", order="book") == [1, 2]


@pytest.mark.parametrize(
    "query",
    [
        "rabselkor",
        "rabsel'kor",
        "rabselʹkor",
        "RABSELKOR",
        "рабселькор",
        "rabsel*",
        '"rabselkor wrote"',
        "rabsel’kor -grain",
    ],
)
def test_a_russian_word_is_found_in_any_transliteration(
    volume: Volume, chapter: Division, query: str
) -> None:
    make_paragraph(chapter, "The Rabsel'kor wrote.")
    publish_volume(volume)

    assert numbers(volume, query) == [1]


def test_spellings_that_the_volume_mixes_find_each_other(volume: Volume, chapter: Division) -> None:
    for text in ("Izvestiia, 1927.", "Izvestiya, 1928.", "Izvestija, 1929."):
        make_paragraph(chapter, text)
    publish_volume(volume)

    assert numbers(volume, "izvestia", order="book") == [1, 2, 3]
    assert numbers(volume, '"izvestiya 1929"') == [3]
    assert numbers(volume, "1927 -izvestija") == []


# Scope and order


@pytest.mark.parametrize(
    ("zones", "kinds"),
    [
        ([], ["heading", "text", "note", "key"]),
        (["headings"], ["heading"]),
        (["nonsense"], ["heading", "text", "note", "key"]),
        (["text"], ["text"]),
        (["notes"], ["note"]),
        (["key"], ["key"]),
        (["notes", "key"], ["note", "key"]),
    ],
)
def test_text_notes_and_key_can_be_chosen(volume: Volume, zones: list[str], kinds: list[str]) -> None:
    chapter = make_division(volume, head="Grain")
    make_paragraph(chapter, "Grain.")
    make_note(chapter, 1, "Grain.")
    make_term(volume.glossary, "Grain")

    context = search_context(volume.slug, "grain", zones=zones, order="book")

    assert [hit.kind for _, found in context["results"] for hit in found] == kinds
    assert [count for _, _, _, count in context["zones"]] == [1, 1, 1, 1]


def test_what_stands_elsewhere_is_offered_where_the_chosen_zone_has_nothing(
    volume: Volume, chapter: Division
) -> None:
    make_paragraph(chapter, "Grain.")

    context = search_context(volume.slug, "grain", zones=["notes"], order="book")

    assert context["elsewhere"] == [("Text", 1, "?q=grain&in=text&order=book")]


def test_in_the_order_of_the_book_a_chapter_follows_another_and_notes_the_text(volume: Volume) -> None:
    first, second = (make_division(volume, slug=slug, head=slug) for slug in ("one", "two"))
    make_paragraph(second, "Grain, grain, grain.")
    section = make_division(
        volume, slug="one-i", kind=Division.Kind.SECTION, parent=first, head="Grain", position=9
    )
    make_note(first, 1, "Grain.")
    make_paragraph(section, "Grain.")
    make_paragraph(first, "Of grain and of much else.")

    results = search_context(volume.slug, "grain", order="book")["results"]

    assert [
        (entry.slug, [unlit(hit.url).rpartition("#")[2] for hit in found]) for entry, found in results
    ] == [
        ("one", ["p3", "one-i", "p2", "n1"]),
        ("two", ["p1"]),
    ]


def test_by_relevance_a_headword_comes_before_heads_and_heads_before_text(volume: Volume) -> None:
    chapter = make_division(volume, head="Of grain")
    make_paragraph(chapter, "Some grain.")
    make_term(volume.glossary, "Grain")

    assert [hit.kind for hit in hits(volume, "grain")] == ["key", "heading", "text"]


def test_hits_are_grouped_by_chapter(volume: Volume) -> None:
    for slug in ("one", "two"):
        chapter = make_division(volume, slug=slug)
        make_paragraph(chapter, "The grain.")
        make_paragraph(chapter, "More grain.")

    results = search_context(volume.slug, "grain")["results"]

    assert sorted((entry.slug, len(found)) for entry, found in results) == [("one", 2), ("two", 2)]


def test_hits_come_in_pages(volume: Volume, chapter: Division) -> None:
    for n in range(ROWS + 5):
        make_paragraph(chapter, f"grain {n}")

    seen = []
    for page in ("1", "2"):
        context = search_context(volume.slug, "grain", page)
        assert (context["total"], context["pages"], context["page"]) == (ROWS + 5, 2, int(page))
        seen += [hit.url for _, found in context["results"] for hit in found]

    assert len(seen) == len(set(seen)) == ROWS + 5


@pytest.mark.parametrize(
    ("page", "shown"), [("0", 1), ("99", 1), ("-1", 1), ("x", 1), ("9" * 5000, 1), ("²", 1)]
)
def test_a_page_that_is_not_there_is_the_nearest(
    volume: Volume, chapter: Division, page: str, shown: int
) -> None:
    make_paragraph(chapter, "grain")

    assert search_context(volume.slug, "grain", page)["page"] == shown


def test_the_choices_are_kept_in_the_form_and_from_page_to_page(client: Client, chapter: Division) -> None:
    for n in range(ROWS + 1):
        make_paragraph(chapter, f"grain {n}")

    page = client.get("/plans/search/?q=grain+-rye&in=text&order=book").content.decode()

    assert 'href="?q=grain+-rye&amp;in=text&amp;order=book&amp;page=2"' in page
    assert '<input type="checkbox" name="in" value="text" checked>' in page
    assert '<input type="checkbox" name="in" value="notes">' in page
    assert '<input type="radio" name="order" value="book" checked>' in page


# Display


def test_a_hit_shows_its_page_as_the_last_that_began_before_it(volume: Volume) -> None:
    chapter = make_division(volume, slug="one", head="One", page="9")
    make_paragraph(chapter, "grain")
    second = make_paragraph(chapter, "grain{p. 10}")
    make_paragraph(chapter, "grain")
    make_page_break(volume, "10", paragraph=second, division=chapter)

    assert [hit.page for hit in hits(volume, "grain")] == ["9", "9", "10"]


def test_what_was_found_is_marked_and_everything_else_is_text(volume: Volume, chapter: Division) -> None:
    make_paragraph(chapter, "<b>grain</b> <mark>\x02no\x03 &amp; [^1]corn <script>")

    [hit] = hits(volume, "grain")

    assert "<mark>grain</mark>" in hit.snippet
    assert hit.snippet.count("<mark>") - hit.snippet.count("<mark>no</mark>") == 1
    for piece in ("<b>", "<script>", "[^1]", "\x02", "&amp; "):
        assert piece not in hit.snippet


def test_a_phrase_is_shown_where_it_stands_and_not_where_its_words_stand_alone(
    volume: Volume, chapter: Division
) -> None:
    make_paragraph(chapter, "The state came first. The plan came next. Then came a State plan. It went.")

    [hit] = hits(volume, '"state plan"')

    assert hit.snippet == "Then came a <mark>State plan</mark>."
    assert hit.url == "/plans/one/?lit=state+plan#p1:~:text=Then%20came%20a%20State%20plan."


def test_a_hit_is_shown_in_the_sentence_that_holds_most_of_it(volume: Volume, chapter: Division) -> None:
    make_paragraph(chapter, "Grain came. Then rye and grain. Then rye.")

    [hit] = hits(volume, "grain rye")

    assert hit.snippet == "Then <mark>rye</mark> and <mark>grain</mark>."


def test_the_link_of_a_hit_names_the_words_to_be_lit_as_they_stand(volume: Volume, chapter: Division) -> None:
    make_paragraph(chapter, "The planned & the Planning; planned.")

    [hit] = hits(volume, "plan")

    assert parse_qs(urlsplit(hit.url).query) == {"lit": ["planned", "planning"]}
    assert unlit(hit.url) == "/plans/one/#p1"


def test_a_term_is_shown_with_its_definition_or_with_the_term_to_see(volume: Volume) -> None:
    council = make_term(volume.glossary, "STO", definition="Council of <Labour>")
    make_term(volume.glossary, "CLD", definition="", see=council)

    [by_definition] = hits(volume, "council")
    explained, by_headword = hits(volume, "cld")

    assert (by_definition.headword, by_definition.snippet) == (
        "STO",
        "<mark>Council</mark> of &lt;Labour&gt;",
    )
    assert (by_headword.headword, by_headword.snippet) == ("<mark>CLD</mark>", "see <mark>STO</mark>")
    assert (explained.headword, explained.snippet) == ("<mark>STO</mark>", "Council of &lt;Labour&gt;")


def test_a_hit_in_a_note_shows_the_sentence_that_calls_it(volume: Volume, chapter: Division) -> None:
    other = make_division(volume, slug="two", head="Two")
    make_paragraph(other, "Not this chapter's.[^3]")
    make_paragraph(chapter, r"A bracket \[^3] calls nothing. The carts stood still.[^3] Nobody came.[^3]")
    make_note(chapter, 3, "Grain.")

    [hit] = hits(volume, "grain")

    assert hit.call is not None
    assert hit.call.url == "/plans/one/#r3"
    assert hit.call.sentence == "The carts stood still.<sup>3</sup>"


def test_a_quotation_in_a_note_is_found_without_its_sign(volume: Volume, chapter: Division) -> None:
    make_note(chapter, 3, "She says of it:\n\n> Rye was loaded.\n\nNobody came.")

    [hit] = hits(volume, "loaded")

    assert hit.snippet.split() == ["She", "says", "of", "it:", "Rye", "was", "<mark>loaded</mark>."]
    assert "%3E" not in hit.url


@pytest.mark.parametrize("where", ["head", "note"])
def test_the_call_can_stand_in_a_head_or_in_another_note(volume: Volume, where: str) -> None:
    chapter = make_division(volume, slug="one", head="Carts[^3] & men" if where == "head" else "Carts")
    make_note(chapter, 3, "Grain.")
    make_note(chapter, 1, "Carts[^3] & men." if where == "note" else "None.")

    [hit] = hits(volume, "grain")

    assert hit.call is not None
    assert hit.call.sentence.startswith("Carts<sup>3</sup> &amp; men")


def test_a_note_that_is_called_nowhere_is_shown_without(volume: Volume, chapter: Division) -> None:
    make_note(chapter, 3, "Grain.")
    make_note(chapter, None, "Grain.")

    assert [hit.call for hit in hits(volume, "grain")] == [None, None]


# Misspellings, and searches without a hit


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("gosplna", ["Gosplan"]),
        ("commision", ["Commission"]),
        ('"the gosplna" -market', ['"the Gosplan" -market']),
        ("gosplna or market", ["Gosplan or market"]),
        ("gosplan", []),
        ("commissions", []),
        ("zzyzx", []),
        ("gosplna commision", ["Gosplan Commission"]),
    ],
)
def test_a_word_that_the_volume_lacks_is_answered_with_the_nearest_that_it_has(
    volume: Volume, chapter: Division, query: str, meant: list[str]
) -> None:
    make_paragraph(chapter, "The Gosplan was a Commission.")
    make_paragraph(chapter, "The market was not.")
    publish_volume(volume)

    assert [text for text, _ in search_context(volume.slug, query)["meant"]] == meant


def test_a_word_that_a_correction_took_out_is_meant_no_more(volume: Volume, chapter: Division) -> None:
    from reader.publishing.publish import publish_chapters

    paragraph = make_paragraph(chapter, "Gospaln and the market.")
    publish_volume(volume)
    paragraph.text = "Gosplan and the market."
    paragraph.save()
    publish_chapters(volume, [chapter])

    assert [text for text, _ in search_context(volume.slug, "gospaln")["meant"]] == ["Gosplan"]


@pytest.mark.parametrize(
    ("query", "looser"),
    [
        ('"grain rye"', ["grain rye", "grain or rye"]),
        ("rye nothing -x", ["rye or nothing"]),
        ("millet nothing", []),
        ("rye -ryegrain -grain", []),
        ("grainless", []),
        ("ryegrass", ["ryegra*"]),
    ],
)
def test_a_query_that_finds_nothing_is_answered_with_looser_ones(
    volume: Volume, chapter: Division, query: str, looser: list[str]
) -> None:
    make_paragraph(chapter, "Rye and ryegrain.")
    make_paragraph(chapter, "Grain for rye.")
    publish_volume(volume)

    assert [text for _, text, _ in search_context(volume.slug, query)["looser"]] == looser


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "How to ask"),
        ("   ", "How to ask"),
        ("or", "Your query has no word"),
        ('"" -( & | ! :* \\', "Your query has no word"),
        ("\0", "How to ask"),
        ("😀😀", "Your query has no word"),
        ('"' * 500, "Your query has no word"),
        ("* " * 200, "Your query has no word"),
        ("-market", "only what to leave out"),
        ("the of and", "stand on every page"),
        ("the -grain", "stand on every page"),
        ("the -grain or market", "stand on every page"),
        ("x" * 10_000, "A query is read up to 300 characters"),
        ("no such words " * 800, "A query is read up to 300 characters"),
        ("a\0b", "Nothing was found."),
        ("\u202eniarg \u202c", "Nothing was found."),
        ("زراعة קמח", "Nothing was found"),
        ("<script>alert(1)</script>", "Nothing was found"),
        ("' OR 1=1; --", "Nothing was found"),
        ("a:* & !b | (c <-> d)", "Nothing was found"),
        (" ".join(f"w{n}*" for n in range(80)), "Nothing was found"),
    ],
)
def test_a_hopeless_query_is_answered_with_help(
    client: Client, volume: Volume, query: str, message: str
) -> None:
    client.get("/plans/search/", {"q": "note 1 p. 1"})

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/plans/search/", {"q": query})

    assert response.status_code == 200
    assert message in response.content.decode()
    assert b"How to ask" in response.content
    assert b"<script>alert" not in response.content
    assert not response.cookies
    assert len(queries) <= MOST_STATEMENTS


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("grain RYE\"-*|'or:&!()<>\\%_😀\u202e")) | st.text(max_size=40))
def test_whatever_is_typed_is_searched(volume: Volume, query: str) -> None:
    chapter = make_division(volume, head=query.replace("\0", "") or "Grain")
    make_paragraph(chapter, "Grain and rye.")
    Volume.objects.update(revision=F("revision") + 1)

    search_context(volume.slug, query)


@pytest.mark.parametrize("query", ["", " ", "\0"])
def test_who_asked_nothing_is_told_how_to_ask_and_not_that_nothing_was_found(
    volume: Volume, query: str
) -> None:
    assert search_context(volume.slug, query)["message"] == ""


def test_a_beginning_that_is_looked_for_as_a_word_is_said_to_be(volume: Volume, chapter: Division) -> None:
    make_paragraph(chapter, "Grain, group G.")

    context = search_context(volume.slug, "g*")

    assert "each of 2 letters or more; the others were looked for as words." in context["remark"]
    assert [hit.snippet for hit in hits(volume, "g*")] == ["Grain, group <mark>G</mark>."]
    assert search_context(volume.slug, "gr*")["remark"] == ""


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        ("grain", STATEMENTS),
        ("grain* or grain", STATEMENTS),
        ("grain* or grayn or ry*", MOST_STATEMENTS),
        ("oats groats", MOST_STATEMENTS),
        ("1928", MOST_STATEMENTS),
        ("note 3", MOST_STATEMENTS),
    ],
)
def test_a_search_has_a_bounded_number_of_statements(
    client: Client, volume: Volume, query: str, statements: int
) -> None:
    for _ in range(3):
        chapter = make_division(volume, head="Grain")
        for n in range(10):
            section = make_division(volume, head="Grain", kind=Division.Kind.SECTION, parent=chapter)
            make_paragraph(section, f"grain[^{n + 1}] " * 50)
            make_note(chapter, n + 1, "grain")
    make_term(volume.glossary, "Grain")
    publish_volume(volume)
    client.get("/plans/search/", {"q": "grain"})

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/plans/search/", {"q": query})

    assert (b"94 places" in response.content) == ("grain" in query)
    assert len(queries) <= statements
    assert all(query["sql"].lstrip(" \n(").startswith("SELECT") for query in queries)


def test_a_volume_is_read_once_until_it_is_published_again(volume: Volume) -> None:
    chapter = make_division(volume, slug="one", head="Grain")
    make_paragraph(chapter, "Rye.[^1]")
    make_note(chapter, 1, "Grain.")
    publish_volume(volume)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            search_context("plans", "grain")
        return len(queries.captured_queries)

    first, second = statements(), statements()
    make_division(volume, slug="two", head="Grain and rye")
    publish_volume(volume)
    third = statements()

    assert second <= STATEMENTS < first <= STATEMENTS + 10
    assert third > STATEMENTS
    assert "/plans/two/" in [unlit(hit.url) for hit in hits(volume, "grain")]


def test_only_so_many_volumes_are_remembered(volume: Volume, monkeypatch: pytest.MonkeyPatch) -> None:
    volumes = [volume, *(make_volume(slug=f"plans-{n}") for n in range(3))]
    for each in volumes:
        make_paragraph(make_division(each, head="Grain"), "Grain.")
        publish_volume(each)
    monkeypatch.setattr(outline, "MOST_THINGS", 2 * outline.look_up("plans")[0].size)

    for each in volumes:
        search_context(each.slug, "grain")

    assert len(outline._remembered) <= 2
    assert search_context("plans", "grain")["total"] == 2


def test_postgresql_is_asked_once_about_a_text_and_some_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "MOST_REMEMBERED", 3)
    questions: list[list[str]] = []

    def question(texts: Sequence[str]) -> list[tuple[str, str]]:
        questions.append(list(texts))
        return [(text, text.upper()) for text in texts]

    learnt = asking.Learnt(question)

    assert learnt.of(["a", "b", "a"]) == {"a": "A", "b": "B"}
    assert learnt.of(["b", "c"]) == {"b": "B", "c": "C"}
    assert learnt.of(["d", "a"]) == {"d": "D", "a": "A"}
    assert learnt.of(["d"]) == {"d": "D"}
    assert questions == [["a", "b"], ["c"], ["d"]]
    learnt.of(["b"])
    assert questions[3:] == [["b"]]


def test_a_published_page_is_the_same_whatever_words_are_to_be_lit(client: Client, volume: Volume) -> None:
    make_paragraph(make_division(volume, slug="one"), "Grain.")
    publish_volume(volume)

    plain, lit = (client.get("/plans/one/", query) for query in ({}, {"lit": "grain"}))

    assert lit.content == plain.content
    assert lit["ETag"] == plain["ETag"]


def test_a_search_in_no_volume_is_404(client: Client) -> None:
    assert client.get("/nowhere/search/?q=x").status_code == 404

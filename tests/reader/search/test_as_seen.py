"""Search finds what a person sees: in the text's marks, or in those of another keyboard."""

import re
import string
from urllib.parse import unquote

import pytest
from django.db.models import F
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from reader.models import Division, Paragraph, Volume
from reader.publishing.publish import publish_volume
from reader.search.asking import STOP_WORDS_ALONE
from reader.search.results import search_context
from reader.text import markup
from tests.examples import examples
from tests.factories import (
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_term,
    make_volume,
)
from tests.reader.search.test_search import hits, numbers, unlit

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    return make_volume(slug="plans", language="en")


@pytest.fixture
def chapter(volume: Volume) -> Division:
    return make_division(volume, slug="one", head="One")


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("In 1923-1930 it grew.", ["1930", "1923", "1923-1930", "1923–1930", "1923 - 1930", "1923/1930"]),
        ("In 1923–1930 it grew.", ["1930", "1923-1930", "1923—1930"]),
        ("The Party's line.", ["Party’s", "party's", "Party", "Party`s"]),
        ("The Party’s line.", ["Party's", "Partyʼs"]),
        ("A worker–peasant alliance.", ["worker-peasant", "worker peasant", '"worker peasant"', "peasant"]),
        ("War-communism ended.", ["war communism", "war–communism", "communism", "war‑communism"]),
        ("Cards for sugar/flour.", ["sugar/flour", "flour", "sugar-flour"]),
        ("See no.7 there.", ["no.7", "no. 7", "7"]),
        ("It had 5,700 carts.", ["5,700", "5700", "5.700", "700"]),
        ("It had 5700 carts.", ["5,700", "5700", "5.700"]),
        ("It spread wide.The end came.", ["wide.The end", "wide", "end"]),
        ("The o\ufb03ce was open.", ["office", "o\ufb03ce"]),
        ("The plan\u00adning went on.", ["planning", "plan\u00adning"]),
        ("The plan\u00a0went on.", ["plan went", '"plan went"']),
        ("He said—so they say—nothing: carts…", ["so they say", "nothing", "carts"]),
        ("Mail to a@b.org, see http://plan.org/carts?x=1.", ["carts", "plan", "org", "a@b.org"]),
        ("At -5 degrees, +7, 1.5e3 and <carts>.", ["5", "7", "carts", "-5 degrees".replace("-", "–")]),
        ("za\u0301mok and café", ["zamok", "za\u0301mok", "cafe\u0301"]),
        ("Lit at six[^1]and put out.", ["six", "put"]),
        ("The transfor{p. 42}mation.", ["transformation"]),
        ("A.I. Rykov spoke.", ["A.I. Rykov", "A. I. Rykov", "Rykov"]),
        ("A. I. Rykov spoke.", ["A.I. Rykov", "A. I. Rykov"]),
        ("Cooperatives grew.", ["co-operatives", "cooperatives", "Co–operatives"]),
        ("Co-operatives grew.", ["co-operatives", "cooperatives"]),
        ("The labour of peasants.", ["labor", "labour", "labor's"]),
        ("Organized labor.", ["labour", "organised labour", '"organised labour"']),
        (r"A \[^3] and \*star", ["star", "3"]),
    ],
)
def test_a_text_is_found_whatever_marks_are_typed(
    volume: Volume, chapter: Division, text: str, queries: list[str]
) -> None:
    make_paragraph(chapter, text)
    publish_volume(volume)

    assert [query for query in queries if numbers(volume, query) != [1]] == []


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("1930", "1923–<mark>1930</mark>"),
        ("1923–1930", "<mark>1923–1930</mark>"),
        ("party", "<mark>Party</mark>’s o"),
        ("office", "<mark>o\ufb03ce</mark>"),
        ("rcp(b)", "<mark>R.C.P.(B</mark>.)"),
        ("planning", "<mark>plan\u00adning</mark>"),
    ],
)
def test_what_was_found_is_marked_in_the_text_as_it_stands(
    volume: Volume, chapter: Division, query: str, marked: str
) -> None:
    make_paragraph(
        chapter, "In 1923-1930 the *Party*’s o\ufb03ce * of the R.C.P.(B.) was plan\u00adning.[^1]"
    )

    [hit] = hits(volume, query)

    assert marked in hit.snippet


@pytest.mark.parametrize("query", ["VSNKh", "Vesenkha", "vsnkh", '"Vesenkha"', "S.E.C."])
def test_the_forms_of_a_term_find_each_other(volume: Volume, chapter: Division, query: str) -> None:
    term = make_term(volume.glossary, "VSNKh", definition="Supreme Economic Council")
    term.forms.create(text="Vesenkha")
    make_term(volume.glossary, "SEC", see=term)
    make_paragraph(chapter, "The Vesenkha met.")
    make_paragraph(chapter, "The VSNKh met.")

    assert set(numbers(volume, query, zones=["text"])) == {1, 2}


@pytest.mark.parametrize("text", ["RCP(B)", "R.C.P.(B.)", "R.C.P. (B.)", "RCP (b)"])
@pytest.mark.parametrize("query", ["RCP(B)", "R.C.P.(B.)", "rcp(b)", "RCP B"])
def test_an_acronym_is_found_with_and_without_full_stops(
    volume: Volume, chapter: Division, text: str, query: str
) -> None:
    make_paragraph(chapter, f"The {text} met.")

    assert numbers(volume, query) == [1]


# What a person may meet in a book, between words: marks of every kind.
MARKS = " -–—/.,;:!?'’‘\"“”()[]…·\u00a0\u202f\u00ad\u200b\u2060*&@#%+=<>|~^_`´°²½"
TEXTS = st.lists(
    st.tuples(
        st.text(string.ascii_letters + "éüßčЖж", min_size=1, max_size=9) | st.integers(0, 99999).map(str),
        st.text(MARKS, min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=8,
).map(lambda pieces: "".join(word + marks for word, marks in pieces))
PHONE = str.maketrans({"'": "’", '"': "”", "’": "'", "“": '"', "”": '"', "-": "–", "–": "-", "—": "-"})


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.booleans(), st.data())
def test_every_word_and_figure_of_a_page_finds_the_page(
    volume: Volume, text: str, on_phone: bool, data: st.DataObject
) -> None:
    Paragraph.objects.all().delete()
    paragraph = make_paragraph(make_division(volume), markup.escape(text))
    Volume.objects.update(revision=F("revision") + 1)
    runs = [run for run in re.split(r"\s+", text) if re.search(r"[^\W_]", run) and not run.startswith("-")]
    assume(runs)
    word = data.draw(st.sampled_from(runs))
    assume(word.casefold() not in ("or", "|") and not re.search(r'["“”«»]|\*(?!\w)', word))

    context = search_context(volume.slug, word.translate(PHONE) if on_phone else word, zones=["text"])

    found = [unlit(hit.url).rpartition("#p")[2] for _, hits in context["results"] for hit in hits]
    assert str(paragraph.number) in found or context["message"] == STOP_WORDS_ALONE


# Places that a query names


def offered(volume: Volume, query: str) -> list[tuple[str, str]]:
    return [(offer.name, offer.url) for offer in search_context(volume.slug, query)["offers"]]


@pytest.mark.parametrize(
    "query", ["p. 42", "p.42", "page 42", "P. 42", "pp. 42-44", "pp. 42–4", "p. [42]", "pp. [42]–[44]"]
)
def test_a_page_of_the_book_is_offered(volume: Volume, chapter: Division, query: str) -> None:
    make_page_break(volume, "42")

    assert offered(volume, query) == [("Page 42", "/plans/p/42")]


@pytest.mark.parametrize("query", ["p. 43", "42", "plan 42", "p. xx"])
def test_no_page_is_offered_that_is_not_there(volume: Volume, chapter: Division, query: str) -> None:
    make_page_break(volume, "42")

    assert offered(volume, query) == []


@pytest.mark.parametrize("query", ["note 12", "n. 12", "Note 12", "footnote 12"])
def test_a_note_is_offered_in_each_chapter(volume: Volume, query: str) -> None:
    for slug in ("one", "two"):
        make_note(make_division(volume, slug=slug, head=slug.title()), 12, "Grain.")
    make_note(make_division(volume, slug="three", head="Three"), 13, "Grain.")

    assert offered(volume, query) == [("Note 12", "/plans/one/#n12"), ("Note 12", "/plans/two/#n12")]


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("chapter 1", "/plans/one/"),
        ("The Party’s grain", "/plans/one/"),
        ("the partys grain", ""),
        ("the party's", "/plans/one/"),
        ("Chapter 1: The Party's grain", "/plans/one/"),
        ("rye - 1923–1930", "/plans/one/#rye"),
        ("the", ""),
    ],
)
def test_the_name_of_a_chapter_offers_the_chapter(volume: Volume, query: str, url: str) -> None:
    chapter = make_division(volume, slug="one", n="1", head="The *Party's* grain[^1]")
    make_division(volume, slug="rye", kind=Division.Kind.SECTION, parent=chapter, head="Rye, 1923-1930")

    assert [address for _, address in offered(volume, query)] == [url] * bool(url)


@pytest.mark.parametrize("query", ["p. 42", "note 12"])
def test_who_is_offered_a_place_is_not_told_that_nothing_was_found(
    volume: Volume, chapter: Division, query: str
) -> None:
    make_page_break(volume, "42", division=chapter)
    make_note(chapter, 12)

    context = search_context(volume.slug, query)

    assert (len(context["offers"]), context["message"]) == (1, "")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("page 999", "The book has no page 999, as far as this edition knows. Nothing was found."),
        ("pp. 43-45", "The book has no page 43, as far as this edition knows. Nothing was found."),
        ("note 99", "No chapter has a note 99. Nothing was found."),
        ("page 1930", "The book has no page 1930, as far as this edition knows."),
        ("pages", ""),
    ],
)
def test_a_place_that_the_book_has_not_is_told(
    volume: Volume, chapter: Division, query: str, said: str
) -> None:
    make_page_break(volume, "42", division=chapter)
    make_paragraph(chapter, "On a page of 1930.")

    assert search_context(volume.slug, query)["message"] == said


def test_a_part_of_a_number_is_not_marked_in_another(volume: Volume, chapter: Division) -> None:
    make_paragraph(chapter, "It had 4,231 carts, then 4,216 carts.")

    [[(_, [hit])]] = [search_context(volume.slug, "4,216")["results"]]

    assert re.findall("<mark>(.*?)</mark>", hit.snippet) == ["4,216"]


def test_an_offer_is_escaped(volume: Volume) -> None:
    make_division(volume, n="<1>", head="<b>Grain</b> and rye")

    [(name, _)] = offered(volume, "b grain b and rye")

    assert "<b>" not in name
    assert "<1>" not in name


def test_what_is_meant_is_offered_only_if_it_finds_something(volume: Volume, chapter: Division) -> None:
    make_paragraph(chapter, "Grain came.")
    make_paragraph(chapter, "Gosplan met.")
    publish_volume(volume)

    assert search_context(volume.slug, "grain gosplna")["meant"] == []
    assert [text for text, _ in search_context(volume.slug, "gosplna met")["meant"]] == ["Gosplan met"]


def test_a_word_that_is_found_in_another_spelling_is_not_corrected(volume: Volume, chapter: Division) -> None:
    make_paragraph(chapter, "Labour.")
    publish_volume(volume)

    assert search_context(volume.slug, "labor")["meant"] == []


# The address of a hit


@pytest.mark.parametrize(
    ("text", "query", "fragment"),
    [
        ('It began. The plan came -- "late" -- in 1927-28. It ended.', "1927", "The plan|in 1927–28."),
        ("The first plan[^1] came and the second plan[^2], too.", "second", "came and the second"),
        (
            "Grain * one two three four five six seven eight nine, ten.",
            "nine",
            "Grain * one two|eight nine, ten.",
        ),
        ("A self-made plan, and more.", "plan", "A self-made plan, and more."),
    ],
)
def test_the_address_of_a_hit_names_its_sentence_as_the_page_shows_it(
    volume: Volume, chapter: Division, text: str, query: str, fragment: str
) -> None:
    make_paragraph(chapter, text)

    [hit] = hits(volume, query, zones=["text"])

    named = unquote(hit.url.partition(":~:text=")[2])
    first, _, last = fragment.partition("|")
    assert named.startswith(first)
    assert named.endswith(last or first)
    assert "," not in hit.url.partition(":~:text=")[2].replace("%2C", "") or last

import re

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from glossary.models import Sense, Term
from reader.edition.edition import Edition
from reader.models import Division, PublishedPage, TermOccurrence, Volume
from reader.pages.glossary import GlossaryPages, ShownTerm, alphabetical, asked_for, by_letters, letter_of
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_term,
    make_volume,
)
from tests.made_once import made_once


def html_at(path: str) -> str:
    return bytes(PublishedPage.objects.get(path=path).html).decode()


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def main_of(html: str) -> str:
    return text_of(html[html.index("<main") : html.index("</main>")])


def shown(headword: str, **values: object) -> ShownTerm:
    plain = {"slug": headword, "definition": "", "url": f"/{headword}/"}
    return ShownTerm(headword=headword, **{**plain, **values})  # type: ignore[arg-type]


# Order and letters


@pytest.mark.parametrize(
    ("headword", "letter"),
    [
        ("NEP", "N"),
        ("mir", "M"),
        ("Émigré", "E"),
        ("25,000-er", "0–9"),
        ("'Left' communist", "L"),
        ("(b)", "B"),
        ("СССР", "С"),
        ("мир", "М"),
        ("ёлка", "Е"),
        ("§ ?", "Other"),
    ],
)
def test_a_term_stands_under_its_first_letter_or_digit(headword: str, letter: str) -> None:
    assert letter_of(headword) == letter


def test_the_index_is_alphabetical_whatever_a_headword_begins_with() -> None:
    headwords = [
        "мир",
        "…",
        "zemstvo",
        "Émigré",
        "'Economist'",
        "Emancipation",
        "25,000-er",
        "СССР",
        "nep",
        "NEPman",
    ]

    assert sorted(headwords, key=alphabetical) == [
        "25,000-er",
        "'Economist'",
        "Emancipation",
        "Émigré",
        "nep",
        "NEPman",
        "zemstvo",
        "мир",
        "СССР",
        "…",
    ]


def test_terms_under_one_letter_are_one_group() -> None:
    terms = [shown(headword) for headword in sorted(["mir", "Émigré", "EC", "Moujik", "м"], key=alphabetical)]

    groups = [(letter, [term.headword for term in each]) for letter, each in by_letters(terms)]
    assert groups == [("E", ["EC", "Émigré"]), ("M", ["mir", "Moujik"]), ("М", ["м"])]


# The filter


TERMS = [
    shown("NEP", forms=("N.E.P.",), definition="New Economic Policy"),
    shown("Émigré", definition="Who left"),
    shown("Rabsel'kor", forms=("selkor",)),
    shown("мир"),
]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("nep", ["NEP"]),
        ("n.e.p", ["NEP"]),
        ("economic  POLICY", ["NEP"]),
        ("EMIGRE", ["Émigré"]),
        ("rabsel’", ["Rabsel'kor"]),
        ("SELKOR", ["Rabsel'kor"]),
        ("МИР", ["мир"]),
        ("nep who", []),
        ("p.\nnew", []),
        ("<script>", []),
    ],
)
def test_the_filter_of_the_glossary_looks_everywhere_without_case_and_accents(
    asked: str, expected: list[str]
) -> None:
    assert [term.headword for term in asked_for(TERMS, asked)] == expected


# Pages


@pytest.fixture
@made_once
def volume(db: None) -> Volume:
    """Two chapters; NEP stands in both, with VSNKh in two texts, with STO in one; CLD sees STO; Mir never occurs."""
    volume = make_volume(slug="plans")
    council = make_term(volume.glossary, "STO", definition="Council of Labour", source=Term.Source.KEY)
    make_term(volume.glossary, "CLD", definition="", see=council)
    for headword in ("NEP", "VSNKh", "Mir"):
        make_term(volume.glossary, headword)
    one = make_division(volume, slug="one", n="1", head="Years", page="41")
    make_paragraph(one, "Words of no matter. {p. 42}The NEP, the VSNKh, and the NEP[^1].")
    make_paragraph(one, "The STO and the NEP.")
    make_note(one, 1, "The VSNKh before the NEP.", page="42")
    two = make_division(volume, slug="two", n="2", head="Roads")
    make_paragraph(two, "The NEP.")
    make_page_break(volume, "41", division=one)
    make_page_break(volume, "42")
    publish_volume(volume)
    return volume


def test_an_entry_says_where_its_term_occurs_first_and_how_often(volume: Volume) -> None:
    entry = html_at("plans/glossary/nep/")

    assert "Occurs 5 times in 2 chapters" in main_of(entry)
    assert '<a href="/plans/one/#p1">p. 42, Chapter 1</a>' in entry


def test_an_entry_says_what_explains_it_and_what_it_is_also_under(volume: Volume) -> None:
    entry = main_of(html_at("plans/glossary/sto/"))

    assert "Explained by the volume’s key" in entry
    assert "Also under CLD" in entry


def test_an_entry_names_the_spellings_beside_the_headword(volume: Volume) -> None:
    assert "Also spelt N.E.P. Occurs" in main_of(html_at("plans/glossary/nep/"))


def test_related_terms_are_those_with_most_texts_in_common_then_alphabetical(volume: Volume) -> None:
    for headword in ("Alpha", "Beta"):
        make_term(volume.glossary, headword)
    make_paragraph(make_division(volume, slug="three"), "Beta, Alpha, STO, NEP.")
    publish_volume(volume)

    entry = main_of(html_at("plans/glossary/nep/"))

    assert "Stands with STO 2 , VSNKh 2 , Alpha 1 , Beta 1 (paragraphs and notes that use both)" in entry


def test_no_more_than_eight_related_terms_are_shown(volume: Volume) -> None:
    headwords = [f"Organ{letter}" for letter in "abcdefghijkl"]
    for headword in headwords:
        make_term(volume.glossary, headword)
    make_paragraph(make_division(volume, slug="three"), f"The NEP, {', '.join(headwords)}.")
    publish_volume(volume)

    related = GlossaryPages(Edition(volume)).related

    assert {len(each) for term, each in related.items()} <= set(range(9))
    assert max(len(each) for each in related.values()) == 8


def test_the_plot_has_a_mark_for_each_place_and_the_table_says_the_same(volume: Volume) -> None:
    entry = html_at("plans/glossary/nep/")

    marked = re.findall(r'<a href="(/plans/\w+/#\w+)" tabindex="-1">', entry)
    assert marked == [
        "/plans/one/#p1",
        "/plans/one/#p1",
        "/plans/one/#p2",
        "/plans/one/#n1",
        "/plans/two/#p3",
    ]
    assert re.findall(r"<rect.*?<title>(.*?)</title>", entry) == ["Chapter 1: Years", "Chapter 2: Roads"]
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", entry, re.DOTALL)
    words = 21 + 1, 2 + 1  # and a heading each
    assert [text_of(row) for row in rows] == [
        f"Chapter 1: Years 4 {4 / words[0] * 10_000:.1f} p. 42",
        f"Chapter 2: Roads 1 {1 / words[1] * 10_000:.1f} p. 42",
    ]


def test_marks_stand_in_the_order_of_the_book(volume: Volume) -> None:
    entry = html_at("plans/glossary/nep/")

    at = [float(x) for x in re.findall(r'<path d="M([\d.]+) \d+V0"/></a>', entry)]
    assert at == sorted(at)
    assert len(set(at)) == 5


def test_every_place_is_shown_in_its_sentence_with_its_page(volume: Volume) -> None:
    entry = html_at("plans/glossary/vsnkh/")

    assert entry.count("<mark>VSNKh</mark>") == 2
    assert re.findall(r'</mark>.*?</a> <span class="place">(.*?)</span>', entry) == [
        "p. 42",
        "note 1, called on p. 42",
    ]


def test_a_term_that_never_occurs_has_no_plot_and_says_so(volume: Volume) -> None:
    entry = html_at("plans/glossary/mir/")

    assert "<svg" not in entry
    assert "The text does not use it." in entry


def test_each_of_several_senses_has_its_places_and_ambiguous_ones_say_so(volume: Volume) -> None:
    term = volume.glossary.terms.get(headword="NEP")
    Sense.objects.create(term=term, n=1, definition="A policy", applies="until 1929")
    term.settled_sense = Sense.objects.create(term=term, n=2, definition="A shop")
    term.save()
    publish_volume(volume)
    settled = main_of(html_at("plans/glossary/nep/"))

    assert "A policy (until 1929) 0 times A shop 5 times" in settled
    assert settled.count("; sense 2") == 5
    assert "does not say" not in settled

    term.settled_sense = None
    term.save()
    publish_volume(volume)
    entry = html_at("plans/glossary/nep/")

    assert 'id="sense-1"' in entry
    assert "In 5 places the text does not say which is meant." in main_of(entry)
    assert main_of(entry).count("; ambiguous") == 5


def test_the_senses_of_a_shown_term_lead_to_their_place_in_the_entry(volume: Volume) -> None:
    term = volume.glossary.terms.get(headword="NEP")
    Sense.objects.create(term=term, n=1, definition="A policy")
    assert GlossaryPages(Edition(volume)).shown_terms[term.pk].senses == (), "one sense leaves no choice"

    Sense.objects.create(term=term, n=2, definition="A shop")
    senses = GlossaryPages(Edition(volume)).shown_terms[term.pk].senses

    assert [(sense.n, sense.url) for sense in senses] == [
        (1, "/plans/glossary/nep/#sense-1"),
        (2, "/plans/glossary/nep/#sense-2"),
    ]


def test_glossary_pages_lead_to_the_contents_and_do_not_repeat_them(volume: Volume) -> None:
    for path in ("", "by-chapter/", "nep/"):
        html = html_at(f"plans/glossary/{path}")

        assert '<a href="/plans/#toc">Contents</a>' in html
        assert 'id="contents"' not in html
        assert "contents.js" not in html


def test_the_index_counts_and_tells_apart_what_never_occurs(volume: Volume) -> None:
    index = main_of(html_at("plans/glossary/"))

    assert "NEP What NEP means 5 times in the text" in index
    assert "Mir What Mir means not in the text" in index
    assert "CLD See STO not in the text" in index
    assert "5 terms · In the text alone · By chapter" in index


def test_the_index_is_answered_at_the_request_where_something_is_asked_for(
    client: Client, volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        response = client.get("/plans/glossary/?q=ORGAN  of")
    assert "0 of 5 terms" in main_of(response.content.decode())

    found = client.get("/plans/glossary/?q=Lábour").content.decode()
    assert "1 of 5 terms" in main_of(found)
    assert "STO Council of Labour 1 time" in main_of(found)
    assert 'value="Lábour"' in found
    assert "filter.js" not in found, "a second search would cover only the entries found"


def test_an_empty_question_is_the_published_index(
    client: Client, volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get("/plans/glossary/?q=+")

    assert response.content.decode() == html_at("plans/glossary/")


def test_what_is_asked_for_is_text_and_no_longer_than_is_sensible(client: Client, volume: Volume) -> None:
    html = client.get(
        "/plans/glossary/", {"q": f'"><script>alert(1)</script>{"x" * 5000}\0'}
    ).content.decode()

    assert "<script>alert" not in html
    assert "x" * 101 not in html


def test_an_answer_stays_the_same_until_the_volume_changes(client: Client, volume: Volume) -> None:
    etag = client.get("/plans/glossary/?q=a")["ETag"]

    assert client.get("/plans/glossary/?q=a", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/plans/glossary/?q=b", headers={"If-None-Match": etag}).status_code == 200


def test_each_chapter_lists_its_terms_with_count_and_first_page(volume: Volume) -> None:
    html = html_at("plans/glossary/by-chapter/")

    assert "Chapter 1 Years NEP 4 times p. 42 STO 1 time p. 42 VSNKh 2 times p. 42" in main_of(html)
    assert "Chapter 2 Roads NEP 1 time p. 42" in main_of(html)
    assert "Mir" not in main_of(html)
    assert '<a class="place" href="/plans/two/#p3">p. 42</a>' in html


def test_no_glossary_page_asks_for_by_chapter_in_vain(client: Client, volume: Volume) -> None:
    assert client.get("/plans/glossary/by-chapter/").status_code == 200


def test_sections_count_for_their_chapter(volume: Volume) -> None:
    two = volume.divisions.get(slug="two")
    section = make_division(volume, slug="two-i", kind=Division.Kind.SECTION, parent=two)
    make_paragraph(section, "The NEP.")
    publish_volume(volume)

    assert "Chapter 2 Roads NEP 2 times" in main_of(html_at("plans/glossary/by-chapter/"))


def test_a_glossary_without_terms_has_pages(db: None) -> None:
    publish_volume(make_volume(slug="plans"))

    assert "This volume has no glossary yet." in html_at("plans/glossary/")
    assert "The text uses no term of the glossary." in html_at("plans/glossary/by-chapter/")


def test_the_statements_for_entries_do_not_grow_with_the_text(
    volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(12):
        chapter = make_division(volume, slug=f"more-{n}")
        make_paragraph(chapter, f"The NEP {{p. {100 + n}}}and the STO.")
        make_note(chapter, 1, "The NEP.")
        make_page_break(volume, str(100 + n))
    publish_volume(volume)
    terms = {term.pk for term in volume.glossary.terms.all()}
    pages = GlossaryPages(Edition(volume))

    with django_assert_num_queries(8):
        made = dict(pages.pages(terms))

    assert len(made) == 8
    assert TermOccurrence.objects.count() == 8 + 36


# Typography


def test_explanations_are_set_as_a_book_sets_them(volume: Volume) -> None:
    other = make_term(volume.glossary, "LEF", definition="The 'Left' front's \"paper\" -- 1923-1925 <b>")
    make_term(volume.glossary, "NLEF", definition="", see=other)
    make_paragraph(volume.divisions.all()[0], "LEF came, and NLEF.")
    publish_volume(volume)
    shown = "The ‘Left’ front’s “paper”\u2060—1923–1925 &lt;b&gt;"

    pages = [html_at(f"plans/{path}") for path in ("glossary/", "glossary/lef/", "glossary/nlef/", "one/")]

    assert [shown in page for page in pages] == [True] * 4
    assert not any("front's" in page[page.index("<main") :] for page in pages)


def test_the_index_is_filtered_by_either_kind_of_quotation_marks() -> None:
    term = shown("LEF", definition='The "Left" front')

    assert asked_for([term], "“left”") == [term]
    assert asked_for([term], '"left"') == [term]

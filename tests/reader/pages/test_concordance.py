import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import DjangoAssertNumQueries

from glossary.models import Sense
from reader.edition.contents import divisions_of
from reader.models import Division, TermOccurrence, Volume
from reader.pages import concordance
from reader.pages.cite import Cited
from reader.pages.concordance import WIDTH, Line, folded, occurrences, ordered, read_texts
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


def line_in(text: str, reading: str = "NEP", **values: object) -> Line:
    start = text.index(reading)
    plain = {"chapter": 1, "url": "", "page": "", "of_note": None, "sense": None}
    return Line(text=text, start=start, end=start + len(reading), **{**plain, **values})  # type: ignore[arg-type]


def lines_of(volume: Volume) -> list[Line]:
    divisions = divisions_of(volume)
    found = occurrences(volume, {division.pk: division.page_division().pk for division in divisions})
    texts = read_texts(volume, divisions, found)
    return [texts.line(each) for each in found]


# Pure


def test_a_line_has_the_words_on_either_side() -> None:
    line = line_in("Of all the policies the NEP was the second.")

    assert (line.left, line.reading, line.right) == ("Of all the policies the ", "NEP", " was the second.")


def test_a_line_is_cut_between_words_and_says_so() -> None:
    line = line_in(f"{'wagons ' * 40}NEP{' horses' * 40}")

    assert line.left.startswith("… wagons wagons")
    assert line.left.endswith("wagons ")
    assert line.right.startswith(" horses horses")
    assert line.right.endswith("horses …")
    assert len(line.left) <= WIDTH + 2
    assert len(line.right) <= WIDTH + 2


def test_what_stands_at_the_term_without_a_space_stays_there() -> None:
    line = line_in("(NEP), and")

    assert (line.left, line.right) == ("(", "), and")


def test_line_ends_are_spaces() -> None:
    line = line_in("one\n\ntwo three-\nNew Policy", "New Policy")

    assert (line.left, line.reading) == ("one two three- ", "New Policy")


def test_lines_are_ordered_by_the_words_before_the_nearest_first() -> None:
    lines = [
        line_in(text)
        for text in ("with zeal the NEP", "an Apple: NEP", "with care the NEP", "NEP alone", "an élan NEP")
    ]

    assert [line.text for line in ordered(lines, "left")] == [
        "NEP alone",
        "an Apple: NEP",
        "an élan NEP",
        "with care the NEP",
        "with zeal the NEP",
    ]


def test_lines_are_ordered_by_the_words_after() -> None:
    lines = [line_in(text) for text in ("NEP, École", "NEP fell then", "NEP Fell now", "NEP — a")]

    assert [line.text for line in ordered(lines, "right")] == [
        "NEP — a",
        "NEP, École",
        "NEP Fell now",
        "NEP fell then",
    ]


def test_lines_with_the_same_words_keep_the_order_of_the_book() -> None:
    lines = [line_in("the NEP was", url=str(n)) for n in range(5)]

    for order in ("left", "right", "book"):
        assert [line.url for line in ordered(lines, order)] == list("01234")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Émigré", "emigre"),
        ("Rabsel’kor", "rabsel'kor"),
        ("СССР", "ссср"),
        ("Straße", "strasse"),
        ("ﬁn", "fin"),
        ("Ł", "ł"),
    ],
)
def test_letters_are_compared_without_case_and_accents(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text(), st.text(), st.text(min_size=1), st.integers(0, 200))
def test_no_text_is_too_odd_for_a_line(before: str, after: str, reading: str, spaces: int) -> None:
    text = f"{before}{' ' * spaces}{reading}{after}"
    start = len(before) + spaces
    line = Line(text, start, start + len(reading), 1, "", "", None, None)

    assert line.reading == " ".join(reading.split())
    assert set(line.left.replace("…", "").split()) <= {
        piece for word in text[:start].split() for piece in _ends(word)
    }
    assert len(line.left) <= WIDTH + 3
    assert len(line.right) <= WIDTH + 3
    concordance.words_before(line)
    concordance.words_after(line)


def _ends(word: str) -> list[str]:
    """The word, or the rest of a word that is longer than a line."""
    word = word.replace("…", "")
    return [word, *(word[at:] for at in range(len(word)))]


# From the database


@pytest.fixture
@made_once
def volume(db: None) -> Volume:
    volume = make_volume(slug="plans")
    make_term(volume.glossary)
    one = make_division(volume, slug="one", page="41")
    make_paragraph(one, "The NEP {p. 42}and again NEP{p. 43}.")
    make_paragraph(one, "{p. 44}A NEP of *its* own[^1].")
    make_note(one, 1, "A NEP in a note.", page="44")
    make_note(one, 2, "Here {p. 45}NEP", page="44")
    section = make_division(volume, slug="one-i", kind=Division.Kind.SECTION, parent=one)
    make_paragraph(section, "Last NEP.")
    two = make_division(volume, slug="two", page="47")
    make_paragraph(two, "Zeal: NEP")
    for n, division in {
        "41": one,
        "42": None,
        "43": None,
        "44": None,
        "45": None,
        "46": None,
        "47": two,
    }.items():
        make_page_break(volume, n, division=division)
    publish_volume(volume)
    return volume


def test_lines_stand_as_in_the_book_a_chapters_text_before_its_notes(volume: Volume) -> None:
    assert [line.url for line in lines_of(volume)] == [
        "/plans/one/#p1",
        "/plans/one/#p1",
        "/plans/one/#p2",
        "/plans/one/#p3",
        "/plans/one/#n1",
        "/plans/one/#n2",
        "/plans/two/#p4",
    ]


def test_the_page_of_a_line_is_that_of_the_occurrence_itself(volume: Volume) -> None:
    assert [line.page for line in lines_of(volume)] == ["41", "42", "44", "44", "44", "45", "47"]


def test_the_page_of_a_line_is_the_one_that_its_paragraph_is_cited_with(volume: Volume) -> None:
    of_lines = {line.url.partition("#p")[2]: line.page for line in reversed(lines_of(volume))}

    for paragraph in volume.paragraphs.all():
        pages = Cited(volume, paragraph=paragraph).pages
        assert pages is not None
        assert of_lines[str(paragraph.number)] == pages[0]


def test_a_line_in_a_note_says_so(volume: Volume) -> None:
    assert [line.note for line in lines_of(volume)] == ["", "", "", "", "note 1", "note 2", ""]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["The", "again", "A", "Last", "A", "Here", "Zeal"]),
        ("book", ["The", "again", "A", "Last", "A", "Here", "Zeal"]),
        ("nonsense", ["The", "again", "A", "Last", "A", "Here", "Zeal"]),
        ("left", ["A", "A", "again", "Here", "Last", "The", "Zeal"]),
    ],
)
def test_the_page_has_a_row_for_each_occurrence_in_the_order_asked_for(
    client: Client, volume: Volume, sort: str, expected: list[str]
) -> None:
    response = client.get(f"/plans/glossary/nep/concordance/?sort={sort}")

    lines = [line for line, _ in _context(volume, sort)["lines"]]
    assert [line.left.replace(":", "").split()[-1] for line in lines] == expected
    html = response.content.decode()
    assert html.count("<tr>") == 1 + len(expected)
    main = html.partition("<main")[2].partition("</main>")[0]
    assert main.count('aria-current="true"') == 1
    assert "p. 45, note 2, called on p. 44, Chapter 1" in html


def _context(volume: Volume, sort: str, page: str = "1") -> dict[str, list[tuple[Line, object]]]:
    term = volume.glossary.terms.get()
    return concordance.concordance_context(volume, term, sort, page)


def test_the_statements_of_a_concordance_are_bounded(
    client: Client, volume: Volume, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(60):
        make_paragraph(make_division(volume, slug=f"more-{n}"), "The NEP, the NEP.")
    publish_volume(volume)

    with django_assert_max_num_queries(8):
        client.get("/plans/glossary/nep/concordance/?sort=right")


def test_many_lines_are_paged(client: Client, volume: Volume, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concordance, "ROWS", 3)

    lines = [
        [line.url for line, _ in _context(volume, "book", page)["lines"]]
        for page in ("1", "2", "3", "99", "x", "-1", "٣")
    ]
    assert [len(page) for page in lines] == [3, 3, 1, 1, 3, 3, 3]
    html = client.get("/plans/glossary/nep/concordance/?sort=left&page=2").content.decode()
    assert '<a rel="prev" href="?sort=left&amp;page=1">' in html
    assert '<a rel="next" href="?sort=left&amp;page=3">' in html


def test_a_concordance_stays_the_same_until_the_volume_changes(client: Client, volume: Volume) -> None:
    path = "/plans/glossary/nep/concordance/?sort=left"
    etag = client.get(path)["ETag"]

    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(path.replace("left", "right"), headers={"If-None-Match": etag}).status_code == 200
    publish_volume(volume)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("path", ["/none/glossary/nep/concordance/", "/plans/glossary/none/concordance/"])
def test_what_is_not_there_has_no_concordance(client: Client, volume: Volume, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_term_that_the_text_does_not_use_has_an_empty_concordance(client: Client, volume: Volume) -> None:
    make_term(volume.glossary, "STO")

    html = client.get("/plans/glossary/sto/concordance/").content.decode()

    assert "The text does not use it." in html


def test_a_term_of_another_glossary_is_not_there(client: Client, volume: Volume) -> None:
    make_term(make_volume().glossary, "STO")

    assert client.get("/plans/glossary/sto/concordance/").status_code == 404


def test_volumes_that_share_a_glossary_have_their_own_lines(client: Client, volume: Volume) -> None:
    other = make_volume(slug="roads", glossary=volume.glossary)
    make_paragraph(make_division(other), "Their NEP.")
    publish_volume(other)

    assert [line.left for line in lines_of(other)] == ["Their "]
    assert b"Their" not in client.get("/plans/glossary/nep/concordance/").content


def test_of_several_senses_each_row_says_its_own(client: Client, volume: Volume) -> None:
    term = volume.glossary.terms.get()
    first = Sense.objects.create(term=term, n=1, definition="One")
    Sense.objects.create(term=term, n=2, definition="Two")
    TermOccurrence.objects.filter(note__isnull=False).update(sense=first)

    html = client.get("/plans/glossary/nep/concordance/").content.decode()

    assert html.count("sense 1") == 2
    assert html.count("ambiguous") == 5


def test_a_text_that_goes_between_two_statements_is_left_out(volume: Volume) -> None:
    divisions = divisions_of(volume)
    page_of = {division.pk: division.page_division().pk for division in divisions}
    found = occurrences(volume, page_of)
    volume.paragraphs.get(number=1).delete()

    texts = read_texts(volume, divisions, found)

    assert [each in texts for each in found] == [False, False, True, True, True, True, True]


def test_markup_in_the_text_is_text(client: Client, volume: Volume) -> None:
    make_paragraph(make_division(volume, slug="evil"), "<script>alert(1)</script> NEP <script>")
    publish_volume(volume)

    assert b"<script>alert" not in client.get("/plans/glossary/nep/concordance/").content

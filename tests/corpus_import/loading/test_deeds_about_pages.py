"""Pages that persons set begin there after each import, and the pages inferred around them follow."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from corpus_import.loading.plan import How
from corpus_import.loading.write import load_edition
from reader.correction.correcting import Refused
from reader.correction.structure.deeds import take_back
from reader.correction.structure.pages import set_page
from reader.models import PageBreak, Paragraph
from reader.text.markup import plain
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

WORDS = "The clerks of the province counted the carts on the bridge every morning and every evening."
WHY = "seen in the printed copy"


def book(first: str = WORDS) -> str:
    lines = "\n".join(f"{WORDS}[{n}]" if n in (2, 6) else WORDS for n in range(1, 9))
    notes = "".join(
        f"{n}.\n  \n  \n\nA note of the clerks, number {n}.    [p. {p}]\n\n" for n, p in ((1, 5), (2, 8))
    )
    text = lines.replace("[2]", "[1]").replace("[6]", "[2]")
    return f"page 4\n\n   1. The carts\n\n    {first} {text}\n\n    {WORDS}\n\n  \n   Notes\n\n{notes}"


def import_book(**changed: str) -> Any:
    return load_edition(parse_text(book(**changed)))


def begins() -> dict[str, tuple[int, int]]:
    """For each page that begins in a text: the number of the paragraph, and the words before it there."""
    from reader.text.markup import page_breaks

    return {
        page.n: (row.number, len(plain(row.text[: page.start]).split()))
        for row in Paragraph.objects.order_by("position")
        for page in page_breaks(row.text)
    }


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture(autouse=True)
def _book() -> None:
    import_book()


def first() -> Paragraph:
    return Paragraph.objects.order_by("position")[0]


def place_behind(words: int, row: Paragraph) -> int:
    """The place in a wording before the word behind so many words."""
    at, seen = 0, 0
    while seen < words:
        at = row.text.index(" ", at + 1)
        seen += 1
    return at + 1


def assert_the_import_changes_no_text(loaded: Any) -> None:
    fates = {remark.how for remark in loaded.plan.remarks}
    assert fates <= {How.KEPT, How.LINES}, [str(remark) for remark in loaded.plan.remarks]


def test_a_page_that_was_set_begins_there_and_is_attested(vera: User, client: Client) -> None:
    row = first()
    set_page(row, "6", place_behind(40, row), by=vera, reason=WHY)

    assert PageBreak.objects.get(n="6").certainty == "attested"
    number, words = begins()["6"]
    assert number == row.number
    assert abs(words - 40) <= 2
    [volume] = {row.volume.slug}
    assert client.get(reverse("printed_page", args=[volume, "6"]))["Location"].endswith("#page-6")


def test_a_page_that_was_set_stays_after_an_import(vera: User) -> None:
    row = first()
    set_page(row, "6", place_behind(40, row), by=vera, reason=WHY)
    before = begins()

    assert_the_import_changes_no_text(import_book())

    assert begins() == before
    assert PageBreak.objects.get(n="6").certainty == "attested"


def test_pages_begin_in_the_order_of_their_numbers_around_one_that_was_set(vera: User) -> None:
    row = first()
    set_page(row, "6", place_behind(20, row), by=vera, reason=WHY)

    places = [place for _, place in sorted(begins().items(), key=lambda pair: int(pair[0]))]
    assert places == sorted(places)


def test_a_page_follows_its_words_in_a_changed_import(vera: User) -> None:
    row = first()
    set_page(row, "6", place_behind(40, row), by=vera, reason=WHY)
    words = begins()["6"][1]

    import_book(first=f"At the ford, too. {WORDS}")

    assert begins()["6"][1] == words + 4


def test_a_page_that_was_set_is_taken_back(vera: User) -> None:
    before = begins()
    certainty = dict(PageBreak.objects.values_list("n", "certainty"))
    row = first()
    deed = set_page(row, "6", place_behind(40, row), by=vera, reason=WHY)

    take_back(deed, by=vera, reason="the wrong copy")

    assert begins() == before
    assert dict(PageBreak.objects.values_list("n", "certainty")) == certainty
    assert_the_import_changes_no_text(import_book())


def test_a_page_before_an_earlier_one_that_is_certain_is_refused(vera: User) -> None:
    row = first()
    set_page(row, "6", place_behind(60, row), by=vera, reason=WHY)

    with pytest.raises(Refused, match="would begin after page 6"):
        set_page(row, "5", place_behind(80, first()), by=vera, reason=WHY)


def test_what_is_no_page_number_is_refused(vera: User) -> None:
    with pytest.raises(Refused, match="A page cannot be called"):
        set_page(first(), "forty", 10, by=vera, reason=WHY)

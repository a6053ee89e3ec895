"""What stands on no page is read in the apparatus, and counted on the title page; doubts are told to readers."""

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from reader.edition.set_aside import MOST_CHARACTERS, MOST_LINES, counts_set_aside, set_aside_in
from reader.models import PublishedPage, Volume, Witness
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_paragraph, make_volume, make_witness

CONTENT = (
    b"A Town & its Mill\n<b>by Nobody</b>\n\nContents\nThe mill  3\n"
    b"    The mill stood. [p. 3] It was old.\npage 4\n"
)
AUDIT = {
    "characters": {"title block": 30, "contents list": 1200, "forme work": 1, "text": 40},
    "total": 1271,
    "balanced": True,
    "set_aside": {
        "title block": [[1, 2]],
        "contents list": [[4, 5]],
        "forme work": [[6, 6, 20, 26], [7, 7]],
    },
}


@pytest.fixture
def volume(db: None) -> Volume:
    volume = make_volume(slug="mill", title="The Mill")
    make_paragraph(make_division(volume, slug="one", head="The mill"), "The mill stood. It was old.")
    return volume


@pytest.fixture
def witness(volume: Volume) -> Witness:
    return make_witness(volume, CONTENT, name="one.txt", audit=AUDIT)


def html_at(path: str) -> str:
    return bytes(PublishedPage.objects.get(path=path).html).decode()


def test_the_apparatus_shows_what_is_set_aside_by_kind_with_its_lines(
    volume: Volume, witness: Witness
) -> None:
    publish_volume(volume)
    html = html_at("mill/apparatus/")

    summaries = re.findall(r"<summary>(.*?)</summary>", html)
    assert summaries == [
        "Contents list: 1,200 characters in 2 lines",
        "Title block: 30 characters in 2 lines",
        "Forme work: 1 character in 2 lines",
    ]
    assert '<span data-n="1">' in html
    assert "&lt;b&gt;by" in html
    assert "<b>by" not in html


def test_of_a_line_that_is_text_only_its_part_is_set_aside(witness: Witness) -> None:
    [forme_work] = [each for each in set_aside_in([witness]) if each.kind == "forme work"]

    assert [line for shown in forme_work.shown for line in shown.lines] == [(6, "[p. 3]"), (7, "page 4")]


def test_the_title_page_counts_what_is_set_aside(volume: Volume, witness: Witness) -> None:
    publish_volume(volume)

    said = "1,200 characters of contents list, 30 of title block and 1 of forme work"
    assert said in html_at("mill/")
    assert 'href="/mill/apparatus/#set-aside"' in html_at("mill/")


def test_nothing_is_said_if_nothing_is_set_aside(volume: Volume) -> None:
    make_witness(volume, CONTENT)
    publish_volume(volume)

    assert "set-aside" not in html_at("mill/")
    assert "set-aside" not in html_at("mill/apparatus/")


def test_the_page_says_how_much_it_leaves_out(volume: Volume) -> None:
    lines = MOST_LINES + 50
    places = {"forme work": [[1, lines - 20], [lines - 9, lines]]}
    audit = {"characters": {"forme work": 9000}, "total": 9000, "balanced": True, "set_aside": places}
    content = b"".join(b"page %d\n" % n for n in range(1, lines + 1))
    witness = make_witness(volume, content, audit=audit)

    [each] = set_aside_in([witness])
    publish_volume(volume)

    assert (each.lines, each.left_out) == (lines - 10, 40)
    assert "40 more lines of this kind are left out here" in html_at("mill/apparatus/")


def test_a_very_long_line_is_cut(volume: Volume) -> None:
    audit = {"characters": {"title block": 10**6}, "set_aside": {"title block": [[1, 1]]}}
    witness = make_witness(volume, b"x" * 10**6, audit=audit)

    [each] = set_aside_in([witness])

    [(_, text)] = each.shown[0].lines
    assert text == "x" * MOST_CHARACTERS + " …"


def test_lines_are_read_once_a_witness(
    witness: Witness, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        counts_set_aside([witness])
    with django_assert_num_queries(1):
        list(set_aside_in([witness]))
    with django_assert_num_queries(0):
        list(set_aside_in([witness]))


def test_readers_are_told_of_doubts_as_data_with_their_lines(volume: Volume, witness: Witness) -> None:
    said = "9 of 10 paragraphs end <without> a stop"
    volume.doubts = [{"code": "paragraph-without-end", "said": said, "places": [[1, 3], [1, 5], [7, 1]]}]
    volume.save()
    publish_volume(volume)

    assert "9 of 10 paragraphs end &lt;without&gt; a stop" in html_at("mill/")
    assert "one.txt, lines 3, 5; source 7, line 1" in html_at("mill/apparatus/")

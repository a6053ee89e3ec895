"""A table on the correction screen: a grid of fields, its buttons without script, and what it asks about."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from pytest_django import DjangoAssertNumQueries

from reader.correction.correcting import correct
from reader.models import Level, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.examples import examples
from tests.factories import make_division, make_note, make_paragraph, make_volume
from tests.made_once import made_once
from tests.reader.text.test_tables import tables

pytestmark = pytest.mark.django_db

RYE = """\
^ Rye by province[^1]
! Province |  1922 | 1923
| Upland
| Tula | 1.5 | 2.5
| Orel | | 3
_ Source: *the ledgers*."""


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one", head="Grain")
    make_paragraph(chapter, RYE, kind="table")
    make_note(chapter, 1, "On rye.")
    publish_volume(volume)
    return volume


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return volume.paragraphs.get()


def url_of(paragraph: Paragraph) -> str:
    return reverse("admin:reader_paragraph_change", args=[paragraph.pk])


def fields_of(page: Any) -> dict[str, str]:
    """What a browser without script sends of a page's form, without its buttons."""
    html = page.content.decode()
    inputs = re.findall(
        r'<input[^>]* name="((?:cell|line)-[^"]+|reason|written_as|objected)"[^>]*? value="([^"]*)"', html
    )
    areas = re.findall(r'<textarea[^>]* name="(typed|seen)"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)
    values = {name: unescape(value) for name, value in [*inputs, *areas]}
    return {name: value.replace("\n", "\r\n") for name, value in values.items()}


def press(client: Client, paragraph: Paragraph, page: Any, button: str, **values: str) -> Any:
    """Press a button, `_save` or `_grid=row-after-3`, after some fields were filled in."""
    name, _, value = button.partition("=")
    typed = {key.replace("_", "-"): value for key, value in values.items() if key != "markers_are_meant"}
    meant = {"markers_are_meant": "on"} if "markers_are_meant" in values else {}
    reason = {"reason": "the scan"}
    return client.post(
        url_of(paragraph), {**fields_of(page), **reason, **typed, **meant, name: value}, follow=True
    )


def typed_in(page: Any) -> str:
    return str(page.context["typed"])


def test_a_table_is_a_grid_of_named_fields(admin_client: Client, paragraph: Paragraph) -> None:
    html = admin_client.get(url_of(paragraph)).content.decode()

    assert 'aria-label="Row 2 (Tula), column 3 (1923)"' in html
    assert 'aria-label="Headings, column 1 (Province)"' in html
    assert '<label for="id-cell-0-0">Caption</label>' in html
    assert '<label for="id-cell-5-0">Source or note</label>' in html
    assert re.search(r'<td colspan="3"><input type="text" name="cell-2-0" value="Upland"', html)


def test_prose_has_no_grid(admin_client: Client, paragraph: Paragraph) -> None:
    prose = make_paragraph(paragraph.division, "| This is no table", kind="prose")
    lines = make_paragraph(paragraph.division, "Year   Rye\n1922   100", kind="table")

    assert "data-grid" not in admin_client.get(url_of(prose)).content.decode()
    assert "Write it as a grid instead" in admin_client.get(url_of(lines)).content.decode()


def test_a_cell_is_mended_and_all_else_stays_as_it_was_typed(
    admin_client: Client, client: Client, paragraph: Paragraph
) -> None:
    page = admin_client.get(url_of(paragraph))

    done = press(admin_client, paragraph, page, "_save", cell_3_2="2.75")

    paragraph.refresh_from_db()
    assert paragraph.text == RYE.replace("2.5", "2.75")
    assert "Saved and published." in done.content.decode()
    assert "<td>2.75</td>" in client.get("/plans/one/").content.decode()


def test_a_grid_that_nobody_changed_changes_nothing(admin_client: Client, paragraph: Paragraph) -> None:
    page = press(admin_client, paragraph, admin_client.get(url_of(paragraph)), "_save")

    assert "Nothing was changed." in page.content.decode()
    assert fields_of(page)["seen"].replace("\r\n", "\n") == RYE


@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=tables())
def test_for_any_table_the_form_sends_back_what_it_was_made_of(
    admin_client: Client, paragraph: Paragraph, text: str
) -> None:
    Paragraph.objects.filter(pk=paragraph.pk).update(text=text)

    page = press(admin_client, paragraph, admin_client.get(url_of(paragraph)), "_show")

    assert typed_in(page) == text


@pytest.mark.parametrize(
    ("button", "before", "after"),
    [
        ("row-before-3", "| Tula", "| | |\n| Tula"),
        ("row-after-1", "1923\n", "1923\n! | |\n"),
        ("row-remove-4", "| Orel | | 3\n", ""),
        ("row-heading-2", "| Upland", "! Upland"),
        ("row-span-2", "| Upland", "| Upland | |"),
        ("caption-add", "[^1]\n", "[^1]\n^\n"),
        ("note-add", "*the ledgers*.", "*the ledgers*.\n_"),
    ],
)
def test_a_button_changes_the_grid_and_saves_nothing(
    admin_client: Client, paragraph: Paragraph, button: str, before: str, after: str
) -> None:
    page = press(
        admin_client, paragraph, admin_client.get(url_of(paragraph)), f"_grid={button}", cell_3_1="1.75"
    )

    assert typed_in(page) == RYE.replace(before, after).replace("1.5", "1.75")
    paragraph.refresh_from_db()
    assert paragraph.text == RYE


def test_a_column_is_added_and_filled_and_another_is_removed(
    admin_client: Client, paragraph: Paragraph
) -> None:
    page = admin_client.get(url_of(paragraph))
    page = press(admin_client, paragraph, page, "_grid=column-after-2")
    page = press(
        admin_client,
        paragraph,
        page,
        "_grid=column-remove-1",
        cell_1_3="1924",
        cell_3_3="4.5",
        cell_4_3="5|6",
    )

    refused = press(admin_client, paragraph, page, "_save")
    saved = press(admin_client, paragraph, refused, "_save", markers_are_meant="on")

    assert "What stands in column 2 (“1922”) would be taken out: 2 cells." in refused.content.decode()
    assert "all of this is meant" in refused.content.decode()
    assert "Saved and published." in saved.content.decode()
    paragraph.refresh_from_db()
    assert paragraph.text.split("\n")[1:5] == [
        "! Province | 1923 | 1924",
        "| Upland",
        "| Tula | 2.5 | 4.5",
        r"| Orel | 3 | 5\|6",
    ]


def test_what_was_confirmed_is_not_confirmed_for_what_slips_afterwards(
    admin_client: Client, paragraph: Paragraph
) -> None:
    page = press(admin_client, paragraph, admin_client.get(url_of(paragraph)), "_grid=row-remove-4")
    page = press(admin_client, paragraph, page, "_save")

    again = press(admin_client, paragraph, page, "_save", markers_are_meant="on", cell_3_1="", cell_3_2="1.5")

    assert "“1.5” would stand in column 3" in again.content.decode()
    assert not again.context["markers_are_meant"]
    paragraph.refresh_from_db()
    assert paragraph.text == RYE
    saved = press(admin_client, paragraph, again, "_save", markers_are_meant="on")
    assert "Saved and published." in saved.content.decode()


def test_what_cannot_be_done_is_said_and_nothing_is_lost(admin_client: Client, paragraph: Paragraph) -> None:
    page = admin_client.get(url_of(paragraph))

    page = press(admin_client, paragraph, page, "_grid=row-span-3", cell_3_1="1.75")

    assert "empty them first" in page.content.decode()
    assert typed_in(page) == RYE.replace("1.5", "1.75")


def test_a_figure_that_slips_a_column_is_asked_about_in_the_notation_too(
    admin_client: Client, paragraph: Paragraph
) -> None:
    notation = press(admin_client, paragraph, admin_client.get(url_of(paragraph)), "_write_as=notation")
    slipped = RYE.replace("Orel | | 3", "Orel | 3")

    refused = press(admin_client, paragraph, notation, "_save", typed=slipped)

    assert "“3” would stand in column 2 (“1922”): it stands in column 3 (“1923”)." in refused.content.decode()
    assert typed_in(refused) == slipped
    assert "data-grid" not in refused.content.decode()
    saved = press(admin_client, paragraph, refused, "_save", markers_are_meant="on")
    assert "Saved and published." in saved.content.decode()


def test_what_is_typed_goes_from_the_grid_to_the_notation_and_back(
    admin_client: Client, paragraph: Paragraph
) -> None:
    page = admin_client.get(url_of(paragraph))

    notation = press(admin_client, paragraph, page, "_write_as=notation", cell_3_1="1.75")
    assert "data-grid" not in notation.content.decode()
    assert typed_in(notation) == RYE.replace("1.5", "1.75")
    grid = press(
        admin_client, paragraph, notation, "_write_as=grid", typed=typed_in(notation).replace("Orel", "Orël")
    )

    assert fields_of(grid)["cell-3-1"] == "1.75"
    assert fields_of(grid)["cell-4-0"] == "Orël"


def test_a_draft_in_the_notation_is_put_into_the_grid(admin_client: Client, paragraph: Paragraph) -> None:
    page = admin_client.get(url_of(paragraph))

    page = press(admin_client, paragraph, page, "_read_typed", typed=RYE.replace("1.5", "9.9"))

    assert fields_of(page)["cell-3-1"] == "9.9"


def test_a_save_over_a_colleague_s_shows_both_and_merges_their_cells(
    admin_client: Client, paragraph: Paragraph
) -> None:
    page = admin_client.get(url_of(paragraph))
    vera = User.objects.create_user("vera")
    correct(paragraph, RYE.replace("1.5", "1.6"), seen=RYE, by=vera, reason="the scan")

    overtaken = press(admin_client, paragraph, page, "_save", cell_3_2="2.75")

    assert overtaken.status_code == 409
    assert fields_of(overtaken)["cell-3-2"] == "2.75"
    assert overtaken.context["versions"].merged == RYE.replace("1.5 | 2.5", "1.6 | 2.75")


def test_changed_cells_are_marked_and_readers_rows_are_shown(
    admin_client: Client, paragraph: Paragraph
) -> None:
    page = admin_client.get(url_of(paragraph))
    shown = reverse("admin:reader_paragraph_shown", args=[paragraph.pk])

    html = admin_client.post(shown, {**fields_of(page), "cell-3-2": "2.75"}).content.decode()

    assert '<td class="changed"><del>2.5</del> <ins>2.75</ins> </td>' in html
    assert "<td>2.75</td>" in html


def test_a_level_is_not_set_over_a_cell_that_is_not_saved(admin_client: Client, paragraph: Paragraph) -> None:
    page = admin_client.get(url_of(paragraph))

    page = press(admin_client, paragraph, page, "_level=proofread", cell_3_1="1.75")

    assert "Save the text first" in page.content.decode()
    assert fields_of(page)["cell-3-1"] == "1.75"
    page = press(admin_client, paragraph, admin_client.get(url_of(paragraph)), "_level=proofread")
    assert Paragraph.objects.get().level == Level.PROOFREAD


def test_a_table_with_more_fields_than_a_form_may_have_is_written_in_the_notation(
    admin_client: Client, paragraph: Paragraph
) -> None:
    rows = "\n".join(f"| row {n} | {n}" for n in range(301))
    Paragraph.objects.filter(pk=paragraph.pk).update(text=rows)

    page = admin_client.get(url_of(paragraph))

    assert "data-grid" not in page.content.decode()
    assert typed_in(page) == rows


@pytest.mark.parametrize(
    "data",
    [
        {"line-0": "x", "cell-0-0": "a"},
        {"line-0": "^1"},
        {"line-0": "|9", "_grid": "row-remove-99999"},
        {"line-0": "|2", "cell-0-0": "a", "_grid": "column-before-7"},
        {"line-0": "|2", "cell-0-0": "a", "_grid": "row-before-999"},
        {"line-0": "|1", "cell-0-0": "a\r\nb\x00", "_grid": "nonsense"},
    ],
)
def test_a_form_that_no_page_makes_is_no_fault_of_the_server(
    admin_client: Client, paragraph: Paragraph, data: dict[str, str]
) -> None:
    sent = {"typed": RYE, "seen": RYE, "reason": "x", "_show": "", **data}

    assert admin_client.post(url_of(paragraph), sent).status_code == 200
    paragraph.refresh_from_db()
    assert paragraph.text == RYE


def test_the_statements_of_the_screen_do_not_grow_with_the_table(
    admin_client: Client, paragraph: Paragraph, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Paragraph.objects.filter(pk=paragraph.pk).update(
        text="! a | b\n" + "\n".join(f"| {n} | {n}" for n in range(200))
    )

    with django_assert_max_num_queries(20):
        admin_client.get(url_of(paragraph))

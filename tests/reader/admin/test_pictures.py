"""The piece of a PDF's own page beside the text that was read from it: for correctors, drawn when it is asked for."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from corpus_import.jobs import pictures as drawing
from reader.correction.pictures import Box, CannotDraw
from reader.models import Original, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_account, make_division, make_note, make_paragraph, make_volume, make_witness
from tests.pdfs import box_of, pdf_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

LINES = ["The clerk opened the office in the morning,", "and closed it again at noon.", "Nobody came."]


@pytest.fixture
def static_root(settings: Settings, tmp_path: Any) -> None:
    """A folder for whitenoise, which warns if the folder is missing."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one", head="Grain")
    witness = make_witness(volume, "\n".join([*LINES, *LINES]).encode(), name="one.pdf", kind="PDF")
    boxes = [[k + 1, 1, *box_of(k)] for k in range(3)] + [[k + 4, 2, *box_of(k)] for k in range(3)]
    Original.objects.create(witness=witness, content=pdf_of([LINES, LINES]), boxes=boxes)
    make_paragraph(chapter, "The clerk opened the office.", lines=[[1, 2, 5]])
    make_paragraph(chapter, "Nobody came.", lines=[[1, 3, 3]])
    make_note(chapter, 1, "Written by hand.")
    publish_volume(volume)
    return volume


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return Paragraph.objects.get(number=1)


def screen(client: Client, text: Any) -> str:
    address = reverse(f"admin:reader_{text._meta.model_name}_change", args=[text.pk])
    return str(client.get(address).content.decode())


def reading_page(client: Client, text: Any) -> str:
    address = reverse("admin:reader_division_reading", args=[text.division_id])
    return str(client.get(address).content.decode())


def addresses(client: Client, text: Any) -> list[str]:
    return re.findall(r'<img src="([^"]+)"', screen(client, text))


def test_the_screen_shows_the_piece_of_each_page(admin_client: Client, paragraph: Paragraph) -> None:
    html = screen(admin_client, paragraph)

    shown = re.findall(r'<img src="[^"]+" alt="([^"]+)" width="(\d+)" height="(\d+)" loading="lazy"', html)
    assert shown == [
        ("Page 1 of one.pdf with lines 2 to 3 of its text", "304", "59"),
        ("Page 2 of one.pdf with lines 4 to 5 of its text", "304", "59"),
    ]
    assert "one.pdf, page 2 of the file" in html


def test_the_page_on_which_a_chapter_is_read_shows_each_text_with_its_pieces(
    admin_client: Client, paragraph: Paragraph
) -> None:
    html = reading_page(admin_client, paragraph)

    by_text = {
        anchor: re.findall(
            r'<img src="([^"]+)"[^>]* loading="lazy"', html.split(f'id="{anchor}"')[1].split("</article")[0]
        )
        for anchor in ("h-one", "p1", "p2", "n1")
    }
    assert by_text == {
        "h-one": [],
        "p1": addresses(admin_client, paragraph),
        "p2": addresses(admin_client, Paragraph.objects.get(number=2)),
        "n1": [],
    }
    assert html.count('<summary data-key="p">The page itself</summary>') == 2


def test_the_pieces_of_all_texts_of_a_chapter_cost_one_statement(
    admin_client: Client, paragraph: Paragraph, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(60):
        make_paragraph(paragraph.division, "Nobody came.", number=n + 100, lines=[[1, 6, 6]])
    assert reading_page(admin_client, paragraph).count("The page itself") == 62

    with django_assert_max_num_queries(14):
        reading_page(admin_client, paragraph)


def test_a_picture_is_drawn_from_the_file(admin_client: Client, paragraph: Paragraph) -> None:
    [first, _] = addresses(admin_client, paragraph)

    answer = admin_client.get(first)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    image = Image.open(io.BytesIO(answer.content)).convert("L")
    assert image.size == (456, 88)  # two pixels to a point
    assert min(image.tobytes()) < 100  # something is written there


def test_another_line_has_another_picture(admin_client: Client, paragraph: Paragraph) -> None:
    [short] = addresses(admin_client, Paragraph.objects.get(number=2))
    [first, _] = addresses(admin_client, paragraph)

    assert admin_client.get(short).content != admin_client.get(first).content


def test_a_picture_is_kept_by_the_browser_and_by_nobody_else(
    admin_client: Client, paragraph: Paragraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first, _] = addresses(admin_client, paragraph)
    answer = admin_client.get(first)
    monkeypatch.setattr(drawing, "picture", None)

    again = admin_client.get(first, headers={"If-None-Match": answer["ETag"]})

    assert answer["Cache-Control"] == "private, max-age=604800, immutable"
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])


def test_a_picture_under_another_version_s_address_is_asked_for_again(
    admin_client: Client, paragraph: Paragraph
) -> None:
    [first, _] = addresses(admin_client, paragraph)

    answer = admin_client.get(first.replace("?v=", "?v=0"))

    assert answer["Cache-Control"] == "private, no-cache"


def test_a_picture_is_for_those_who_may_see_the_screen(client: Client, paragraph: Paragraph) -> None:
    client.force_login(make_account("corrector", username="vera"))
    [first, _] = addresses(client, paragraph)
    assert client.get(first).status_code == 200

    client.force_login(make_account("administrator", username="boris"))
    assert client.get(first).status_code == 403
    client.logout()
    assert client.get(first)["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("n", [0, 3, 10**9])
def test_a_picture_that_is_not_there_is_not_found(admin_client: Client, paragraph: Paragraph, n: int) -> None:
    address = reverse("admin:reader_paragraph_picture", args=[paragraph.pk, n])

    assert admin_client.get(address).status_code == 404


def test_a_text_without_lines_or_of_another_file_has_no_picture(
    admin_client: Client, paragraph: Paragraph
) -> None:
    assert addresses(admin_client, paragraph.division.notes.get()) == []

    Original.objects.update(boxes=[])

    assert addresses(admin_client, paragraph) == []
    assert "The page itself" not in screen(admin_client, paragraph)


def test_a_page_that_cannot_be_drawn_is_said_in_a_sentence(
    admin_client: Client, paragraph: Paragraph
) -> None:
    [first, _] = addresses(admin_client, paragraph)
    Original.objects.update(content=b"%PDF-1.4\nnothing")

    answer = admin_client.get(first)

    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert answer.content.decode().startswith("PDF: the PDF is cut off or damaged")


def test_only_so_many_pictures_are_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "PATIENCE", 0)
    refusals = []

    def draw(content: bytes, page: int, box: Box) -> bytes:
        try:
            return drawing.page_picture(content, page, box)
        except CannotDraw as fault:
            refusals.append(str(fault))
            return b""

    monkeypatch.setattr(drawing, "picture", draw)
    draw(b"", 1, (0, 0, 1, 1))

    assert refusals == ["Too many pictures are being drawn; load the page again in a minute."]
    drawing.page_picture(b"", 1, (0, 0, 1, 1))  # the turns were given back
    assert len(refusals) == 2


def test_pictures_cost_one_statement(
    admin_client: Client, paragraph: Paragraph, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    screen(admin_client, paragraph)

    with django_assert_max_num_queries(23):
        screen(admin_client, paragraph)

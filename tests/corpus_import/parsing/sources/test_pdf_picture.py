import io
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.sources import pdf_picture
from corpus_import.parsing.sources.pdf_picture import picture
from corpus_import.parsing.sources.pdf_process import DRAWING, READING
from tests.corpus_import.parsing.sources.pdf_writer import Sheet, pdf


def blank_pdf(width: float, height: float) -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(width, height)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("box", "size"), [(None, (400, 200)), ((20, 10, 70, 40), (100, 60))], ids=["all", "a piece"]
)
def test_a_picture_has_the_size_of_what_was_asked_for(
    box: tuple[float, float, float, float] | None, size: tuple[int, int]
) -> None:
    drawn = picture(blank_pdf(200, 100), 1, box, 2.0)

    assert Image.open(io.BytesIO(drawn)).size == size


@pytest.mark.parametrize(
    ("content", "page", "box", "message"),
    [
        (b"", 1, None, "damaged"),
        (blank_pdf(200, 100), 2, None, "no such page"),
        (blank_pdf(200, 100), 1, (10, 10, 10, 40), "empty"),
        (blank_pdf(200, 100), 1, (300, 10, 310, 40), "no such page"),
        (blank_pdf(14_000, 14_000), 1, None, "too large"),
    ],
    ids=["no PDF", "no page", "an empty box", "a box beside the page", "too many pixels"],
)
def test_a_picture_that_cannot_be_drawn_is_refused(
    content: bytes, page: int, box: tuple[float, float, float, float] | None, message: str
) -> None:
    with pytest.raises(ImportFault, match=message):
        picture(content, page, box)


def test_a_picture_that_takes_too_long_to_draw_is_refused_sooner_than_a_book(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheet = Sheet()
    sheet.shown += ["0 0 m 400 0 l 200 590 l f"] * 30_000  # each covers half of the page
    monkeypatch.setattr(pdf_picture, "DRAWING", replace(DRAWING, seconds=1))

    with pytest.raises(
        ImportFault, match="drawing the page takes longer than 1 seconds; look at it in a program"
    ):
        picture(pdf([sheet]), 1, None)
    assert DRAWING.seconds <= READING.seconds // 10
    assert DRAWING.waiting <= READING.waiting // 10

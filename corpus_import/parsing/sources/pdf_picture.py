"""The picture of a page of a PDF, or of a piece of it, for persons who compare the text with what the page shows."""

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.sources.pdf_process import DRAWING, run

_PNG = b"\x89PNG\r\n\x1a\n"


def picture(
    content: bytes, page: int, box: tuple[float, float, float, float] | None, scale: float = 2.0
) -> bytes:
    """PNG of a page, counted from 1: all of it, or the box (left, top, right, bottom) in points from its upper left.

    `scale` is the number of pixels to a point. Raises ImportFault if there is no such page or it cannot be drawn.
    """
    if box is not None and not (box[0] < box[2] and box[1] < box[3]):
        raise ImportFault("PDF", None, "the piece of the page is empty.")
    request = {"do": "picture", "page": page, "box": list(box) if box else None, "scale": scale}
    drawn = run(content, "PDF", request, DRAWING)
    if not drawn.startswith(_PNG):
        raise ImportFault("PDF", None, "the page could not be drawn.")
    return drawn

"""Pictures of pages for the screens of correctors, drawn in a process of its own, a few at once."""

import threading

from django.utils.translation import gettext

from corpus_import.jobs.faults import refusal
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.sources.pdf_picture import picture
from reader.correction.pictures import Box, CannotDraw

# The most that one process of the server draws at once, and the seconds that others wait for their turn.
AT_ONCE = 2
PATIENCE = 30
_turns = threading.BoundedSemaphore(AT_ONCE)


def page_picture(content: bytes, page: int, box: Box) -> bytes:
    """The picture of a piece of a page of a PDF. Raises CannotDraw. The settings name this function."""
    if not _turns.acquire(timeout=PATIENCE):
        raise CannotDraw(gettext("Too many pictures are being drawn; load the page again in a minute."))
    try:
        return picture(content, page, box)
    except ImportFault as fault:
        raise CannotDraw(refusal(fault)) from None
    finally:
        _turns.release()

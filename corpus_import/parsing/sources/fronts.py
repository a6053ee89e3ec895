"""The fronts, and which of them reads a file: told by the bytes, whatever the file's name."""

from collections.abc import Callable

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.sources.docx import is_docx, read_docx
from corpus_import.parsing.sources.epub import is_epub, read_epub
from corpus_import.parsing.sources.mht import is_mht, read_mht
from corpus_import.parsing.sources.pdf import is_pdf, read_pdf
from corpus_import.parsing.sources.shown import Shown
from corpus_import.parsing.sources.web_page import is_web_page, read_web_page
from corpus_import.parsing.telling import Ended, Tell

# A front raises ImportFault, one sentence that names the file, if it cannot read the bytes. It may tell its steps.
Front = Callable[[bytes, str, Manifest, Tell], Shown]


def without_steps(read: Callable[[bytes, str, Manifest], Shown]) -> Front:
    """A front that is so quick that it tells no steps."""

    def front(content: bytes, name: str, manifest: Manifest, tell: Tell) -> Shown:
        return read(content, name, manifest)

    return front


# Each with the question whether it reads a file of these bytes; the first that does reads it.
FRONTS: tuple[tuple[Callable[[bytes], bool], Front], ...] = (
    (is_pdf, read_pdf),
    (is_mht, without_steps(read_mht)),
    (is_web_page, without_steps(read_web_page)),
    (is_epub, without_steps(read_epub)),
    (is_docx, without_steps(read_docx)),
)


def read_by(front: Front, content: bytes, name: str, manifest: Manifest, tell: Tell) -> Shown:
    """What a front reads of a file. Raises ImportFault, with the front's own fault as its cause if it failed by one."""
    last = ""

    def noted(step: str) -> None:
        nonlocal last
        last = step
        tell(step)

    try:
        return front(content, name, manifest, noted)
    except (ImportFault, Ended, MemoryError):
        raise
    except Exception as error:
        if not last:
            raise ImportFault(
                name,
                None,
                "the file could not be read, by a fault of the archive: save it anew, or in another form (PDF, web"
                " page, plain text), and report the fault with the file.",
            ) from error
        raise ImportFault(
            name,
            None,
            "the file could not be read, by a fault of the archive (%(step)s): save it anew, or in another form (PDF,"
            " web page, plain text), and report the fault with the file.",
            step=last,
        ) from error


def front_of(content: bytes) -> Front | None:
    """The front that reads a file of these bytes; None for plain text, and for kinds that no front reads."""
    return next((front for reads, front in FRONTS if reads(content)), None)

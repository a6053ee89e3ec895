"""Runs the program that reads PDFs (`pdf_program.py`) in a process of its own; says in a sentence why it failed.

The library that reads PDFs is native code, and the file may be anybody's: its process has bounds for memory, seconds
and what it may write, and a fault in it ends it alone.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus_import.parsing.diagnostics import ImportFault

PROGRAM = Path(__file__).with_name("pdf_program.py")
# The bounds of the process: memory in bytes, seconds of work and of waiting, and bytes that it writes.
MEMORY, SECONDS, WAITING, WRITTEN = 1536 * 2**20, 240, 900, 768 * 2**20
_FAULTS = {
    "cut": "the PDF is cut off or damaged; get the file again.",
    "password": "the PDF opens only with a password; save a copy without one.",
    "pages": "the PDF has no pages; get the file again.",
    "page": "the PDF has no such page.",
    "many pages": "the PDF has {count:,} pages, and {most:,} are the most; part it into several files.",
    "many characters": "the PDF has more than {most:,} characters; part it into several files.",
    "large": "the piece of the page is too large for a picture; ask for a smaller one.",
    "memory": "reading the PDF takes more memory than {most:,} MB; print it anew, or part it into several files.",
}


def run(content: bytes, name: str, request: Mapping[str, Any]) -> bytes:
    """What the program answers to a request about a PDF. Raises ImportFault if it cannot, or passes its bounds."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as answer:
        file.write(content)
        file.seek(0)
        asked = dict(request) | {"memory": MEMORY, "seconds": SECONDS, "written": WRITTEN}
        command = [sys.executable, "-I", str(PROGRAM), json.dumps(asked)]
        try:
            # Our own program with our own words; the file's bytes are its input.
            done = subprocess.run(  # noqa: S603
                command, stdin=file, stdout=answer, stderr=subprocess.DEVNULL, timeout=WAITING, check=False
            )
        except subprocess.TimeoutExpired:
            raise _too_slow(name) from None
        except OSError as error:
            raise ImportFault(
                name, None, f"the process that reads PDFs did not start ({error.strerror})."
            ) from None
        answer.seek(0)
        written = answer.read(WRITTEN + 1)
    if done.returncode == 0:
        return written
    raise _fault(name, done.returncode, written)


def _fault(name: str, code: int, written: bytes) -> ImportFault:
    said: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        said = json.loads(written.rpartition(b"\n")[2] or b"{}")
    if isinstance(said, dict) and said.get("fault") in _FAULTS:
        return ImportFault(name, None, _FAULTS[said["fault"]].format(**said))
    if -code in (24, 9):  # SIGXCPU, SIGKILL
        return _too_slow(name)
    return ImportFault(
        name,
        None,
        "the PDF could not be read to its end; print it anew, or save its text with another program.",
    )


def _too_slow(name: str) -> ImportFault:
    return ImportFault(
        name, None, f"reading the PDF takes longer than {SECONDS} seconds; part it into several files."
    )

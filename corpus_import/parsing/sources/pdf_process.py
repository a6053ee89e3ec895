"""Runs the program that reads PDFs (`pdf_program.py`) in a process of its own; says in a sentence why it failed.

The library that reads PDFs is native code, and the file may be anybody's: its process has bounds for memory, seconds
and what it may write, and a fault in it ends it alone.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.telling import Tell, say_nothing
from reader.text.messages import gettext_noop

PROGRAM = Path(__file__).with_name("pdf_program.py")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of the process: bytes of memory, seconds of work and of waiting, bytes that it writes.

    `what` is the work in words, and `advice` what a person can do when it takes too long.
    """

    memory: int
    seconds: int
    waiting: float
    written: int
    what: str
    advice: str


READING = Bounds(
    1536 * 2**20,
    240,
    900,
    768 * 2**20,
    gettext_noop("reading the PDF"),
    gettext_noop("part it into several files"),
)
DRAWING = Bounds(
    1536 * 2**20,
    20,
    60,
    64 * 2**20,
    gettext_noop("drawing the page"),
    gettext_noop("look at it in a program that shows PDFs"),
)
# How the program tells of its steps: the numbers of the page that it begins, and of all pages; a line each.
_STEP_BYTES = 64
_FAULTS = {
    "cut": gettext_noop("the PDF is cut off or damaged; get the file again."),
    "password": gettext_noop("the PDF opens only with a password; save a copy without one."),
    "pages": gettext_noop("the PDF has no pages; get the file again."),
    "page": gettext_noop("the PDF has no such page."),
    "many pages": gettext_noop(
        "the PDF has %(count)s pages, and %(most)s are the most; part it into several files."
    ),
    "many characters": gettext_noop("the PDF has more than %(most)s characters; part it into several files."),
    "large": gettext_noop("the piece of the page is too large for a picture; ask for a smaller one."),
    "memory": gettext_noop(
        "reading the PDF takes more memory than %(most)s MB; print it anew, or part it into several files."
    ),
}


def run(
    content: bytes, name: str, request: Mapping[str, Any], bounds: Bounds, tell: Tell = say_nothing
) -> bytes:
    """What the program answers to a request about a PDF; each page that it begins to read is told.

    Raises ImportFault if it cannot answer, or passes its bounds. Whatever `tell` raises ends the program.
    """
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as answer:
        file.write(content)
        file.seek(0)
        code = _run(file, answer, name, request, bounds, tell)
        answer.seek(0)
        written = answer.read(bounds.written + 1)
    if code == 0:
        return written
    raise _fault(name, code, written, bounds)


def _run(
    file: IO[bytes], answer: IO[bytes], name: str, request: Mapping[str, Any], bounds: Bounds, tell: Tell
) -> int:
    """Run the program to its end, and return its status."""
    steps, told = os.pipe()
    limits = {"memory": bounds.memory, "seconds": bounds.seconds, "written": bounds.written, "told": told}
    command = [sys.executable, "-I", str(PROGRAM), json.dumps({**request, **limits})]
    with open(steps, "rb", buffering=0) as pages:
        try:
            # Our own program with our own words; the file's bytes are its input.
            process = subprocess.Popen(  # noqa: S603
                command, stdin=file, stdout=answer, stderr=subprocess.DEVNULL, pass_fds=[told]
            )
        except OSError as error:
            raise ImportFault(
                name, None, "the process that reads PDFs did not start (%(error)s).", error=error.strerror
            ) from None
        finally:
            os.close(told)
        with process:
            try:
                return _await(process, pages, name, bounds, tell)
            except subprocess.TimeoutExpired:
                raise _too_slow(name, bounds) from None
            finally:
                process.kill()


def _await(
    process: "subprocess.Popen[bytes]", pages: IO[bytes], name: str, bounds: Bounds, tell: Tell
) -> int:
    """Wait for the end of the program, and tell of its pages meanwhile: of the last, where several have come."""
    end = time.monotonic() + bounds.waiting
    kept = b""
    while select.select([pages], [], [], max(end - time.monotonic(), 0))[0]:
        come = pages.read(4096)
        if not come:
            break
        *lines, kept = (kept + come)[-_STEP_BYTES:].split(b"\n")
        numbers = lines[-1].split() if lines else []
        if len(numbers) == 2 and all(number.isdigit() for number in numbers):
            tell(f"Reading {name}, page {int(numbers[0]):,} of {int(numbers[1]):,}")
    return process.wait(max(end - time.monotonic(), 0))


def _fault(name: str, code: int, written: bytes, bounds: Bounds) -> ImportFault:
    said: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        said = json.loads(written.rpartition(b"\n")[2] or b"{}")
    if isinstance(said, dict) and said.get("fault") in _FAULTS:
        return ImportFault(name, None, _FAULTS[said.pop("fault")], **said)
    if -code in (24, 9):  # SIGXCPU, SIGKILL
        return _too_slow(name, bounds)
    return ImportFault(
        name,
        None,
        "the PDF could not be read to its end; print it anew, or save its text with another program.",
    )


def _too_slow(name: str, bounds: Bounds) -> ImportFault:
    return ImportFault(
        name,
        None,
        "%(work)s takes longer than %(seconds)s seconds; %(advice)s.",
        work=bounds.what,
        seconds=bounds.seconds,
        advice=bounds.advice,
    )

"""Shows the steps of a long work in one line of a terminal, each in place of the one before."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from corpus_import.parsing.telling import Tell, say_nothing

# Back to the beginning of the line, and nothing in it.
ANEW = "\r\x1b[K"


@contextmanager
def steps_in_place(write: Callable[[str], object], *, is_terminal: bool) -> Iterator[Tell]:
    """Yield a function that shows a step; it does nothing if `write` does not write to a terminal."""
    if not is_terminal:
        yield say_nothing
        return

    def show(step: str) -> None:
        write(ANEW + step[: shutil.get_terminal_size().columns - 1])

    try:
        yield show
    finally:
        show("")

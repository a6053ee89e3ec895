"""What the last stage finds about the reading of the files as a whole, and the refusal of an import with doubts."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus_import.parsing.diagnostics import CODES, ImportFault

# The name in the fault: it concerns all files.
THE_FILES = "The files were probably misread"
HOW_TO_ACCEPT = (
    "Nothing was written. Try what is said after each doubt; or look at the changes with --dry-run, and import the"
    " volume as it was read with --accept-doubts. Its title page then tells readers of the doubts."
)
WOULD_BE_REFUSED = f"{THE_FILES}: the import would be refused without --accept-doubts."


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact about the reading as a whole, counted: `count` of `of`, with the first places, (witness, line) each.

    `said` is a sentence for readers, `remedy` one for the person who imports. A doubt is beyond its limit.
    """

    code: str
    count: int
    of: int
    places: tuple[tuple[int, int], ...]
    said: str
    remedy: str
    is_doubt: bool

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"{self.code} is not one of the diagnostics' codes.")


class Misread(ImportFault):
    """The refusal of an import whose files were read, and probably misread.

    `doubts` are in words, a line each.
    """

    def __init__(self, doubts: Sequence[str]) -> None:
        self.doubts = list(doubts)
        lines = [f"- {doubt}" for doubt in doubts]
        super().__init__(THE_FILES, None, "\n".join(["the import is refused.", *lines, HOW_TO_ACCEPT]))


def described(finding: Finding, files: Sequence[str]) -> str:
    """A finding in one line: code, what is wrong, where, what to try. `files` are the names of the witnesses."""
    where = places_in_words(finding.places, files)
    return f"{finding.code}: {finding.said}{f' ({where})' if where else ''}. {finding.remedy}".rstrip()


def places_in_words(places: Sequence[tuple[int, int]], files: Sequence[str]) -> str:
    """`file-1.txt, lines 3, 18; file-2.txt, line 7`; empty if there are no places."""
    by_file: dict[int, list[int]] = {}
    for witness, line in places:
        by_file.setdefault(witness, []).append(line)
    return "; ".join(
        f"{files[witness]}, line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"
        for witness, lines in by_file.items()
    )

"""Count the versions of a short book, each with one change of form, that are read whole: `make bench-forms`.

Then the same of short books of other kinds, each set by several hands.
"""

from collections.abc import Iterator

from tests.corpus_import.forms.hands import HANDS, Outcome, read_book
from tests.corpus_import.forms.note_versions import NOTE_VERSIONS
from tests.corpus_import.forms.other_books import BOOKS, OF_HANDS
from tests.corpus_import.forms.reading import read_version
from tests.corpus_import.forms.versions import VERSIONS


def main() -> None:
    """Read each version, and print what is refused or not read."""
    read = refused = 0
    versions = {**VERSIONS, **NOTE_VERSIONS}
    for name, form in versions.items():
        reading = read_version(form)
        refused += bool(reading.refused)
        read += reading.is_sound and not reading.refused
        if reading.refused:
            print(f"refused: {name}: {reading.refused[:100]}")
        elif reading.lacks:
            print(f"NOT READ: {name}: {'; '.join(reading.lacks)}")
    print(f"{read} of {len(versions)} versions were read whole, {refused} refused by name.")
    outcomes = dict(other_books())
    for name, outcome in outcomes.items():
        if outcome.refused:
            print(f"refused: {name}: {outcome.refused[:100]}")
        elif outcome.wrong:
            print(f"NOT READ: {name}: {'; '.join(outcome.wrong)}")
    read = sum(not outcome.refused and not outcome.wrong for outcome in outcomes.values())
    refused = sum(bool(outcome.refused) for outcome in outcomes.values())
    print(f"{read} of {len(outcomes)} settings of other books were read whole, {refused} refused by name.")


def other_books() -> Iterator[tuple[str, Outcome]]:
    """Each setting of each book of another kind, by name, with what came of it."""
    for name, book in BOOKS.items():
        for hand in HANDS:
            yield f"{name}, {hand}", read_book(book, HANDS[hand])
    for name, (book, own) in OF_HANDS.items():
        yield name, read_book(book, own)


if __name__ == "__main__":
    main()

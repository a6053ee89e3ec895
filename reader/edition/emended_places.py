"""Where the emended words stand in the texts of an edition."""

from typing import NamedTuple

from reader.edition.evidence import STATEMENT
from reader.models import Correctable, Division, Emendation
from reader.text.emended import as_read, find_emended, follow
from reader.text.markup import plain


class EmendedPlace(NamedTuple):
    """The offset of emended words in a text as it reads now, and in the wording of the last import.

    Both count characters without the markup. None: the place is not certain; now, because a person changed the words.
    """

    now: int | None
    imported: int | None


UNPLACED = EmendedPlace(None, None)


def place_of(row: Emendation, text: Correctable | None) -> EmendedPlace:
    """The place of an emendation in its text; an editor's statement is in no text.

    Where an older import kept no offset, words that stand in its wording once are found there.
    """
    if text is None or row.rule == STATEMENT or row.before == row.after:
        return UNPLACED
    # Heads of an edition that was imported long ago have no imported wording.
    imported = plain(text.imported_wording or (text.wording if isinstance(text, Division) else ""))
    words = as_read(row.after)
    at = row.offset
    if at is None:
        at = find_emended(imported, row.after)
    elif not imported.startswith(words, at):
        at = None
    if at is None:
        return UNPLACED
    return EmendedPlace(follow(imported, plain(text.wording), at, at + len(words)), at)

"""The piece of the correction screen on which a person decides the conflicts of a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from reader.admin.at_work import account_of
from reader.correction.correcting import Refused
from reader.correction.deciding import DECIDED, AlreadyDecided, Changed, decide
from reader.correction.sentences import in_words
from reader.correction.three_texts import ThreeTexts, three_texts_of
from reader.models import Conflict, Correctable
from reader.text.markers import objection
from reader.text.markup import plain

# Names of the form's buttons; their values name the decision and the conflict, as `mine-12`.
DECIDE, TAKE_BOTH = "_decide", "_take_both"
MINE, THEIRS, TYPED = "mine", "theirs", "typed"
SAID = {
    MINE: gettext_lazy("Decided: the person's text stays."),
    THEIRS: gettext_lazy("Decided: the import's text stands now, and is published."),
    TYPED: gettext_lazy("Decided: the text stands as you typed it, and is published."),
}
REMOVED = gettext_lazy("Decided: the text was removed, as in the import. Its history is kept.")


@dataclass(frozen=True, slots=True)
class ConflictPiece:
    """A conflict as the correction screen and the page of the conflict show it."""

    texts: ThreeTexts
    related: list[tuple[str, str]]  # names and addresses


def pieces_of(conflicts: Iterable[Conflict]) -> list[ConflictPiece]:
    """The pieces for conflicts. Two statements at most."""
    return [
        ConflictPiece(
            texts,
            [
                (text.title, reverse(f"admin:reader_{text.called}_change", args=[text.pk]))
                for text in texts.related
            ],
        )
        for texts in three_texts_of(conflicts)
    ]


def conflict_of(text: Correctable, key: str) -> Conflict:
    """A conflict of a text, open or not, by the key that a button sent."""
    rows = Conflict.objects.filter(**{text.called: text})
    conflict = rows.filter(pk=int(key)).first() if key.isdecimal() and key.isascii() else None
    if conflict is None:
        raise Http404
    return conflict


def both_texts(text: Correctable, key: str) -> str:
    """The proposed merge of a conflict, for the editor; what stands, if there is none any more."""
    [texts] = three_texts_of([conflict_of(text, key)])
    return texts.merged or text.wording


def carry_out(
    request: HttpRequest, text: Correctable, typed: str, reason: str, *, markers_are_meant: bool
) -> str:
    """Carry out the decision that a button sent; return what was decided, as a sentence.

    Raises Refused if nothing was decided, with the reason.
    """
    decision, _, key = request.POST[DECIDE].partition("-")
    if decision not in SAID:
        raise Http404
    conflict = conflict_of(text, key)
    removes = decision == THEIRS and not conflict.new_import
    if removes and typed != text.wording:
        raise Refused(gettext("What you typed would be lost with the text: take it out of the editor first."))
    if decision == TYPED:
        _check(text, typed, markers_are_meant)
    wording: dict[str, Any] = {MINE: None, THEIRS: conflict.new_import, TYPED: typed}
    try:
        decide(
            conflict,
            wording[decision],
            by=account_of(request),
            seen=request.POST.get(f"conflict-{conflict.pk}", ""),
            reason=f"{DECIDED}: the import's text" if decision == THEIRS else reason or DECIDED,
        )
    except (AlreadyDecided, Changed) as refused:
        raise Refused(str(refused)) from refused
    return str(REMOVED if removes else SAID[decision])


def _check(text: Correctable, typed: str, markers_are_meant: bool) -> None:
    if not plain(typed).strip():
        raise Refused(gettext("The text would be empty: type what the source says."))
    if not markers_are_meant and (refused := objection(text.wording, typed, text.imported_wording)):
        raise Refused(in_words(refused))

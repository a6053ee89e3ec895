"""The seven kinds of questions that the queue asks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reader.correction.queue import candidates, conflicts, diagnostics, gaps, italics, suspects, variants
from reader.correction.queue.rows import Row
from reader.models import Candidate, Conflict, Diagnostic, Gap, Italic, Suspect, Variant, Volume
from reader.models.standing import WITNESS_ORDER

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue

# Words of the interface, in the language of the moment.
Words = str | Promise
CODE = _("Code")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: its model, the places of its rows, their display, and the name of their answer.

    `division` are the lookups from a row to its division; `codes` is the field by which rows are filtered, `called` the
    field's name for persons; `seen` is the answer that is given in the queue: without it rows are answered elsewhere.
    With `is_in_book_order`, `order` is the order of the rows of one text. `accept` names the answer that puts a
    suggestion into the text. If codes are `ranked`, rows go by them first; rows of the codes `aside` show only when
    they are asked for.
    """

    name: str
    title: Words
    model: type[Any]
    division: tuple[str, ...]
    order: tuple[str, ...]
    shown: Callable[["Queue", "QuerySet[Any]"], Iterator[Row]]
    codes: str = ""
    called: Words = CODE
    seen: Words = ""
    accept: Words = ""
    ranked: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    volume: str = "volume"
    is_found_by_import: bool = False
    is_in_book_order: bool = False

    def all_rows(self) -> Any:
        """The rows of all volumes that the last import found, without variants that a suspect asks for."""
        rows: Any = self.model._default_manager.all()
        rows = rows.found() if self.is_found_by_import else rows
        return rows.asked_once() if self.model is Variant else rows

    def rows(self, volume: Volume) -> Any:
        """The rows of a volume."""
        return self.all_rows().of_volume(volume)

    def usual(self, rows: Any) -> Any:
        """The rows that show when no code is asked for."""
        return rows.exclude(**{f"{self.codes}__in": self.aside}) if self.aside else rows

    @property
    def rank(self) -> Any:
        """The expression of a row's place among the ranked codes."""
        ranks = [When(**{self.codes: code}, then=Value(k)) for k, code in enumerate(self.ranked)]
        return Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())

    @property
    def in_division(self) -> Any:
        """The expression of the division in which a row stands."""
        return F(self.division[0]) if len(self.division) == 1 else Coalesce(*self.division)

    @property
    def states(self) -> list[tuple[str, Words]]:
        """The states of its rows with their names; the first is open."""
        return list(self.model.State.choices)

    @property
    def accept_key(self) -> str:
        """The name of `accept` as the list of keys has it: with a small letter."""
        return _small(str(self.accept))

    @property
    def seen_key(self) -> str:
        """The name of `seen` as the list of keys has it: with a small letter."""
        return _small(str(self.seen))

    def may(self, user: Any, action: str) -> bool:
        """Whether a person may view or change its rows."""
        return bool(user.has_perm(f"reader.{action}_{self.model._meta.model_name}"))


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


_TEXTS = ("paragraph__division", "note__division")
SUSPECTS = Kind(
    name="suspect",
    title=_("Suspects"),
    model=Suspect,
    division=_TEXTS,
    order=WITNESS_ORDER,
    shown=suspects.shown,
    codes="code",
    seen=pgettext_lazy("answer", "Not a fault"),
    accept=pgettext_lazy("answer", "Accept"),
    is_in_book_order=True,
    is_found_by_import=True,
)
VARIANTS = Kind(
    name="variant",
    title=_("Variants"),
    model=Variant,
    division=_TEXTS,
    order=WITNESS_ORDER,
    shown=variants.shown,
    codes="kind",
    called=_("Kind"),
    seen=pgettext_lazy("answer", "Keep ours"),
    accept=pgettext_lazy("answer", "Take"),
    ranked=tuple(Variant.Kind.values),
    aside=(Variant.Kind.PUNCTUATION.value,),
    is_in_book_order=True,
    is_found_by_import=True,
)
ITALICS = Kind(
    name="italic",
    title=_("Lost italics"),
    model=Italic,
    division=_TEXTS,
    order=("pk",),
    shown=italics.shown,
    codes="kind",
    called=_("Kind"),
    seen=pgettext_lazy("answer", "Leave upright"),
    accept=pgettext_lazy("answer", "Set in italics"),
    is_in_book_order=True,
    is_found_by_import=True,
)
CONFLICTS = Kind(
    name="conflict",
    title=_("Conflicts"),
    model=Conflict,
    division=(*_TEXTS, "division"),
    order=("pk",),
    shown=conflicts.shown,
    codes="field",
    called=_("Field"),
    is_in_book_order=True,
)
GAPS = Kind(
    name="gap",
    title=_("Missing notes"),
    model=Gap,
    division=("division",),
    order=("division__position", "n"),
    shown=gaps.shown,
    seen=pgettext_lazy("answer", "Known to be lost"),
    volume="division__volume",
)
DIAGNOSTICS = Kind(
    name="diagnostic",
    title=_("Diagnostics"),
    model=Diagnostic,
    division=(*_TEXTS, "division"),
    order=WITNESS_ORDER,
    shown=diagnostics.shown,
    codes="code",
    seen=pgettext_lazy("answer", "Seen"),
    is_in_book_order=True,
    is_found_by_import=True,
)
CANDIDATES = Kind(
    name="candidate",
    title=_("Candidates"),
    model=Candidate,
    division=_TEXTS,
    order=("-score", "-count", "headword", "pk"),
    shown=candidates.shown,
    codes="pattern",
    called=_("Pattern"),
    seen=pgettext_lazy("answer", "Refuse"),
    accept=pgettext_lazy("answer", "Accept"),
    is_found_by_import=True,
)
KINDS = {kind.name: kind for kind in (SUSPECTS, VARIANTS, ITALICS, CONFLICTS, GAPS, DIAGNOSTICS, CANDIDATES)}


def open_questions(user: Any) -> dict[str, int]:
    """The numbers of open suspects, variants (if there are any) and conflicts in all volumes that a person may see.

    Three statements at most.
    """
    numbers = {}
    for kind in (SUSPECTS, VARIANTS, CONFLICTS):
        if kind.may(user, "view") or kind.may(user, "change"):
            number = kind.usual(kind.all_rows().open()).count()
            if number or kind is not VARIANTS:
                numbers[kind.name] = number
    return numbers

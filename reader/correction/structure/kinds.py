"""The kind of a paragraph: prose, quotation, verse, table; and whether it goes on with the sentence before."""

from collections.abc import Iterable

from django.db import models, transaction
from django.utils.translation import gettext

from glossary.languages import in_english
from reader.correction.correcting import Refused, note_structure
from reader.correction.structure.deeds import publish_structure, record, takes_back
from reader.correction.structure.rows import anchor_of, locked, save_structure
from reader.correction.turns import take_turn_or_refuse
from reader.models import Deed, Division, Paragraph


@transaction.atomic
def set_kind(
    paragraph: Paragraph, kind: str, *, continues: bool = False, by: models.Model, reason: str
) -> Deed:
    """Set the kind of a paragraph, and whether it goes on with the sentence before a quotation."""
    take_turn_or_refuse(paragraph.volume)
    row = locked(paragraph)
    if (row.kind, row.continues) == (kind, continues):
        raise Refused(gettext("This paragraph is %(kind)s already.") % {"kind": row.get_kind_display()})
    if not row.imported_text:
        raise Refused(gettext("The last import has no place for this paragraph: decide its conflict first."))
    said = f"paragraph {row.number} was made {in_english(Paragraph.Kind(kind).label)}"
    if kind == row.kind:
        goes_on = "goes on" if continues else "does not go on"
        said = f"paragraph {row.number} {goes_on} with the sentence before it"
    deed = record(
        row.volume,
        Deed.Kind.SET_KIND,
        said,
        by=by,
        reason=reason,
        sought=[anchor_of(row)],
        values={"kind": kind, "continues": continues},
        before={"kind": row.kind, "continues": row.continues},
        paragraph=row,
    )
    row.kind, row.continues = kind, continues
    save_structure(row, "kind", "continues")
    note_structure(row, by=by, reason=f"{said}: {reason}")
    publish_structure(row.volume, [row.division])
    return deed


@takes_back(Deed.Kind.SET_KIND)
def _set_back(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    if deed.paragraph is None:
        raise Refused(gettext("The paragraph is gone."))
    row = locked(deed.paragraph)
    row.kind, row.continues = deed.before["kind"], deed.before["continues"]
    save_structure(row, "kind", "continues")
    note_structure(row, by=by, reason=f"taken back, {deed.said}: {reason}")
    return [row.division]

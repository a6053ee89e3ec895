"""Plans what becomes of the changes of structure by persons: one is made again in the draft, or becomes a conflict.

The deeds are made in the order in which persons did them (`reader/correction/structure/` does them in the archive at
once). Each is found by its anchors in the draft as the deeds before it left it. What cannot be found keeps its row as a
`Conflict`, and is tried again by the next import.
"""

from collections.abc import Callable, Mapping
from typing import Any

from corpus_import.loading.archive import Archive
from corpus_import.loading.plan import How, Plan
from corpus_import.loading.planning.corrections import Reading, ask
from corpus_import.loading.replaying import divisions, notes, paragraphs
from corpus_import.loading.replaying.structure import Replayed, Structure
from corpus_import.parsing.elements import Draft
from reader.models import Conflict, Deed
from reader.text.anchors import Anchor

_REPLAY: Mapping[str, Callable[[Structure, list[Anchor], dict[str, Any]], Replayed]] = {
    Deed.Kind.JOIN: paragraphs.join,
    Deed.Kind.SPLIT: paragraphs.split,
    Deed.Kind.SET_KIND: paragraphs.set_kind,
    Deed.Kind.TAKE_OUT: paragraphs.take_out,
    Deed.Kind.SUPPLY: paragraphs.supply,
    Deed.Kind.MOVE: paragraphs.move,
    Deed.Kind.MAKE_DIVISION: divisions.make_division,
    Deed.Kind.DISSOLVE: divisions.dissolve,
    Deed.Kind.SET_DIVISION: divisions.set_division,
    Deed.Kind.MOVE_DIVISION: divisions.move_division,
    Deed.Kind.SUPPLY_NOTE: notes.supply_note,
    Deed.Kind.NUMBER_NOTE: notes.number_note,
    Deed.Kind.JOIN_NOTES: notes.join_notes,
    Deed.Kind.SPLIT_NOTE: notes.split_note,
    Deed.Kind.TAKE_OUT_NOTE: notes.take_out_note,
}
# The value of a deed that says that the last import reads so itself.
IS_IMPORTED = "is_imported"


def plan_deeds(draft: Draft, archive: Archive, plan: Plan) -> Draft:
    """The draft with the deeds of the archive made again; plans what becomes of each."""
    if not archive.deeds:
        return draft
    structure = Structure(draft)
    for deed in archive.deeds:
        values = {name: value for name, value in deed.values.items() if name != IS_IMPORTED}
        replayed = _REPLAY[deed.kind](structure, deed.sought, values)
        if replayed.is_lost:
            _ask(archive, plan, deed, replayed)
        else:
            _keep(archive, plan, deed, replayed)
    return structure.result()


def _keep(archive: Archive, plan: Plan, deed: Deed, replayed: Replayed) -> None:
    values = {**replayed.values, **({IS_IMPORTED: True} if replayed.is_imported else {})}
    plan.save(deed, sought=list(replayed.sought), values=values, state=Deed.State.DONE)
    if (waiting := archive.open_conflict(deed, "deed")) is not None:
        plan.save(waiting, state=Conflict.State.RESOLVED)
    plan.remark(
        "change of structure", deed.said, How.KEPT, "the import reads so" if replayed.is_imported else ""
    )


def _ask(archive: Archive, plan: Plan, deed: Deed, replayed: Replayed) -> None:
    plan.save(deed, state=Deed.State.LOST)
    old = "\n\n".join(anchor["text"] for anchor in deed.sought)
    if (waiting := archive.open_conflict(deed, "deed")) is not None and waiting.new_import == replayed.found:
        plan.remark("change of structure", deed.said, How.CONFLICT, "since an earlier import")
        return
    ask(archive, plan, Reading(deed, "deed", deed.said, old, _human(deed)), replayed.found)


def _human(deed: Deed) -> str:
    """What a person made: the text that was supplied, else what was done."""
    return str(deed.values.get("text", deed.said))

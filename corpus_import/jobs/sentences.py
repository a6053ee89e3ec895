"""The sentences that an import leaves in its row: kept in English, and shown in the language of who looks at it."""

from django.utils.translation import gettext_noop

from glossary.languages import marked_english, translated

# The steps of the process.
UNPACKING = gettext_noop("Unpacking the files")
PLANNING = gettext_noop("Planning: comparing with the archive")
STEPS = (
    UNPACKING,
    PLANNING,
    gettext_noop("Writing"),
    gettext_noop("Publishing"),
    gettext_noop("Reading %(file)s, page %(page)s of %(pages)s"),
    gettext_noop("Reading %(file)s: letters of its fonts"),
    gettext_noop("Reading %(file)s: rows and columns"),
    gettext_noop("Reading %(file)s: notes and tables"),
    gettext_noop("Reading %(file)s: headings and paragraphs"),
    gettext_noop("Reading %(file)s: the places of its lines"),
    gettext_noop("Reading %(file)s"),
    gettext_noop("Parsing, stage %(number)s of %(all)s: %(stage)s"),
    gettext_noop("Parsing %(file)s, stage %(number)s of %(all)s: %(stage)s"),
    gettext_noop("Collating, stage %(number)s of %(all)s: %(stage)s"),
)
# The names of the stages, as their functions have them.
STAGES = (
    gettext_noop("normalise characters"),
    gettext_noop("read layout"),
    gettext_noop("repair lost letters"),
    gettext_noop("set aside forme work"),
    gettext_noop("order files"),
    gettext_noop("drop overlaps"),
    gettext_noop("judge hyphens"),
    gettext_noop("split blocks"),
    gettext_noop("find key"),
    gettext_noop("set aside front pages"),
    gettext_noop("find headings"),
    gettext_noop("find notes"),
    gettext_noop("tell blocks apart"),
    gettext_noop("keep set lines"),
    gettext_noop("set shown blocks"),
    gettext_noop("read divisions"),
    gettext_noop("join paragraphs"),
    gettext_noop("pair notes"),
    gettext_noop("order divisions"),
    gettext_noop("place pages"),
    gettext_noop("miss files"),
    gettext_noop("name gaps in series"),
    gettext_noop("infer note numbers"),
    gettext_noop("read key"),
    gettext_noop("close typists spaces"),
    gettext_noop("question readings"),
    gettext_noop("question files"),
    gettext_noop("return to witnesses"),
    gettext_noop("set emphasis"),
    gettext_noop("balance books"),
    gettext_noop("judge reading"),
    gettext_noop("collate witnesses"),
    gettext_noop("judge numbers again"),
)
# What came of it: a plan.
NOTHING_TO_DO = gettext_noop("nothing would change")
TO_CONFIRM = gettext_noop("confirm the changes, or cancel")
# An edition, with the numbers of texts by their fates.
IMPORTED = gettext_noop("“%(volume)s” was imported (%(changes)s).")
NOTHING_CHANGED = gettext_noop("nothing changed")
NO_TEXT_CHANGED = gettext_noop("no text changed")
FATES = (
    gettext_noop("added: %(number)s"),
    gettext_noop("changed: %(number)s"),
    gettext_noop("joined: %(number)s"),
    gettext_noop("split: %(number)s"),
    gettext_noop("moved: %(number)s"),
    gettext_noop("removed: %(number)s"),
    gettext_noop("corrections kept: %(number)s"),
    gettext_noop("corrections merged: %(number)s"),
    gettext_noop("conflicts: %(number)s"),
    gettext_noop("known to be good: %(number)s"),
)
# Or nothing.
DOUBTFUL = gettext_noop(
    "The files were probably misread (%(doubts)s), so the import was refused; nothing was written."
)
DOUBTS = (gettext_noop("1 doubt"), gettext_noop("%(number)s doubts"))
REFUSED_BY_DATABASE = gettext_noop("The database refuses this volume (%(error)s); nothing was written.")
OUT_OF_MEMORY = gettext_noop(
    "The import needs more than the %(megabytes)s MB of memory that it may take (IMPORT_MEMORY); nothing was written."
)
OUT_OF_TIME = gettext_noop(
    "The import takes longer than the %(seconds)s seconds that it may take (IMPORT_SECONDS); nothing was written."
)
ENDED_BY_DATABASE = gettext_noop(
    "The database ended the import (%(error)s); nothing was written, and you can try it again."
)
FAILED = gettext_noop(
    "The import failed by a fault of the archive, which the server’s log names; nothing was written."
)
ENDED_AT = gettext_noop(
    "The process ended in the middle (%(step)s): it was killed, or the machine was restarted, or it ran out of memory"
    " or time; nothing was written, and you can try it again."
)
ENDED = gettext_noop(
    "The process ended in the middle: it was killed, or the machine was restarted, or it ran out of memory or time;"
    " nothing was written, and you can try it again."
)
NEVER_BEGAN = gettext_noop("The process did not begin; nothing was written, and you can try it again.")
NOT_STARTED = gettext_noop(
    "The process could not be started (%(error)s); nothing was written, and you can try it again when the server’s"
    " administrator has looked."
)

_ENDS = (
    *(IMPORTED, NOTHING_TO_DO, TO_CONFIRM, NOTHING_CHANGED, NO_TEXT_CHANGED, DOUBTFUL, REFUSED_BY_DATABASE),
    *(OUT_OF_MEMORY, OUT_OF_TIME, ENDED_BY_DATABASE, FAILED, ENDED_AT, ENDED, NEVER_BEGAN, NOT_STARTED),
)
# In which sentences a part of another one may stand.
_PARTS = {
    "step": STEPS,
    "stage": STAGES,
    "doubts": DOUBTS,
    "changes": (NOTHING_CHANGED, NO_TEXT_CHANGED, *FATES),
}


def in_words(stored: str) -> str:
    """A stored step or sentence in the language of who looks; in English, and marked so, if it is none of these."""
    said = translated(stored, (*STEPS, *_ENDS), _PARTS, listed=("changes",)) if stored else ""
    return marked_english(stored) if said is None else said


def step_in_words(step: str) -> str:
    """A step as part of a sentence, in the language of who looks; as it is, if it is none of these."""
    said = translated(step, STEPS, _PARTS)
    return step if said is None else said

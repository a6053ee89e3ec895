"""What deeds keep is said in English, in whatever language a person works; fixed words are translated when shown.

A deed makes two kinds of sentences. Refusals and remarks are shown to the person, in the language of the interface.
Reasons, the names of deeds and the names of rows in the log are kept: readers, exports and persons of all languages see
them later. Both are made side by side, so that a deed cannot run in English as a whole. Each name of a row and each
label in a kept sentence goes through `in_english` (glossary/languages.py) instead; and what writes the log, the
histories and the versions does so once more, for words that are translated lazily.
"""

from django.utils.translation import gettext, gettext_noop

from glossary.languages import in_english
from reader.models import Level

# The reasons that no person typed and that name no row.
FIXED = frozenset(
    {
        gettext_noop("as imported"),
        gettext_noop("before the first change that is recorded"),
        gettext_noop("import"),
        gettext_noop("a conflict with an import was decided"),
        gettext_noop("candidate accepted"),
        gettext_noop("a form was added"),
    }
)


def told(reason: str) -> str:
    """A kept reason as it is shown: in the language of the interface if it is a fixed one, else as it is kept."""
    if reason in FIXED:
        return gettext(reason)
    # The reason of a version that sets a level is the name of the level.
    return next((str(level.label) for level in Level if in_english(level.label) == reason), reason)


def is_fixed(reason: str) -> bool:
    """Whether a kept reason is translated when it is shown."""
    return reason in FIXED or any(in_english(level.label) == reason for level in Level)

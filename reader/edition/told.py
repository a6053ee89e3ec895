"""Sentences that the archive keeps in English, as they are shown: evidence for suspects and italics, doubts.

The functions that make them are pure and know English alone. A sentence is known again by its message, as in
glossary/languages.py; one that no message makes is shown in English, and says so.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext_noop, pgettext

from glossary.languages import translated

# corpus_import/parsing/stages/question_readings/
OF_SUSPECTS = (
    # marks.py
    gettext_noop("No space stands after “%(mark)s”."),
    gettext_noop("No space parts the mark from the word."),
    gettext_noop("No space stands after the abbreviation's point."),
    gettext_noop("A word and a figure stand together."),
    gettext_noop("Only a note's call stands between the two words."),
    gettext_noop("A space stands before the mark."),
    gettext_noop("The space stands before the mark, not after the mark."),
    gettext_noop("A space stands before the ending."),
    gettext_noop("Two spaces stand here instead of one."),
    gettext_noop("A space stands inside the bracket."),
    gettext_noop("These two marks do not stand together."),
    gettext_noop("This mark does not stand after an opening mark."),
    gettext_noop("The abbreviation has lost its point."),
    gettext_noop("The volume has a comma after “%(word)s” %(number)s times of %(all)s."),
    gettext_noop("A year and a number stand in a row."),
    gettext_noop("A space stands on one side of the hyphen."),
    gettext_noop("A hyphen stands where the volume has a dash."),
    gettext_noop("A space stands on one side of the dash."),
    gettext_noop("Elsewhere the volume's dashes have their spaces."),
    gettext_noop("“%(word)s” begins no name, and no sentence ends before it."),
    gettext_noop("A sentence ends before a small letter."),
    gettext_noop("A capital stands inside the word."),
    gettext_noop("The paragraph ends here without a stop."),
    # balance.py
    gettext_noop("This quotation mark opens a quotation that nothing closes."),
    gettext_noop("This quotation mark closes a quotation that nothing opens."),
    gettext_noop("A space stands inside the quotation mark."),
    gettext_noop("It is opened by “%(opening)s” and closed by “%(closing)s”."),
    gettext_noop("No bracket opens before this closing bracket."),
    gettext_noop("No bracket closes after this opening bracket."),
    # company.py, grammar.py
    gettext_noop("“%(words)s” stands twice in a row."),
    gettext_noop(
        "No article stands before this word: a word is missing, or the article should be another word."
    ),
    gettext_noop("“%(word)s” stands before this sound."),
    gettext_noop("“%(words)s” is hardly ever written; with “%(other)s” it often is."),
    gettext_noop("“%(words)s” is hardly ever written; “%(other)s” often is."),
    gettext_noop("“%(words)s” is hardly ever right; “%(other)s” often is."),
    gettext_noop(
        "“%(word)s” hardly ever stands after “%(left)s” or before “%(right)s”, which often stand side by side."
    ),
    gettext_noop("No verb stands between “%(word)s” and “not”."),
    # figures.py
    gettext_noop("%(second)s follows %(first)s with nothing but space between them."),
    gettext_noop("After “pp.” two pages stand in a row."),
    gettext_noop("The volume has the year %(year)s."),
    gettext_noop("The range does not run forward."),
    gettext_noop("The volume has %(year)s %(number)s times, and two digits may have changed places."),
    gettext_noop("The comma does not part thousands."),
    gettext_noop("The volume has “%(words)s” %(number)s times, and %(here)s only here."),
    gettext_noop("A letter stands among digits."),
    gettext_noop("A letter stands where a number belongs."),
    gettext_noop("The volume numbers volumes with digits: the letter may be one."),
    gettext_noop("A digit stands among letters."),
    # spelling.py
    gettext_noop("“%(word)s” stands %(number)s times in this volume."),
    gettext_noop("“%(word)s” stands %(number)s times in this volume, one slip away."),
    gettext_noop("“%(word)s” is a term of this volume, one slip away."),
    gettext_noop("“%(word)s” is a word."),
    gettext_noop("“%(word)s” is not a word."),
    gettext_noop("“%(words)s” is written much more rarely."),
    gettext_noop("“%(word)s” is no word; its parts are."),
    gettext_noop("“%(word)s” is no word; “%(left)s” and “%(right)s” are."),
    gettext_noop("No list knows “%(word)s”; “%(other)s” is one slip away."),
    gettext_noop("This volume spells it “%(word)s” elsewhere."),
    gettext_noop("The glossary has the name “%(name)s”."),
    gettext_noop("“%(word)s” is rare; “%(other)s”, one slip away, stands %(number)s times in this volume."),
)
# reader/text/lost_italics.py
OF_ITALICS = (
    gettext_noop("a citation: “%(words)s …”"),
    gettext_noop("a work that is cited elsewhere"),
    gettext_noop("a term of the glossary that is no word of the text’s language"),
    gettext_noop("words in brackets that explain others"),
    gettext_noop("a capital, and words that show the signs of %(language)s"),
    gettext_noop("no word of the text’s language, and the signs of %(language)s"),
    gettext_noop("the source has a space where italics ended"),
)
# reader/text/persons.py
OF_PERSONS = (
    gettext_noop("Is this one person with another of that surname? %(names)s"),
    gettext_noop("The text does not say which: %(names)s"),
    gettext_noop("Two spellings of one surname? %(names)s"),
    gettext_noop("The printed index has this name; it was found nowhere in the text."),
)
# corpus_import/loading/planning/: the names of texts, alone or with others.
OF_TEXTS = (
    gettext_noop("paragraph %(number)s"),
    gettext_noop("note %(n)s"),
    gettext_noop("fragment of a note"),
    gettext_noop("division %(head)s"),
)
OF_CONFLICTS = (gettext_noop("%(text)s (with %(texts)s)"), *OF_TEXTS)
# The names of languages in these sentences, as reader/text/languages.py has them.
_LANGUAGES = (
    gettext_noop("French"),
    gettext_noop("German"),
    gettext_noop("Italian"),
    gettext_noop("Spanish"),
    gettext_noop("Latin"),
    gettext_noop("Russian"),
    gettext_noop("Russian in Latin letters"),
)
_PARTS = {"language": _LANGUAGES, "text": OF_TEXTS, "texts": OF_TEXTS}
# Where the evidence for one word goes on with another sentence, or the evidence for italics with another reason.
_NEXT_SENTENCE = re.compile(r"(?<=\.) (?=“)")
_NEXT_REASON = "; "


class Told(NamedTuple):
    """A kept sentence as it is shown; `language` is empty if it is said in that of the interface."""

    words: str
    language: str


def evidence_of_suspect(kept: str) -> Told:
    """Why words may be misread."""
    return _told(kept, _NEXT_SENTENCE.split(kept), " ", OF_SUSPECTS)


def evidence_of_italic(kept: str) -> Told:
    """Why words may have stood in italics."""
    return _told(kept, kept.split(_NEXT_REASON, 1), _NEXT_REASON, OF_ITALICS, _PARTS)


def doubt_of_person(kept: str) -> Told:
    """Why an editor should look at a person."""
    said = translated(kept, OF_PERSONS)
    if said is None:
        return Told(kept, "en" if kept else "")
    # The names stand at the end, and no message has these words.
    for written, shown in (
        ("or", pgettext("between names", "or")),
        ("and", pgettext("between names", "and")),
    ):
        kept = kept.replace(f" {written} ", f" {shown} ")
    return Told(translated(kept, OF_PERSONS) or said, "")


def subject_of_conflict(kept: str) -> str | None:
    """The texts that a conflict is about; None if it is about a term or the volume, which have names of their own."""
    return translated(kept, OF_CONFLICTS, _PARTS, listed=("texts",))


def _told(
    kept: str,
    pieces: Iterable[str],
    between: str,
    messages: Iterable[str],
    parts: Mapping[str, Iterable[str]] | None = None,
) -> Told:
    """The pieces, or else the whole, in the language of the interface; as it is kept if no message makes it."""
    for each in (list(pieces), [kept]):
        said = [translated(piece, messages, parts) for piece in each]
        if None not in said:
            return Told(between.join(filter(None, said)), "")
    return Told(kept, "en" if kept else "")

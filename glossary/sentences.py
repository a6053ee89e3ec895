"""Sentences that are made in English, said in the language of the interface.

The pure functions know no language but English, and what is stored is English. A sentence is known again by its
template, which names its values: “%(name)s” stands there twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from glossary import forms
from glossary.languages import translated
from glossary.matching import Form

# The objections of glossary/forms.py.
OF_FORMS = (
    gettext_noop("A form cannot be empty."),
    gettext_noop("Take away the white space around “%(text)s”."),
    gettext_noop("A form has at most %(longest)s characters, and this one has %(number)s."),
    gettext_noop("A form cannot hold the invisible character U+%(code)s."),
    gettext_noop("A form is plain text, and “%(text)s” holds the markup of a note's call."),
    gettext_noop("A form is plain text, and “%(text)s” holds the markup of a page break."),
    gettext_noop("A form is plain text, and “%(text)s” holds the markup of HTML."),
    gettext_noop("A form is plain text, and “%(text)s” holds the markup of emphasis."),
    gettext_noop("“%(text)s” looks like a pattern: write each spelling out as a form of its own."),
    gettext_noop("“%(text)s” needs two letters or digits: with fewer it would be found in the wrong places."),
    gettext_noop("“%(text)s” belongs to “%(headword)s”, which is found there by its form “%(form)s”."),
)
# The faults of glossary/cells.py.
OF_CELLS = (
    gettext_noop(
        "“%(piece)s”: after the colon stands one of %(letters)s. A colon of the form is written \\:"
    ),
    gettext_noop("Number all of the senses (“1. ”, “2. ”), or none."),
    gettext_noop("“%(piece)s” holds a second @. An @ of the text is written \\@"),
    gettext_noop("“%(piece)s” has no definition."),
    gettext_noop("“%(piece)s”: senses are counted from 1."),
    gettext_noop("“%(name)s” stands there twice."),
)


def in_words(sentence: str, messages: Iterable[str]) -> str:
    """An English sentence in the language of the interface; as it is if none of the messages makes it."""
    said = translated(sentence, messages)
    return sentence if said is None else said


def objection(form: Form, others: Iterable[tuple[str, Form]] = ()) -> str:
    """The objection of glossary/forms.py in the language of the interface; empty if the form is accepted."""
    return in_words(forms.objection(form, others), OF_FORMS)


@dataclass(frozen=True, slots=True)
class UsualReason:
    """A reason that a form proposes: shown in the language of the interface, and stored in English."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    # Characters of a reason.
    LONGEST = 300

    @property
    def stored(self) -> str:
        """The reason in English."""
        return (self.template % self.values)[: self.LONGEST]

    @property
    def shown(self) -> str:
        """The reason in the language of the interface."""
        return (gettext(self.template) % self.values)[: self.LONGEST]

    def to_store(self, said: str) -> str:
        """The reason that a person said, in English if it is the proposed one."""
        # The form may have been opened in another language than it is sent in.
        for language, _ in settings.LANGUAGES:
            with override(language):
                if said == self.shown:
                    return self.stored
        return said

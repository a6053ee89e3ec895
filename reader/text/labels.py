"""The few words of the archive's own that stand in the text itself, in the language of the text. Pure.

A reader hears them in the midst of a chapter, so that they are in its language, whatever that of the interface is.
"""

from typing import NamedTuple


class Labels(NamedTuple):
    """Words and templates; `{n}` is a number as the text has it, `{call}` the letter of a call."""

    notes: str
    paragraph: str
    table: str
    page: str
    inferred_page: str
    note: str
    missing_note: str
    note_address: str
    back: str
    back_to_call: str
    piece_of_note: str
    inferred_note: str
    variants_of: str
    after_text: str
    lacks_it: str
    # Of the lists at the end of a file.
    works: str
    persons: str
    volume_of_present: str
    here_also: str
    colon: str
    short_paragraph: str
    unnumbered_note: str
    numbers_are_pages: str
    brackets_are_inferred: str
    margin_shows_pages: str


ENGLISH = Labels(
    notes="Notes",
    paragraph="paragraph {n}",
    table="table",
    page="page {n}",
    inferred_page="page {n}, inferred",
    note="note {n}",
    missing_note="Note {n} is not in the source",
    note_address="address of note {n}",
    back="back to the call of note {n}",
    back_to_call="back to call {call} of note {n}",
    piece_of_note="A piece of a note whose number is lost:",
    inferred_note="The number of this note is inferred:",
    variants_of="Variants of {text}",
    after_text="after this text",
    lacks_it="lacks it",
    works="Works cited",
    persons="Index of persons",
    volume_of_present="Volume {n} of the present work",
    here_also="; here also",
    colon=":",
    short_paragraph="par. {n}",
    unnumbered_note="fragment of a note",
    numbers_are_pages="Numbers are pages of the printed book; 12n3 is note 3, which page 12 calls.",
    brackets_are_inferred="A number in brackets is inferred.",
    margin_shows_pages="The margin shows where each page begins.",
)
FRENCH = Labels(
    notes="Notes",
    paragraph="paragraphe {n}",
    table="tableau",
    page="page {n}",
    inferred_page="page {n}, déduite",
    note="note {n}",
    missing_note="La note {n} n’est pas dans la source",
    note_address="adresse de la note {n}",
    back="retour à l’appel de la note {n}",
    back_to_call="retour à l’appel {call} de la note {n}",
    piece_of_note="Fragment d’une note dont le numéro est perdu\u00a0:",
    inferred_note="Le numéro de cette note est déduit\u00a0:",
    variants_of="Variantes\u00a0: {text}",
    after_text="après ce texte",
    lacks_it="ne l’a pas",
    works="Ouvrages cités",
    persons="Index des personnes",
    volume_of_present="Volume {n} du présent ouvrage",
    here_also="\u202f; ici aussi",
    colon="\u00a0:",
    short_paragraph="par. {n}",
    unnumbered_note="fragment de note",
    numbers_are_pages=(
        "Les nombres renvoient aux pages du livre imprimé\u202f; 12n3 est la note 3, appelée à la page 12."
    ),
    brackets_are_inferred="Un nombre entre crochets est déduit.",
    margin_shows_pages="La marge indique où commence chaque page.",
)
BY_LANGUAGE = {"en": ENGLISH, "fr": FRENCH}


def language_of_labels(language: str) -> str:
    """The language of the archive's own words within a text in this language, named as `fr` or `fr-CA`."""
    base = language.partition("-")[0].lower()
    return base if base in BY_LANGUAGE else "en"


def labels_in(language: str) -> Labels:
    """The labels in a language, named as `fr` or `fr-CA`; in English where the archive knows none of its own."""
    return BY_LANGUAGE[language_of_labels(language)]

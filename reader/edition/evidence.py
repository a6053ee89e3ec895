"""The evidence for a text: emendations, doubtful readings, corrections by hand, and the witness lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reader.edition.credits import credit, names_of
from reader.edition.interface import Words, grouped
from reader.edition.told import Told, evidence_of_suspect
from reader.edition.witnesses import Passage, passages_of
from reader.models import Division, Emendation, Note, Paragraph, Suspect, Text
from reader.text import markup, readings
from reader.text.differences import Change, difference
from reader.text.html import visible
from reader.text.lost_italics import CLOSED_SPACE
from reader.text.note_paragraphs import as_imported
from reader.text.sentences import sentence_parts

# An emendation that a volume's manifest states is recorded under this rule.
STATEMENT = "editor's statement"
# The rules by which an import emends, in words for readers. Other rules are shown by their name.
RULES = Words(
    {
        "lost letter": _(
            "a letter that the font of the source had lost; restored with the letter that makes known words of "
            "all such places"
        ),
        "printer's hyphen": _(
            "a word that the printer divided where a line or a page ended; it was joined again"
        ),
        CLOSED_SPACE: _("a space that italics left behind before a mark of punctuation; it was closed"),
        "second witness": _(
            "a word of the source that is none, a letter that its font lost, or a doubtful reading; it was "
            "emended as the second witness reads that is named"
        ),
        STATEMENT: _("a fact that no source tells; the editor states it"),
    }
)
# The names of rules, as emendations record them.
NAMES_OF_RULES = Words(
    {
        "lost letter": pgettext_lazy("rule of an emendation", "lost letter"),
        "printer's hyphen": pgettext_lazy("rule of an emendation", "printer's hyphen"),
        CLOSED_SPACE: pgettext_lazy("rule of an emendation", "space before punctuation"),
        "second witness": pgettext_lazy("rule of an emendation", "second witness"),
        STATEMENT: pgettext_lazy("rule of an emendation", "editor's statement"),
        "ligature": pgettext_lazy("rule of an emendation", "ligature"),
        "kind of hyphen": pgettext_lazy("rule of an emendation", "kind of hyphen"),
        "soft hyphen": pgettext_lazy("rule of an emendation", "soft hyphen"),
        "accent": pgettext_lazy("rule of an emendation", "accent"),
        "sign of cp1252": pgettext_lazy("rule of an emendation", "sign of cp1252"),
        "unseen sign": pgettext_lazy("rule of an emendation", "unseen sign"),
    }
)
# The meaning of each kind of suspect; the codes are an import's.
DOUBTS = Words(
    {
        "missing-space": _("words, or a mark and a word, run together"),
        "stray-space": _("a space stands where none belongs"),
        "punctuation": _("marks of punctuation are odd, or one is lacking"),
        "dash": _("a hyphen or dash is set as it never is"),
        "unbalanced-quotation": _("a quotation mark has no partner"),
        "unbalanced-bracket": _("a bracket has no partner"),
        "unfinished": _("the sentence does not end"),
        "capital": _("a capital or a small letter stands where the other belongs"),
        "doubled-word": _("words are repeated"),
        "split-word": _("a word may have been torn apart"),
        "fused-word": _("two words may have been run together"),
        "misspelling": _("the word is in no list"),
        "near-term": _("the word nearly is a term of the glossary"),
        "two-spellings": _("a name is spelt in two ways"),
        "unlikely-word": _("the word rarely stands beside these words"),
        "missing-word": _("a small word may be lacking"),
        "superfluous-word": _("a small word may be superfluous"),
        "range-without-hyphen": _("two numbers in a row may have been a range"),
        "letter-for-digit": _("a letter and a digit may have been taken for each other"),
        "odd-figure": _("the number is unlikely"),
        "missing-hyphen": _("the words are joined by a hyphen elsewhere"),
    }
)


def name_of_rule(rule: str) -> str:
    """A rule as it is shown: an import's rules have names, an editor's are kept as they were written."""
    name, _colon, detail = rule.partition(": ")
    shown = NAMES_OF_RULES.get(name, name)
    return gettext("%(rule)s: %(detail)s") % {"rule": shown, "detail": detail} if detail else shown


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a reading: its name, its address, and its printed pages (`42`, `[42]–43`, or empty).

    `called` is the page of the call, if the place is a note's.
    """

    label: str
    url: str
    pages: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Emended:
    """A reading of a witness, and the reading in its place; `after` is empty if the witness's reading was removed."""

    place: Place | None
    before: str
    after: str
    rule: str
    source: str

    @property
    def meaning(self) -> str:
        """The rule in words; empty for other rules."""
        return RULES.get(self.rule.partition(": ")[0], "")

    @property
    def name_of_rule(self) -> str:
        """The rule as readers see it."""
        return name_of_rule(self.rule)


@dataclass(frozen=True, slots=True)
class Corrected:
    """The changes by hand in an imported text, with the persons as readers know them."""

    place: Place
    changes: Sequence[Change]
    by: str


@dataclass(frozen=True, slots=True)
class Supplied:
    """Notes that the source lacks, taken from one copy (empty if unknown) on one day by one person."""

    copy: str
    day: str
    by: str
    places: list[Place]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A reading that looks wrong, among the words around it; a suggestion, and the evidence for it."""

    place: Place | None
    before: str
    reading: str
    after: str
    suggestion: str
    doubt: str
    evidence: Told
    source: str
    settled: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for a text: its witnesses' lines, emendations, doubtful readings, corrections by hand."""

    passages: Sequence[Passage]
    emended: Sequence[Emended]
    doubtful: Sequence[Doubtful]
    changes: Sequence[Change]
    by: str


def evidence_of(text: Paragraph | Note) -> Evidence:
    """The evidence of a text. Four statements, and one or two for each witness that it was read from."""
    stands_in: dict[str, Any] = {"paragraph" if isinstance(text, Paragraph) else "note": text}
    in_order = ("witness__n", "line", "pk")
    emendations = Emendation.objects.filter(**stands_in).order_by(*in_order)
    suspects = Suspect.objects.filter(**stands_in, state=Suspect.State.OPEN).order_by(*in_order)
    return Evidence(
        passages=tuple(passages_of(text.division.volume_id, text.lines)),
        emended=[emended_of(row, None, "") for row in emendations],
        doubtful=[doubtful_of(row, None, "", markup.plain(text.text)) for row in suspects],
        changes=changes_by_hand(text),
        by=credit(text.corrected_by, names_of(text.corrected_by)),
    )


def changes_by_hand(row: Division | Paragraph | Note) -> list[Change]:
    """The changes by hand in an imported text or head; an empty list if there are none."""
    if isinstance(row, Division):
        # Heads of an edition that was imported long ago have no imported reading.
        before, after = row.imported_head or row.head, row.head
    else:
        before, after = row.imported_text, row.text
        if isinstance(row, Note) and row.is_supplied and as_imported(after) == before:
            return []  # a person wrote all of it, its emphasis included
    return difference(visible(before), visible(after)) if before != after else []


def supplied_from(note: Note) -> str:
    """Where a note is from that the source lacks, in words; empty for all other notes."""
    if not note.is_not_in_source:
        return ""
    if note.supplied_from:
        return gettext("supplied from %(copy)s") % {"copy": visible(note.supplied_from)}
    return gettext("supplied by an editor")


def supplied_in_text(note: Note, language: str) -> str:
    """Where a note is from, as it stands within the text, which is in this language."""
    with override(language or None):
        return supplied_from(note)


def settled_in_words(suspect: Suspect) -> str:
    """What a second witness says of a suspect that it settled; empty if none did."""
    if not suspect.settled_by:
        return ""
    named = {"witness": suspect.settled_by, "reading": suspect.suggestion}
    if suspect.state == Suspect.State.OPEN:
        return gettext("“%(witness)s” had settled it, and a person opened it again") % named
    if suspect.state == Suspect.State.ACCEPTED:
        return gettext("settled by a second witness: “%(witness)s” reads “%(reading)s”") % named
    return gettext("settled by a second witness: “%(witness)s” reads the same") % named


def is_open(suspect: Suspect) -> bool:
    """Whether nobody has answered the suspect."""
    return suspect.state == Suspect.State.OPEN


def emended_of(row: Emendation, place: Place | None, witness: str) -> Emended:
    """An emendation as readers see it; `witness` names its source where there are several."""
    before, after = visible(row.before), visible(row.after)
    return Emended(place, before, after, row.rule, _source(witness, row.line))


def doubtful_of(row: Suspect, place: Place | None, witness: str, text: str) -> Doubtful:
    """A suspect as readers see it, in its sentence of the plain text `text` if it is found there."""
    before, _, after = row.context.partition("…")
    if place_in_text := readings.locate(text, row.reading, row.context):
        start, end = place_in_text
        before, after = sentence_parts(text, start, end - start)
    elif "…" in after:  # it is unclear which one stands for the reading
        before = after = ""
    return Doubtful(
        place=place,
        before=visible(before),
        reading=visible(row.reading),
        after=visible(after),
        suggestion=visible(row.suggestion),
        doubt=DOUBTS.get(row.code, row.code),
        evidence=evidence_of_suspect(row.evidence),
        settled=settled_in_words(row) if not is_open(row) else "",
        source=_source(witness, row.line),
    )


def _source(witness: str, line: int) -> str:
    named = {"witness": witness, "line": grouped(line)}
    return gettext("%(witness)s, line %(line)s") % named if witness else gettext("line %(line)s") % named


def label_of(text: Division | Text) -> str:
    """The name of a text as a place: `Paragraph 12`, `Note 3`."""
    if isinstance(text, Division):
        return gettext("Heading")
    if isinstance(text, Paragraph):
        return gettext("Paragraph %(number)s") % {"number": text.number}
    return (
        gettext("Note %(number)s") % {"number": text.n}
        if text.n is not None
        else gettext("Fragment of a note")
    )


def note_in_words(note: Note) -> str:
    """The name of a note within a sentence: `note 3`."""
    return (
        gettext("note %(number)s") % {"number": note.n}
        if note.n is not None
        else gettext("fragment of a note")
    )

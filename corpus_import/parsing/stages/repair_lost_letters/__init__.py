"""Stage: repair letters that a font lost.

A font that lost a letter leaves a stand-in: U+FFFD, a character of the private use area, a sign such as `&` or `#`, a
mark of punctuation in an impossible position (`,EP`), or a blank (`ETIE E`). Each module finds the broken words
of some stand-ins and says which letter makes words of them; `inference` decides, by all the evidence of the volume,
whether a stand-in is one letter, and whether a capital or a small one. A word is repaired only if nothing speaks for
another reading; where two readings are possible none is restored, and a diagnostic asks.

This stage comes before all others, because they read words (a heading *Notes* that lost its N is still a heading).
"""

from dataclasses import replace

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Emendation, Line, Span
from corpus_import.parsing.stages.repair_lost_letters.blanks import repair_blanks
from corpus_import.parsing.stages.repair_lost_letters.dropped import repair_dropped
from corpus_import.parsing.stages.repair_lost_letters.known import Known, Repair, count_words
from corpus_import.parsing.stages.repair_lost_letters.signs import repair_signs
from reader.text.word_list import word_list


def repair_lost_letters(draft: Draft) -> Draft:
    """Repair the letters that the font lost; each repair is an emendation."""
    listed = word_list(draft.manifest.language)
    counts = listed.counts if listed else {}
    lines = list(draft.lines)
    emendations: list[Emendation] = []
    diagnostics: list[Diagnostic] = []
    words = count_words(lines)
    for find in (repair_signs, repair_blanks, repair_dropped):
        repairs, unread = find(lines, Known(words, counts, listed))
        if repairs:
            emendations += _apply(lines, repairs)
            words = count_words(lines)
        diagnostics += [
            Diagnostic(
                "lost-letter-unread",
                lines[index].witness,
                lines[index].number,
                f"“{token}” has lost a letter, and it cannot be told which; read it in the source.",
            )
            for index, token in unread
        ]
    return replace(
        draft,
        lines=tuple(lines),
        vocabulary=replace(words, listed=counts),
        emendations=draft.emendations + tuple(emendations),
        diagnostics=draft.diagnostics + tuple(diagnostics),
    )


def _apply(lines: list[Line], repairs: list[Repair]) -> list[Emendation]:
    """Put the repairs into the lines, and return them as emendations."""
    emendations = []
    for repair in repairs:
        line = lines[repair.line]
        start, end = repair.start, repair.end
        before = " " * max(-start, 0) + line.text[max(start, 0) : end] + " " * max(end - len(line.text), 0)
        span = Span(line.witness, line.start + start, line.start + end)
        emendations.append(Emendation(span, line.number, before, repair.after, "lost letter"))
        # A blank beside the text that was a letter is white space no longer.
        lines[repair.line] = replace(
            line,
            start=line.start + min(start, 0),
            text=line.text[: max(start, 0)] + repair.after + line.text[end:],
            indent=line.indent + min(start, 0),
            trailing=line.trailing - max(end - len(line.text), 0),
        )
    return emendations


__all__ = ["repair_lost_letters"]

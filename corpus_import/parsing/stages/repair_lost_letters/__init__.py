"""Stage: repair letters that a font lost.

A font that lost a letter leaves a stand-in: U+FFFD, a character of the private use area, a sign such as `&` or `#`, a
mark of punctuation in an impossible position (`,EP`), a blank (`ETIE E`), or nothing (`ovember`). Each module finds
the broken words of some stand-ins and says which letter makes words of them; `inference` decides, by all the evidence
of the volume, whether a stand-in is one letter, and whether a capital or a small one. A word is repaired only if
nothing speaks for another reading; where two readings are possible none is restored, and a diagnostic asks.

This stage comes before all others, because they read words (a heading *Notes* that lost its N is still a heading).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Emendation, Line, Span
from corpus_import.parsing.stages.repair_lost_letters.blanks import repair_blanks
from corpus_import.parsing.stages.repair_lost_letters.dropped_small import repair_small
from corpus_import.parsing.stages.repair_lost_letters.insertions import insert
from corpus_import.parsing.stages.repair_lost_letters.known import Known, Repair, count_words
from corpus_import.parsing.stages.repair_lost_letters.signs import repair_signs
from reader.text.diagnostics import said
from reader.text.word_list import word_list

# So many doubtful words are named.
SHOWN = 5


def repair_lost_letters(draft: Draft) -> Draft:
    """Repair the letters that the font lost; each repair is an emendation."""
    listed = word_list(draft.manifest.language)
    counts = listed.counts if listed else {}
    diagnostics: list[Diagnostic] = []
    words = count_words(draft.lines)
    left_blanks = False
    for find in (repair_signs, repair_blanks, repair_small):
        if find is repair_small and left_blanks:
            continue
        repairs, unread = find(draft.lines, Known(words, counts, listed))
        if repairs:
            # The other halves of words that a blank parts have not lost their letters without a trace.
            left_blanks = find is repair_blanks and any(
                " " in draft.lines[r.line].text[max(r.start, 0) : r.end] for r in repairs
            )
            draft = _repaired(draft, repairs)
            words = count_words(draft.lines)
        diagnostics += _say_unread(draft, unread) if find is repair_signs else _say_doubtful(draft, unread)
    return replace(
        draft,
        vocabulary=replace(words, listed=counts),
        diagnostics=draft.diagnostics + tuple(diagnostics),
    )


def _before(draft: Draft, repair: Repair) -> str:
    return draft.lines[repair.line].text[max(repair.start, 0) : repair.end]


def _say_unread(draft: Draft, unread: Iterable[tuple[int, str]]) -> Iterator[Diagnostic]:
    for index, token in unread:
        yield Diagnostic(
            "lost-letter-unread",
            draft.lines[index].witness,
            draft.lines[index].number,
            said("lost-letter-unread", token=token),
        )


def _say_doubtful(draft: Draft, unread: Iterable[tuple[int, str]]) -> Iterator[Diagnostic]:
    """One diagnostic for each witness: a letter that left no sign can be missing in very many words."""
    by_witness: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for index, token in unread:
        by_witness[draft.lines[index].witness].append((draft.lines[index].number, token))
    for witness, found in sorted(by_witness.items()):
        first = [f"“{token}” (line {number:,})" for number, token in found[:SHOWN]]
        tokens = ", ".join([*first, "…"] if len(found) > SHOWN else first)
        message = said("lost-letter-doubtful", count=f"{len(found):,}", tokens=tokens)
        yield Diagnostic("lost-letter-doubtful", witness, found[0][0], message)


def _repaired(draft: Draft, repairs: list[Repair]) -> Draft:
    """The draft with the repairs: emendations where a sign or a blank stands for a letter, else edits of the text."""
    lines = list(draft.lines)
    emendations = _apply(lines, [each for each in repairs if each.end - each.start == len(each.after)])
    draft = replace(draft, lines=tuple(lines), emendations=draft.emendations + tuple(emendations))
    return insert(draft, [each for each in repairs if each.end - each.start != len(each.after)])


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

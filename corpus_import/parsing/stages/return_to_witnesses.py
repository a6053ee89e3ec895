"""Stage: give every span the characters of the witness's own text again.

Between `normalise_characters` and this stage, spans count the characters of edited texts. Here each span is taken back
over the edits, a text is cut where an edit stands in it, and the edits are recorded: as emendations, each with the
word that it stands in; as one diagnostic for a witness, where it has many of one kind; and white space as a count.
A sign that was taken out is in no text and has an account of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from corpus_import.parsing.characters import (
    ACCENT,
    HYPHEN,
    LIGATURE,
    LOST_LETTER,
    SIGN,
    SOFT,
    UNSEEN,
    Way,
    shown,
)
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Account, Draft, Edit, Edited, Emendation, Line, Piece, Span, Text
from reader.text.diagnostics import CHANGES, said
from reader.text.unseen import name_of_character

# Where a witness has more emendations of one of these kinds, one diagnostic counts them.
MOST_OF_A_KIND = 40
_COUNTED = dict(zip((LIGATURE, HYPHEN, SOFT, ACCENT, SIGN, UNSEEN), CHANGES, strict=True))
# Controls have no names in Unicode.
_NAMES = {"\t": "tab", "\v": "vertical tab", "\x85": "next line"}
_WORD_BEFORE, _WORD_AFTER = re.compile(r"\S*\Z"), re.compile(r"\S*")
# A longer word is shown in part.
REACH = 40
# The fields of a draft that hold no spans of edited texts.
_AS_THEY_ARE = frozenset(
    {
        "manifest",
        "witnesses",
        "vocabulary",
        "measures",
        "diagnostics",
        "audit",
        "edited",
        "foldings",
        "seconds",
        "shown_calls",
    }
)


def return_to_witnesses(draft: Draft) -> Draft:
    """Take all spans back to the witnesses' own texts, and record the edits."""
    if any(each.edits for each in draft.edited):
        back = _Back(draft)
        changed = {
            each.name: back.of(getattr(draft, each.name))
            for each in fields(draft)
            if each.name not in _AS_THEY_ARE
        }
        accounts = tuple(part for account in draft.accounts for part in back.parts_of(account))
        changed["accounts"] = accounts + tuple(_taken_out(draft.edited))
        changed["witnesses"] = tuple(each.own for each in draft.edited)
        draft = replace(draft, **changed)
        draft = replace(draft, emendations=draft.emendations + tuple(_emendations(draft)))
    remarks = [*_say_spaces(draft.edited), *_say_unseen(draft.edited)]
    kept, foldings, said = _sum_up(draft)
    return replace(
        draft, emendations=kept, foldings=foldings, diagnostics=(*draft.diagnostics, *remarks, *said)
    )


class _Back:
    """Takes elements back to the own text of their witnesses. A line that several blocks share stays one."""

    def __init__(self, draft: Draft) -> None:
        self._ways = {each.own.n: Way(each) for each in draft.edited if each.edits}
        self._lines: dict[Line, Line] = {}

    def of(self, value: Any) -> Any:
        """The value with all spans in it taken back."""
        if isinstance(value, tuple):
            return tuple(self.of(each) for each in value)
        if isinstance(value, Span):
            return self._ways[value.witness].span(value) if value.witness in self._ways else value
        if isinstance(value, Line):
            return self._line(value)
        if isinstance(value, Text):
            return Text(tuple(part for piece in value.pieces for part in self._parts(piece)))
        if not is_dataclass(value) or isinstance(value, type):
            return value
        changed = {}
        for each in fields(value):
            old = getattr(value, each.name)
            new = self.of(old)
            if new is not old:
                changed[each.name] = new
        return replace(value, **changed) if changed else value

    def _line(self, line: Line) -> Line:
        if line.witness not in self._ways:
            return line
        known = self._lines.get(line)
        if known is None:
            own = self._ways[line.witness].span(line.span)
            known = self._lines[line] = replace(line, start=own.start, stop=own.end)
        return known

    def _parts(self, piece: Piece) -> Iterator[Piece]:
        way = self._ways.get(piece.span.witness)
        if way is None:
            yield piece
        elif piece.span.start == piece.span.end or len(piece.text) != piece.span.end - piece.span.start:
            yield Piece(piece.text, way.span(piece.span))
        else:
            for start, end, own in way.cut(piece.span):
                yield Piece(piece.text[start:end], own)

    def parts_of(self, account: Account) -> Iterator[Account]:
        """The account without the signs that were taken out of it."""
        way = self._ways.get(account.span.witness)
        if way is None:
            yield account
        else:
            yield from (Account(own, account.category) for _, _, own in way.cut(account.span))


def _taken_out(edited: tuple[Edited, ...]) -> Iterator[Account]:
    for each in edited:
        for one in each.edits:
            if one.rule and not one.after:
                yield Account(Span(each.own.n, one.start, one.end), one.rule)


def _emendations(draft: Draft) -> Iterator[Emendation]:
    """An emendation for each word that has edits, named by the first that can be seen.

    Signs that stand alone are only counted.
    """
    for each in draft.edited:
        words: dict[tuple[int, int], list[Edit]] = {}
        for one in each.edits:
            if one.rule:
                # A word that a letter was put into is an edit by itself.
                word = (one.start, one.end) if one.rule == LOST_LETTER else _word_at(each.own.text, one)
                words.setdefault(word, []).append(one)
        for (start, end), edits in words.items():
            after, at = "", start
            for one in edits:
                after += each.own.text[at : one.start] + one.after
                at = one.end
            after += each.own.text[at:end]
            if not after.strip():
                continue
            before = shown(each.own.text[start:end])
            rule = next((one.rule for one in edits if one.rule != UNSEEN), UNSEEN)
            line = each.own.line_at(edits[0].start)
            yield Emendation(Span(each.own.n, start, end), line, before, shown(after), rule)


def _word_at(text: str, one: Edit) -> tuple[int, int]:
    before = _WORD_BEFORE.search(text, max(one.start - REACH, 0), one.start)
    after = _WORD_AFTER.match(text, one.end, one.end + REACH)
    return (before.start() if before else one.start), (after.end() if after else one.end)


def _sum_up(draft: Draft) -> tuple[tuple[Emendation, ...], tuple[Emendation, ...], list[Diagnostic]]:
    """The emendations that stay, the ones that are only counted, and the counts."""
    counts = Counter((e.span.witness, e.rule) for e in draft.emendations if e.rule in _COUNTED)
    many = {kind for kind, count in counts.items() if count > MOST_OF_A_KIND}
    if not many:
        return draft.emendations, draft.foldings, []
    kept: list[Emendation] = []
    folded: list[Emendation] = []
    for emendation in draft.emendations:
        (folded if (emendation.span.witness, emendation.rule) in many else kept).append(emendation)
    remarks = []
    for witness, rule in sorted(many):
        first = min(
            (e for e in folded if (e.span.witness, e.rule) == (witness, rule)), key=lambda e: e.span.start
        )
        message = said(
            "characters-normalised",
            count=f"{counts[witness, rule]:,}",
            change=_COUNTED[rule],
            before=first.before,
            after=first.after,
        )
        remarks.append(Diagnostic("characters-normalised", witness, first.line, message))
    return tuple(kept), draft.foldings + tuple(folded), remarks


def _say_spaces(edited: tuple[Edited, ...]) -> Iterator[Diagnostic]:
    for each in edited:
        if each.spaces:
            first = min(each.own.text.index(character) for character in each.spaces)
            message = said("odd-spaces", characters=_list(each.spaces))
            yield Diagnostic("odd-spaces", each.own.n, each.own.line_at(first), message)


def _say_unseen(edited: tuple[Edited, ...]) -> Iterator[Diagnostic]:
    for each in edited:
        unseen = [one for one in each.edits if one.rule == UNSEEN]
        if unseen:
            counts = Counter(character for one in unseen for character in each.own.text[one.start : one.end])
            message = said("unseen-signs", **{"marks" if "\ufeff" in counts else "characters": _list(counts)})
            yield Diagnostic("unseen-signs", each.own.n, each.own.line_at(unseen[0].start), message)


def _list(counts: Mapping[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{_NAMES.get(c) or name_of_character(c)} ({count:,})" for c, count in ranked)

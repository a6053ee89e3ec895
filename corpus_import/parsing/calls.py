"""Takes the calls of notes out of a text, by the form in which the volume calls its notes."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import attrgetter

from corpus_import.parsing.elements import BreakInText, Cutter, Draft, Piece, Reference, Span, Text
from corpus_import.parsing.forms.notes import Call, calls_in, signs_in

# `[1` / `2]`: a call that the end of a line cut; group `a` and `b`.
_CUT = {
    bracket: re.compile(rf"{re.escape(a)}(?P<a>[1-9]\d?) (?P<b>\d{{1,2}}){re.escape(b)}")
    for bracket, a, b in (("[{n}]", "[", "]"), ("({n})", "(", ")"), ("{{n}}", "{", "}"), ("<{n}>", "<", ">"))
}
# What follows a call before which a blank goes too.
_AFTER_BLANK = re.compile(r"[ .,;:!?)”»]|$")


def take_out_calls(
    text: Text, breaks: Iterable[BreakInText], draft: Draft
) -> tuple[Text, tuple[Reference, ...], tuple[BreakInText, ...]]:
    """Take the calls of notes out of a text; offsets count the characters of the remaining text.

    A call of several notes, `[1, 2]` or `[3-5]`, is a reference to each; the first of them holds the call's characters.
    """
    string = text.string
    cutter = Cutter(text)
    pieces: list[Piece] = []
    references: list[Reference] = []
    removed: list[tuple[int, int]] = []
    at = taken = 0
    calls = [*_calls(string, cutter, draft), *_shown_calls(text, draft)]
    for call in sorted(calls, key=lambda call: call.start):
        if call.start < at:
            continue
        cut = cutter.cut(call.start, call.end)
        start, end = cut.pieces[0].span, cut.pieces[-1].span
        if not _is_believed((start.witness, start.start), call, draft):
            continue
        # A blank before the call goes with it, where another one or a stop follows.
        apart = call.start > at and string[call.start - 1] == " " and _AFTER_BLANK.match(string, call.end)
        begins = call.start - bool(apart)
        pieces.extend(cutter.cut(at, begins).pieces)
        offset = begins - taken
        if start.witness == end.witness and start.start <= end.end:
            span = Span(start.witness, start.start, end.end)
        else:
            span = start
        for k, n in enumerate(call.numbers or (0,)):
            here = span if not k else Span(span.witness, span.end, span.end)
            references.append(Reference(offset, n, here, call.sign))
        removed.append((begins, call.end))
        taken += call.end - begins
        at = call.end
    if not references:
        return text, (), tuple(breaks)
    pieces.extend(cutter.cut(at).pieces)
    moved = tuple(
        BreakInText(
            b.offset - sum(min(e, b.offset) - s for s, e in removed if s < b.offset), b.page, b.attested
        )
        for b in breaks
    )
    return Text(tuple(pieces)), tuple(references), moved


def _calls(string: str, cutter: Cutter, draft: Draft) -> Iterator[Call]:
    yield from calls_in(string, draft.form.call)
    if draft.form.call in _CUT:
        for match in _CUT[draft.form.call].finditer(string):
            space = cutter.cut(match.end("a"), match.end("a") + 1).pieces
            if any(piece.text and piece.span.start == piece.span.end for piece in space) and _is_whole(
                match, cutter, draft
            ):
                yield Call(*match.span(), (int(match["a"] + match["b"]),))
    if draft.signs:
        yield from signs_in(string)


def _shown_calls(text: Text, draft: Draft) -> Iterator[Call]:
    """The calls that the pages of a source show, at their places in the text."""
    if not draft.shown_calls:
        return
    at = 0
    for piece in text.pieces:
        span, size = piece.span, len(piece.text)
        calls = draft.shown_calls.get(span.witness, ())
        if calls and span.end - span.start == size:
            for k in range(bisect_left(calls, span.start, key=attrgetter("start")), len(calls)):
                call = calls[k]
                if call.end > span.end:
                    break
                start = at + call.start - span.start
                yield Call(start, start + call.end - call.start, (call.n,) if call.n else (), call.sign)
        at += size


def _is_whole(match: re.Match[str], cutter: Cutter, draft: Draft) -> bool:
    """Whether nothing but white space stands between the halves in the witness."""
    pieces = cutter.cut(*match.span()).pieces
    first, last = pieces[0].span, pieces[-1].span
    source = draft.witnesses[first.witness].text[first.start : last.end]
    return first.witness == last.witness and "".join(source.split()) == match[0].replace(" ", "")


def _is_believed(place: tuple[int, int], call: Call, draft: Draft) -> bool:
    if place[0] in draft.shown_calls:
        calls = draft.shown_calls[place[0]]
        k = bisect_left(calls, place[1], key=attrgetter("start"))
        return k < len(calls) and calls[k].start == place[1]
    if call.sign:
        return place in draft.signs
    if draft.believed is not None and place not in draft.believed:
        return False
    return place not in draft.doubted

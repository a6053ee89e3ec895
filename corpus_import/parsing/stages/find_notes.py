"""Stage: find the form of the notes, and the notes that stand without a heading.

The form (how a number and a call are written) is a system of the volume: of all forms, the one whose numbers and calls
match most often, or the one that the manifest declares. Notes under a heading are left to the later stages, which read
them by the form. Notes without a heading, at the foot of a page, under a paragraph or at the end of a section, are
known by their calls and get their role here; so do notes with a sign (`*`, `†`), which stand beside any other system.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import accumulate, pairwise

from corpus_import.parsing.blocks import is_open
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Between, Block, Draft, Role, TracedNote
from corpus_import.parsing.forms.note_forms import call_forms, match_in_kind, number_forms
from corpus_import.parsing.forms.notes import HIGH, NUMBERS, NotesForm, closing_bracket, is_weak
from corpus_import.parsing.forms.run_on import cut_run_on
from corpus_import.parsing.forms.tracing import (
    CallAt,
    Start,
    Trace,
    Tracing,
    looks_like_heading,
    trace_signs,
)
from corpus_import.parsing.headings import plain_title
from corpus_import.parsing.recognise import NOTE_PAGE, NUMBERED, ROMAN, is_notes_heading
from reader.text.diagnostics import said
from reader.text.sentences import reads_on

# A rule above notes: nothing but strokes.
_STROKES = frozenset("_-—–―=─ ")
SHORTEST_RULE = 3
# The signs that end a sentence, or a part of one.
_STOPS = frozenset(".,;:!?”\"’')»")
# So many notes with calls make a form that is often something else sure.
SURE = 3
# The beginning of the first note under a heading, in any form.
_FIRST_NOTE = re.compile(r"[\[({<^#]?(?:\d{1,3}(?!\d)|[¹*†])")
# The signs that hardly stand behind a word but to call a note.
USUAL_SIGNS = "*†‡"
# The most blocks of a note between headings, after the block that begins it.
BLOCKS_OF_A_NOTE = 1
# The longest heading over a chapter's notes among those of the book, in characters.
SHORT_TITLE = 60


def find_notes(draft: Draft) -> Draft:
    """Find the form of the notes; give the notes that stand without a heading their role."""
    draft = _with_headings_apart(draft)
    trace = _find_form(draft)
    draft, trace = _with_notes_on_lines_of_their_own(draft, trace)
    runs = _headed_runs(draft, trace)
    headed = [start for start in trace.starts if start.block in runs]
    signs = trace_signs(draft.blocks)
    lost = _calls_of_lost_notes(signs)
    doubted, remarks = _doubted(draft, trace)
    draft = replace(
        draft,
        form=trace.form,
        believed=_believed(draft, trace) if is_weak(trace.form.call) else None,
        doubted=doubted,
        anew=frozenset((c.witness, c.start) for c in trace.anew),
        signs=frozenset((c.witness, c.start) for c in (*(s.call for s in signs.starts if s.call), *lost)),
        diagnostics=draft.diagnostics + remarks + _lone_signs(draft, signs, lost),
    )
    # Notes that give their pages are known by these, even in pieces.
    has_pages = trace.form.number == NUMBERS[0] and any(
        NOTE_PAGE.search(block.last.text) for block in draft.blocks
    )
    is_whole = not runs and _has_all_pages(draft, trace)
    if _is_of_the_book(draft, trace, runs) or (
        len(headed) * 2 <= len(trace.starts) and (is_whole or not has_pages)
    ):
        starts = [*trace.starts, *signs.starts]
    else:
        starts = list(signs.starts)
        if not has_pages:
            lines = (draft.blocks[s.block].lines[s.line] for s in headed)
            draft = replace(draft, note_lines=frozenset((line.witness, line.number) for line in lines))
            draft = _split_headed(draft, headed)
            starts = list(trace_signs(draft.blocks).starts)
    if not starts:
        return draft
    return _set_apart(
        _without_headings_of_notes(draft, starts), sorted(starts, key=lambda s: (s.block, s.line))
    )


def _has_all_pages(draft: Draft, trace: Trace) -> bool:
    """Whether each call has a note, and no more notes end with a page than there are: none stands there in pieces.

    A note with a heading before its page was cut by the text of another chapter.
    """
    for start in trace.starts:
        for block in draft.blocks[start.block :]:
            if NOTE_PAGE.search(block.last.text):
                break
            if block is not draft.blocks[start.block] and looks_like_heading(block):
                return False
    ends = sum(NOTE_PAGE.search(block.last.text) is not None for block in draft.blocks)
    called = len({(call.witness, call.start, call.n) for call in trace.calls})
    return ends <= len(trace.starts) and called <= trace.matched


def _with_headings_apart(draft: Draft) -> Draft:
    """Let a heading among notes be a block of its own where the first note follows with no white space between.

    It is a heading *Notes*, or a chapter's title that comes again among the notes of the book.
    """
    titles = _titles(draft.blocks)
    blocks: list[Block] = []
    for block in draft.blocks:
        at = [
            k
            for k in range(len(block.lines) - 1)
            if _FIRST_NOTE.match(block.lines[k + 1].text)
            and (
                is_notes_heading(block.lines[k].text, draft.manifest.notes_heading)
                or plain_title(block.lines[k].text) in titles
            )
        ]
        blocks += _cut(block, sorted({edge for k in at for edge in (k, k + 1)} - {0})) if at else [block]
    return replace(draft, blocks=tuple(blocks)) if len(blocks) > len(draft.blocks) else draft


def _titles(blocks: Sequence[Block]) -> set[str]:
    """The titles of the text, with their numbers and without."""
    heads = [" ".join(line.text for line in block.lines) for block in blocks if looks_like_heading(block)]
    numbered = [match["head"] for head in heads if (match := NUMBERED.match(head) or ROMAN.match(head))]
    return {plain_title(title) for title in (*heads, *numbered)}


# The form


def _find_form(draft: Draft) -> Trace:
    """The trace of the form that matches most; the usual one where none does."""
    declared = draft.manifest
    lines = [line.text for block in draft.blocks if block.role is Role.TEXT for line in block.lines]
    numbers = (declared.notes,) if declared.notes else number_forms(lines)
    calls = (declared.calls,) if declared.calls else call_forms(lines)
    text = Tracing(draft.blocks, declared.notes_heading)
    first = NotesForm(numbers[0], calls[0])
    best = text.trace(first) or Trace(first)
    for call in calls:
        for number in numbers:
            if not match_in_kind(number, call):
                continue
            trace = text.trace(NotesForm(number, call), best.matched)
            fewest = 1 if declared.notes or declared.calls or not is_weak(call) else 2
            if trace is not None and trace.matched >= fewest and trace.matched > best.matched:
                best = trace
    return best


def _with_notes_on_lines_of_their_own(draft: Draft, trace: Trace) -> tuple[Draft, Trace]:
    """The draft with its lines cut where several notes follow each other on one, if many more have a call then."""
    called = len({(call.witness, call.start, call.n) for call in trace.calls})
    if trace.matched * 2 > called:
        return draft, trace
    cut = replace(draft, blocks=cut_run_on(draft.blocks, trace.form.number))
    again = Tracing(cut.blocks, draft.manifest.notes_heading).trace(trace.form)
    if again is None or again.matched < trace.matched + SURE:
        return draft, trace
    return cut, again


def _believed(draft: Draft, trace: Trace) -> frozenset[tuple[int, int]]:
    """The places of weak calls that are believed: those with a note, and those that count on from such a one.

    A high figure behind a stop is no exponent; it is believed too if it calls a note of its series again.
    """
    matched = {start.call for start in trace.starts if start.call is not None}
    believed = {(c.witness, c.start) for c in matched}
    last = 0
    series: set[int] = set()
    for k, call in enumerate(trace.calls):
        if call.n == 1:
            series = set()
        if call in matched:
            last = call.n
            series.add(last)
        elif trace.form.call == HIGH and call.n in series and _stands_after_stop(draft, call):
            believed.add((call.witness, call.start))
        elif (call.n == last + 1 or call.n == 1) and not call.apart:
            following = next((c.n for c in trace.calls[k + 1 : k + 6] if c in matched), 0)
            if following > call.n or trace.matched >= SURE:
                believed.add((call.witness, call.start))
                last = call.n
                series.add(last)
    return frozenset(believed)


def _stands_after_stop(draft: Draft, call: CallAt) -> bool:
    return draft.witnesses[call.witness].text[max(call.start - 1, 0) : call.start] in _STOPS


def _doubted(draft: Draft, trace: Trace) -> tuple[frozenset[tuple[int, int]], tuple[Diagnostic, ...]]:
    """The places in brackets that are no calls, with a remark on each.

    `weighed [7] tons` after note 2, with note 3 called next, calls no note; nor does `[12-14]` where no such note is.
    """
    if is_weak(trace.form.call):
        return frozenset(), ()
    numbers = {start.n for start in trace.starts}
    several = Counter((c.witness, c.start) for c in trace.calls)
    doubted: dict[tuple[int, int], CallAt] = {}
    last, seen = 0, set[int]()
    for k, call in enumerate(trace.calls):
        place = call.witness, call.start
        if place in doubted:
            continue
        following = next((c.n for c in trace.calls[k + 1 : k + 40] if (c.witness, c.start) != place), 1)
        if call.n == 1 and last:
            seen = set()
        out_of_order = call.n not in seen and call.n not in (last + 1, 1)
        apart = draft.witnesses[call.witness].text[max(call.start - 1, 0) : call.start].isspace()
        if out_of_order and (apart or several[place] > 1):
            goes_on = following in (last, last + 1) or (following == 1 and call.n not in numbers)
            if goes_on and following != call.n + 1:
                doubted[place] = call
                continue
        seen.add(call.n)
        last = call.n if call.n == 1 else max(last, call.n) if call.n in seen and call.n < last else call.n
    return frozenset(doubted), tuple(
        Diagnostic(
            "call-doubtful",
            call.witness,
            draft.witnesses[call.witness].line_at(call.start),
            said("call-doubtful", n=call.n),
        )
        for call in doubted.values()
    )


def _calls_of_lost_notes(signs: Trace) -> tuple[CallAt, ...]:
    """The signs that call a note which is not there: most signs like them call notes."""
    called = Counter(start.sign for start in signs.starts if start.call)
    found = {start.call for start in signs.starts}
    alone = [call for call in signs.calls if call not in found]
    lone = Counter(call.sign for call in alone)
    return tuple(call for call in alone if called[call.sign] > lone[call.sign])


def _lone_signs(draft: Draft, signs: Trace, lost: Sequence[CallAt]) -> tuple[Diagnostic, ...]:
    """A remark on each sign that may call a note, and is kept as text because no note begins with it."""
    called = {start.call for start in signs.starts} | set(lost)
    known = {start.sign for start in signs.starts}
    return tuple(
        Diagnostic(
            "call-doubtful",
            call.witness,
            draft.witnesses[call.witness].line_at(call.start),
            said("call-doubtful", sign=call.sign),
        )
        for call in signs.calls
        if call not in called and (call.sign in known or call.sign[0] in USUAL_SIGNS)
    )


def _headed_runs(draft: Draft, trace: Trace) -> dict[int, int]:
    """The blocks after each heading *Notes*, up to the next heading, with the index of the heading."""
    begins = {start.block for start in trace.starts if not start.line}
    runs: dict[int, int] = {}
    heading: int | None = None
    for k, block in enumerate(draft.blocks):
        if len(block.lines) == 1 and is_notes_heading(block.first.text, draft.manifest.notes_heading):
            heading = k
        elif block.role is not Role.TEXT or (looks_like_heading(block) and k not in begins):
            after = next((b for b in range(k + 1, min(k + 4, len(draft.blocks))) if b in begins), None)
            if after is None or block.role is not Role.TEXT:
                heading = None  # else a heading among the notes of the book
        elif heading is not None:
            runs[k] = heading
    return runs


def _is_of_the_book(draft: Draft, trace: Trace, runs: dict[int, int]) -> bool:
    """Whether one list of notes serves several chapters, or several sections with numbers of their own."""
    under = [start for start in trace.starts if start.block in runs]
    if not under or len({runs[start.block] for start in under}) > 1 or trace.matched * 5 < len(under) * 4:
        return False
    if sum(start.n == 1 for start in under) > 1:
        return True
    calls = [start.call.block for start in under if start.call]
    last = max(calls, default=0)
    while last > 0 and not looks_like_heading(draft.blocks[last]):
        last -= 1
    return sum(call < last for call in calls) * 4 >= len(calls)


def _split_headed(draft: Draft, starts: Sequence[Start]) -> Draft:
    """Let a block begin at each line that begins a note under a heading."""
    cuts: dict[int, list[int]] = {}
    for start in starts:
        if start.line:
            cuts.setdefault(start.block, []).append(start.line)
    blocks: list[Block] = []
    for k, block in enumerate(draft.blocks):
        blocks += _cut(block, cuts.get(k, ()))
    return replace(draft, blocks=tuple(blocks))


def _cut(block: Block, at: Sequence[int]) -> list[Block]:
    """The pieces of a block that is cut before these lines."""
    edges = [0, *at, len(block.lines)]
    return [
        replace(block, lines=block.lines[a:b])
        if not a
        else Block(block.lines[a:b], Between.NONE, role=block.role)
        for a, b in pairwise(edges)
        if a < b
    ]


# Notes without a heading


def _set_apart(draft: Draft, starts: Sequence[Start]) -> Draft:
    """Cut the blocks where notes begin, and give each note its blocks."""
    begins: dict[int, dict[int, Start]] = {}
    for start in starts:
        begins.setdefault(start.block, {})[start.line] = start
    at_end = _stand_at_end(draft, starts)
    # The last block of a group, beyond which no text of a note is sought.
    last_of_group: dict[tuple[bool, int], Start] = {(bool(s.sign), s.group): s for s in starts}
    titles = _titles(draft.blocks)
    declared = draft.manifest.notes_heading
    blocks: list[Block] = []
    notes: list[TracedNote] = []
    current: Start | None = None
    awaits_body = False
    open_brackets = 0  # of a note that ends with its bracket, `[Footnote 1: …]`
    for b, block in enumerate(draft.blocks):
        here = begins.get(b, {})
        edges = sorted({0, *here})
        for edge, piece in zip(edges, _cut(block, edges[1:]), strict=True):
            if edge in here:
                start = here[edge]
                if (
                    blocks
                    and blocks[-1].role is Role.TEXT
                    and (_is_rule(blocks[-1]) or (start.n == 1 and _titles_notes(blocks, titles, declared)))
                ):
                    blocks[-1] = replace(blocks[-1], role=Role.RULE)
                notes.append(
                    TracedNote(
                        n=start.n,
                        sign=start.sign,
                        call=(start.call.witness, start.call.start) if start.call else None,
                        length=start.length,
                    )
                )
                current, awaits_body = start, len(piece.first.text) == start.length and len(piece.lines) == 1
                if closing_bracket(piece.first.text[: start.length]):
                    open_brackets = _depth(piece)
                    current = start if open_brackets > 0 else None
                else:
                    open_brackets = 0
                blocks.append(replace(piece, role=Role.NOTE, traced=len(notes) - 1))
                continue
            if current is not None and open_brackets > 0 and piece.role is Role.TEXT:
                open_brackets += _depth(piece)
                blocks.append(replace(piece, role=Role.NOTE, traced=len(notes) - 1))
                current = current if open_brackets > 0 else None
                continue
            if current is not None and piece.role is Role.TEXT:
                is_last = last_of_group[bool(current.sign), current.group] is current
                following = begins.get(b + 1, {}).get(0)
                titled = _is_title(piece, titles) or (
                    following is not None and following.n == 1 and _is_short(piece)
                )
                if not is_last and not awaits_body and (_is_rule(piece) or titled):
                    blocks.append(replace(piece, role=Role.RULE))
                    continue
                goes_on = (
                    awaits_body
                    or (not is_last and not current.sign)
                    or (at_end and not current.sign and _heading_follows(draft.blocks, b))
                    or (blocks[-1].traced is not None and _reads_over(blocks[-1], piece))
                )
                if goes_on and not is_notes_heading(piece.first.text, declared):
                    awaits_body = False
                    blocks.append(replace(piece, role=Role.NOTE, traced=len(notes) - 1))
                    continue
            current, awaits_body = None, False
            blocks.append(piece)
    rules = {block.first.text for block in blocks if block.role is Role.RULE and _is_rule(block)}
    blocks = [
        replace(block, role=Role.RULE)
        if block.role is Role.TEXT and block.first.text in rules and _is_rule(block)
        else block
        for block in blocks
    ]
    return replace(draft, blocks=tuple(blocks), traced=tuple(notes))


def _depth(block: Block) -> int:
    """The number of brackets that a block opens and does not close."""
    text = "".join(line.text for line in block.lines)
    return sum(map(text.count, "[({<")) - sum(map(text.count, "])}>"))


def _without_headings_of_notes(draft: Draft, starts: Sequence[Start]) -> Draft:
    """The draft where a heading that stands among the notes of the book, and has nothing but notes below, is none."""
    blocks = list(draft.blocks)
    begins = {start.block for start in starts if not start.line}
    declared = draft.manifest.notes_heading
    for b in _repeated_headings(blocks, {start.block for start in starts if not start.line and start.n == 1}):
        blocks[b] = replace(blocks[b], role=Role.RULE, label=None)
    among = False
    for b, block in enumerate(blocks):
        stands_among = block.role is Role.HEADING and among and b + 1 in begins
        if stands_among and _only_notes_follow(draft.blocks, b + 1, begins):
            blocks[b] = replace(block, role=Role.RULE, label=None)
            continue
        among = (
            b in begins or is_notes_heading(block.first.text, declared) or (among and block.role is Role.TEXT)
        )
    return replace(draft, blocks=tuple(blocks))


def _repeated_headings(blocks: Sequence[Block], first: Set[int]) -> list[int]:
    """A few words that stand over the first note of several chapters, and nowhere else: `Remarks`."""
    times = Counter(block.first.text for block in blocks if len(block.lines) == 1)
    over: dict[str, list[int]] = {}
    for b in first:
        above = blocks[b - 1] if b else None
        if above is None or above.role not in (Role.TEXT, Role.HEADING) or len(above.lines) > 1:
            continue
        text = above.first.text
        if len(text) <= SHORT_TITLE and text[-1] not in ".,;!?" and any(map(str.isalpha, text)):
            over.setdefault(text, []).append(b - 1)
    return [b for text, at in over.items() if times[text] == len(at) >= 2 for b in at]


def _only_notes_follow(blocks: Sequence[Block], b: int, begins: Set[int]) -> bool:
    """Whether notes alone, each of a few blocks at most, stand from a block up to the next heading."""
    last = b
    while b < len(blocks) and blocks[b].role is Role.TEXT:
        last = b if b in begins else last
        if b - last > BLOCKS_OF_A_NOTE:
            return False
        b += 1
    return True


def _reads_over(before: Block, block: Block) -> bool:
    """Whether the sentence of a note goes on in the next block."""
    if block.first.indent >= 2:
        return False
    return (is_open(before.last) or reads_on(before.last.text)) and block.first.text[0].islower()


def _heading_follows(blocks: Sequence[Block], b: int) -> bool:
    """Whether a heading, or nothing, follows a block or the next one, and none of the two is a heading itself."""
    for k in (b, b + 1):
        if k >= len(blocks):
            return k > b
        if looks_like_heading(blocks[k]):
            return k > b
    return b + 2 >= len(blocks) or looks_like_heading(blocks[b + 2])


def _stand_at_end(draft: Draft, starts: Sequence[Start]) -> bool:
    """Whether the notes stand at the end of chapters: one group in each, and after most groups comes a heading."""
    last: dict[int, Start] = {s.group: s for s in starts if not s.sign}
    headings = list(accumulate(looks_like_heading(block) for block in draft.blocks))
    if max(Counter(headings[start.block] for start in last.values()).values(), default=2) > 1:
        return False
    followed = 0
    for start in last.values():
        after = start.block + 1
        alone = len(draft.blocks[start.block].first.text) == start.length
        after += alone and len(draft.blocks[start.block].lines) == start.line + 1
        ends = after >= len(draft.blocks) or draft.blocks[after].role is not Role.TEXT
        followed += ends or looks_like_heading(draft.blocks[after])
    return followed * 2 > len(last)


def _is_title(block: Block, titles: Set[str]) -> bool:
    """Whether a block among notes names a chapter: it repeats a heading, or looks like one."""
    title = plain_title(" ".join(line.text for line in block.lines))
    return len(block.lines) <= 4 and (title in titles or looks_like_heading(block))


def _titles_notes(blocks: Sequence[Block], titles: Set[str], declared: str) -> bool:
    """Whether the last block is the heading of a chapter's notes among those of the book."""
    last, before = blocks[-1], blocks[-2] if len(blocks) > 1 else None
    if before is not None and is_notes_heading(before.first.text, declared):
        return _is_title(last, titles) or _is_short(last)
    return _is_short(last) and is_notes_heading(last.first.text.split()[0], declared)


def _is_short(block: Block) -> bool:
    """Whether a block is one short line without a stop."""
    return len(block.lines) == 1 and len(block.first.text) <= SHORT_TITLE and block.last.text[-1].isalnum()


def _is_rule(block: Block) -> bool:
    text = block.first.text
    return len(block.lines) == 1 and len(text) >= SHORTEST_RULE and set(text) <= _STROKES

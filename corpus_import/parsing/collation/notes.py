"""Finds in a second witness the notes that ours lack, and the numbers of fragments.

A missing note is the one that the other calls at the same place of the text; where this place cannot be told, the one
with the same number in the same division. A fragment of ours gets the number of the note of the other that has its
words, if no second note has nearly as many of them.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from corpus_import.parsing.collation.both import Both
from corpus_import.parsing.collation.words import Words
from corpus_import.parsing.elements import Draft, Line, MissingNote, Note, Reference, Span, Text
from corpus_import.parsing.gaps import pages_of_calls
from corpus_import.parsing.note_numbers import chapters_of
from reader.text.page_numbers import number_of

# The share of a fragment's four-grams that its note has, and the part of it that the next best note may have.
_LEAD, _SECOND = 0.5, 0.5
_GRAM = 4
# A note of the other with this share of its words in our texts is no note that ours lack.
_KNOWN = 0.5
# The share of a division's words that stand in one division of the other.
_MOST = 0.6

_Call = tuple[int, int]  # the index of a chapter-like division, and the number of the note


class NotesOfBoth:
    """The notes of two aligned drafts."""

    def __init__(self, both: Both) -> None:
        self._draft, self._second = both.draft, both.second.draft
        self._ours, self._other, self._found = both.ours, both.other, both.found
        self._taken = both.taken
        self._by_call = {
            (note.division, note.n): k
            for k, note in enumerate(self._second.notes)
            if note.n is not None and note.complete and not note.inferred and note.paragraphs
        }

    def numbered(self) -> dict[int, int]:
        """The numbers of our fragments, by their indices: each has a clear lead to one note that ours lack."""
        missing = {(gap.division, gap.n): gap for gap in self._draft.missing}
        grams = {call: _grams(self._other, texts) for call, texts in self._texts_of_second.items()}
        found: dict[int, int] = {}
        for k, note in enumerate(self._draft.notes):
            if note.n is not None:
                continue
            own = _grams(self._ours, [t for t, key in self._texts_of_notes(self._ours) if key == k])
            shares = Counter({call: len(own & theirs) / len(own) for call, theirs in grams.items() if own})
            best = shares.most_common(2)
            if not best or best[0][1] < _LEAD or (len(best) > 1 and best[1][1] > best[0][1] * _SECOND):
                continue
            call = best[0][0]
            gap = missing.get((note.division, call[1]))
            if gap is not None and self._is_placed(gap, call):
                found[k] = gap.n
        times = Counter((self._draft.notes[k].division, n) for k, n in found.items())
        return {k: n for k, n in found.items() if times[self._draft.notes[k].division, n] == 1}

    def filling(self, gaps: Iterable[MissingNote]) -> Iterator[tuple[MissingNote, int]]:
        """The gaps that the other fills, each with the index of the other's note."""
        used: set[int] = set()
        for gap in gaps:
            k = self._note_for(gap)
            if k is not None and k not in used and self._is_new(k) and self._fits(gap, k):
                used.add(k)
                yield gap, k

    def _is_placed(self, gap: MissingNote, call: _Call) -> bool:
        """Whether a note of the other, known by its words, belongs where ours calls the gap's note.

        A witness that lost pages can have a chapter's notes under another chapter's heading.
        """
        if self._divisions.get(gap.division) not in (None, call[0]):
            return False
        return self._note_for(gap) == self._by_call[call] and self._fits(gap, self._by_call[call])

    def _note_for(self, gap: MissingNote) -> int | None:
        called = {call for place in self._calls[gap.division, gap.n] for call in self._called_at(place)}
        if called:
            notes = {self._by_call[call] for call in called if call in self._by_call and call[1] == gap.n}
            return notes.pop() if len(notes) == 1 and len(called) == 1 else None
        call = self._divisions.get(gap.division, -1), gap.n
        is_placed = any(self._found[place] >= 0 for place in self._calls[gap.division, gap.n])
        if is_placed and any(call in calls for calls in self._calls_of_second.values()):
            return None  # the other calls it at another place
        return self._by_call.get(call)

    def _is_new(self, k: int) -> bool:
        """Whether our texts do not have the words of the other's note already."""
        texts = [text for text, note in self._texts_of_notes(self._other) if note == k]
        words = [b for text in texts for b in range(self._other.first[text], self._other.until(text))]
        return sum(self._taken[b] for b in words) < _KNOWN * max(len(words), 1)

    def _fits(self, gap: MissingNote, k: int) -> bool:
        """Whether the other's note belongs to the gap's division, by its page and the notes beside it that ours have.

        A witness that lost pages can have the notes of one chapter under another. If a note beside it speaks against
        the division, another one must speak for it, and the page must be the call's.
        """
        beside = [*self._beside(gap, k)]
        if beside and not any(beside):
            return False
        page, called_on = self._second.notes[k].page, self._pages.get((gap.division, gap.n))
        number = number_of(page) if page else None
        if number is None or called_on is None:
            return all(beside)
        return abs(number - called_on) <= (1 if all(beside) else 0)

    def _beside(self, gap: MissingNote, k: int) -> Iterator[bool]:
        """For the nearest note on either side that ours have, whether ours have it where the gap is."""
        notes = self._second.notes
        for direction in (range(k - 1, -1, -1), range(k + 1, len(notes))):
            at = next((at for at in direction if at in self._ours_of), None)
            if at is not None and notes[at].division == notes[k].division:
                mine = self._draft.notes[self._ours_of[at]]
                yield mine.division == gap.division and mine.n in (None, notes[at].n)

    @cached_property
    def _pages(self) -> Mapping[_Call, int]:
        """The pages of our calls."""
        return pages_of_calls(self._draft)

    @cached_property
    def _ours_of(self) -> dict[int, int]:
        """Our notes, by the index of the other's note that has most of their words."""
        votes: dict[int, Counter[int]] = defaultdict(Counter)
        sizes: Counter[int] = Counter()
        for text, note in self._texts_of_notes(self._ours):
            for a in range(self._ours.first[text], self._ours.until(text)):
                b = self._found[a]
                sizes[note] += 1
                if b >= 0 and self._other.text[b] >= self._other.notes_from:
                    votes[note][self._other.keys[self._other.text[b]][0]] += 1
        best = {note: counted.most_common(1)[0] for note, counted in votes.items()}
        return {k: note for note, (k, count) in best.items() if count >= _KNOWN * sizes[note]}

    # Calls

    @cached_property
    def _calls(self) -> dict[_Call, list[int]]:
        """The places of our calls: the index of the word before each."""
        places: dict[_Call, list[int]] = defaultdict(list)
        chapter_of = chapters_of(self._draft)
        for text, references, division in _called(self._draft, self._ours):
            for reference in references:
                place = _word_before(self._ours, text, reference.offset)
                if place is not None:
                    places[chapter_of[division], reference.n].append(place)
        return places

    @cached_property
    def _calls_of_second(self) -> dict[int, set[_Call]]:
        """The notes that the other calls after each of its words."""
        called: dict[int, set[_Call]] = defaultdict(set)
        chapter_of = chapters_of(self._second)
        for text, references, division in _called(self._second, self._other):
            for reference in references:
                place = _word_before(self._other, text, reference.offset)
                if place is not None:
                    called[place].add((chapter_of[division], reference.n))
        return called

    def _called_at(self, place: int) -> set[_Call]:
        """What the other calls where ours has a call: after the same word, or before the same next one."""
        b = self._found[place]
        if b < 0 and place + 1 < len(self._found) and self._found[place + 1] > 0:
            b = self._found[place + 1] - 1
        return self._calls_of_second.get(b, set()) if b >= 0 else set()

    # Divisions and texts

    @cached_property
    def _divisions(self) -> Mapping[int, int]:
        """For our chapter-like divisions, the other's division that has most of their words."""
        chapter_of, chapter_of_other = chapters_of(self._draft), chapters_of(self._second)
        votes: dict[int, Counter[int]] = defaultdict(Counter)
        for text in range(self._ours.notes_from):
            division = chapter_of[self._draft.paragraphs[self._ours.keys[text][0]].division]
            for a in range(self._ours.first[text], self._ours.until(text)):
                b = self._found[a]
                if b >= 0 and self._other.text[b] < self._other.notes_from:
                    paragraph = self._second.paragraphs[self._other.keys[self._other.text[b]][0]]
                    votes[division][chapter_of_other[paragraph.division]] += 1
        best = {division: counted.most_common(1)[0] for division, counted in votes.items()}
        return {d: most for d, (most, count) in best.items() if count >= _MOST * votes[d].total()}

    @cached_property
    def _texts_of_second(self) -> dict[_Call, list[int]]:
        """The texts of each numbered note of the other."""
        texts: dict[_Call, list[int]] = defaultdict(list)
        numbers = {k: call for call, k in self._by_call.items()}
        for text, note in self._texts_of_notes(self._other):
            if note in numbers:
                texts[numbers[note]].append(text)
        return texts

    @staticmethod
    def _texts_of_notes(words: Words) -> list[tuple[int, int]]:
        """The texts of notes, each with the index of its note."""
        return [(text, words.keys[text][0]) for text in range(words.notes_from, len(words.strings))]


def _called(draft: Draft, words: Words) -> Iterator[tuple[int, Sequence[Reference], int]]:
    """The texts with their calls and their divisions."""
    for text, (index, part) in enumerate(words.keys):
        if part < 0:
            yield text, draft.paragraphs[index].references, draft.paragraphs[index].division
        else:
            yield text, draft.notes[index].paragraphs[part].references, draft.notes[index].division


def _word_before(words: Words, text: int, offset: int) -> int | None:
    first = words.first[text]
    k = bisect_right(words.end, offset, first, words.until(text)) - 1
    return k if k >= first else None


def _grams(words: Words, texts: Iterable[int]) -> set[tuple[str, ...]]:
    return {
        tuple(words.normal[k : k + _GRAM])
        for text in texts
        for k in range(words.first[text], words.until(text) - _GRAM + 1)
    }


def supplied(note: Note, gap: MissingNote, name: str, by: int) -> Note:
    """A note of the other in our edition; its spans lie in a witness whose index is higher by `by`.

    Its pages are left out: where a page begins, our own witnesses say.
    """
    return replace(
        note,
        division=gap.division,
        n=gap.n,
        mark=gap.mark,
        inferred=False,
        complete=True,
        supplied_from=name,
        first=_line(note.first, by),
        paragraphs=tuple(
            replace(
                part,
                text=Text(tuple(replace(piece, span=moved(piece.span, by)) for piece in part.text.pieces)),
                breaks=(),
                references=tuple(replace(each, span=moved(each.span, by)) for each in part.references),
            )
            for part in note.paragraphs
        ),
    )


def moved(span: Span, by: int) -> Span:
    """The span in a witness whose index is higher by `by`."""
    return replace(span, witness=span.witness + by)


def _line(line: Line, by: int) -> Line:
    return replace(line, witness=line.witness + by)


def inserted(draft: Draft, notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes of the draft with further ones, each before the next number of its division."""
    order = {division.index: k for k, division in enumerate(draft.divisions)}
    all_notes = list(draft.notes)
    for note in sorted(notes, key=lambda note: (order[note.division], note.n or 0)):
        here = [k for k, each in enumerate(all_notes) if each.division == note.division]
        later = [k for k in here if (all_notes[k].n or 0) > (note.n or 0)]
        behind = [k for k, each in enumerate(all_notes) if order[each.division] > order[note.division]]
        after_all = [here[-1] + 1] if here else [*behind, len(all_notes)]
        all_notes.insert((later or after_all)[0], note)
    return tuple(all_notes)

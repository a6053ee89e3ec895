"""Stage: collate the second witnesses, each with what the edition is by then.

The words of both are aligned. Gaps are filled, fragments numbered, lost letters restored and, if the other witness is
independent, readings emended and suspects settled, by the rule in `collation/rule.py`. All other differences become
variants, on which a person decides. A witness of another text is refused.

A second witness stands in `Draft.witnesses` after our own: the notes that it fills have their sources there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus_import.parsing.collation.alignment import align
from corpus_import.parsing.collation.both import Both
from corpus_import.parsing.collation.differences import Difference, capitals, differences, marks
from corpus_import.parsing.collation.emending import Change, Emender
from corpus_import.parsing.collation.headings import headings_of_other
from corpus_import.parsing.collation.keeping_together import kept_together
from corpus_import.parsing.collation.keys import Rows, rows_of_other
from corpus_import.parsing.collation.lost_letters import restore_known
from corpus_import.parsing.collation.notes import NotesOfBoth, inserted, moved, supplied
from corpus_import.parsing.collation.pages import Attested, attested_pages, with_attested
from corpus_import.parsing.collation.rule import Judge, Verdict
from corpus_import.parsing.collation.suspects import Answer, answers
from corpus_import.parsing.collation.variants import (
    in_order,
    variant_of_capitals,
    variant_of_marks,
    variant_of_words,
)
from corpus_import.parsing.collation.words import Words, text_at, words_of
from corpus_import.parsing.diagnostics import Diagnostic, ImportFault
from corpus_import.parsing.elements import (
    Account,
    Collation,
    Draft,
    KeyEntry,
    MissingNote,
    Second,
    Settled,
    Span,
    Suspect,
    Variant,
    VariantKind,
)
from corpus_import.parsing.gaps import without_filled
from reader.text.diagnostics import said
from reader.text.messages import gettext_noop
from reader.text.word_list import word_list

# Two witnesses are of one text if this share of the shorter one's words stands in the other too, in runs.
SAME_TEXT = 0.2
# Letters of a word that may be the book's own, the fewest of such words, and the share of them that one book shares.
_LONG, _OWN_WORDS, _OF_BOOK = 4, 8, 0.3
# More texts in a row that only the other has are said at once instead of asked for.
_MANY_TEXTS = 12
# The rule of its emendations, with its name behind; and the audit's category for what the edition does not take.
RULE = CATEGORY = "second witness"


def collate_witnesses(draft: Draft) -> Draft:
    """Collate each second witness. Raises ImportFault if one is another text."""
    for second in draft.seconds:
        draft = _collate(draft, second)
    emended = draft.emendations
    standing = (each for each in draft.variants if not any(_overlap(each.span, e.span) for e in emended))
    return replace(draft, variants=in_order(standing))


def _collate(draft: Draft, second: Second) -> Draft:
    both = _aligned(draft, second)
    emender = Emender(draft)
    settled, answered = _settle(both, emender)
    judged, longer = _without_long_runs(both, _judge(both, emender, answered))
    notes = NotesOfBoth(both)
    numbered = notes.numbered()
    named = {(draft.notes[k].division, n) for k, n in numbered.items()}
    filled = [*notes.filling(gap for gap in draft.missing if (gap.division, gap.n) not in named)]
    variants = [
        *_variants_of_words(both, judged.open, {k for _, k in filled}),
        *(variant_of_marks(both, a) for a in marks(both.ours, both.other, both.found)),
        *(variant_of_capitals(both, a) for a in capitals(both.ours, both.other, both.found)),
    ]
    changed = emender.result()
    settled += _settled_by(changed, both, {each.suspect for each in settled})
    gone = {each.suspect for each in settled}
    collation = Collation(
        second.name,
        second.independent,
        len(both.other),
        both.aligned,
        filled=len(filled),
        numbered=len(numbered),
        emended=len(changed.emendations) - len(draft.emendations),
        kept=judged.kept,
        lacking=len(judged.lacking),
    )
    changed = replace(
        changed,
        suspects=tuple(each for each in draft.suspects if each not in gone),
        settled=draft.settled + tuple(settled),
        variants=draft.variants + tuple(variants),
        diagnostics=(*_still_said(changed, len(draft.emendations)), *_lacking(both, judged.lacking), *longer),
    )
    pages, rows = attested_pages(both), rows_of_other(both)
    collation = replace(collation, pages=len(pages), rows=len(rows.taken))
    changed = _number(changed, numbered, second.name)
    changed = with_attested(changed, _after_changes(both, changed, pages))
    changed = replace(
        changed,
        collations=(*draft.collations, collation),
        key=(*draft.key, *rows.taken),
        diagnostics=(*changed.diagnostics, *_said_of_pages(both, pages), *_said_of_headings(both)),
    )
    return _fill(changed, both, filled, rows)


def _aligned(draft: Draft, second: Second) -> Both:
    other_draft = restore_known(draft, second.draft)
    ours, other = words_of(draft), words_of(other_draft)
    found = kept_together(ours, other, align(ours.normal, other.normal))
    both = Both(draft, replace(second, draft=other_draft), ours, other, found)
    if both.share < SAME_TEXT:
        share = f"{both.share:.0%}"
        raise ImportFault(
            other_draft.witnesses[0].name,
            None,
            "these are not one text: of the words of “%(second)s” and of the volume, %(share)s "
            "stand in both%(hint)s; take the file out of [[collate]].",
            second=second.name,
            share=share,
            hint=_other_part(both),
        )
    return both


# Why a text that is another one may be taken for this.
HINT = gettext_noop(", though they share names and rare words: it may be another chapter")


def _other_part(both: Both) -> str:
    """What is said of a witness that has the volume's own words and none of its passages: it is of the same book."""
    listed = word_list(both.draft.manifest.language)
    if listed is None:
        return ""
    own = {word for word in set(both.other.normal) if len(word) >= _LONG and not listed.knows(word)}
    shared = own & set(both.ours.normal)
    is_of_book = len(own) >= _OWN_WORDS and len(shared) > _OF_BOOK * len(own)
    return HINT if is_of_book else ""


# Suspects


def _settle(both: Both, emender: Emender) -> tuple[list[Settled], list[Answer]]:
    """The suspects that the other settles, and the answers by which readings were emended."""
    settled: list[Settled] = []
    answered: list[Answer] = []
    if not both.second.independent:
        return settled, answered
    for answer in answers(both.draft, both.ours, both.other, both.found):
        if answer.as_ours:
            settled.append(Settled(answer.suspect, both.name, emended=False))
            continue
        change = Change(answer.key, answer.start, answer.end, answer.suspect.suggestion, _rule(both))
        if emender.change(change):
            settled.append(Settled(answer.suspect, both.name, emended=True))
            answered.append(answer)
    return settled, answered


def _settled_by(changed: Draft, both: Both, settled: set[Suspect]) -> Iterator[Settled]:
    """The other suspects that stand where a reading was emended now."""
    new = changed.emendations[len(both.draft.emendations) :]
    for suspect in both.draft.suspects:
        if suspect not in settled and any(_overlap(suspect.span, each.span) for each in new):
            yield Settled(suspect, both.name, emended=True)


def _overlap(a: Span, b: Span) -> bool:
    return a.witness == b.witness and a.start < b.end and b.start < a.end


def _rule(both: Both) -> str:
    return f"{RULE}: {both.name}"


# Differences


@dataclass(frozen=True, slots=True)
class _Judged:
    """The differences for a person, with their kinds; the number of words kept; our texts that the other lacks."""

    open: Sequence[tuple[Difference, VariantKind]]
    kept: int
    lacking: Sequence[int]


def _judge(both: Both, emender: Emender, answered: Sequence[Answer]) -> _Judged:
    """Emend what the rule allows, and leave the rest to a person."""
    ours = both.ours
    judge = Judge(both.draft, ours, both.other, independent=both.second.independent)
    places: dict[tuple[int, int], list[Answer]] = {}
    for answer in answered:
        places.setdefault(answer.key, []).append(answer)
    open_: list[tuple[Difference, VariantKind]] = []
    kept = 0
    lacking: list[int] = []
    for one in differences(ours, both.other, both.found):
        if one.a0 < one.a1 and any(
            ours.start[one.a0] < answer.end and answer.start < ours.end[one.a1 - 1]
            for answer in places.get(ours.keys[ours.text[one.a0]], ())
        ):
            continue
        if one.b0 == one.b1 and _is_whole_text(ours, one):
            lacking.append(ours.text[one.a0])
            continue
        verdict = judge.verdict(one)
        if verdict is Verdict.KEEP:
            kept += 1
        elif verdict is Verdict.ASK or not emender.change(_change(both, one)):
            open_.append((one, judge.kind(one)))
    return _Judged(open_, kept, lacking)


def _without_long_runs(both: Both, judged: _Judged) -> tuple[_Judged, list[Diagnostic]]:
    """Long rows of texts that only the other has, as another part of the book, are remarks and no questions."""
    other = both.other
    whole = {
        other.text[one.b0]: one
        for one, _ in judged.open
        if one.a0 == one.a1
        and (one.b0, one.b1) == (other.first[other.text[one.b0]], other.until(other.text[one.b0]))
    }
    rows: list[list[int]] = []
    for text in sorted(whole):
        if rows and rows[-1][-1] == text - 1 and whole[rows[-1][-1]].a0 == whole[text].a0:
            rows[-1].append(text)
        else:
            rows.append([text])
    long = [row for row in rows if len(row) > _MANY_TEXTS]
    gone = {id(whole[text]) for row in long for text in row}
    remarks = []
    for row in long:
        first = whole[row[0]]
        place = variant_of_words(both, first, VariantKind.PASSAGES)
        words = other.until(row[-1]) - other.first[row[0]]
        begins = other.passage(first.b0, min(first.b0 + 6, first.b1))
        message = said(
            "second-witness-longer", name=both.name, number=len(row), count=f"{words:,}", begins=begins
        )
        remarks.append(Diagnostic("second-witness-longer", place.span.witness, place.line, message))
    kept = [each for each in judged.open if id(each[0]) not in gone]
    return replace(judged, open=kept), remarks


def _is_whole_text(words: Words, one: Difference) -> bool:
    text = words.text[one.a0]
    return (one.a0, one.a1) == (words.first[text], words.until(text))


def _lacking(both: Both, lacking: Sequence[int]) -> Iterator[Diagnostic]:
    """What the other lacks whole: texts that follow each other are said once."""
    ours = both.ours
    places = sorted(lacking)
    begin = 0
    for k, text in enumerate(places):
        if k + 1 < len(places) and places[k + 1] == text + 1 and text + 1 != ours.notes_from:
            continue
        first, count = places[begin], k + 1 - begin
        begin = k + 1
        source = text_at(both.draft, ours, first).pieces[0].span
        what = "note" if first >= ours.notes_from else "paragraph"
        message = said(
            "second-witness-lacks",
            name=both.name,
            texts=f"this {what}" if count == 1 else f"{count} {what}s",
            count=f"{ours.until(text) - ours.first[first]:,}",
            begins=ours.passage(ours.first[first], min(ours.first[first] + 6, ours.until(first))),
        )
        yield Diagnostic("second-witness-lacks", source.witness, both.draft.line_at(source), message)


def _change(both: Both, one: Difference) -> Change:
    ours = both.ours
    key = ours.keys[ours.text[one.a0]]
    return Change(key, ours.start[one.a0], ours.end[one.a0], both.other.written(one.b0), _rule(both))


def _variants_of_words(
    both: Both, open_: Sequence[tuple[Difference, VariantKind]], filled: set[int]
) -> Iterator[Variant]:
    other = both.other
    for one, kind in open_:
        text = other.text[one.b0] if one.b0 < one.b1 else -1
        if text < other.notes_from or other.keys[text][0] not in filled:
            yield variant_of_words(both, one, kind)


def _still_said(changed: Draft, before: int) -> Iterator[Diagnostic]:
    """The diagnostics without lost letters that were restored."""
    restored = {(e.span.witness, e.line, e.before) for e in changed.emendations[before:]}
    for remark in changed.diagnostics:
        is_restored = remark.code == "lost-letter-unread" and any(
            (remark.witness, remark.line) == (witness, line) and token in remark.message
            for witness, line, token in restored
        )
        if not is_restored:
            yield remark


# Notes


def _number(draft: Draft, numbered: Mapping[int, int], name: str) -> Draft:
    """Give fragments their numbers."""
    if not numbered:
        return draft
    notes = list(draft.notes)
    for k, n in numbered.items():
        mark = next(gap.mark for gap in draft.missing if (gap.division, gap.n) == (notes[k].division, n))
        notes[k] = replace(notes[k], n=n, complete=True, inferred=True, mark=mark)
    lines = {(notes[k].first.witness, notes[k].first.number): n for k, n in numbered.items()}
    named = {(notes[k].division, n) for k, n in numbered.items()}
    draft = replace(
        draft,
        notes=tuple(notes),
        missing=tuple(gap for gap in draft.missing if (gap.division, gap.n) not in named),
        diagnostics=without_filled(draft, named),
    )
    remarks = []
    for remark in draft.diagnostics:
        number = lines.get((remark.witness, remark.line))
        if remark.code == "note-fragment" and number is not None:
            message = said("note-numbered", name=name, n=number)
            remark = Diagnostic("note-numbered", remark.witness, remark.line, message)
        remarks.append(remark)
    return replace(draft, diagnostics=tuple(remarks))


def _fill(draft: Draft, both: Both, filled: Sequence[tuple[MissingNote, int]], rows: Rows) -> Draft:
    """Put the other witness behind our own, and its notes into the gaps; `rows` are those of its key."""
    other, by = both.second.draft, both.by
    notes = [supplied(other.notes[k], gap, both.name, by) for gap, k in filled]
    spans = [piece.span for note in notes for part in note.paragraphs for piece in part.text.pieces]
    witnesses = tuple(replace(each, n=each.n + by) for each in other.witnesses)
    emendations, foldings = (
        tuple(
            replace(each, span=moved(each.span, by))
            for each in changes
            if any(_overlap(moved(each.span, by), span) for span in spans)
        )
        for changes in (other.emendations, other.foldings)
    )
    named = {(gap.division, gap.n) for gap, _ in filled}
    in_key = [span for entry in rows.taken for span in entry.spans if span.start < span.end]
    draft = replace(draft, witnesses=draft.witnesses + witnesses)
    return replace(
        draft,
        notes=inserted(draft, notes),
        missing=tuple(gap for gap in draft.missing if (gap.division, gap.n) not in named),
        emendations=draft.emendations + emendations,
        foldings=draft.foldings + foldings,
        accounts=draft.accounts
        + tuple(Account(span, "key") for span in in_key)
        + tuple(_not_taken(witnesses[0].n, len(witnesses[0].text), [*spans, *in_key])),
        diagnostics=(*without_filled(draft, named), *_said_of_rows(draft, both, rows), *_doubts(both)),
    )


# Pages, key, headings


def _after_changes(both: Both, changed: Draft, pages: Sequence[Attested]) -> list[Attested]:
    """The pages at their offsets in the changed texts."""
    moved_pages = []
    for page in pages:
        text = both.draft.paragraphs[page.paragraph].text
        now = changed.paragraphs[page.paragraph].text
        end = len(text.string)
        if page.offset >= end:
            moved_pages.append(replace(page, offset=len(now.string)))
            continue
        # Emended readings end before a word that both have, so the character is still there.
        source, at = text.source_at(page.offset), 0
        for piece in now.pieces:
            if piece.span.witness == source.witness and piece.span.start <= source.start < piece.span.end:
                at += source.start - piece.span.start
                break
            at += len(piece.text)
        moved_pages.append(replace(page, offset=min(at, len(now.string))))
    return moved_pages


def _said_of_pages(both: Both, pages: Sequence[Attested]) -> Iterator[Diagnostic]:
    for page in pages:
        text = both.draft.paragraphs[page.paragraph].text
        place = text.source_at(min(page.offset, len(text.string) - 1))
        message = said("page-attested", page=page.page, name=both.name)
        yield Diagnostic("page-attested", place.witness, both.draft.line_at(place), message)


def _said_of_headings(both: Both) -> Iterator[Diagnostic]:
    judge = Judge(both.draft, both.ours, both.other, independent=both.second.independent)
    for place, message in headings_of_other(both, judge.is_word):
        yield Diagnostic("second-witness-heading", place.witness, both.draft.line_at(place), message)


def _said_of_rows(draft: Draft, both: Both, rows: Rows) -> Iterator[Diagnostic]:
    judged: list[tuple[KeyEntry, str, dict[str, str]]] = [
        *((entry, "key-row-supplied", {}) for entry in rows.taken),
        *((entry, "second-witness-key", {"reason": reason}) for entry, reason in rows.left),
    ]
    for entry, code, why in judged:
        place = entry.spans[0]
        message = said(code, name=both.name, headword=entry.headword, **why)
        yield Diagnostic(code, place.witness, draft.line_at(place), message)


def _not_taken(witness: int, size: int, taken: Sequence[Span]) -> Iterator[Account]:
    """What the edition does not take from a second witness."""
    at = 0
    for span in sorted(taken, key=lambda span: (span.start, span.end)):
        if at < span.start:
            yield Account(Span(witness, at, span.start), CATEGORY)
        at = max(at, span.end)
    if at < size:
        yield Account(Span(witness, at, size), CATEGORY)


def _doubts(both: Both) -> Iterator[Diagnostic]:
    """What makes it doubtful that the other was read as it should be."""
    for doubt in both.second.draft.doubts:
        line = doubt.places[0][1] if doubt.places else 1
        message = said("second-witness-doubtful", name=both.name, doubt=doubt.said)
        yield Diagnostic("second-witness-doubtful", both.by, line, message)

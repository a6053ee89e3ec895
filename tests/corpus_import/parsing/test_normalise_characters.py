"""A text whose characters a tool replaced reads as the plain one, and every span finds its own characters."""

import itertools
import random
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus_import.parsing.characters import Way, edit
from corpus_import.parsing.elements import Draft, Span
from corpus_import.parsing.source import decode_witness
from tests.corpus_import.parsing.case_files import SCENE, parse_text
from tests.editions import plausible_edition
from tests.examples import examples
from tests.typesetter import Faults, typeset

LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
SPACES = "\u00a0\u2002\u2009\u202f\u3000"
SIGNS = "\u00ad\u200b\u2060\ufeff\u202a\u202c\x08"
STRAIGHT = str.maketrans("“”‘’", "\"\"''")
ODD = "\t\v\f\x1c\x85\xa0\xad¬\u0301\u0308\u200b\u2003\u2009\u2011\u2028\u202e\u3000\ufb00\ufb01\ufeff abé-.\n\r"


def made_odd(text: str, chance: random.Random) -> str:
    """The text with odd characters in place of plain ones, in every tenth place that can have one."""

    def rarely(pattern: str, instead: object, of: str) -> str:
        def replaced(match: re.Match[str]) -> str:
            return (
                match[0] if chance.random() > 0.1 else str(instead(match) if callable(instead) else instead)
            )

        return re.sub(pattern, replaced, of, flags=re.MULTILINE)

    text = rarely(r"(?<=[ (\[])\"(?=\w)", "“", text)
    text = rarely(r"(?<=[\w.,])\"", "”", text)
    text = rarely(r"(?<=\w)'(?=\w)", "’", text)
    text = rarely("ffi|ffl|ff|fi|fl", lambda m: LIGATURES[m[0]], text)
    text = rarely(r"(?<=\S) (?=\S)", lambda m: chance.choice(SPACES), text)
    text = rarely(r"^    (?=\S)", lambda m: chance.choice("\t\u2003"), text)
    text = rarely(r"(?<=\w)-(?=\w)", "\u2011", text)
    text = rarely("[é-üē]", lambda m: unicodedata.normalize("NFD", m[0]), text)
    return rarely(r"(?<=[^\W\d_])(?=[^\W\d_])", lambda m: chance.choice(SIGNS), text)


def read(draft: Draft) -> list[object]:
    """All that a reader sees, with straight quotation marks."""
    strings = [d.head.string for d in draft.divisions] + [p.text.string for p in draft.paragraphs]
    strings += [part.text.string for note in draft.notes for part in note.paragraphs]
    return [
        *(string.translate(STRAIGHT) for string in strings),
        *((d.kind, d.n, d.page, d.parent) for d in draft.divisions),
        *((p.division, p.kind, p.continues) for p in draft.paragraphs),
        *([(r.offset, r.n) for r in p.references] for p in draft.paragraphs),
        *([(b.offset, b.page) for b in p.breaks] for p in draft.paragraphs),
        *((n.division, n.n, n.page, n.complete) for n in draft.notes),
        *((k.headword, k.definition.translate(STRAIGHT), k.see) for k in draft.key),
    ]


@examples(25)
@given(st.integers(0, 2**32))
def test_an_edition_with_odd_characters_reads_as_the_plain_one(seed: int) -> None:
    plain = typeset(plausible_edition(seed), faults=Faults.every(seed)).text
    odd = made_odd(plain, random.Random(seed))

    draft = parse_text(odd)

    assert draft.edited[0].edits
    assert read(draft) == read(parse_text(plain))
    for paragraph in draft.paragraphs:
        for piece in paragraph.text.pieces:
            own = draft.witnesses[0].text[piece.span.start : piece.span.end]
            known = any(
                e.span.start <= piece.span.start <= piece.span.end <= e.span.end
                for e in (*draft.emendations, *draft.foldings)
            )
            assert own == piece.text or not own.strip() or known or own.split() == piece.text.split()


@examples(300)
@given(st.text(ODD, max_size=60))
@example("\u00ad\u200b\n")
@example("\u00ad \u0301\n\t")
@example("a\u200b \u200b b")
def test_every_part_of_an_edited_text_finds_its_own_characters(text: str) -> None:
    own = decode_witness(f"{text}a".encode(), "one.txt", 0, "utf-8")
    edited, way_back = edit(own, lambda word: word == "fib")
    way = Way(way_back)

    assert len(edited.line_starts) == len(own.line_starts)
    assert [edited.line_at(way.there(start)) for start in own.line_starts] == [
        own.line_at(start) for start in own.line_starts
    ]
    for start in range(0, len(edited.text), 3):
        span = Span(0, start, min(start + 7, len(edited.text)))
        parts = list(way.cut(span))
        assert (
            "".join(edited.text[start + a : start + b] for a, b, _ in parts) == edited.text[start : span.end]
        )
        assert all(a.end <= b.start for (_, _, a), (_, _, b) in itertools.pairwise(parts))
        for a, b, part in parts:
            characters = own.text[part.start : part.end]
            same = [
                x.isspace() == y.isspace()
                for x, y in zip(characters, edited.text[start + a : start + b], strict=False)
            ]
            assert all(same) or any(e.start <= part.start <= part.end <= e.end for e in way_back.edits)


@examples(200)
@given(st.lists(st.text(ODD, max_size=30), max_size=12))
def test_no_odd_character_makes_the_audit_unbalanced(lines: list[str]) -> None:
    parse_text(SCENE + "\n".join(lines))


def test_many_emendations_of_one_kind_are_counted_and_few_are_listed() -> None:
    few, many = (parse_text(SCENE + "    " + "The oﬃce. " * n + "\n") for n in (40, 41))

    assert (len(few.emendations), len(few.foldings)) == (40, 0)
    assert (len(many.emendations), len(many.foldings)) == (0, 41)
    assert [d.message for d in many.diagnostics if d.code == "characters-normalised"] == [
        "41 ligatures are written as their letters; the first is “oﬃce.”, read as “office.”."
    ]


@pytest.mark.parametrize("sign", ["\u200c", "\u200d"])
def test_a_joiner_stays_between_letters_of_a_script_that_needs_it(sign: str) -> None:
    draft = parse_text(
        SCENE + f"    The word \u0646\u0645\u06cc{sign}\u062e\u0648\u0627\u0647\u0645 and of{sign}fice.\n"
    )

    assert (
        draft.paragraphs[-1].text.string
        == f"The word \u0646\u0645\u06cc{sign}\u062e\u0648\u0627\u0647\u0645 and office."
    )

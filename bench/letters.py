"""Lose letters and measure how many are restored: `make bench-letters`.

    python -m bench.letters [--letters NT] [--forms U+FFFD nothing] [--show]

Takes the real file if it is at hand, else the sample. Each letter of 36 (the capitals and ten small ones) is lost in
turn, in six forms: as U+FFFD, `&`, `#`, a comma, a blank, or nothing. It is lost either in one *font* (short lines
that stand alone, and one run of words in fifteen) or *everywhere*. A restored letter is right
if the word then stands as it stood before; every other change is wrong. A loss that leaves another word (`ask` of
*Task*) counts as well, though nobody could see it.
"""

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.source import decode_witness, number_lines
from corpus_import.parsing.stages.repair_lost_letters import repair_lost_letters
from corpus_import.parsing.stages.return_to_witnesses import return_to_witnesses
from tests.corpus_import.parsing.case_files import MANIFEST

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "volume" / "second-period-section-1.txt"
SAMPLE = ROOT / "fixtures" / "sample" / "file-1.txt"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SMALL = "etaoinsrhl"
FORMS = {"U+FFFD": "\ufffd", "&": "&", "#": "#", "comma": ",", "blank": " ", "nothing": ""}
EXTENTS = ("font", "everywhere")
GOAL = 0.95
# One run of words in so many is set in the font that loses the letter; a run has one to four words.
RUN_IN = 15
SHORT_LINE = 50


@dataclass(frozen=True)
class Damaged:
    """A text that has lost letters: for each of its characters, and its end, the offset in the sound text."""

    text: str
    origins: Sequence[int]
    lost: frozenset[int]  # offsets in the sound text


def lose(text: str, letter: str, stand_in: str, in_font: Sequence[bool] | None) -> Damaged:
    """The text without `letter`, everywhere or where it is set in the font."""
    characters, origins, lost = [], [], set()
    for offset, character in enumerate(text):
        if character == letter and (in_font is None or in_font[offset]):
            lost.add(offset)
            character = stand_in
        if character:
            characters.append(character)
            origins.append(offset)
    origins.append(len(text))
    return Damaged("".join(characters), origins, frozenset(lost))


def set_in_font(text: str) -> list[bool]:
    """For each character of a text, whether it is set in the font that loses a letter."""
    chance = random.Random(1)
    is_in = [False] * len(text)
    at, above = 0, ""
    for line in text.splitlines(keepends=True):
        if line.strip() and not above.strip() and len(line.strip()) < SHORT_LINE:
            is_in[at : at + len(line)] = [True] * len(line)
        at, above = at + len(line), line
    left = 0
    for word in re.finditer(r"\S+", text):
        if not left and chance.randrange(RUN_IN) == 0:
            left = chance.randrange(1, 5)
        if left:
            left -= 1
            is_in[word.start() : word.end()] = [True] * len(word[0])
    return is_in


def read(text: str) -> Draft:
    """Number the lines of a text and repair its letters."""
    witness = decode_witness(text.encode(), "bench.txt", 0, "utf-8")
    return return_to_witnesses(repair_lost_letters(number_lines(Draft(MANIFEST, (witness,)))))


def judge(sound: str, damaged: Damaged) -> tuple[int, list[tuple[str, str, str]]]:
    """How many letters were restored, and the wrong changes: before, after, and what stood there."""
    right, wrong = 0, []
    for emendation in read(damaged.text).emendations:
        start = damaged.origins[emendation.span.start - 1] + 1 if emendation.span.start else 0
        end = damaged.origins[emendation.span.end]
        if emendation.after.strip() == sound[start:end].strip():
            right += sum(start <= offset < end for offset in damaged.lost)
        else:
            wrong.append((emendation.before, emendation.after, sound[start:end]))
    return right, wrong


def sound_text() -> str:
    """The text to damage, with the letters that it has lost itself put back."""
    text = (REAL if REAL.exists() else SAMPLE).read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    for emendation in reversed(read(text).emendations):
        text = text[: emendation.span.start] + emendation.after + text[emendation.span.end :]
    return text.replace("\ufffd", "")


def measure(letters: str, forms: Sequence[str], *, show: bool) -> Iterator[str]:
    """The table, a row for each form and extent."""
    sound = sound_text()
    font = set_in_font(sound)
    yield f"{'form':<8} {'extent':<11} {'letters':>8} {'lost':>7} {'restored':>9} {'wrong':>6}  below {GOAL:.0%}"
    for form in forms:
        for extent in EXTENTS:
            done: dict[str, tuple[int, int]] = {}
            mistakes: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
            for letter in letters:
                damaged = lose(sound, letter, FORMS[form], font if extent == "font" else None)
                if damaged.lost:
                    right, mistakes[letter] = judge(sound, damaged)
                    done[letter] = (right, len(damaged.lost))
            lost = sum(count for _, count in done.values())
            restored = sum(right for right, _ in done.values())
            low = [
                f"{letter} {right / count:.0%}"
                for letter, (right, count) in done.items()
                if right < GOAL * count
            ]
            wrong = sum(map(len, mistakes.values()))
            yield (
                f"{form:<8} {extent:<11} {len(done):>8} {lost:>7,} {restored / max(lost, 1):>9.1%} {wrong:>6}"
                f"  {', '.join(low)}"
            )
            if show:
                for letter, pairs in mistakes.items():
                    yield from (f"    {letter}: {a!r} → {b!r}, was {c!r}" for a, b, c in pairs[:6])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", default=CAPITALS + SMALL)
    parser.add_argument("--forms", nargs="*", choices=FORMS, default=list(FORMS))
    parser.add_argument("--show", action="store_true", help="show the wrong changes")
    options = parser.parse_args()
    for row in measure(options.letters, options.forms, show=options.show):
        print(row, flush=True)


if __name__ == "__main__":
    main()

"""Collate a text with damaged copies of itself and measure what the copies bring: `make bench-collation`.

    python -m bench.collation [--only NAME] [--seed N] [--show] [--size]

Our witness is the sample, or the real file if it is at hand, with faults planted in one character of a thousand, and
without some of its notes and numbers of notes. The other is the same text without these faults, damaged in another
way: noise, an OCR's confusions, other cuts of paragraphs, a moved chapter, missing pages. The undamaged text is the
truth: an emendation is right if it restores the word that the truth has there, a suspect is settled rightly if the
reading that then stands is the truth's. `--size` measures a book of 600 pages instead.
"""

import argparse
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

from corpus_import.parsing.collation.words import words_of
from corpus_import.parsing.elements import Draft, Note, Second, Span, VariantKind
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_witness, number_lines
from corpus_import.parsing.stages.balance_books import balance_books
from corpus_import.parsing.stages.collate_witnesses import RULE, collate_witnesses
from tests.corpus_import.parsing.case_files import MANIFEST

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "volume" / "second-period-section-1.txt"
SAMPLE = ROOT / "fixtures" / "sample" / "file-1.txt"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# What an OCR takes for something else.
CONFUSIONS = (
    ("rn", "m"),
    ("m", "rn"),
    ("cl", "d"),
    ("l", "1"),
    ("e", "c"),
    ("h", "b"),
    ("fi", "n"),
    ("0", "O"),
)
CONFUSED = (("1", "l"), ("5", "S"), ("8", "3"), (",", "."), (".", ","), ("ii", "u"), ("tt", "ti"))
# One character of so many is a planted fault of ours.
PLANTED = 1000
SECONDS, MEGABYTES, PAGES, WORDS_OF_A_PAGE = 10.0, 300.0, 600, 350


@dataclass(frozen=True)
class Edited:
    """A text made of another, with the offset in the other of each of its characters and its end."""

    text: str
    origins: Sequence[int]


def edited(text: str, change: Callable[[int], tuple[int, str] | None]) -> Edited:
    """The text where `change` says at an offset how many characters give way to what."""
    characters: list[str] = []
    origins: list[int] = []
    at = 0
    while at < len(text):
        found = change(at)
        size, after = found or (1, text[at])
        characters += after
        origins += [at] * len(after)
        at += max(size, 1)
    return Edited("".join(characters), [*origins, len(text)])


def noise(text: str, share: float, seed: int) -> Edited:
    """Letters replaced, lost, doubled, swapped with the next one, or parted by a space."""
    chance = random.Random(seed)

    def change(at: int) -> tuple[int, str] | None:
        here = text[at]
        if not (here.isalpha() and here.isascii()) or chance.random() >= share:
            return None
        way = chance.randrange(5)
        if way == 0:
            return 1, chance.choice(LETTERS)
        if way == 1:
            return 1, ""
        if way == 2:
            return 1, here * 2
        if way == 3 and text[at + 1 : at + 2].isalpha():
            return 2, text[at + 1] + here
        return 1, f"{here} " if text[at + 1 : at + 2].isalpha() else here

    return edited(text, change)


def ocr(text: str, share: float, seed: int) -> str:
    """What an OCR takes for something else, at a share of the places where it could."""
    chance = random.Random(seed)

    def change(at: int) -> tuple[int, str] | None:
        for before, after in CONFUSIONS + CONFUSED:
            if text.startswith(before, at) and chance.random() < share:
                return len(before), after
        return None

    return edited(text, change).text


def other_cuts(text: str, seed: int) -> str:
    """Some paragraphs cut at the end of a line, some joined with the next one."""
    chance = random.Random(seed)
    lines = text.split("\n")
    cut: list[str] = []
    for k, line in enumerate(lines):
        before, after = lines[k - 1] if k else "", lines[k + 1] if k + 1 < len(lines) else ""
        is_prose = len(line) > 60 and not line.startswith(" ")
        if is_prose and len(before) > 60 and line[:1].isupper() and chance.random() < 0.1:
            cut += ["", f"    {line}"]
        elif (
            not line.strip() and len(before) > 40 and re.match(r" {4}[A-Z]", after) and chance.random() < 0.1
        ):
            continue
        else:
            cut.append(line)
    return "\n".join(cut)


def moved_chapter(text: str, seed: int) -> str:
    """The last chapter but one put behind the last."""
    draft = read(text)
    starts = draft.witnesses[0].line_starts
    kinds = ("front", "part", "chapter")
    heads = sorted(
        starts[d.blocks[0].first.number - 1] for d in draft.divisions if d.kind in kinds and d.blocks
    )
    first, second = heads[-2], heads[-1]
    return text[:first] + text[second:].rstrip("\n") + "\n\n" + text[first:second]


def missing_pages(text: str, seed: int) -> str:
    """Three stretches of thirty lines taken out."""
    chance = random.Random(seed)
    lines = text.split("\n")
    for _ in range(3):
        at = chance.randrange(len(lines) // 10, len(lines) - 60)
        del lines[at : at + 30]
    return "\n".join(lines)


COPIES: dict[str, Callable[[str, int], str]] = {
    "a good copy": lambda text, seed: text,
    "noise 0.5 %": lambda text, seed: noise(text, 0.005, seed).text,
    "noise 2 %": lambda text, seed: noise(text, 0.02, seed).text,
    "OCR 1 %": lambda text, seed: ocr(text, 0.01, seed),
    "OCR 3 %": lambda text, seed: ocr(text, 0.03, seed),
    "other cuts, 0.5 %": lambda text, seed: noise(other_cuts(text, seed), 0.005, seed).text,
    "moved chapter, 0.5 %": lambda text, seed: noise(moved_chapter(text, seed), 0.005, seed).text,
    "missing pages, 0.5 %": lambda text, seed: noise(missing_pages(text, seed), 0.005, seed).text,
}


def read(text: str) -> Draft:
    """A text, read as a volume."""
    return parse(number_lines(Draft(MANIFEST, (decode_witness(text.encode(), "copy.txt", 0, "utf-8"),))))


def without_notes(draft: Draft, seed: int) -> tuple[set[int], set[int]]:
    """The lines of every third note, and the lines with the numbers of as many others."""
    witness = draft.witnesses[0]
    gone: set[int] = set()
    unnumbered: set[int] = set()
    for k, note in enumerate(n for n in draft.notes if n.n is not None):
        spans = [piece.span for part in note.paragraphs for piece in part.text.pieces]
        last = max((witness.line_at(span.end - 1) for span in spans), default=note.first.number)
        if (k + seed) % 3 == 0:
            gone.update(range(note.first.number, last + 1))
        elif (k + seed) % 3 == 1:
            unnumbered.add(note.first.number)
    return gone, unnumbered


def our_witness(text: str, draft: Draft, seed: int) -> Edited:
    """Our witness: the truth without some notes and numbers of notes, and with planted faults."""
    gone, unnumbered = without_notes(draft, seed)
    kept: list[str] = []
    origins: list[int] = []
    at = 0
    for n, line in enumerate(text.splitlines(keepends=True), 1):
        if n not in gone:
            written = re.sub(r"\d", " ", line, count=3) if n in unnumbered else line
            written = re.sub(r"^(\s*)\.", r"\1 ", written) if n in unnumbered else written
            kept += written
            origins += range(at, at + len(line))
        at += len(line)
    plain = "".join(kept)
    planted = noise(plain, 1 / PLANTED, seed + 1000)
    origins.append(len(text))
    return Edited(planted.text, [origins[o] for o in planted.origins])


class Truth:
    """The undamaged text, and where our witness's characters stand in it."""

    def __init__(self, text: str, ours: Edited) -> None:
        self.text, self.ours = text, ours

    def at(self, span: Span) -> str:
        """What the truth has where our witness has a span, with single spaces."""
        # A character that was lost before the span belongs to it.
        start = self.ours.origins[span.start - 1] + 1 if span.start else 0
        return plain(self.text[start : self.ours.origins[span.end]])


def plain(string: str) -> str:
    """A string with single spaces, and none after a hyphen at the end of a line."""
    return re.sub(r"(?<=[a-z0-9])-\s+", "-", " ".join(string.split()))


@dataclass
class Score:
    """What a copy brought."""

    gaps: int = 0
    fillable: int = 0
    filled: int = 0
    exact: int = 0
    wrongly_filled: int = 0
    fragments: int = 0
    numbered: int = 0
    wrongly_numbered: int = 0
    emended: int = 0
    wrongly: int = 0
    settled: int = 0
    wrongly_settled: int = 0
    suspects: int = 0
    kept: int = 0
    variants: Counter[VariantKind] | None = None
    seconds: float = 0.0


def collate(ours: Draft, copy: Draft, *, independent: bool = True) -> tuple[Draft, float]:
    """Our draft collated with a copy's, and the seconds that it took."""
    begun = time.perf_counter()
    draft = collate_witnesses(replace(ours, seconds=(Second("the copy", independent, copy),)))
    seconds = time.perf_counter() - begun
    return balance_books(draft), seconds


def score(whole: Draft, ours: Draft, copy: Draft, truth: Truth, show: bool) -> Score:
    """Collate, and compare with the truth."""
    draft, seconds = collate(ours, copy)
    said = Score(seconds=seconds, variants=Counter(v.kind for v in draft.variants))
    known = _notes_of(whole)
    theirs = _notes_of(copy)
    heads = _heads_of(ours, whole)
    said.gaps = len(ours.missing)
    said.fillable = sum(
        any(
            n == gap.n and _is_alike(note, known.get((heads[gap.division], gap.n), ""))
            for (_, n), note in theirs.items()
        )
        for gap in ours.missing
    )
    for note in draft.notes:
        if note.supplied_from:
            key = heads[note.division], note.n or 0
            is_wrong = not _is_alike(_string(note), known.get(key, ""))
            said.filled += 1
            said.exact += known.get(key, "") == _string(note)
            said.wrongly_filled += is_wrong
            if show and is_wrong:
                print("  WRONGLY FILLED", key, _string(note)[:60], "|", known.get(key, "")[:60])
    said.fragments = sum(note.n is None for note in ours.notes)
    collation = draft.collations[0]
    said.numbered, said.kept = collation.numbered, collation.kept
    lines = {n.first.number: n for n in ours.notes if n.n is None}
    for note in draft.notes:
        if note.n is not None and not note.supplied_from and lines.get(note.first.number):
            mine = _string(note)
            right = known.get((heads[note.division], note.n), "")
            is_wrong = (
                SequenceMatcher(None, right, mine, autojunk=False).ratio() < 0.5 and mine[:30] not in right
            )
            said.wrongly_numbered += is_wrong
            if show and is_wrong:
                print("  WRONGLY NUMBERED", heads[note.division], note.n, mine[:60], "|", right[:60])
    settled = {id(each.suspect) for each in draft.settled}
    for each in draft.emendations[len(ours.emendations) :]:
        if each.rule.startswith(RULE) and each.span.witness == 0:
            said.emended += 1
            is_wrong = plain(each.after) != truth.at(each.span)
            said.wrongly += is_wrong
            if show and is_wrong:
                print(
                    "  WRONGLY EMENDED",
                    repr(each.before),
                    repr(each.after),
                    "truth",
                    repr(truth.at(each.span)),
                )
    said.suspects, said.settled = len(ours.suspects), len(settled)
    for one in draft.settled:
        stands = one.suspect.suggestion if one.emended else one.suspect.reading
        span = one.suspect.span
        if not one.emended and truth.at(span) != plain(stands):
            said.wrongly_settled += 1
            if show:
                print("  WRONGLY SETTLED", one.suspect.code, repr(stands), "truth", repr(truth.at(span)))
    return said


def _is_alike(a: str, b: str) -> bool:
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.6


def _heads_of(ours: Draft, whole: Draft) -> dict[int, str]:
    """For each division of ours the head that the truth has: ours may have a fault in it."""
    true = [d.head.string for d in whole.divisions]

    def likeness(head: str, other: str) -> float:
        return SequenceMatcher(None, head, other, autojunk=False).ratio()

    return {d.index: max(true, key=partial(likeness, d.head.string)) for d in ours.divisions}


def _notes_of(draft: Draft) -> dict[tuple[str, int], str]:
    heads = {d.index: d.head.string for d in draft.divisions}
    return {(heads[n.division], n.n): _string(n) for n in draft.notes if n.n is not None}


def _string(note: Note) -> str:
    return "\n".join(part.text.string for part in note.paragraphs)


def long_book(pages: int, seed: int) -> str:
    """A book of many pages: chapters of prose made of the words of the sample, as often as the sample has them."""
    chance = random.Random(seed)
    words = re.findall(r"[a-z]{2,}", SAMPLE.read_text(encoding="utf-8"))
    names = [
        a + b
        for a in ("vol", "kra", "ber", "sto", "mir")
        for b in ("ov", "insk", "ada", "enko", "itsa", "un")
    ]
    text = []
    for page in range(pages):
        if page % 20 == 0:
            text.append(f"   {page // 20 + 1}. The chapter of {chance.choice(names)}\n")
        for _ in range(3):
            many = chance.choices(words + names, k=WORDS_OF_A_PAGE // 3)
            sentences = [" ".join(many[k : k + 12]).capitalize() + "." for k in range(0, len(many), 12)]
            line = "    " + " ".join(sentences)
            text.append("\n".join(re.findall(r".{1,92}(?: |$)", line)) + "\n")
    return "\n".join(text)


def measure_size() -> None:
    """Seconds and memory of the collation of a book of 600 pages with a copy of 2 % noise."""
    text = long_book(PAGES, 1)
    ours, copy = read(text), read(noise(text, 0.015, 2).text)
    size, other = len(words_of(ours)), len(words_of(copy))
    before = _peak()
    draft, seconds = collate(ours, copy)
    memory = _peak() - before
    aligned = draft.collations[0].aligned
    print(
        f"{PAGES} pages, {size:,} and {other:,} words, {size - aligned:,} of them different or lost:"
        f" {seconds:.1f} s (goal {SECONDS:.0f}), {memory:.0f} MB more than the two drafts (goal {MEGABYTES:.0f}),"
        f" {len(draft.variants):,} variants"
    )


def _peak() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1024


def main() -> None:
    """Print a table for each text: a row for each copy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="copies with this in their name")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print what is wrong")
    parser.add_argument("--size", action="store_true", help="a book of 600 pages alone")
    options = parser.parse_args()
    if options.size:
        measure_size()
        return
    wrong = 0
    for path in (SAMPLE, REAL):
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8-sig")
        whole = read(text)
        ours = our_witness(text, whole, options.seed)
        mine = read(ours.text)
        truth = Truth(text, ours)
        print(f"{path.name}: {len(words_of(mine)):,} words")
        print(
            f"  {'copy':22}{'gaps':>5}{'can':>5}{'filled':>7}{'exact':>6}{'wrong':>6}{'frag.':>6}{'num.':>5}"
            f"{'wrong':>6}"
            f"{'emend':>6}{'wrong':>6}{'susp.':>6}{'settl':>6}{'wrong':>6}{'kept':>6}"
            f"{'fig.':>5}{'words':>6}{'pass.':>6}{'div.':>5}{'punct':>6}{'s':>6}"
        )
        for name, damage in COPIES.items():
            if options.only not in name:
                continue
            said = score(whole, mine, read(damage(text, options.seed + 7)), truth, options.show)
            variants = said.variants or Counter()
            print(
                f"  {name:22}{said.gaps:5}{said.fillable:5}{said.filled:7}{said.exact:6}{said.wrongly_filled:6}"
                f"{said.fragments:6}{said.numbered:5}{said.wrongly_numbered:6}{said.emended:6}{said.wrongly:6}"
                f"{said.suspects:6}{said.settled:6}{said.wrongly_settled:6}{said.kept:6}"
                + "".join(
                    f"{variants[kind]:{w}}" for kind, w in zip(VariantKind, (5, 6, 6, 5, 6), strict=True)
                )
                + f"{said.seconds:6.1f}"
            )
            wrong += said.wrongly + said.wrongly_filled + said.wrongly_numbered
    print(f"wrong emendations, fillings and numbers: {wrong} (goal 0)")


if __name__ == "__main__":
    main()

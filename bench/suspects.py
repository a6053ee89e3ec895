"""Measure how many faults the suspects find, and how many suspects are false alarms: `python -m bench.suspects`.

Three measurements:

- the real volume, if its files are at hand, against the faults that a proofreader found by reading
  (tests/corpus_import/parsing/second_period_faults.tsv: line, reading, should_be, kind, sure), and thirty-two of its
  pages against the faults that were found by reading these again (second_period_read_again.tsv);
- the sample volume, set without faults, with faults of every kind planted from a seed;
- prose on which no rule was tuned, with planted faults: the project's documentation, set as a book, or plain text of
  one's own (`--prose FILE …`, paragraphs between blank lines). This measurement shows what to expect of a volume that
  nobody has read. The suspects before planting are the false alarms, but for faults that the text has already.

A suspect finds a fault if the two stand on one line or on neighbouring lines, and their readings share a word.
"""

import argparse
import csv
import random
import re
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus_import.parsing.elements import Draft, LineKind, Suspect
from corpus_import.parsing.manifest import read_manifest
from corpus_import.parsing.pipeline import parse, parse_volume
from corpus_import.parsing.source import decode_witness, number_lines
from tests.sample import EDITION
from tests.sample import MANIFEST as SAMPLE
from tests.typesetter import Faults, typeset

ROOT = Path(__file__).resolve().parent.parent
FAULTS = ROOT / "tests" / "corpus_import" / "parsing" / "second_period_faults.tsv"
MANIFEST = ROOT / "fixtures" / "second-period" / "volume.toml"
FOLDERS = (MANIFEST.parent, ROOT.parent / "shared" / "volume")
NAME = "second-period-section-1.txt"
READ_AGAIN = FAULTS.with_name("second_period_read_again.tsv")
PAGES_READ_AGAIN = ((560, 990), (1295, 1760))  # lines
DOCUMENTATION = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))


@dataclass(frozen=True)
class Fault:
    """A real fault: its line, its reading, and the right reading."""

    line: int
    reading: str
    should_be: str
    kind: str
    sure: bool = True


@dataclass(frozen=True)
class Measured:
    """Faults found, faults missed, and false alarms."""

    found: tuple[tuple[Fault, Suspect], ...]
    missed: tuple[Fault, ...]
    false: tuple[Suspect, ...]

    @property
    def recall(self) -> float:
        """The share of faults that were found."""
        return len(self.found) / max(len(self.found) + len(self.missed), 1)

    @property
    def precision(self) -> float:
        """The share of found faults in found faults and false alarms together."""
        return len(self.found) / max(len(self.found) + len(self.false), 1)


def _pieces(reading: str) -> set[str]:
    return set(re.findall(r"\w+", reading.casefold())) or {reading.strip()}


def _finds(suspect: Suspect, fault: Fault) -> bool:
    if suspect.code.startswith("unbalanced") and fault.kind in ONE_OF_TWO:
        # The text shows which of the two marks is lost, but not where the mark stood.
        return abs(suspect.line - fault.line) <= 8
    if abs(suspect.line - fault.line) > 1:
        return False
    mine, theirs = _pieces(suspect.reading), _pieces(fault.reading)
    squeezed = re.sub(r"\W", "", suspect.reading.casefold()), re.sub(r"\W", "", fault.reading.casefold())
    within = min(len(s) for s in squeezed) > 2 and (squeezed[0] in squeezed[1] or squeezed[1] in squeezed[0])
    marks = suspect.reading in fault.reading or fault.reading in suspect.reading
    return bool(mine & theirs) or within or marks


def measure(suspects: Iterable[Suspect], faults: Iterable[Fault]) -> Measured:
    """Pair suspects with faults; a second suspect for a fault is not a false alarm."""
    suspects = list(suspects)
    found, missed, useful = [], [], set()
    for fault in faults:
        matches = [k for k, s in enumerate(suspects) if _finds(s, fault)]
        useful.update(matches)
        if matches:
            found.append((fault, suspects[matches[0]]))
        else:
            missed.append(fault)
    false = tuple(s for k, s in enumerate(suspects) if k not in useful)
    return Measured(tuple(found), tuple(missed), false)


def report(name: str, measured: Measured, suspects: int, lists: bool = True) -> None:
    """Print the figures, in all and by kind, with the missed faults and the false alarms."""
    faults = len(measured.found) + len(measured.missed)
    print(f"{name}: {faults} faults, {suspects} suspects.")
    print(
        f"  found {len(measured.found)} ({measured.recall:.0%}), missed {len(measured.missed)},"
        f" false alarms {len(measured.false)}"
        f" ({len(measured.false) / max(len(measured.found), 1):.2f} for each true one;"
        f" precision {measured.precision:.0%})"
    )
    found = Counter(fault.kind for fault, _ in measured.found)
    missed = Counter(fault.kind for fault in measured.missed)
    for kind in sorted({*found, *missed}):
        print(f"    {kind:32} {found[kind]:4} of {found[kind] + missed[kind]:4}")
    for code, count in sorted(Counter(s.code for s in measured.false).items()):
        print(f"    false: {code:25} {count:4}")
    if lists:
        for fault in measured.missed:
            print(f"  missed {fault.line}: {fault.reading} → {fault.should_be} ({fault.kind})")
        for s in measured.false:
            print(f"  false {s.line}: {s.code}: {s.reading} → {s.suggestion} -- {s.evidence}")


# ------------------------------------------------------------------------------------------- the real volume


def read_faults(path: Path = FAULTS) -> list[Fault]:
    """Read a proofreader's list."""
    with path.open(encoding="utf-8", newline="") as rows:
        lines = (row for row in rows if not row.startswith("#"))
        return [
            Fault(int(r["line"]), r["reading"], r["should_be"], r["kind"], r["sure"].strip().lower() in YES)
            for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


ONE_OF_TWO = ("quotation mark lost", "bracket lost")  # planted
YES = ("yes", "y", "1", "true", "sure")


def measure_real() -> None:
    """Measure the suspects of the real volume against the proofreader's list."""
    folder = next((f for f in FOLDERS if (f / NAME).is_file()), None)
    if folder is None or not FAULTS.is_file():
        print(f"The real volume is not measured: {NAME if folder is None else FAULTS.name} is not at hand.")
        return
    draft = parse_volume(MANIFEST, folder)
    faults = read_faults()
    sure = [f for f in faults if f.sure]
    report("The real volume, all faults", measure(draft.suspects, faults), len(draft.suspects))
    # A reading of which the proofreader was not sure is not a false alarm.
    unsure = [s for s in draft.suspects if any(_finds(s, f) for f in faults if not f.sure)]
    kept = [s for s in draft.suspects if s not in unsure or any(_finds(s, f) for f in sure)]
    report("The real volume, sure faults", measure(kept, sure), len(kept), lists=False)
    again = read_faults(READ_AGAIN)
    sure = [f for f in again if f.sure]
    doubted = [f for f in (*again, *faults) if not f.sure]
    inside = [s for s in draft.suspects if any(first <= s.line <= last for first, last in PAGES_READ_AGAIN)]
    kept = [s for s in inside if any(_finds(s, f) for f in sure) or not any(_finds(s, f) for f in doubted)]
    report("Thirty-two pages read again, sure faults", measure(kept, sure), len(kept))


# ------------------------------------------------------------------------------------------- planted faults

CONFUSED = {
    "then": "their", "their": "then", "were": "we", "by": "be", "be": "by", "from": "form", "through": "though",
    "though": "through", "than": "that", "that": "than", "they": "the", "of": "or", "on": "or", "it": "if", "is": "it",
    "his": "this", "has": "as", "was": "as", "not": "now", "had": "and", "its": "is", "for": "far", "one": "on",
}  # fmt: skip
SMALL = ("the", "of", "to", "a", "in", "is", "was", "by", "for", "that")

Planter = Callable[
    [random.Random, str], tuple[str, str, str] | None
]  # a line → the line, the reading, the truth


def _word(chance: random.Random, line: str, pattern: str) -> re.Match[str] | None:
    matches = list(re.finditer(pattern, line))
    return chance.choice(matches) if matches else None


def _transpose(chance: random.Random, line: str) -> tuple[str, str, str] | None:
    m = _word(chance, line, r"(?<![\w'-])[a-z]{5,}(?![\w'-])")
    if m is None:
        return None
    k = chance.choice([k for k in range(len(m[0]) - 1) if m[0][k] != m[0][k + 1]])
    wrong = m[0][:k] + m[0][k + 1] + m[0][k] + m[0][k + 2 :]
    return line[: m.start()] + wrong + line[m.end() :], wrong, m[0]


def _drop_letter(chance: random.Random, line: str) -> tuple[str, str, str] | None:
    m = _word(chance, line, r"(?<![\w'-])[a-z]{6,}(?![\w'-])")
    if m is None:
        return None
    k = chance.randrange(1, len(m[0]) - 1)
    wrong = m[0][:k] + m[0][k + 1 :]
    return line[: m.start()] + wrong + line[m.end() :], wrong, m[0]


def _change_letter(chance: random.Random, line: str) -> tuple[str, str, str] | None:
    m = _word(chance, line, r"(?<![\w'-])[a-z]{6,}(?![\w'-])")
    if m is None:
        return None
    k = chance.randrange(len(m[0]))
    wrong = m[0][:k] + chance.choice("aeioutnrslc".replace(m[0][k], "")) + m[0][k + 1 :]
    return line[: m.start()] + wrong + line[m.end() :], wrong, m[0]


def _split(chance: random.Random, line: str) -> tuple[str, str, str] | None:
    m = _word(chance, line, r"(?<![\w'-])[a-z]{6,}(?![\w'-])")
    if m is None:
        return None
    k = chance.randrange(2, len(m[0]) - 1)
    wrong = m[0][:k] + " " + m[0][k:]
    return line[: m.start()] + wrong + line[m.end() :], wrong, m[0]


def _fuse(chance: random.Random, line: str) -> tuple[str, str, str] | None:
    m = _word(chance, line, r"(?<![\w'-])[a-z]{2,} [a-z]{2,}(?![\w'-])")
    if m is None:
        return None
    wrong = m[0].replace(" ", "")
    return line[: m.start()] + wrong + line[m.end() :], wrong, m[0]


def _drop(pattern: str) -> Planter:
    def drop(chance: random.Random, line: str) -> tuple[str, str, str] | None:
        m = _word(chance, line, pattern)
        if m is None:
            return None
        at, end = m.span("mark" if m["mark"] else "mark_")
        reading = line[m.start() : at] + line[end : m.end()]
        return line[:at] + line[end:], reading, m[0]

    return drop


def _lose_range(chance: random.Random, line: str) -> tuple[str, str, str] | None:
    m = _word(chance, line, r"\b1[89]\d\d-1[89]\d\d\b")
    return m and (line[: m.start()] + m[0].replace("-", " ") + line[m.end() :], m[0].replace("-", " "), m[0])


def _confuse(chance: random.Random, line: str) -> tuple[str, str, str] | None:
    m = _word(chance, line, rf"(?<= )(?:{'|'.join(CONFUSED)})(?= [a-z])")
    return m and (line[: m.start()] + CONFUSED[m[0]] + line[m.end() :], CONFUSED[m[0]], m[0])


def _double(chance: random.Random, line: str) -> tuple[str, str, str] | None:
    m = _word(chance, line, r"(?<= )[a-z]{2,}(?= )")
    return m and (line[: m.end()] + f" {m[0]}" + line[m.end() :], f"{m[0]} {m[0]}", m[0])


def _omit(chance: random.Random, line: str) -> tuple[str, str, str] | None:
    m = _word(chance, line, rf"(?<= )(?P<a>[a-z]+) (?:{'|'.join(SMALL)}) (?P<b>[a-z]+)\b")
    return m and (line[: m.start()] + f"{m['a']} {m['b']}" + line[m.end() :], f"{m['a']} {m['b']}", m[0])


def _change(pattern: str, instead: Callable[[random.Random, re.Match[str]], str]) -> Planter:
    """A planter that writes something else for a match of a pattern."""

    def change(chance: random.Random, line: str) -> tuple[str, str, str] | None:
        m = _word(chance, line, pattern)
        if m is None:
            return None
        wrong = instead(chance, m)
        return line[: m.start()] + wrong + line[m.end() :], wrong, m[0]

    return change


def _without_a_letter(chance: random.Random, m: re.Match[str]) -> str:
    k = chance.randrange(1, len(m[0]) - 1)
    return m[0][:k] + m[0][k + 1 :]


def _turned(chance: random.Random, m: re.Match[str]) -> str:
    k = chance.randrange(len(m[0]) - 1)
    return m[0][:k] + m[0][k + 1] + m[0][k] + m[0][k + 2 :]


MONTHS = "January|February|March|April|August|September|October|November|December"
FRAMES = {"than": "then", "there": "their", "from": "form", "been": "be", "their": "there"}

PLANTERS: dict[str, Planter] = {
    "small word broken": _change(r"(?<= )(?:of|to|for|the|and|not|from)(?= [a-z])", _turned),
    "month": _change(rf"\b(?:{MONTHS})\b", _without_a_letter),
    "number": _change(
        r"\b(?:these|those|many|several|various|certain|two|three|four) [a-z]{3,}[^s\W]s(?=[.,;:)]| of )",
        lambda _, m: m[0][:-1],
    ),
    "verb lost": _change(
        r"(?<= )(?P<who>we|they|he|she|it) (?:is|are|was|were|does|do|did|has|had|will|would|could) not(?= [a-z])",
        lambda _, m: f"{m['who']} not",
    ),
    "little words confused": _change(
        r"(?<=more )than|(?<=rather )than|(?<=less )than|(?<=other )than|there(?= (?:is|was|are|were) )"
        r"|(?<=away )from|(?<=came )from|(?<=taken )from|(?<=has )been|(?<=have )been|(?<=had )been|their(?= own)",
        lambda _, m: FRAMES[m[0]],
    ),
    "hyphen between numbers lost": _change(
        r"\b(?:twenty|thirty|forty|fifty|sixty|one|two|three|four|nine)-[a-z]{3,8}\b",
        lambda _, m: m[0].replace("-", ""),
    ),
    "transposed letters": _transpose,
    "letter lost": _drop_letter,
    "letter changed": _change_letter,
    "split word": _split,
    "fused words": _fuse,
    "space after a mark lost": _drop(r"[a-z]+[,;](?P<mark> )[a-z]+(?P<mark_>)"),
    "quotation mark lost": _drop(r"(?<!\S)(?P<mark>\")\w+|\w+[.,]?(?P<mark_>\")(?!\S)"),
    "bracket lost": _drop(r"\w*(?P<mark>[()])\w*(?P<mark_>)"),
    "hyphen of a range lost": _lose_range,
    "word confused": _confuse,
    "word doubled": _double,
    "word missing": _omit,
}


def plant(text: str, seed: int, times: int, places: frozenset[int]) -> tuple[str, list[Fault]]:
    """The text with up to `times` faults of each kind in the lines `places`, and the list of these faults."""
    chance = random.Random(seed)
    lines = text.split("\n")
    free = [k for k, line in enumerate(lines) if len(line) > 60 and k + 1 in places]
    chance.shuffle(free)
    faults = []
    for kind, planter in PLANTERS.items():
        left = times
        for k in [*free]:
            if not left:
                break
            done = planter(chance, lines[k])
            if done is not None and done[1]:
                lines[k] = done[0]
                faults.append(Fault(k + 1, done[1], done[2], kind))
                # Faults stand two lines apart, so that no suspect is counted for the wrong fault; lost halves of pairs
                # twenty, so that no two of them make a pair.
                apart = 20 if kind in ONE_OF_TWO else 2
                free = [f for f in free if abs(f - k) > apart]
                left -= 1
    return "\n".join(lines), faults


def parse_sample(text: str) -> Draft:
    """Parse the sample volume with the given text."""
    witness = decode_witness(text.encode(), "file-1.txt", 0, "utf-8")
    return parse(number_lines(Draft(manifest=read_manifest(SAMPLE), witnesses=(witness,))))


# ------------------------------------------------------------------------------------------- other prose


def set_as_book(text: str) -> str:
    """Plain text, its paragraphs between blank lines, as a chapter in the dialect; marked-up lines are left out."""
    lines = ["   1. The book  ", ""]
    for paragraph in re.split(r"\n\s*\n", text):
        if not re.match(r"[\"“‘(]?[^\W\d_]", paragraph) or paragraph.count("\n") < 2 or paragraph.isupper():
            continue
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|[*_]", r"\1", " ".join(paragraph.split()))
        # Names of files and commands are no prose: they become a name.
        plain = re.sub(r"`[^`]*`|\S*(?:://|[_/<>{}|])\S*", "Alpha", plain)
        wrapped = textwrap.wrap(plain, 94, break_long_words=False, break_on_hyphens=False)
        lines += [f"    {wrapped[0]} ", *(f"{line} " for line in wrapped[1:])]
        lines[-1] += " "
        lines.append("")
    return "\n".join(lines) + "\n"


def measure_prose(name: str, clean: str, seeds: int, times: int, lists: bool) -> None:
    """Measure the suspects of any text in the dialect: before planting, and with planted faults."""
    before = parse_sample(clean)
    count = len(clean.split())
    print(
        f"{name}, {count:,} words, before planting: {len(before.suspects)} suspects,"
        f" {1000 * len(before.suspects) / max(count, 1):.2f} in a thousand words."
    )
    for s in before.suspects if lists else ():
        print(f"  false? {s.line}: {s.code}: {s.reading} → {s.suggestion} -- {s.evidence}")
    places = frozenset(line.number for line in before.lines if line.kind is LineKind.TEXT)
    found: list[tuple[Fault, Suspect]] = []
    missed: list[Fault] = []
    false: list[Suspect] = []
    suspects = 0
    for seed in range(seeds):
        text, faults = plant(clean, seed, times, places)
        draft = parse_sample(text)
        measured = measure(draft.suspects, faults)
        suspects += len(draft.suspects)
        found += measured.found
        missed += measured.missed
        false += measured.false
    whole = Measured(tuple(found), tuple(missed), tuple(false))
    report(f"{name} with planted faults, {seeds} seeds", whole, suspects, lists)


def main() -> None:
    """Measure all, or what the arguments name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=10, help="how many times faults are planted")
    parser.add_argument("--times", type=int, default=4, help="how many faults of each kind each time")
    parser.add_argument("--lists", action="store_true", help="list the planted faults that were missed, too")
    parser.add_argument("--only", choices=("real", "planted", "prose"), help="one measurement only")
    parser.add_argument("--prose", type=Path, nargs="+", help="plain text of one's own, in English")
    chosen = parser.parse_args()
    began = time.perf_counter()
    if chosen.only in (None, "real"):
        measure_real()
    if chosen.only in (None, "planted"):
        sample = typeset(EDITION, faults=Faults()).text
        measure_prose("The sample", sample, chosen.seeds, chosen.times, chosen.lists)
    if chosen.only in (None, "prose"):
        for path in chosen.prose or ():
            text = set_as_book(path.read_text(encoding="utf-8"))
            measure_prose(path.name, text, chosen.seeds, chosen.times, chosen.lists)
        if not chosen.prose:
            text = set_as_book("\n\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTATION))
            measure_prose("The documentation", text, chosen.seeds, chosen.times, chosen.lists)
    print(f"{time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()

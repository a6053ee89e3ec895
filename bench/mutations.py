"""Mutate a witness a thousand times: no stage may fail, and the audit must balance.

    python -m bench.mutations [COUNT [FIRST_SEED]]

Takes the real file if it is at hand, else the sample. Cuts, doubles and moves blocks, strips white space, and scatters
characters; half of the mutations work on a few hundred lines, so that a thousand mutations take minutes.
"""

import random
import sys
from collections import Counter
from pathlib import Path

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_witness, number_lines
from tests.corpus_import.parsing.case_files import MANIFEST

ROOT = Path(__file__).resolve().parent.parent
NAME = "second-period-section-1.txt"
PLACES = (ROOT / "fixtures" / "second-period" / NAME, ROOT.parent / "shared" / "volume" / NAME)
SAMPLE = ROOT / "fixtures" / "sample" / "file-1.txt"
SCRAPS = (
    *(
        "\ufffd",
        ",",
        "[12]",
        "-",
        "\x0c",
        " ",
        "  ",
        "1.",
        "page 3",
        "[p. 4]",
        "\u2028",
        "\r",
        "(a)  ",
        "I.  X",
    ),
    *("|", "*", "\\", "{p. 9}", "[^3]", "\u202e", "\x07", "<b>", "&amp;"),
)


def mutate(text: str, seed: int) -> str:
    """A mutation of a text; one seed always gives one mutation."""
    chance = random.Random(seed)
    lines = text.split("\n")
    if chance.random() < 0.8:
        start = chance.randrange(max(len(lines) - 300, 1))
        lines = lines[start : start + chance.randrange(50, 300)]
    for _ in range(chance.randrange(1, 7)):
        a = chance.randrange(len(lines))
        b = min(len(lines), a + chance.randrange(1, 40))
        kind = chance.randrange(7)
        if kind == 0:
            del lines[a:b]
        elif kind == 1:
            lines[a:a] = lines[a:b]
        elif kind == 2:
            piece = lines[a:b]
            del lines[a:b]
            at = chance.randrange(len(lines) + 1)
            lines[at:at] = piece
        elif kind == 3:
            lines = [line.rstrip() if chance.random() < 0.9 else line for line in lines]
        elif kind == 4:
            lines[a:b] = [line.strip() for line in lines[a:b]]
        elif kind == 5:
            for _ in range(20):
                k = chance.randrange(len(lines))
                at = chance.randrange(len(lines[k]) + 1)
                lines[k] = lines[k][:at] + chance.choice(SCRAPS) + lines[k][at:]
        else:
            lines[a:a] = [
                "",
                f"   {chance.choice(('2. A title', 'Part 2', 'IV.  A title', 'Notes', 'Contents'))}",
                "",
            ]
        lines = lines or [""]
    return "\n".join(lines)


def main() -> None:
    """Run the mutations and print the results."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    source = next((path for path in PLACES if path.is_file()), SAMPLE)
    text = source.read_text(encoding="utf-8")
    outcomes: Counter[str] = Counter()
    for seed in range(first, first + count):
        content = mutate(text, seed).encode()
        try:
            witness = decode_witness(content, "mutated.txt", 0, "utf-8")
            parse(number_lines(Draft(MANIFEST, (witness,))))
            outcomes["read, and the audit balances"] += 1
        except ImportFault as fault:
            known = ("no heading", "is empty")
            expected = any(words in fault.message for words in known)
            outcomes[f"refused: {fault.message[:40]}" if expected else f"FAULT at seed {seed}: {fault}"] += 1
        except Exception as error:
            outcomes[f"CRASH at seed {seed}: {error!r}"] += 1
    print(f"{count} mutations of {source.name}:")
    for outcome, times in outcomes.most_common():
        print(f"{times:6}  {outcome}")


if __name__ == "__main__":
    main()

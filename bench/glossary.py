"""Measure the seconds to find 35, 1,000 and 20,000 forms in one text and in a hundred copies: `make bench-glossary`.

The matcher is compared with the simplest solution, one regular expression with all forms, the longest first, in one
process on one text. If the whole text would take more than a second or two, the expression gets only the beginning,
and its time for the whole is estimated (marked ~).

The text is the given file, else the real volume if its files are at hand, else the sample. The forms come from the
key of the text; further ones are invented from a seed: acronyms, words, and names, half of which begin with a word of
the text.

--saving PAGES measures instead the time to save one term of a volume with this many pages (such as 600): the
divisions of the real volume, or the sample, repeated in a database of their own (bench/saving.py).
"""

import argparse
import random
import re
import statistics
import time
from collections.abc import Callable, Sized
from pathlib import Path

from bench.saving import print_table
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_witness, number_lines
from glossary.forms import forms_of
from glossary.matching import Form, Matcher

CHECKOUT = Path(__file__).resolve().parent.parent
REAL = CHECKOUT.parent / "shared" / "volume" / "second-period-section-1.txt"
SAMPLE = CHECKOUT / "fixtures" / "sample" / "file-1.txt"
REAL_MANIFEST = CHECKOUT / "fixtures" / "second-period" / "volume.toml"
SAMPLE_MANIFEST = SAMPLE.parent / "volume.toml"
FORMS = (35, 1_000, 20_000)
SIZES = (1, 100)
LONG_ENOUGH = 1.0  # seconds, for one measurement of the alternation
SEED = 1923


def forms_for(text: str, count: int) -> list[Form]:
    """`count` forms: the headwords of the text's key, their other spellings, and invented ones."""
    chance = random.Random(SEED)
    witness = decode_witness(text.encode(), "bench.txt", 0, "utf-8")
    manifest = Manifest("bench", "A", "B", "C", 1930, "D", "en", ("bench.txt",))
    key = [
        forms_of(entry.headword)
        for entry in parse(number_lines(Draft(manifest=manifest, witnesses=(witness,)))).key
    ]
    forms = dict.fromkeys([each[0] for each in key] + [form for each in key for form in each])
    words = re.findall(r"[A-Za-z]{3,}", text)
    while len(forms) < count:
        invented = "".join(chance.choice("bdgklmnprstvz") + chance.choice("aeiou") for _ in range(3))
        acronym = "".join(chance.choices("ABCDEGIKMNOPRSTVZ", k=chance.randint(2, 6)))
        name = f"{chance.choice([*chance.sample(words, 1), invented.title()])} {invented}"
        forms[Form(chance.choice([invented, acronym, name]))] = None
    return list(forms)[:count]


def alternation(forms: list[Form]) -> "re.Pattern[str]":
    """One regular expression for all forms: whole words, the longest first."""
    longest_first = sorted((form.text for form in forms), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def seconds(run: Callable[[str], Sized], text: str, runs: int) -> tuple[float, int]:
    """The median of the processor's seconds for some runs over a text, and the number of matches."""
    taken, found = [], 0
    for _ in range(runs):
        begun = time.process_time()
        found = len(run(text))
        taken.append(time.process_time() - begun)
    return statistics.median(taken), found


def seconds_of_alternation(pattern: "re.Pattern[str]", text: str, runs: int) -> tuple[float, bool]:
    """Seconds for the whole text, and whether they are estimated from its beginning."""
    length = min(2_000, len(text))
    while length < len(text) and seconds(pattern.findall, text[:length], 1)[0] < LONG_ENOUGH:
        length = min(length * 4, len(text))
    return seconds(pattern.findall, text[:length], runs)[0] * len(text) / length, length < len(text)


def main() -> None:
    """Measure every number of forms on every size of text, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text", type=Path, nargs="?", default=REAL if REAL.exists() else SAMPLE)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--saving", type=int, metavar="PAGES")
    options = parser.parse_args()
    if options.saving:
        real = REAL.parent if REAL.exists() else None
        print_table(options.saving, REAL_MANIFEST if real else SAMPLE_MANIFEST, real, options.runs)
        return
    text = options.text.read_text(encoding="utf-8-sig")
    print(f"{options.text.name}: {len(text):,} characters; medians of {options.runs}")
    print("  forms   times  made ready    found   matcher   MB/s   alternation   ratio")
    for count in FORMS:
        forms = forms_for(text, count)
        begun = time.process_time()
        matcher = Matcher(enumerate(forms))
        ready = time.process_time() - begun
        pattern = alternation(forms)
        for times in SIZES:
            whole = text * times
            ours, found = seconds(matcher.spans, whole, options.runs)
            theirs, reckoned = seconds_of_alternation(pattern, whole, options.runs)
            print(
                f"{count:>7,}{times:>7}×{ready:>10.2f} s{found:>9,}{ours:>8.2f} s{len(whole) / ours / 1e6:>7.1f}"
                f"  {'~' if reckoned else ' '}{theirs:>10.2f} s{theirs / ours:>8.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()

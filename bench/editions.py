"""Count the plausible editions, and their pages, that the importer reads back whole; each is set with every fault.

    python -m bench.editions [FIRST [LAST]]

Faults that leave no certain trace are left out: a page that turns directly before a quotation, front matter out of
order without a known page, and a letter that a font lost in words that stand nowhere else.
"""

import sys

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import STAGES
from corpus_import.parsing.source import decode_witness, number_lines
from corpus_import.parsing.stages.question_readings import question_readings
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.truth import differences, page_starts, true_page_starts
from tests.editions import plausible_edition
from tests.typesetter import Faults, typeset


def read(text: str) -> Draft:
    """Run all stages but the suspects, which do not affect the comparison."""
    draft = number_lines(Draft(MANIFEST, (decode_witness(text.encode(), "generated.txt", 0, "utf-8"),)))
    for stage in STAGES:
        if stage is not question_readings:
            draft = stage(draft)
    return draft


def main() -> None:
    """Measure and print."""
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    last = int(sys.argv[2]) if len(sys.argv) > 2 else first + 100
    whole = pages = right = 0
    for seed in range(first, last):
        faults = Faults.every(seed, turned_quotations=False, front_out_of_order=False, lost_letter="")
        typeset_ = typeset(plausible_edition(seed), faults=faults)
        draft = read(typeset_.text)
        wrong = list(differences(draft, typeset_.truth))
        whole += not wrong
        for line in wrong[:1]:
            print(f"seed {seed}: {len(wrong)} differences, the first: {line[:100]!r}")
        read_pages, true_pages = page_starts(draft), true_page_starts(typeset_.truth)
        pages += len(true_pages)
        right += sum(read_pages.get(n) == place for n, place in true_pages.items())
    print(
        f"{whole} of {last - first} editions were read whole; {right} of {pages} pages begin where they should."
    )


if __name__ == "__main__":
    main()

"""Count what the importer reads back of plausible editions and of volumes of files, each set with every fault.

    python -m bench.editions [FIRST [LAST]]

First editions of one file: how many are whole, and how many of their pages begin where they should. Then volumes of
five to eight files, by kind: the share that is right, and how many were read that are not there.

Faults that leave no certain trace are left out: a page that turns directly before a quotation, front matter out of
order without a known page, and a letter that a font lost in words that stand nowhere else.
"""

import sys
from dataclasses import replace

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import STAGES
from corpus_import.parsing.source import decode_witness, number_lines
from corpus_import.parsing.stages.question_readings import question_readings
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.scores import KINDS, Score, score
from tests.corpus_import.parsing.truth import differences, page_starts, true_page_starts
from tests.editions import plausible_edition
from tests.typesetter import Faults, typeset
from tests.volumes_of_files import TITLE, TypesetVolume, typeset_volume


def read(text: str) -> Draft:
    """Run all stages but the suspects, which do not affect the comparison."""
    return run(Draft(MANIFEST, (decode_witness(text.encode(), "generated.txt", 0, "utf-8"),)))


def read_files(volume: TypesetVolume) -> Draft:
    """Run the stages, as `read` does, over the files of a volume."""
    witnesses = tuple(
        decode_witness(text.encode(), name, n, "utf-8")
        for n, (text, name) in enumerate(zip(volume.files, volume.names, strict=True))
    )
    return run(Draft(replace(MANIFEST, title=TITLE, witnesses=volume.names), witnesses))


def run(draft: Draft) -> Draft:
    """Run all stages but the suspects over witnesses."""
    draft = number_lines(draft)
    for stage in STAGES:
        if stage is not question_readings:
            draft = stage(draft)
    return draft


def measure_files(first: int, last: int, *, anew: bool) -> None:
    """Measure volumes of files; in one chapter of each the notes begin `anew` in each section, or nowhere."""
    total = Score()
    for seed in range(first, last):
        volume = typeset_volume(seed, anew=anew)
        result = score(read_files(volume), volume)
        total.add(result)
        for fault in result.faults[:1]:
            print(f"volume {seed}: {len(result.faults)} faults, the first: {fault[:100]!r}")
    print(
        f"{last - first} volumes of files; notes anew in the sections of one chapter: {'yes' if anew else 'no'}"
    )
    for kind in KINDS:
        counts = f"{total.right[kind]} of {total.there[kind]}"
        print(f"{total.share(kind):6.2f} %  {kind}: {counts} right, {total.false[kind]} not there")


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
    for anew in (False, True):
        measure_files(first, last, anew=anew)


if __name__ == "__main__":
    main()

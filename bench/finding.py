"""Whether search finds what a person sees: every word and figure of a volume, typed as shown and as a phone types it.

python -m bench.finding [--show] [MANIFEST [WITNESSES]]     (the real volume if its files are at hand, else the sample)

Three lists are asked for: the runs between spaces as the page shows them (`“plan,”`, `1923–1930`), the runs as the
source has them, and the words and figures in these (`plan`, `1930`). The same with the quotation marks, dashes and
spaces of another keyboard. A word is found if every text in which it stands is among the hits. Words such as *the*, for
which the search says that it does not look, are counted apart. `--show` lists what is not found.
"""

import argparse
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.glossary import REAL, REAL_MANIFEST, SAMPLE_MANIFEST
from bench.served import database_of_its_own

TYPED = str.maketrans(
    {"'": "’", '"': "”", "’": "'", "‘": "'", "“": '"', "”": '"', "-": "–", "–": "-", "—": "-"}
)
# A word, a figure, or an acronym with full stops, which is one word.
WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+")
MARKER = re.compile(r"(?<!\\)\[\^\d+\]")


def words_of(volume: Any) -> dict[str, dict[str, set[tuple[str, int]]]]:
    """The words of a volume by list: each with the texts in which it stands, by kind and key."""
    from reader.models import Note
    from reader.text import markup

    lists: dict[str, dict[str, set[tuple[str, int]]]] = defaultdict(lambda: defaultdict(set))
    texts = [("heading", division.pk, division.head) for division in volume.divisions.all()]
    texts += [("text", paragraph.pk, paragraph.text) for paragraph in volume.paragraphs.all()]
    texts += [("note", note.pk, note.text) for note in Note.objects.of_volume(volume)]
    for kind, key, text in texts:
        plain = markup.plain(MARKER.sub(" ", text))
        for run in plain.split():
            lists["runs of the source"][run].add((kind, key))
            lists["runs, other marks"][run.translate(TYPED)].add((kind, key))
        for word in WORD.findall(plain):
            lists["words and figures"][word].add((kind, key))
    return lists


def not_found(volume: Any, words: Mapping[str, set[tuple[str, int]]]) -> Iterator[tuple[str, int]]:
    """The words that do not find all their texts, each with the number missed; -1 if it is not searched for."""
    from reader.search.asking import STOP_WORDS_ALONE, ask, find_rows
    from reader.search.query import read_query

    for word, texts in words.items():
        query = read_query(f'"{word}"' if word.startswith("-") or word.casefold() == "or" else word)
        if not query.groups:
            continue
        asked = ask(volume.slug, query)
        if asked.objection == STOP_WORDS_ALONE:
            yield word, -1
        elif missed := texts - {(row.kind, row.pk) for row in find_rows(asked)}:
            yield word, len(missed)


def main() -> None:
    """Ask for all words, and print how many are found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "manifest", type=Path, nargs="?", default=REAL_MANIFEST if REAL.exists() else SAMPLE_MANIFEST
    )
    parser.add_argument("witnesses", type=Path, nargs="?")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    witnesses = options.witnesses or (REAL.parent if options.manifest == REAL_MANIFEST else None)
    with database_of_its_own():
        from django.core.management import call_command

        from reader.models import Volume

        call_command("import_volume", str(options.manifest), witnesses=witnesses, stdout=io.StringIO())
        volume = Volume.objects.get()
        print(f"{options.manifest.parent.name}: words that find every text in which they stand")
        for name, words in words_of(volume).items():
            missed = dict(not_found(volume, words))
            passed = sum(count < 0 for count in missed.values())
            lost = {word: count for word, count in missed.items() if count > 0}
            asked = len(words) - passed
            share = (asked - len(lost)) / asked
            print(
                f"{name:<20}{asked - len(lost):>7,} of {asked:>7,}  {share:>8.2%}   and {passed} as common as “the”"
            )
            if options.show:
                for word, count in lost.items():
                    print(f"    {word!r} misses {count} of {len(words[word])}")


if __name__ == "__main__":
    main()

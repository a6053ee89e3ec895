"""What each language of the interface costs when a text is published: `make bench-languages ARGS="MANIFEST WITNESSES"`.

A volume is repeated until it has 600 pages; a paragraph of it is corrected, and the whole is published, by turns in one
language and in all.
"""

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from bench.saving import volume_of
from bench.served import SAMPLE, database_of_its_own

CORRECTIONS, WHOLE = 9, 3


def main() -> None:
    """Print the median seconds of each, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("witnesses", type=Path, nargs="?")
    parser.add_argument("--pages", type=int, default=600)
    options = parser.parse_args()
    with database_of_its_own():
        from django.conf import settings

        from reader.publishing import publish

        volume = volume_of(options.pages, options.manifest, options.witnesses)
        chapters = [each for each in volume.divisions.all() if each.is_page and each.paragraphs.exists()]
        chapter = chapters[len(chapters) // 2]
        paragraph = chapter.paragraphs.first()
        every, seconds = settings.ARCHIVE_LANGUAGES, defaultdict[tuple[str, int], list[float]](list)

        def measure(name: str, work: Callable[[], None], runs: int) -> None:
            for n in range(runs):
                for languages in (every[:1], every):
                    settings.ARCHIVE_LANGUAGES = languages
                    paragraph.text = paragraph.text.rstrip("!") + "!" * (1 + (n + len(languages)) % 2)
                    paragraph.save()
                    begun = time.perf_counter()
                    work()
                    seconds[name, len(languages)].append(time.perf_counter() - begun)

        measure("a corrected paragraph", lambda: publish.publish_chapters(volume, [chapter]), CORRECTIONS)
        measure("the whole volume", lambda: publish.publish_volume(volume), WHOLE)
    for name in dict.fromkeys(name for name, _ in seconds):
        one, all_of_them = (statistics.median(seconds[name, count]) for count in (1, len(every)))
        print(
            f"{name}: {one:.2f} s in one language, {all_of_them:.2f} s in {len(every)} ({all_of_them / one:.2f})"
        )


if __name__ == "__main__":
    main()

"""How rightly works cited are read: references, their works and *ibid.*, on the sources sample, books and a real list.

`rows()` is the part of `make bench-index` that is about works. A reference counts as found if one of ours covers the
middle of its words; its work is right if every reference to it has the same work of ours, and no other work's has.
"""

import random
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse_volume
from reader.text.works import CitedText, Place, collect
from tests.sources import EXPECTED, MANIFEST, written

CHECKOUT = Path(__file__).resolve().parent.parent
REAL = Path(__file__).parent / "real_works.toml"
MEANT = ("ibid", "op-cit", "loc-cit", "note")


@dataclass(frozen=True, slots=True)
class Truth:
    """A reference that a text holds: its place among the texts, its characters, its kind and its work."""

    text: int
    start: int
    end: int
    kind: str
    work: str
    volume: str
    pages: str


@dataclass(slots=True)
class Score:
    """Counts of one row: what there is, what was found, what of it is right."""

    there: int = 0
    found: int = 0
    right: int = 0

    def __str__(self) -> str:
        precision = self.right / self.found if self.found else 1
        recall = self.right / self.there if self.there else 1
        counts = f"{self.right} right of {self.found}, {self.there} there"
        return f"precision {precision:.3f}, recall {recall:.3f} ({counts})"


def rows(witnesses: Path | None = None) -> Iterator[tuple[str, str]]:
    """Name and figures of each row."""
    texts, truth = of_sample()
    yield from _measured("sources sample", texts, truth)
    all_texts: list[tuple[list[CitedText], list[Truth]]] = [generated(seed) for seed in range(20)]
    yield from _summed("20 generated books", all_texts)
    if witnesses is not None:
        texts, truth = of_real(witnesses)
        yield from _measured("real list", texts, truth)


def _measured(name: str, texts: list[CitedText], truth: list[Truth]) -> Iterator[tuple[str, str]]:
    yield from _summed(name, [(texts, truth)])


def _summed(name: str, books: Sequence[tuple[list[CitedText], list[Truth]]]) -> Iterator[tuple[str, str]]:
    references, works, details, meant = Score(), Score(), Score(), Score()
    for texts, truth in books:
        _, places = collect(texts)
        compare(texts, truth, places, references, works, details, meant)
    yield f"{name}: references", str(references)
    yield f"{name}: with their work", str(works)
    yield f"{name}: with volume and pages", str(details)
    yield f"{name}: ibid. and its kind", str(meant)


def compare(
    texts: Sequence[CitedText],
    truth: Sequence[Truth],
    places: Sequence[Place],
    references: Score,
    works: Score,
    details: Score,
    meant: Score,
    tell: bool = False,
) -> None:
    """Add to the scores what was found in these texts."""
    index = {text.key: k for k, text in enumerate(texts)}
    by_text: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        if place.work:
            by_text[index[place.text.key]].append(place)
    pairs: list[tuple[Truth, Place | None]] = []
    used: set[int] = set()
    for each in truth:
        hit = next(
            (
                place
                for place in by_text[each.text]
                if id(place) not in used
                and place.reference.start < each.end
                and each.start < place.reference.end
            ),
            None,
        )
        if hit is not None:
            used.add(id(hit))
        pairs.append((each, hit))
    # Each of our works stands for the work that most of its places cite.
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for each, hit in pairs:
        if hit is not None:
            votes[hit.work][each.work] += 1
    stands_for = {ours: counted.most_common(1)[0][0] for ours, counted in votes.items()}
    best = {}
    for ours, work in sorted(stands_for.items(), key=lambda pair: -votes[pair[0]][pair[1]]):
        best.setdefault(work, ours)
    found = sum(len(each) for each in by_text.values())
    for score in (references, works, details):
        score.there += len(truth)
        score.found += found
    for each, hit in pairs:
        is_meant = each.kind in MEANT
        meant.there += is_meant
        if hit is None:
            if tell:
                print("missed", each, texts[each.text].plain[each.start : each.end])
            continue
        references.right += 1
        is_right = best.get(each.work) == hit.work
        works.right += is_right
        same = hit.volume.lower() == each.volume.lower() and _pages(hit.pages) == _pages(each.pages)
        details.right += is_right and same
        meant.right += is_meant and is_right
        if tell and not (is_right and same):
            print("other", each, hit.work, hit.reference)
    meant.found += sum(place.reference.kind in MEANT for each in by_text.values() for place in each)
    if tell:
        for each in by_text.values():
            for place in each:
                if id(place) not in used:
                    print(
                        "too much", place.work, place.text.plain[place.reference.start : place.reference.end]
                    )


def _pages(pages: str) -> str:
    return pages.replace("–", "-").replace(" ", "")


def of_sample() -> tuple[list[CitedText], list[Truth]]:
    """The texts of the sources sample, read by the importer, and the references of `expected.toml`."""
    draft = parse_volume(MANIFEST)
    texts = list(texts_of(draft))
    truth = []
    at: dict[int, int] = defaultdict(int)
    expected = tomllib.loads(EXPECTED.read_text(encoding="utf-8"))
    heads = list(dict.fromkeys(piece.chapter for piece in written()[1]))
    for reference in expected["references"]:
        chapter = heads.index(reference["chapter"])
        k = next(
            k for k, text in enumerate(texts) if (text.chapter, text.note) == (chapter, reference["note"])
        )
        words = reference["words"]
        start = texts[k].plain.index(words, at[k])
        at[k] = start + len(words)
        truth.append(
            Truth(
                k, start, at[k], reference["kind"], reference["work"], reference["volume"], reference["pages"]
            )
        )
    return texts, truth


def texts_of(draft: Draft) -> Iterator[CitedText]:
    """The paragraphs and notes of a draft, chapter by chapter; the key of a chapter is its place among them."""
    chapter_of: dict[int, int] = {}
    chapters = 0
    for division in draft.divisions:
        if division.kind in ("section", "subsection") and division.parent is not None:
            chapter_of[division.index] = chapter_of[division.parent]
        else:
            chapter_of[division.index] = chapters
            chapters += 1
    for chapter in range(chapters):
        for k, paragraph in enumerate(draft.paragraphs):
            if chapter_of[paragraph.division] == chapter and paragraph.kind == "prose":
                yield CitedText((k, None), chapter, 0, paragraph.text.string, paragraph.emphasis)
        for k, note in enumerate(draft.notes):
            if chapter_of[note.division] == chapter:
                words = "\n\n".join(each.text.string for each in note.paragraphs)
                yield CitedText((None, k), chapter, note.n or 0, words)


def of_real(witnesses: Path) -> tuple[list[CitedText], list[Truth]]:
    """The texts of the real volume, read from its files, and the references of `real_works.toml`.

    The list holds authors, titles and numbers as they stand, with the first words of each reference to find it by.
    """
    listed = tomllib.loads(REAL.read_text(encoding="utf-8"))
    texts = list(texts_of(parse_volume(CHECKOUT / "fixtures" / "second-period" / "volume.toml", witnesses)))
    truth = []
    at: dict[int, int] = defaultdict(int)
    for reference in listed["references"]:
        words = reference["words"]
        found = next(
            ((k, place) for k, text in enumerate(texts) if (place := text.plain.find(words, at[k])) >= 0),
            None,
        )
        if found is None:
            raise SystemExit(f"{REAL.name}: “{words}” is not in the volume")
        k, start = found
        at[k] = start + len(words)
        truth.append(
            Truth(
                k, start, at[k], reference["kind"], reference["work"], reference["volume"], reference["pages"]
            )
        )
    return texts, truth


SURNAMES = (
    *("Adler", "Bergman", "Castell", "Dorn", "Ekberg", "Fabre", "Grünwald", "Hollis", "Ivanov", "Jensen"),
    *("Keller", "Larsen", "Morel", "Novak", "Orlov", "Petrov", "Quinn", "Ritter", "Sokolova", "Tamm"),
)
TOPICS = (
    "Grain",
    "Rail",
    "Timber",
    "Credit",
    "Labor",
    "Peat",
    "Salt",
    "Cotton",
    "Iron",
    "Paper",
    "Towns",
    "Rivers",
)
KINDS = (
    "A History of {}",
    "{} and the State",
    "The Question of {}",
    "{} in Transition",
    "Essays on {}, 1918-1932",
)
PERIODICALS = ("Vestnik Torfa", "Krasny Plan", "Revue du Plan", "Economic Papers")
# What notes say beside their references, which cites nothing.
BESIDE = (
    *("", "", "", " It was so in Moscow, on May 3, 1924, and in Samara.", " See below, p. 107."),
    *(" The Third Congress (Moscow) met in 1921.", " On this see chapter 3, pp. 12-14 above."),
    " He had said so at the Party Conference, in a speech of twenty pages, and never again.",
)
PLACES = ("London", "Paris", "Moscow", "New York", "Berlin")


def generated(seed: int) -> tuple[list[CitedText], list[Truth]]:
    """A book of three chapters with forty notes each, in the manners of `citations.py`, and the truth about it."""
    chance = random.Random(seed)
    writers = chance.sample(SURNAMES, 12)
    works: list[tuple[str, str, str]] = []
    for writer in writers:
        for kind in chance.sample(KINDS, chance.choice((1, 1, 2))):
            initials = f"{chance.choice('ABDEGKLMNPRSTV')}. {chance.choice(('', 'M. ', 'V. '))}"
            works.append((f"{initials}{writer}", writer, kind.format(chance.choice(TOPICS))))
    texts: list[CitedText] = []
    truth: list[Truth] = []
    cited: set[int] = set()
    for chapter in range(3):
        before: dict[int, str] = {}  # the works of the note before, each with its last volume
        in_chapter: dict[str, set[int]] = defaultdict(set)
        for n in range(1, 41):
            plain_text = chance.choice(
                ("", "See ", "Cf. ", "On this point see ", "The figures are from ", "See also ")
            )
            here: dict[int, str] = {}
            for k in range(chance.choice((1, 1, 1, 2))):
                plain_text += "; " if k else ""
                page = str(chance.randint(1, 480))
                pages = page if chance.random() < 0.7 else f"{page}-{int(page) + chance.randint(1, 9)}"
                printed = f"{'pp.' if '-' in pages else 'p.'} {pages}"
                volume = str(chance.randint(1, 4)) if chance.random() < 0.3 else ""
                place_in = (f", vol. {volume}" if volume else "") + f", {printed}"
                manner = chance.random()
                work = chance.randrange(len(works))
                full, surname, title = works[work]
                kind = "named"
                if manner < 0.2 and len(before) == 1 and not k and not plain_text:
                    [(work, last)] = before.items()
                    words, kind, volume = f"Ibid.{place_in}", "ibid", volume or last
                elif manner < 0.3 and in_chapter[surname] == {work}:
                    words, kind = f"{surname}, op. cit.{place_in}", "op-cit"
                elif manner < 0.4:
                    work = -1 - chance.randrange(len(PERIODICALS))
                    number, year = chance.randint(1, 12), chance.randint(1921, 1930)
                    words, volume = f"{PERIODICALS[-1 - work]}, no. {number} [{year}], {printed}", ""
                elif work not in cited:
                    words = (
                        f"{full}, {title} ({chance.choice(PLACES)}, {chance.randint(1919, 1975)}){place_in}"
                    )
                    cited.add(work)
                else:
                    words = f"{chance.choice((full, surname))}, {title.partition(',')[0]}{place_in}"
                if work >= 0:
                    in_chapter[works[work][1]].add(work)
                start = len(plain_text)
                plain_text += words
                truth.append(Truth(len(texts), start, len(plain_text), kind, str(work), volume, pages))
                here[work] = volume
            before = here
            texts.append(CitedText((None, len(texts)), chapter, n, f"{plain_text}.{chance.choice(BESIDE)}"))
    return texts, truth

"""How rightly persons are read, and years: places, and who they are, on the sources sample, on books, on a real list.

`rows()` is the part of `make bench-index` that is about persons and years. A place counts as found if one of ours
meets its characters. A person is joined rightly if one of ours holds every found place of the person and nobody
else's; *wrongly joined* counts our persons that hold places of two. Alone: `python -m bench.index_persons [FOLDER]`.
"""

import argparse
import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import index_works
from corpus_import.loading.composing import text_of_note, text_of_paragraph
from corpus_import.parsing.pipeline import parse_volume
from reader.text import markup
from reader.text.persons import Finder, Person, scan
from reader.text.works import collect, imprints_of
from reader.text.years import years_in
from tests.sources import EXPECTED, clean, written

CHECKOUT = Path(__file__).resolve().parent.parent
REAL = CHECKOUT / "bench" / "real_persons.toml"
REAL_MANIFEST = CHECKOUT / "fixtures" / "second-period" / "volume.toml"
BOOKS = 20
# A place that names a person in the sources sample, among the other marks of its truth.
_PERSON = re.compile(r"\{(?P<person>[\w-]+)\|(?P<words>[^}]*)\}")

# Of generated books. Names of nobody, of the shapes that names have.
SURNAMES = (
    *("Marlov", "Ozarin", "Trenkovsky", "Halbert", "Brunn", "Dvorakin", "Castellane", "Whitby", "Zhelin"),
    *("Kharitov", "Petrenko-Vol", "Savelyev", "Linde", "Orsini", "Fairweather", "Tsolak", "Yermolin"),
)
GIVEN = ("Nikolai", "Maria", "Heinrich", "Jeanne", "Pavel", "Edward", "Sofia", "Grigori", "Anna", "Ivan")
# The same name in two customs.
RESPELT = {"Trenkovsky": "Trenkovskii", "Savelyev": "Savel'ev", "Kharitov": "Haritov", "Yermolin": "Ermolin"}
OFFICES = ("Gosbank", "Narkomfin", "Promtorg", "Tsentrosoyuz", "the Volga Trust", "the Supreme Council")
PLACES = ("Tver", "Samara", "Kostroma", "Vologda", "Saint Petersburg", "Upper Marsk")
WITH_PERSON = (
    "In the spring {} went to {place} and came back with figures.",
    "The report was read by {} before the clerks of {office}.",
    "It was said at {place} that {} had counted the carts twice.",
    "As {} saw it, {office} had no need of another table.",
    "{} and his clerks were asked for a figure in March 1924.",
    "What {} wrote in 1926 was not read in {place}.",
    "Against this, {}'s figures were lower by a tenth.",
)
WITHOUT = (
    "Between 1923 and 1925 {office} asked {place} for rye.",
    "The Bolshevik Party and the Russian Communist Youth League met in {place} in June 1922.",
    "Marxists and Narodniks disagreed; the English Society of Millers did not.",
    "See *The Grain Question in {place}* (Moscow, 1927), pp. 12-19.",
    "Economically, {office} was weak. Politically, it was not.",
    "The U.S. consul in {place} said nothing; Part I. Grain says more.",
    "North of {place} the October harvest of the Soviet Union was sold on the Black Sea.",
)
CITED = "{}, *A History of Rye* ({place}, 1931), vol. 2, p. 71."


@dataclass(frozen=True, slots=True)
class Place:
    """A place that names a person: characters `start` to `end` of the text with this number."""

    text: int
    start: int
    end: int
    person: str


@dataclass(slots=True)
class Book:
    """Texts with the numbers of their chapters, and the places that name persons."""

    texts: list[str] = field(default_factory=list)
    chapters: list[int] = field(default_factory=list)
    truth: list[Place] = field(default_factory=list)

    def add(self, chapter: int, written: str) -> None:
        """Add a text in which `{person|words}` is the truth."""
        plain, at = "", 0
        for found in _PERSON.finditer(written):
            plain += written[at : found.start()]
            words = found["words"]
            self.truth.append(Place(len(self.texts), len(plain), len(plain) + len(words), found["person"]))
            plain += words
            at = found.end()
        self.texts.append(plain + written[at:])
        self.chapters.append(chapter)

    def persons(self) -> list[Person]:
        """What is found in the texts."""
        scans = [scan(markup.plain(text), tuple(markup.emphasised_spans(text))) for text in self.texts]
        return Finder(scans, self.chapters).persons()


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


@dataclass(slots=True)
class Joined:
    """Persons: how many there are, how many of ours are exactly one of them, how many of ours hold two."""

    there: int = 0
    right: int = 0
    wrong: int = 0
    doubts: int = 0

    def __str__(self) -> str:
        return f"{self.right} of {self.there} rightly, {self.wrong} wrongly, {self.doubts} left to an editor"


def rows(witnesses: Path | None = None) -> Iterator[tuple[str, str]]:
    """Name and figures of each row."""
    yield from _measured("sources sample", [of_sample()])
    yield from _measured(f"{BOOKS} generated books", [generated(seed) for seed in range(BOOKS)])
    if witnesses is not None:
        yield "real list: persons", str(of_real(witnesses))
    for name, score in years_of_sample():
        yield f"sources sample: {name}", str(score)


def _measured(name: str, books: Sequence[Book]) -> Iterator[tuple[str, str]]:
    places, joined = Score(), Joined()
    for book in books:
        compare(book, places, joined)
    yield f"{name}: places of persons", str(places)
    yield f"{name}: persons joined", str(joined)


def compare(book: Book, places: Score, joined: Joined, *, tell: bool = False) -> None:
    """Add to the scores what was found in a book."""
    ours: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    persons = book.persons()
    for k, person in enumerate(persons):
        for at, name in person.places:
            ours[at].append((name.start, name.end, k))
    holds: dict[int, Counter[str]] = defaultdict(Counter)
    held: dict[str, set[int]] = defaultdict(set)
    right = 0
    used: set[tuple[int, int, int, int]] = set()
    for place in book.truth:
        hit = next((each for each in ours[place.text] if each[0] < place.end and place.start < each[1]), None)
        if hit is None:
            if tell:
                print("missed", place, book.texts[place.text][place.start - 30 : place.end + 30])
            continue
        right += 1
        used.add((place.text, *hit))
        holds[hit[2]][place.person] += 1
        held[place.person].add(hit[2])
    if tell:
        for at, each in ours.items():
            for start, end, k in each:
                if (at, start, end, k) not in used:
                    print(
                        "wrong",
                        persons[k].heading,
                        markup.plain(book.texts[at])[max(0, start - 30) : end + 30],
                    )
    places.there += len(book.truth)
    places.found += sum(map(len, ours.values()))
    places.right += right
    doubtful = {k for k, person in enumerate(persons) if person.doubt and not person.given}
    joined.there += len({place.person for place in book.truth})
    joined.doubts += len(doubtful)
    joined.wrong += sum(len(each) > 1 for k, each in holds.items() if k not in doubtful)
    joined.right += sum(
        len(certain) == 1 and len(holds[next(iter(certain))]) == 1
        for each in held.values()
        if (certain := each - doubtful)
    )


def of_sample() -> Book:
    """The sources sample without its italics, as its witness has it; the truth stands in its text."""
    book = Book()
    chapters: dict[str, int] = {}
    _, pieces, _ = written()
    for piece in pieces:
        marked = clean(_PERSON.sub(r"⟦\g<person>¦\g<words>⟧", piece.written)).replace("*", "")
        marked = marked.replace("⟦", "{").replace("¦", "|").replace("⟧", "}")
        book.add(chapters.setdefault(piece.chapter, len(chapters)), re.sub(r"\[\^\d+\]", "", marked))
    return book


def generated(seed: int) -> Book:
    """A book of eight chapters with twelve persons, two of whom share a surname and stand in chapters apart."""
    chance = random.Random(seed)
    surnames = chance.sample(SURNAMES, 11)
    people = [(name, chance.choice(GIVEN), chance.choice("AEILMPSV")) for name in surnames]
    twin = next(given for given in GIVEN if given[0] != people[0][1][0])
    people.append((surnames[0], twin, "K"))
    book = Book()
    for chapter in range(8):
        # The two of one surname are never in one chapter.
        absent = 0 if chapter % 2 else len(people) - 1
        cast = [k for k in chance.sample(range(len(people)), 6) if k != absent]
        named: set[int] = set()
        for _ in range(10):
            sentences = [_filled(chance, chance.choice(WITHOUT), "")]
            for k in chance.sample(cast, 2):
                form = _form(chance, people[k], is_first=k not in named)
                named.add(k)
                template = CITED if chance.random() < 0.15 else chance.choice(WITH_PERSON)
                sentences.append(_filled(chance, template, f"{{p{k}|{form}}}"))
            chance.shuffle(sentences)
            book.add(chapter, " ".join(sorted(sentences, key=lambda each: "A History" in each)))
    return book


def _form(chance: random.Random, person: tuple[str, str, str], *, is_first: bool) -> str:
    surname, given, second = person
    if is_first:
        return chance.choice(
            (
                f"{given} {surname}",
                f"{given[0]}. {second}. {surname}",
                f"Professor {given} {surname}",
                f"{given[0]}. {surname}",
            )
        )
    return chance.choice((surname, surname, RESPELT.get(surname, surname), f"Comrade {surname}"))


def _filled(chance: random.Random, template: str, person: str) -> str:
    place, office = chance.choice(PLACES), chance.choice(OFFICES)
    return template.replace("{}", person).replace("{place}", place).replace("{office}", office)


def of_real(witnesses: Path) -> Score:
    """The names of the list that was made by reading, with their counts; what is named otherwise is wrong."""
    draft = parse_volume(REAL_MANIFEST, witnesses)
    texts = [
        *((paragraph.division, text_of_paragraph(paragraph)) for paragraph in draft.paragraphs),
        *((note.division, text_of_note(note)) for note in draft.notes),
    ]
    book = Book([text for _, text in texts], [chapter for chapter, _ in texts])
    counted: Counter[str] = Counter()
    for person in book.persons():
        counted[person.surname] += len(person.places)
    read = Counter(tomllib.loads(REAL.read_text())["persons"])
    return Score(read.total(), counted.total(), (read & counted).total())


def years_of_sample() -> Iterator[tuple[str, Score]]:
    """The years of the sources sample, each with its count: all four figures, those spoken of, those of publications.

    All is how years were measured before those in which cited works appeared were told apart.
    """
    texts, _ = index_works.of_sample()
    _, places = collect(texts)
    imprints = imprints_of(places)
    spoken, published = Counter[int](), Counter[int]()
    for text in texts:
        for named in years_in(text.plain):
            is_imprint = any(s <= named.start and named.end <= e for s, e in imprints.get(text.key, ()))
            (published if is_imprint else spoken).update(named.years)
    expected = tomllib.loads(EXPECTED.read_text())
    read, of_publications = (
        Counter({int(year): n for year, n in expected[name].items()})
        for name in ("years", "years_of_publications")
    )
    for name, there, ours in (
        ("all years", read + of_publications, spoken + published),
        ("years spoken of", read, spoken),
        ("years of publications", of_publications, published),
    ):
        yield name, Score(there.total(), ours.total(), (there & ours).total())


def main() -> None:
    """Print the rows, and with --tell every place that is missed or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("witnesses", type=Path, nargs="?", help="the folder of the real volume's files")
    parser.add_argument("--tell", action="store_true", help="print each place that is missed or wrong")
    options = parser.parse_args()
    if options.tell:
        for book in (of_sample(), *(generated(seed) for seed in range(BOOKS))):
            compare(book, Score(), Joined(), tell=True)
    for row, figures in rows(options.witnesses):
        print(f"{row:48} {figures}")


if __name__ == "__main__":
    main()

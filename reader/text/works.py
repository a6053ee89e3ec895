"""References joined to works, in the order of a book: what *ibid.* means, which titles are one work's. Pure.

Two references cite one work if their authors have the same surnames and one title begins the other, word by word.
*Ibid.* means the work right before it in its note; at the beginning of a note, the only work of the note before. *Op.
cit.* means the author's only work that was cited before in the chapter, or else in the book; *note 12* the only work,
or that author's only one, of the note. All else is not certain, and has no work.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from reader.text.citations import (
    CITE_NOTHING,
    IBID,
    LOC_CIT,
    NAMED,
    NOTE,
    OP_CIT,
    OWN,
    PRESENT,
    SAME,
    UNKNOWN,
    Reference,
    references_in,
)
from reader.text.kept import TEXTS
from reader.text.labels import labels_in

# What may name a place in a work after *ibid.*: small words or a comma right there, a number before the next stop.
_GOES_ON = re.compile(r"\.?\s*(?:[,:]|(?<=\s)[a-z])|[^;)\]]{0,80}?(?:\d|\b[IVXLC]+\b)")
# The most characters of the slug of a work.
LONGEST_SLUG = 60
# An article at the beginning of a folded title, in the languages whose works English books cite.
_ARTICLE = re.compile(r"^(?:the|an?|l[ae]s?|l|une?|d(?:er|ie|as)|eine?|el|los|il|lo|gli)-(?=.)")


# The key of a text: of a paragraph or of a note, the other one None.
Key = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class CitedText:
    """A text that may cite: its key, the key of its chapter, its note's number (0: a paragraph, or lost), its words."""

    key: Key
    chapter: int
    note: int
    plain: str
    emphasised: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A reference in a text. `work` is the key of its work; empty if that is not certain.

    `volume` to `part` are where in the work it leads, as of a `Reference`: what it names, or what *ibid.* takes over.
    `found_key` is the key of the work before an editor joined it with another.
    """

    text: CitedText
    reference: Reference
    work: str = ""
    volume: str = ""
    number: str = ""
    date: str = ""
    pages: str = ""
    part: str = ""
    found_key: str = ""
    is_settled: bool = False


@dataclass(slots=True)
class Work:
    """A work: the key by which decisions know it, as the text names it, and every place that cites it.

    `author`, `title`, `place` and `year` are the fullest that the text has, or what an editor wrote. `forms` are the
    other titles by which the text names it. `volume_of_present` is the number of another volume of the work that the
    text belongs to, if no editor gave it a title: `title` then says so in English, for data.
    """

    key: str
    author: str
    title: str
    volume_of_present: str = ""
    place: str = ""
    year: str = ""
    publisher: str = ""
    doi: str = ""
    isbn: str = ""
    url: str = ""
    volume_slug: str = ""
    remark: str = ""
    slug: str = ""
    is_present: bool = False
    is_periodical: bool = False
    forms: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    @property
    def abbreviations(self) -> list[str]:
        """The short titles by which the text names it."""
        return [form for form in self.forms if form != self.title]


@dataclass(frozen=True, slots=True)
class Decision:
    """What an editor said of the work with this key: see `CitedWork`."""

    key: str
    into: str = ""
    is_work: bool = True
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """The characters of a text whose reference an editor gave to a work; to none if `work` is empty."""

    text: Key
    start: int
    end: int
    work: str


def collect(
    texts: Sequence[CitedText],
    decisions: Iterable[Decision] = (),
    settled: Iterable[Settled] = (),
) -> tuple[list[Work], list[Place]]:
    """The works that these texts cite, by author and title, and every reference in the order of the texts.

    What is not certain has no work: a title that two works could have, an `ibid.` after two works, an `op. cit.` of an
    author of two.
    """
    first = {id(text): _read_alone(text.plain, text.emphasised) for text in texts}
    named = [each for found in first.values() for each in found if each.kind == NAMED]
    known = {each.title for each in named if _is_known(each)} | {each.abbreviation for each in named}
    known.discard("")
    # A text is read again only if something in it is open.
    found = {
        key: references_in(text.plain, known, text.emphasised)
        if any(each.kind == UNKNOWN for each in first[key])
        else first[key]
        for text in texts
        for key in (id(text),)
    }
    joined = _Joined(each for text in texts for each in found[id(text)])
    decided = {decision.key: decision for decision in decisions}
    by_text: dict[Key, list[Settled]] = defaultdict(list)
    for each in settled:
        by_text[each.text].append(each)
    places = _Reader(joined, decided, by_text).read(texts, found)
    return _works(joined, places, decided), places


@lru_cache(maxsize=TEXTS)
def _read_alone(plain: str, emphasised: tuple[tuple[int, int], ...]) -> tuple[Reference, ...]:
    """The references in a text that is read by itself."""
    return tuple(references_in(plain, (), emphasised))


def names_of(places: Iterable[Place]) -> dict[str, tuple[str, str]]:
    """The author and the title, the fullest, by which the text names each work; by the key that it is found by."""
    named: dict[str, list[Reference]] = defaultdict(list)
    for place in places:
        if place.found_key and place.reference.kind == NAMED and place.reference.title:
            named[place.found_key].append(place.reference)

    def fullest(texts: Iterable[str]) -> str:
        return max(texts, key=lambda text: (len(text), text), default="")

    return {
        key: (fullest(each.author for each in references), fullest(each.title for each in references))
        for key, references in named.items()
    }


def imprints_of(places: Iterable[Place]) -> dict[Key, list[tuple[int, int]]]:
    """The characters of each text that say where and when a cited work appeared, in the order of the places.

    None of a reference of which an editor says that it cites no work.
    """
    imprints: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for place in places:
        start, end = place.reference.imprint
        is_none = not place.work and (place.found_key or place.is_settled)
        if start < end and not is_none:
            imprints[place.text.key].append((start, end))
    return dict(imprints)


def _is_one(places: Sequence[Place]) -> bool:
    """Whether all these places cite one work for certain."""
    return len({place.work for place in places}) == 1 and bool(places[0].work)


def _where_in_work(plain: str, reference: Reference, repeated: Sequence[Place]) -> dict[str, str]:
    """Where in its work a reference leads: `volume`, `number`, `date`, `pages`, `part` of a `Place`.

    *Ibid.* alone is the place that it repeats. With pages it stays in the volume, number and day; with another volume
    or number, it takes over nothing that is smaller. It takes over what all places that it repeats have in common, and
    nothing if words after it may name a place that is not read.
    """
    where = {name: getattr(reference, name) for name in ("volume", "number", "date", "pages", "part")}
    may_repeat = any(where.values()) or not _GOES_ON.match(plain, reference.end)
    if not repeated or reference.kind not in (IBID, LOC_CIT) or not may_repeat:
        return where
    for level in (("volume",), ("number", "date"), ("pages", "part")):
        common = {tuple(getattr(place, name) for name in level) for place in repeated}
        if any(where[name] for name in level) or len(common) > 1:
            break
        where |= dict(zip(level, common.pop(), strict=True))
    return where


def _is_by(author: str, work: str) -> bool:
    """Whether a folded surname is that of an author of the work with this key."""
    return author in work.partition("|")[0].split("+")


def _is_known(reference: Reference) -> bool:
    """Whether a title was cited with so much that it is known again where it stands alone."""
    has_more = (reference.year and reference.place) or reference.number or reference.author
    return bool(has_more) or len(reference.title.split()) > 2


class _Joined:
    """Which work each named reference cites: the same authors, and titles of which one begins the other."""

    def __init__(self, references: Iterable[Reference]) -> None:
        self.abbreviations: dict[str, str] = {}
        self._by_author: dict[str, set[str]] = defaultdict(set)
        named = [each for each in references if each.kind in (NAMED, PRESENT)]
        for each in named:
            if each.abbreviation:
                self.abbreviations.setdefault(each.abbreviation, each.title)
        for each in named:
            self._by_author[surnames(each.author)].add(folded_title(self._long(each)))

    def _long(self, reference: Reference) -> str:
        return self.abbreviations.get(reference.title, reference.title)

    def key_of(self, reference: Reference) -> str:
        """The key of a reference's work; empty if two works could have its title."""
        author, title = surnames(reference.author), folded_title(self._long(reference))
        if author:
            return f"{author}|{self._longest(author, title)}"
        owners = {
            (owner, self._longest(owner, title))
            for owner, titles in self._by_author.items()
            if any(_same_title(title, each) for each in titles)
        }
        with_author = {owner for owner in owners if owner[0]}
        if len(with_author or owners) != 1:
            return "" if with_author else f"|{self._longest('', title)}"
        [(owner, longest)] = with_author or owners
        return f"{owner}|{longest}"

    def _longest(self, author: str, title: str) -> str:
        """The longest title of the author that this one begins; itself if two different ones do."""
        longer = [
            each for each in self._by_author[author] if _same_title(title, each) and len(each) >= len(title)
        ]
        longest = max(longer, key=lambda each: (len(each), each), default=title)
        return longest if all(_same_title(each, longest) for each in longer) else title


class _Reader:
    """Reads the references in the order of the book, and finds what *ibid.* and its kind mean."""

    def __init__(
        self, joined: _Joined, decided: Mapping[str, Decision], settled: Mapping[Key, Sequence[Settled]]
    ) -> None:
        self._joined, self._decided, self._settled = joined, decided, settled
        self._cited_by: dict[str, list[tuple[int, str]]] = defaultdict(list)  # chapter and work, by surname
        self._notes: dict[tuple[int, int], list[Place]] = {}  # the references of each note

    def read(self, texts: Sequence[CitedText], found: Mapping[int, Sequence[Reference]]) -> list[Place]:
        """A place for each reference."""
        places: list[Place] = []
        before: tuple[int, int] = (0, 0)  # chapter and number of the note before
        for text in texts:
            here: list[Place] = []
            previous = (
                self._notes.get(before, []) if text.note and before == (text.chapter, text.note - 1) else []
            )
            for at, reference in enumerate(found[id(text)]):
                # A figure may be of a citation that is not read.
                is_first = at == 0 and not re.search(r"\d", text.plain[: reference.start])
                place = self._place(text, reference, here, previous, is_first=is_first)
                here.append(place)
                if place.work and reference.kind == NAMED and reference.author:
                    self._cited_by[surnames(reference.author)].append((text.chapter, place.work))
                if reference.kind not in CITE_NOTHING:
                    places.append(place)
            before = (text.chapter, text.note)
            if text.note:
                self._notes[before] = [place for place in here if place.reference.kind != OWN]
        return places

    def _place(
        self,
        text: CitedText,
        reference: Reference,
        here: Sequence[Place],
        previous: Sequence[Place],
        *,
        is_first: bool,
    ) -> Place:
        settled = next(
            (
                each
                for each in self._settled.get(text.key, ())
                if each.start < reference.name_end and reference.name_start < each.end
            ),
            None,
        )
        key, repeated = self._meant(text, reference, here, previous, is_first=is_first)
        found = settled.work if settled else key
        work = self._final(found)
        if settled and all(place.work != work for place in repeated):
            repeated = [each for each in here if each.work == work]
            repeated = repeated or [each for each in previous if each.work == work]
        return Place(
            text,
            reference,
            work,
            **_where_in_work(text.plain, reference, repeated),
            found_key=found,
            is_settled=settled is not None,
        )

    def _meant(
        self,
        text: CitedText,
        reference: Reference,
        here: Sequence[Place],
        previous: Sequence[Place],
        *,
        is_first: bool,
    ) -> tuple[str, Sequence[Place]]:
        """The key of the work that a reference means, and the places that *ibid.* repeats; empty if not certain.

        After a note with several places in one work, *ibid.* may repeat each of them.
        """
        author = surnames(reference.author)
        if reference.kind == NAMED:
            return self._joined.key_of(reference), ()
        if reference.kind == PRESENT:
            return f"present|{reference.volume.lower()}", ()
        if reference.kind == IBID or (reference.kind in (LOC_CIT, SAME) and not author):
            candidates = list(here[-1:])
            if not here and is_first and text.note and reference.kind != SAME and _is_one(previous):
                candidates = list(previous)
            if author:
                candidates = [place for place in candidates if _is_by(author, place.work)]
            return (candidates[-1].work if candidates else ""), candidates
        if reference.kind == NOTE:
            works = self._notes.get((text.chapter, reference.note), []) if reference.note < text.note else []
            if author:
                works = [place for place in works if _is_by(author, place.work)]
            return (works[-1].work, ()) if _is_one(works) else ("", ())
        if reference.kind in (OP_CIT, LOC_CIT):
            cited = self._cited_by.get(author, [])
            in_chapter = {work for chapter, work in cited if chapter == text.chapter}
            works_of = in_chapter or {work for _, work in cited}
            return (next(iter(works_of)), ()) if len(works_of) == 1 else ("", ())
        return "", ()

    def _final(self, key: str) -> str:
        """The key of the work into which an editor joined this one, directly or through others; empty if it is none."""
        seen = set()
        while key in self._decided and key not in seen:
            seen.add(key)
            decision = self._decided[key]
            if not decision.is_work:
                return ""
            if not decision.into:
                break
            key = decision.into
        return key


def _works(joined: _Joined, places: Sequence[Place], decided: Mapping[str, Decision]) -> list[Work]:
    """The works with their places, by author and title, each with an address of its own."""
    by_key: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.work:
            by_key[place.work].append(place)
    works = [_described(key, found, joined, decided.get(key)) for key, found in by_key.items()]
    works.sort(
        key=lambda work: (
            work.is_present,
            slug_of(surnames(work.author)) or _ordered(work.title),
            _ordered(work.title),
            work.key,
        )
    )
    taken: set[str] = set()
    for work in works:
        base = _slug(work)
        work.slug, n = base, 2
        while work.slug in taken:
            work.slug, n = f"{base}-{n}", n + 1
        taken.add(work.slug)
    return works


def _described(key: str, places: list[Place], joined: _Joined, decision: Decision | None) -> Work:
    cited = [place for place in places if place.reference.kind == NAMED and place.reference.title]
    # What an editor joined with the work adds titles by which the text names it, and describes it only where nothing
    # else does: an author of one and a title of another would be a work that nobody wrote.
    own = [place.reference for place in cited if place.found_key == key]
    named = own or [place.reference for place in cited]
    titles = Counter(joined.abbreviations.get(each.title, each.title) for each in named)
    authors = Counter(each.author for each in named if each.author)
    forms = dict(Counter(place.reference.title for place in cited))
    by_length = sorted(titles, key=lambda title: (-len(title), title))
    is_present = key.startswith("present|")
    work = Work(
        key,
        author=max(authors, key=lambda author: (len(author), author), default=""),
        title=by_length[0] if by_length else key.partition("|")[2],
        place=next((each.place for each in named if each.place), ""),
        year=next((each.year for each in named if each.year), ""),
        is_present=is_present,
        is_periodical=any(each.number or each.date for each in named) and not authors,
        forms=forms,
        places=places,
    )
    if is_present:
        work.volume_of_present = key.partition("|")[2].upper()
        work.title = labels_in("en").volume_of_present.format(n=work.volume_of_present)
    for name, value in (decision.values if decision else {}).items():
        if value:
            setattr(work, name, value)
            if name == "title":
                work.volume_of_present = ""
    return work


def _ordered(title: str) -> str:
    """A title as a bibliography orders it: without its article, as the Chicago Manual of Style orders titles."""
    return _ARTICLE.sub("", slug_of(title))


def _slug(work: Work) -> str:
    author = re.split(r"\s(?:and|&|et)\s|,", work.author)[0].split()
    words = slug_of(f"{author[-1] if author else ''} {work.title}").split("-")
    while len("-".join(words)) > LONGEST_SLUG and len(words) > 1:
        words.pop()
    return "-".join(words)[:LONGEST_SLUG] or "work"


def surnames(author: str) -> str:
    """The surnames of an author line, folded and joined by `+`: `E. H. Carr and R. W. Davies` is `carr+davies`."""
    names = re.split(r",?\s+(?:and|&|et|und|i)\s+|,\s+", re.sub(r",?\s+(?:et al\.|eds?\.)", "", author))
    return "+".join(slug_of(name.split()[-1]) for name in names if name.split())


def key_of(author: str, title: str) -> str:
    """The key of the work with this author line and title."""
    return f"{surnames(author)}|{folded_title(title)}"


def folded_title(title: str) -> str:
    """A title for comparison: its words in small letters without accents and marks."""
    return slug_of(title.replace("’", "").replace("'", ""))


def _same_title(one: str, other: str) -> bool:
    """Whether one folded title begins the other, word by word."""
    short, long = sorted((one, other), key=len)
    return bool(short) and (long == short or long.startswith(f"{short}-"))


def slug_of(text: str) -> str:
    """A text as words of an address: small letters without accents and figures, joined by hyphens."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return "-".join(re.findall(r"[^\W_]+", plain))

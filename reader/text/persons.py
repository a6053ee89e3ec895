"""The persons that texts name. Pure.

    name    = [ title ] ( full | surname | ruler )       Comrade N. I. Bukharin; Bukharin; Nicholas II
    full    = given { given } [ particle ] surname       N. I. Bukharin; Rosa Luxemburg; Alexis de Tocqueville
    given   = initial | given name                       N.; Yu.; Nikolai (words_of_names.py, or no other word)
    surname = capitalised word [ "-" capitalised word ]  Bonch-Bruyevich
    ruler   = given name Roman numeral                   Nicholas II

A full name, or a title before a word, is a name by itself. A capitalised word alone is one if it is the surname of a
full name, or if the sentences around it speak of a person: *X, who*; *X himself*; *the death of X*; *X, then chairman*;
*X, Title, p. 3* at the beginning of a citation; several lesser signs together (*X wrote*). Signs count for the whole
volume, and so do those against it: *in X*, *the X*. No name are words that the volume writes in small letters, too,
months, places, peoples, doctrines, a name within an emphasised title or before a word that makes
it another thing's (*X Institute*).

Two surnames are one if they are one word in the customs of transliteration (transliteration.py). Two full names are
one person if the surname is one and the given names agree as far as both go, and no third name agrees with only one of
them. A surname alone is the person who bears it, if one does; if several do, the one who alone was fully named before
it in the chapter; otherwise it stays a name of its own, a doubt.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from reader.text.kept import TEXTS
from reader.text.transliteration import key
from reader.text.words_of_names import (
    COMMON,
    GIVEN,
    NAMED_AFTER,
    NEVER,
    NO_SURNAME,
    NUMBERED,
    PARTICLES,
    TITLES,
)

_CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĹĽŁŃŇŌŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽА-ЯЁ"
_INITIAL = rf"[{_CAPITAL}](?:[auohs])?\."
_WORD = rf"[{_CAPITAL}](?:\w|['’ʹ](?!s\b)(?=\w))+(?:-[{_CAPITAL}](?:\w|['’ʹ](?!s\b)(?=\w))+)*(?![\w-])"
_PARTICLE = "|".join(PARTICLES)
_TITLE_STOPS = "|".join(re.escape(each) for each in sorted(TITLES) if each.endswith("."))
_NUMERAL = r"[IVX]{2,5}(?![\w.’'-])"
_PIECE = rf"(?:{_TITLE_STOPS}|{_INITIAL}|{_NUMERAL}|{_WORD})"
# Words with capitals, initials and particles that stand side by side.
_RUN = re.compile(
    rf"(?=[{_CAPITAL}])(?<![\w.’'\-]){_PIECE}(?:(?:(?<=\.)[ -]?|[ ])(?:(?:{_PARTICLE}) )?{_PIECE})*"
)
_PIECES = re.compile(
    rf"(?P<title>{_TITLE_STOPS})|(?P<initial>{_INITIAL})|(?P<particle>\b(?:{_PARTICLE})(?= ))"
    rf"|(?P<numeral>{_NUMERAL})|(?P<word>{_WORD})"
)
_ABBREVIATED = re.compile(r"[,;:)\]]? ?[a-z(]")
_BAD = re.compile(NO_SURNAME)
# Particles are joined to a surname in its key; a surname of two letters is too likely another thing.
_SHORTEST = 2

# Signs of a person, each as it stands before or after the word: those that suffice, and those that help.
_ROLES = (
    r"(?:chair(?:man|woman)|president|commissar|minister|leader|secretary|head|author|economist|historian|philosopher"
    r"|writer|poet|editor|director|professor|successor|wife|widow|husband|brother|sister|son|daughter|father|mother"
    r"|friend|pupil|disciple|follower|agronomist|engineer|lawyer|journalist|general|deputy|spokesman|theoretician)"
)
_STRONG_AFTER = re.compile(
    rf"(?:,? (?:for |of |to |with |by |from |against )?whom\b|,? who\b| (?:him|her)self\b"
    rf"|, (?:then |now |later |formerly )?(?:(?:the|a|an|one of the) )?(?:[\w'’-]+ ){{0,2}}{_ROLES}s?\b"
    r"|(?: was| is| had been)? (?:born|assassinated|arrested|shot|executed|exiled|buried|married)\b"
    r"|['’]s (?:\w+ ){0,2}(?:speech|speeches|death|writings|book|pamphlet|lifetime|remarks|thesis|theses|essay|diary"
    r"|memoirs|illness|wife|widow|son|daughter|brother|father|mother|pen|disciples?|followers?|pupils?|biographer"
    r"|biography"
    r"|testament|lectures?|arrest|birth|funeral|cabinet)\b"
    r"| in (?:his|her) )"
)
_AFTER_AS_FOR = re.compile(r", (?:he|she)\b")
_ROLE = re.compile(_ROLES)
_OF_PERSONS = frozenset(
    """
    arrest assassination biography birth chairmanship death disciple disciples editorship follower followers funeral
    ideas memoirs murder pen portrait pseudonym pupil pupils speech speeches theses thesis widow wife works writings
    """.split()  # noqa: SIM905  # a paragraph is easier to read than a list
)
_BY_PERSONS = frozenset(("delivered", "edited", "introduced", "reported", "signed", "translated", "written"))
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_CITED = re.compile(
    rf",? (?:[\[(]?(?:ed|eds)\.?[\])]?,? )?(?:[*“\"][^.;]|(?!(?:Vol|No|Part|Book|Chapter|Ch|Section|{_MONTHS})\b)"
    rf"[{_CAPITAL}])[^;.]{{0,120}}?"
    r"(?:,? \(|, )(?:[Vv]ols?\.?|pp?\.|\d{4}|[^,;()]{0,40}\d{4})"
)
_MAY_BE_CITED = re.compile(r"(?:^[\s\d.\[\]*]*|\b[Ss]ee(?: also)?,? |\b[Cc]f\. |; |, and |\()(?:in )?$")
_WEAK_AFTER = re.compile(
    r"(?:,? (?:had |has |have |also |still |once |then |later |never |again |[a-z]+ly ){0,2}"
    r"(?P<verb>wrote|writes?|written|said|says|declare[sd]|explain(?:s|ed)|stress(?:es|ed)|emphasi[sz]e[sd]"
    r"|thought|thinks"
    r"|believe[sd]|argue[sd]|insist(?:s|ed)|recall(?:s|ed)|repli(?:es|ed)|note[sd]|remark(?:s|ed)|hail(?:s|ed)"
    r"|admit(?:s|ted)"
    r"|quote[sd]|saw|sees|knew|felt|died|spoke|speaks|asked|told|call(?:s|ed)|put it|drew|draws|wished|feared"
    r"|consider(?:s|ed)"
    r"|affirm(?:s|ed)|assert(?:s|ed)|observe[sd]|points? out|pointed out|conclude[sd]|add(?:s|ed)"
    r"|foresaw|maintain(?:s|ed)"
    r"|criticize[sd]|denounce[sd]|praise[sd]"
    r"|oppose[sd]|recognize[sd]|ascribe[sd]|advocate[sd]|defend(?:s|ed)"
    r"|attack(?:s|ed))\b"
    r"|['’]s (?P<noun>work|letter|article|life|words|thought|report|view|views|conception|theory|ideas?"
    r"|opinion|line|position)\b)"
)
_WEAK_BEFORE = frozenset(
    ("against", "and", "attacked", "between", "criticized", "followed", "like", "supported", "what", "with")
)
_WEAK_PAIRS = frozenset([("according", "to"), ("quoted", "by"), ("cited", "by"), ("forward", "by")])
# Words before a place or a thing.
_AGAINST_BEFORE = frozenset(
    (
        *("a", "an", "at", "every", "from", "in", "inside", "into"),
        *("near", "outside", "the", "this", "throughout", "within"),
    )
)
_AGAINST_AFTER = re.compile(
    r"[ -](?:oblast|province|region|railway|district|gubernia|newspaper|plant|factory|mine)\b"
)
_JOINT = re.compile(r"(?:['’]s)?,? ?(?P<and>and |or |& |)(?:of |by |with )?\Z")
_OWNED = frozenset(("a", "an", "its", "the", "their", "this"))
_STRONG, _WEAK, _AGAINST, _SENTENCE, _IS_AFTER_NUMBER, _IS_CITED, _IS_OWNED = 1, 2, 4, 8, 16, 32, 64
# A father's name between a given name and a surname: Ivanovich, Ilyich, Grigoryevna.
_FATHERS = re.compile(r"[a-z](?:[oe]vich|[oe]vitch|[oe]vič|yich|ich|[oe]vna|ichna)$")
_BEGINS = re.compile(r"(?:^|[.!?:][\"”’')\]]*\s+)[\"“‘'(\[]*$")
_PRINTED = re.compile(
    rf"(?:^|\d\s+|\n)(?P<surname>{_WORD}), "
    rf"(?P<given>(?:{_INITIAL}|{_WORD})(?: (?:{_INITIAL}|{_WORD})){{0,2}}),? (?=\d)",
    re.MULTILINE,
)
_AROUND = 60
# `vol.` and `no.` are abbreviations with their stops, `table.` ends a sentence.
_ABBREVIATED_UP_TO = 5


class Piece(NamedTuple):
    """A word, an initial, a title, a particle or a numeral, at characters `start` to `end` of its run."""

    kind: str
    text: str
    start: int
    end: int


class Run(NamedTuple):
    """Capitalised words side by side, the signs of a person around them, and what joins the next run in a list.

    `start` is the character of the text where its `words` begin. `joint` is `and` or a comma; empty if the next run is
    not listed with this one.
    """

    start: int
    words: str
    pieces: tuple[Piece, ...]
    signs: int
    verb: str
    joint: str


class Scan(NamedTuple):
    """What one plain text says: its runs, and its abbreviations with points."""

    plain: str
    runs: tuple[Run, ...]
    abbreviations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Name:
    """A name at characters `start` to `end` of a text: given names or initials, and a surname with its particle."""

    start: int
    end: int
    given: tuple[str, ...]
    surname: str

    @property
    def form(self) -> str:
        """The name as the text has it, with single spaces."""
        return " ".join([*self.given, self.surname])


@dataclass(slots=True)
class Person:
    """A person: surname and given names as the fullest form has them, and the places by the numbers of the texts.

    `doubt` says in a sentence why an editor should look; empty if nothing is in doubt.
    """

    surname: str
    given: tuple[str, ...]
    places: list[tuple[int, Name]] = field(default_factory=list)
    doubt: str = ""
    is_apart: bool = False

    @property
    def heading(self) -> str:
        """The name as an index has it: `Bukharin, N. I.`."""
        return ", ".join(filter(None, [self.surname, " ".join(self.given)]))

    @property
    def forms(self) -> Counter[str]:
        """The forms of the name in the text, and how often each stands there."""
        return Counter(name.form for _, name in self.places)


def printed_names(plain: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The surnames and given names of a printed index: `Marlov, N. I., 12, 45-47`."""
    for found in _PRINTED.finditer(plain):
        yield found["surname"], tuple(found["given"].split())


@lru_cache(maxsize=TEXTS)
def scan(plain: str, titles: tuple[tuple[int, int], ...] = ()) -> Scan:
    """What a plain text says of persons. `titles` are the characters that it emphasises, as (start, end)."""
    runs: list[Run] = []
    abbreviations: set[str] = set()
    found = list(_RUN.finditer(plain))
    for k, each in enumerate(found):
        start, end = each.span()
        if each[0].lower() in COMMON or each[0] in NEVER or plain[end : end + 1] == "-":
            continue
        if titles and any(
            first <= start and end <= last and (first, last) != (start, end) for first, last in titles
        ):
            continue
        pieces = _pieces(each[0])
        if all(piece.kind == "initial" for piece in pieces):
            if len(pieces) > 1 and _ABBREVIATED.match(plain, end):
                abbreviations.add("".join(piece.text for piece in pieces))
            continue
        following = found[k + 1].start() if k + 1 < len(found) else None
        joint = _joint(plain[end:following]) if following is not None else ""
        signs, verb = _signs(plain[max(0, start - _AROUND) : start], plain[end : end + 200])
        runs.append(Run(start, each[0], pieces, signs, verb, joint))
    return Scan(plain, tuple(runs), frozenset(abbreviations))


def _joint(between: str) -> str:
    """What joins two names of a list: `and`, a comma, or nothing."""
    found = _JOINT.match(between)
    if found is None or not between.strip():
        return ""
    return "and" if found["and"] else ","


# A book names the same persons and places again and again.
@lru_cache(maxsize=16384)
def _pieces(run: str) -> tuple[Piece, ...]:
    """The pieces of a run that may be part of a name; a word in capitals is none."""
    return tuple(Piece(found.lastgroup or "", found[0], *found.span()) for found in _PIECES.finditer(run))


def _signs(before: str, after: str) -> tuple[int, str]:
    """The signs of a person around a run, and the verb or the noun of a weak sign."""
    signs, verb = 0, ""
    words = before.rsplit(None, 3)[-3:] if before[-1:] == " " else []
    last = words[-1].lower() if words else ""
    second = words[-2].lower() if len(words) > 1 else ""
    third = words[-3].lower() if len(words) > 2 else ""
    if _BEGINS.search(before[-8:]):
        signs |= _SENTENCE
    if last in _AGAINST_BEFORE or _AGAINST_AFTER.match(after):
        signs |= _AGAINST
    elif (
        _STRONG_AFTER.match(after)
        or (last == "of" and second in _OF_PERSONS)
        or (last == "by" and (second in _BY_PERSONS or third in _BY_PERSONS))
        or _ROLE.fullmatch(last)
        or (last == "for" and second == "as" and _AFTER_AS_FOR.match(after))
    ):
        signs |= _STRONG
    elif after[:1] in ",[ " and _MAY_BE_CITED.search(before) and _CITED.match(after):
        signs |= _IS_CITED
    if found := _WEAK_AFTER.match(after):
        signs |= _WEAK
        verb = found["verb"] or found["noun"] or ""
    elif last in _WEAK_BEFORE or (second, last) in _WEAK_PAIRS:
        signs |= _WEAK
        verb = last
    if last in _OWNED or last.endswith(("'s", "’s", "s'")):
        signs |= _IS_OWNED
    if last in NUMBERED or (last.endswith(".") and len(last) < _ABBREVIATED_UP_TO and last[:-1] in NUMBERED):
        signs |= _IS_AFTER_NUMBER
    return signs, verb


class _Read(NamedTuple):
    """A run as a name: full (with given names), titled, or a word alone; whether other capitalised words lead it."""

    text: int
    run: Run
    name: Name
    is_titled: bool
    has_lead: bool


class Finder:
    """The persons of a volume, from the scans of its texts in the order of the book.

    `chapters` are the numbers of the texts' chapters. `known` are
    surnames that an editor names, `apart` are forms that an editor set apart from the others. `printed` are the
    surnames and given names of the book's own index: they are surnames, and who stands there alone is a doubt.
    """

    def __init__(
        self,
        scans: Sequence[Scan],
        chapters: Sequence[int],
        known: Collection[str] = (),
        apart: Collection[str] = (),
        printed: Sequence[tuple[str, tuple[str, ...]]] = (),
    ) -> None:
        self.scans, self.chapters, self.apart = scans, chapters, frozenset(apart)
        words = set[str]()
        for scan in scans:
            words.update(scan.plain.split())
        self.small = frozenset(filter(str.islower, words))
        self.abbreviations = frozenset().union(*(scan.abbreviations for scan in scans))
        self.printed = printed
        self.known = {key(each) for each in (*known, *(surname for surname, _ in printed))}
        self.read: dict[tuple[str, int], tuple[Name, bool, bool] | None] = {}
        self.alone: Counter[str] = Counter()
        for scan in scans:
            self.alone.update(run.pieces[0].text for run in scan.runs if len(run.pieces) == 1)

    def persons(self) -> list[Person]:
        """The persons, by surname and given names."""
        full: list[_Read] = []
        alone: list[_Read] = []
        pairs: list[_Read] = []
        for at, scan in enumerate(self.scans):
            for run in scan.runs:
                read = self._read(at, run)
                if read is None:
                    continue
                if read.is_titled or self._is_given(read.name.given, read):
                    full.append(read)
                elif read.name.given:
                    pairs.append(read)
                else:
                    alone.append(read)
        surnames = {key(read.name.surname) for read in full if self._may_be_full(read)}
        surnames |= self.known
        surnames = self._told_by_signs(surnames, alone, pairs)
        found = [read for read in full if key(read.name.surname) in surnames]
        found += [read for read in alone if key(read.name.surname) in surnames and self._may_be_alone(read)]
        for read in pairs:
            if key(read.name.surname) in surnames and self._may_be_given(read.name.given[0]):
                found.append(read)
        found.sort(key=lambda read: (read.text, read.name.start))
        persons = self._joined(found)
        persons += self._only_printed(persons)
        return sorted(persons, key=lambda person: (key(person.surname), person.heading))

    # What a run is

    def _read(self, at: int, run: Run) -> _Read | None:
        """A run as a name, before it is known whether it is one; None if it cannot be."""
        # Runs of the same words, with the same of these signs, are read alike.
        alike = (run.words, run.signs & (_IS_OWNED | _IS_AFTER_NUMBER))
        if alike not in self.read:
            self.read[alike] = self._read_words(run)
        if (read := self.read[alike]) is None:
            return None
        name, is_titled, has_lead = read
        start, end = run.start + name.start, run.start + name.end
        return _Read(at, run, Name(start, end, name.given, name.surname), is_titled, has_lead)

    def _read_words(self, run: Run) -> tuple[Name, bool, bool] | None:
        """The name at its place in a run, whether it is titled, whether other words lead it; None if there is none."""
        pieces = list(run.pieces)
        while pieces and pieces[0].kind == "word" and self._is_common(pieces[0].text) and len(pieces) > 1:
            if pieces[0].text in TITLES or pieces[0].text in GIVEN:
                break
            pieces = pieces[1:]
        is_titled = False
        lead = len(run.pieces) - len(pieces)
        for k, piece in enumerate(pieces[:-1]):
            if (piece.kind == "title" or piece.text in TITLES) and not (
                k == lead == 0 and run.signs & _IS_OWNED
            ):
                pieces, is_titled = pieces[k + 1 :], True
                break
        start = next(
            (k for k, piece in enumerate(pieces) if piece.kind == "initial" or piece.text in GIVEN), 0
        )
        if (
            start
            and pieces[start].kind != "initial"
            and not all(_is_follower(each.text) for each in pieces[:start])
        ):
            return None
        has_lead = bool(start) and not is_titled
        pieces = pieces[start:]
        if pieces and pieces[-1].kind == "numeral":
            if len(pieces) == 2 and pieces[0].text in GIVEN:
                name = Name(pieces[0].start, pieces[-1].end, (), f"{pieces[0].text} {pieces[-1].text}")
                return name, True, has_lead
            return None
        if not pieces or pieces[-1].kind != "word":
            return None
        given: list[str] = []
        while len(pieces) > 1 and (
            pieces[0].kind == "initial"
            or pieces[0].text in GIVEN
            or (given and _FATHERS.search(pieces[0].text))
        ):
            given.append(pieces.pop(0).text)
        if (
            given
            and given[0].endswith(".")
            and (self._is_number(run, given, lead) or "".join(given) in self.abbreviations)
        ):
            return None
        first = run.pieces[len(run.pieces) - len(pieces) - len(given)].start
        if not given and not is_titled and len(pieces) == 2 and pieces[0].kind == "word":
            given.append(pieces.pop(0).text)
        surname = [piece.text for piece in pieces]
        words = [piece for piece in pieces if piece.kind == "word"]
        if len(words) != 1 or not _is_surname(words[0].text) or (given and words[0].text in NAMED_AFTER):
            return None
        # A particle belongs to a full name, or to a titled one.
        if len(pieces) > 1 and not given and not is_titled:
            return None
        return Name(first, pieces[-1].end, tuple(given), " ".join(surname)), is_titled, has_lead

    @staticmethod
    def _is_number(run: Run, given: Sequence[str], lead: int) -> bool:
        """Whether what looks like an initial is a number: Part I. Economics."""
        if len(given) > 1 or given[0].rstrip(".") not in "IVXLCDM":
            return False
        if lead:
            return run.pieces[lead - 1].text.lower() in NUMBERED
        return bool(run.signs & _IS_AFTER_NUMBER)

    @staticmethod
    def _is_given(given: Sequence[str], read: _Read) -> bool:
        return bool(given) and (given[0].endswith(".") or given[0] in GIVEN)

    def _is_common(self, word: str) -> bool:
        return word.lower() in COMMON or word.lower() in self.small

    def _is_no_name(self, word: str) -> bool:
        return word in NEVER or word in NAMED_AFTER or _BAD.search(word) is not None

    def _may_be_full(self, read: _Read) -> bool:
        """Whether a full name or a titled one is certain enough to make its surname known."""
        word = read.name.surname.rpartition(" ")[2]
        if read.name.surname.lower() in COMMON or self._is_no_name(word):
            return False
        if not self._is_common(word):
            return True
        # A common word is a surname after initials in the midst of a sentence, or where a person is spoken of.
        if not read.name.given:
            return False
        is_initials = all(each.endswith(".") for each in read.name.given)
        if not is_initials and len(read.name.given) == 1 and not read.run.signs & (_STRONG | _WEAK):
            return False
        return not (read.run.signs & _SENTENCE and len(read.name.given) == 1) or bool(
            read.run.signs & _STRONG
        )

    def _may_be_alone(self, read: _Read) -> bool:
        """Whether a word alone that is a surname elsewhere names the person here."""
        word = read.name.surname
        if word in NEVER:
            return False
        if self._is_common(word) or read.has_lead:
            return (
                not read.run.signs & _SENTENCE and len(read.run.pieces) == 1 and not read.run.signs & _AGAINST
            )
        return True

    def _may_be_given(self, word: str) -> bool:
        """Whether a word before a surname is a given name that no table has."""
        return not (
            self._is_common(word)
            or self._is_no_name(word)
            or _is_follower(word)
            or self.alone[word] > 1
            or word in TITLES
        )

    def _told_by_signs(self, surnames: set[str], alone: Sequence[_Read], pairs: Sequence[_Read]) -> set[str]:
        """The surnames that full names told, and the words alone that the sentences around them tell."""
        signs: dict[str, list[_Read]] = defaultdict(list)
        for read in alone:
            word = read.name.surname
            if not self._is_common(word) and not self._is_no_name(word) and not _is_follower(word):
                signs[key(word)].append(read)
        for read in pairs:
            word = read.name.surname
            may_be = self._may_be_given(read.name.given[0]) and not self._is_common(word)
            if may_be and not self._is_no_name(word) and read.run.signs & _STRONG:
                signs[key(word)].append(read)
        scores: dict[str, float] = {}
        for word, reads in signs.items():
            strong = sum(1 for read in reads if read.run.signs & (_STRONG | _IS_CITED))
            verbs = {read.run.verb for read in reads if read.run.signs & _WEAK}
            weak = sum(1 for read in reads if read.run.signs & _WEAK and not read.run.signs & _STRONG)
            against = sum(1 for read in reads if read.run.signs & _AGAINST)
            if 4 * against > len(reads):
                continue
            if strong and strong * 30 >= len(reads):
                scores[word] = 3 + strong - 2 * against
            else:
                scores[word] = min(len(verbs), 2) + (1 if 2 * weak >= len(reads) else 0) - 2 * against
        told = surnames | {word for word, score in scores.items() if score >= 3}
        return self._told_by_company(told, scores)

    def _told_by_company(self, told: set[str], scores: Mapping[str, float]) -> set[str]:
        """The words that stand in a list with persons: three names and more, or two and a sign besides."""
        lists = [
            [key(run.pieces[-1].text) for run in listed]
            for scan in self.scans
            for listed in _lists(scan.runs)
        ]
        while True:
            new: set[str] = set()
            for words in lists:
                persons = sum(word in told for word in words)
                least = 0 if persons > 1 else 1
                if persons:
                    new |= {word for word in words if word not in told and scores.get(word, -1) >= least}
            if not new:
                return told
            told = told | new

    # Who it is

    def _joined(self, found: Sequence[_Read]) -> list[Person]:
        """The names joined to persons."""
        persons: list[Person] = []
        by_surname: dict[str, list[_Read]] = defaultdict(list)
        for read in found:
            by_surname[key(read.name.surname)].append(read)
        for reads in by_surname.values():
            apart = [read for read in reads if read.name.form in self.apart]
            together = [read for read in reads if read.name.form not in self.apart]
            for form in sorted({read.name.form for read in apart}):
                its = [read for read in apart if read.name.form == form]
                persons.append(_person([(read.text, read.name) for read in its], is_apart=True))
            persons += self._bearers(together)
        _doubt_spellings(persons)
        return persons

    def _only_printed(self, persons: Sequence[Person]) -> list[Person]:
        """The persons of the printed index whom the text was not found to name: a doubt, without a place."""
        named: dict[str, list[Person]] = defaultdict(list)
        for person in persons:
            named[key(person.surname)].append(person)
        missing = []
        for surname, given in dict.fromkeys(self.printed):
            if not any(agree(given, person.given) for person in named[key(surname)]):
                said = "The printed index has this name; it was found nowhere in the text."
                missing.append(Person(surname, given, doubt=said))
        return missing

    def _bearers(self, reads: Sequence[_Read]) -> list[Person]:
        """The persons who bear one surname."""
        clusters = clusters_of({read.name.given for read in reads if read.name.given})
        if len(clusters) <= 1:
            return [_person([(read.text, read.name) for read in reads])] if reads else []
        of: dict[tuple[str, ...], int] = {given: k for k, each in enumerate(clusters) for given in each}
        places: list[list[tuple[int, Name]]] = [[] for _ in clusters]
        nobody: list[tuple[int, Name]] = []
        chapter, named = None, set[int]()
        for read in reads:
            if self.chapters[read.text] != chapter:
                chapter, named = self.chapters[read.text], set()
            if read.name.given:
                named.add(of[read.name.given])
                places[of[read.name.given]].append((read.text, read.name))
            elif len(named) == 1:
                places[next(iter(named))].append((read.text, read.name))
            else:
                nobody.append((read.text, read.name))
        persons = [_person(each) for each in places]
        names = " or ".join(person.heading for person in persons)
        for k, person in enumerate(persons):
            others = [other for j, other in enumerate(persons) if j != k]
            if any(_begin_alike(person.given, other.given) for other in others):
                person.doubt = f"Is this one person with another of that surname? {names}"
        if nobody:
            persons.append(_person(nobody))
            persons[-1].doubt = f"The text does not say which: {names}"
        return persons


def _is_surname(word: str) -> bool:
    """Whether a word has the letters of a surname: one capital for each part, but for Mc, Mac, O' and d'."""
    if len(word) < _SHORTEST:
        return False
    for part in re.split(r"[-'’]", re.sub(r"^(?:Mc|Mac|De|Du|La|Le|Van)(?=[A-Z][a-z])", "", word)):
        if not part[:1].isupper() and part not in ("", "yev", "ev") and not part.islower():
            return False
        if any(letter.isupper() for letter in part[1:]) or (
            len(part) > 1 and not any(map(str.islower, part))
        ):
            return False
    return True


@lru_cache(maxsize=4096)
def _is_follower(word: str) -> bool:
    """Whether a word names a doctrine, its followers or a people."""
    return _BAD.search(word) is not None or word.endswith(("ian", "ish", "ese")) or word in NEVER


def _lists(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """The runs that stand in a list which ends with *and* and a name."""
    listed: list[Run] = []
    last = 0
    for run in runs:
        listed.append(run)
        if run.joint == "and":
            last = len(listed) + 1
        if not run.joint:
            if last:
                yield listed[:last]
            listed, last = [], 0


def agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the given names or initials of two full names agree as far as both go."""
    return all(_agrees(a, b) for a, b in zip(one, other, strict=False))


def _agrees(a: str, b: str) -> bool:
    if not a.endswith(".") and not b.endswith("."):
        return key(a) == key(b)
    first, second = sorted((key(a.rstrip(".")), key(b.rstrip("."))), key=len)
    if a.endswith(".") and b.endswith("."):
        return first[0] == second[0] and (len(first) == 1 or first == second)
    return second.startswith(first) or (first == "i" and (a + b).startswith(("Y", "Ye")) and second[0] == "e")


def _begin_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    return bool(one and other) and key(one[0])[:1] == key(other[0])[:1]


def clusters_of(given: Iterable[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """The given names that are one person's, by person: a name that agrees with several persons stays alone."""
    ordered = sorted(given, key=lambda each: (-len(each), -len(" ".join(each)), each))
    clusters: list[list[tuple[str, ...]]] = []
    for each in ordered:
        agreeing = [cluster for cluster in clusters if all(agree(each, other) for other in cluster)]
        if len(agreeing) == 1:
            agreeing[0].append(each)
        else:
            clusters.append([each])
    return clusters


def _person(places: list[tuple[int, Name]], *, is_apart: bool = False) -> Person:
    given = Counter(name.given for _, name in places if name.given)
    fullest = max(
        given,
        key=lambda each: (sum(not part.endswith(".") for part in each), len(each), given[each], each),
        default=(),
    )
    full = [name.surname for _, name in places if name.given] or [name.surname for _, name in places]
    surnames = Counter(full)
    surname = min(surnames, key=lambda each: (-surnames[each], each))
    return Person(surname, fullest, places, is_apart=is_apart)


def _doubt_spellings(persons: Sequence[Person]) -> None:
    """Doubt persons without other given names whose surnames differ by one letter."""
    by_shape: dict[str, list[Person]] = defaultdict(list)
    for person in persons:
        word = key(person.surname)
        if len(word) >= 6:
            for k in range(len(word)):
                by_shape[f"{k}{word[:k]}{word[k + 1 :]}"].append(person)
    for alike in by_shape.values():
        if len({key(person.surname) for person in alike}) == 2 and all(
            agree(one.given, other.given) for one in alike for other in alike
        ):
            for person in alike:
                if not person.doubt:
                    names = " and ".join(sorted({other.heading for other in alike}))
                    person.doubt = f"Two spellings of one surname? {names}"

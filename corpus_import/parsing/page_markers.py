"""Finds the numbers of printed pages that stand between the lines of a text or inside them.

    page 12    Seite 12    [p. 12]    [Page 12]    {12}    |12|    <12>    - 12 -    12    THE TITLE   12

No single number is a marker for what it looks like: `12` may be a year's, a list's, a note's. A form is the form of the
volume's markers if it occurs as a system: its numbers rise through the volume, a plausible number of lines apart, and
(where figures alone are little evidence) inside sentences, as only pages turn. One sentence is enough if the numbers
rise page by page. A number that does not fit in is text.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from corpus_import.parsing.elements import Line, LineKind, WitnessText
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.recognise import NOTE_PAGE, begins_like_a_heading, is_row_of_figures, page_marker
from reader.text.page_numbers import ARABIC, PAGE_NUMBER, ROMAN, is_roman, number_of
from reader.text.sentences import reads_on

# A longer line is not searched for running heads; inside it bracketed markers are still found.
LONGEST_HEAD = 100
# The steps of a series are looked for among so many numbers before.
LOOK_BACK = 60
# Lines of text for each page, at least (also for a form that has the word for a page) and at most.
LEAST_LINES, LEAST_FOR_WORDS, MOST_LINES = 3.0, 1.0, 160.0
# Characters of a line: witnesses that keep a paragraph on one line are measured like others.
LINE = 80
# A number before the first or after the last sure marker is at most so many pages away from it.
MOST_BEYOND = 3
# Numbers from here on may be years.
FIRST_YEAR = 1000
# Of the numbers that stand alone so many, as a share, must stand inside sentences.
SHARE_IN_SENTENCES = 0.25

# So many numbers that rise by one are a system, whatever they cut; of their steps so many, as a share, are of one page.
FEWEST_REGULAR, SHARE_OF_ONE = 5, 0.8

# Where notes stand at the foot of pages no sentence is seen to be cut. So many pages in a row are a system if the
# longest has so many lines at least, and is no more than so many times as long as most.
FEWEST_EVEN, LEAST_OF_A_PAGE, UNEVEN = 7, 15.0, 1.8

_WORDS = r"pages?|pag\.?|pg\.?|pág\.?|página|pagina|seite|s\.|стр\.?|страница|с\.|pp?\.|pg?(?=\s?\d)"
_BLANK = r"(?:\s*[,:]?\s*[\[(]?(?P<blank>blank|blanche?|leer|en blanco|em branco|vuota)[\])]?)?"
_OF_BOOK = r"(?:\s+(?:of|in|de|du|der|des|von)\s[^\W\d_][^\[\](){}<>|]{1,30}?)?"
_PAIRS = {"[": "]", "{": "}", "<": ">", "|": "|", "(": ")", "/": "/"}
_OPEN = r"(?P<open>\[{1,2}|\{{1,2}|<{1,2}|\|{1,2}|\(|/{1,2})"
_CLOSE = r"(?P<close>\]{1,2}|\}{1,2}|>{1,2}|\|{1,2}|\)|/{1,2})"
_DASHES = re.compile(
    rf"(?P<open>(?P<sign>[-–—~*·•=_])(?P=sign)*)\s*(?P<page>{PAGE_NUMBER})\s*(?P=open)", re.IGNORECASE
)
# `#12`, `|12`: a sign before the number alone.
_SIGN = re.compile(rf"(?P<open>[#|~¶]{{1,2}})\s?(?P<page>{ARABIC})")
_SIGNS_INSIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\S)(?P<open>[#|~¶]{{1,2}})(?P<page>{ARABIC})(?!\S)",
        rf"(?<!\S)(?P<open>[-–—])(?P<page>{ARABIC})(?P=open)(?!\S)",
        rf"(?P<open><pb)\b[^<>]{{0,40}}\bn=[\"'](?P<page>{PAGE_NUMBER})[\"'][^<>]{{0,40}}>",
    )
)
# `[12]`, `^12`, `{12}`: what calls a note, apart from a line of its own.
_CALL = re.compile(r"(?<=[^\s\[(])[\[({^](?P<n>[0-9]{1,4})[\])}]?")
_BEGINS_WITH_NUMBER = re.compile(r"[\[(]?(?P<n>[0-9]{1,4})[\]).]*(?:\s+\D|$)")
_BARE = re.compile(rf"(?P<page>{ARABIC}|{ROMAN})\.?")
_HEAD = re.compile(
    rf"(?:(?P<page>{ARABIC}|{ROMAN})\s+(?P<after>\D.*)|(?P<before>.*\D)\s+(?P<last>{ARABIC}|{ROMAN}))"
)
# The form of `(p. 12)`, which cites a page as often, and of `[12]`, which inside a line calls a note as often.
_CITING, _CALLING = "bracket (p", "bracket []"
_NO_WORD = re.compile(r"[\W\d_]+")
_BESIDE = re.compile(r"[\[\](){}<>|/#]|[-–—]\d|\d[-–—]")


@dataclass(frozen=True, slots=True)
class _Hit:
    """A number that may be a page's: characters `start` to `end` of the line with index `index`."""

    index: int
    start: int
    end: int
    form: str
    page: str  # empty for a number of the print's pages, which is forme work
    at: float  # lines of text before it, each of `LINE` characters
    is_blank: bool
    in_sentence: bool  # a sentence is cut by it
    is_sure: bool  # it cannot be the page at the end of a note, or the end of a sentence

    @property
    def number(self) -> int:
        return number_of(self.page)


def mark_pages(
    lines: Sequence[Line], manifest: Manifest, witnesses: Sequence[WitnessText]
) -> tuple[list[Line], list[Line]]:
    """The lines with the page markers told apart, and those that hold a number that may be a marker and fits nowhere.

    A line that holds a marker is cut in two, both of the line's number.
    """
    finder = _Finder(lines, manifest, witnesses)
    found = finder.find()
    by_line: dict[int, list[_Hit]] = defaultdict(list)
    for hit in found:
        by_line[hit.index].append(hit)
    marked: list[Line] = []
    for index, line in enumerate(lines):
        if index in by_line:
            marked.extend(_cut(line, sorted(by_line[index], key=lambda h: h.start)))
        else:
            marked.append(line)
    return marked, [lines[hit.index] for hit in finder.doubtful]


def _cut(line: Line, hits: Sequence[_Hit]) -> Iterator[Line]:
    """The pieces of a line: text, marker, text."""
    at, indent = 0, line.indent
    for hit in hits:
        before = line.text[at : hit.start].rstrip()
        if before:
            goes_on = bool(line.text[hit.end :].strip())
            trailing = (0 if before.endswith("-") else 1) if goes_on else line.trailing
            yield replace(line, start=line.start + at, text=before, indent=indent, trailing=trailing)
            indent = 0
        yield replace(
            line,
            start=line.start + hit.start,
            text=line.text[hit.start : hit.end],
            indent=0,
            trailing=0,
            kind=LineKind.MARKER if hit.page else LineKind.HEADER,
            page=hit.page.lower(),
            page_is_blank=hit.is_blank,
        )
        at = hit.end + len(line.text[hit.end :]) - len(line.text[hit.end :].lstrip())
    if rest := line.text[at:]:
        yield replace(line, start=line.start + at, text=rest, indent=indent)


class _Finder:
    """Gathers the numbers of each form, and decides which forms are the volume's markers."""

    def __init__(self, lines: Sequence[Line], manifest: Manifest, witnesses: Sequence[WitnessText]) -> None:
        self.lines = lines
        words = f"{re.escape(manifest.page_word)}|{_WORDS}" if manifest.page_word else _WORDS
        self.word = page_marker(manifest.page_word)
        self.bracketed = re.compile(
            rf"{_OPEN}\s*(?P<word>(?:{words})(?![^\W\d_])\s*:?\s*)?(?P<page>{PAGE_NUMBER}){_BLANK}"
            rf"(?(word){_OF_BOOK})\s*{_CLOSE}",
            re.IGNORECASE,
        )
        self.begun = re.compile(rf"{_OPEN}\s*(?P<word>{words})(?![^\W\d_])\s*:?$", re.IGNORECASE)
        self.ended = re.compile(rf"(?P<page>{PAGE_NUMBER}){_BLANK}\s*{_CLOSE}", re.IGNORECASE)
        self.doubtful: list[_Hit] = []
        self.halves: dict[tuple[int, int], _Hit] = {}
        self.text = [k for k, line in enumerate(lines) if line.kind is LineKind.TEXT]
        self.place = {k: n for n, k in enumerate(self.text)}
        self.letters = [0, *accumulate(max(len(lines[k].text), LINE // 2) for k in self.text)]
        self.feeds = _form_feeds(lines, witnesses)
        title = _NO_WORD.sub(" ", manifest.title.casefold()).strip()
        self.titles = {title} if title else set()
        self.called = {
            call["n"]
            for k in self.text
            if "[" in lines[k].text or "(" in lines[k].text
            for call in _CALL.finditer(lines[k].text)
        }
        self.numbered = {
            number["n"] for k in self.text if (number := _BEGINS_WITH_NUMBER.match(lines[k].text))
        }
        self.before_words = {
            number["n"]
            for k in self.text
            if (number := _BEGINS_WITH_NUMBER.match(lines[k].text)) and number.end() < len(lines[k].text)
        }
        # A note that ends with `[p. 42]` and with its sentence: the form is that of notes, too.
        self.notes_have_pages = sum(_ends_note(lines[k].text) for k in self.text) > 1

    def find(self) -> list[_Hit]:
        """The markers, at most one for each place."""
        forms: dict[str, list[_Hit]] = defaultdict(list)
        for index in self.text:
            for hit in self._hits(index):
                forms[hit.form].append(hit)
        for hit in self._heads():
            forms[hit.form].append(hit)
        systems: list[tuple[int, list[_Hit]]] = []
        for form, hits in forms.items():
            hits.sort(key=lambda h: (h.index, h.start))
            if markers := self._system(form, hits):
                systems.append((_rank(form), sorted(markers, key=lambda h: h.at)))
        # Of two systems that contradict each other, the plainer one counts the book's pages, the other the print's.
        systems.sort(key=lambda system: (system[0], -len(system[1])))
        book: list[_Hit] = []
        found: dict[tuple[int, int], _Hit] = {}
        for _, hits in systems:
            agree = not book or len(_fitting(book, hits)) * 5 >= len(hits) * 3
            if agree:
                book = sorted([*book, *hits], key=lambda h: h.at)
            for hit in hits:
                if agree or self._is_whole(hit):
                    found.setdefault((hit.index, hit.start), hit if agree else replace(hit, page=""))
        self._add_single(forms, book, found)
        for hit in list(found.values()):
            # The first half of a marker that was broken over two lines.
            if hit.page and (half := self.halves.get((hit.index, hit.start))):
                found.setdefault((half.index, half.start), half)
        return list(found.values())

    def _add_single(
        self, forms: dict[str, list[_Hit]], book: Sequence[_Hit], found: dict[tuple[int, int], _Hit]
    ) -> None:
        """Add markers with the word for a page that are the only one of their form, if they fit the others.

        Those that do not fit, and cut a sentence, are doubtful.
        """
        places = [hit.at for hit in book]
        for form, hits in forms.items():
            for hit in hits:
                if _rank(form) != 1 or not hit.is_sure or (hit.index, hit.start) in found:
                    continue
                at = bisect_left(places, hit.at)
                before, after = book[at - 1] if at else None, book[at] if at < len(book) else None
                if (
                    (before is not None or after is not None)
                    and (before is None or _steps(before, hit, LEAST_FOR_WORDS))
                    and (after is None or _steps(hit, after, LEAST_FOR_WORDS))
                ):
                    found[hit.index, hit.start] = hit
                elif hit.in_sentence:
                    self.doubtful.append(hit)

    # The numbers

    def _hits(self, index: int) -> Iterator[_Hit]:
        """The numbers on a line that have the form of a marker; running heads are found apart."""
        text = self.lines[index].text
        if match := self.word.fullmatch(text) if len(text) < LONGEST_HEAD else None:
            is_sure = not self._ends_sentence(index)
            yield self._hit(index, match.span(), "word", match, is_sure=is_sure)
            return
        if len(text) > LONGEST_HEAD and not any(map(str.isdigit, text)):
            return
        if len(text) <= LONGEST_HEAD:
            for form, pattern in (("dash", _DASHES), ("sign", _SIGN), ("bare", _BARE)):
                if (match := pattern.fullmatch(text)) and self._is_apart(index):
                    form = form if form == "bare" else f"{form} {match['open'][0]}"
                    if form != "bare" or (text[-1] != "." and (text.isdigit() or text.islower())):
                        yield self._hit(index, match.span(), form, match, is_sure=True)
                    return
        # What follows looks for brackets and other signs beside a number.
        if not _BESIDE.search(text) or is_row_of_figures(text):
            return
        yield from self._broken(index)
        for pattern in _SIGNS_INSIDE:
            for match in pattern.finditer(text):
                form = "dash" if match["open"] in "-–—" else "sign"
                yield self._hit(index, match.span(), f"{form} {match['open'][0]}", match, is_sure=True)
        for match in self.bracketed.finditer(text):
            opened, word = match["open"], match["word"]
            if "".join(_PAIRS[c] for c in opened) != match["close"]:
                continue
            whole = match.span() == (0, len(text))
            if not whole and not self._may_stand_inside(text, match):
                continue
            style = f"{opened}{word.strip().casefold() if word else ''}{match['close']}"
            yield self._hit(
                index,
                match.span(),
                f"bracket {style}",
                match,
                is_sure=self._is_sure(index, match, whole=whole),
            )

    def _broken(self, index: int) -> Iterator[_Hit]:
        """A marker of which the first half ends the line above: `… the mill [p.` / `13] was`."""
        if not self._touches(index, -1) or not self.lines[index].text[0].isalnum():
            return
        above, text = self.lines[index - 1].text, self.lines[index].text
        first = self.begun.search(above[-30:])
        rest = self.ended.match(text)
        if first is None or rest is None or first["open"][0] not in "[{<|":
            return
        if "".join(_PAIRS[c] for c in first["open"]) != rest["close"]:
            return
        form = f"bracket {first['open']}{first['word'].strip().casefold()}{rest['close']}"
        start = len(above[:-30]) + first.start()
        before, after = above[:start].rstrip(), text[rest.end() :].lstrip()
        hit = self._hit(index, rest.span(), form, rest, is_sure=bool(after))
        inside = bool(before and after) and reads_on(before[-200:]) and after[0].islower()
        self.halves[index, 0] = replace(hit, index=index - 1, start=start, end=len(above), page="")
        yield replace(hit, in_sentence=inside)

    def _hit(
        self, index: int, span: tuple[int, int], form: str, match: re.Match[str], *, is_sure: bool
    ) -> _Hit:
        blank = match.groupdict().get("blank")
        return _Hit(
            index=index,
            start=span[0],
            end=span[1],
            form=form,
            page=match["page"],
            at=(self.letters[self.place[index]] + span[0]) / LINE,
            is_blank=bool(blank),
            in_sentence=self._cuts_sentence(index, span),
            is_sure=is_sure,
        )

    def _may_stand_inside(self, text: str, match: re.Match[str]) -> bool:
        """Whether a bracketed number inside a line can be a marker at all, judged by the form alone."""
        opened, word = match["open"], match["word"]
        if word:
            return True
        if opened == "(":
            return False  # counts
        before, after = text[: match.start()], text[match.end() :]
        # A call stands close to its word, and after the mark that ends the sentence.
        close = (
            bool(before) and not before[-1].isspace() and not (after[:1].isalpha() and before[-1].isalpha())
        )
        return not close

    def _is_sure(self, index: int, match: re.Match[str], *, whole: bool) -> bool:
        """Whether a bracketed number is no page at the end of a note."""
        text = self.lines[index].text
        if text[match.end() :].strip():
            return True
        if not match["word"]:
            return True
        if whole and not self._touches(index, -1):
            return not self.notes_have_pages or self._cuts_sentence(index, match.span())
        return self._cuts_sentence(index, match.span())

    def _cuts_sentence(self, index: int, span: tuple[int, int]) -> bool:
        text = self.lines[index].text
        before, after = text[: span[0]].rstrip(), text[span[1] :].lstrip()
        at = self.place[index]
        if not before and at:
            above = self.lines[self.text[at - 1]]
            before = above.text if above.witness == self.lines[index].witness else ""
            if begins_like_a_heading(before) and len(before) < LONGEST_HEAD:
                return False
        if not after and at + 1 < len(self.text):
            below = self.lines[self.text[at + 1]]
            after = below.text if below.witness == self.lines[index].witness else ""
        return bool(before) and bool(after) and reads_on(before[-200:]) and after[0].islower()

    def _touches(self, index: int, step: int) -> bool:
        """Whether a line of text stands directly above or below."""
        at = index + step
        return (
            0 <= at < len(self.lines)
            and self.lines[at].kind is LineKind.TEXT
            and self.lines[at].witness == self.lines[index].witness
        )

    def _ends_sentence(self, index: int) -> bool:
        """Whether an apparent marker is the last line of a sentence: `… as is said on` / `page 12`."""
        above = self.lines[index - 1] if index else None
        return (
            above is not None
            and above.kind is LineKind.TEXT
            and above.trailing < 2
            and not self.lines[index].indent
        )

    def _is_apart(self, index: int) -> bool:
        """Whether a number alone on its line has no other number above or below: it is no cell of a table."""
        for step in (-1, 1):
            if self._touches(index, step):
                near = self.lines[index + step].text[:LONGEST_HEAD]
                if near[0].isdigit() or is_row_of_figures(near):
                    return False
        return True

    # Running heads

    def _heads(self) -> Iterator[_Hit]:
        """Running heads with a page's number before or after; their words come again, or are the volume's title."""
        seen: dict[str, list[_Hit]] = defaultdict(list)
        for index in self.text:
            text = self.lines[index].text
            if len(text) > LONGEST_HEAD:
                continue
            match = _HEAD.fullmatch(text)
            if match is None or begins_like_a_heading(text):
                continue
            words = match["after"] or match["before"]
            page = match["page"] or match["last"]
            plain = _NO_WORD.sub(" ", words.casefold()).strip()
            if not plain or words.strip()[0].islower() or words.rstrip()[-1] in ".,;:!?([":
                continue
            if any(c.isdigit() for c in words) or is_row_of_figures(text):
                continue
            hit = _Hit(
                index=index,
                start=0,
                end=len(text),
                form="head",
                page=page,
                at=self.letters[self.place[index]] / LINE,
                is_blank=False,
                in_sentence=self._cuts_sentence(index, (0, len(text))),
                is_sure=True,
            )
            seen[plain].append(hit)
        for plain, hits in seen.items():
            # `Letter 1`, `Letter 2`: no head stands on the first page, and none on each page from there on.
            numbers = [hit.number for hit in hits]
            if " " not in plain and len(hits) > 1 and numbers == list(range(1, len(hits) + 1)):
                continue
            # The words of a table's row, or of an entry of the contents, stand in one place; a head's everywhere.
            if len({hit.page for hit in hits}) > 1 or plain in self.titles:
                yield from hits

    # The systems

    def _system(self, form: str, hits: Sequence[_Hit]) -> list[_Hit]:
        """The numbers of a form that are markers; none if the form is not a system of the volume."""
        if form == "word":
            return self._of_words(hits)
        worded = form.startswith("bracket") and any(c.isalpha() for c in form.removeprefix("bracket "))
        sure = [hit for hit in hits if hit.is_sure]
        if regular := self._regular(hits if form.startswith(_CITING) else sure):
            return _admit(regular, hits, LEAST_FOR_WORDS)
        if form == _CALLING:
            hits = [hit for hit in hits if self._is_whole(hit)]
            sure = [hit for hit in hits if hit.is_sure]
        chain = _chain(sure, LEAST_FOR_WORDS if worded else LEAST_LINES)
        if not chain or form.startswith(_CITING):
            return []
        inside = sum(hit.in_sentence for hit in chain)
        fits = len(chain) * 5 >= len(sure) * 3
        if worded:
            alone = [hit for hit in sure if self._is_whole(hit)]
            is_system = fits and (len(chain) >= 2 or (bool(alone) and chain[0] in alone))
        elif form.startswith("bracket") or form.startswith("sign"):
            is_system = fits and len(chain) >= 3 and inside * 4 >= len(chain)
        elif form.startswith("dash"):
            counts = [hit.number for hit in chain] == list(range(1, len(chain) + 1))
            is_system = fits and (inside > 0 or (len(chain) >= 3 and not counts))
        elif form == "head":
            is_system = len(chain) >= 2 and (inside > 0 or len(chain) >= 4)
        else:
            fed = sum(hit.index in self.feeds for hit in chain)
            cut = max(inside, fed)
            is_system = (
                len(chain) >= 3
                and cut >= 1
                and cut >= len(chain) * SHARE_IN_SENTENCES
                and min(hit.number for hit in chain) < FIRST_YEAR
            )
        if not is_system:
            return []
        return _admit(chain, hits, LEAST_FOR_WORDS if worded else LEAST_LINES)

    def _is_whole(self, hit: _Hit) -> bool:
        return hit.start == 0 and hit.end == len(self.lines[hit.index].text)

    def _regular(self, sure: Sequence[_Hit]) -> list[_Hit]:
        """The numbers of a form that rise page by page through the volume; none if they may number something else.

        Single pages can be short. What numbers notes or items begins with 1, or is called in the text.
        """
        chain = _chain(sure, LEAST_FOR_WORDS)
        if len(chain) < FEWEST_REGULAR or len(chain) < len(sure) * SHARE_OF_ONE:
            return []
        steps = [b.number - a.number for a, b in pairwise(chain)]
        lines = chain[-1].at - chain[0].at
        # A note that begins with its number on the same line as its words has none alone on a line.
        is_inside = any(not self._is_whole(hit) for hit in chain)
        called = self.called | self.numbered if is_inside else self.called - self.before_words
        is_called = sum(hit.page in called for hit in chain) * 2 > len(chain)
        cuts = any(hit.in_sentence or hit.index in self.feeds for hit in chain) or _is_even(chain)
        if (
            steps.count(1) < len(steps) * SHARE_OF_ONE
            or lines < LEAST_LINES * len(steps)
            or chain[0].number in (1, number_of("i"))
            or chain[0].number >= FIRST_YEAR
            or is_called
            or not cuts
        ):
            return []
        return chain

    def _of_words(self, hits: Sequence[_Hit]) -> list[_Hit]:
        """The lines `page 12`: those that stand apart, and those right below text that fit between the others."""
        sure = [hit for hit in hits if hit.is_sure]
        doubtful = [hit for hit in hits if not hit.is_sure]
        chain = _chain(sure, 0.0)
        if len(chain) >= 2 and doubtful:
            kept = {(hit.index, hit.start) for hit in sure}
            return [
                *sure,
                *(h for h in _admit(chain, hits, LEAST_FOR_WORDS) if (h.index, h.start) not in kept),
            ]
        if not sure and len(doubtful) >= 3:
            chain = _chain(doubtful, LEAST_LINES)
            inside = sum(hit.in_sentence for hit in chain)
            if len(chain) >= 3 and len(chain) * 5 >= len(doubtful) * 4 and inside:
                return chain
        return sure


def _is_even(chain: Sequence[_Hit]) -> bool:
    """Whether many numbers, each one more than the one before, stand about as far apart as pages of a book do."""
    if len(chain) < FEWEST_EVEN or any(b.number - a.number != 1 for a, b in pairwise(chain)):
        return False
    gaps = [b.at - a.at for a, b in pairwise(chain)]
    return LEAST_OF_A_PAGE <= max(gaps) <= UNEVEN * sorted(gaps)[len(gaps) // 2]


def _ends_note(text: str) -> bool:
    """Whether a line ends with a sentence and a page in brackets, as notes do: `… of the clerk.    [p. 9]`."""
    match = NOTE_PAGE.search(text[-40:])
    before = text[: len(text[:-40]) + match.start()].rstrip() if match else ""
    return bool(before) and not reads_on(before[-200:])


def _rank(form: str) -> int:
    """How plainly a form says that a number is a page's of the book; 0 is plainest."""
    if form == "word":
        return 0
    if form.startswith("bracket"):
        return 1 if any(c.isalpha() for c in form.removeprefix("bracket ")) else 2
    return 4 if form == "head" else 3


def _fitting(book: Sequence[_Hit], hits: Sequence[_Hit]) -> list[_Hit]:
    """The numbers that fit strictly between their neighbours among the markers of the book, in both directions."""
    places = [hit.at for hit in book]
    fitting = []
    for hit in hits:
        at = bisect_left(places, hit.at)
        if (at == 0 or book[at - 1].number < hit.number) and (
            at == len(book) or hit.number < book[at].number
        ):
            fitting.append(hit)
    return fitting


def _steps(a: _Hit, b: _Hit, least: float) -> bool:
    """Whether one number can be the next known page after another."""
    if b.at <= a.at:
        return False
    if is_roman(a.number) and not is_roman(b.number):
        return True
    pages = b.number - a.number
    lines = b.at - a.at
    return pages > 0 and least <= lines / pages <= MOST_LINES


def _chain(hits: Sequence[_Hit], least: float) -> list[_Hit]:
    """The longest series of numbers that rise with plausible steps; of equal ones the first."""
    best: list[tuple[int, int]] = []
    numbers = [hit.number for hit in hits]
    for k, hit in enumerate(hits):
        length, back = 1, -1
        for j in range(max(k - LOOK_BACK, 0), k):
            if best[j][0] >= length and numbers[j] < numbers[k] and _steps(hits[j], hit, least):
                length, back = best[j][0] + 1, j
        best.append((length, back))
    chain = []
    at = max(range(len(best)), key=lambda i: (best[i][0], -i), default=-1)
    while at >= 0:
        chain.append(hits[at])
        at = best[at][1]
    return chain[::-1]


def _admit(chain: Sequence[_Hit], hits: Sequence[_Hit], least: float) -> list[_Hit]:
    """The chain, with the other numbers of its form that fit to it, or to those that were admitted before."""
    while True:
        admitted = _admit_once(chain, hits, least)
        longer = _chain(sorted(admitted, key=lambda hit: hit.at), least)
        if len(longer) <= len(chain):
            return admitted
        chain = longer


def _admit_once(chain: Sequence[_Hit], hits: Sequence[_Hit], least: float) -> list[_Hit]:
    """The chain, with those other numbers of its form that fit strictly between two neighbours of it.

    A number that is sure and does not fit is admitted too if it cuts a sentence: it is a marker with a wrong figure.
    """
    places = [hit.at for hit in chain]
    kept = {(hit.index, hit.start) for hit in chain}
    admitted = list(chain)
    for hit in hits:
        if (hit.index, hit.start) in kept:
            continue
        at = bisect_left(places, hit.at)
        before = chain[at - 1] if at else None
        after = chain[at] if at < len(chain) else None
        fits = (
            (before is None or _steps(before, hit, least))
            and (after is None or _steps(hit, after, least))
            and (before is not None or (after is not None and after.number - hit.number <= MOST_BEYOND))
            and (after is not None or (before is not None and hit.number - before.number <= MOST_BEYOND))
        )
        wrong_figure = hit.is_sure and hit.in_sentence and len(chain) >= 3
        if fits or wrong_figure:
            admitted.append(hit)
    return admitted


def _form_feeds(lines: Sequence[Line], witnesses: Sequence[WitnessText]) -> set[int]:
    """Indices of the lines of text directly before or after a form feed."""
    feeds: set[int] = set()
    before: int | None = None
    fed = False
    for index, line in enumerate(lines):
        witness = witnesses[line.witness]
        starts = witness.line_starts
        end = starts[line.number] if line.number < len(starts) else len(witness.text)
        raw_start = starts[line.number - 1]
        gap = (
            witness.text[raw_start : line.start]
            if line.kind is LineKind.TEXT
            else witness.text[raw_start:end]
        )
        if "\f" in gap:
            fed = True
            if before is not None:
                feeds.add(before)
        if line.kind is LineKind.TEXT:
            if fed:
                feeds.add(index)
            before, fed = index, "\f" in witness.text[line.start + len(line.text) : end]
            if fed:
                feeds.add(index)
    return feeds

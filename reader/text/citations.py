"""The works that a text cites: references read from a note or a paragraph. Pure.

    reference  = named | ibid | op-cit | loc-cit | note | present
    named      = [authors ","] title place-in           E. H. Carr, The Interregnum (London, 1954), p. 12
               | part ", in " authors "," title place-in
               | authors "," part in quotation marks [", in"] title place-in
               | periodical ("," number | "," day) ["," pages]        Izvestia, no. 3 [1925], p. 4
               | "Decree of " day
               | author "'s " ("book" | "article" …) ", " title        before a bracket
               | ["and"] (volume | number) ["," pages]                the same work as right before
               | language (" edition" | " translation") "," pages     the same work, too
    ibid       = [authors ","] "ibid." place-in         the work right before; `works.py` says when that is certain
    op-cit     = authors ", op. cit." place-in          the author's only work that was cited before
    loc-cit    = [authors ","] "loc. cit."              as ibid., with the same place
    note       = (authors ("," | "(") | "the work cited in ") "note " figures " above" place-in
    present    = volume " of the present work" ["," pages]
    place-in   = ["(" place [":" publisher] ["," year] ")" | "," place [","] year] ["," "hereafter " abbreviation]
                 ["," volume] ["," number] ["," pages]
    volume     = ("vol." | "t." | "Bd.") number
    number     = "no." figures ["[" year "]"]
    pages      = ("p." | "pp.") page { ("-" | ",") page } ["ff."]

A title is in emphasis where the source kept it. Where italics are lost, it is what stands between the author and the
place in the work. A title without author is read where it begins the note, the sentence or what follows a semicolon,
before a place and a year after `in` or `see`, or where the book cites it elsewhere with more (`known`). What fits none
of these is `unknown`: a place in a work that is not certain, which readers are shown as the text has it. A page of the
book itself (`own`) cites nothing: ["On this"] "see" ["also"] ["chapter" number ","] ("below," pages | pages "below").
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

NAMED, IBID, OP_CIT, LOC_CIT, NOTE, PRESENT, SAME, OWN, UNKNOWN = (
    *("named", "ibid", "op-cit", "loc-cit", "note", "present-work", "same", "own", "unknown"),
)
# Kinds that cite nothing for certain.
CITE_NOTHING = frozenset({OWN, UNKNOWN})
# Kinds that mean another reference than they name.
MEANT_ELSEWHERE = frozenset({IBID, OP_CIT, LOC_CIT, NOTE, SAME})

_UPPER, _LOWER = "A-ZÀ-ÖØ-ÞĀĆČŁŚŠŽА-ЯЁ", "a-zß-öø-ÿāćčłńśšžа-яё"
_INITIAL = rf"(?<![\w'’])[{_UPPER}][{_LOWER}]?\."
_NAME = rf"[{_UPPER}][\w'’]*[{_LOWER}][\w'’]*(?:-[{_UPPER}][\w'’]+)*"
_PERSON = (
    rf"(?:(?:{_INITIAL}[ -]?)+\s?(?:v[ao]n |de )?{_NAME}|(?:{_NAME}\s+){{0,2}}(?:{_INITIAL}\s+)?{_NAME})"
)
_AUTHORS = (
    rf"{_PERSON}(?:,\s+{_PERSON})?(?:,?\s+(?:and|&|et|und|i)\s+{_PERSON})?(?:,?\s+et al\.)?(?:,\s+eds?\.)?"
)
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = rf"(?:{_MONTH}\s+\d\d?,\s+\d{{4}}|\d\d?\s+{_MONTH},?\s+\d{{4}})"
_PAGE = r"(?:\d{1,4}|[ivxlc]{1,7})(?!\w)"
_RANGE = rf"{_PAGE}(?:\s?[-–]\s?{_PAGE})?"
_PAGES = rf"pp?\.\s?(?P<pages>{_RANGE}(?:,\s(?:and\s)?{_RANGE})*(?:\s?ff?\.?(?!\w))?)"
_ONE = r"(?:\d{1,3}|[IVXLC]{1,7})(?!\w)"
_VOLUME = (
    rf"(?:(?P<several>vols)|vol|t|Bd)\.\s?(?P<volume>{_ONE}(?:[-–]{_ONE}|(?(several)\sand\s{_ONE}))?)"
    r"(?:,?\s(?:pt|part)\.?\s\d+)?"
)
_NUMBER = r"nos?\.\s?(?P<number>\d+(?:(?:\s?[-–]\s?|\sand\s)\d+)?)(?:\s?[\[(](?P<number_year>\d{4})[\])])?"
_IMPRINT = (
    rf"\((?P<place>[{_UPPER}][\w'’.-]+(?:(?:,?\s|\sand\s|-)[{_UPPER}][\w'’.-]+){{0,3}})"
    rf"(?::\s[{_UPPER}][^(),;:\d]{{1,60}}(?=,\s\d))?"  # the publisher
    r"(?:,\s(?P<year>\d{4}(?:[-–]\d{2,4})?))?\)"
)
# After a title, without brackets: one city or two, or a city and its state, shortened.
_CITY = (
    rf"(?!{_MONTH}\b)(?:(?:New|San|Los|St\.|Saint|Sankt|Le|La|Hong|Ann|Buenos)\s)?[{_UPPER}][\w'’.-]+"
    rf"(?:,\s[{_UPPER}]\w{{1,4}}\.|\sand\s[{_UPPER}][\w'’.-]+)?"
)
_PLACE_AND_YEAR = re.compile(rf",\s(?P<place>{_CITY}),?\s(?P<year>1[5-9]\d\d|20\d\d)$")
_HEREAFTER = rf",?\s\(?(?:hereafter|henceforth)\s(?:cited\s)?(?:as\s)?(?P<abbreviation>[{_UPPER}][\w.]*)\)?"
_PLACE_IN = (
    rf"(?:\s{_IMPRINT})?(?:{_HEREAFTER})?(?:,?\s{_VOLUME})?(?:,?\s{_NUMBER})?(?:,\s(?P<day>{_DAY}))?"
    rf"(?:,\s{_PAGES})?"
)
_BEGINS = rf"\s\([{_UPPER}]|,?\s\(?he(?:reafter|nceforth)\s|,?\s(?:vols?|t|Bd|nos?)\.|,\spp?\.|,\s{_DAY}"
_LOCATED = re.compile(rf"(?={_BEGINS}){_PLACE_IN}")
_PLACE_ALONE = re.compile(rf"(?<!\w)(?:{_PAGES}|{_VOLUME}|{_NUMBER})")
_HERE = r"(?:above|below|supra|infra)"
_SEE_HERE = re.compile(
    rf"(?:^|[.;(]\s?)(?:On\s(?:this|that|it|these)(?:\s[{_LOWER}]+){{0,3}},?\s)?(?:[Ss]ee|[Cc]f\.|[Cc]ompare)(?:\salso)?,?\s"
    rf"(?:[Cc]h(?:apter|\.)\s(?:\d+|[IVXLC]+),?\s)?(?P<here>{_HERE},?\s)?$"
)
_HERE_AFTER = re.compile(rf",?\s{_HERE}\b")
_TAIL = rf"(?:,\s{_VOLUME})?(?:,\s{_NUMBER})?(?:,\s{_PAGES})?"
# The authors right before `, op. cit.` and the like: at most so many characters of them are looked at.
LOOK_BACK = 120
_AUTHORS_BEFORE = re.compile(rf"(?<![\w'’.-])(?P<authors>{_AUTHORS})(?:,\s|\s\()$")
_AUTHORS_LAST = re.compile(rf"(?<![\w'’.-])(?P<authors>{_AUTHORS})$")
_ELSEWHERE = {
    IBID: re.compile(rf"(?<!\w)(?P<word>[Ii]b(?:id)?\.|[Ii]bidem\b){_TAIL}"),
    OP_CIT: re.compile(rf"(?P<word>\bop\.\s?cit\.){_TAIL}"),
    LOC_CIT: re.compile(r"(?P<word>\b[Ll]oc\.\s?cit\.)"),
    NOTE: re.compile(
        r"(?P<of>(?:works?|books?|articles?)\s(?:cited|named|quoted|mentioned)\sin\s)?"
        rf"(?P<word>\bnotes?\s(?P<note>\d{{1,4}})\s(?:above|supra))\)?{_TAIL}"
    ),
    PRESENT: re.compile(
        r"(?P<word>(?:[Vv]ol(?:ume|\.)\s(?P<volume>[IVX]+|\d+))\sof\s(?:the\spresent|this)\s(?:work|study|book))"
        rf"(?:,\s{_PAGES})?"
    ),
    SAME: re.compile(rf"(?P<word>{_NAME}(?:-language)?\s(?:edition|translation)),\s{_PAGES}"),
}
_OWNED = re.compile(
    rf"(?P<authors>{_PERSON})['’]s\s(?:book|article|work|study|pamphlet|essay|report),\s"
    rf"(?P<title>[{_UPPER}][^.,;:()\"“”]+?)(?=\s\()"
)
_OWNING = re.compile(r"['’]s (?:book|article|work|study|pamphlet|essay|report),")
_DECREE = re.compile(rf"(?:(?<=\A)|(?<=[;:.]\s))(?:See\s)?(?P<title>Decree of {_DAY})")
# The ends of what stands before a reference: a sentence, a semicolon, a bracket, a dash.
_BOUNDARY = re.compile(
    rf"(?:(?<=[{_LOWER}\d]{{3}})|(?<=[)\]\"”]))[.?!][\"”]?\s+(?=[\"“(\[{_UPPER}])|;\s*|(?<!\S)[(\[]|\s--?\s|[–—]"
)
# Words before an author or a title that belong to neither.
_LEADS = re.compile(
    r"(?:(?:[Ss]ee|[Aa]lso|[Cc]f\.|[Cc]ompare|[Bb]ut|[Aa]nd|[Ii]n|[Oo]n|[Ff]or|[Ff]rom|[Bb]y|[Oo]f|[Qq]uoted|[Cc]ited"
    r"|[Tt]hus|[Ss]o|[Ee]specially|[Nn]otably|[Pp]rinted|[Aa]s)[\s,]+)+"
)
_SMALL = re.compile(
    r"an?|the|of|in|on|at|by|for|from|to|and|or|with|as|nor|but|into|over|under|d(?:er|ie|as|es|en|em|u|e)|und|zu[rm]|im"
    r"|l[ae]s?|l|et|en|une?|aux?|sur|[ivoks]|na|ob|iz|po|el|los|y|del"
)
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|has|had|have|that|which|who|whose|he|she|it|they|we|I|not|does|did|will|would|see|writes?"
    r"|said|says|speaks?|makes?|quotes?)\b"
)
MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class Reference:
    """Characters `start` to `end` of a plain text that cite a work; `name_start` to `name_end` name or mean it.

    All fields are as the text has them, empty where it says nothing: `volume` may be Roman, or two (`1-3`); `pages` are
    without `p.`.
    """

    start: int
    end: int
    kind: str
    name_start: int
    name_end: int
    author: str = ""
    title: str = ""
    part: str = ""
    place: str = ""
    year: str = ""
    abbreviation: str = ""
    volume: str = ""
    number: str = ""
    date: str = ""
    pages: str = ""
    note: int = 0

    @property
    def imprint(self) -> tuple[int, int]:
        """The characters that say where and when the work appeared, and where in it: all after what names the work."""
        return (self.start if self.kind == SAME else self.name_end), self.end


def references_in(
    plain: str, known: Collection[str] = (), emphasised: Sequence[tuple[int, int]] = ()
) -> list[Reference]:
    """The references in a plain text, in its order. `known`: titles and abbreviations that the book cites elsewhere.

    `emphasised` are the characters in emphasis. The cost is linear in the text.
    """
    if not _may_cite(plain):
        return []
    found = [*_meant_elsewhere(plain)]
    taken = sorted((each.start, each.end) for each in found)
    last = 0
    for located in _LOCATED.finditer(plain):
        if not located[0] or any(s < located.end() and located.start() < e for s, e in taken):
            continue
        floor = max([last, *(end for _, end in taken if end <= located.start())])
        reference = _named(plain, floor, located, known, emphasised)
        if reference is not None:
            found.append(reference)
            last = reference.end
    found += _owned(plain, found)
    found += _decrees(plain, found)
    found += _loose(plain, found)
    return sorted(found, key=lambda each: each.start)


def _may_cite(plain: str) -> bool:
    """Whether a text holds a sign of a reference at all: most paragraphs hold none."""
    return bool(_SIGN.search(plain))


_SIGN = re.compile(
    r"['’]s (?:book|article|work|study|pamphlet|essay|report),"
    r"|\bpp?\.\s?[\divxlc]|\bvols?\.|\bnos?\.|\b[Ii]b(?:id)?\.|\bcit\.|present (?:work|study|book)|, \d{4}\)|Decree of"
    rf"|(?:work|book|article)s? (?:cited|named|quoted|mentioned) in note|{_DAY}"
)


def _meant_elsewhere(plain: str) -> Iterator[Reference]:
    """The references that mean another one: ibid., op. cit. and their kind, and volumes of the present work."""
    for kind, pattern in _ELSEWHERE.items():
        for found in pattern.finditer(plain):
            groups = found.groupdict()
            start, authors = found.start("word"), ""
            if kind in (IBID, OP_CIT, LOC_CIT, NOTE) and not groups.get("of"):
                first = max(0, start - LOOK_BACK)
                if before := _AUTHORS_BEFORE.search(plain[first:start]):
                    authors = _without_leads(before["authors"])
                    start = first + before.end("authors") - len(authors)
            if not authors and (kind == OP_CIT or (kind == NOTE and not groups["of"])):
                continue
            yield Reference(
                start=start if authors else found.start("word"),
                end=found.end(),
                kind=kind,
                name_start=found.start("word"),
                name_end=found.end("word"),
                author=authors,
                volume=groups.get("volume") or "",
                number=groups.get("number") or "",
                pages=groups.get("pages") or "",
                note=int(groups.get("note") or 0),
            )


def _named(
    plain: str,
    floor: int,
    located: re.Match[str],
    known: Collection[str],
    emphasised: Sequence[tuple[int, int]],
) -> Reference | None:
    """The reference whose place in the work is `located`; None if what stands before it names no work for certain."""
    if located["place"] and not located["year"] and not (located["volume"] or located["pages"]):
        return None
    end = located.end()
    details: dict[str, Any] = {
        name: located[name] or "" for name in ("place", "year", "abbreviation", "volume", "number", "pages")
    }
    details["date"] = located["day"] or located["number_year"] or ""
    before = plain[floor : located.start()]
    if before.strip(" ,") in ("", "and") and floor and (located["number"] or located["volume"]):
        start = located.end() - len(located[0].lstrip(", "))
        return Reference(start, end, SAME, start, end, **details)
    bounds = [found.end() for found in _BOUNDARY.finditer(before)]
    at = bounds[-1] if bounds else 0
    lead = before[at:]
    opening = floor + at
    is_strong = bool(located["year"] and located["place"]) or bool(located["number"])
    head = (
        _in_emphasis(plain, opening, located.start(), emphasised)
        or _with_author(lead, opening)
        or _without_author(lead, opening, known, is_strong=is_strong, is_day=bool(located["day"]))
    )
    if head is None:
        return None
    author, title, part, start, name_start = head
    if not details["place"]:
        after = plain[name_start + len(title) : located.start()]
        if imprint := _PLACE_AND_YEAR.search(title):
            title = title[: imprint.start()]
            details |= imprint.groupdict()
        elif imprint := _PLACE_AND_YEAR.fullmatch(after):
            details |= imprint.groupdict()
    return Reference(
        start,
        end,
        NAMED,
        name_start,
        name_start + len(title),
        author=author,
        title=title,
        part=part,
        **details,
    )


_Head = tuple[str, str, str, int, int]  # author, title, part; where the reference and where the title begin


def _in_emphasis(plain: str, opening: int, end: int, emphasised: Sequence[tuple[int, int]]) -> _Head | None:
    """A title in emphasis that ends where the place in the work begins, and the author before it."""
    for start, stop in emphasised:
        after = plain[stop:end] if opening <= start and stop <= end else "…"
        if after.strip(" ,") == "" or _PLACE_AND_YEAR.fullmatch(after):
            title = plain[start:stop].strip(" ,")
            if not title or title[0].islower():  # a word that is stressed, or of another language
                continue
            before = plain[opening:start].rstrip()
            author = ""
            if before.endswith(",") and (found := re.search(rf"({_AUTHORS}),$", before)):
                author = _without_leads(found[1])
            begin = start if not author else opening + before.rindex(author)
            return author, title, "", begin, start
    return None


def _with_author(lead: str, opening: int) -> _Head | None:
    """An author and a title at the end of `lead`."""
    heads: list[tuple[bool, _Head]] = []
    for comma in re.finditer(r",\s+", lead):
        title = lead[comma.end() :]
        if not _is_title(title, is_strong=True):
            continue
        found = _AUTHORS_LAST.search(lead[max(0, comma.start() - LOOK_BACK) : comma.start()])
        author = _without_leads(found["authors"]) if found else ""
        if not author:
            continue
        start = comma.start() - len(author)
        before = lead[:start]
        if re.search(r"\b(?:the|an?|this|its|his)\s+$", before, re.IGNORECASE):
            continue
        is_sure = bool(re.search(_INITIAL, author)) or not _without_leads(before).strip()
        heads.append((is_sure, (author, title, "", opening + start, opening + comma.end())))
    if not heads:
        return None
    author, title, _, start, name_start = next((head for is_sure, head in heads if is_sure), heads[-1][1])
    # A piece in quotation marks stands in the work that is named after it.
    if piece := re.match(rf"[\"“]([^\"“”]+?),?[\"”],?\s+(?:in\s+)?(?=[{_UPPER}])", title):
        return author, title[piece.end() :], piece[1], start, name_start + piece.end()
    if inside := re.search(rf",\s+in\s+({_AUTHORS}),\s+([{_UPPER}].*)$", title):
        part = title[: inside.start()]
        return inside[1], inside[2], part, start, name_start + inside.start(2)
    return author, title, "", start, name_start


def _without_author(
    lead: str, opening: int, known: Collection[str], *, is_strong: bool, is_day: bool
) -> _Head | None:
    """A title alone at the end of `lead`."""
    longest = max((title for title in known if _ends_with(lead, title)), key=len, default="")
    if longest:
        start = opening + len(lead) - len(longest)
        return "", longest, "", start, start
    stripped = _without_leads(lead)
    if len(stripped.split()) > 1 and any(title.startswith(f"{stripped} ") for title in known):
        start = opening + len(lead) - len(stripped)
        return "", stripped, "", start, start
    starts = [len(lead) - len(stripped)]
    if is_strong:
        starts += [found.end() for found in re.finditer(rf"\b(?:in|see|to|from)\s+(?=[{_UPPER}])", lead)]
    for at in starts:
        title = lead[at:]
        # The title is the one after `, in`: before it stands what is in that work.
        if re.search(rf",\s+in\s+[{_UPPER}]", title):
            continue
        if is_day and (len(title.split()) < 2 or at != starts[0]):
            continue
        if ("," not in title or is_strong) and _is_title(
            title, is_strong=is_strong and not is_day, alone=True
        ):
            return "", title, "", opening + at, opening + at
    return None


def _is_title(title: str, *, is_strong: bool, alone: bool = False) -> bool:
    """Whether words can be a title: they begin large, are few, and make no sentence."""
    words = re.findall(r"[^\W\d_][\w'’-]*", title)
    if not words or len(words) > MOST_WORDS or not (title[0].isupper() or title[0] in '"“'):
        return False
    if _SENTENCE.search(title, 1) or re.search(r"[;?!]|\.\s", title) or title.count('"') % 2:
        return False
    if re.fullmatch(rf"(?:{_MONTH}|{_NAME}\.?)", title) and alone:
        return is_strong and len(words) > 1
    if alone and len(words) == 1 and not (is_strong and len(title) > 3):
        return False
    return is_strong or all(word[0].isupper() or _SMALL.fullmatch(word) for word in words)


def _ends_with(lead: str, title: str) -> bool:
    before = lead[-len(title) - 1 : -len(title)] if lead.endswith(title) else "x"
    return not before or before.isspace() or before in '("“'


def _without_leads(text: str) -> str:
    """Words without `See`, `In` and their kind at their beginning."""
    found = _LEADS.match(text)
    return text[found.end() :] if found else text.lstrip(" ,")


def _owned(plain: str, found: Sequence[Reference]) -> Iterator[Reference]:
    """Titles after `somebody's book`, before a bracket: no place in the work is named there."""
    for owned in _OWNED.finditer(plain) if _OWNING.search(plain) else ():
        author = _without_leads(owned["authors"])
        start, end = owned.start() + owned[0].index(author), owned.end()
        is_free = not any(each.start < end and start < each.end for each in found)
        if author and is_free and _is_title(owned["title"], is_strong=True, alone=True):
            yield Reference(start, end, NAMED, *owned.span("title"), author=author, title=owned["title"])


def _decrees(plain: str, found: Sequence[Reference]) -> Iterator[Reference]:
    for decree in _DECREE.finditer(plain):
        start, end = decree.span("title")
        if not any(each.start < end and start < each.end for each in found):
            yield Reference(start, end, NAMED, start, end, title=decree["title"])


def _loose(plain: str, found: Sequence[Reference]) -> Iterator[Reference]:
    """Places in works that no reference names: after one of them, `ibid.` is not certain. Pages of the book itself."""
    for place in _PLACE_ALONE.finditer(plain):
        if not any(each.start <= place.start() < each.end for each in found):
            see = _SEE_HERE.search(plain[max(0, place.start() - LOOK_BACK) : place.start()])
            is_own = see and place["pages"] and (see["here"] or _HERE_AFTER.match(plain, place.end()))
            yield Reference(*place.span(), OWN if is_own else UNKNOWN, *place.span())

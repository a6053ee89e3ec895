"""The characters of a printed book over the characters of the source. Pure.

The witnesses have the characters of a typewriter: straight quotation marks, ` -- ` for a dash, `. . .`. They are kept
as they are; this module says what a page shows in their place, when the page is made. `typeset` gives a text with the
changes that are shown, each with the source's own characters, so that a reader can have those back.

What is not certain stays as it is: a quotation mark without a partner in its paragraph, an apostrophe before a word
that may open a quotation, a hyphen between numbers that are no range.

smartypants and its kin (typogrify, mdx smarty, SmartyPants.pl) were looked at, and do not serve: they guess each mark
by its neighbours and never look for its partner, work on HTML and so cannot see a word that a tag parts, and do not say
what they changed where.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from reader.text.html import Html, escape

NO_BREAK = "\u00a0"
# Sets no space and allows no line to end here.
JOINER = "\u2060"

OPENING = "([{<—–-/“‘«\u2060"
CLOSING = ".,;:!?…)]}>—–-/”’»"
APOSTROPHE = "’"
OWN_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w|[\s.,;:]|$)")

# Words that begin with an apostrophe, and years without their century.
ELIDED = re.compile(
    r"'(?:(?:tis|twas|twere|twill|twould|tween|em|til|cause|bout|gainst|neath)\b|\d\ds?\b)", re.IGNORECASE
)
# Three points, or four where a sentence ends; more are leaders.
ELLIPSIS = re.compile(r"(?P<space> ?)(?P<points>(?<![.…])(?<!\. )\.(?: ?\.){2,3})(?! ?\.)")
# Two hyphens or three, or an em dash, with the spaces on both sides. Four and more are a rule.
DASH = re.compile(r"[ \u00a0]*(?:(?<!-)-{2,3}(?!-)|—)[ \u00a0]*")
RANGE = re.compile(r"(?<![\w.,:/–-])(?P<first>\d{1,4})(?P<dash>--?)(?P<last>\d{1,4})(?![\w–-]|[.,:/]\d)")
ROMAN_RANGE = re.compile(r"\bpp?\. ?[ivxlc]+(?P<dash>--?)[ivxlc]+\b")
ABBREVIATED = re.compile(
    r"(?<![\w.'’])(?:(?:pp?|vols?|nos?|nn?|chs?|chaps?|arts?|secs?|sects?|figs?|bks?|pts?|cols?|t)\.|n°|№|§§?)"
    r"(?P<space> )(?=\d|[ivxlcIVXLC]+\b)",
    re.IGNORECASE,
)
INITIAL = r"[^\W\d_a-z]\."
INITIALS = re.compile(rf"(?:(?<![\w.])|(?<=\.[ \u00a0])){INITIAL}(?P<space> )(?={INITIAL})")
FRENCH_SPACE = re.compile(r"(?<=\S)(?P<before> )(?=[:;!?»])|(?<=«)(?P<after> )(?=\S)")


class Change(NamedTuple):
    """Characters `start` to `end` of a plain text, and what is shown for them."""

    start: int
    end: int
    shown: str


@dataclass(frozen=True, slots=True)
class Typeset:
    """A plain text with the changes in which a page shows it: in order, apart from each other, none of them empty."""

    plain: str
    changes: tuple[Change, ...] = ()

    def shown(self, start: int = 0, end: int | None = None) -> str:
        """Characters `start` to `end` as they are shown. A change that begins before `start` is shown there."""
        return "".join(shown for _, shown in self._pieces(start, len(self.plain) if end is None else end))

    def html(self, start: int = 0, end: int | None = None) -> Html:
        """Characters `start` to `end` as they are shown, escaped."""
        return escape(self.shown(start, end))

    def wrapped(self, html: str, start: int = 0, end: int | None = None) -> Html:
        """HTML that shows characters `start` to `end`, with the source's own characters for static/js/typography.js.

        They are in an attribute: for each change, how many characters after the last one it stands, how many it has
        (if not one), and the source's characters. An element for each would part the words for screen readers.
        """
        code = self._code(start, len(self.plain) if end is None else end)
        quoted = code.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        return Html(f'<span data-s="{quoted}">{html}</span>' if code else html)

    def _pieces(self, start: int, end: int) -> Iterator[tuple[str, str]]:
        """The pieces of these characters: the source's characters, and the shown ones."""
        at = start
        for change in self.changes:
            if change.end <= at or change.start >= end:
                continue
            if change.start >= at:
                if at < change.start:
                    yield self.plain[at : change.start], self.plain[at : change.start]
                yield self.plain[change.start : change.end], change.shown
            at = min(change.end, end)
        if at < end:
            yield self.plain[at:end], self.plain[at:end]

    def _code(self, start: int, end: int) -> str:
        code, since = "", 0
        for source, shown in self._pieces(start, end):
            length = len(shown.encode("utf-16-le")) // 2  # as a browser counts
            if source == shown:
                since += length
            else:
                code += f"{since}{f',{length}' if length != 1 else ''}{source}"
                since = 0
        return code


@lru_cache(maxsize=1024)
def typeset(plain: str, language: str) -> Typeset:
    """A text as a book in this language shows it; as it is if the language has no rules here."""
    rules = RULES.get(language.casefold().partition("-")[0], ())
    changes: dict[int, Change] = {}
    taken: set[int] = set()
    for rule in rules:
        for change in rule(plain):
            characters = range(change.start, change.end)
            if plain[change.start : change.end] != change.shown and not taken.intersection(characters):
                changes[change.start] = change
                taken.update(characters)
    return Typeset(plain, tuple(changes[start] for start in sorted(changes)))


def folded_back(shown: str, code: str) -> str:
    """The source's characters of a shown text, by the code that `Typeset.wrapped` writes: what the script does."""
    pieces, at = list[str](), 0
    units = shown.encode("utf-16-le")
    for since, length, source in re.findall(r"(\d+)(?:,(\d+))?([^\d,]+)", code):
        start = at + int(since)
        pieces += units[2 * at : 2 * start].decode("utf-16-le"), source
        at = start + int(length or 1)
    return "".join([*pieces, units[2 * at :].decode("utf-16-le")])


# The rules


def ellipses(plain: str) -> Iterator[Change]:
    """Three points in one piece, kept with the word before; of four, the one that ends the sentence stays outside."""
    for match in ELLIPSIS.finditer(plain):
        points, space = match["points"].count("."), match["space"]
        shown = "…" if points == 3 else "…." if space else ".…"
        start = match.start("points")
        is_after_word = space and start > 1 and not plain[start - 2].isspace()
        yield Change(
            match.start() if is_after_word else start, match.end(), NO_BREAK * bool(is_after_word) + shown
        )


def dashes(plain: str) -> Iterator[Change]:
    """An em dash without spaces that never begins a line; after a bracket or at the beginning, only the dash itself."""
    for match in DASH.finditer(plain):
        before, after = plain[: match.start()][-1:], plain[match.end() :][:1]
        if before in ("", "\n"):
            written = match[0].strip(" \u00a0")
            start = match.start() + match[0].index(written)
            yield Change(start, start + len(written), "—")
        elif after in ("", "\n"):
            yield Change(match.start(), match.start() + len(match[0].rstrip(" \u00a0")), f"{JOINER}—")
        elif before.isdigit() and after.isdigit() and " " not in match[0]:
            continue  # a range
        else:
            yield Change(match.start(), match.end(), f"{'' if before in OPENING else JOINER}—")


def dashes_apart(plain: str) -> Iterator[Change]:
    """A dash with its spaces, the first of which ends no line."""
    for match in re.finditer(r"(?<=\S) (?:--|—|–) (?=\S)", plain):
        yield Change(match.start(), match.end() - 1, f"{NO_BREAK}–" if match[0] != " — " else f"{NO_BREAK}—")


def ranges(plain: str) -> Iterator[Change]:
    """An en dash between two numbers of which the second is larger, or is the end of a larger one."""
    for match in RANGE.finditer(plain):
        first, last = match["first"], match["last"]
        if len(last) < len(first):
            last = first[: len(first) - len(last)] + last
        if int(first) < int(last):
            yield Change(*match.span("dash"), "–")
    for match in ROMAN_RANGE.finditer(plain):
        yield Change(*match.span("dash"), "–")


def kept_together(plain: str) -> Iterator[Change]:
    """No line ends between *p.*, *vol.*, *no.* and the number, or between initials."""
    for match in ABBREVIATED.finditer(plain):
        yield Change(*match.span("space"), NO_BREAK)
    for match in INITIALS.finditer(plain):
        yield Change(*match.span("space"), NO_BREAK)


def french_spaces(plain: str) -> Iterator[Change]:
    """No line ends before a high mark or inside guillemets. A thin space is one already."""
    for match in FRENCH_SPACE.finditer(plain):
        yield Change(*match.span("before" if match["before"] else "after"), NO_BREAK)


def apostrophes(plain: str) -> Iterator[Change]:
    """An apostrophe between letters, before the *s* of a figure, before an elided word or year."""
    for match in re.finditer(r"(?<=[^\W\d_])'(?=[^\W_])|(?<=\d)'(?=s\b)", plain):
        yield Change(match.start(), match.end(), APOSTROPHE)
    for match in ELIDED.finditer(plain):
        if not plain[: match.start()][-1:].isalnum():
            yield Change(match.start(), match.start() + 1, APOSTROPHE)


def english_quotes(plain: str) -> Iterator[Change]:
    """Quotation marks that have a partner, double and single, one within the other; the apostrophe of a plural."""
    pairs = list(_double_pairs(plain))
    for start, end in pairs:
        yield Change(start, start + 1, "“")
        yield Change(end, end + 1, "”")
    apart = {change.start for change in apostrophes(plain)}
    singles = [at for at in _places(plain, "'") if at not in apart]
    around = {at: _innermost(pairs, at) for at in singles}
    closed: set[int] = set()
    for index, at in enumerate(singles):
        if at in closed or not _opens(plain, at):
            continue
        partner = _partner(plain, [each for each in singles[index + 1 :] if around[each] == around[at]])
        if partner is not None:
            closed.add(at)
            closed.add(partner)
            yield Change(at, at + 1, "‘")
            yield Change(partner, partner + 1, "’")
    for at in singles:
        if (
            at not in closed
            and plain[:at][-1:] in ("s", "z", "x", "S")
            and not plain[at + 1 : at + 2].isalnum()
        ):
            yield Change(at, at + 1, APOSTROPHE)


def _partner(plain: str, later: Sequence[int]) -> int | None:
    """The mark that closes a single quotation, of those after its opening one.

    After an *s* and before a word a mark may be the apostrophe of a plural: another one is better.
    """
    doubtful = None
    for at in later:
        if _closes(plain, at):
            if plain[at - 1] not in "sS" or not re.match(r" [^\W_]", plain[at + 1 :]):
                return at
            doubtful = at if doubtful is None else doubtful
        elif _opens(plain, at):
            break
    return doubtful


def _double_pairs(plain: str) -> Iterator[tuple[int, int]]:
    waiting: list[int] = []
    for at in _places(plain, '"'):
        closes = bool(waiting) and (_closes(plain, at) or _is_between_words(plain, at))
        if closes:
            yield waiting.pop(), at
        elif _opens(plain, at):
            waiting.append(at)


def _places(plain: str, mark: str) -> list[int]:
    return [match.start() for match in re.finditer(mark, plain)]


def _innermost(pairs: Sequence[tuple[int, int]], at: int) -> tuple[int, int] | None:
    return max((pair for pair in pairs if pair[0] < at < pair[1]), default=None)


def _around(plain: str, at: int) -> tuple[str, str]:
    """The characters beside a mark that are no straight quotation marks; empty at the beginning and end."""
    return plain[:at].rstrip("'\"")[-1:], plain[at:].lstrip("'\"")[:1]


def _opens(plain: str, at: int) -> bool:
    before, after = _around(plain, at)
    return (not before or before.isspace() or before in OPENING) and bool(after) and not after.isspace()


def _closes(plain: str, at: int) -> bool:
    before, after = _around(plain, at)
    return bool(before) and not before.isspace() and (not after or after.isspace() or after in CLOSING)


def _is_between_words(plain: str, at: int) -> bool:
    """Whether words touch the mark on both sides, since a space was lost."""
    before, after = _around(plain, at)
    return (
        bool(before)
        and not before.isspace()
        and before not in OPENING
        and bool(after)
        and not after.isspace()
    )


# By the primary language. Earlier rules come first: a character is changed once.
RULES: Mapping[str, Sequence[Callable[[str], Iterable[Change]]]] = {
    "en": (ellipses, dashes, ranges, kept_together, apostrophes, english_quotes),
    "fr": (ellipses, dashes_apart, ranges, kept_together, french_spaces, apostrophes),
}
# The rules in the words of the apparatus.
SAID = {
    "en": "Quotation marks that have a partner are curly, apostrophes too; a hyphen between two years or pages is"
    " an en dash, two hyphens are an em dash that no line begins with, three points are one sign; no line ends"
    " after p., vol., no. and the like, or between initials. A quotation mark without a partner stays as it is.",
    "fr": "Apostrophes are curly; a hyphen between two years or pages is an en dash, three points are one sign; no line"
    " ends before a high mark, inside guillemets or after p., vol. and the like.",
}


def said(language: str) -> str:
    """What the rules of a language do, in words for readers; empty if it has none."""
    return SAID.get(language.casefold().partition("-")[0], "")


def in_print(said: str) -> str:
    """A sentence of the archive's own with the apostrophes of a book; rules, evidence and choices are kept without."""
    return OWN_APOSTROPHE.sub(APOSTROPHE, said)

"""Rules for years, ranges and figures."""

import re
from collections.abc import Iterator

from corpus_import.parsing.stages.question_readings.passages import Finding, Known, Passage, ranges_of_years

# Each pattern begins with a figure or a rare word and looks back from there: `re` finds a first character fast.
# `1926 1927`: two years in a row, the second forty years later at most.
_TWO_YEARS = re.compile(
    r"(?P<a>1(?<![\d,.].)[5-9]\d\d|2(?<![\d,.].)0\d\d) ?(?P<gap> |- | -| --? ?)(?P<b>1[5-9]\d\d|20\d\d)(?!\d|,\d)"
)
_TWO_PAGES = re.compile(r"pp(?<!\w..)\. (?P<a>\d{1,4}) (?P<b>\d{1,4})(?=[;,.\])]|$)")
_RANGE = re.compile(r"(?P<a>\d(?<![\d/.,-].)\d{0,3})[-–](?P<b>\d{1,4})(?![\d/-])")
# `19 27`, `192 7`: one year torn apart.
_TORN_YEAR = re.compile(
    r"1(?<![\d,.$£] .)(?<![\d,.-].)(?:[5-9] \d\d|[5-9]\d \d| [5-9]\d\d)(?![\d,%])"
    r"(?! ?(?:per ?cent|million|percent))"
)
_FOUR = re.compile(r"\d(?<![\d.,/-].)\d{3}(?![\d,/]|\.\d)")
# `l926`, `1O`, `I2`, `192O`; not `4th`, `1920s`.
_MIXED = re.compile(r"(?<![\w.-])(?=[\dlIOoSB]*\d)(?=\d*[lIOo])[\dlIOo]{2,6}(?!\w)")
# `p. l`, `vol. l`, `no. O`
_DIGIT_AND_LETTER = re.compile(r"\d(?:(?<=[lIOo].)|(?=[lIOo]))")
_LETTER_AS_FIGURE = re.compile(r"\b(?:pp?|nos?|vol|ch|art)\. (?P<letter>[lOo])(?=[\s,;.)\]]|$)")
_POINT_AND_LETTER = re.compile(r"\. [lOo](?!\w)")
# `vol. I` where all other volumes have digits.
_VOLUME_ONE = re.compile(r"vol(?<!\w...)\. I(?=[\s,;.)\]]|$)")
_FIGURE_IN_WORD = re.compile(r"(?<![\w-])(?:[^\W\d_]+[01][^\W\d_]+|0[fnr]|t0|[1][nstf])(?!\w)")
_FIGURE_AT_LETTER = re.compile(r"[01](?:(?<=[^\W\d_].)|(?=[^\W\d_]))")
# `12,34`, `1,2345`: a comma that does not part thousands.
_THOUSANDS = re.compile(r"\d(?<![\d.,].)\d{0,2},(?:\d{4,}|\d{3},\d{1,2}|\d{3},\d{4,})(?![\d,])")

_DIGITS = str.maketrans("lIOo", "1100")
_LETTERS = str.maketrans("01", "ol")


def find_lost_ranges(passage: Passage, known: Known) -> Iterator[Finding]:
    """`1926 1927` was `1926-1927`; so were `pp. 12 14`."""
    for match in _TWO_YEARS.finditer(passage.string):
        a, b = int(match["a"]), int(match["b"])
        if 0 < b - a <= 40:
            evidence = f"{b} follows {a} with nothing but space between them."
            yield Finding(*match.span(), "range-without-hyphen", f"{a}-{b}", evidence)
    for match in _TWO_PAGES.finditer(passage.string):
        if int(match["a"]) < int(match["b"]):
            whole = f"pp. {match['a']}-{match['b']}"
            yield Finding(
                *match.span(), "range-without-hyphen", whole, "After “pp.” two pages stand in a row."
            )


def find_odd_figures(passage: Passage, known: Known) -> Iterator[Finding]:
    """`19 27`, `1296` for `1926`, `1928-1927`."""
    string, years = passage.string, known.usage.years
    for match in _TORN_YEAR.finditer(string):
        year = match[0].replace(" ", "")
        if years[year]:
            yield Finding(*match.span(), "odd-figure", year, f"The volume has the year {year}.")
    for match in _RANGE.finditer(string):
        a, b = match["a"], match["b"]
        if len(a) == len(b) and int(a) >= int(b):
            yield Finding(*match.span(), "odd-figure", "", "The range does not run forward.")
    yield from _find_odd_ranges(string, known)
    for match in _FOUR.finditer(string):
        year = match[0]
        if years[year] > 1 or 1500 <= int(year) <= 2099:
            continue
        swapped = [year[:k] + year[k + 1] + year[k] + year[k + 2 :] for k in range(3)]
        likely = max(swapped, key=lambda y: years[y])
        if years[likely] >= 3:
            evidence = (
                f"The volume has {likely} {years[likely]} times, and two digits may have changed places."
            )
            yield Finding(*match.span(), "odd-figure", likely, evidence)
    for match in _THOUSANDS.finditer(string):
        yield Finding(*match.span(), "odd-figure", "", "The comma does not part thousands.")


def _find_odd_ranges(string: str, known: Known) -> Iterator[Finding]:
    """`the crisis of 1920-1930` where the volume has `the crisis of 1928-1930` again and again."""
    usage = known.usage
    for start, here, left in ranges_of_years(string):
        if not left or usage.ranges_alone[here] > 1:
            continue
        for other, count in usage.ranges_after.get(left, ()):
            if sum(a != b for a, b in zip(other, here, strict=True)) == 1:
                evidence = f"The volume has “{left} {other}” {count} times, and {here} only here."
                yield Finding(start, start + len(here), "odd-figure", other, evidence)
                break


def find_letters_for_digits(passage: Passage, known: Known) -> Iterator[Finding]:
    """`l926`, `1O`, `p. l`, `0f`."""
    string = passage.string
    for match in _MIXED.finditer(string) if _DIGIT_AND_LETTER.search(string) else ():
        likely = match[0].translate(_DIGITS)
        yield Finding(*match.span(), "letter-for-digit", likely, "A letter stands among digits.")
    for match in _LETTER_AS_FIGURE.finditer(string) if _POINT_AND_LETTER.search(string) else ():
        likely = match[0][:-1] + match["letter"].translate(_DIGITS)
        yield Finding(*match.span(), "letter-for-digit", likely, "A letter stands where a number belongs.")
    usage = known.usage
    if usage.volumes["digits"] >= 2 and not usage.volumes["roman"]:
        for match in _VOLUME_ONE.finditer(string):
            evidence = "The volume numbers volumes with digits: the letter may be one."
            yield Finding(*match.span(), "letter-for-digit", "vol. 1", evidence)
    for match in _FIGURE_IN_WORD.finditer(string) if _FIGURE_AT_LETTER.search(string) else ():
        word = match[0].translate(_LETTERS).casefold()
        other = match[0].translate(str.maketrans("01", "oi")).casefold()
        likely = word if known.is_word(word) or known.usage.folded[word] else other
        if known.is_word(likely) or known.usage.folded[likely]:
            yield Finding(*match.span(), "letter-for-digit", likely, "A digit stands among letters.")

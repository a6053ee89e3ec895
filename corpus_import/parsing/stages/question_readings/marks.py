"""Rules for punctuation and the spaces around punctuation."""

import re
from collections.abc import Iterator

from corpus_import.parsing.stages.question_readings.known_words import ABBREVIATED, CLOSED
from corpus_import.parsing.stages.question_readings.passages import Finding, Known, Passage
from reader.text.sentences import AFTER_STOP

# `education,there`: no space after a comma, a semicolon, a colon; also before a figure: `labor,in`, `May,1927`.
_NO_SPACE = re.compile(r"(?P<left>[^\W\d_]+)(?P<mark>[,;:])(?P<right>[^\W_]+)")
_MARK_BETWEEN = re.compile(r"[,;:](?<=\w.)(?=\w)")
# `grain.The`: after a full stop, a question mark; initials and addresses have small words or single letters.
_NO_SPACE_AFTER_STOP = re.compile(
    r"(?P<left>[^\W\d_]{2,})(?P<mark>[.?!][\"”]?)(?P<right>[^\W\d_a-z][^\W\d_]+)(?!\.\w)"
)
_STOP_BETWEEN = re.compile(r"[.?!](?<=\w.)[\"”]?(?=\w)")
# `plan"and`, `word"Word`, `plan(the`, `plan)and`
_NO_SPACE_AT_MARK = re.compile(
    r"(?<=[^\W_])(?:(?:[,;][\"”]|[\"”][,;])(?P<between>)[\"“](?=[^\W_])|(?:[)\]]|[.,;:!?][\"”])(?P<after>)(?=[^\W\d_]{2})"
    r"|(?<=[^\W\d_]{2})(?P<before>)(?:\( ?(?=[^\W\d_]{2,}[ ,])|“(?=[^\W_])))"
)
_MARK_AT_WORD = re.compile(r"[,;.:!?\"”)\](“](?<=[^\W_].)(?:(?<=\() |[\"”,;])?[\"“]?(?=[^\W_])")
# `p.132`, `pp.1-3`, `no.12`, `vol.2`: an abbreviation and its figure.
_NO_SPACE_AFTER_POINT = re.compile(
    r"(?<![\w.])(?:pp?|nos?|vols?|chs?|ff?|cf|ed|art|sec|fn|n)\.(?P<right>[0-9]+|[IVXLC]+\b)"
)
_POINT_AND_NUMBER = re.compile(r"\.(?=[0-9IVXLC])")
_LETTER_AT_DIGIT = re.compile(r"[0-9](?:(?<=[^\W\d_].)|(?=[^\W\d_]))")
# `in1927`, `1927and`; not `4th`, `1920s`, `12a`.
_WORD_AND_FIGURE = re.compile(
    r"(?<![\w-])(?:(?P<a>[^\W\d_]{2,})(?P<b>[0-9]{2,})|(?P<c>[0-9]{2,})(?P<d>[^\W\d_]{3,}))(?!\w)"
)

# `word ,`; `( see`; ` 's`. An ellipsis may have its spaces.
_SPACE_BEFORE = re.compile(r"(?<=[^\s.…]) (?:[,;:!?](?=\s|$)|\.(?=\s|$)(?! ?\.)|[)\]])")
_SPACE_INSIDE = re.compile(r"[(\[] +\S+")
_SPACE_BEFORE_ENDING = re.compile(r"(?<=[^\W\d_]) ['’]s\b|(?<=[^\W\d_])['’] s\b")
_TWO_SPACES = re.compile(r"(?<=\S)  +(?=\S)")
_SPACE_BEFORE_MARKED_WORD = re.compile(r"(?<=[^\W_]) [,;:](?=[^\W_])")
_SPACE_AT_MARK = re.compile(r" [,;:!?.)\]'’]|' s|’ s")
_IN_FRENCH = re.compile(r"[;:!?»]")

# `,.`, `..`, `;,`, `,,`: two marks instead of one; not an ellipsis, nor the comma after `etc.`
_TWO_MARKS = re.compile(
    r"(?:[,;:][,;:.]|(?<![.\s])\.\.(?![.])|\.;\.|\.:(?=\s)|[?!][.,;]|(?<= )[.,;](?=[,;]))(?=\s|$)|(?<=\w)[,;]\.(?=\w)"
)
_MARK_AFTER_MARK = re.compile(r"[,;:.?!][,;:.]")
_AFTER_OPENING = re.compile(r"[(\[][,.;:!?](?!\.)|[\"“][,;:](?=[^\W\d_])")

_MARK_AFTER_OPENING = re.compile(r"[(\[\"“][,.;:!?]")
# An abbreviation without its full stop: `ff)`, `p 12`, `pp 3-4`, `vol 2`, `no 5`, `etc,`, `etc"`, `ff?`.
_NO_POINT = re.compile(
    r"(?<![\w.'’-])(?:(?:pp?|vols?|nos?|chs?) (?=[0-9])|ff(?=[);:,\]?!\"”’]| [^\W\d_a-z]|$)|"
    r"(?:etc|cf|ibid|Ibid|viz|et al|op\. cit|loc\. cit)(?=[);:,\]?!\"”’]| [^\W\d_]| [(]|$))"
)
# The end of a text without its stop: with the comma and the quotation mark that stand there.
_STOPS = re.compile(r"[.:;?!…][\s\"”’')\]]*$|--[\s\"”’']*$")
_WITHOUT_STOP = re.compile(r"(?P<comma>,?)(?P<mark>[\"”]?)$")

# `class- divided`, `well -known`; `pre- and post-war` is right.
_TORN_HYPHEN = re.compile(r"[^\W\d_]+(?:- (?!and\b|or\b|to\b|nor\b|,|-)| -(?=[^\W\d_]))[^\W\d_]+")
_SPACED_HYPHEN = re.compile(r"-(?:(?= )|(?<= -))")
_SINGLE_AS_DASH = re.compile(r"[^\W_]+[\"”)]? - [\"“(]?[^\W_]+")
_UNEVEN_DASH = re.compile(r"[^\s-]+(?:--\s+| --)[^\s-]+")
_TIGHT_DASH = re.compile(r"\w+--\w+")


def find_missing_spaces(passage: Passage, known: Known) -> Iterator[Finding]:
    """`education,there`, `grain.The`, `p.132`, `in1927`; and words with only a note's call between them."""
    string = passage.string
    for hint, pattern in ((_MARK_BETWEEN, _NO_SPACE), (_STOP_BETWEEN, _NO_SPACE_AFTER_STOP)):
        for match in pattern.finditer(string) if hint.search(string) else ():
            mark, right = match["mark"], match["right"]
            if mark == ":" and right[0].isdigit():
                continue
            yield Finding(
                *match.span(),
                "missing-space",
                f"{match['left']}{mark} {right}",
                f"No space stands after “{mark}”.",
            )
    for match in _NO_SPACE_AT_MARK.finditer(string) if _MARK_AT_WORD.search(string) else ():
        start, end = _words_around(string, *match.span())
        reading = string[start:end]
        # `word(s)`, `(re)organization` are meant.
        if re.search(r"\((?:s|es|re|un)\)", reading):
            continue
        at = match.end(match.lastgroup or 0)
        apart = f"{string[start:at]} {string[at:end]}"
        yield Finding(start, end, "missing-space", apart, "No space parts the mark from the word.")
    for match in _NO_SPACE_AFTER_POINT.finditer(string) if _POINT_AND_NUMBER.search(string) else ():
        apart = f"{match[0][: match.start('right') - match.start()]} {match['right']}"
        yield Finding(
            *match.span(), "missing-space", apart, "No space stands after the abbreviation's point."
        )
    for match in _WORD_AND_FIGURE.finditer(string) if _LETTER_AT_DIGIT.search(string) else ():
        left, right = match["a"] or match["c"], match["b"] or match["d"]
        word = (match["a"] or match["d"]).casefold()
        if known.usage.folded[word] or known.is_word(word):
            yield Finding(
                *match.span(), "missing-space", f"{left} {right}", "A word and a figure stand together."
            )
    for offset in sorted(passage.references):
        before, after = string[offset - 1 : offset], string[offset : offset + 1]
        if before and after.isalnum() and not before.isspace():
            start, end = _words_around(string, offset, offset)
            evidence = "Only a note's call stands between the two words."
            yield Finding(
                start, end, "missing-space", f"{string[start:offset]} {string[offset:end]}", evidence
            )


def _words_around(string: str, start: int, end: int) -> tuple[int, int]:
    """The characters `start` to `end`, extended on both sides to the next white space."""
    while start and not string[start - 1].isspace():
        start -= 1
    while end < len(string) and not string[end].isspace():
        end += 1
    return start, end


def find_stray_spaces(passage: Passage, known: Known) -> Iterator[Finding]:
    """`word ,`, `( see`, `the peasants 's`, two spaces. Spaces inside quotation marks are found with the marks."""
    string = passage.string
    french = known.usage.language.startswith("fr")
    single = passage.kind not in ("entry", "heading") and known.usage.double_spaces < 10
    patterns = []
    if _SPACE_AT_MARK.search(string):
        patterns += [
            (_SPACE_BEFORE, "", "A space stands before the mark."),
            (_SPACE_BEFORE_MARKED_WORD, "", "The space stands before the mark, not after the mark."),
            (_SPACE_BEFORE_ENDING, "", "A space stands before the ending."),
        ]
    if single and "  " in string:
        patterns.append((_TWO_SPACES, " ", "Two spaces stand here instead of one."))
    for pattern, instead, evidence in patterns:
        for match in pattern.finditer(string):
            if french and (pattern is _SPACE_BEFORE_ENDING or _IN_FRENCH.search(match[0])):
                continue
            start, end = _words_around(string, *match.span())
            gap = string[match.start() : match.end()]
            closed = instead + gap.strip(" ") if pattern is not _SPACE_BEFORE_ENDING else gap.replace(" ", "")
            after = " " if pattern is _SPACE_BEFORE_MARKED_WORD else ""
            whole = string[start : match.start()] + closed + after + string[match.end() : end]
            yield Finding(start, end, "stray-space", whole, evidence)
    for match in _SPACE_INSIDE.finditer(string):
        if ". ." not in match[0]:
            closed = re.sub(" +", "", match[0])
            yield Finding(*match.span(), "stray-space", closed, "A space stands inside the bracket.")


def find_irregular_punctuation(passage: Passage, known: Known) -> Iterator[Finding]:
    """`,.`, `..`, `ff)`: marks that do not stand together, abbreviations without their points."""
    string = passage.string
    for match in _TWO_MARKS.finditer(string) if _MARK_AFTER_MARK.search(string) else ():
        start, _ = _words_around(string, *match.span())
        reading = string[start : match.end()]
        if re.search(r"\b(?:[A-Z]|etc|al|ed|eds|ff|cit|ibid|Co|Inc|Jr|St|vol|no|pp?)\.[:;,]?$", reading):
            continue
        if reading.endswith(".") and "..." in string[max(start - 3, 0) : match.end() + 3]:
            continue
        yield Finding(
            start, start + len(reading), "punctuation", "", "These two marks do not stand together."
        )
    for match in _AFTER_OPENING.finditer(string) if _MARK_AFTER_OPENING.search(string) else ():
        yield Finding(*match.span(), "punctuation", "", "This mark does not stand after an opening mark.")
    for match in _NO_POINT.finditer(string):
        reading = match[0].rstrip()
        evidence = "The abbreviation has lost its point."
        yield Finding(match.start(), match.start() + len(reading), "punctuation", f"{reading}.", evidence)


# `However this plan`: with a small word after it, no `however much`.
_LEADING = re.compile(
    rf"(?:{AFTER_STOP}(?P<first>[A-Z][a-z]+)|(?P<inner>namely|viz)) (?=(?:the|this|that|these|those|it|they|we|"
    r"he|she|there|in|on|at|by|for|from|with|as|if|when|while|a|an|its|their|his|to|all)\b)"
)
# `In 1924 two weeks`, `In 1922 60 percent`
_YEAR_AND_NUMBER = re.compile(
    r"(?P<a>1(?<![\d,.-].)[5-9]\d\d) "
    r"(?P<b>\d+(?:[.,]\d+)*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?![\w-])"
)


def find_missing_commas(passage: Passage, known: Known) -> Iterator[Finding]:
    """`However this plan` where the volume puts a comma after nearly every *However*; `In 1924 two weeks`."""
    usage, string = known.usage, passage.string
    for match in _LEADING.finditer(string) if any(map(string.__contains__, usage.before_commas)) else ():
        group = "first" if match["first"] else "inner"
        word = match[group]
        if word in usage.before_commas:
            with_comma, all_ = usage.commas[word], usage.leading[word]
            end = re.compile(r"\w+").search(string, match.end())
            whole = string[match.end() : end.end() if end else match.end()]
            evidence = f"The volume has a comma after “{word}” {with_comma} times of {all_}."
            stop = match.end() + len(whole)
            yield Finding(match.start(group), stop, "punctuation", f"{word}, {whole}", evidence)
    for match in _YEAR_AND_NUMBER.finditer(string):
        a, b = match["a"], match["b"]
        if b.isdigit() and len(b) == 4:
            continue
        yield Finding(*match.span(), "punctuation", f"{a}, {b}", "A year and a number stand in a row.")


def find_torn_dashes(passage: Passage, known: Known) -> Iterator[Finding]:
    """`class- divided`, `word --word`, `word - word` where the volume has ` -- `."""
    usage = known.usage
    for match in _TORN_HYPHEN.finditer(passage.string) if _SPACED_HYPHEN.search(passage.string) else ():
        whole = re.sub(r" ?- ?", "-", match[0])
        yield Finding(*match.span(), "dash", whole, "A space stands on one side of the hyphen.")
    if usage.spaced_dashes >= 5 and " - " in passage.string:
        for match in _SINGLE_AS_DASH.finditer(passage.string):
            dashed = match[0].replace(" - ", " -- ")
            yield Finding(*match.span(), "dash", dashed, "A hyphen stands where the volume has a dash.")
    dashes = "--" in passage.string
    for match in _UNEVEN_DASH.finditer(passage.string) if dashes else ():
        dashed = re.sub(r"\s*--\s*", " -- ", match[0])
        yield Finding(*match.span(), "dash", dashed, "A space stands on one side of the dash.")
    if dashes and usage.spaced_dashes > 10 * usage.tight_dashes:
        for match in _TIGHT_DASH.finditer(passage.string):
            dashed = match[0].replace("--", " -- ")
            yield Finding(*match.span(), "dash", dashed, "Elsewhere the volume's dashes have their spaces.")


# Small words that begin no name; a small letter after one shows that no title has begun.
_FUNCTION = (
    r"The|This|These|That|Those|It|In|On|At|By|For|From|With|And|But|Or|If|As|Is|Are|Was|Were|However|Thus|Hence|"
    r"Moreover|When|While|Of|To|A|An|They|We|He|She|His|Their|Its|Which|Who"
)
_CAPITAL_INSIDE = re.compile(rf"(?<![^\W\d_])[a-z]{{2,}} (?P<word>{_FUNCTION}) (?=[a-z]{{2,}}\b)")
_CAPITAL_AFTER_SMALL = re.compile(rf" (?<=[a-z] )(?=[A-Z])(?:{_FUNCTION}) (?=[a-z])")
_SMALL_AFTER_STOP = re.compile(
    r"(?<![a-z])(?P<left>[a-z]{4,})(?P<stop>[.?!][\"”)]?) (?P<right>[a-z]+)(?=[ ,])"
)
_STOP_AND_SMALL = re.compile(r"[.?!][\"”)]? [a-z]")
_CAPITAL_IN_WORD = re.compile(r"(?<!\w)[a-z]+[A-Z][A-Za-z]*|(?<!\w)[A-Z]{2,}[a-z]{3,}(?!\w)")

_CAPITAL_AT_SMALL = re.compile(r"[A-Z](?:(?<=[a-z].)|(?<=[A-Z].)[a-z]{3})")


def find_capitals(passage: Passage, known: Known) -> Iterator[Finding]:
    """`the Plan. it failed`, `it failed The plan`, `tHe`."""
    if passage.kind in ("heading", "entry"):
        return
    string, english = passage.string, known.usage.language.startswith("en")
    for match in _CAPITAL_INSIDE.finditer(string) if english and _CAPITAL_AFTER_SMALL.search(string) else ():
        left, word = match[0].split()[0], match["word"]
        if word in ("A", "I") and left in CLOSED:
            continue  # a note, a letter
        evidence = f"“{word}” begins no name, and no sentence ends before it."
        yield Finding(match.start(), match.end("word"), "capital", f"{left}. {word}", evidence)
    for match in _SMALL_AFTER_STOP.finditer(string) if _STOP_AND_SMALL.search(string) else ():
        if (
            known.usage.points[match["left"]] > 1
            or match["left"] in ABBREVIATED
            or (match["stop"] != "." and '"' in match["stop"])
        ):
            continue
        if match["stop"][0] in "?!" or not known.is_word(match["right"]):
            continue
        whole = f"{match['left']}{match['stop']} {match['right'].capitalize()}"
        yield Finding(*match.span(), "capital", whole, "A sentence ends before a small letter.")
    for match in _CAPITAL_IN_WORD.finditer(string) if _CAPITAL_AT_SMALL.search(string) else ():
        word = match[0]
        if known.usage.words[word] > 1 or word in known.usage.terms:
            continue
        if known.is_word(word.casefold()):
            likely = word.capitalize() if word[0].isupper() else word.lower()
            yield Finding(*match.span(), "capital", likely, "A capital stands inside the word.")


def find_unfinished(passage: Passage, known: Known) -> Iterator[Finding]:
    """A paragraph that ends with a word or a comma and has no quotation after it."""
    if passage.kind not in ("prose", "quotation", "note") or passage.goes_on:
        return
    string = passage.string.rstrip()
    if len(string) < 60 or string[-1] in ".:;?!…)]" or _STOPS.search(string):
        return
    start, end = _words_around(string, len(string) - 1, len(string))
    # English sets the stop where a comma stands: inside the quotation mark.
    is_inside = known.usage.language.startswith("en")
    tail = _WITHOUT_STOP.search(string, start)
    assert tail is not None, "it matches at every end"
    stop = f".{tail['mark']}" if is_inside or (tail["comma"] and tail["mark"]) else f"{tail['mark']}."
    suggestion = string[start : tail.start()].rstrip(",") + stop
    yield Finding(start, end, "unfinished", suggestion, "The paragraph ends here without a stop.")

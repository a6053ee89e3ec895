"""Rules for quotation marks and brackets: unpaired ones, and spaces inside them."""

import re
from collections.abc import Iterable, Iterator

from corpus_import.parsing.stages.question_readings.passages import Finding, Passage

_MARK = re.compile(r"[\"“”]")
_OPENS_AFTER = re.compile(r"(?:^|[\s(\[{—–-]|--|[^\w\s]['‘])$")
_CLOSES_BEFORE = re.compile(r"[\s.,;:!?)\]}—–'’-]|$")
_LONGEST = 160  # characters of a reading
_OPENING, _CLOSING = "([{", ")]}"
_ENUMERATED = re.compile(r"(?:^|[\s;,])[0-9]{1,2}$|(?:^|[\s;,])[a-hivx]{1,4}$")


def find_unbalanced(passages: Iterable[Passage]) -> Iterator[tuple[int, Finding]]:
    """Yield quotation marks that do not pair, each with the number of its passage, from 0.

    A quotation of several paragraphs opens at the beginning of each and closes at the end of the last; so an open
    quotation at the end of a passage is right if the next passage begins with an opening mark.
    """
    waiting: tuple[int, Passage, int] | None = None
    for index, passage in enumerate(passages):
        findings, opened = _read_marks(passage, continued=waiting is not None)
        if waiting is not None:
            last, before, at = waiting
            if not (passage.string.lstrip()[:1] in ('"', "“") and passage.kind == before.kind):
                yield last, _unclosed(before, at)
                findings, opened = _read_marks(passage, continued=False)
        for finding in findings:
            yield index, finding
        waiting = (index, passage, opened) if opened is not None else None
    if waiting is not None:
        last, before, at = waiting
        yield last, _unclosed(before, at)


def _unclosed(passage: Passage, at: int) -> Finding:
    end = _end_of_clause(passage.string, at)
    return Finding(
        at, end, "unbalanced-quotation", "", "This quotation mark opens a quotation that nothing closes."
    )


def _end_of_clause(string: str, at: int) -> int:
    """The end of the clause that begins at a mark; the missing other mark usually stood before that end."""
    match = re.compile(r".+?(?=[.;:?!](?:\s|$)|[\"“”()\[\]]|$)", re.DOTALL).match(string, at + 1)
    return min(match.end(), at + _LONGEST) if match else at + 1


def _end_of_words(string: str, at: int, count: int) -> int:
    match = re.match(rf"\S+(?: \S+){{0,{count - 1}}}", string[at:])
    return at + match.end() if match else at + 1


def _start_of_words(string: str, end: int, count: int) -> int:
    match = re.search(rf"(?:\S+ ){{0,{count - 1}}}\S*$", string[:end])
    return match.start() if match else end - 1


def _read_marks(passage: Passage, continued: bool) -> tuple[list[Finding], int | None]:
    """The findings of a passage, and the beginning of the quotation that stays open, if any."""
    string, findings = passage.string, []
    opened: int | None = None
    for match in _MARK.finditer(string):
        at = match.start()
        before, after = string[max(at - 2, 0) : at], string[at + 1 : at + 2]
        may_open = bool(_OPENS_AFTER.search(before)) and bool(after)
        may_close = bool(_CLOSES_BEFORE.match(after)) and bool(before)
        if match[0] == "“" or match[0] == "”":
            opens = match[0] == "“"
        elif may_open != may_close:
            opens = may_open
        else:
            opens = opened is None
        if opens:
            if opened is not None:
                findings.append(_unclosed(passage, opened))
            opened = at
            if after == " " and not _MARK.match(string, at + 2):
                end = _end_of_words(string, at + 2, 1)
                closed = string[at] + string[at + 2 : end]
                findings.append(
                    Finding(at, end, "stray-space", closed, "A space stands inside the quotation mark.")
                )
        else:
            if opened is None and not continued:
                start = _start_of_words(string, at, 3)
                evidence = "This quotation mark closes a quotation that nothing opens."
                findings.append(Finding(start, at + 1, "unbalanced-quotation", "", evidence))
            elif (
                before.endswith(" ")
                and before != "- "
                and opened is not None
                and string[opened + 1 : at].strip()
            ):
                start = _start_of_words(string, at - 1, 1)
                closed = string[start : at - 1] + string[at]
                evidence = "A space stands inside the quotation mark."
                findings.append(Finding(start, at + 1, "stray-space", closed, evidence))
            opened = None
    return findings, opened


def find_unbalanced_brackets(passage: Passage) -> Iterator[Finding]:
    """Yield brackets that do not pair; `1)` and `a)` number an item and need no other bracket."""
    string = passage.string
    stack: list[int] = []
    for match in re.finditer(r"[()\[\]{}]", string):
        at, mark = match.start(), match[0]
        if mark in _OPENING:
            stack.append(at)
            continue
        wanted = _OPENING[_CLOSING.index(mark)]
        if stack and string[stack[-1]] == wanted:
            stack.pop()
        elif stack and any(string[k] == wanted for k in stack):
            while string[stack[-1]] != wanted:
                yield _open_bracket(string, stack.pop())
            stack.pop()
        elif stack:
            opened = stack.pop()
            evidence = f"It is opened by “{string[opened]}” and closed by “{mark}”."
            start = _start_of_words(string, at, 1)
            yield Finding(start, at + 1, "unbalanced-bracket", "", evidence)
        elif not (mark == ")" and _ENUMERATED.search(string[:at])):
            start = _start_of_words(string, at, 3)
            yield Finding(
                start, at + 1, "unbalanced-bracket", "", "No bracket opens before this closing bracket."
            )
    for at in stack:
        yield _open_bracket(string, at)


def _open_bracket(string: str, at: int) -> Finding:
    end = _end_of_clause(string, at)
    return Finding(at, end, "unbalanced-bracket", "", "No bracket closes after this opening bracket.")

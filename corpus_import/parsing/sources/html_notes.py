"""Finds the notes of a web page and the calls that call them.

A link from the text to the beginning of another block is the call of a note there; the number of a note often leads
back. Where there are no links, a number in brackets or a raised number calls a note, and notes stand under a heading
*Notes*, each with its number.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from urllib.parse import unquote

from corpus_import.parsing.forms.notes import HIGH, calls_in
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.recognise import is_notes_heading
from corpus_import.parsing.sources.html_flow import Flow

_SIGNS = r"\*{1,4}|[†‡§¶]{1,3}"
# The number of a note before its body: `12`, `12.`, `[12]`, `(12)`, `*`, `Note 12.`
NUMBER = re.compile(
    rf"(?:(?:foot|end)?note\s+)?[\[({{^]?\s*(?P<n>[1-9][0-9]{{0,3}}|{_SIGNS})\s*[\])}}]?\s*[.):\]]?(?=\s|$|[\"“‘(\[]|[^\W\d_])\s*",
    re.IGNORECASE,
)
_LINK = re.compile(
    rf"[\[({{^]?\s*(?:(?:foot|end)?note\s+)?(?P<n>[1-9][0-9]{{0,3}}|{_SIGNS})\s*[\])}}]?", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\[(?P<n>[1-9][0-9]{0,2})\]")
_RAISED = re.compile(rf"[\[(]?(?P<n>[1-9][0-9]{{0,2}}|{_SIGNS})[\])]?")
_SIGN_IN_TEXT = re.compile(r"(?<=[\w.,;:!?)”’\"'])(?P<n>\*{1,3}|[†‡])(?=\s|$)")
# What leads back from a note to its call.
BACK = re.compile(
    r"\s*[\[(]?(?:(?:↩\ufe0e?|↑|⏎|\^)\s?(?:[a-z]|\d{1,2})?|back|return|zurück|retour)[\])]?\s*$",
    re.IGNORECASE,
)
# One of several ways back, which only its link shows to be one, and what stands before the first of them.
_BACK_OF_MANY, _BEFORE_BACK = re.compile(r"[a-z]{1,2}|\d{1,2}\.\d{1,2}"), " ^↑↩\ufe0e"
BACK_FIRST = re.compile(r"^[↑↩^]\ufe0e?\s")  # the same before the note's number
# The usual form of calls, the others that a page can have, and the series in which they must stand.
_USUAL, _OTHER_FORMS, _FEWEST, _RISING = "[{n}]", (HIGH, "({n})", "^{n}", "{{n}}"), 2, 0.8
_LOW = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")
# An anchor of a note stands so many characters at most behind the beginning of its block.
_NEAR = 8


@dataclass(frozen=True, slots=True)
class FoundCall:
    """Characters `start` to `end` of a block, which call note `n` or `sign`.

    `target` is the block of the note; `leads` are the file and the anchor that a link to another file names.
    """

    start: int
    end: int
    n: int
    sign: str
    target: int | None = None
    leads: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """The calls that are links, by block, and the blocks that they lead to, each with the number that calls it."""

    calls: Mapping[int, Sequence[FoundCall]]
    targets: Mapping[int, tuple[int, str]]
    back: Mapping[int, tuple[int, int]] = field(
        default_factory=dict
    )  # by block: its text without the links back
    form: str = ""  # of calls that are no links
    # By block and place of a call: the number of the note that its link leads to, if that is another one.
    contradicted: Mapping[tuple[int, int], int] = field(default_factory=dict)


def find_links(flows: Sequence[Flow], files: Sequence[str], manifest: Manifest) -> Links:
    """The calls by link; `files` are the names of the page's own files, one for each block."""
    links = _find_links(flows, files)
    return replace(links, form=_form_of_calls(flows, links, manifest))


def _form_of_calls(flows: Sequence[Flow], links: Links, manifest: Manifest) -> str:
    """The form of calls that are neither links nor raised nor in square brackets: as declared, or a series from 1."""
    if manifest.calls:
        return "" if manifest.calls == _USUAL else manifest.calls
    if any(find_calls(flow, links.calls.get(index, ())) for index, flow in enumerate(flows)):
        return ""
    if not any(len(flow.text) < 40 and is_notes_heading(flow.text, manifest.notes_heading) for flow in flows):
        return ""
    for form in _OTHER_FORMS:
        numbers = [
            n for flow in flows for call in calls_in(flow.text, form) if call.start for n in call.numbers
        ]
        rising = sum(n in (1, before + 1) for before, n in pairwise([0, *numbers]))
        if len(numbers) >= _FEWEST and numbers[0] == 1 and rising >= len(numbers) * _RISING:
            return form
    return ""


def _find_links(flows: Sequence[Flow], files: Sequence[str]) -> Links:
    at: dict[tuple[str, str], tuple[int, int]] = {}
    for index, flow in enumerate(flows):
        for offset, anchor in flow.anchors:
            at.setdefault((files[index], anchor), (index, offset))
    aliases = _aliases(flows, files, at)
    leads = [
        {place[0] for _, _, href in flow.links if (place := at.get(_address(href, file, aliases)))}
        for flow, file in zip(flows, files, strict=True)
    ]
    calls: dict[int, list[FoundCall]] = {}
    targets: dict[int, tuple[int, str]] = {}
    back: dict[int, tuple[int, int]] = {}
    for index, flow in enumerate(flows):
        ways: list[tuple[int, int]] = []
        for start, end, href in flow.links:
            place = at.get(_address(href, files[index], aliases))
            text = flow.text[start:end]
            is_back = BACK.fullmatch(text) or (
                _BACK_OF_MANY.fullmatch(text) and place and index in leads[place[0]]
            )
            if place is not None and is_back:
                ways.append((start, end))
                continue
            label = _LINK.fullmatch(text.strip())
            if place is None or label is None or (not start and not flow.heading):
                continue
            target, offset = place
            begins = offset <= _NEAR or NUMBER.match(flows[target].text[offset:]) is None
            if target == index or not begins or _leads_back(flows[index], flows[target]):
                continue
            n, sign = _value(label["n"])
            calls.setdefault(index, []).append(FoundCall(start, end, n, sign, target))
            if target not in targets or _own_number(flows[target]) == n:
                targets[target] = n, sign
        if ways:
            back[index] = _between(ways, flow.text)
    return Links(calls, targets, back, contradicted=_contradicted(flows, calls))


def _between(ways: Sequence[tuple[int, int]], text: str) -> tuple[int, int]:
    """The place of a note's text between its ways back, which stand before or behind it."""
    first, last = 0, len(text)
    for start, end in ways:
        if not text[first:start].strip(_BEFORE_BACK):
            first = end
    for start, end in reversed(ways):
        if start >= first and not text[end:last].strip():
            last = start
    return first, last


def _contradicted(
    flows: Sequence[Flow], calls: Mapping[int, Sequence[FoundCall]]
) -> Mapping[tuple[int, int], int]:
    """The calls whose links lead to notes with other numbers; if most do, notes and calls are counted otherwise."""
    found: dict[tuple[int, int], int] = {}
    agreed = 0
    for index, own in calls.items():
        for call in own:
            n = _own_number(flows[call.target]) if call.target is not None and call.n else 0
            agreed += n == call.n > 0
            if n and n != call.n:
                found[index, call.start] = n
    return found if len(found) < agreed else {}


def _own_number(flow: Flow) -> int:
    """The number that the words of a note give it, with a sign behind (`12.`, `[12]`); 0 if a browser counted it."""
    text = BACK_FIRST.sub("", flow.text)
    number = number_of_note(text)
    if number is None or number[0] == flow.item or text[: number[2]].strip().isdigit():
        return 0
    return number[0]


def _address(href: str, file: str, aliases: Mapping[str, str]) -> tuple[str, str]:
    path, _, fragment = href.partition("#")
    name = path.rsplit("/", 1)[-1]
    return (aliases.get(name, name) or file, unquote(fragment))


def _aliases(
    flows: Sequence[Flow], files: Sequence[str], at: Mapping[tuple[str, str], tuple[int, int]]
) -> Mapping[str, str]:
    """The name on its site of a page that was saved under another name, with the name of the file.

    A browser that saves a page can give its links to itself the page's whole address.
    """
    found: Counter[tuple[str, str]] = Counter()
    known = set(files)
    for flow, file in zip(flows, files, strict=True):
        for _, _, href in flow.links:
            name, fragment = _address(href, file, {})
            if name not in known and fragment and (file, fragment) in at:
                found[name, file] += 1
    return {name: file for (name, file), _ in reversed(found.most_common(1))}


def _leads_back(flow: Flow, target: Flow) -> bool:
    """Whether a link in a note leads to the text that calls it: the text has a link there, not at its beginning."""
    return (
        NUMBER.match(flow.text) is not None
        and len(target.text) > len(flow.text)
        and any(start and _LINK.fullmatch(target.text[start:end].strip()) for start, end, _ in target.links)
        and not NUMBER.match(target.text)
    )


def find_calls(flow: Flow, linked: Sequence[FoundCall], form: str = "") -> list[FoundCall]:
    """All calls of a block in their order: the linked ones, numbers in brackets, raised numbers and signs.

    A sign that is not raised calls a note only if a note has it, which the block alone does not tell.
    """
    found = {call.start: call for call in linked}
    taken = [(call.start, call.end) for call in linked]
    for match in _IN_BRACKETS.finditer(flow.text):
        if match.start() and not any(a < match.end() and match.start() < b for a, b in taken):
            found[match.start()] = FoundCall(*match.span(), int(match["n"]), "")
            taken.append(match.span())
    for start, end in flow.raised:
        bare = flow.text[start:end]
        raised = _RAISED.fullmatch(bare.strip())
        start += len(bare) - len(bare.lstrip())
        end -= len(bare) - len(bare.rstrip())
        is_exponent = flow.text[start - 1 : start].isdigit()
        if raised and start and not is_exponent and not any(a < end and start < b for a, b in taken):
            found[start] = FoundCall(start, end, *_value(raised["n"]))
    for call in calls_in(flow.text, form) if form else ():
        if call.start and not any(a < call.end and call.start < b for a, b in taken):
            found[call.start] = FoundCall(call.start, call.end, call.numbers[0], "")
            taken.append((call.start, call.end))
    for match in _SIGN_IN_TEXT.finditer(flow.text):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            found[match.start()] = FoundCall(*match.span(), 0, match["n"])
    return [_with_link(found[start], flow) for start in sorted(found)]


def _with_link(call: FoundCall, flow: Flow) -> FoundCall:
    """The call with the file and the anchor to which its link leads, if that is not in this page."""
    if call.target is not None:
        return call
    hrefs = (href for start, end, href in flow.links if start < call.end and call.start < end)
    path, _, fragment = next(hrefs, "").partition("#")
    name = unquote(path).rsplit("/", 1)[-1]
    return replace(call, leads=f"{name}#{unquote(fragment)}") if name and fragment else call


def without_call(flow: Flow) -> str:
    """The text of a block without raised signs at its end."""
    end = flow.raised[-1][0] if flow.raised and flow.raised[-1][1] >= len(flow.text) else len(flow.text)
    return flow.text[:end]


def number_of_note(text: str) -> tuple[int, str, int] | None:
    """Number and sign of the note that a text begins, and their length with what parts them from the body."""
    match = NUMBER.match(text[:_NEAR].translate(_LOW) + text[_NEAR:])
    return (*_value(match["n"]), match.end()) if match else None


def _value(mark: str) -> tuple[int, str]:
    return (int(mark), "") if mark.isdigit() else (0, mark)

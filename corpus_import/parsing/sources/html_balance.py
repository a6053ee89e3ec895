"""Counts the characters of a web page's text with a scanner that knows no nesting, to see whether a parser kept all.

It looks at each character once, whatever stands in the page; the standard library's parser needs minutes for a file of
comments that do not end.
"""

import re
from collections.abc import Iterator
from html import unescape

# Elements whose content is no markup.
RAW = frozenset({"script", "style", "noframes", "iframe", "textarea", "title", "xmp"})
_TAG = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_QUOTE_OR_END = re.compile(r"[\"'>]")


def characters_of(markup: str) -> int:
    """The characters of the text, white space aside."""
    return sum(len("".join(unescape(text).split())) for text in _texts(markup))


def ends_in_tag(markup: str) -> bool:
    """Whether a page ends inside a tag or a comment: it was cut off."""
    last = markup.rfind("<")
    if last < 0 or not (_TAG.match(markup, last) or markup.startswith(("<!--", "</"), last)):
        return False
    return markup.find("-->" if markup.startswith("<!--", last) else ">", last) < 0


def _texts(markup: str) -> Iterator[str]:
    at = 0
    missing: set[str] = set()  # what does not stand in the rest of the page: it is looked for once

    def find(what: str, start: int) -> int:
        if what in missing:
            return -1
        place = markup.find(what, start)
        if place < 0:
            missing.add(what)
        return place

    while at < len(markup):
        begin = markup.find("<", at)
        if begin < 0:
            yield markup[at:]
            return
        if begin > at:
            yield markup[at:begin]
        if markup.startswith("<!--", begin):
            end = find("-->", begin + 2)
            at = end + 3 if end >= 0 else len(markup)
            continue
        if markup.startswith(("<!", "<?"), begin):
            end = find(">", begin)
            at = end + 1 if end >= 0 else len(markup)
            continue
        tag = _TAG.match(markup, begin)
        if tag is None and markup.startswith("</", begin) and not markup.startswith("</ ", begin):
            end = find(">", begin)  # no tag, and no text
            at = end + 1 if end >= 0 else len(markup)
            continue
        if tag is None:
            yield "<"
            at = begin + 1
            continue
        at = tag.end()
        while True:
            sign = _QUOTE_OR_END.search(markup, at)
            if sign is None:
                return
            at = sign.end()
            if sign[0] == ">":
                break
            if markup[max(sign.start() - 20, tag.end()) : sign.start()].rstrip().endswith("="):
                end = find(sign[0], at)
                at = end + 1 if end >= 0 else at
        name = tag[1].lower()
        if name in RAW and markup[begin + 1] != "/":
            close = (
                re.compile(f"</{name}", re.IGNORECASE).search(markup, at)
                if f"</{name}" not in missing
                else None
            )
            if close is None:
                missing.add(f"</{name}")
                return
            at = close.start()

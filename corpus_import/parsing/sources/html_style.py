"""What the style of a web page says of an element, as far as it tells kinds of text apart.

Only plain selectors are understood (`p`, `.note`, `p.note`, `table.key td`), in the page's own style sheets and in
`style` attributes. What is not understood is ignored: style is one of several hints.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# At the beginning of a sheet: Chromium saves each with its @charset.
_WITHOUT_BLOCK = re.compile(r"@(?:charset|import|namespace|layer)\b[^;{}]{0,500};", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?:\.(?P<name>[\w-]+))?(?:#(?P<id>[\w-]+))?", re.IGNORECASE)
_LENGTH = re.compile(r"(-?\d*\.?\d+)")
_KNOWN = ("text-indent", "font-style", "font-weight", "text-align", "display", "visibility", "margin-left",
          "margin", "vertical-align", "font", "font-variant")  # fmt: skip
Simple = tuple[str, str, str]  # tag, class, id; each can be empty
# For the last part of a selector: the parts before it, and what the rule says.
Rules = Mapping[Simple, Sequence[tuple[tuple[Simple, ...], Mapping[str, str]]]]


@dataclass(frozen=True, slots=True)
class Look:
    """The style of an element; None where nothing is said and the element above decides."""

    indent: bool | None = None
    italic: bool | None = None
    bold: bool | None = None
    centred: bool | None = None
    inset: bool | None = None
    raised: bool | None = None
    hidden: bool = False


def read_rules(sheets: str) -> Rules:
    """The rules of style sheets, by the last part of their selectors."""
    rules: dict[Simple, list[tuple[tuple[Simple, ...], Mapping[str, str]]]] = {}
    for selectors, body in _RULE.findall(_WITHOUT_BLOCK.sub(" ", _COMMENT.sub(" ", sheets))):
        said = _declarations(body)
        if not said or "@" in selectors:
            continue
        for selector in selectors.split(","):
            parts = [_SELECTOR.fullmatch(part) for part in selector.replace(">", " ").split()]
            simple = [((m["tag"] or "").lower(), m["name"] or "", m["id"] or "") for m in parts if m]
            if simple and len(simple) == len(parts):
                rules.setdefault(simple[-1], []).append((tuple(simple[:-1]), said))
    return rules


def look_of(
    tag: str, attributes: Mapping[str, str], rules: Rules, above: Sequence[tuple[str, frozenset[str]]] = ()
) -> Look:
    """The look of an element; `above` are the tags and classes of the elements that hold it."""
    said: dict[str, str] = {}
    names = ["", *attributes.get("class", "").split()]
    for own_tag, own_id in (
        ("", ""),
        (tag, ""),
        ("", attributes.get("id", "")),
        (tag, attributes.get("id", "")),
    ):
        for name in names:
            for parts, declared in (
                rules.get((own_tag, name, own_id), ()) if own_tag or name or own_id else ()
            ):
                if all(any(_is_like(part, *each) for each in above) for part in parts):
                    said |= declared
    said |= _declarations(attributes.get("style", ""))
    if attributes.get("align"):
        said.setdefault("text-align", attributes["align"].lower())
    if not said and "hidden" not in attributes:
        return _PLAIN
    weight = said.get("font-weight", said.get("font", ""))
    slant = said.get("font-style", said.get("font", ""))
    margins = said.get("margin", "").split()
    left = said.get("margin-left") or (
        margins[3] if len(margins) == 4 else margins[1] if len(margins) > 1 else ""
    )
    return Look(
        indent=_is_long(said["text-indent"]) if "text-indent" in said else None,
        italic=("italic" in slant or "oblique" in slant) if slant else None,
        bold=("bold" in weight or weight[:1] in "6789") if weight else None,
        centred=said["text-align"] == "center" if "text-align" in said else None,
        inset=_is_long(left) if left else None,
        raised=said["vertical-align"] in ("super", "top", "text-top") if "vertical-align" in said else None,
        hidden=said.get("display") == "none" or said.get("visibility") == "hidden" or "hidden" in attributes,
    )


_PLAIN = Look()


def _is_like(part: Simple, tag: str, names: frozenset[str]) -> bool:
    return part[0] in ("", tag) and (not part[1] or part[1] in names) and not part[2]


def _declarations(body: str) -> dict[str, str]:
    said = {}
    for part in body.split(";"):
        name, colon, value = part.partition(":")
        if colon and name.strip().lower() in _KNOWN:
            said[name.strip().lower()] = value.replace("!important", "").strip().lower()
    return said


def _is_long(length: str) -> bool:
    """Whether a length is greater than nothing."""
    number = _LENGTH.search(length)
    return number is not None and float(number[1]) > 0

"""The paragraphs of a note: parted by an empty line; one that begins with “> ” is a quotation. Pure."""

import re

from reader.text import markup

PARTED = "\n\n"
QUOTED = "> "


def paragraphs_of(text: str) -> list[tuple[bool, str]]:
    """The paragraphs of a note's text, each with whether it is a quotation, without the sign for that."""
    parts = []
    for part in re.split(markup.EMPTY_LINE, text):
        if part.startswith(QUOTED):
            parts.append((True, part.removeprefix(QUOTED)))
        elif part.strip():
            parts.append((False, part))
    return parts


def as_imported(text: str) -> str:
    """A note's text as an import reads it: with the beginnings of pages, without calls and emphasis."""
    return PARTED.join(
        quoted(is_quotation, _without_emphasis(part)) for is_quotation, part in paragraphs_of(text)
    )


def quoted(is_quotation: bool, text: str) -> str:
    """A paragraph of a note in the inline markup, with the sign for a quotation if it is one."""
    if is_quotation:
        return f"{QUOTED}{text}"
    return f"\\{text}" if text.startswith(">") else text


def _without_emphasis(text: str) -> str:
    return markup.compose(
        markup.plain(text), (), [(page.offset, page.n) for page in markup.page_breaks(text)]
    )

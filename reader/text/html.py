"""Text made safe for HTML, and made visible."""

import html
import re
from collections.abc import Iterable

# Characters that HTML does not allow in a text; line ends and tabs are white space and stay.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
WHITE_SPACE = re.compile(r"[ \t]+")


def escape(text: str) -> str:
    """Text as HTML; what no HTML may hold is shown as U+FFFD."""
    return html.escape(permitted(text))


def permitted(text: str) -> str:
    """A text in which U+FFFD stands for what no HTML may hold. Not escaped."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r", " "))


def visible(text: str) -> str:
    """A text in which every character is seen: a control as its picture, any other without a shape by its number."""
    return "".join(c if c.isprintable() or c in "\t\n" else _picture(c) for c in text)


def numbered_lines(first: int, lines: Iterable[str]) -> str:
    """Lines of a witness as they came, for a <pre>: each knows its number, every run of white space is an element."""
    shown = (WHITE_SPACE.sub(r"<i>\g<0></i>", escape(visible(line))) for line in lines)
    return "\n".join(f'<span data-n="{n}">{line}</span>' for n, line in enumerate(shown, start=first))


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"⟨U+{code:04X}⟩"

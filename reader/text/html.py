"""Text made safe for HTML, and made visible."""

import html
import re
from collections.abc import Iterable

# Characters that HTML does not allow in a text; line ends and tabs are white space and stay.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
WHITE_SPACE = re.compile(r"[ \t]+")


class Html(str):
    """A string that is HTML: Django's templates and `format_html` show it as it stands.

    Joining, cutting or formatting it gives a plain string again. A template's filter for strings makes a plain string
    of it, too, which Django escapes: where a template uses one of these filters, give it a SafeString.
    """

    __slots__ = ()

    def __html__(self) -> str:
        """The string itself, by the convention that Django shares with Jinja."""
        return self


def escape(text: str) -> Html:
    """A text as HTML; characters that HTML does not allow are shown as U+FFFD."""
    return Html(html.escape(permitted(text)))


def permitted(text: str) -> str:
    """A text with U+FFFD for each character that HTML does not allow. Not escaped."""
    if text.isprintable():  # nearly all text is printable, and this test takes half the time
        return text
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r", " "))


def visible(text: str) -> str:
    """A text with every character visible: a control as its picture, others without a shape by their number."""
    return "".join(c if c.isprintable() or c in "\t\n" else _picture(c) for c in text)


def numbered_lines(first: int, lines: Iterable[str]) -> Html:
    """Lines of a witness, unchanged, for a <pre>: each with its number, every run of white space as an element."""
    shown = (WHITE_SPACE.sub(r"<i>\g<0></i>", escape(visible(line))) for line in lines)
    spans = (f'<span data-n="{n}">{line}</span>' for n, line in enumerate(shown, start=first))
    return Html("\n".join(spans))


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"⟨U+{code:04X}⟩"

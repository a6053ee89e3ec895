"""Text made safe for HTML, and made visible."""

import html
import re
from collections.abc import Iterable

# Characters that HTML does not allow in a text; line ends and tabs are white space and stay.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
WHITE_SPACE = re.compile(r"[ \t]+")


class Html(str):
    """A string that is HTML: Django's templates and `format_html` show it as it stands.

    What is joined, cut or formatted from it is a plain string again. A template's filter for strings makes a plain
    string of it, too, and Django escapes that: where such a filter is used, give the template a SafeString.
    """

    __slots__ = ()

    def __html__(self) -> str:
        """Itself, by the convention that Django shares with Jinja."""
        return self


def escape(text: str) -> Html:
    """Text as HTML; what no HTML may hold is shown as U+FFFD."""
    return Html(html.escape(permitted(text)))


def permitted(text: str) -> str:
    """A text in which U+FFFD stands for what no HTML may hold. Not escaped."""
    if text.isprintable():  # nearly all text is, and this is told in half the time
        return text
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r", " "))


def visible(text: str) -> str:
    """A text in which every character is seen: a control as its picture, any other without a shape by its number."""
    return "".join(c if c.isprintable() or c in "\t\n" else _picture(c) for c in text)


def numbered_lines(first: int, lines: Iterable[str]) -> Html:
    """Lines of a witness as they came, for a <pre>: each knows its number, every run of white space is an element."""
    shown = (WHITE_SPACE.sub(r"<i>\g<0></i>", escape(visible(line))) for line in lines)
    spans = (f'<span data-n="{n}">{line}</span>' for n, line in enumerate(shown, start=first))
    return Html("\n".join(spans))


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"⟨U+{code:04X}⟩"

"""A reader's report of a fault: a link to a prepared letter, since the public side writes nothing (RFC 6068)."""

import unicodedata
from urllib.parse import quote

from django.utils.translation import gettext

from reader.models import Note, Paragraph
from reader.text import markup
from reader.text.sentences import shorten

# Characters of a title and of a paragraph's first words: some mail programs cut an address after 2,000.
TITLE, WORDS = 80, 100


def report_link(
    to: str, text: Paragraph | Note, *, title: str, revision: int, pages: tuple[str, str] | None, url: str
) -> str:
    """The address of a letter about a text, in the reader's language; empty if `to` is empty."""
    if not to:
        return ""
    first, last = pages or ("", "")
    subject = ", ".join(
        filter(
            None,
            (
                _on_one_line(title, TITLE),
                _name_of(text),
                _pages_in_words(first, last) if first else "",
                gettext("revision %(n)s") % {"n": revision},
            ),
        )
    )
    asked = gettext("What is wrong, and what should it say?")
    body = f"{url}\r\n\r\n“{_on_one_line(markup.plain(text.text), WORDS)}”\r\n\r\n{asked}\r\n\r\n"
    return f"mailto:{quote(to, safe='@')}?subject={_encoded(subject)}&body={_encoded(body)}"


def _name_of(text: Paragraph | Note) -> str:
    if isinstance(text, Paragraph):
        return gettext("paragraph %(number)s") % {"number": text.number}
    if text.n is None:
        return gettext("fragment of a note")
    return gettext("note %(number)s") % {"number": text.n}


def _pages_in_words(first: str, last: str) -> str:
    if first == last:
        return gettext("p. %(page)s") % {"page": first}
    return gettext("pp. %(pages)s") % {"pages": f"{first}–{last}"}


def _on_one_line(text: str, width: int) -> str:
    """The beginning of a text on one line, without invisible characters."""
    seen = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    return shorten(seen, width)


def _encoded(text: str) -> str:
    return quote(text, safe="")

"""Texts as their chapter shows them, without terms, and with links that lead nowhere: for the screens of correctors."""

import re
from collections.abc import Iterable

from django.utils.safestring import SafeString

from reader.edition.contents import safe
from reader.text import markup, rendering

WAYS = re.compile(r' (?:href|id|tabindex|role|aria-label(?:ledby)?)="[^"]*"')
ADDRESS = re.compile(r'<a class="at"[^>]*></a>')


def rendered_head(head: str) -> SafeString:
    """A head as its chapter shows it."""
    return safe(f"<h2>{rendering.heading(head)}</h2>")


def rendered_note(text: str, numbers: Iterable[int] | None = None) -> SafeString:
    """A note as its chapter shows it, without its number. `numbers` are the notes of the chapter: None for all."""
    section = rendering.Section(slug="", n="", head="")
    # With a number that no text can call.
    alone = [rendering.NoteBlock(0, 0, text)]
    html: str = rendering.render_chapter(section, [*_notes(text, numbers), *alone]).notes
    return _without_ways(html[html.index('value="0">') + len('value="0">') : html.rindex("</li>")])


def rendered_paragraph(
    kind: str, text: str, numbers: Iterable[int] | None = None, *, continues: bool = False, number: int = 0
) -> SafeString:
    """A paragraph as its chapter shows it. `numbers` are the notes of the chapter: None for all."""
    block = rendering.Block(number, kind, text, continues)
    section = rendering.Section(slug="", n="", head="", blocks=[block])
    return _without_ways(rendering.render_chapter(section, _notes(text, numbers)).body)


def _notes(text: str, numbers: Iterable[int] | None) -> list[rendering.NoteBlock]:
    known = {call.n for call in markup.calls(text)} if numbers is None else numbers
    return [rendering.NoteBlock(n, 0, "") for n in known]


def _without_ways(html: str) -> SafeString:
    return safe(WAYS.sub("", ADDRESS.sub("", html)))

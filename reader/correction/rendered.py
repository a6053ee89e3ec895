"""Texts as their chapter shows them, without terms, and with links to their suspects only: for correctors' screens.

`language` is the volume's: by its rules a page is typeset.
"""

import re
from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString

from reader.edition.contents import safe
from reader.text import markup, rendering

# Neither ids nor links are needed, but to suspects.
WAYS = re.compile(r' (?:href(?!="#suspect-)|id|tabindex|role|aria-label(?:ledby)?)="[^"]*"')
ADDRESS = re.compile(r' ?<a class="at"[^>]*></a>')


def rendered_head(head: str, language: str) -> SafeString:
    """A head as its chapter shows it."""
    return safe(f"<h2>{rendering.heading(head, language)}</h2>")


def rendered_note(
    text: str, language: str, numbers: Iterable[int] | None = None, marks: Sequence[rendering.DoubtSpan] = ()
) -> SafeString:
    """A note as its chapter shows it, without its number. `numbers` are the notes of the chapter: None for all."""
    section = rendering.Section(slug="", n="", head="")
    # With a number that no text can call.
    alone = [rendering.NoteBlock(0, 0, text, marks)]
    html: str = rendering.render_chapter(section, [*_notes(text, numbers), *alone], language=language).notes
    return _without_ways(html[html.index('value="0">') + len('value="0">') : html.rindex("</li>")])


def rendered_paragraph(
    kind: str,
    text: str,
    language: str,
    numbers: Iterable[int] | None = None,
    *,
    continues: bool = False,
    number: int = 0,
    marks: Sequence[rendering.DoubtSpan] = (),
) -> SafeString:
    """A paragraph as its chapter shows it. `numbers` are the notes of the chapter: None for all."""
    block = rendering.Block(number, kind, text, continues, marks)
    section = rendering.Section(slug="", n="", head="", blocks=[block])
    return _without_ways(rendering.render_chapter(section, _notes(text, numbers), language=language).body)


def _notes(text: str, numbers: Iterable[int] | None) -> list[rendering.NoteBlock]:
    known = {call.n for call in markup.calls(text)} if numbers is None else numbers
    return [rendering.NoteBlock(n, 0, "") for n in known]


def _without_ways(html: str) -> SafeString:
    return safe(WAYS.sub("", ADDRESS.sub("", html)))

"""HTML that pure code makes, shown by Django as it stands."""

from typing import assert_type

import pytest
from django.template import Context, Template
from django.utils.html import format_html

from reader.search.snippets import marked, sentence_around, sentence_with_call
from reader.text.html import Html, escape, numbered_lines
from reader.text.rendering import Block, NoteBlock, Section, heading, render_chapter
from reader.text.sentences import marked_sentence, snippet

HOSTILE = "<b>Coal & iron</b>"


def shown(value: object) -> str:
    return Template("{{ value }}").render(Context({"value": value}))


def test_a_template_shows_html_as_it_stands() -> None:
    assert shown(Html("<em>a</em>")) == "<em>a</em>"


def test_format_html_takes_html_as_it_stands() -> None:
    assert format_html("<p>{}</p>", Html("<em>a</em>")) == "<p><em>a</em></p>"


def test_what_is_joined_from_html_is_a_plain_string() -> None:
    assert shown(Html("<em>") + "<script>") == "&lt;em&gt;&lt;script&gt;"


def test_what_is_cut_from_html_is_a_plain_string() -> None:
    assert shown(Html("<em>a</em>")[:4]) == "&lt;em&gt;"


def test_text_is_escaped_once() -> None:
    assert shown(escape(HOSTILE)) == "&lt;b&gt;Coal &amp; iron&lt;/b&gt;"


RENDERED = render_chapter(
    Section("one", "", HOSTILE, blocks=[Block(1, "prose", f"{HOSTILE}[^1]")]), [NoteBlock(1, 0, HOSTILE)]
)


@pytest.mark.parametrize(
    "html",
    [
        heading(f"*{HOSTILE}*"),
        RENDERED.head,
        RENDERED.body,
        RENDERED.notes,
        snippet(HOSTILE, 3, 7),
        marked_sentence(HOSTILE, [(3, 7)]),
        marked(HOSTILE, [(3, 7)]),
        sentence_around(HOSTILE, [(3, 7)]),
        sentence_around(HOSTILE, []),
        sentence_with_call(HOSTILE, 7, 12),
        numbered_lines(1, [HOSTILE]),
    ],
)
def test_all_that_is_made_as_html_is_html_with_its_text_escaped(html: Html) -> None:
    assert_type(html, Html)
    assert isinstance(html, Html)
    assert "<b>" not in html
    assert shown(html) == html

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text import markup, rendering
from reader.text.addresses import ON_CHAPTER, ON_NOTE, Addresses, call_id, on_paragraph
from reader.text.html import escape
from reader.text.rendering import (
    Block,
    ItalicSpan,
    LinkSpan,
    MarkSpan,
    NoteBlock,
    ReferenceSpan,
    Section,
    TermSpan,
    render_chapter,
    render_head,
    render_text,
)
from reader.text.sentences import sentence_parts, shorten, snippet


def chapter(*texts: str, **values: object) -> Section:
    blocks = [Block(at, "prose", text) for at, text in enumerate(texts, 1)]
    return Section(**{"slug": "one", "n": "1", "head": "The plan", "blocks": blocks, **values})  # type: ignore[arg-type]


class Reading(HTMLParser):
    """Reads the text, the tags still open at the end of the page, the ids, and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.open, self.ids, self.tags = "", [], [], []  # type: ignore[var-annotated]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def address(number: int) -> str:
    return f'<a class="at" href="../paragraph/{number}/" aria-label="paragraph {number}"></a>'


def test_a_paragraph_has_its_number_as_id_and_ends_with_a_link_to_its_address() -> None:
    assert render_chapter(chapter("Some words."), []).body == f'<p id="p1">Some words.{address(1)}</p>'


def test_the_link_to_an_address_adds_no_text() -> None:
    blocks = [Block(1, "prose", "A."), Block(2, "quotation", "B."), Block(3, "table", "C  D")]

    body = render_chapter(chapter(blocks=[*blocks, Block(4, "table", "| E | F")]), []).body

    assert [body.count(address(number)) for number in (1, 2, 3, 4)] == [1, 1, 1, 1]
    assert Reading(body).text.split() == ["A.", "B.", "C", "D", "EF"]


def test_a_paragraph_that_goes_on_after_a_quotation_says_so() -> None:
    section = chapter(blocks=[Block(4, "prose", "and on", continues=True)])

    assert render_chapter(section, []).body == f'<p id="p4" class="continued">and on{address(4)}</p>'


def test_a_quotation_alone_has_its_id_on_the_blockquote() -> None:
    section = chapter(blocks=[Block(3, "quotation", "They say.")])

    assert (
        render_chapter(section, []).body == f'<blockquote id="p3"><p>They say.{address(3)}</p></blockquote>'
    )


def test_quotations_in_a_row_are_one_blockquote() -> None:
    section = chapter(
        blocks=[Block(3, "quotation", "A."), Block(4, "quotation", "B."), Block(5, "prose", "C.")]
    )

    body = render_chapter(section, []).body.replace("\n", "")

    assert body == (
        f'<blockquote><p id="p3">A.{address(3)}</p><p id="p4">B.{address(4)}</p></blockquote>'
        f'<p id="p5">C.{address(5)}</p>'
    )


def test_a_table_keeps_its_first_line_end_and_has_no_links() -> None:
    table = Block(2, "table", "\n NEP  1\n", links=[TermSpan(2, 5, "nep")])

    body = render_chapter(chapter(blocks=[table]), []).body

    assert body.startswith('<div id="p2" class="lines"><pre tabindex="0"')
    assert f">\n\n NEP  1\n</pre>{address(2)}</div>" in body


NOTATION = """\
^ Table 3.  Output of coal
^ (million tons)[^4]
! Trust | 1924 | {p. 9}1925 | Remarks
| Heavy industry
| Donbass | 12.1 | 13.4[^4] | wet
{p. 10}| Urals \\| Kuzbass | | 2.0 | <dry>
_ Source: the *trusts*.
"""


def rendered_table(text: str) -> str:
    notes = [NoteBlock(4, 0, "Wet.")]
    return render_chapter(chapter(blocks=[Block(2, "table", text)]), notes).body.replace("\n", "")


def test_a_table_has_a_caption_headings_and_rows_that_say_what_they_head() -> None:
    body = rendered_table(NOTATION)

    assert body.startswith(
        '<figure id="p2" class="table"><div role="region" tabindex="0" aria-labelledby="caption-2">'
    )
    assert '<caption id="caption-2">Table 3.  Output of coal (million tons)<a id="r4" class="noteref"' in body
    assert '<tr><th scope="col" class="words">Trust</th><th scope="col">1924</th>' in body
    assert '<th scope="col" class="words">Remarks</th></tr></thead>' in body
    assert '<tbody><tr><th scope="rowgroup" colspan="4">Heavy industry</th></tr>' in body
    assert '<tr><th scope="row">Donbass</th><td>12.1</td><td>13.4<a id="r4-2"' in body
    assert body.endswith(f"</table></div><p>Source: the <em>trusts</em>.</p>{address(2)}</figure>")


def test_a_table_s_cells_are_text_and_never_markup() -> None:
    body = rendered_table(NOTATION)

    assert '<td class="words">&lt;dry&gt;</td>' in body
    assert "Urals | Kuzbass</th><td></td><td>" in body


def test_pages_begin_inside_a_table() -> None:
    body = rendered_table(NOTATION)

    assert re.search(r'<th scope="col"><span id="page-9" class="pagebreak"[^>]*></span>1925</th>', body)
    assert re.search(r'<th scope="row"><span id="page-10" class="pagebreak"[^>]*></span>Urals', body)


def test_a_table_with_a_row_that_is_no_row_keeps_its_lines() -> None:
    body = rendered_table(NOTATION + "Donbass  1  2\n")

    assert body.startswith('<div id="p2" class="lines"><pre ')
    assert "| Heavy industry| Donbass | 12.1" in body


def test_a_table_without_a_caption_has_a_name_all_the_same() -> None:
    assert 'tabindex="0" aria-label="table">' in rendered_table("| 1924 | 12.1\n| 1925 | 13.4")


def test_a_table_of_one_column_has_no_cell_that_stands_over_others() -> None:
    body = rendered_table("! Trust\n| Coal\n| Iron")

    assert '<tr><th scope="col" class="words">Trust</th></tr>' in body
    assert '<tr><th scope="row">Coal</th></tr>' in body


@given(st.lists(st.text(alphabet="|!^_\\\\ ab1*{p. }[^2]\n", max_size=12), max_size=8))
def test_any_table_is_whole_html_and_loses_no_letter(lines: list[str]) -> None:
    text = "\n".join(lines)

    reading = Reading(render_chapter(chapter(blocks=[Block(2, "table", text)]), []).body)

    assert reading.open == []
    assert len(reading.ids) == len(set(reading.ids))
    letters = [c for c in markup.plain(text) if c in "ab"]
    assert [c for c in reading.text if c in "ab"] == letters


def test_the_plain_text_of_a_table_has_its_words_and_figures() -> None:
    words = re.findall(r"[^\W_]+(?:\.\d+)?", markup.plain(NOTATION))

    assert words[:6] == ["Table", "3", "Output", "of", "coal", "million"]
    assert {"Donbass", "12.1", "13.4", "trusts"} <= set(words)


def test_a_call_links_to_its_note_and_the_note_back() -> None:
    rendered = render_chapter(chapter("A plan[^12]."), [NoteBlock(12, 0, "On plans.")])

    assert (
        '<a id="r12" class="noteref" role="doc-noteref" href="#n12" aria-label="note 12">12</a>'
        in rendered.body
    )
    assert '<li id="n12" value="12"><p>On plans. <a class="backlink"' in rendered.notes
    assert 'href="#r12"' in rendered.notes
    assert ">↩</a>" in rendered.notes
    assert rendered.notes.endswith(
        ' <a class="at" href="note/12/" aria-label="address of note 12"></a></p></li>\n</ol></section>'
    )


def test_a_note_called_twice_has_two_back_links() -> None:
    rendered = render_chapter(chapter("One[^1].", "Two[^1]."), [NoteBlock(1, 0, "N.")])

    assert Reading(rendered.body).ids == ["p1", "r1", "p2", "r1-2"]
    assert re.findall(r'href="#(r[\d-]+)"[^>]*>(\S+?)<', rendered.notes) == [("r1", "↩a"), ("r1-2", "↩b")]


def test_a_note_shows_the_number_that_the_source_prints() -> None:
    rendered = render_chapter(chapter("A plan[^3]."), [NoteBlock(3, 0, "On plans.", mark="1")])

    assert 'href="#n3" aria-label="note 1">1</a>' in rendered.body
    assert '<li id="n3" value="1"><p>On plans.' in rendered.notes
    assert 'href="#r3"' in rendered.notes


def test_a_note_with_a_sign_shows_the_sign() -> None:
    rendered = render_chapter(chapter("A plan[^3]."), [NoteBlock(3, 0, "On plans.", mark="*")])

    assert 'href="#n3" aria-label="note *">*</a>' in rendered.body
    assert '<li id="n3" class="fragment"><p>* On plans.' in rendered.notes


def test_a_note_whose_number_is_inferred_says_so() -> None:
    notes = render_chapter(chapter("A plan[^3]."), [NoteBlock(3, 0, "On plans.", inferred=True)]).notes

    assert (
        '<li id="n3" value="3"><p><span class="fragment-label">The number of this note is inferred:' in notes
    )


def test_calls_are_counted_over_the_head_the_sections_and_the_notes() -> None:
    section = Section("one-i", "I.", "The VSNKh[^1]", blocks=[Block(2, "prose", "b[^1]")])

    rendered = render_chapter(
        chapter("a[^1]", head="Plans[^1]", sections=[section]),
        [NoteBlock(1, 0, "N."), NoteBlock(2, 1, "See[^1].")],
    )

    ids = Reading(rendered.head + rendered.body + rendered.notes).ids
    assert [name for name in ids if name and name.startswith("r")] == ["r1", "r1-2", "r1-3", "r1-4", "r1-5"]
    assert rendered.notes.count('role="doc-backlink"') == 5


def test_a_missing_note_says_so_and_is_no_link() -> None:
    body = render_chapter(chapter("A plan[^12]."), []).body

    assert '<span id="r12" class="noteref missing" role="note" tabindex="0"' in body
    assert 'title="Note 12 is not in the source">12</span>' in body
    assert "#n12" not in body


def test_a_note_that_nothing_calls_has_no_way_back() -> None:
    assert "doc-backlink" not in render_chapter(chapter("A plan."), [NoteBlock(1, 0, "N.")]).notes


def test_a_fragment_has_no_number_and_says_what_it_is() -> None:
    notes = render_chapter(chapter("A."), [NoteBlock(None, 3, "the rest of a note")]).notes

    assert '<li id="n-fragment-3" class="fragment"><p><span class="fragment-label">' in notes
    assert "value=" not in notes


def test_a_chapter_without_notes_has_no_notes() -> None:
    assert render_chapter(chapter("A."), []).notes == ""


def test_a_note_has_paragraphs_and_quotations() -> None:
    notes = render_chapter(chapter("a[^1]"), [NoteBlock(1, 0, "A.\n\n> *B*.\n \n> C.\n\n\\> D.")]).notes

    assert "<p>A.</p><blockquote><p><em>B</em>.</p><p>C.</p></blockquote><p>&gt; D. <a" in notes


def test_a_term_is_linked_at_its_place_in_any_paragraph_of_a_note() -> None:
    text = "A *b*[^1] NEP.\n\n> Of c\\*d NEP and STO."
    plain = markup.plain(text)
    spans = [
        TermSpan(plain.index("NEP"), plain.index("NEP") + 3, "nep"),
        TermSpan(plain.index("STO"), plain.index("STO") + 3, "sto"),
    ]

    notes = render_chapter(chapter("a[^1]"), [NoteBlock(1, 0, text, spans)]).notes

    assert '<a class="t" href="../glossary/nep/">NEP</a>.' in notes
    assert '<a class="t" href="../glossary/sto/">STO</a>.' in notes


def links(text: str, *found: tuple[str, int | None] | str) -> list[TermSpan]:
    """Spans of these forms, one after another; a form with a number has the sense with that number."""
    plain, at, spans = markup.plain(text), 0, []
    for each in found:
        form, sense = (each, None) if isinstance(each, str) else each
        at = plain.index(form, at)
        spans.append(TermSpan(at, at + len(form), form.lower(), sense))
        at += len(form)
    return spans


def linked(text: str, *found: tuple[str, int | None] | str) -> str:
    """The body of a chapter of one paragraph with these terms."""
    return render_chapter(chapter(blocks=[Block(1, "prose", text, links=links(text, *found))]), []).body


def test_the_first_occurrence_in_a_paragraph_is_a_link_and_others_can_be_one() -> None:
    section = chapter(blocks=[Block(1, "prose", "NEP, NEP", links=links("NEP, NEP", "NEP", "NEP"))])

    rendered = render_chapter(section, [])

    assert rendered.body == (
        f'<p id="p1"><a class="t" href="../glossary/nep/">NEP</a>, <a data-t="nep/">NEP</a>{address(1)}</p>'
    )
    assert rendered.terms == {"nep"}


def test_the_first_occurrence_in_a_section_or_a_note_is_told_apart() -> None:
    def block(number: int) -> Block:
        return Block(number, "prose", "NEP", links=[TermSpan(0, 3, "nep")])

    inner = Section("a", "", "Head", blocks=[block(3), block(4)])
    note = "NEP\n\nNEP"
    rendered = render_chapter(
        chapter(blocks=[block(1), block(2)], sections=[inner]),
        [NoteBlock(n, n, note, links(note, "NEP", "NEP")) for n in (1, 2)],
    )

    classes = re.findall(r'<a class="(t[a-z ]*)"', rendered.body)
    in_notes = re.findall(r'<a class="(t[a-z ]*)"', rendered.notes)

    assert classes == ["t", "t again", "t", "t again"]
    assert in_notes == ["t", "t again", "t", "t again"]


def test_each_settled_sense_has_its_own_link_and_its_own_first_occurrence() -> None:
    text = "CC and CC, then CC, CC."

    body = linked(text, ("CC", 1), ("CC", 2), "CC", ("CC", 2))

    assert re.findall(r'<a class="t" href="\.\./glossary/([^"]*)"', body) == [
        "cc/#sense-1",
        "cc/#sense-2",
        "cc/",
    ]
    assert '<a data-t="cc/#sense-2">CC</a>' in body


def test_a_term_in_emphasis_is_linked_inside_it() -> None:
    assert '<em>The <a class="t" href="../glossary/nep/">NEP</a> today</em>' in linked(
        "See *The NEP today*, p. 4.", "NEP"
    )


@pytest.mark.parametrize("text", ["N*EP*", "*N*EP", "*N*E*P*", "N[^1]EP", "N*{p. 4}EP*"])
def test_a_term_that_markup_cuts_is_not_linked(text: str) -> None:
    rendered = render_chapter(chapter(blocks=[Block(1, "prose", text, links=[TermSpan(0, 3, "nep")])]), [])

    assert 'class="t' not in rendered.body
    assert rendered.terms == frozenset()


def test_after_a_term_that_markup_cuts_the_next_is_the_first() -> None:
    assert '</em>, <a class="t" href="../glossary/nep/">NEP</a>' in linked("N*EP*, NEP", "NEP", "NEP")


TERM_LINK = re.compile(r'<a (?:class="t(?: again)?" href="\.\./glossary/[^"]*"|data-t="[^"]*")>([^<]*)</a>')


@given(
    st.text(st.sampled_from("ab <&*[^1]{p. 4}\\\n"), max_size=60),
    st.lists(st.integers(0, 60), max_size=8, unique=True).map(sorted),
    st.lists(st.sampled_from([None, 1, 2]), min_size=4, max_size=4),
    st.booleans(),
)
def test_links_never_change_the_text_never_nest_and_never_cross_markup(
    text: str, edges: list[int], senses: list[int | None], is_reference: bool
) -> None:
    length = len(markup.plain(text))
    found: list[LinkSpan] = [
        TermSpan(start, end, "ab"[k % 2], sense)
        for k, (start, end, sense) in enumerate(zip(edges[::2], edges[1::2], senses, strict=False))
        if end <= length
    ]
    if is_reference and found:
        found[0] = ReferenceSpan(found[0].start, found[0].end, "../chapter-2/")
    notes = [NoteBlock(1, 0, text, found)]

    rendered = render_chapter(chapter(blocks=[Block(1, "prose", text, links=found)]), notes)

    bare = render_chapter(chapter(text), [NoteBlock(1, 0, text)])
    for html, without in ((rendered.body, bare.body), (rendered.notes, bare.notes)):
        # Links hold only text; without the links, the body equals a body without terms.
        assert TERM_LINK.sub(r"\1", re.sub(r'<a class="ref"[^>]*>([^<]*)</a>', r"\1", html)) == without


def test_sections_are_anchors_with_headings_one_level_deeper() -> None:
    inner = Section("one-i-a", "(a)", "The *plan*", blocks=[Block(2, "prose", "b")])
    section = Section("one-i", "I.", "The VSNKh", pages=["44"], sections=[inner])

    body = render_chapter(chapter("a", sections=[section]), []).body

    assert '<section id="one-i" aria-labelledby="h-one-i">\n<span id="page-44"' in body
    assert '<h2 id="h-one-i"><span class="n">I.</span> The VSNKh</h2>' in body
    assert '<h3 id="h-one-i-a"><span class="n">(a)</span> The <em>plan</em></h3>' in body


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("trans{p. 42}formation", "transformation|"),
        ("de{p. 42}veloping land", "developing| land"),
        ("*de{p. 42}veloping* land", "<em>developing|</em> land"),
        ("Rabsel{p. 42}'kor's pen", "Rabsel&#x27;kor&#x27;s| pen"),
        ("land {p. 42}and", "land |and"),
        ("land-{p. 42}and", "land-|and"),
        ("19{p. 42}27.", "1927|."),
        ("land{p. 42} and", "land| and"),
    ],
)
def test_a_page_that_turns_inside_a_word_is_marked_after_the_word(text: str, shown: str) -> None:
    body = render_chapter(chapter(text), []).body

    mark = '<span id="page-42" class="pagebreak" role="doc-pagebreak" title="page 42" data-n="42"></span>'
    assert body == f'<p id="p1">{shown.replace("|", mark)}{address(1)}</p>'


def test_the_call_of_a_word_in_which_a_page_turns_stays_with_the_word() -> None:
    body = render_chapter(chapter("de{p. 42}veloping[^1] land"), []).body

    assert body.index("developing") < body.index('id="r1"') < body.index('id="page-42"') < body.index(" land")


def test_a_term_in_which_a_page_turns_is_linked_whole() -> None:
    block = Block(1, "prose", "The N{p. 4}EP went.", links=[TermSpan(4, 7, "nep")])

    assert ">NEP</a><span" in render_chapter(chapter(blocks=[block]), []).body


def test_a_page_that_begins_twice_has_one_id() -> None:
    assert Reading(render_chapter(chapter("a{p. 4}b{p. 4}c"), []).body).ids == ["p1", "page-4"]


def test_text_is_never_markup() -> None:
    body = render_chapter(chapter('<script>alert(1)</script> &amp; \x00\x1b\x85 {p. "><b>}'), []).body

    assert Reading(body).tags == ["p", "span", "a"]
    assert "&lt;script&gt;" in body
    assert "&amp;amp;" in body
    assert "\x00" not in body
    assert body.count("\N{REPLACEMENT CHARACTER}") == 3


@given(st.text(st.sampled_from("ab <>&\"'*[^1]{p. 4}\\\n\x07"), max_size=80))
def test_any_text_is_well_formed_html_that_reads_the_same(text: str) -> None:
    rendered = render_chapter(chapter(text), [NoteBlock(1, 0, text)])

    body, notes = Reading(rendered.body), Reading(rendered.notes)

    assert body.open == notes.open == []
    ids = body.ids + notes.ids
    assert len(ids) == len(set(ids))
    without_calls = re.sub(r'<(a|span) id="r.*?</\1>', "", rendered.body)
    assert Reading(without_calls).text == markup.plain(text).replace("\x07", "\N{REPLACEMENT CHARACTER}")


def test_a_heading_in_a_list_has_emphasis_and_no_calls() -> None:
    assert (
        rendering.heading("The *new*[^3] plan{p. 4} & <all>[^4]") == "The <em>new</em> plan &amp; &lt;all&gt;"
    )


def test_a_snippet_is_the_sentence_with_its_term_marked() -> None:
    text = "It began. In 1921 the NEP <came>, in no. 12 of it. Then it ended."

    assert snippet(text, text.index("NEP"), text.index("NEP") + 3) == (
        "In 1921 the <mark>NEP</mark> &lt;came&gt;, in no. 12 of it."
    )


def test_initials_end_no_sentence() -> None:
    text = "It began. So N. Osinsky, A.S. Bubnov and V. Smirnov said of the N.E.P. In 1921 it came. It ended."

    assert snippet(text, text.index("Smirnov"), text.index("Smirnov") + 7) == (
        "So N. Osinsky, A.S. Bubnov and V. <mark>Smirnov</mark> said of the N.E.P."
    )


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "word " * 100 + "NEP" + " word" * 100

    shown = snippet(text, 500, 503)

    assert shown.startswith("…word")
    assert shown.endswith("word…")
    assert len(shown) < 320


@given(
    st.lists(st.sampled_from(["Word", "word", " ", "  ", ". ", "\n", "é" * 30]), max_size=60).map("".join),
    st.data(),
)
def test_the_parts_of_a_sentence_are_what_is_shown_around_the_mark(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    before, after = sentence_parts(text, start, end - start)

    marked = f"{escape(before)}<mark>{escape(text[start:end])}</mark>{escape(after)}"
    assert marked == snippet(text, start, end)


def test_a_description_is_cut_between_words() -> None:
    assert shorten("word " * 100) == "word " * 31 + "word…"
    assert shorten("  Few\n words ") == "Few words"
    assert len(shorten("x" * 10_000)) == 160


def test_the_address_of_a_note_says_where_the_note_stands_and_is_called() -> None:
    notes = [NoteBlock(12, 0, "On plans.", place="p. [90], called on p. 18"), NoteBlock(None, 1, "A piece.")]

    rendered = render_chapter(chapter("A plan[^12]."), notes)

    assert 'aria-label="address of note 12" title="p. [90], called on p. 18"></a></p></li>' in rendered.notes
    assert rendered.notes.count('class="at"') == 1


def test_a_page_that_is_inferred_stands_in_brackets() -> None:
    body = render_chapter(chapter("One {p. 42}two {p. 43}three."), [], inferred=["42", "7"]).body

    assert re.findall(
        r'id="([^"]*)" class="pagebreak" role="doc-pagebreak" title="([^"]*)" data-n="([^"]*)"', body
    ) == [
        ("page-42", "page 42, inferred", "[42]"),
        ("page-43", "page 43", "43"),
    ]


class InABook:
    """Addresses as a book of several files has them."""

    def paragraph(self, number: int) -> str:
        return f"paragraphs.xhtml?a&b#p{number}"

    def term(self, entry: str) -> str:
        return f"glossary.xhtml#{entry}"

    def note(self, n: int) -> str:
        return f"notes.xhtml#n{n}"

    def call(self, n: int, call: int) -> str:
        return f"chapter.xhtml#{call_id(n, call)}"

    def note_page(self, n: int) -> str:
        return f"notes.xhtml#address-{n}"


def hrefs(addresses: Addresses) -> list[str]:
    text = "NEP[^1] and NEP[^1]"
    block = Block(1, "prose", text, links=links(text.replace("[^1]", ""), ("NEP", 2)))
    notes = [NoteBlock(1, 0, "On the NEP.")]
    rendered = render_chapter(chapter(blocks=[block]), notes, addresses)
    return re.findall(r'href="([^"]*)"', rendered.body + rendered.notes)


def test_links_lead_where_the_addresses_say() -> None:
    assert hrefs(InABook()) == [
        "glossary.xhtml#nep/#sense-2",
        "notes.xhtml#n1",
        "notes.xhtml#n1",
        "paragraphs.xhtml?a&amp;b#p1",
        "chapter.xhtml#r1",
        "chapter.xhtml#r1-2",
        "notes.xhtml#address-1",
    ]


def test_a_paragraph_s_own_page_stands_one_level_below_its_chapter_s() -> None:
    *others, address = [href.replace("../", "../../") for href in hrefs(ON_CHAPTER)]

    assert hrefs(on_paragraph("one")) == [*others, f"../../one/{address}"]


def test_a_note_s_own_page_stands_two_levels_below_its_chapter_s() -> None:
    *others, address = [href.replace("../", "../../../") for href in hrefs(ON_CHAPTER)]

    assert hrefs(ON_NOTE) == [*others, f"../../{address}"]


def test_on_a_chapter_s_page_links_lead_to_the_volume_and_to_the_page_itself() -> None:
    assert hrefs(ON_CHAPTER) == [
        "../glossary/nep/#sense-2",
        "#n1",
        "#n1",
        "../paragraph/1/",
        "#r1",
        "#r1-2",
        "note/1/",
    ]


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("x" * 140, "x" * 140),
        ("y" + "x" * 140, "…" + "x" * 140),
        ("a " + "x" * 139, "…" + "x" * 139),
        ("It ended. So " + "x" * 127, "So " + "x" * 127),
    ],
)
def test_before_its_mark_a_sentence_is_cut_at_140_characters(before: str, shown: str) -> None:
    assert sentence_parts(before + "NEP", len(before), 3) == (shown, "")


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        ("x" * 140, "x" * 140),
        ("x" * 141, "…"),
        (" xx" + "x" * 136 + " z", " xx" + "x" * 136 + "…"),
        ("x. It began again." + "x" * 140, "x."),
    ],
)
def test_after_its_mark_a_sentence_is_cut_at_140_characters(after: str, shown: str) -> None:
    assert sentence_parts(f"NEP{after}", 0, 3) == ("", shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * 160, "x" * 160),
        ("x" * 161, "x" * 159 + "…"),
        ("x" * 158 + " yy", "x" * 158 + "…"),
        ("x" * 157 + ", yyy", "x" * 157 + "…"),
        ("x  " * 80, ("x " * 80).rstrip()),
    ],
)
def test_a_beginning_is_cut_at_160_characters(text: str, shown: str) -> None:
    assert shorten(text) == shown


def test_verse_keeps_the_ends_of_its_lines() -> None:
    section = Section(
        slug="", n="", head="", blocks=[Block(3, "verse", "The mill goes round,\nthe wheel goes *down*.")]
    )

    assert (
        '<p id="p3" class="verse">The mill goes round,\nthe wheel goes <em>down</em>.'
        in render_chapter(section, ()).body
    )


def test_a_mark_goes_on_after_markup_that_cuts_it() -> None:
    text = Block(1, "prose", "A *b c* d[^1] e.", links=[MarkSpan(0, 7)])

    html = render_text(text, [])

    assert html.startswith('<p id="p1"><mark>A </mark><em><mark>b c</mark></em><mark> d</mark><span id="r1"')
    assert "</span> e." in html


@pytest.mark.parametrize("spans", [[(0, 3), (1, 2)], [(0, 3), (0, 3)], [(0, 2), (1, 3)]])
def test_marks_that_overlap_mark_each_character_once(spans: list[tuple[int, int]]) -> None:
    text = Block(1, "prose", "rye.", links=[MarkSpan(*span) for span in spans])

    html = render_text(text, [])

    assert re.sub("</mark><mark>", "", html).startswith('<p id="p1"><mark>rye</mark>.')


@given(st.text("ab *[^1]{p.2}\\"), st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12))))
def test_marks_change_no_letter_and_close_where_they_open(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [MarkSpan(*span) for span in sorted(spans)]

    marked = Reading(render_text(Block(1, "prose", text, links=marks), [1]))

    assert marked.open == []
    assert marked.text == Reading(render_text(Block(1, "prose", text), [1])).text


@pytest.mark.parametrize("kind", ["prose", "quotation", "table"])
def test_a_paragraph_by_itself_reads_as_in_its_chapter(kind: str) -> None:
    block = Block(3, kind, "Year   Rye\n1922   100\n1923    87")

    assert render_text(block, []) == render_chapter(Section("", "", "", blocks=[block]), []).body


def test_a_note_by_itself_reads_as_among_the_notes() -> None:
    note = NoteBlock(None, 1, "He said:\n\n> They sowed.\n\nNo more.")

    html = render_text(note, [])

    assert html == "<p>He said:</p><blockquote><p>They sowed.</p></blockquote><p>No more.</p>"


def test_a_head_by_itself_calls_its_notes() -> None:
    assert 'href="#n5"' in render_head("The *plan*[^5]", [5])
    assert "noteref missing" in render_head("The *plan*[^5]", [])


def test_a_note_that_the_source_lacks_says_where_it_is_from() -> None:
    block = NoteBlock(1, 0, "On plans.\n\nAnd more.", supplied="supplied from <the> copy")

    notes = render_chapter(chapter("A plan[^1]."), [block]).notes

    assert (
        '<p>And more. <span class="supplied of-edition">[supplied from &lt;the&gt; copy]</span> <a class="backlink"'
        in notes
    )
    assert notes.count("supplied from") == 1


@pytest.mark.parametrize("source", [r"\* \* \*", "* * *", "———", "⁂", "-- --"])
def test_stars_between_paragraphs_part_the_text(source: str) -> None:
    assert '<p id="p1" class="break">' in render_text(Block(1, "prose", source), ())


@pytest.mark.parametrize("source", ["A * star", "-- he said", "{p. 7}"])
def test_stars_among_words_part_nothing(source: str) -> None:
    assert "class" not in render_text(Block(1, "prose", source), ()).split(">")[0]


@pytest.mark.parametrize(
    ("kind", "language", "html"),
    [
        ("title", "fr", '<cite lang="fr">mots</cite>'),
        ("title", "", "<cite>mots</cite>"),
        ("foreign", "ru-Latn", '<i lang="ru-Latn">mots</i>'),
        ("term", '"><b>', '<i lang="&quot;&gt;&lt;b&gt;">mots</i>'),
        ("emphasis", "", "<em>mots</em>"),
    ],
)
def test_emphasis_is_what_a_person_said(kind: str, language: str, html: str) -> None:
    block = Block(1, "prose", "Les *mots* et *mots*.", italics=[ItalicSpan(4, 8, kind, language)])

    assert f"Les {html} et <em>mots</em>." in render_text(block, ())


def test_italics_in_a_later_paragraph_of_a_note_are_found() -> None:
    note = NoteBlock(1, 0, "One.\n\n> The *mot*.", italics=[ItalicSpan(12, 15, "foreign", "fr")])

    assert '<i lang="fr">mot</i>' in render_text(note, (1,))

"""The edition as TEI P5: https://tei-c.org/release/doc/tei-p5-doc/en/html/.

Each paragraph has its permanent number (`p12`), each note its chapter and number (`chapter-1-n3`). `pb` is a page of
the printed book, with its certainty; `choice` is an emendation where its place in our text is certain (the others are
listed at the end); `app` a reading of a second witness that differs, with ours as its `lem`; `gap` a note that no
source has; `supplied` a note that another copy has; `term` a term; `persName` the name of a person, whom `listPerson`
lists; `ref` of the type `work` the name of a work, which is described in `listBibl`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reader.edition.edition import Edition
from reader.edition.emended_places import place_of
from reader.edition.italics import italics_in
from reader.edition.persons import forms_of_persons
from reader.edition.works import works_of
from reader.exports.book import (
    Chapter,
    Portion,
    chapters_of,
    in_xml,
    lines_of,
    revised_on,
    statements,
    terms_in_order,
)
from reader.models import Division, Emendation, Note, Paragraph, Text, Variant, Volume
from reader.models.standing import TextKey
from reader.text import markup, rendering, table_notation
from reader.text.emended import as_read
from reader.text.html import escape
from reader.text.lost_italics import Kind
from reader.text.readings import locate
from reader.text.works import Work

NAMESPACE = "http://www.tei-c.org/ns/1.0"
# Kinds of paragraphs that are written line by line, or cell by cell, without spans.
_VARIANTS = '<variantEncoding method="parallel-segmentation" location="internal"/>'
_LINES = (Paragraph.Kind.VERSE, Paragraph.Kind.TABLE)


# How programs that show TEI by CSS (CETEIcean) should show ours: of two readings, the one that is in our text.
_RENDITIONS = {
    "sic, rdg, teiHeader": "display: none",
    "choice, app": "text-decoration: underline dotted",
    "emph, title, foreign": "font-style: italic",
    "div, head, p, lg, l, note, trailer": "display: block",
    "p, lg, note, table": "margin-block: 0.75em",
    "quote, lg": "display: block; margin-inline-start: 2em",
    "head": "font-weight: bold",
    "table": "display: table",
    "row": "display: table-row",
    "cell": "display: table-cell; padding-inline-end: 1em",
    "label": "font-weight: bold; margin-inline-end: 0.5em",
    "note > p": "display: inline",
    # What is listed at the end shows both readings.
    "list sic, list rdg": "display: inline; text-decoration: line-through",
}


@dataclass(frozen=True, slots=True)
class _Span:
    """Characters `start` to `end` of a plain text, between an opening and a closing tag."""

    start: int
    end: int
    opening: str
    closing: str
    is_term: bool = False


@dataclass(slots=True)
class _Writing:
    """What the texts need to know of the edition while they are written."""

    edition: Edition
    inferred: frozenset[str]
    emendations: Mapping[TextKey, Sequence[Emendation]]
    # The ones in heads, by the keys of the divisions.
    in_heads: Mapping[int, Sequence[Emendation]]
    witness_n: Mapping[int, int]
    slugs: Mapping[int, str]
    persons: Mapping[int, str]
    variants: Mapping[TextKey, Sequence[Variant]]
    # Whether one chapter is written, without the others.
    is_alone: bool = False
    # The emendations, and the variants, whose place in our text is not certain.
    unplaced: list[Emendation] = field(default_factory=list)
    apart: list[Variant] = field(default_factory=list)
    breaks: set[str] = field(default_factory=set)

    def inline(
        self,
        source: str,
        chapter: str,
        spans: Sequence[_Span] = (),
        italics: Sequence[rendering.ItalicSpan] = (),
    ) -> str:
        """A text of the inline markup; a span that one piece of text does not hold whole is left out.

        Emphasis is `emph`; if a person said what it is, `title` or `foreign`, with its language.
        """
        known = {(italic.start, italic.end): italic for italic in italics}
        pieces = []
        for node in markup.parse(source):
            written = "".join(self._leaf(leaf, chapter, spans) for leaf in markup.leaves((node,)))
            if isinstance(node, markup.Emphasis):
                written = _emphasis(written, known.get(markup.span_of(node)))
            pieces.append(written)
        return "".join(pieces)

    def _leaf(self, leaf: markup.Leaf, chapter: str, spans: Sequence[_Span]) -> str:
        if isinstance(leaf, markup.PageBreak):
            return self.page(leaf.n)
        if isinstance(leaf, markup.NoteCall):
            return f'<ref type="note" target="#{note_id(chapter, leaf.n)}">{leaf.n}</ref>'
        pieces, at = [], 0
        for span in spans:
            start, end = span.start - leaf.offset, span.end - leaf.offset
            if at <= start < end <= len(leaf.plain):
                pieces += [
                    escape(leaf.plain[at:start]),
                    span.opening,
                    escape(leaf.plain[start:end]),
                    span.closing,
                ]
                at = end
        return "".join([*pieces, escape(leaf.plain[at:])])

    def page(self, name: str) -> str:
        """The beginning of a page; its certainty if no source shows it."""
        n, certainty = escape(name), ' cert="medium"' if name in self.inferred else ""
        return f'<pb n="{n}" ed="#print"{certainty}/>'

    def spans_of(self, text: Text) -> list[_Span]:
        """The emendations, the variants and the terms of a text, in order; of two that touch, the first kind stays.

        An emendation or a variant that no piece of text holds whole, and one of a verse or a table, is listed instead.
        """
        plain = markup.plain(text.text)
        leaves = [] if getattr(text, "kind", "") in _LINES else _texts_in(text.text)
        spans = self._emended(text, self.emendations.get(text.key, ()), leaves)
        for (start, end), rows in self._placed(plain, self.variants.get(text.key, ())).items():
            if not _has_room(start, end, leaves, spans):
                self.apart += rows
                continue
            readings = "".join(map(self.rdg, rows))
            opening = f'<app type="{_as_word(rows[0].kind)}"><lem{self.lem_of(rows[0])}>'
            spans.append(_Span(start, end, opening, f"</lem>{readings}</app>"))
        for row in self.edition.work_references.get(text.key, ()):
            if row.work and all(row.end <= span.start or span.end <= row.start for span in spans):
                opening = f'<ref type="work" target="#{work_id(row.work)}">'
                spans.append(_Span(row.start, row.end, opening, "</ref>"))
        for found in self.edition.occurrences.get(text.key, ()):
            if all(found.end <= span.start or span.end <= found.start for span in spans if not span.is_term):
                opening = f'<term ref="#{term_id(self.slugs[found.term_id])}">'
                spans.append(_Span(found.start, found.end, opening, "</term>", is_term=True))
        for start, end, slug in self.edition.explained.linked_in(text):
            if all(end <= span.start or span.end <= start for span in spans):
                # No person has checked what the term means.
                opening = f'<term ref="#{term_id(slug)}" cert="low">'
                spans.append(_Span(start, end, opening, "</term>", is_term=True))
        for name in self.edition.person_occurrences.get(text.key, ()):
            if all(name.end <= span.start or span.end <= name.start for span in spans):
                opening = f'<persName ref="#{person_id(self.persons[name.person_id])}">'
                spans.append(_Span(name.start, name.end, opening, "</persName>", is_term=True))
        return sorted(spans, key=lambda span: span.start)

    def spans_of_head(self, division: Division) -> list[_Span]:
        """The emendations of a head, in order."""
        rows = self.in_heads.get(division.pk, ())
        spans = self._emended(division, rows, _texts_in(division.head) if rows else [])
        return sorted(spans, key=lambda span: span.start)

    def _emended(
        self, text: Text | Division, rows: Iterable[Emendation], leaves: Sequence[markup.Text]
    ) -> list[_Span]:
        spans: list[_Span] = []
        for row in rows:
            start = place_of(row, text).now if row.after else None
            end = (start or 0) + len(as_read(row.after))
            if start is None or not _has_room(start, end, leaves, spans):
                self.unplaced.append(row)
                continue
            opening = f"<choice>{self.sic(row)}<corr{_rule(row)}>"
            spans.append(_Span(start, end, opening, "</corr></choice>"))
        return spans

    def _placed(self, plain: str, rows: Iterable[Variant]) -> dict[tuple[int, int], list[Variant]]:
        """The variants by their places in our text; what has no place there is listed apart."""
        placed: dict[tuple[int, int], list[Variant]] = defaultdict(list)
        for row in rows:
            ours = row.other if row.state == Variant.State.ACCEPTED else row.reading
            if place := locate(plain, ours, row.context):
                placed[place].append(row)
            else:
                self.apart.append(row)
        return placed

    def lem_of(self, row: Variant) -> str:
        """The witness of the reading in our text: the second one if its reading was taken."""
        is_taken = row.state == Variant.State.ACCEPTED
        return (
            self._of(row.other_witness_id, row.other_line) if is_taken else self._of(row.witness_id, row.line)
        )

    def rdg(self, row: Variant) -> str:
        """The reading that is not in our text, with its witness and its line there."""
        if row.state == Variant.State.ACCEPTED:
            return f"<rdg{self._of(row.witness_id, row.line)}>{escape(row.reading)}</rdg>"
        return f"<rdg{self._of(row.other_witness_id, row.other_line)}>{escape(row.other)}</rdg>"

    def apart_item(self, row: Variant) -> str:
        """A variant that has no place in our text, with the words around it."""
        ours = row.other if row.state == Variant.State.ACCEPTED else row.reading
        before, _, after = row.context.partition("…")
        entry = f'<app type="{_as_word(row.kind)}"><lem{self.lem_of(row)}>{escape(ours)}</lem>{self.rdg(row)}</app>'
        return f"<item>{escape(before)}{entry}{escape(after)}</item>\n"

    def _of(self, witness: int | None, line: int) -> str:
        n = self.witness_n.get(witness or 0)
        return f' wit="#w{n}" n="{line}"' if n else ""

    def sic(self, row: Emendation) -> str:
        """The reading of the witness, with its line there."""
        witness = self.witness_n[row.witness_id]
        return f'<sic source="#w{witness}" n="{row.line}">{escape(row.before)}</sic>'


def _texts_in(source: str) -> list[markup.Text]:
    return [leaf for leaf in markup.leaves(markup.parse(source)) if isinstance(leaf, markup.Text)]


def _has_room(start: int, end: int, leaves: Iterable[markup.Text], spans: Iterable[_Span]) -> bool:
    """Whether one piece of text holds these characters whole, and no span has any of them."""
    is_whole = any(leaf.offset <= start and end <= leaf.offset + len(leaf.plain) for leaf in leaves)
    return is_whole and all(end <= span.start or span.end <= start for span in spans)


def write_tei(edition: Edition, only: str = "", address: str = "") -> str:
    """The edition, or the chapter whose slug is `only`, as a TEI document that ends with a line end."""
    emendations: dict[TextKey, list[Emendation]] = defaultdict(list)
    in_heads: dict[int, list[Emendation]] = defaultdict(list)
    for row in edition.emendations:
        if row.division_id is not None:
            in_heads[row.division_id].append(row)
        else:
            emendations[row.text_key].append(row)
    variants: dict[TextKey, list[Variant]] = defaultdict(list)
    # A volume with one witness has none, and is not asked.
    for variant in edition.variants if len(edition.witnesses) > 1 else ():
        if variant.is_found:
            variants[variant.text_key].append(variant)
    writing = _Writing(
        edition,
        frozenset(page.n for page in edition.pages if page.is_inferred),
        emendations,
        in_heads,
        {row.pk: row.n for row in edition.witnesses},
        {term.pk: term.slug for term in edition.terms},
        {person.pk: person.slug for person in edition.persons},
        variants,
        is_alone=bool(only),
        # In no text: in a heading over notes, in forme work, in the key.
        unplaced=[] if only else list(emendations.get((None, None), ())),
    )
    chapters = chapters_of(edition, only)
    parts = {"front": [], "body": [], "back": []}  # type: dict[str, list[str]]
    for chapter in chapters:
        where = chapter.division.kind if chapter.division.kind in parts else "body"
        # What stands after the first chapter belongs to the body, whatever it is called.
        if where == "front" and (parts["body"] or parts["back"]):
            where = "body"
        if where == "body" and parts["back"]:
            where = "back"
        parts[where].append(_chapter(writing, chapter))
    if not only:
        parts["back"] += _glossary(edition)
        parts["back"] += _explained(edition)
        parts["back"] += _persons(edition)
        parts["back"] += _works(edition)
    parts["back"] += _unplaced(writing)
    empty = '<div type="empty"><p/></div>'
    body = "".join(parts["body"]) or empty
    document = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<TEI xmlns="{NAMESPACE}" xml:lang="{escape(edition.volume.language)}">\n',
        _header(edition, address, only, has_variants=bool(variants)),
        "<text>\n",
        f"<front>{''.join(parts['front'])}</front>\n" if parts["front"] else "",
        f"<body>{body}</body>\n",
        f"<back>{''.join(parts['back'])}</back>\n" if parts["back"] else "",
        "</text>\n</TEI>\n",
    ]
    return in_xml("".join(document))


def note_id(chapter: str, n: int) -> str:
    """The id of note `n` of the chapter with this slug."""
    return f"{_name(chapter)}-n{n}"


def term_id(slug: str) -> str:
    """The id of an entry of the glossary."""
    return f"term-{slug}"


def person_id(slug: str) -> str:
    """The id of a person."""
    return f"person-{slug}"


def work_id(slug: str) -> str:
    """The id of a work that the text cites."""
    return f"work-{slug}"


def _name(slug: str) -> str:
    """A slug as an XML name, which begins with no figure."""
    return slug if slug[:1].isalpha() else f"d-{slug}"


def _ours(edition: Edition) -> str:
    """The attribute of an element with words of the archive, which are English, where the text is in another one."""
    return "" if edition.volume.language.partition("-")[0].lower() == "en" else ' xml:lang="en"'


def _head(edition: Edition, words: str) -> str:
    """A head in words of the archive."""
    return f"<head{_ours(edition)}>{words}</head>"


# The header


def _header(edition: Edition, address: str, only: str, *, has_variants: bool) -> str:
    volume = edition.volume
    day, ours = revised_on(volume), _ours(edition)
    date = f' of <date when="{day}">{day}</date>' if day else ""
    when = f' when="{day}"' if day else ""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in statements(edition, address, only))
    translator = (
        f"<respStmt><resp{ours}>translated by</resp><name>{escape(volume.translator)}</name></respStmt>"
        if volume.translator
        else ""
    )
    idno = f'<idno type="URI">{escape(address)}</idno>' if address else ""
    witnesses = "".join(
        f'<witness xml:id="w{row.n}">{escape(row.name)} <idno type="SHA-256">{escape(row.digest)}</idno></witness>'
        for row in edition.witnesses
    )
    rules = sorted({row.rule for row in edition.emendations})
    corrections = "".join(f"<item>{escape(rule)}</item>" for rule in rules)
    corrected = (
        f"<correction{ours}><p>Emendations are marked where they stand; the rules are:<list>{corrections}</list></p>"
        "</correction>"
        if rules
        else ""
    )
    cite = "".join(
        f'<citeStructure unit="{unit}" match="{match}" use="{use}"/>'
        for unit, match, use in (
            ("chapter", "//text//div[@type][not(ancestor::div)]", "@xml:id"),
            ("paragraph", "//text//*[starts-with(@xml:id, 'p')][@n]", "@n"),
            ("page", "//text//pb", "@n"),
        )
    )
    renditions = "".join(
        f'<rendition scheme="css" selector="{escape(selector)}">{style}</rendition>'
        for selector, style in _RENDITIONS.items()
    )
    return (
        "<teiHeader>\n<fileDesc>\n"
        f"<titleStmt><title>{escape(str(volume))}</title><author>{escape(volume.author)}</author>{translator}</titleStmt>\n"
        f'<editionStmt><edition n="{volume.revision}"{ours}>Revision {volume.revision}{date}'
        f"</edition></editionStmt>\n"
        f"<publicationStmt><publisher>{escape(volume.publisher)}</publisher>{idno}"
        f"<availability><p>{escape(volume.rights)}</p></availability></publicationStmt>\n"
        f"<notesStmt><note{ours}>{said}</note></notesStmt>\n"
        f"<sourceDesc>{_printed(volume)}{f'<listWit>{witnesses}</listWit>' if witnesses else ''}</sourceDesc>\n"
        "</fileDesc>\n<encodingDesc>\n"
        f"<editorialDecl>{corrected}<interpretation><p{ours}>A page whose beginning no source shows has the certainty "
        "medium.</p></interpretation></editorialDecl>\n"
        f"<tagsDecl>{renditions}</tagsDecl>\n"
        f"{_VARIANTS if has_variants else ''}<refsDecl>{cite}</refsDecl>\n</encodingDesc>\n"
        f'<profileDesc><langUsage><language ident="{escape(volume.language)}"/></langUsage></profileDesc>\n'
        f'<revisionDesc><change n="{volume.revision}"{when}{ours}>Revision {volume.revision}</change>'
        "</revisionDesc>\n"
        "</teiHeader>\n"
    )


def _printed(volume: Volume) -> str:
    translator = (
        f'<editor role="translator">{escape(volume.translator)}</editor>' if volume.translator else ""
    )
    return (
        f'<bibl xml:id="print"><author>{escape(volume.author)}</author>, <title>{escape(str(volume))}</title>, '
        f"{translator}<publisher>{escape(volume.publisher)}</publisher>, <date>{volume.year}</date></bibl>"
    )


# The text


def _chapter(writing: _Writing, chapter: Chapter) -> str:
    """A chapter with its sections, each within the one that holds it, and its notes."""
    pieces, open_depths = [], 0
    for portion in chapter.portions:
        while open_depths > portion.depth:
            pieces.append("</div>\n")
            open_depths -= 1
        pieces.append(_opening(writing, chapter, portion))
        open_depths = portion.depth + 1
        pieces += (_paragraph(writing, chapter.slug, paragraph) for paragraph in portion.paragraphs)
        if not portion.paragraphs and not portion.division.head:
            pieces.append("<p/>")
    while open_depths > 1:
        pieces.append("</div>\n")
        open_depths -= 1
    if chapter.notes or chapter.missing:
        pieces.append('<div type="notes">')
        pieces += (_note(writing, chapter.slug, note) for note in chapter.notes)
        pieces += (
            f'<note xml:id="{note_id(chapter.slug, n)}" n="{n}"><label>{n}</label>'
            f'<gap reason="lost"><desc{_ours(writing.edition)}>not in the source</desc></gap></note>\n'
            for n in sorted(chapter.missing)
        )
        pieces.append("<p/></div>\n")
    return "".join([*pieces, "</div>\n"])


def _opening(writing: _Writing, chapter: Chapter, portion: Portion) -> str:
    division = portion.division
    n = f' n="{escape(division.n)}"' if division.n else ""
    # Chapters stand side by side, so that each is a unit that can be taken alone: one of a part points to the part.
    if portion.depth == 0 and division.parent is not None and not writing.is_alone:
        n += f' corresp="#{escape(_name(division.parent.slug))}"'
    pages = "".join(writing.page(name) for name in portion.pages)
    head = writing.inline(division.head, chapter.slug, writing.spans_of_head(division))
    return (
        f'<div type="{escape(division.kind)}" xml:id="{escape(_name(division.slug))}"{n}>{pages}'
        f"{f'<head>{head}</head>' if head else ''}\n"
    )


def _emphasis(written: str, italic: rendering.ItalicSpan | None) -> str:
    if italic is None or italic.kind == Kind.EMPHASIS:
        return f"<emph>{written}</emph>"
    tag = "title" if italic.kind == Kind.TITLE else "foreign"
    language = f' xml:lang="{escape(italic.language)}"' if italic.language else ""
    return f"<{tag}{language}>{written}</{tag}>"


def _paragraph(writing: _Writing, chapter: str, paragraph: Paragraph) -> str:
    name = f'xml:id="p{paragraph.number}" n="{paragraph.number}"'
    spans = writing.spans_of(paragraph)
    if paragraph.kind == Paragraph.Kind.VERSE:
        lines = "".join(f"<l>{writing.inline(line, chapter)}</l>" for line in lines_of(paragraph.text))
        return f"<lg {name}>{lines}</lg>\n"
    if paragraph.kind == Paragraph.Kind.TABLE:
        if table := table_notation.read_table(paragraph.text):
            return _table(writing, chapter, name, table)
        lines = "<lb/>".join(writing.inline(line, chapter) for line in lines_of(paragraph.text))
        return f'<p {name} rend="lines">{lines}</p>\n'
    text = writing.inline(paragraph.text, chapter, spans, italics_in(writing.edition, paragraph))
    if paragraph.kind == Paragraph.Kind.QUOTATION:
        return f"<quote {name}><p>{text}</p></quote>\n"
    continued = ' rend="continued"' if paragraph.continues else ""
    return f"<p {name}{continued}>{text}</p>\n"


def _table(writing: _Writing, chapter: str, name: str, table: table_notation.Table) -> str:
    def row(cells: Iterable[str], role: str) -> str:
        written = list(cells)
        span = f' cols="{table.width}"' if len(written) == 1 and table.width > 1 else ""
        inside = "".join(f"<cell{span}>{writing.inline(cell, chapter)}</cell>" for cell in written)
        return f"<row{role}>{inside}</row>"

    return (
        f"<table {name}>"
        + "".join(f"<head>{writing.inline(line, chapter)}</head>" for line in table.caption)
        + "".join(row(cells, ' role="label"') for cells in table.headings)
        + "".join(row(cells, "") for cells in table.rows)
        + "".join(f"<trailer>{writing.inline(line, chapter)}</trailer>" for line in table.notes)
        + "</table>\n"
    )


def _note(writing: _Writing, chapter: str, note: Note) -> str:
    """A note; `supplied` around its text if the source lacks it, without a number if the source lost that."""
    spans = writing.spans_of(note)
    name = f' xml:id="{note_id(chapter, note.n)}" n="{note.n}"' if note.n is not None else ' type="fragment"'
    certainty = ' cert="medium"' if note.inferred else ""
    pieces = []
    for offset, is_quotation, source in rendering.paragraphs_of_note(note.text):
        within = [_Span(span.start - offset, span.end - offset, span.opening, span.closing) for span in spans]
        italics = rendering.shifted(italics_in(writing.edition, note), offset)
        text = writing.inline(source, chapter, within, italics)
        if note.is_not_in_source:
            text = f'<supplied reason="lost"{_copy(note)}>{text}</supplied>'
        pieces.append(f"<quote><p>{text}</p></quote>" if is_quotation else f"<p>{text}</p>")
    label = f"<label>{escape(note.label)}</label>" if note.label else ""
    # The page that the source gives after a note: that of its call.
    page = (
        f'<ref type="page" n="{escape(note.page)}" target="#print">[p. {escape(note.page)}]</ref>'
        if note.page
        else ""
    )
    return f"<note{name}{certainty}>{label}{''.join(pieces)}{page}</note>\n"


def _copy(note: Note) -> str:
    return f' resp="{escape(_anchored(note.supplied_from))}"' if note.supplied_from else ""


def _rule(row: Emendation) -> str:
    """The rule of an emendation, as a word of TEI's."""
    return f' type="{_as_word(row.rule) or "emendation"}"'


def _as_word(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")


def _anchored(name: str) -> str:
    """A name as the address that TEI wants of whoever is responsible."""
    return "#" + (re.sub(r"\W+", "-", name).strip("-") or "copy")


def _glossary(edition: Edition) -> Iterator[str]:
    if not edition.terms:
        return
    slugs = {term.pk: term for term in edition.terms}
    items = []
    for term in terms_in_order(edition):
        if meant := slugs.get(term.see_id or 0):
            said = f'<ref target="#{term_id(meant.slug)}">{escape(meant.headword)}</ref>'
        elif senses := edition.senses.get(term.pk, ()):
            said = "".join(f'<gloss n="{sense.n}">{escape(sense.definition)}</gloss>' for sense in senses)
        else:
            said = f"<gloss>{escape(term.definition)}</gloss>"
        label = f'<label xml:id="{term_id(term.slug)}"><term>{escape(term.headword)}</term></label>'
        items.append(f"{label}<item>{said}</item>\n")
    yield f'<div type="glossary">{_head(edition, "Glossary")}<list type="gloss">{"".join(items)}</list></div>\n'


def _explained(edition: Edition) -> Iterator[str]:
    """The terms that the text explains, which no editor has checked, each with the sentence that explains it."""
    items = "".join(
        f'<label xml:id="{term_id(term.slug)}"><term cert="low">{escape(term.headword)}</term></label>'
        f'<item><gloss cert="low">{escape(term.definition)}</gloss>'
        f" <q>{escape(' '.join(term.sentence.split()))}</q></item>\n"
        for term in edition.explained.terms
    )
    if items:
        head = _head(edition, "Explained by the text, not checked")
        yield f'<div type="glossary" subtype="not-checked">{head}<list type="gloss">{items}</list></div>\n'


def _persons(edition: Edition) -> Iterator[str]:
    """The persons whom the text names, with the forms of their names."""
    forms = forms_of_persons(edition)
    items = []
    for person in edition.persons:
        if not person.is_shown:
            continue
        names = "".join(f"<persName>{escape(form)}</persName>" for form in sorted(forms.get(person.pk, ())))
        note = f"<note>{escape(person.about)}</note>" if person.about else ""
        shown = f'<persName type="index">{escape(person.shown_as)}</persName>'
        items.append(f'<person xml:id="{person_id(person.slug)}">{shown}{names}{note}</person>\n')
    if items:
        yield f'<div type="persons">{_head(edition, "Persons")}<listPerson>{"".join(items)}</listPerson></div>\n'


def _works(edition: Edition) -> Iterator[str]:
    """The works that the text cites, as a bibliography."""
    works, _ = works_of(edition)
    if not works:
        return
    written = "".join(map(_bibl, works))
    yield f'<div type="bibliography">{_head(edition, "Works cited")}<listBibl>\n{written}</listBibl></div>\n'


def _bibl(work: Work) -> str:
    author = re.sub(r",?\s+eds?\.$", "", work.author)
    tag = "author" if author == work.author else "editor"
    level = "j" if work.is_periodical else "m"
    fields = (
        f"<{tag}>{escape(author)}</{tag}>" if author else "",
        f'<title level="{level}">{escape(work.title)}</title>',
        *(f'<title type="short">{escape(form)}</title>' for form in work.abbreviations),
        f"<pubPlace>{escape(work.place)}</pubPlace>" if work.place else "",
        f"<publisher>{escape(work.publisher)}</publisher>" if work.publisher else "",
        f"<date>{escape(work.year)}</date>" if work.year else "",
        *(
            f'<idno type="{name}">{escape(value)}</idno>'
            for name, value in (("DOI", work.doi), ("ISBN", work.isbn), ("URI", work.url))
            if value
        ),
        f"<note>{escape(work.remark)}</note>" if work.remark else "",
    )
    return f'<bibl xml:id="{work_id(work.slug)}">{", ".join(filter(None, fields))}</bibl>\n'


def _unplaced(writing: _Writing) -> Iterator[str]:
    """The emendations, and the variants, whose place in our text is not certain, by the lines of their witnesses."""
    if writing.unplaced:
        items = "".join(
            f"<item><choice>{writing.sic(row)}<corr{_rule(row)}>{escape(row.after)}</corr></choice></item>\n"
            for row in writing.unplaced
        )
        yield (
            f'<div type="emendations">{_head(writing.edition, "Emendations, by the lines of the sources")}'
            f"<list>{items}</list></div>\n"
        )
    if writing.apart:
        in_order = sorted(writing.apart, key=lambda row: (row.witness_id or 0, row.line, row.pk))
        items = "".join(map(writing.apart_item, in_order))
        head = _head(writing.edition, "Variants without a place in the text")
        yield f'<div type="variants">{head}<list>{items}</list></div>\n'

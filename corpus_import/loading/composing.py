"""The texts of a draft in the inline markup."""

from corpus_import.parsing import elements
from reader.text.markup import compose, plain
from reader.text.note_paragraphs import PARTED, QUOTED, quoted


def text_of_paragraph(paragraph: elements.Paragraph) -> str:
    """The text of a paragraph with its note calls and page breaks."""
    calls = [(reference.offset, reference.n) for reference in paragraph.references]
    pages = [(page.offset, page.page) for page in paragraph.breaks]
    return compose(paragraph.text.string, calls, pages, paragraph.emphasis)


def text_of_note(note: elements.Note) -> str:
    """The text of a note: its paragraphs, parted by empty lines."""
    return PARTED.join(map(_text_of_note_paragraph, note.paragraphs))


def parts_of_note(note: elements.Note) -> list[tuple[int, elements.Text]]:
    """The texts of a note's paragraphs, each with its offset in the text of the note without its markup."""
    parts, at = [], 0
    for paragraph in note.paragraphs:
        is_quotation = paragraph.kind is elements.ParagraphKind.QUOTATION
        parts.append((at + len(QUOTED) * is_quotation, paragraph.text))
        at += len(plain(_text_of_note_paragraph(paragraph))) + len(PARTED)
    return parts


def _text_of_note_paragraph(paragraph: elements.NoteParagraph) -> str:
    calls = [(reference.offset, reference.n) for reference in paragraph.references]
    pages = [(page.offset, page.page) for page in paragraph.breaks]
    text = compose(paragraph.text.string, calls, pages, paragraph.emphasis)
    return quoted(paragraph.kind is elements.ParagraphKind.QUOTATION, text)


def head_of_division(division: elements.Division) -> str:
    """The head of a division with its note calls."""
    calls = [(each.offset, each.n) for each in division.references]
    return compose(division.head.string, calls, emphasised=division.emphasis)

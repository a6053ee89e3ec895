"""What several measures ask about the texts of a draft."""

from collections import defaultdict

from corpus_import.parsing.elements import Draft, Paragraph, ParagraphKind, Text

Place = tuple[int, int]


def place_of(draft: Draft, text: Text) -> Place:
    """Witness and line of the first character of a text that is not empty."""
    span = next(piece.span for piece in text.pieces if piece.span.start < piece.span.end)
    return span.witness, draft.line_at(span)


def prose_of(draft: Draft) -> list[Paragraph]:
    """The paragraphs of running text: no quotations, which may begin and end anywhere, and no tables."""
    return [p for p in draft.paragraphs if p.kind is ParagraphKind.PROSE]


def sizes_of_divisions(draft: Draft) -> dict[int, int]:
    """The characters of the paragraphs of each division that has any, by its index."""
    sizes: dict[int, int] = defaultdict(int)
    for paragraph in draft.paragraphs:
        sizes[paragraph.division] += len(paragraph.text.string)
    return sizes

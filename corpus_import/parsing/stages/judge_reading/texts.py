"""What several measures ask about the texts of a draft."""

from collections import defaultdict
from collections.abc import Sequence

from corpus_import.parsing.elements import Draft, Paragraph, ParagraphKind, Role, Text

Place = tuple[int, int]


def place_of(draft: Draft, text: Text) -> Place:
    """Witness and line of the first character of a text that is not empty."""
    span = next(piece.span for piece in text.pieces if piece.span.start < piece.span.end)
    return span.witness, draft.line_at(span)


def without_entries(draft: Draft) -> list[Paragraph]:
    """The paragraphs but for the entries of an index or a bibliography, which are no sentences."""
    entries = {
        (line.witness, line.number)
        for block in draft.blocks
        if block.role in (Role.ENTRY, Role.ENTRY_REST)
        for line in block.lines
    }
    if not entries:
        return list(draft.paragraphs)
    return [p for p in draft.paragraphs if place_of(draft, p.text) not in entries]


def prose_of(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs of running text: no quotations, which may begin and end anywhere, and no tables."""
    return [p for p in paragraphs if p.kind is ParagraphKind.PROSE]


def sizes_of_divisions(draft: Draft) -> dict[int, int]:
    """The characters of the paragraphs of each division that has any, by its index."""
    sizes: dict[int, int] = defaultdict(int)
    for paragraph in draft.paragraphs:
        sizes[paragraph.division] += len(paragraph.text.string)
    return sizes

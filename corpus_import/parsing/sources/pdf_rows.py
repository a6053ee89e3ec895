"""The words of a PDF's page as rows: words on one base line, in pieces with wide white space between.

A figure that is raised or lowered belongs to the row that it touches.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus_import.parsing.sources.pdf_words import Page, Word

# In sizes of the type: the widest space between two words of a piece, the same base line, the reach of raised figures.
_SPACE, _SAME, _RAISED = 0.9, 0.1, 0.65
_SMALL = 0.87
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|\*{1,3}|[†‡])[\])]?")


@dataclass(slots=True)
class Chunk:
    """Words that follow each other on a base line."""

    words: list[Word]

    @property
    def left(self) -> float:
        """The left end."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """The right end."""
        return max(word.right for word in self.words if word.left >= self.words[0].left)

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return text_of(self.words)

    @property
    def main(self) -> Word:
        """A word of the size that most characters have; raised figures are smaller."""
        return max(self.words, key=lambda word: (word.size, len(word.text)))


@dataclass(slots=True)
class Row:
    """Pieces on one base line of a page, from left to right."""

    page: int
    base: float
    size: float
    chunks: list[Chunk] = field(default_factory=list)
    column: int = 0  # of a page in several columns

    @property
    def left(self) -> float:
        """The left end."""
        return self.chunks[0].left

    @property
    def right(self) -> float:
        """The right end."""
        return max(chunk.right for chunk in self.chunks)

    @property
    def words(self) -> list[Word]:
        """All words."""
        return [word for chunk in self.chunks for word in chunk.words]

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(chunk.text for chunk in self.chunks)

    @property
    def is_bold(self) -> bool:
        """Whether all words are bold."""
        return all(word.font.bold for word in self.words if not word.raised)

    @property
    def lift(self) -> float:
        """How far raised words reach above the row: browsers set such a row so much lower."""
        return max([0.0, *(self.base - word.base for word in self.words if word.raised)])


def text_of(words: Sequence[Word]) -> str:
    """Words with a space where white space stands between."""
    return "".join((" " if k and word.spaced else "") + word.text for k, word in enumerate(words))


def rows_of(page: Page) -> list[Row]:
    """The rows of a page from top to bottom."""
    chunks = list(_chunks(page.words))
    chunks = _with_raised(chunks)
    rows: list[Row] = []
    for chunk in sorted(chunks, key=lambda chunk: (chunk.main.base, chunk.left)):
        main = chunk.main
        for row in reversed(rows[-6:]):
            if abs(row.base - main.base) <= _SAME * 2 * min(row.size, main.size):
                row.chunks.append(chunk)
                row.size = max(row.size, main.size)
                break
        else:
            rows.append(Row(page.n, main.base, main.size, [chunk]))
    for row in rows:
        row.chunks.sort(key=lambda chunk: chunk.left)
        row.chunks = _joined(row.chunks)
    rows.sort(key=lambda row: row.base)
    return _without_lone_marks(rows)


def _without_lone_marks(rows: Sequence[Row]) -> list[Row]:
    """The rows; a raised figure alone on its line belongs to the end of the line above."""
    out: list[Row] = []
    for row in rows:
        words = row.words
        if out and len(row.chunks) == 1 and _MARK.fullmatch("".join(word.text for word in words)):
            above = out[-1]
            if row.size <= _SMALL * above.size and row.base - above.base < 1.7 * above.size:
                words[0].spaced = False
                for word in words:
                    word.raised = True
                above.chunks[-1].words += words
                continue
        out.append(row)
    return out


def _chunks(words: Sequence[Word]) -> Iterator[Chunk]:
    chunk: list[Word] = []
    for word in words:
        if chunk and not _follows(chunk, word):
            yield _marked(chunk)
            chunk = []
        chunk.append(word)
    if chunk:
        yield _marked(chunk)


def _follows(chunk: Sequence[Word], word: Word) -> bool:
    last = chunk[-1]
    size = max(last.size, word.size)
    if not -0.4 * size < word.left - last.right < _SPACE * size:
        return False
    step = abs(word.base - last.base)
    if step <= _SAME * size:
        return True
    # Raised or lowered, or back on the line.
    return step <= _RAISED * size and (
        min(last.size, word.size) <= _SMALL * size
        or any(abs(word.base - other.base) <= _SAME * size for other in chunk[-3:-1])
        or word.text.strip("[]()").isdigit()
    )


def _marked(words: list[Word]) -> Chunk:
    """A piece whose raised words are marked."""
    chunk = Chunk(words)
    main = chunk.main
    for word in words:
        if main.base - word.base > _SAME * main.size:
            word.raised = True
    return chunk


def _with_raised(chunks: list[Chunk]) -> list[Chunk]:
    """Put pieces of small raised figures to the pieces that they touch."""
    small = [chunk for chunk in chunks if len(chunk.words) == 1 and len(chunk.text) <= 5]
    if not small or len(small) > 400:
        return chunks
    gone: set[int] = set()
    for chunk in small:
        word = chunk.words[0]
        for other in chunks:
            main = other.main
            if other is chunk or id(other) in gone or word.size > _SMALL * main.size:
                continue
            rise = main.base - word.base
            after = -0.3 * main.size < word.left - other.right < 0.35 * main.size
            if after and _SAME * main.size < rise < _RAISED * main.size:
                word.raised, word.spaced = True, False
                other.words.append(word)
                gone.add(id(chunk))
                break
    return [chunk for chunk in chunks if id(chunk) not in gone]


def _joined(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Pieces that stand close together are one, in whatever order the file has them."""
    joined: list[Chunk] = []
    for chunk in chunks:
        if joined:
            last = joined[-1]
            size = max(last.main.size, chunk.main.size)
            gap = chunk.left - last.right
            if -0.4 * size < gap < _SPACE * 0.7 * size:
                if gap > 0.15 * size:
                    chunk.words[0].spaced = True
                last.words += chunk.words
                continue
        joined.append(chunk)
    return joined

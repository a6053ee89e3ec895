"""Whether the paragraphs are paragraphs: how they begin, how they end, and how long they are."""

from collections.abc import Iterator, Sequence

from corpus_import.parsing.elements import Draft, Paragraph, ParagraphKind
from corpus_import.parsing.stages.judge_reading.limits import MOST_PLACES, Count
from corpus_import.parsing.stages.judge_reading.texts import Place, place_of, prose_of, without_entries

# Characters of a paragraph that is no longer than a line, and of 2,000 words.
ONE_LINE, ENDLESS = 110, 12_000


def count_paragraphs(draft: Draft) -> Iterator[Count]:
    """Count paragraphs that begin or end like no paragraph, and of unlikely length."""
    paragraphs = without_entries(draft)
    prose = prose_of(paragraphs)
    small = [p for p in prose if p.text.string[:1].islower() and not p.continues]
    yield Count("paragraph-begins-small", len(small), len(prose), _places(draft, small))
    cut = [p for p in _before_prose(paragraphs) if not has_end(p.text.string)]
    yield Count("paragraph-without-end", len(cut), len(prose), _places(draft, cut))
    characters = sum(len(p.text.string) for p in prose)
    endless = [p for p in prose if len(p.text.string) > ENDLESS]
    inside = sum(len(p.text.string) for p in endless)
    yield Count("endless-paragraph", inside, characters, _places(draft, endless))
    short = [p for p in prose if len(p.text.string) <= ONE_LINE and not _ends_sentence(p.text.string)]
    yield Count("short-paragraphs", len(short), len(prose), _places(draft, short))


def _places(draft: Draft, paragraphs: Sequence[Paragraph]) -> tuple[Place, ...]:
    return tuple(place_of(draft, paragraph.text) for paragraph in paragraphs[:MOST_PLACES])


def _before_prose(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs of prose after which no quotation or table goes on with the sentence."""
    for k, paragraph in enumerate(paragraphs):
        after = paragraphs[k + 1] if k + 1 < len(paragraphs) else None
        goes_on = after is not None and (after.kind is not ParagraphKind.PROSE or after.continues)
        if paragraph.kind is ParagraphKind.PROSE and not goes_on:
            yield paragraph


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’»)] ").endswith((".", "!", "?", "…", ":"))


def has_end(text: str) -> bool:
    """Whether a text ends with a mark, not with a letter, a figure, a comma or a hyphen."""
    last = text.rstrip()[-1:]
    return not (last.isalnum() or last in ",-")

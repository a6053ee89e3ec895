"""Whether the paragraphs are paragraphs: how they begin, how they end, and how long they are."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from corpus_import.parsing.elements import Draft, Paragraph, ParagraphKind
from corpus_import.parsing.forms.labels import begins_title, names_picture
from corpus_import.parsing.stages.judge_reading.limits import MOST_PLACES, Count
from corpus_import.parsing.stages.judge_reading.texts import Place, place_of, prose_of, without_entries

# A line of no more than this share of the measure is shorter than one that the column broke.
SHORT_LINE = 0.6
# So many entries of at most so many characters each, one after the other, are a list: `Lamp, 4, 30-31`.
FEWEST_ENTRIES, ENTRY = 6, 200
_ENDS_ENTRY = re.compile(r",\s\d{1,4}(?:\s?[-–]\s?\d{1,4})?\.?$")
# Characters of a paragraph that is no longer than a line, and of 2,000 words.
ONE_LINE, ENDLESS = 110, 12_000


def count_paragraphs(draft: Draft) -> Iterator[Count]:
    """Count paragraphs that begin or end like no paragraph, and of unlikely length."""
    paragraphs = without_entries(draft)
    prose = prose_of(paragraphs)
    small = [p for p in prose if p.text.string[:1].islower() and not p.continues]
    yield Count("paragraph-begins-small", len(small), len(prose), _places(draft, small))
    # A date, a speaker's name, an item: much shorter than a line of prose, which is what a paragraph is cut into.
    short_line = draft.measures.prose * SHORT_LINE
    cut = [
        p for p in _before_prose(paragraphs) if not has_end(p.text.string) and len(p.text.string) > short_line
    ]
    yield Count("paragraph-without-end", len(cut), len(prose), _places(draft, cut))
    heads = list(_heads_in_text(paragraphs, short_line))
    yield Count("headings-in-text", len(heads), len(prose), _places(draft, heads))
    entries = [p for run in _runs_of_entries(paragraphs) for p in run]
    yield Count("entries-in-text", len(entries), len(prose), _places(draft, entries))
    characters = sum(len(p.text.string) for p in prose)
    endless = [p for p in prose if len(p.text.string) > ENDLESS]
    inside = sum(len(p.text.string) for p in endless)
    yield Count("endless-paragraph", inside, characters, _places(draft, endless))
    short = [p for p in prose if len(p.text.string) <= ONE_LINE and not _ends_sentence(p.text.string)]
    yield Count("short-paragraphs", len(short), len(prose), _places(draft, short))


def _heads_in_text(paragraphs: Sequence[Paragraph], short_line: float) -> Iterator[Paragraph]:
    """A few words without a stop between two paragraphs of prose, which stand nowhere else: a heading, perhaps.

    Items, dates, names of speakers and signatures stand beside other short lines, or come again.
    """
    times = Counter(p.text.string for p in paragraphs if len(p.text.string) <= short_line)
    for before, paragraph, after in zip(paragraphs, paragraphs[1:], paragraphs[2:], strict=False):
        text = paragraph.text.string
        if (
            len(text) <= short_line
            and times[text] == 1
            and before.kind is paragraph.kind is after.kind is ParagraphKind.PROSE
            and before.division == paragraph.division == after.division
            and text[-1].isalpha()
            and begins_title(text)
            and not names_picture(text)
            and _ends_sentence(before.text.string)
            and len(before.text.string) > short_line
            and len(after.text.string) > ONE_LINE
        ):
            yield paragraph


def _runs_of_entries(paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    """Runs of short paragraphs that end with figures after a comma: entries of an index, titles of books."""
    run: list[Paragraph] = []
    for paragraph in paragraphs:
        text = paragraph.text.string
        is_entry = paragraph.kind is ParagraphKind.PROSE and len(text) <= ENTRY
        if is_entry and _ENDS_ENTRY.search(text[-30:]):
            run.append(paragraph)
            continue
        if len(run) >= FEWEST_ENTRIES:
            yield run
        run = []
    if len(run) >= FEWEST_ENTRIES:
        yield run


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

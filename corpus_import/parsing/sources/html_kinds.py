"""Tells the blocks of a web page apart: markers of pages, headings, contents, key, tables, notes, text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from corpus_import.parsing.contents_list import CONTENTS_HEADING
from corpus_import.parsing.forms.labels import is_bare_label, labels_of
from corpus_import.parsing.headings import plain_title
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.recognise import begins_like_a_heading, is_key_heading, is_notes_heading
from corpus_import.parsing.sources.html_flow import Flow
from corpus_import.parsing.sources.html_notes import Links, find_calls, number_of_note, without_call
from corpus_import.parsing.sources.html_pages import Parted
from corpus_import.parsing.sources.html_site import find_parts_of_site
from corpus_import.parsing.sources.html_tables import ENTRY, KEY_LINE, Of, begins_with_prose, kinds_of_tables
from corpus_import.parsing.tables import BELOW, CAPTION
from reader.text.page_numbers import is_page_number
from reader.text.sentences import reads_on

# The longest heading that only its look shows, and the shortest text that is surely prose, in characters.
LONGEST_HEADING, SHORTEST_PROSE = 160, 60
# A block of text in front of the first heading that is this long is text, not a line of the title block.
LONGEST_TITLE_LINE = 200
# The title of the volume stands behind so few lines, such as its author.
_LINES_BEFORE = 4
# The end of a caption: no stop, but for the call of a note.
_ENDS_NO_SENTENCE = re.compile(r"[^\s.:;,?!\]](?:\[\d{1,3}\])?$")


class What(Enum):
    """What a block is."""

    TEXT = auto()
    HEADING = auto()
    MARKER = auto()
    TITLE = auto()
    CONTENTS_HEADING = auto()
    CONTENTS = auto()
    KEY_HEADING = auto()
    KEY = auto()
    NOTES_HEADING = auto()
    NOTE = auto()
    NOTE_REST = auto()
    TABLE = auto()
    CAPTION = auto()
    RULE = auto()
    OF_SITE = auto()


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a block is; of a marker also its page."""

    what: What
    page: str = ""
    is_blank: bool = False
    is_inferred: bool = False


class Kinds:
    """Walks over the blocks once, from the first to the last."""

    def __init__(self, parted: Parted, links: Links, manifest: Manifest) -> None:
        self.flows = flows = parted.flows
        self.rests, self.links, self.manifest = parted.rests, links, manifest
        self.markers = {
            index: Recognised(What.MARKER, mark.page, mark.is_blank, mark.is_inferred)
            for index, mark in parted.pages.items()
        }
        self.of_site = find_parts_of_site(flows, parted.names, links.targets)
        self.tables = kinds_of_tables(flows)
        # Tables of one column, which are there for the layout.
        self.frames = {f.cell.table for f in flows if f.cell} - {
            f.cell.table for f in flows if f.cell and f.cell.column
        }
        self.waiting: list[tuple[int, str]] = []  # numbers and signs that call notes, and have no note yet
        self.called: set[int] = set()  # numbers that were called since the last notes
        self.last_note = 0
        self.unfinished = False  # the last block of text ends no sentence
        self.only_notes = self._holds_only_notes()
        self.heads: list[str] = []  # the titles of the divisions
        # Before a contents list, or before the heading of a higher level than the others, stands the title block.
        self.front = self._end_of_front()
        self.titles = {
            plain_title(e["title"])
            for f in flows
            if len(f.text) <= LONGEST_HEADING and (e := ENTRY.fullmatch(f.text)) is not None
        } | {plain_title(manifest.title)}

    def tell(self) -> list[Recognised]:
        """What each block is."""
        told: list[Recognised] = []
        region = What.TITLE
        begun = False
        list_place = -1
        last_note = 0
        for index, flow in enumerate(self.flows):
            if index in self.markers:
                told.append(self.markers[index])
                continue
            if index in self.of_site:
                told.append(Recognised(What.OF_SITE))
                continue
            what = self._named(index, begun) if index not in self.rests else self._rest(told)
            if what is None and region is What.CONTENTS and self._is_entry(index, list_place):
                what = What.CONTENTS
            if what is None and region is What.KEY and self._is_key_row(index):
                what = What.KEY
            if what is None and region is What.KEY and index - 1 in self.markers and flow.text[0].islower():
                what = What.KEY  # the rest of a row
            if what is None and region is What.NOTE and index not in self.links.targets:
                starts = self._begins_note(index, last_note)
                what = What.NOTE if starts else None
            if what is None:
                what = self._tell(index, region, begun)
            if what is What.TEXT and told and told[-1].what is What.HEADING and self._completes(index):
                what = What.HEADING
            if what is What.TEXT and begun and self._answers(index):
                what = What.NOTE
            if what is What.HEADING and self._heads_notes(index, region):
                what = What.NOTES_HEADING
            if what in (What.TEXT, What.HEADING):
                self.unfinished = what is What.TEXT and reads_on(without_call(flow))
                self._hear(index, what)
                if region is What.NOTE:
                    self.called = set()
                self.called |= {
                    call.n for call in find_calls(flow, self.links.calls.get(index, ()), self.links.form)
                }
            if what is What.HEADING:
                self.heads.append(plain_title(flow.text))
            if what is What.HEADING:
                begun, region, last_note = True, What.TEXT, 0
            elif what is What.CONTENTS_HEADING:
                region, list_place = What.CONTENTS, flow.place
            elif what is What.KEY_HEADING:
                region = What.KEY
            elif what is What.NOTES_HEADING:
                region, last_note = What.NOTE, 0
            elif what is What.NOTE:
                region, self.last_note = What.NOTE, index
                number = number_of_note(flow.text)
                last_note = (
                    (number[0] if number else 0) or self.links.targets.get(index, (0, ""))[0] or last_note
                )
            elif what in (What.TEXT, What.TABLE, What.CAPTION):
                region = What.TEXT if begun else What.TITLE
            told.append(Recognised(what))
        return told

    def _holds_only_notes(self) -> bool:
        """Whether the first heading of the page stands over notes: the page holds the notes of another file."""
        for index, flow in enumerate(self.flows):
            if len(flow.text) >= LONGEST_TITLE_LINE or index in self.links.targets:
                return False
            if flow.heading or flow.is_bold or flow.centred:
                if is_notes_heading(flow.text, self.manifest.notes_heading):
                    return True
                if begins_like_a_heading(flow.text):
                    return False
        return False

    def _rest(self, told: Sequence[Recognised]) -> What | None:
        """What the rest of a block is that the number of a page cut, if the piece above shows it."""
        above = next((each.what for each in reversed(told) if each.what is not What.MARKER), None)
        return (
            {What.NOTE: What.NOTE_REST}.get(above, above)
            if above not in (None, What.HEADING, What.TITLE)
            else None
        )

    def _named(self, index: int, begun: bool) -> What | None:
        """A heading over contents, key or notes, or a note that a call leads to."""
        flow = self.flows[index]
        if index in self.links.targets and not flow.heading:
            return What.NOTE
        if len(flow.text) > LONGEST_HEADING or "\n" in flow.text:
            return None
        if flow.cell is not None and flow.cell.table not in self.frames:
            return None
        if CONTENTS_HEADING.fullmatch(flow.text):
            return What.CONTENTS_HEADING
        looks = bool(flow.heading) or flow.is_bold or flow.centred or len(flow.text) < SHORTEST_PROSE
        if looks and is_key_heading(flow.text, self.manifest.key_heading) and self._rows_follow(index):
            return What.KEY_HEADING
        if looks and (begun or self.only_notes) and is_notes_heading(flow.text, self.manifest.notes_heading):
            return What.NOTES_HEADING
        return None

    def _tell(self, index: int, region: What, begun: bool) -> What:
        flow = self.flows[index]
        if flow.cell is not None and flow.cell.table in self.tables:
            kind = self.tables[flow.cell.table]
            if kind is Of.KEY and not begun:
                return What.KEY
            if kind is Of.FIGURES:
                return What.TABLE
        if flow.caption:
            return What.CAPTION
        if self._is_heading(index, begun):
            return What.HEADING
        if index and BELOW.match(flow.text) and self._is_below_table(index):
            return What.TABLE
        if region is What.NOTE and not self._ends_notes(index):
            return What.NOTE_REST
        if not begun:
            return What.TEXT if len(flow.text) > LONGEST_TITLE_LINE and not flow.heading else What.TITLE
        if self._is_before_table(index) and (CAPTION.match(flow.text) or _ENDS_NO_SENTENCE.search(flow.text)):
            return What.CAPTION
        return What.TEXT

    def _end_of_front(self) -> int:
        """The index of the block at which the title block ends, as far as a contents list or a key shows it."""
        for index, flow in enumerate(self.flows):
            if len(flow.text) >= LONGEST_TITLE_LINE:
                break
            if flow.cell is None and (
                CONTENTS_HEADING.fullmatch(flow.text)
                or (is_key_heading(flow.text, self.manifest.key_heading) and self._rows_follow(index))
            ):
                return index
        if (after := self._end_of_title()) is not None:
            return after
        headings = [k for k, flow in enumerate(self.flows) if flow.heading][:2]
        if len(headings) == 2 and self.flows[headings[0]].heading < self.flows[headings[1]].heading:
            between = self.flows[headings[0] + 1 : headings[1]]
            alone = sum(flow.heading == self.flows[headings[0]].heading for flow in self.flows) == 1
            if alone and all(len(flow.text) < LONGEST_TITLE_LINE for flow in between):
                return headings[1]
        return 0

    def _end_of_title(self) -> int | None:
        """The index of the first heading below the title of the whole volume, if only short lines stand between."""
        title = plain_title(self.manifest.title)
        at = next(
            (k for k, flow in enumerate(self.flows[:_LINES_BEFORE]) if plain_title(flow.text) == title), None
        )
        for k in range(at + 1, len(self.flows)) if at is not None else ():
            if self.flows[k].heading and k not in self.markers:
                return k
            if len(self.flows[k].text) >= LONGEST_TITLE_LINE:
                break
        return None

    # Headings

    def _is_heading(self, index: int, begun: bool) -> bool:
        flow = self.flows[index]
        text = flow.text
        if flow.cell is not None and (not flow.heading or flow.cell.table in self.tables):
            return False
        if len(text) > 2 * LONGEST_HEADING or not any(map(str.isalpha, text)):
            return False
        worded = begins_like_a_heading(text) or plain_title(text) in self.titles
        if index < self.front and not begins_like_a_heading(text):
            return False
        if flow.heading:
            return worded or begun or self._prose_follows(index)
        if len(text) > LONGEST_HEADING or text[-1] in ".;,:" or flow.quoted:
            return False
        if self._labels(index):
            return True
        if not (flow.is_bold or (flow.centred and worded)):
            return False
        return worded or (begun and self._prose_follows(index)) or self._prose_follows(index)

    def _prose_follows(self, index: int) -> bool:
        """Whether text comes before another heading."""
        for k in range(index + 1, min(index + 6, len(self.flows))):
            if k in self.markers:
                continue
            flow = self.flows[k]
            apart = flow.cell is not None and self.flows[index].cell is None
            if flow.heading or apart or CONTENTS_HEADING.fullmatch(flow.text):
                return False
            if begins_like_a_heading(flow.text) and (flow.is_bold or flow.centred):
                return False
            if len(flow.text) >= SHORTEST_PROSE and not flow.is_bold and not flow.centred:
                return begins_with_prose(flow)
        return False

    def _labels(self, index: int) -> bool:
        """Whether a block is a bare label, such as `Chapter 1`, above the title in an element of headings."""
        flow = self.flows[index]
        below = self.flows[index + 1] if index + 1 < len(self.flows) else None
        if below is None or not is_bare_label(flow.text) or not below.heading:
            return False
        titled = next(labels_of(below.text), None)
        return titled is None or not titled.kind

    def _completes(self, index: int) -> bool:
        """Whether a block is the title below a bare label, such as `CHAPTER ONE`."""
        above, flow = self.flows[index - 1].text, self.flows[index]
        looks = flow.centred or flow.is_bold or flow.text.isupper()
        return (
            is_bare_label(above)
            and looks
            and len(flow.text) <= LONGEST_HEADING
            and flow.text[-1] not in ".;,:"
        )

    # Contents and key

    def _is_entry(self, index: int, place: int) -> bool:
        flow = self.flows[index]
        if flow.cell is not None:
            return self._pages_in_table(flow.cell.table)
        if flow.heading or len(flow.text) > 2 * LONGEST_HEADING:
            return False
        is_link = sum(end - start for start, end, _ in flow.links) * 2 > len(flow.text)
        return is_link or ENTRY.fullmatch(flow.text) is not None or len(flow.text) < 3

    def _pages_in_table(self, table: int) -> bool:
        cells = [f for f in self.flows if f.cell is not None and f.cell.table == table]
        last = max(f.cell.column for f in cells if f.cell is not None)
        ends = [f for f in cells if f.cell is not None and f.cell.column == last]
        pages = sum(is_page_number(f.text) for f in ends)
        linked = sum(bool(f.links) for f in cells)
        return pages * 2 > len(ends) or linked * 2 > len(cells)

    def _rows_follow(self, index: int) -> bool:
        following = [k for k in range(index + 1, min(index + 4, len(self.flows))) if k not in self.markers]
        return any(self._is_key_row(k) for k in following[:2])

    def _is_key_row(self, index: int) -> bool:
        flow = self.flows[index]
        if flow.heading:
            return False
        if flow.cell is not None:
            return True
        return len(flow.text) <= LONGEST_TITLE_LINE * 2 and KEY_LINE.fullmatch(flow.text) is not None

    # Notes

    def _begins_note(self, index: int, last: int) -> bool:
        flow = self.flows[index]
        number = number_of_note(flow.text) if not flow.heading else None
        before = self.flows[index - 1]
        if number is None and flow.item:
            return True
        if number is None or (flow.is_bold and (self._ends_notes(index) or not before.is_bold)):
            return False
        n, sign, length = number
        if sign:
            return True
        if flow.cell is not None:
            return flow.cell.column == 0
        alone = length == len(flow.text)
        return (
            n == last + 1
            or n == 1
            or (n > last and (alone or last == 0 or n in self.called or self.only_notes))
        )

    def _hear(self, index: int, what: What) -> None:
        """Take up the calls of a block that have no link; under a heading of a higher level they are over."""
        if what is What.HEADING and not self.flows[index].text[:1].islower():
            self.waiting = [] if self.flows[index].heading in (0, 1, 2) else self.waiting
        linked = self.links.calls.get(index, ())
        self.waiting += [
            (call.n, call.sign)
            for call in find_calls(self.flows[index], linked, self.links.form)
            if call.target is None
        ]

    def _answers(self, index: int) -> bool:
        """Whether a block of text is a note that a call before it waits for: in brackets, raised, or with a sign."""
        flow = self.flows[index]
        number = number_of_note(flow.text)
        if number is None or flow.quoted:
            return False
        n, sign, length = number
        # Set apart from the text: at the foot of a page, or by the name of its element.
        apart = flow.after_rule or "note" in flow.style.lower()
        if apart and n in self.called:
            self.called = {other for other in self.called if other > n}
            return length < len(flow.text)
        if not self.waiting or ((n, sign) != self.waiting[0] and not ((n, sign) in self.waiting and sign)):
            return False
        raised = bool(flow.raised) and flow.raised[0][0] == 0
        if not (raised or sign or flow.text[0] in "[("):
            return False
        self.waiting.remove((n, sign))
        return length < len(flow.text)

    def _ends_notes(self, index: int) -> bool:
        """Whether the text goes on after notes: a block that stands elsewhere than the note before it."""
        before = next((k for k in range(index - 1, -1, -1) if k not in self.markers), None)
        flow = self.flows[index]
        if before is None or flow.cell is not None:
            return False
        last = self.flows[before]
        if last.cell is not None:
            return flow.cell is None
        note = self.flows[self.last_note]  # the block that began the last note
        turned = before < index - 1
        if self._is_within_note(index):
            return False
        if turned and self.unfinished and not reads_on(last.text):
            return True  # the text goes on after notes at the foot of a page
        if (flow.place, flow.style) in ((last.place, last.style), (note.place, note.style)):
            return False
        # A number of a page can close the element in which a note stands.
        goes_on = turned and (flow.text[0].islower() or reads_on(last.text))
        return not (goes_on or (turned and self._note_follows(index, last)))

    def _is_within_note(self, index: int) -> bool:
        """Whether a block stands in the element that the last note begins, such as the item of a list."""
        note = self.flows[self.last_note]
        if not note.places or note.places[-1] not in self.flows[index].places:
            return False
        above = self.flows[self.last_note - 1] if self.last_note else None
        return above is None or note.places[-1] not in above.places

    def _note_follows(self, index: int, last: Flow) -> bool:
        """Whether another note like the last one stands before the next heading."""
        for k in range(index + 1, min(index + 6, len(self.flows))):
            flow = self.flows[k]
            if flow.heading or flow.is_bold:
                return False
            number = number_of_note(flow.text)
            if flow.style == last.style and number is not None and number[0] in self.called:
                return True
        return False

    def _heads_notes(self, index: int, region: What) -> bool:
        """Whether a heading among notes names the division whose notes follow."""
        following = next((k for k in range(index + 1, len(self.flows)) if k not in self.markers), None)
        if region is not What.NOTE or following is None:
            return False
        title = plain_title(self.flows[index].text)
        repeats = self.only_notes or any(
            title in (head, head[-len(title) :]) or title.endswith(head) for head in self.heads if head
        )
        if following in self.links.targets:
            return repeats or not self.flows[index].text[:1].islower()
        return repeats and self._begins_note(following, 0)

    def _is_below_table(self, index: int) -> bool:
        cell = self.flows[index - 1].cell
        return cell is not None and self.tables.get(cell.table) is Of.FIGURES

    def _is_before_table(self, index: int) -> bool:
        following = next(
            (f for k, f in enumerate(self.flows[index + 1 :], index + 1) if k not in self.markers), None
        )
        cell = following.cell if following else None
        return cell is not None and self.tables.get(cell.table) is Of.FIGURES

"""Finds the headings that the usual forms do not cover, by the evidence of the whole volume.

A heading is set apart, short, begins like a title and does not end like a sentence; running text follows it. That is
not enough: the same is true of items of a list. So a form of heading (`CHAPTER {n}`, `{n} –`, capitals, centred lines)
counts as a system: its numbers rise, or several lines are set alike over the volume. Only words that name a division
(`Chapter One`), the sign `§`, the titles that every book may have, and what the manifest declares need no company.

The levels follow from the words, from the manifest's order, or from the way in which the forms stand in one another:
numbers that begin anew under each heading of another form are numbers of the level below.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus_import.parsing.blocks import is_open
from corpus_import.parsing.elements import Between, Block, Draft, Line, Role
from corpus_import.parsing.forms.declared import Declared
from corpus_import.parsing.forms.glued import ENDS_SENTENCE, HEADING_MEASURE, RULE, TITLE_LINES, is_certain
from corpus_import.parsing.forms.labels import NumberLabel, begins_title, labels_of, names_picture
from corpus_import.parsing.forms.levels import Found, Levels
from corpus_import.parsing.forms.numbers import value_of_figures
from corpus_import.parsing.forms.titles import kind_of_title
from corpus_import.parsing.recognise import (
    BACK_TITLES,
    CAPITAL,
    CHAPTER,
    FRONT_TITLES,
    LETTERED,
    NOTE_NUMBER,
    NOTE_PAGE,
    NUMBERED,
    PART,
    ROMAN,
    is_key_heading,
    is_notes_heading,
    is_row_of_figures,
    titled,
)
from reader.text.page_numbers import PAGE_NUMBER

# The most lines, words and characters of a heading.
MOST_LINES, MOST_WORDS, MOST_CHARACTERS = 7, 40, 400
# The blocks of the first witness that can hold the title block, which further witnesses repeat.
FIRST_BLOCKS = 40
# The most items of a list that are looked back at.
MOST_ITEMS = 100
# The columns before a heading that is set in, less than a paragraph.
HEADING_INDENT = (2, 3)
# The fewest headings that make a list of headings.
FEWEST_IN_LIST = 3
# Of headings that end with a full stop, the share in their series.
MOST_STOPPED = 0.8
# The fewest headings that make a system, without and with a number.
FEWEST_SET_APART = 2
# The most words of a heading without number, capitals or any other sign, in a text whose paragraphs are not indented:
# if so many of them begin at the margin.
WORDS_OF_A_LINE, FLUSH = 10, 0.7
# A line is centred if its middle is this near to the middle of the measure; fewer spaces before it show nothing.
CENTRED_WITHIN, FEWEST_SPACES = 6, 6
TAB = 8
# `* * *`, `***`, `⁂`: a break between sections that has no heading.
BREAK = re.compile(r"(?:[*•·⁂❦☙❧](?:\s*[*•·⁂❦☙❧]){2,8}|⁂|❦|❧)")
# `[Illustration: The tower]`, `-- From a letter`: captions of pictures, sources of quotations.
_PICTURE = re.compile(
    r"\[\s*(?:illustration|figure|fig\.|plate|picture|image|map|photo\w*)\b.*\]", re.IGNORECASE
)
_SOURCE = re.compile(r"(?:--|[—–])\s*[^\W\d_](?!\s*[—–-])")
# `Selby, 3 March 1871`: a letter begins.
_DATE = re.compile(
    r",\s*(?:the\s+)?(?:\d{1,2}\w{0,2}\.?\s+[^\W\d_]+|[^\W\d_]+\.?\s+\d{1,2}\w{0,2}),?\s+\d{4}\.?$"
)
# `_The title_`, `/The title/`: italics as a typist writes them.
_SLANTED = re.compile(r"([_*/])[^\W\d_](?:(?!\1).)*(?!\1)[^\s]\1")
_INITIAL = re.compile(r"[^\W\d_a-zа-я]\.\s")
# The ways in which headings without a number are set, from the surest to the least sure.
_STYLES = ("underlined", "slanted", "capitals", "centred", "set in", "deep", "margin")
_PAGE = re.compile(PAGE_NUMBER)
_USUAL = (PART, CHAPTER, NUMBERED, ROMAN, LETTERED, CAPITAL)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A block that may be a heading, with the labels that it may have."""

    at: int
    labels: tuple[NumberLabel, ...]
    title: str  # what stands behind the first label, or the whole text


# Finding


def find_forms(draft: Draft, tables: set[int], declared: Sequence[Declared]) -> tuple[list[Found], set[int]]:
    """The headings of forms that the usual ones do not cover, in order; and the blocks that are ornaments."""
    finder = _Finder(draft, tables, declared)
    return finder.find()


class _Finder:
    """Gathers candidates, judges each form by its series, and tells the levels."""

    def __init__(self, draft: Draft, tables: set[int], declared: Sequence[Declared]) -> None:
        self.blocks = draft.blocks
        self.manifest = draft.manifest
        self.texts = draft.witnesses
        self.prose = draft.measures.prose
        self.tables = tables
        self.declared = declared
        self.joined = [" ".join(line.text for line in b.lines[: MOST_LINES + 1]) for b in draft.blocks]
        self.taken: dict[int, Found] = {}  # the headings that were found, by the index of their first block
        self.titles: set[int] = set()  # blocks that are the title below a label
        self.ornaments: set[int] = set()
        self.in_notes = self._find_notes()
        self.last_titles = self._find_last_titles()
        self.times = Counter(self.joined)
        self.candidates: dict[int, _Candidate] = {}
        self.indent = self._usual_indent()
        self.is_flush = self._is_flush()

    def find(self) -> tuple[list[Found], set[int]]:
        """The headings in order, and the blocks that are ornaments."""
        for index in range(len(self.blocks)):
            if candidate := self._candidate(index):
                self.candidates[index] = candidate
        self._take_declared()
        self._take_numbered()
        self._take_titles()
        self._take_set_apart()
        self._find_ornaments()
        return self._with_levels(), self.ornaments

    # What can be a heading

    def left(self, line: Line) -> int:
        """The columns before a line's text; a tab goes to the next eighth."""
        before = self.texts[line.witness].text[line.start - line.indent : line.start]
        return len(before.expandtabs(TAB))

    def _find_notes(self) -> set[int]:
        """The blocks after a heading *Notes*, up to the next paragraph or heading that notes cannot have."""
        inside: set[int] = set()
        within = False
        for index, block in enumerate(self.blocks):
            if len(block.lines) == 1 and is_notes_heading(block.first.text, self.manifest.notes_heading):
                within = True
            elif block.role in (Role.TITLE, Role.CONTENTS) or index in self.taken:
                within = False
            elif within:
                inside.add(index)
        return inside

    def _find_last_titles(self) -> set[int]:
        """The last block of each further witness's title block, if it is in no other title block: perhaps a heading."""
        times = Counter(self.joined[k] for k, block in enumerate(self.blocks) if block.role is Role.TITLE)
        first = {
            text
            for text, b in zip(self.joined, self.blocks[:FIRST_BLOCKS], strict=False)
            if not b.first.witness
        }
        return {
            k
            for k, (block, after) in enumerate(pairwise(self.blocks))
            if block.role is Role.TITLE
            and after.role is Role.TEXT
            and block.first.witness == after.first.witness > 0
            and times[self.joined[k]] == 1
            and self.joined[k] not in first
        }

    def _candidate(self, index: int) -> _Candidate | None:
        block = self.blocks[index]
        text = self.joined[index]
        if index in self.tables or len(block.lines) > MOST_LINES:
            return None
        if block.role is not Role.TEXT and index not in self.last_titles:
            return None
        if len(text) > MOST_CHARACTERS or len(text.split()) > MOST_WORDS or not any(map(str.isalnum, text)):
            return None
        if self.prose and max(len(line.text) for line in block.lines) > self.prose * HEADING_MEASURE:
            return None
        if NOTE_PAGE.search(text) or is_row_of_figures(block.first.text) or text[-1] in ",;":
            return None
        if _PICTURE.fullmatch(text) or _SOURCE.match(text) or names_picture(text):
            return None
        if is_notes_heading(text, self.manifest.notes_heading) or is_key_heading(
            text, self.manifest.key_heading
        ):
            return None
        if not self._is_set_apart(index):
            return None
        if index in self.in_notes and NOTE_NUMBER.fullmatch(self.joined[index - 1]):
            return None  # the body of a note
        labels = []
        for label in labels_of(block.first.text) if index not in self.last_titles else ():
            title = self._title(block, label)
            if self._can_be_heading(title, label):
                labels.append(label)
        if not labels and not self._can_be_heading(text, None):
            return None
        return _Candidate(index, tuple(labels), self._title(block, labels[0]) if labels else text)

    def _title(self, block: Block, label: NumberLabel) -> str:
        first = block.first.text[label.size : len(block.first.text) - label.tail]
        return " ".join([first, *(line.text for line in block.lines[1:])]).strip()

    def _can_be_heading(self, title: str, label: NumberLabel | None) -> bool:
        """Whether the words of a title are those of a heading."""
        if not title:
            return label is not None
        certain = label is not None and label.form[0] in ("named", "sign", "mark")
        if title[-1] == ":" and (label or len(title.split()) > WORDS_OF_A_LINE):
            return False
        if title[-1] == ".":
            short = len(title.split()) <= 12 and not re.search(r"[a-zà-ÿа-я]{2}\.\s", title)
            # Where a number stands before it, the whole series decides.
            return title.isupper() or (short and label is not None and (certain or begins_title(title)))
        return certain or begins_title(title)

    def _is_set_apart(self, index: int) -> bool:
        """Whether nothing stands directly above or below that the block belongs to."""
        block = self.blocks[index]
        before = self.blocks[index - 1] if index else None
        if before is not None and before.first.witness == block.first.witness:
            # A sentence is open above: an interruption, unless that line is itself short.
            is_interruption = before.last.trailing == 1 and block.between is Between.BLANK
            if is_interruption and len(before.last.text) > self.prose * HEADING_MEASURE:
                return False
            below_rule = self._is_rule(index - 1)
            if (
                block.between is Between.NONE
                and not below_rule
                and (is_open(before.last) or self.left(block.first) < 2)
            ):
                return self._is_parted(index)
        if block.last.trailing != 1 or self._is_underlined(index):
            return True
        # A line that was broken is no end of a heading, unless a title in lines of its own follows.
        return len(block.lines) == 1 and (
            self.left(block.first) >= FEWEST_SPACES
            or any(label.size == len(block.first.text) for label in labels_of(block.first.text))
        )

    def _is_parted(self, index: int) -> bool:
        """Whether the block was parted from the one above, or is the heading below a heading."""
        above = self.joined[index - 1]
        return bool(ENDS_SENTENCE.search(above)) and is_certain(self.blocks[index].first.text, self.declared)

    def _is_prose(self, index: int) -> bool:
        """Whether a block is running text: lines that were broken, a long line, or a sentence."""
        if index >= len(self.blocks) or index in self.taken or index in self.titles:
            return False
        block, text = self.blocks[index], self.joined[index]
        if block.role in (Role.TITLE, Role.CONTENTS):
            return False
        if index in self.tables:
            return True
        if len(block.lines) >= 2 and len(block.first.text) > self.prose * 0.5:
            return True
        if self._is_cut_by_page(index):
            return True
        return len(text) > self.prose * HEADING_MEASURE or (
            bool(ENDS_SENTENCE.search(text)) and " " in text and not self._begins_with_number(index)
        )

    def _is_cut_by_page(self, index: int) -> bool:
        """Whether a page turned in a sentence that begins as paragraphs do: few words above, a small letter below."""
        after = index + 1
        if after >= len(self.blocks) or self.blocks[after].between is not Between.MARKER:
            return False
        goes_on = self.blocks[after].first.text[0].islower() and self.blocks[after].role is Role.TEXT
        is_paragraph = self.left(self.blocks[index].first) == self.indent
        return goes_on and is_paragraph and not ENDS_SENTENCE.search(self.joined[index])

    def _begins_with_number(self, index: int) -> bool:
        return next(
            (True for label in labels_of(self.blocks[index].first.text) if label.form[0] == "bare"), False
        )

    def _next(self, index: int) -> int:
        """The index of the block after a candidate and the title or the rule below it."""
        after = index + 1
        while after in self.titles or (after == index + 1 and self._is_underlined(index)):
            after += 1
        return after

    def _is_followed_by_prose(self, index: int) -> bool:
        """Whether running text follows, or one heading of another form and then running text."""
        after = self._next(index)
        for _ in range(3):
            if self._is_prose(after):
                return True
            if after not in self.candidates and after not in self.taken:
                return False
            after = self._next(after)
        return False

    # Titles below labels

    def _take_title_below(self, index: int, form: tuple[str, ...]) -> tuple[int, ...]:
        """The blocks of the title below a label that stands alone."""
        below: list[int] = []
        lines = 0
        for after in range(index + 1, min(index + 1 + TITLE_LINES, len(self.blocks))):
            block, text = self.blocks[after], self.joined[after]
            if block.role is not Role.TEXT or after in self.tables or after in self.taken:
                break
            if block.first.witness != self.blocks[index].first.witness or block.between is Between.MARKER:
                break
            lines += len(block.lines)
            if lines > TITLE_LINES or len(text.split()) > 30 or text[-1] in ",;:":
                break
            if block.filler or NOTE_PAGE.search(text):
                break  # the cell beside a note's number
            if max(len(line.text) for line in block.lines) > self.prose * HEADING_MEASURE:
                break
            if (text[-1] == "." and not text.isupper()) or _DATE.search(text):
                break
            goes_on = (
                bool(below) and self.blocks[below[-1]].last.trailing == 1 and block.between is Between.NONE
            )
            if not (begins_title(text) or goes_on) or RULE.fullmatch(text) or BREAK.fullmatch(text):
                break
            if is_notes_heading(text, self.manifest.notes_heading) or is_key_heading(
                text, self.manifest.key_heading
            ):
                break
            if (not goes_on and self._has_label(after, form)) or (
                kind_of_title(text) and self.times[text] > 1
            ):
                break
            if below and (block.between is not Between.NONE and not self._is_like(below[-1], after)):
                break
            # A paragraph of a few words can stand where a title would: only where more text follows is it one.
            if not below and not self._leads_on(after):
                break
            below.append(after)
        return tuple(below)

    def _has_label(self, index: int, form: tuple[str, ...]) -> bool:
        """Whether a line has a label of its own: of this form, with a word, or with a sign behind the number."""
        return any(
            label.form == form
            or label.form[0] in ("named", "sign", "mark", "dotted")
            or label.form[2:] not in ((), ("",))
            for label in labels_of(self.blocks[index].first.text)
        )

    def _is_like(self, a: int, b: int) -> bool:
        """Whether two blocks are set alike: both in capitals, or both centred."""
        both = (self.joined[a], self.joined[b])
        return all(text.isupper() for text in both)

    def _leads_on(self, index: int) -> bool:
        """Whether text, or another line of a title, follows a block that may be a title."""
        return any(
            after < len(self.blocks)
            and self.blocks[after].role is Role.TEXT
            and (
                self._is_prose(after)
                or after in self.candidates
                or after in self.tables
                or after in self.taken
            )
            for after in (index + 1, index + 2)
        )

    def _take(
        self, index: int, form: tuple[str, ...], kind: str, label: NumberLabel | None, title: str = ""
    ) -> None:
        alone = label is not None and label.size == len(self.blocks[index].first.text)
        # `Appendix A` is the whole of its title, and yet another line may follow.
        alone = alone or (
            label is not None and label.form[0] == "named" and len(self.joined[index].split()) == 2
        )
        alone = alone and len(self.blocks[index].lines) == 1
        at: tuple[int, ...] = (index,)
        value = label.value if label else ()
        self.taken[index] = Found(at, form, kind, label, value, title)
        below = self._take_title_below(index, form) if alone else ()
        # The form's other headings in capitals show that the next line in capitals belongs to the title.
        if not below and label is None and self.joined[index].isupper():
            below = self._more_capitals(index)
        if label and not below and form[0] == "named" and not kind and alone:
            # A word that is no name of a division is the title: `Letter the First`.
            label = replace(label, n="", size=0)
        self.titles.update(below)
        self.taken[index] = Found((index, *below), form, kind, label, value, title)

    def _more_capitals(self, index: int) -> tuple[int, ...]:
        after = index + 1
        if (
            after in self.candidates
            and self.blocks[after].between is Between.NONE
            and self.joined[after].isupper()
            and not self.candidates[after].labels
        ):
            return (after,)
        return ()

    # Forms with numbers

    def _take_declared(self) -> None:
        for index, candidate in self.candidates.items():
            if index in self.taken or index in self.titles:
                continue
            for form in self.declared:
                label = form.read(self.blocks[candidate.at].first.text)
                if label:
                    self._take(index, form.form, form.kind, label)
                    break

    def _take_numbered(self) -> None:
        series: dict[tuple[str, ...], list[tuple[int, NumberLabel]]] = defaultdict(list)
        for index, candidate in self.candidates.items():
            for label in candidate.labels:
                series[label.form].append((index, label))
        # What has words or a sign comes first; of the others the longest series.
        ranks = ("named", "sign", "mark", "dotted", "words", "bare")
        order = sorted(series, key=lambda form: (ranks.index(form[0]), -len(series[form])))
        for form in order:
            for index, label in self._judge(form, series[form]):
                if index in self.taken or index in self.titles:
                    continue
                is_bare = label.kind and label.size == len(self.blocks[index].first.text) == len(
                    self.joined[index]
                )
                # Where notes are numbered alike, a later stage would take it for one of them.
                is_like_note = form[0] == "bare" and self.left(self.blocks[index].first) < min(HEADING_INDENT)
                is_like_note = is_like_note and any(self._is_stopped(k) for k, _ in series[form])
                is_usual = self._is_usual(index) and not is_like_note
                if is_usual and not (is_bare and self._take_title_below(index, form)):
                    self.taken[index] = Found((index,), form, "", None, label.value)
                else:
                    self._take(index, form, label.kind, label)

    def _is_usual(self, index: int) -> bool:
        """Whether the later stages know the form, and read the heading where it stands."""
        block, text = self.blocks[index], self.joined[index]
        if text[-1] in ".;,:" or index in self.last_titles:
            return False
        below_number = index > 0 and self._labels_at(index - 1) and self._is_stopped(index - 1)
        if block.first.indent < 2 and (
            index in self.in_notes or block.between is Between.NONE or below_number
        ):
            return False
        if any(label.form[0] == "named" for label in self.candidates[index].labels):
            named = PART.fullmatch(text) or CHAPTER.fullmatch(text)
            return named is not None and value_of_figures(named["n"]) > 0
        return any(pattern.fullmatch(text) for pattern in _USUAL)

    def _judge(
        self, form: tuple[str, ...], members: Sequence[tuple[int, NumberLabel]]
    ) -> list[tuple[int, NumberLabel]]:
        """The members of a form that are headings; empty if the form is none."""
        members = [m for m in members if m[0] not in self.taken and m[0] not in self.titles]
        certain = form[0] in ("named", "sign", "mark") and (
            form[0] != "named" or bool(members and members[0][1].kind)
        )
        usual = [m for m in members if self._is_usual(m[0])]
        if certain:
            return self._without_contents(members)
        # Notes can be numbered as chapters are, and end with a stop.
        notes = {index for index, _ in members if self._is_stopped(index)}
        plain = [m for m in members if m[0] not in notes and not self._is_item(m, notes)]
        plain = self._rising(form, [m for m in plain if self._is_usual(m[0]) or self._fits(form, *m)])
        if len(plain) >= FEWEST_SET_APART and plain[0][1].value == (1,) and self._are_followed(plain):
            return plain
        members = [m for m in members if not self._is_item(m)]
        members = [m for m in members if self._is_usual(m[0]) or self._fits(form, *m)]
        members = self._without_sentences(self._rising(form, members))
        if len(members) < FEWEST_SET_APART:
            return [m for m in members if m in usual]
        return members if self._are_followed(members) else []

    def _are_followed(self, members: Sequence[tuple[int, NumberLabel]]) -> bool:
        """Whether running text follows most headings of a series: directly, or below a title, a date, an address."""
        followed = sum(
            self._is_followed_by_prose(index) or self._is_over_title(index, label) for index, label in members
        )
        if (
            followed * 2 <= len(members)
            and members[0][1].form[0] == "named"
            and len(members) >= FEWEST_IN_LIST
        ):
            ends = [index for index, _ in members[1:]] + [len(self.blocks)]
            followed = sum(
                any(self._is_prose(k) for k in range(index + 1, min(end, index + 1 + MOST_LINES)))
                for (index, _), end in zip(members, ends, strict=True)
            )
        return followed * 2 > len(members)

    def _is_stopped(self, index: int) -> bool:
        return self.joined[index][-1] == "." and not self.joined[index].isupper()

    def _is_over_title(self, index: int, label: NumberLabel) -> bool:
        """Whether a number alone stands directly over its title, and running text follows."""
        if label.size != len(self.joined[index]):
            return False
        below = self._take_title_below(index, label.form)
        return bool(below) and self._is_prose(below[-1] + 1)

    def _without_sentences(self, members: Sequence[tuple[int, NumberLabel]]) -> list[tuple[int, NumberLabel]]:
        """The members without those that end with a full stop, unless headings do in this series.

        Then nearly all of them do, stand elsewhere than paragraphs and notes begin, and text follows that is no item.
        """
        stopped = [index for index, _ in members if self._is_stopped(index)]
        apart = [
            index
            for index in stopped
            if self.indent != self.left(self.blocks[index].first) >= min(HEADING_INDENT)
            and self._is_followed_by_prose(index)
            and not NOTE_NUMBER.match(self.joined[self._next(index)])
        ]
        if len(apart) >= FEWEST_IN_LIST and len(apart) == len(stopped) >= len(members) * MOST_STOPPED:
            return list(members)
        return [member for member in members if member[0] not in stopped]

    def _without_contents(self, members: Sequence[tuple[int, NumberLabel]]) -> list[tuple[int, NumberLabel]]:
        """The members without those that stand in a list of headings and come again with their text."""
        times = Counter((label.form, label.value) for _, label in members if label.value)
        listed = self._listed(members)
        return [
            (index, label)
            for index, label in members
            if index not in listed
            and not (
                times[label.form, label.value] > 1
                and (self._leads_to_another(index, label.form) or self._leads_to_page(index))
            )
        ]

    def _listed(self, members: Sequence[tuple[int, NumberLabel]]) -> set[int]:
        """The members that stand one below the other before any text: a list of headings, not the headings."""
        listed: set[int] = set()
        for index, label in members:
            if any(self._is_prose(k) for k in range(max(listed, default=-1) + 1, index)):
                break
            listed.add(index)
            if not self._leads_to_another(index, label.form):
                after = index + 1
                while after in self.candidates and not self.candidates[after].labels:
                    after += 1
                if self._is_prose(after):
                    listed.discard(index)
                break
        return listed if len(listed) >= FEWEST_IN_LIST else set()

    def _leads_to_another(self, index: int, form: tuple[str, ...]) -> bool:
        """Whether the next heading of a form follows before any running text."""
        for after in range(index + 1, min(index + 2 + TITLE_LINES, len(self.blocks))):
            if any(label.form == form for label in self._labels_at(after)):
                return True
            if self._is_prose(after):
                return False
        return False

    def _leads_to_page(self, index: int) -> bool:
        """Whether a page's number alone stands below a heading and its title: an entry of a contents list."""
        for after in range(index + 1, min(index + 2 + TITLE_LINES, len(self.blocks))):
            if self._labels_at(after) and not _PAGE.fullmatch(self.joined[after]):
                return False
            if _PAGE.fullmatch(self.joined[after]):
                return True
        return False

    def _labels_at(self, index: int) -> tuple[NumberLabel, ...]:
        return self.candidates[index].labels if index in self.candidates else ()

    def _is_item(self, member: tuple[int, NumberLabel], but: Collection[int] = ()) -> bool:
        """Whether a candidate is an item of a list: after a colon, or beside another item; `but` are none."""
        index, label = member
        before = index - 1
        while index - before < MOST_ITEMS and self._has_form(before, label.form) and before not in but:
            before -= 1
        # `joined` has the first lines alone.
        if before >= 0 and self.blocks[before].last.text.endswith((":", ":--", ": --", ",", ";")):
            return True
        beside = (k for k in (index - 1, index + 1) if k not in but)
        return any(self._has_form(k, label.form) for k in beside)

    def _has_form(self, index: int, form: tuple[str, ...]) -> bool:
        return index >= 0 and any(label.form == form for label in self._labels_at(index))

    def _fits(self, form: tuple[str, ...], index: int, label: NumberLabel) -> bool:
        """Whether a heading with a bare number is set as one: text after it, and no note or page number."""
        block = self.blocks[index]
        alone = label.size == len(block.first.text) and len(block.lines) == 1
        if _INITIAL.match(block.first.text, label.size) and form[1:2] != ("arabic",):
            return False  # `V. G. Groman`: a name
        if index in self.in_notes and form[0] in ("bare", "words"):
            if NOTE_NUMBER.fullmatch(self.joined[index - 1]) or len(block.lines) > 1:
                return False
            is_alone = label.size == len(block.first.text)
            below = self._take_title_below(index, form) if is_alone else ()
            after = self._next((index, *below)[-1])
            # A note's number stands at the margin.
            is_number = is_alone and form[1:2] == ("arabic",) and self.left(block.first) < min(HEADING_INDENT)
            if is_number or after >= len(self.blocks) or not self._is_prose(after):
                return False
            follows = self.blocks[after]
            return (
                not NOTE_NUMBER.match(follows.first.text)
                and (
                    self.left(follows.first) >= 2
                    or len(follows.lines) >= 2
                    or len(follows.first.text) > self.prose
                )
                and block.between is not Between.NONE
            )
        if index and not self._is_finished(index - 1):
            return False
        if form[2:] == ("[]",) and self.left(block.first) < min(HEADING_INDENT):
            return False  # a note
        if alone and form[1:2] == ("arabic",) and self.left(block.first) < FEWEST_SPACES:
            title = self._take_title_below(index, form)
            return bool(title)
        if not alone and form == ("bare", "arabic", ""):
            return (
                begins_title(block.first.text[label.size :]) and block.first.text[label.size].isalpha()
            ) or '"' in block.first.text
        return True

    def _is_finished(self, index: int) -> bool:
        """Whether the block before a heading is: a sentence, a heading, a note, a table."""
        if index in self.taken or index in self.titles or index in self.tables or index in self.candidates:
            return True
        text = (
            self.joined[index]
            if len(self.blocks[index].lines) <= MOST_LINES
            else self.blocks[index].last.text
        )
        return bool(ENDS_SENTENCE.search(text)) or not is_open(self.blocks[index].last)

    def _rising(
        self, form: tuple[str, ...], members: Sequence[tuple[int, NumberLabel]]
    ) -> list[tuple[int, NumberLabel]]:
        """The members whose numbers rise by one, or begin anew."""
        kept: list[tuple[int, NumberLabel]] = []
        for k, (index, label) in enumerate(members):
            value = label.value
            last = kept[-1][1].value if kept else ()
            after = members[k + 1][1].value if k + 1 < len(members) else ()
            if form[0] == "dotted":
                if not last or value > last or value[-1] == 1:
                    kept.append((index, label))
                continue
            begins = value == (1,) or (not kept and bool(after) and after[0] == value[0] + 1)
            goes_on = bool(last) and last[0] < value[0] <= last[0] + 3
            if begins or goes_on:
                kept.append((index, label))
        return kept

    # Titles that every book may have

    def _take_titles(self) -> None:
        times: Counter[str] = Counter()
        found: list[tuple[int, str]] = []
        for index, candidate in self.candidates.items():
            if index in self.taken or index in self.titles or any(x.kind for x in candidate.labels):
                continue
            text = self.joined[index]
            kind = kind_of_title(text)
            if not kind or (
                self.blocks[index].between is Between.NONE and self.left(self.blocks[index].first) < 2
            ):
                continue
            if self._is_known_title(index):
                # The later stages know it where it stands.
                self.taken[index] = Found((index,), ("title",), kind, None, (), text)
                continue
            found.append((index, kind))
            times[text.casefold()] += 1
        for index, kind in found:
            if times[self.joined[index].casefold()] >= FEWEST_SET_APART:
                kind = "section" if any(k < index for k in self.taken) else kind
            if self._next(index) < len(self.blocks):
                label = NumberLabel(("title",), kind, "", (), 0)
                self._take(index, ("title",), kind, label, self.joined[index])

    def _is_known_title(self, index: int) -> bool:
        text = self.joined[index]
        return (
            self.blocks[index].first.indent >= 2
            and (titled(text, FRONT_TITLES) or titled(text, BACK_TITLES))
            and text[-1] not in ".:"
        )

    # Headings without a number

    def _take_set_apart(self) -> None:
        """Lines in capitals, underlined, centred: where several are set alike over the volume."""
        self.in_notes = self._find_notes()  # they end with the headings that were found
        alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
        times = Counter(self.joined[index] for index in self.candidates)
        for index, candidate in self.candidates.items():
            if (
                index in self.taken
                or index in self.titles
                or candidate.labels
                or times[self.joined[index]] > 1
            ):
                continue
            if self._is_known_title(index) or not self._is_like_a_title(index):
                continue
            style = self._style(index)
            if style and not (self.joined[index][-1] == ":" and style[0] in ("deep", "margin")):
                alike[style].append(index)
        for style in sorted(alike, key=lambda s: _STYLES.index(s[0])):
            members = [k for k in alike[style] if k not in self.taken and k not in self.titles]
            members = [k for k in members if self._is_headed_text(k)]
            if len(members) >= (FEWEST_IN_LIST if style[0] in ("deep", "margin") else FEWEST_SET_APART):
                for index in members:
                    if index not in self.titles:
                        signs = int(style[0] == "slanted")  # before and after the title
                        tail = signs + (self.joined[index][-1] == ":")
                        self._take(index, style, "", NumberLabel(style, "", "", (), signs, tail))

    def _is_like_a_title(self, index: int) -> bool:
        text = self.joined[index]
        letters = sum(map(str.isalpha, text))
        return (
            letters >= 3 and letters * 2 > len(text.replace(" ", "")) and (text[-1] != "." or text.isupper())
        )

    def _is_headed_text(self, index: int) -> bool:
        """Whether running text follows, directly or below one heading that was found already."""
        before = index - 1
        if before >= 0 and self.blocks[before].last.text.endswith(":") and before not in self.taken:
            return False
        after = self._next(index)
        if after in self.candidates and after not in self.taken and self.joined[after].isupper():
            after = self._next(after)
        while self._is_rule(after):
            after += 1
        return self._is_prose(after) or (after in self.taken and any(k < index for k in self.taken))

    def _is_rule(self, index: int) -> bool:
        return (
            0 <= index < len(self.blocks)
            and len(self.blocks[index].lines) == 1
            and RULE.fullmatch(self.blocks[index].first.text) is not None
        )

    def _is_underlined(self, index: int) -> bool:
        return self._is_rule(index + 1) and self.blocks[index + 1].between is Between.NONE

    def _style(self, index: int) -> tuple[str, ...]:
        """The way in which a line without a number is set, if it is one of a heading."""
        block, text = self.blocks[index], self.joined[index]
        left = self.left(block.first)
        if self._is_underlined(index):
            return "underlined", self.blocks[index + 1].first.text[0]
        if block.between is Between.NONE and left < FEWEST_SPACES and not self._is_rule(index - 1):
            return ()
        if len(block.lines) == 1 and _SLANTED.fullmatch(text):
            return "slanted", text[0]
        if text.isupper() and max(len(word) for word in re.findall(r"[^\W\d_]+", text)) >= 3:
            return "capitals", "margin" if left < 2 else "indented"
        middle = left + len(text) / 2
        if left >= FEWEST_SPACES and len(block.lines) == 1 and abs(middle - self.prose / 2) <= CENTRED_WITHIN:
            return ("centred",)
        if left in HEADING_INDENT and self.indent > max(HEADING_INDENT) and index - 1 not in self.taken:
            return "set in", str(left)
        is_deep = left >= FEWEST_SPACES and left > self.indent and len(block.lines) == 1
        is_deep = is_deep and not (index and self._is_set_alike(index - 1, left))
        if is_deep and self._is_finished(index - 1 if index else 0):
            return "deep", str(left)
        if left == 0 and self.indent >= max(HEADING_INDENT) and self._stands_between_paragraphs(index):
            return ("margin",)
        if left == 0 and self.is_flush and self._stands_between_flush_paragraphs(index):
            return ("margin",)
        return ()

    def _is_set_alike(self, index: int, left: int) -> bool:
        """Whether all lines of a block of text stand as far from the margin as the line below: its source, a verse."""
        if index in self.taken or index in self.titles:
            return False
        return all(self.left(line) == left for line in self.blocks[index].lines)

    def _stands_between_paragraphs(self, index: int) -> bool:
        """Whether a line at the margin, in blank lines, stands over a paragraph that is indented as most are."""
        block, after = self.blocks[index], index + 1
        if len(block.lines) > 1 or "  " in block.first.text or index in self.in_notes:
            return False
        if (
            after >= len(self.blocks)
            or not self._is_prose(after)
            or not self._is_finished(index - 1 if index else 0)
        ):
            return False
        return (
            self.blocks[after].between is Between.BLANK
            and self.left(self.blocks[after].first) == self.indent
            and block.between is Between.BLANK
        )

    def _stands_between_flush_paragraphs(self, index: int) -> bool:
        """Whether a few words in blank lines stand between two paragraphs of a text that indents none."""
        block, after = self.blocks[index], index + 1
        text = block.first.text
        if len(block.lines) > 1 or "  " in text or index in self.in_notes or after >= len(self.blocks):
            return False
        if len(text.split()) > WORDS_OF_A_LINE or not text[-1].isalpha() or after in self.tables:
            return False
        before = index - 1
        is_finished = index == 0 or before in self.taken or before in self.titles
        if not is_finished and not ENDS_SENTENCE.search(self.blocks[before].last.text):
            return False
        below = self.blocks[after]
        is_long = len(below.lines) > 1 or len(below.first.text) > self.prose
        return (
            is_long
            and self._is_prose(after)
            and below.between is Between.BLANK
            and (index == 0 or block.between is not Between.NONE)
        )

    def _is_flush(self) -> bool:
        """Whether most paragraphs begin at the margin, all their lines with them."""
        long = [
            block
            for k, block in enumerate(self.blocks)
            if block.role is Role.TEXT
            and k not in self.tables
            and (len(block.lines) > 1 or len(block.first.text) > self.prose)
        ]
        flush = sum(all(self.left(line) < 2 for line in block.lines[:2]) for block in long)
        return flush > len(long) * FLUSH

    def _usual_indent(self) -> int:
        """The columns before most paragraphs of two lines or more."""
        counted = Counter(
            self.left(block.first)
            for block in self.blocks
            if block.role is Role.TEXT and len(block.lines) >= 2 and self.left(block.first) >= 2
        )
        return max(counted, key=lambda left: counted[left], default=0)

    # Ornaments

    def _find_ornaments(self) -> None:
        for index, block in enumerate(self.blocks):
            if block.role is not Role.TEXT or index in self.tables or len(block.lines) != 1:
                continue
            text = block.first.text
            heads = (index - 1 in self.taken or index - 1 in self.titles, index + 1 in self.taken)
            is_rule = RULE.fullmatch(text) is not None and any(heads) and not BREAK.fullmatch(text)
            if is_rule or (BREAK.fullmatch(text) and index not in self.in_notes):
                self.ornaments.add(index)

    # Levels

    def _with_levels(self) -> list[Found]:
        found = [self.taken[index] for index in sorted(self.taken)]
        usual = [self._usual_kind(f) for f in found]
        levels = Levels(found, usual, self._is_prose_between(found), alone=self._is_numbered_alone())
        told = []
        for f, was, kind in zip(found, usual, levels.kinds(), strict=True):
            if f.label is None and f.form in levels.moved:
                # A usual form on another level than usual: its label says so to the later stages.
                label = next(label for label in self.candidates[f.at[0]].labels if label.form == f.form)
                told.append(replace(f, kind=kind, label=label))
            else:
                told.append(replace(f, kind=was if f.label is None else kind))
        return told

    def _is_numbered_alone(self) -> bool:
        """Whether a `1. The title` stands alone, in no series, where a later stage reads it as a chapter's heading."""
        return any(
            index not in self.taken
            and index not in self.titles
            and index not in self.tables
            and block.role is Role.TEXT
            and len(block.lines) <= MOST_LINES
            and self.left(block.first) in HEADING_INDENT
            and (numbered := NUMBERED.fullmatch(self.joined[index])) is not None
            and begins_title(numbered["head"])
            and numbered["head"][-1] not in ".;,:"
            and max(len(line.text) for line in block.lines) <= self.prose * HEADING_MEASURE
            and not NOTE_PAGE.search(self.joined[index])
            and self._is_prose(index + 1)
            for index, block in enumerate(self.blocks)
        )

    def _usual_kind(self, found: Found) -> str:
        """The kind that a heading has whatever the volume's forms are; `?` where their order decides."""
        if found.kind or found.label is not None:
            return found.kind or "?"
        text = self.joined[found.at[0]]
        for pattern, kind in (
            (PART, "part"),
            (CHAPTER, "chapter"),
            (ROMAN, "section"),
            (NUMBERED, "numbered"),
            (CAPITAL, "section"),
            (LETTERED, "subsection"),
        ):
            if pattern.fullmatch(text):
                return kind
        return "front"

    def _is_prose_between(self, found: Sequence[Found]) -> list[bool]:
        """For each heading, whether running text stands between it and the next one."""
        return [any(self._is_prose(k) for k in range(a.at[-1] + 1, b.at[0])) for a, b in pairwise(found)] + [
            True
        ]

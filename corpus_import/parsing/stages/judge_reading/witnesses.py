"""How far the files are text of a book at all: layout, script, markup, the share of prose."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from corpus_import.parsing.elements import Draft, ParagraphKind, Role
from corpus_import.parsing.stages.judge_reading.limits import MOST_PLACES, Count
from corpus_import.parsing.stages.judge_reading.texts import Place, place_of

# A file whose layout is there has more indented or blank lines than one in this many.
ONE_LINE_IN = 100
_TAGS = (
    "html|head|body|div|span|p|br|hr|a|b|i|em|strong|sup|sub|ul|ol|li|table|tr|td|th|h[1-6]|img|font|meta|link"
    "|script|style"
)
MARKUP = re.compile(
    rf"</?(?:{_TAGS})(?:\s[^<>]{{0,300}})?/?>"
    r"|&(?:nbsp|amp|lt|gt|quot|mdash|ndash|#\d{1,5});"
    r"|\\(?:par|pard|begin|end|section|chapter|textit|emph|footnote)\b",
    re.IGNORECASE,
)
# UTF-8 that was decoded as Latin-1 or Windows-1252, and signs that no text holds.
GARBLED = re.compile("Ã[\x80-\xbf€-™]|â€.|Â[\x80-\xbf]|[ÐÑ][\x80-\xbf]|[\ufffd\x01-\x08\x0e-\x1f\x7f-\x84]")
# The first word of the names that Unicode gives to letters, by the languages' codes.
SCRIPTS = {
    "ar fa ur": "ARABIC",
    "be bg mk ru uk": "CYRILLIC",
    "el grc": "GREEK",
    "he yi": "HEBREW",
    "ca cs da de en eo es et fi fr hr hu it la lt lv nb nl nn no pl pt ro sk sl sv tr": "LATIN",
}
SCRIPT_OF = {language: script for languages, script in SCRIPTS.items() for language in languages.split()}
_WORDS = re.compile(r"[^\W\d_]+")
# About so many characters of a witness show its script, and so many of a paragraph whether it is prose.
SAMPLE, BEGINNING = 20_000, 400
# A paragraph of prose has this share of letters among its characters, white space aside.
LETTERS = 0.7
# A line was broken early if it and the next word fill no more than this share of the paragraph's widest line.
FILLED = 0.8
# The fewest lines of a block whose breaks are judged.
LINES_OF_A_BLOCK = 3


def count_witnesses(draft: Draft) -> Iterator[Count]:
    """Count what shows that a file is another kind of file, or has lost its layout."""
    yield from _layout(draft)
    yield _markup(draft)
    yield from _letters(draft)
    yield _garbled(draft)
    yield _prose(draft)
    yield _early_breaks(draft)


def _layout(draft: Draft) -> Iterator[Count]:
    """Count the lines of files without blank lines, indents, spaces at the ends of lines."""
    shown = {witness.n for witness in draft.witnesses if witness.shown}
    lines = Counter(line.witness for line in draft.lines if line.text and line.witness not in shown)
    blank = Counter(line.witness for line in draft.lines if not line.text)
    indents = Counter(line.witness for line in draft.lines if line.indent >= 2 and line.text)
    open_ended = Counter(line.witness for line in draft.lines if line.trailing)
    of = lines.total()
    not_blank = {n for n, count in lines.items() if blank[n] * ONE_LINE_IN < count}
    not_indented = {n for n, count in lines.items() if indents[n] * ONE_LINE_IN < count}
    for code, files in (
        ("layout-lost", not_blank & not_indented),
        ("no-blank-lines", not_blank - not_indented),
        ("no-indents", not_indented - not_blank),
        ("no-trailing-spaces", {n for n, count in lines.items() if open_ended[n] * ONE_LINE_IN < count}),
    ):
        yield Count(code, sum(lines[n] for n in files), of, tuple((n, 1) for n in sorted(files)))


def _markup(draft: Draft) -> Count:
    count, places = 0, []
    for witness in draft.witnesses:
        if "<" not in witness.text and "&" not in witness.text and "\\" not in witness.text:
            continue
        found = [tag.start() for tag in MARKUP.finditer(witness.text)]
        count += len(found)
        places += [(witness.n, witness.line_at(start)) for start in found[:MOST_PLACES]]
    return Count("markup-in-text", count, len(draft.lines), tuple(dict.fromkeys(places)))


def _letters(draft: Draft) -> Iterator[Count]:
    """Count letters of another script than the language's, and letters that are all capitals or all small."""
    wanted = SCRIPT_OF.get(draft.manifest.language.partition("-")[0].lower())
    other = capital = small = letters = 0
    for witness in draft.witnesses:
        step = len(witness.text) // SAMPLE + 1
        for character, count in Counter(witness.text[::step]).items():
            if character.isalpha():
                letters += count * step
                other += count * step if wanted and not _is_of(character, wanted) else 0
                capital += count * step if character.isupper() else 0
                small += count * step if character.islower() else 0
    yield Count("other-script", other, letters, ((0, 1),))
    yield Count("one-case", max(capital, small), capital + small, ((0, 1),))


def _is_of(letter: str, script: str) -> bool:
    # Greek and other letters of formulas, and ordinals, are rare enough to count as another script.
    return unicodedata.name(letter, "").startswith(script)


def _garbled(draft: Draft) -> Count:
    count = of = 0
    places: list[Place] = []
    texts = [p.text for p in draft.paragraphs] + [p.text for note in draft.notes for p in note.paragraphs]
    for text in texts:
        string = text.string
        of += len(string)
        if not string.isascii() and (found := len(GARBLED.findall(string))):
            count += found
            if len(places) < MOST_PLACES:
                places.append(place_of(draft, text))
    return Count("garbled-letters", count, of, tuple(places))


def _prose(draft: Draft) -> Count:
    count = of = 0
    places: list[Place] = []
    for paragraph in draft.paragraphs:
        string = paragraph.text.string
        of += len(string)
        if paragraph.kind is ParagraphKind.TABLE or not _is_of_words(string[:BEGINNING]):
            count += len(string)
            if len(places) < MOST_PLACES:
                places.append(place_of(draft, paragraph.text))
    return Count("little-prose", count, of, tuple(places))


def _is_of_words(text: str) -> bool:
    signs = len(_WORDS.sub("", text))
    spaces = text.count(" ")
    return len(text) - signs >= LETTERS * (len(text) - spaces)


def _early_breaks(draft: Draft) -> Count:
    early = of = 0
    places = []
    for block in draft.blocks:
        if block.role is not Role.TEXT or len(block.lines) < LINES_OF_A_BLOCK:
            continue
        widest = max(len(line.text) for line in block.lines)
        before = 0
        for k, line in enumerate(block.lines[1:]):
            word = line.text.find(" ", 0, widest)
            with_next = len(block.lines[k].text) + 1 + (word if word > 0 else len(line.text))
            before += with_next <= FILLED * widest
        of += len(block.lines) - 1
        if before:
            early += before
            places.append((block.first.witness, block.first.number))
    return Count("lines-broken-early", early, of, tuple(places[:MOST_PLACES]))

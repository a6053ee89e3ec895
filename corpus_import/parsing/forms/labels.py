"""The labels with which headings begin: `CHAPTER ONE`, `§ 3.`, `Second Part`, `IV – `, `1.2`, `## 2.` and others.

A label has a form, the same for all headings that are numbered alike; `labels_of` reads a line's label from the line
alone. Whether a line is a heading is decided by `headings`, from the series of a form over the volume.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus_import.parsing.forms.numbers import (
    value_of_figures,
    value_of_letter,
    value_of_ordinal,
    value_of_word,
)


def _words(row: str) -> frozenset[str]:
    return frozenset(row.split())


# The words for a division with the division's kind; a word that is not here can still be found by its series.
PART_WORDS = _words("part book partie livre parte libro livro teil buch часть книга deel tom")
CHAPTER_WORDS = _words(
    "chapter chap ch chapitre capítulo capitulo capitolo cap kapitel глава hoofdstuk rozdział kapitola"
)
SECTION_WORDS = _words("section sect abschnitt sección seccion seção seçao secção sezione раздел")
APPENDIX_WORDS = _words(
    "appendix annex annexe anexo apéndice apendice apêndice appendice anhang beilage приложение supplement"
)
# Words before the numbers of tables and pictures, and others before numbers that never name a division.
PICTURE_WORDS = _words(
    "table tableau tabelle tabla tabela tavola таблица figure fig figura abbildung abb рис рисунок plate map carte"
    " karte mapa chart diagram graph illustration"
)
NO_DIVISION = PICTURE_WORDS | _words(
    "page pag pág página seite страница стр note nota anmerkung примечание vol volume no nr number band том line"
    " column item january february march april may june july august september october november december"
)
# Words that name a division only where the number ends the line: `Article 3` is a heading, `Article 3 says` is none.
DIVISION_ALONE = _words("article articolo artículo artigo artikel статья act acte akt atto acto")

# The longest line that can begin with a label.
LONGEST = 400

_ARABIC, _ROMAN = r"[0-9]{1,3}", r"(?:[IVXLC]{1,7}|[ivxlc]{1,7})"
_WORD = r"[^\W\d_]{2,14}"
_NUMBER = rf"(?:{_ARABIC}(?![0-9])|{_ROMAN}(?!\w)|[A-Z](?!\w)|[^\W\d_]+(?:-[^\W\d_]+)?(?!\w))"
_DASH = r"(?:--|[-–—])"
_ARTICLE = r"(?:the|la|le|el|o|a|der|das|die|il|l')\s*"
# What parts a label from the title: a sign with space behind it, space alone, or the end of the line.
_AFTER = rf"(?P<sign>\s*(?:[.:)\]]+\s*{_DASH}|[.:)\]]|\s{_DASH}|[–—])(?=\s|$)|[.:]?[–—](?=[^\W\d_])|)\s*"

# A comma parts a label with a word from its title: `Part One, The sack`.
_NAMED = re.compile(
    rf"(?P<word>{_WORD})\.?\s+(?:{_ARTICLE}(?=[^\W\d_]{{4}}))?(?P<n>{_NUMBER})(?:{_AFTER}(?!,)|(?P<comma>,)\s+)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    rf"(?:{_ARTICLE}(?=\w))?(?P<n>[^\W\d_]{{3,14}}|[0-9]{{1,2}}(?:st|nd|rd|th|er|re|e|ère|ème|º|ª|°|-я|-й|\.)?"
    rf"|[IVXLC]{{1,7}}\.?)\s+(?P<word>{_WORD})(?!\w){_AFTER}",
    re.IGNORECASE,
)
_SIGNED = re.compile(rf"§+\s*(?P<n>{_ARABIC}[a-z]?|{_ROMAN})(?!\w){_AFTER}")
_DOTTED = re.compile(rf"(?P<n>(?:[0-9]{{1,3}}|[IVX]{{1,5}}|[A-Z])(?:\.[0-9]{{1,3}}){{1,4}}){_AFTER}")
_BARE = re.compile(rf"(?P<open>[(\[]?)(?P<n>{_ARABIC}|{_ROMAN}|[A-Za-z])(?!\w){_AFTER}")
_BETWEEN_DASHES = re.compile(rf"{_DASH}\s*(?P<n>{_ARABIC}|{_ROMAN})\s*{_DASH}")
# The number behind the title: `The sack and its weight (I)`
_BEHIND = re.compile(rf"(?P<title>\S.*?)\s+\((?P<n>{_ARABIC}|[IVXLC]{{1,7}})\)")
# The letters of a word, one space apart, with more space behind the word.
_SPACED = re.compile(r"(?:[^\W\d_] ){2,}[^\W\d_](?=\s{2,}|$)")
_IN_WORDS = re.compile(rf"(?P<n>[^\W\d_]+(?:-[^\W\d_]+)?){_AFTER}")
_MARKED = re.compile(r"(?P<mark>#{1,6})\s+(?=\S)")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<title>[^\s*_](?:[^*_]*[^\s*_])?)(?P=mark)")
_BETWEEN_SIGNS = re.compile(r"(?P<mark>={2,6})\s+(?P<title>\S(?:.*?\S)?)\s+(?P=mark)")
_TAGGED = re.compile(
    r"<h(?P<depth>[1-6])(?:\s[^<>]*)?>\s*(?P<title>[^\s<>][^<>]*?)\s*</h(?P=depth)>", re.IGNORECASE
)
# Words of languages that write an ordinal with a full stop: `2. Teil`.
_AFTER_ORDINAL_FIGURES = _words("teil buch kapitel abschnitt часть книга глава раздел rozdział")
_FIGURES_OF_ORDINAL = re.compile(r"[0-9]{1,2}|[IVXLC]{1,7}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberLabel:
    """The label of a heading.

    `form` is equal for labels that number alike; its first value is `named`, `sign`, `dotted`, `bare`, `words` or
    `mark`. `kind` is the kind of division that the words name, if they name one. `n` is the number as the edition
    writes it: words become figures. `value` orders the labels of a form; it is empty where there is no number.
    `size` is the number of characters before the title, `tail` the number of characters after it.
    """

    form: tuple[str, ...]
    kind: str
    n: str
    value: tuple[int, ...]
    size: int
    tail: int = 0


def kind_of_word(word: str) -> str:
    """The kind of division that a word names; empty for a word that names none, or any."""
    bare = word.casefold().rstrip(".")
    for words, kind in (
        (PART_WORDS, "part"),
        (CHAPTER_WORDS, "chapter"),
        (SECTION_WORDS, "section"),
        (APPENDIX_WORDS, "back"),
    ):
        if bare in words:
            return kind
    return ""


def is_bare_label(text: str) -> bool:
    """Whether a line is a label and nothing more, such as `Chapter 1`."""
    label = next(labels_of(text), None)
    return label is not None and bool(label.kind) and label.size >= len(text)


def labels_of(text: str) -> Iterator[NumberLabel]:
    """The labels that a line can have; a single letter can be a Roman number, too. Short lines only."""
    if len(text) > LONGEST:
        return
    marked = _MARKED.match(text)
    if marked:
        depth = str(len(marked["mark"]))
        inner = next(labels_of(text[marked.end() :]), None)
        size = marked.end() + (inner.size if inner and inner.size < len(text) - marked.end() else 0)
        numbered = inner is not None and size > marked.end()
        yield NumberLabel(("mark", depth), "", inner.n if inner and numbered else "", (), size)
        return
    tagged = _TAGGED.fullmatch(text)
    if around := tagged or _BOLD.fullmatch(text):
        inner = next(labels_of(around["title"]), None)
        start, n = around.start("title"), inner.n if inner else ""
        size = start + (inner.size if inner and inner.size < len(around["title"]) else 0)
        depth = tagged["depth"] if tagged else "bold"
        yield NumberLabel(
            ("mark", depth), "", n if size > start else "", (), size, len(text) - around.end("title")
        )
        return
    between = _BETWEEN_SIGNS.fullmatch(text)
    if between:
        depth = str(len(between["mark"]) - 1)
        yield NumberLabel(
            ("mark", depth), "", "", (), between.start("title"), len(text) - between.end("title")
        )
        return
    found = _named(text) or _spaced(text) or _ordinal(text) or _signed(text) or _dotted(text)
    if found:
        yield found
        return
    if (between := _BETWEEN_DASHES.fullmatch(text)) and (value := value_of_figures(between["n"])):
        yield NumberLabel(("bare", "dashes"), "", between["n"], (value,), len(text))
        return
    yield from _bare(text)
    behind = _BEHIND.fullmatch(text)
    if behind and begins_title(text) and (value := value_of_figures(behind["n"])):
        form = ("bare", "arabic" if behind["n"].isdigit() else "roman upper", "behind")
        yield NumberLabel(form, "", behind["n"], (value,), 0, len(text) - behind.end("title"))
    in_words = _IN_WORDS.match(text)
    if in_words and (value := value_of_word(in_words["n"])) and _parted(text, in_words):
        yield NumberLabel(("words",), "", str(value), (value,), in_words.end())


def names_picture(text: str) -> bool:
    """Whether a line begins with the number of a table or a picture, such as `Fig. 3`."""
    label = _NAMED.match(text[:LONGEST])
    if label is None or label["word"].casefold() not in PICTURE_WORDS:
        return False
    return value_of_figures(label["n"]) > 0


def names_division(text: str) -> bool:
    """Whether a line begins with a label that names a division, whatever stands around it, such as `CHAPTER TWO`."""
    return any(
        label.kind in ("part", "chapter") or label.form[0] in ("sign", "mark") for label in labels_of(text)
    )


def _parted(text: str, label: re.Match[str], signs: str = ".:)]–—-") -> bool:
    """Whether a label is the whole line, or a sign stands behind it and a title after that."""
    sign = (label["sign"] or "").strip()
    return label.end() == len(text) or (bool(sign) and sign[-1] in signs)


def begins_title(text: str) -> bool:
    """Whether text can be the beginning of a title: no small letter, no sign of a sentence that goes on."""
    bare = text.lstrip("\"“‘'«([¿¡„‚*_")
    return bool(bare) and not bare[0].islower() and bare[0] not in ",;.:!?)]%/+=<>|"


def _can_follow(text: str, label: re.Match[str]) -> bool:
    """Whether what stands after a label can be a title: behind a sign any words, else no small letter."""
    rest = text[label.end() :]
    return not rest or begins_title(rest) or (bool((label["sign"] or "").strip()) and rest[0].isalpha())


def _number(n: str) -> tuple[str, int]:
    """A number as the edition writes it, and its value; 0 if `n` is no number."""
    if value := value_of_figures(n):
        return n, value
    value = value_of_word(n)
    return (str(value), value) if value else (n, 0)


def _named(text: str) -> NumberLabel | None:
    label = _NAMED.match(text)
    if not label or not _can_follow(text, label) or (label["comma"] and label.end() == len(text)):
        return None
    word = label["word"].casefold()
    kind = kind_of_word(word)
    n, value = _number(label["n"])
    if not value and (kind == "back" or kind):
        n, value = label["n"], value_of_letter(label["n"])
    if not value or word in NO_DIVISION or (word in DIVISION_ALONE and label.end() < len(text)):
        return None
    # A word of the language is a number only as a whole: no `Chapter a`, and nothing behind it but a title.
    if not kind and not (_parted(text, label) or label["n"].isdigit()):
        return None
    if not kind and not text[0].isupper():
        return None
    size = 0 if kind == "back" else label.end()
    return NumberLabel(("named", word), kind, "" if kind == "back" else n, (value,), size)


def _spaced(text: str) -> NumberLabel | None:
    """The label of a line whose word is set with spaces between its letters: `C H A P T E R  I`."""
    spaced = _SPACED.match(text)
    if not spaced or not kind_of_word(spaced[0].replace(" ", "")):
        return None
    word = spaced[0].replace(" ", "")
    label = _named(word + text[spaced.end() :])
    return replace(label, size=label.size + len(spaced[0]) - len(word)) if label and label.size else None


def _ordinal(text: str) -> NumberLabel | None:
    label = _ORDINAL.match(text)
    if not label or not _can_follow(text, label):
        return None
    kind = kind_of_word(label["word"])
    if not kind or kind == "back":
        return None
    if label["n"].endswith(".") and label["word"].casefold() not in _AFTER_ORDINAL_FIGURES:
        return None
    figures = _FIGURES_OF_ORDINAL.match(label["n"])
    value = value_of_ordinal(label["n"])
    n = str(value)
    if not value and figures:
        n, value = figures[0], value_of_figures(figures[0])
    if not value:
        return None
    return NumberLabel(("named", label["word"].casefold(), "ordinal"), kind, n, (value,), label.end())


def _signed(text: str) -> NumberLabel | None:
    label = _SIGNED.match(text)
    if not label or not _can_follow(text, label):
        return None
    value = value_of_figures(label["n"].rstrip("abcdefgh")) or value_of_figures(label["n"])
    return NumberLabel(("sign", "§"), "", label["n"], (value,), label.end()) if value else None


def _dotted(text: str) -> NumberLabel | None:
    label = _DOTTED.match(text)
    if not label or not _can_follow(text, label) or label.end() == len(text):
        return None
    # `3.5 million`, `1.25`: a figure of a sentence has no title behind it.
    if not label["sign"].strip() and not text[label.end() : label.end() + 2].strip()[:1].isupper():
        return None
    parts = label["n"].split(".")
    first = value_of_figures(parts[0]) or value_of_letter(parts[0])
    value = (first, *(int(part) for part in parts[1:]))
    if value[-1] == 0:  # `2.0` stands above `2.1`
        return NumberLabel(("dotted", str(len(parts) - 1)), "", label["n"], value[:-1], label.end())
    return NumberLabel(("dotted", str(len(parts))), "", label["n"], value, label.end())


def _bare(text: str) -> Iterator[NumberLabel]:
    label = _BARE.match(text)
    if not label or not _can_follow(text, label):
        return
    n, sign = label["n"], label["sign"].strip()
    if label["open"] and not sign.startswith((")", "]")):
        return
    if not sign and (n.isalpha() and n.islower()):
        return
    in_brackets = label["open"] == "[" and sign == "]"
    is_note = label.end() == len(text) or text[-1] in ".]" or not n.isdigit()
    if (label["open"] == "[" or sign.startswith("]")) and (not in_brackets or is_note):
        return
    kind_of_sign = label["open"] + sign
    if n.isdigit():
        if value := int(n):
            yield NumberLabel(("bare", "arabic", kind_of_sign), "", n, (value,), label.end())
        return
    case = "upper" if n.isupper() else "lower"
    if value := value_of_figures(n):
        yield NumberLabel(("bare", f"roman {case}", kind_of_sign), "", n, (value,), label.end())
    if (value := value_of_letter(n)) and (sign or label.end() == len(text)):
        yield NumberLabel(("bare", f"letter {case}", kind_of_sign), "", n, (value,), label.end())

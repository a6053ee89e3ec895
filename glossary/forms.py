"""The forms of a term: which ones its headword suggests, and why one that a person writes is refused. Pure."""

import re
import unicodedata
from collections.abc import Iterable

from glossary.matching import Form, Matcher

LONGEST = 200
# What a form must look like to have dotted spellings too: NEP, CC, RCP(B).
ACRONYM = re.compile(r"(?P<letters>[A-Z]{2,6})(?:\((?P<bracket>[A-Za-z])\))?")
# An apostrophe that stands for a soft sign, and not for a possessive or an elision: Rabsel'kor.
SOFT_SIGN = re.compile(r"(?<=[^\W\d_]{2})['’ʼʹ′](?=[^\W\d_]{2})")
# The archive's inline markup (reader/text/markup.py, which this app may not import): one mark of each kind is enough,
# and a number or a name need not follow. What else no form has is somebody's regular expression.
MARKUP = (
    (re.compile(r"\[\^"), "a note's call"),
    (re.compile(r"\{p\. "), "a page break"),
    (re.compile(r"<[!/?A-Za-z]|&#?\w+;"), "HTML"),
    (re.compile(r"\*[^\s*](?:[^*]*[^\s*])?\*"), "emphasis"),
)
PATTERN = re.compile(r"[\\|\[\]{}^$*]|\(\?|\.\+|[\w)]\+(?=\w|$)|\w\?(?=\w)|^\w+\?$")
POSSESSIVE = re.compile(r"['’ʼ]s?$")


def forms_of(headword: str) -> tuple[Form, ...]:
    """The spellings to look for when only the headword is known, itself first.

    An acronym is also written with full stops, the letter in its bracket large or small: RCP(B), RCP(b),
    R.C.P.(B.), R.C.P.(b.). An ordinary word, one capital and then small letters, is also written small: kulak.
    An apostrophe within a word, which stands for a soft sign, is often left out: Rabsel'kor, Rabselkor.
    """
    headword = " ".join(headword.split())
    spellings = [headword]
    if acronym := ACRONYM.fullmatch(headword):
        dotted = "".join(f"{letter}." for letter in acronym["letters"])
        if bracket := acronym["bracket"]:
            for letter in dict.fromkeys((bracket, bracket.upper(), bracket.lower())):
                spellings += f"{acronym['letters']}({letter})", f"{dotted}({letter}.)"
        else:
            spellings.append(dotted)
    bare = SOFT_SIGN.sub("", headword)
    spellings.append(bare)
    if bare.isalpha() and bare.istitle():
        spellings += headword.lower(), bare.lower()
    return tuple(Form(spelling) for spelling in dict.fromkeys(spellings) if spelling)


def objection(form: Form, others: Iterable[tuple[str, Form]] = ()) -> str:
    """Why `form` is refused, in one sentence for the field that it was written in; empty if it is fine.

    `others` are the forms of all other terms of the glossary, each with its headword.
    """
    text = form.text.strip()
    if not text:
        return "A form cannot be empty."
    if text != form.text:
        return f"Take away the white space around “{text}”."
    if len(text) > LONGEST:
        return f"A form has at most {LONGEST} characters, and this one has {len(text)}."
    for character in text:
        # Control, format, surrogate, private and unassigned characters, line and paragraph separators.
        if (kind := unicodedata.category(character))[0] == "C" or kind in ("Zl", "Zp"):
            return f"A form cannot hold the invisible character U+{ord(character):04X}."
    for mark, name in MARKUP:
        if mark.search(text):
            return f"A form is plain text, and “{text}” holds the markup of {name}."
    if PATTERN.search(text):
        return f"“{text}” looks like a pattern: write each spelling out as a form of its own."
    if sum(map(str.isalnum, text)) < 2:
        return f"“{text}” has not two letters or figures, so that it would be found where nothing is meant."
    return _conflict(form, list(others))


def _conflict(form: Form, others: list[tuple[str, Form]]) -> str:
    """Whether some text would be a use of two terms: the same form, or the plural or the possessive of one."""
    matcher = Matcher((n, other) for n, (_, other) in enumerate(others))
    noun = Form(POSSESSIVE.sub("", form.text), form.case)
    for n in sorted(matcher.claimants(form) | matcher.claimants(noun)):
        headword, other = others[n]
        return f"“{form.text}” belongs to “{headword}”, which is found there by its form “{other.text}”."
    return ""

"""The forms of a term: suggestions from its headword, and objections to forms that a person writes. Pure."""

import re
import unicodedata
from collections.abc import Iterable

from glossary.matching import Form, Matcher

LONGEST = 200
# The shape of a form that has dotted spellings, too: NEP, CC, RCP(B).
ACRONYM = re.compile(r"(?P<letters>[A-Z]{2,6})(?:\((?P<bracket>[A-Za-z])\))?")
# An apostrophe that stands for a soft sign, and not for a possessive or an elision: Rabsel'kor.
SOFT_SIGN = re.compile(r"(?<=[^\W\d_]{2})['’ʼʹ′](?=[^\W\d_]{2})")
# The archive's inline markup (reader/text/markup.py, which this app may not import), without checking numbers and
# names; and signs of a regular expression, which no form has either.
MARKUP = (
    (re.compile(r"\[\^"), "a note's call"),
    (re.compile(r"\{p\. "), "a page break"),
    (re.compile(r"<[!/?A-Za-z]|&#?\w+;"), "HTML"),
    (re.compile(r"\*[^\s*](?:[^*]*[^\s*])?\*"), "emphasis"),
)
PATTERN = re.compile(r"[\\|\[\]{}^$*]|\(\?|\.\+|[\w)]\+(?=\w|$)|\w\?(?=\w)|^\w+\?$")
POSSESSIVE = re.compile(r"['’ʼ]s?$")


def forms_of(headword: str) -> tuple[Form, ...]:
    """The spellings to look for if only the headword is known, the headword itself first.

    An acronym is also written with full stops, and with a capital or small letter in its bracket: RCP(B), RCP(b),
    R.C.P.(B.), R.C.P.(b.). An ordinary word, one capital and then small letters, is also written small: kulak.
    An apostrophe within a word, the sign for a soft sign, is often left out: Rabsel'kor, Rabselkor.
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


def parts_of(headword: str) -> tuple[str, ...]:
    """Forms that a headword may have beside its usual ones, for an editor to judge.

    They are a name without its last word (Cadet Party: Cadet) and the singular of a plural (Cadets: Cadet); the matcher
    finds the plurals of each by itself.
    """
    words = headword.split()
    parts = []
    if len(words) > 1 and all(word[0].isupper() for word in words):
        parts.append(" ".join(words[:-1]))
    last = words[-1] if words else ""
    if len(last) > 4 and last.isalpha() and last.endswith("s") and not last.endswith(("ss", "us", "is")):
        parts.append(" ".join([*words[:-1], last[:-1]]))
    return tuple(dict.fromkeys(parts))


def objection(form: Form, others: Iterable[tuple[str, Form]] = ()) -> str:
    """Why `form` is refused, in one sentence for its field; empty if it is accepted.

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
        return f"“{text}” needs two letters or digits: with fewer it would be found in the wrong places."
    return _conflict(form, list(others))


def _conflict(form: Form, others: list[tuple[str, Form]]) -> str:
    """The objection to a form if a text could use two terms: by equal forms, or a plural or possessive of one."""
    matcher = Matcher((n, other) for n, (_, other) in enumerate(others))
    noun = Form(POSSESSIVE.sub("", form.text), form.case)
    for n in sorted(matcher.claimants(form) | matcher.claimants(noun)):
        headword, other = others[n]
        return f"“{form.text}” belongs to “{headword}”, which is found there by its form “{other.text}”."
    return ""

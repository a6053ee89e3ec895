"""British and American spellings of one English word. Pure.

For searching only: a spelling that nobody writes does no harm there, because no text has it. So the rules are broad,
and the table holds what no rule gives. No rule makes one common word of another (`hour`, `filled`, `rise`).
"""

import re
from collections.abc import Iterator

# The end of a word after its changing letters.
_ENDS = r"(?=(?:s|ed|ing|ings|er|ers|able|ably|ite|ites|ist|ists|ful|less|hood)?$)"
_RE = r"\w*met|calib|cent|fib|lit|lust|meag|och|sab|scept|sepulch|somb|spect|theat"
_RULES = [
    # labour, labor; not "hour", "four", "word".
    (re.compile(rf"(?<=[a-z][a-z])our{_ENDS}"), "or"),
    (re.compile(rf"(?<=[a-z][a-z])or{_ENDS}"), "our"),
    # organise, organize; organisation, organization.
    (re.compile(r"(?<=[a-z][a-z])is(?=(?:e|ed|es|er|ers|ing|ings|able|ations?|ational)$)"), "iz"),
    (re.compile(r"(?<=[a-z][a-z])iz(?=(?:e|ed|es|er|ers|ing|ings|able|ations?|ational)$)"), "is"),
    (re.compile(r"(?<=al)ys(?=(?:e|ed|es|er|ers|ing)$)"), "yz"),
    (re.compile(r"(?<=al)yz(?=(?:e|ed|es|er|ers|ing)$)"), "ys"),
    # centre, center; not "other", "over".
    (re.compile(rf"^({_RE})re(?=s?$)"), r"\1er"),
    (re.compile(rf"^({_RE})er(?=s?$)"), r"\1re"),
    # defence, defense.
    (re.compile(r"(?<=[a-z]en)c(?=es?$)"), "s"),
    (re.compile(r"(?<=[a-z]en)s(?=es?$)"), "c"),
    # travelled, traveled: the second syllable ends with one letter l or two; not "filled", "called".
    (re.compile(r"(?<=[aeiouy][^aeiou][aeiou])ll(?=(?:ed|er|ers|ing|ings|or|ors)$)"), "l"),
    (re.compile(r"(?<=[aeiouy][^aeiou][aeiou])l(?=(?:ed|er|ers|ing|ings|or|ors)$)"), "ll"),
    (re.compile(r"(?<=[aeiouy][^aeiou][^aeiou][aeiou])ll(?=(?:ed|er|ers|ing|ings|or|ors)$)"), "l"),
    (re.compile(r"(?<=[aeiouy][^aeiou][^aeiou][aeiou])l(?=(?:ed|er|ers|ing|ings|or|ors)$)"), "ll"),
    # catalogue, catalog.
    (re.compile(r"(?<=[a-z]og)ue(?=s?$)"), ""),
    (re.compile(r"(?<=[a-z]al)og(?=s?$)"), "ogue"),
    (re.compile(r"(?<=gram)me(?=s?$)"), ""),
    (re.compile(r"(?<=[a-z]gram)(?=s?$)"), "me"),
]
# Beginnings of words; the rest of the word stays.
_BEGINNINGS = [
    (british, american)
    for british, american in (
        line.split()
        for line in """
        aeroplane airplane
        acknowledgement acknowledgment
        aluminium aluminum
        anaem anem
        archaeo archeo
        artefact artifact
        axe ax
        cheque check
        cipher cypher
        connexion connection
        cosy cozy
        despatch dispatch
        draught draft
        encyclopaed encycloped
        enquir inquir
        enrolment enrollment
        fulfil fulfill
        gaol jail
        grey gray
        haemo hemo
        inflexion inflection
        instalment installment
        judgement judgment
        kerb curb
        leukaem leukem
        licence license
        manoeuvr maneuver
        mediaeval medieval
        mould mold
        moult molt
        oecumen ecumen
        paediatr pediatr
        plough plow
        practis practic
        reflexion reflection
        sceptic skeptic
        skilful skillful
        smoulder smolder
        sulph sulf
        tyre tire
        waggon wagon
        wilful willful
        woollen woolen
        """.strip().splitlines()
    )
]
# Prefixes that are written with a hyphen and without: "co-operate", "cooperate".
_PREFIX = re.compile(
    r"(anti|bi|co|counter|inter|micro|mid|multi|neo|non|over|post|pre|pro|re|semi|sub|super|ultra|un|under)(?=\w{4})"
)


def other_spellings(word: str) -> list[str]:
    """The other spellings of a word, without its own; in small letters."""
    word = word.casefold()
    return [each for each in dict.fromkeys(_spellings(word)) if each != word]


def with_prefix_apart(word: str) -> str:
    """The word with a space after its prefix, as a hyphen there is searched; empty if it has none."""
    prefix = _PREFIX.match(word.casefold())
    return f"{prefix[0]} {word.casefold()[prefix.end() :]}" if prefix else ""


def _spellings(word: str) -> Iterator[str]:
    for pattern, other in _RULES:
        changed = pattern.sub(other, word)
        if changed != word:
            yield changed
    for british, american in _BEGINNINGS:
        for one, other in ((british, american), (american, british)):
            # "fulfilled" begins with both spellings, and has the longer one.
            if word.startswith(one) and not (other.startswith(one) and word.startswith(other)):
                yield other + word[len(one) :]

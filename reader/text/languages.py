"""Signs of a language in a few words: its function words, its letters, the clusters of its transliteration. Pure.

Tags are those of BCP 47; `ru-Latn` is Russian in Latin letters. What shows no sign has no language here: a proposal is
made from evidence alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its name for persons, its function words, the letters and the shapes of words that are its own."""

    tag: str
    name: str
    words: frozenset[str]
    shape: re.Pattern[str]


def _language(tag: str, name: str, words: str, shape: str) -> Language:
    return Language(tag, name, frozenset(words.split()), re.compile(shape))


LANGUAGES = (
    _language(
        "fr",
        "French",
        "au aux chez dans de des du en et la le les leur ou par pour que qui sans sous sur un une vers",
        r"[çèêëîïûùœ]|é(?:e|es|s)?$|^(?:[dlnsjcm]|qu)['’]\w|eau$|eaux$|ique$",
    ),
    _language(
        "de",
        "German",
        "als am auf aus bei das dem den der des die ein eine einer für im ist mit nach über und vom von zu zum zur",
        r"[äöüß]|^sch(?!ool)|schaft|ungen?$|keit$|lich(?:e[mnrs]?)?$",
    ),
    _language(
        "it",
        "Italian",
        "alla alle che con da degli dei del della delle di e gli il nel nella per sul sulla una",
        r"zione$|zioni$|ità$",
    ),
    _language(
        "es",
        "Spanish",
        "con de del el en la las los para por que sobre su un una y",
        r"ñ|ción$|ciones$|idad$",
    ),
    _language(
        "la",
        "Latin",
        "ab ad contra cum de et ex id in infra inter ipso non per post pro quo sed sub supra",
        r"(?:orum|arum|ibus|atio|ae)$",
    ),
    _language(
        "ru-Latn",
        "Russian in Latin letters",
        "ili i iz k na o ob ot po pod pri s u v vo za",
        r"kh|zh(?!u)|shch|tsk|khoz|(?:[nvl]iki?|a[kj]i|n[iy]k|ets|ts[iy]|stvo|ost['’]?|naya|noe|nye|[iyo]y|ii|aia|ykh|ov['’]?)$"
        r"|['’](?:[bvgdzklmnprstf])",
    ),
)
BY_TAG = {language.tag: language for language in LANGUAGES}
CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def name_of(tag: str) -> str:
    """The name of a language for persons; the tag itself if it is not in the table, empty for an empty tag."""
    if tag == "ru":
        return "Russian"
    return BY_TAG[tag].name if tag in BY_TAG else tag


def language_of(words: Iterable[str], unknown: Iterable[str]) -> str:
    """The tag of the language whose signs a run of words shows; empty if none does, or two as much.

    `words` are all words of the run; `unknown` those that the text's own language lacks: one of them at least shows a
    sign, or they stand beside function words of the language.
    """
    folded, strange = [word.casefold() for word in words], [word.casefold() for word in unknown]
    if any(CYRILLIC.search(word) for word in folded):
        return "ru"
    scores = {}
    for language in LANGUAGES:
        joining = sum(word in language.words for word in folded)
        shaped = sum(language.shape.search(word) is not None for word in strange)
        if shaped or (joining and len(folded) > 1 and strange):
            scores[language.tag] = joining + 2 * shaped
    best = sorted(scores, key=lambda tag: -scores[tag])
    if not best or (len(best) > 1 and scores[best[0]] == scores[best[1]]):
        return ""
    return best[0]

"""The words in which books refer to their own pages, divisions and notes, a table for each language.

A language is added by adding a row to `LANGUAGES`. All fields are fragments of regular expressions that are matched
without regard to case and between word boundaries. A fragment has no capturing groups.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReferenceWords:
    """The words of references in one language. The examples are English."""

    see: str  # `see`, `see also`
    where: str  # `above`, `infra`
    here: str  # `of the present work`: names this book, or the work that this book is a volume of
    page: str  # `p.`, `pages`
    note: str  # `note`, `n.`
    volume: str  # `volume`
    another_volume: str  # `analyzed in a subsequent volume`: a volume of the author's, without a number
    parts: str  # `Part`
    chapters: str  # `chapter`
    sections: str  # `section`
    numerals: tuple[str, ...]  # for 1, 2, …, as they follow the word: `Part Two`
    ordinals: tuple[str, ...]  # for 1, 2, …, as they stand before it: `the second part`
    ordinal_article: str  # `the`, before an ordinal
    following: str  # `the following {}`, where {} is the division's word
    preceding: str  # `the preceding {}`
    and_on: str  # `ff.`
    and_: str  # `and`, between numbers
    joins: str  # small words that may stand between the pieces of one reference: `note 3 to chapter 2`
    within: str  # small words before a division that is meant as a place: `in section II`
    of_another: str  # words that follow a reference to another work: `chapter 3 of Ruritania's Budget`
    this: str  # words that make it one to this work nevertheless: `chapter 3 of this part`
    cited: str  # signs of a cited work, in which the next reference may lie: `ibid.`, `vol. 3`
    cited_where: str  # words that make `above` part of a citation: `the work cited above, p. 3`


ENGLISH = ReferenceWords(
    see=r"(?:see|compare|vide)(?:\s+also)?|cf\.|refer\s+to",
    where=r"above|below|supra|infra",
    here=r"(?:(?:of|in|to)\s+)?(?:this|the\s+present)\s+(?:volume|work|book|study)",
    page=r"pp?\.|pages?",
    note=r"notes?|footnotes?|endnotes?|nn?\.",
    volume=r"volumes?|vols?\.",
    another_volume=(
        r"(?:studied|stud(?:y|ies)|analy[sz]ed?|examined?|discuss(?:ed)?|treated|dealt\s+with|considered|shown|seen)"
        r"\s+(?:only\s+)?in\s+(?:my|our|an?|the)\s+(?:next|subsequent|later|further|following|previous|preceding|earlier)"
        r"\s+volumes?"
    ),
    parts=r"parts?",
    chapters=r"chapters?|chaps?\.|ch\.",
    sections=r"sections?|sect?\.",
    numerals=(
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    ordinals=("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    ordinal_article="the",
    following=r"the\s+(?:following|next)\s+(?:{})",
    preceding=r"the\s+(?:preceding|previous|foregoing)\s+(?:{})",
    and_on=r"ff?\.?|et\s+seqq?\.?|sqq?\.?|passim",
    and_=r"and|or|to",
    joins=r"of|in|to|on|at|also",
    within=r"in|of|from|to|until|see|throughout",
    of_another=r"of|in\s+(?:his|her|their|its)|to\s+(?:his|her|their)",
    this=r"this|the\s+present",
    cited=r"ibid|op\.\s*cit|loc\.\s*cit|vols?\.|nos?\.|translations?|editions?|eds?\.|pp?\.\s*\d",
    cited_where=r"(?:works?|books?|articles?|texts?|stud(?:y|ies)|reports?|pamphlets?|speech|authors?)\s+"
    r"(?:already\s+)?(?:cited|quoted|mentioned|referred\s+to)|op\.\s*cit\.,?|ibid\.,?",
)

FRENCH = ReferenceWords(
    see=r"(?:voir|voyez|comparer)(?:\s+aussi)?|cf\.",
    where=r"ci-dessus|ci-dessous|ci-après|plus\s+haut|plus\s+bas|supra|infra",
    here=r"(?:(?:de|dans)\s+(?:ce|cet|le\s+présent)|du\s+présent|au\s+présent)\s+(?:volume|ouvrage|livre|travail|tome)",
    page=r"pp?\.|pages?",
    note=r"notes?|n\.",
    volume=r"volumes?|vols?\.|tomes?|t\.",
    another_volume=r"(?:étudiée?s?|analysée?s?|examinée?s?|traitée?s?)\s+dans\s+(?:le|un|mon)\s+"
    r"(?:prochain|volume\s+suivant|volume\s+ultérieur|volume\s+précédent)(?:\s+volume)?",
    parts=r"parties?",
    chapters=r"chapitres?|chap\.",
    sections=r"sections?|sect\.",
    numerals=("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    ordinals=(
        "premi(?:er|ère)",
        "deuxième|seconde?",
        "troisième",
        "quatrième",
        "cinquième",
        "sixième",
        "septième",
        "huitième",
        "neuvième",
        "dixième",
    ),
    ordinal_article="l[ae]",
    following=r"(?:le|la|au|du|les)\s+(?:{})\s+suivante?s?",
    preceding=r"(?:le|la|au|du|les)\s+(?:{})\s+précédente?s?",
    and_on=r"sq?q\.?|et\s+suiv(?:\.|antes)|s\.",
    and_=r"et|ou|à",
    joins=r"de\s+la|de|du|dans|à|au|aussi",
    within=r"dans\s+l[ae]|dans|de\s+la|du|à\s+la|au|voir",
    of_another=r"d[eu]s?|d['’]",
    this=r"(?:ce|cet|cette|la\s+présente|le\s+présent)",
    cited=r"ibid|op\.\s*cit|loc\.\s*cit|vols?\.|t\.|n°|éditions?|éd\.|pp?\.\s*\d",
    cited_where=r"(?:ouvrages?|livres?|articles?|textes?)\s+cités?|op\.\s*cit\.,?|ibid\.,?",
)

LANGUAGES = {"en": ENGLISH, "fr": FRENCH}


def words_of(language: str) -> ReferenceWords | None:
    """The table for a volume's language (`en`, `en-GB`); None if there is no table for the language."""
    return LANGUAGES.get(language.casefold().partition("-")[0])

"""The key under which the spellings of one Russian word fall together. Pure.

A key is for comparing only, never for showing. It joins, with and without apostrophes or primes for the hard and
the soft sign:

- Library of Congress (ALA-LC): Izvestiia, Trotskii, khoziaistvo, Iuzhnyi, Ezhov;
- BGN/PCGN: Izvestiya, Trotskiy, khozyaystvo, Yuzhnyy, Yezhov;
- scholarly transliteration (ISO/R 9:1968): Izvestija, Trockij, xozjajstvo, Južnyj, Ežov;
- the spellings of newspapers (Trotsky, Izvestia, tsar, czar), the German and French *tsch*, *tch* and *sch*,
- the Cyrillic letters themselves, and any letter with and without its accents.

Where these customs contradict each other the key follows English, the language of most texts: *ch* is Ч and never
the German Х, *w* is not В, *ou* not У.
"""

import re
import unicodedata
from functools import lru_cache

# A word, here and in queries: a letter, then letters, digits, accents, and apostrophes or primes that stand between
# letters (sel'kor) or, as primes only, at the end.
WORD = re.compile(r"[^\W\d_](?:[^\W_]|[\u0300-\u036f\ufe20\ufe21ʹʺ′″]|['’ʼ‘`´]{1,2}(?=[^\W_]))*")
POSSESSIVES = ("'s", "’s", "ʼs", "'S", "’S", "ʼS")

SIGNS = dict.fromkeys(map(ord, "'’ʼ‘`´ʹʺ′″"))
# Letters that an accent tells apart in the scholarly transliteration, before all other accents are dropped.
ACCENTED = str.maketrans({"š": "sh", "č": "ch", "ŝ": "shch"})
CYRILLIC = {
    ord(letter): sound
    for letter, sound in re.findall(
        r"(\w)=(\w*)",
        "а=a б=b в=v г=g д=d е=e ё=e ж=z з=z и=i й=i і=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts"
        " ч=ch ш=sh щ=shch ъ= ы=i ь= ѣ=e э=e ю=iu я=ia ѳ=f ѵ=i",
    )
}
# The capitals are the key's own letters for Ш and Ч. Ж is З in the key, as a "ž" that lost its caron (Dzerzinskij) is.
# At the end "ts" is an English plural, except in "-ets".
SOUNDS = re.compile(r"tsch|tch|ch|sch|sh|zh|kh|x|tz|^cz(?=ar)|ts(?!$)|(?<=e)ts$|[yj]")
SOUND = {
    **dict.fromkeys(("tsch", "tch", "ch"), "C"),
    **dict.fromkeys(("sch", "sh"), "S"),
    **dict.fromkeys(("kh", "x"), "h"),
    **dict.fromkeys(("ts", "tz", "cz"), "c"),
    **dict.fromkeys(("y", "j"), "i"),
    "zh": "z",
}
# Е is "ye" or "je" at the beginning of a word and after a vowel (Yezhov, Andreyev); "years" is not "ears".
HARD_E = re.compile(r"^[yj]e(?!a)|(?<=[aeiou])[yj]e")
# A soft sign before "-ev" is often written as a vowel, or left out (Zinov'ev, Zinoviev, Zinovyev).
SOFT_EV = re.compile(r"(?<=[bdflmnprstvz])[iyj](?=ev)")
# "-ii", "-iy", "-yi", "-yy", "-ij" and "-y" are one ending, but "flying" is not "fling".
RUN_OF_I = re.compile(r"i{2,}(?!ng)")
# Only letters of Roman numerals, whether or not they make a number (page_numbers.py): stored keys depend on this.
NUMERAL = re.compile(r"[ivxlcdm]+")


@lru_cache(maxsize=65536)  # of the words of a large book
def key(word: str) -> str:
    """The key of one word; empty if the word has neither letter nor digit. A Roman numeral is its own key.

    `key("Izvestiia") == key("Izvestiya") == key("Izvestija")`.
    """
    letters = unicodedata.normalize("NFC", word.casefold()).translate(SIGNS).translate(ACCENTED)
    letters = letters.translate(CYRILLIC)
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", letters) if letter.isalnum())
    if NUMERAL.fullmatch(letters):
        return letters
    letters = SOFT_EV.sub("", HARD_E.sub("e", letters))
    letters = SOUNDS.sub(lambda sound: SOUND[sound[0]], letters)
    return RUN_OF_I.sub("i", letters)


def without_possessive(word: str) -> str:
    """A word without the possessive *'s*."""
    return word[:-2] if word.endswith(POSSESSIVES) else word


def words_in(text: str) -> list[str]:
    """The words of a plain text as they stand, without the possessive *'s*; single letters are left out."""
    words = map(without_possessive, WORD.findall(text))
    return [word for word in words if len(word) > 1]

"""Numbers in words, in the languages that the importer knows: `Three`, `third`, `premier`, `zweites`, `вторая`."""

import re
import unicodedata

from reader.text.page_numbers import order_of

# A row for each language: the words for 1, 2, 3 and so on, variants parted by a bar.
_CARDINALS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty",
    "un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit"
    " dix-neuf vingt",
    "eins|ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn"
    " achtzehn neunzehn zwanzig",
    "uno|una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete"
    " dieciocho diecinueve veinte",
    "um|uma dois|duas três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete"
    " dezoito dezenove vinte",
    "uno|una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
    " diciassette diciotto diciannove venti",
    "один|одна два|две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    "premier|première deuxième|second|seconde troisième quatrième cinquième sixième septième huitième neuvième"
    " dixième onzième douzième",
    "erste|erster|erstes zweite|zweiter|zweites dritte|dritter|drittes vierte|vierter|viertes fünfte|fünfter|fünftes"
    " sechste|sechster|sechstes siebte|siebter|siebtes|siebente achte|achter|achtes neunte|neunter|neuntes"
    " zehnte|zehnter|zehntes elfte|elfter|elftes zwölfte|zwölfter|zwölftes",
    "primero|primera|primer segundo|segunda tercero|tercera|tercer cuarto|cuarta quinto|quinta sexto|sexta"
    " séptimo|séptima octavo|octava noveno|novena décimo|décima undécimo|undécima duodécimo|duodécima",
    "primeiro|primeira segundo|segunda terceiro|terceira quarto|quarta quinto|quinta sexto|sexta sétimo|sétima"
    " oitavo|oitava nono|nona décimo|décima",
    "primo|prima secondo|seconda terzo|terza quarto|quarta quinto|quinta sesto|sesta settimo|settima ottavo|ottava"
    " nono|nona decimo|decima undicesimo dodicesimo",
    "первый|первая|первое второй|вторая|второе третий|третья|третье четвертый|четвертая|четвертое"
    " пятый|пятая|пятое шестой|шестая|шестое седьмой|седьмая|седьмое восьмой|восьмая|восьмое"
    " девятый|девятая|девятое десятый|десятая|десятое одиннадцатый|одиннадцатая двенадцатый|двенадцатая",
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}


def _bare(word: str) -> str:
    """A word in small letters without accents, which capitals often lack."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def _values(rows: tuple[str, ...]) -> dict[str, int]:
    return {
        _bare(variant): value
        for row in reversed(rows)  # where two languages share a word, the first row counts
        for value, word in enumerate(row.split(), start=1)
        for variant in word.split("|")
    }


_VALUES = _values((*_CARDINALS, *_ORDINALS))
_ORDINAL_VALUES = _values(_ORDINALS)
_LETTER = re.compile(r"[A-Za-z]")


def value_of_word(word: str) -> int:
    """The number that a word stands for, cardinal or ordinal; 0 if it is none. `Twenty-one` is one word."""
    bare = _bare(word)
    tens, hyphen, ones = bare.partition("-")
    if hyphen and tens in _TENS and 0 < _VALUES.get(ones, 0) < 10:
        return _TENS[tens] + _VALUES[ones]
    return _VALUES.get(bare, 0) or _TENS.get(bare, 0)


def value_of_ordinal(word: str) -> int:
    """The number that an ordinal in words stands for: 3 for `third`; 0 if the word is none."""
    return _ORDINAL_VALUES.get(_bare(word), 0)


def value_of_figures(n: str) -> int:
    """The number that Arabic or Roman figures stand for; 0 if `n` is neither."""
    order = order_of(n)
    return order[1] if order else 0


def value_of_letter(n: str) -> int:
    """The place of a single Latin letter in the alphabet, from 1; 0 if `n` is none."""
    return ord(n.casefold()) - ord("a") + 1 if _LETTER.fullmatch(n) else 0

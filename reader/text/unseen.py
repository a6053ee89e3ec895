"""Characters that nobody sees: controls, signs of width zero or of writing direction. No person's text keeps one."""

import unicodedata
from collections import Counter

# Unicode's general categories of controls and of format characters (https://www.unicode.org/reports/tr44/, 5.7.1).
UNSEEN = ("Cc", "Cf")
# Controls that part lines and columns.
KEPT = "\r\n\t"


def is_unseen(character: str) -> bool:
    """Whether a character is one that nobody sees."""
    return character not in KEPT and unicodedata.category(character) in UNSEEN


def without_unseen(typed: str) -> str:
    """The text without the characters that nobody sees."""
    return "".join(character for character in typed if not is_unseen(character))


def unseen_in(typed: str) -> Counter[str]:
    """How often each character that nobody sees stands in a text."""
    return Counter(character for character in typed if is_unseen(character))


def name_of_character(character: str) -> str:
    """The number and the name of a character: `U+200B zero width space`."""
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X} {name}".rstrip()

"""Changes of structure in words: kept in English, and shown in the language of the interface.

The sentences are made by the deeds of reader/correction/structure/.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop

from glossary.languages import translated

DEEDS = (
    gettext_noop("paragraph %(n)s was made a heading: %(kind)s"),
    gettext_noop("paragraph %(n)s was made a heading: %(kind)s %(number)s"),
    gettext_noop("paragraph %(n)s was made %(kind)s"),
    gettext_noop("paragraph %(n)s goes on with the sentence before it"),
    gettext_noop("paragraph %(n)s does not go on with the sentence before it"),
    gettext_noop("paragraph %(n)s was joined with paragraph %(other)s"),
    gettext_noop("paragraph %(n)s was split: its second half is paragraph %(other)s"),
    gettext_noop("paragraph %(n)s was moved: it stands after paragraph %(other)s"),
    gettext_noop("paragraph %(n)s was moved: it stands before paragraph %(other)s"),
    gettext_noop("paragraph %(n)s was supplied after paragraph %(other)s"),
    gettext_noop("paragraph %(n)s was supplied before paragraph %(other)s"),
    gettext_noop("paragraph %(n)s was taken out"),
    gettext_noop("the heading “%(head)s” was made a paragraph"),
    gettext_noop("the heading “%(head)s” was taken out"),
    gettext_noop("the division “%(head)s” was made %(kind)s"),
    gettext_noop("the division “%(head)s” was made %(kind)s %(number)s"),
    gettext_noop("the division “%(head)s” was moved: it stands after “%(other)s”"),
    gettext_noop("the division “%(head)s” was moved: it stands before “%(other)s”"),
    gettext_noop("%(note)s of “%(head)s” was supplied"),
    gettext_noop("%(note)s of “%(head)s” was given the number %(n)s"),
    gettext_noop("%(note)s was joined with %(second)s of “%(head)s”"),
    gettext_noop("%(note)s of “%(head)s” was split: its second half is %(second)s"),
    gettext_noop("%(note)s of “%(head)s” was taken out"),
    gettext_noop("page %(page)s was set: it begins in paragraph %(n)s"),
)
TAKEN_BACK = gettext_noop("taken back: %(deed)s")
KINDS = (
    *("front matter", "part", "chapter", "section", "subsection", "back matter"),
    *("prose", "quotation", "verse", "table"),
)
NOTES = (gettext_noop("note %(n)s"), gettext_noop("fragment of a note"), gettext_noop("a fragment"))
_PARTS = {"kind": KINDS, "note": NOTES, "second": NOTES, "deed": DEEDS}


def deed_in_words(said: str, *, begins: bool = True) -> SafeString:
    """What a deed did, as a sentence without its point; in English, and marked so, if no message makes it.

    It has a capital unless it does not begin a sentence.
    """
    words = translated(f"{said[:1].lower()}{said[1:]}", (*DEEDS, TAKEN_BACK), _PARTS, is_strict=True)
    shown = said if words is None else words
    shown = f"{shown[:1].upper()}{shown[1:]}" if begins else shown
    is_kept = words is None and (get_language() or "en") != "en"
    return format_html('<span lang="en">{}</span>' if is_kept else "{}", shown)

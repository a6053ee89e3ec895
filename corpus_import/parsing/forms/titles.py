"""Titles that every book may have: what stands before the chapters, and what stands after them."""

import re

from corpus_import.parsing.recognise import BACK_TITLES, FRONT_TITLES

_MORE_FRONT = (
    "prolegomena",
    "prolegomenon",
    "introductory",
    "introductory note",
    "introductory remarks",
    "preliminary remarks",
    "prefatory note",
    "preamble",
    "to the reader",
    "advertisement",
    "publisher's preface",
    "publishers' note",
    "note on names",
    "author's preface",
    "translator's preface",
    "translator's introduction",
    "editor's note",
    "editor's preface",
    "editor's introduction",
    "note on transliteration",
    "a note on transliteration",
    "note on the text",
    "remerciements",
    "prologue de l'auteur",
    "agradecimientos",
    "agradecimentos",
    "ringraziamenti",
    "danksagung",
    "geleitwort",
    "vorbemerkung",
    "vorrede",
    "premessa",
    "prologo",
    "пролог",
    "от автора",
    "от редакции",
    "вступление",
    "благодарности",
)
_MORE_BACK = (
    "concluding remarks",
    "supplement",
    "supplements",
    "supplementary note",
    "notes on sources",
    "note on sources",
    "about the author",
    "about the authors",
    "chronological table",
    "timeline",
    "errata",
    "corrigenda",
    "addenda",
    "envoi",
    "coda",
    "conclusione",
    "conclusioni",
    "conclusiones",
    "conclusão",
    "conclusões",
    "epílogo",
    "epilogo",
    "epilog",
    "épilogue",
    "posfácio",
    "colophon",
    "послесловие",
    "эпилог",
    "приложение",
    "приложения",
    "apêndice",
    "appendice",
    "schlusswort",
    "schlußwort",
)
# Lists of entries, one a paragraph.
_LISTS = re.compile(
    r"(?:(?:select(?:ed)?|general|short|brief) )?bibliograph(?:y|ie)|works (?:cited|consulted|quoted|referred to)"
    r"|literature cited"
    r"|(?:a )?chronolog(?:y|ical table)|timeline|errata|corrigenda|zeittafel|chronologie|cronolog[ií]a|хронология"
    r"|(?:list of )?sources(?: and literature)?|(?:(?:suggestions for )?further|suggested) reading|books consulted"
    r"|literatur(?:verzeichnis)?|quellen(?:- und literatur)?verzeichnis|bibliografía|bibliografia"
    r"|obras (?:citadas|consultadas)"
    r"|ouvrages cités|opere citate|sources et bibliographie|библиография|литература|список литературы"
    r"|(?:(?:general|subject|name|analytical) )?index(?: (?:of|to|des|der|de|dei) .{1,40})?|index nominum|index rerum"
    r"|(?:sach|namen|personen|orts)?register|(?:sach|namen|personen)verzeichnis"
    r"|índice (?:onomástico|analítico|de nombres|temático)"
    r"|indice (?:analitico|dei nomi|delle cose)|(?:именной |предметный )?указатель(?: имен)?",
    re.IGNORECASE,
)
_EDITION = re.compile(
    r"(?P<title>\w+) (?:to|de|à|a|zur|alla|к) .{0,30}"
    r"(?:edition|édition|edición|edição|auflage|ausgabe|edizione|изданию)",
    re.IGNORECASE,
)
_WITH_MORE = re.compile(r"(?P<title>.{4,40}?)\s*(?:[:.]|\s--?|\s?[–—])\s+[^\W\d_]")


def is_list_title(text: str) -> bool:
    """Whether a heading stands over a bibliography or an index."""
    return _LISTS.fullmatch(text.rstrip(" .:")) is not None


def may_have_sections(text: str) -> bool:
    """Whether a title is that of an introduction, which can be as long as a chapter and have sections."""
    return text.casefold().startswith(("intro", "prolegomen", "einleitung", "введение", "вступление"))


def kind_of_title(text: str) -> str:
    """`front` or `back` for a title that every book may have and no more; empty for any other text."""
    bare = text.rstrip(" .:").casefold().replace("’", "'")
    if edition := _EDITION.fullmatch(bare):
        bare = edition["title"]
    if bare in _FRONT:
        return "front"
    if bare in _BACK or is_list_title(bare):
        return "back"
    more = _WITH_MORE.match(text)
    if more and not text.endswith((".", ",", ";")):
        return kind_of_title(more["title"]) if len(more["title"]) < len(text) else ""
    return ""


_FRONT = frozenset(title.replace("’", "'") for title in (*FRONT_TITLES, *_MORE_FRONT))
_BACK = frozenset((*BACK_TITLES, *_MORE_BACK))

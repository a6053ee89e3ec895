"""The refusal of files in the language of the person who sent them; the parser knows English alone.

The sentences about sources stand where they are raised, and the catalogues take them from there (tests/messages.py).
"""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop

from corpus_import.jobs.sentences import step_in_words
from corpus_import.parsing.diagnostics import ImportFault
from glossary.languages import marked_english, translated

# What may be wrong with a field of a manifest, in the parser's words.
MANIFEST = (
    gettext_noop("“year” must be a year in figures, such as 1978."),
    gettext_noop("“witnesses” must be a list of one or more file names, in order."),
    gettext_noop("“witnesses” names a file twice; name each once."),
    gettext_noop("the witness “%(file)s” must be a name in the witnesses' folder."),
    gettext_noop("“collate” must be tables [[collate]], one for each second witness."),
    gettext_noop("“%(field)s” is not a field of [[collate]]; its fields are %(fields)s."),
    gettext_noop("each [[collate]] must have “%(field)s”, text in quotation marks."),
    gettext_noop("“name” of [[collate]] is too long; shorten it to %(most)s characters."),
    gettext_noop("“independent” of [[collate]] must be true or false."),
    gettext_noop("two [[collate]] have the same “name”; give each its own."),
    gettext_noop("“pages” must be a table of headings and pages, such as Preface = 11."),
    gettext_noop("“order” must be a list of headings, in the order of the book."),
    gettext_noop('“headings” must be a list of forms, such as ["CHAPTER {n}", "§ {n}."].'),
    gettext_noop("“headings” names a form twice; name each once."),
    gettext_noop("“headings” has “%(form)s”: {%(name)s} means nothing; write {n} or {title}."),
    gettext_noop("“headings” has “%(form)s”: a brace stands alone; write {n} or {title}."),
    gettext_noop("“headings” has “%(form)s”: {%(name)s} can stand in a form once."),
    gettext_noop("“headings” has “%(form)s”: it has no {n}; write {n} where the number stands."),
    gettext_noop("“headings” has “%(form)s”: put a sign between {n} and {title}, or leave {title} away."),
    gettext_noop("“slug” must be small letters, digits and single hyphens, such as second-period."),
    gettext_noop("“%(field)s” must be text in quotation marks."),
    gettext_noop("“%(field)s” is empty; fill it in."),
    gettext_noop("“%(encoding)s” is not an encoding; name one such as utf-8 or latin-1."),
    gettext_noop("“%(field)s” holds a NUL character; remove it."),
    gettext_noop("“%(field)s” must show the number as {n} between its signs, such as ({n}), or be ¹."),
    gettext_noop("“%(field)s” is too long; shorten it to %(most)s characters."),
)


# The values of faults of sources that are words of the archive; the parser marks them where they stand.
_WORDS = ("kind", "what", "how", "work", "advice", "hint")
KINDS = (
    gettext_noop("Word document"),
    gettext_noop("EPUB"),
    gettext_noop("PDF"),
    gettext_noop("web page"),
    gettext_noop("saved web page (MHT)"),
)


def refusal(fault: ImportFault) -> str:
    """A fault of files, or of their manifest, in one sentence; in English, marked so, if it has no words."""
    said = _sentence(fault) if fault.values else translated(fault.message, MANIFEST)
    if said is None:
        said = gettext(fault.sentence)
        if said == fault.sentence and fault.line is not None:
            return marked_english(str(fault))
    named = {"file": fault.file, "line": fault.line, "fault": said}
    if fault.line is None:
        return gettext("%(file)s: %(fault)s") % named
    return gettext("%(file)s, line %(line)s: %(fault)s") % named


def kept(fault: ImportFault) -> dict[str, Any]:
    """A fault as JSON, which `refusal_kept` says."""
    return {"file": fault.file, "line": fault.line, "message": fault.sentence, "values": fault.values}


def refusal_kept(fault: dict[str, Any]) -> str:
    """A fault that was kept as JSON, as `refusal` says it."""
    return refusal(ImportFault(fault["file"], fault["line"], fault["message"], **fault["values"]))


def _sentence(fault: ImportFault) -> str:
    return gettext(fault.sentence) % {name: _shown(name, value) for name, value in fault.values.items()}


def _shown(name: str, value: str | int) -> str:
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    if name == "step":
        return step_in_words(value)
    return gettext(value) if value and name in _WORDS else value

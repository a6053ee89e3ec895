"""The refusal of an upload in the language of the person who sent it; the parser of manifests knows English alone."""

from django.utils.translation import gettext, gettext_noop

from corpus_import.parsing.diagnostics import ImportFault
from glossary.languages import marked_english, translated

# What may be wrong with a manifest, in the parser's words.
MANIFEST = (
    gettext_noop("the manifest is not UTF-8; save it as UTF-8."),
    gettext_noop("this is not TOML (%(error)s); put the line right."),
    gettext_noop("a value is far too large or too deep; shorten it."),
    gettext_noop("“%(field)s” is not a field of a manifest; remove it."),
    gettext_noop("the field “%(field)s” is missing; add it."),
    gettext_noop("another file is called “%(file)s” too; collate a file with its own name."),
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


def refusal(fault: ImportFault) -> str:
    """A fault of uploaded files, or of their manifest, in one sentence; in English, marked so, if it has no words."""
    said = translated(fault.message, MANIFEST)
    if said is None and fault.line is not None:
        return marked_english(str(fault))
    named = {"file": fault.file, "line": fault.line, "fault": said or fault.message}
    if fault.line is None:
        return gettext("%(file)s: %(fault)s") % named
    return gettext("%(file)s, line %(line)s: %(fault)s") % named

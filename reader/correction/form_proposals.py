"""Forms that a term of the glossary may lack: proposed where the text has them, and added with one press."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

from glossary.entries import OtherForms, add_forms
from glossary.forms import parts_of
from glossary.matching import Form, Matcher
from glossary.models import Term
from glossary.versions import recording
from reader.correction.log import note_change
from reader.edition.candidates import is_common_in
from reader.edition.contents import safe
from reader.models import Note, Paragraph, Text
from reader.publishing.publish import publish_terms
from reader.text import markup
from reader.text.sentences import snippet

ADDED = gettext_noop("a form was added")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A spelling, how often the text has it where no form of the term stands, and its first place in words."""

    form: str
    count: int
    sentence: SafeString


def proposals_for(term: Term) -> list[Proposal]:
    """The forms that a headword suggests beyond the usual ones, as far as the text has them and no term claims them.

    Words of everyday language are no form by themselves. Six statements at most; none for a headword without parts.
    """
    parts = parts_of(term.headword)
    if not parts:
        return []
    texts = _texts_with(term, parts)
    if not texts:
        return []
    known = list(term.forms.values_list("text", flat=True))
    language = term.glossary.volumes.values_list("language", flat=True).first() or "en"
    is_common = is_common_in(language)
    others = OtherForms.in_glossary(term.glossary_id, term)
    found = []
    for part in parts:
        if part in known or all(is_common(word.lower()) for word in part.split()):
            continue
        if others.objection(term.headword, Form(part)):
            continue
        matcher = Matcher([*((0, Form(form)) for form in known), (1, Form(part))])
        places = [
            (plain, span.start, span.end)
            for plain in texts
            for span in matcher.spans(plain)
            if span.term == 1
        ]
        if places:
            found.append(Proposal(part, len(places), safe(snippet(*places[0]))))
    return found


def _texts_with(term: Term, parts: Sequence[str]) -> list[str]:
    """The plain texts of the volumes that use the term's glossary, as far as they hold one of these words."""
    holding = Q()
    for part in parts:
        holding |= Q(text__contains=part)
    here: list[tuple[type[Text], str]] = [(Paragraph, "volume"), (Note, "division__volume")]
    return [
        markup.plain(text)
        for model, volume in here
        for text in model._default_manager.filter(holding, **{f"{volume}__glossary": term.glossary_id})
        .order_by("pk")
        .values_list("text", flat=True)
    ]


@transaction.atomic(savepoint=False)
def add_proposed(term: Term, form: str, *, by: models.Model) -> bool:
    """Give a term a proposed form, and publish it; False if the form is not proposed any more."""
    with recording(term.glossary_id, by=by.pk, reason=ADDED):
        if form not in {proposal.form for proposal in proposals_for(term)}:
            return False
        add_forms(term, [Form(form)])
    note_change([term], by=by, reason=f"{ADDED}: {form}")
    publish_terms(term.glossary, [term])
    return True

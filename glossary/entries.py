"""The common base of all ways of adding a term: its address, its forms, and the objections to them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django.utils.text import slugify

from glossary.forms import POSSESSIVE, forms_of
from glossary.matching import Case, Form, Matcher
from glossary.models import FormerTerm, Glossary, Term, TermForm
from glossary.sentences import objection

K = TypeVar("K")
# Addresses of the glossary at the place of an entry's slug. reader/text/reserved_slugs.py has the reserved slugs of
# volumes and divisions.
TAKEN_SLUGS = frozenset({"by-chapter", "used"})


class OtherForms:
    """The forms of many terms, each with its headword, prepared for checking forms against them."""

    def __init__(self, forms: Iterable[tuple[str, Form]]) -> None:
        self._forms = list(forms)
        self._matcher = Matcher((n, form) for n, (_, form) in enumerate(self._forms))
        # Of equal forms the matcher has the first as a form, and the others only as ambiguous.
        self._alike: dict[tuple[str, Form], set[int]] = defaultdict(set)
        for alike in self._matcher.ambiguous.values():
            for n in alike:
                self._alike[self._forms[n]].update(alike)

    @classmethod
    def in_glossary(cls, glossary: Glossary | int | None, term: Term | None = None) -> "OtherForms":
        """The forms of a glossary, without the forms of `term`."""
        rows = TermForm.objects.filter(term__glossary=glossary).exclude(term=term and term.pk)
        return cls(
            (headword, Form(text, Case(case)))
            for headword, text, case in rows.values_list("term__headword", "text", "case")
        )

    def objection(self, headword: str, form: Form) -> str:
        """Why a form of this headword is refused, in one sentence; empty if it is accepted (glossary/forms.py)."""
        noun = Form(POSSESSIVE.sub("", form.text), form.case)
        claimed = self._matcher.claimants(form) | self._matcher.claimants(noun)
        claimed |= self._alike.get((headword, form), set())
        others = [self._forms[n] for n in sorted(claimed)]
        return objection(form, [other for other in others if other[0] != headword])


def free_slug(headword: str, taken: Iterable[str]) -> str:
    """The slug of a headword, with the lowest number that makes it free."""
    slug = slugify(headword.replace("(", "-"))[:190] or "term"
    taken, free, n = TAKEN_SLUGS.union(taken), slug, 1
    while free in taken:
        n += 1
        free = f"{slug}-{n}"
    return free


def taken_slugs(glossary: Glossary | int | None) -> set[str]:
    """The addresses of the terms of a glossary, and former addresses that lead to one of these. Two statements."""
    former = FormerTerm.objects.filter(glossary=glossary, term__isnull=False)
    now = Term.objects.filter(glossary=glossary)
    return {*former.values_list("slug", flat=True), *now.values_list("slug", flat=True)}


def loop_from(start: K, sees: Mapping[K, K]) -> list[K]:
    """The terms of a loop of *See* from `start` back to it, `start` first and last; empty if there is no loop."""
    way = [start]
    while (following := sees.get(way[-1])) is not None:
        way.append(following)
        if following == start:
            return way
        if way.count(following) > 1:
            break
    return []


def usual_forms(headword: str, others: OtherForms) -> Sequence[Form]:
    """The forms that a headword suggests; ValueError, with the reason, if the headword itself cannot be one."""
    own, *more = forms_of(headword)
    if refused := others.objection(headword, own):
        raise ValueError(refused)
    return [own, *(form for form in more if not others.objection(headword, form))]


def add_term(glossary: Glossary, headword: str, definition: str, source: Term.Source) -> Term:
    """A new term with its usual forms. ValueError, with the reason, if its headword cannot be found in a text."""
    forms = usual_forms(headword, OtherForms.in_glossary(glossary))
    slug = free_slug(headword, taken_slugs(glossary))
    term = Term.objects.create(
        glossary=glossary, headword=headword, slug=slug, definition=definition, source=source
    )
    add_forms(term, forms)
    return term


def add_usual_forms(term: Term) -> None:
    """Give a term the usual forms of its headword. ValueError, with the reason, if the headword cannot be one."""
    add_forms(term, usual_forms(term.headword, OtherForms.in_glossary(term.glossary_id, term)))


def add_forms(term: Term, forms: Iterable[Form]) -> None:
    """Give a term the forms of these that it lacks."""
    TermForm.objects.bulk_create(TermForm(term=term, text=form.text, case=form.case) for form in forms)

"""What every way of adding a term has in common: its address, its forms, and why they are refused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django.utils.text import slugify

from glossary.forms import POSSESSIVE, forms_of, objection
from glossary.matching import Case, Form, Matcher
from glossary.models import Glossary, Term, TermForm

K = TypeVar("K")
# What stands at an entry's place among the glossary's addresses and is none. Slugs that volumes and divisions may not
# have stand in reader/text/reserved_slugs.py.
TAKEN_SLUGS = frozenset({"by-chapter"})


class OtherForms:
    """The forms of many terms, each with its headword, ready to be asked about a form of one, theirs or another's."""

    def __init__(self, forms: Iterable[tuple[str, Form]]) -> None:
        self._forms = list(forms)
        self._matcher = Matcher((n, form) for n, (_, form) in enumerate(self._forms))
        # Of forms that are written alike the matcher knows the first alone as its own, and the rest as ambiguous.
        self._alike: dict[tuple[str, Form], set[int]] = defaultdict(set)
        for alike in self._matcher.ambiguous.values():
            for n in alike:
                self._alike[self._forms[n]].update(alike)

    @classmethod
    def in_glossary(cls, glossary: Glossary | int | None, term: Term | None = None) -> "OtherForms":
        """Those of a glossary, without the term's own."""
        rows = TermForm.objects.filter(term__glossary=glossary).exclude(term=term and term.pk)
        return cls(
            (headword, Form(text, Case(case)))
            for headword, text, case in rows.values_list("term__headword", "text", "case")
        )

    def objection(self, headword: str, form: Form) -> str:
        """Why a form of this headword is refused, in one sentence; empty if it is fine (glossary/forms.py)."""
        noun = Form(POSSESSIVE.sub("", form.text), form.case)
        claimed = self._matcher.claimants(form) | self._matcher.claimants(noun)
        claimed |= self._alike.get((headword, form), set())
        others = [self._forms[n] for n in sorted(claimed)]
        return objection(form, [other for other in others if other[0] != headword])


def free_slug(headword: str, taken: Iterable[str]) -> str:
    """The address of a headword, with the first number that makes it free."""
    slug = slugify(headword.replace("(", "-"))[:190] or "term"
    taken, free, n = TAKEN_SLUGS.union(taken), slug, 1
    while free in taken:
        n += 1
        free = f"{slug}-{n}"
    return free


def loop_from(start: K, sees: Mapping[K, K]) -> list[K]:
    """The terms that lead from `start` by *See* back to it, it first and last; empty if none do."""
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
    slug = free_slug(headword, glossary.terms.values_list("slug", flat=True))
    term = Term.objects.create(
        glossary=glossary, headword=headword, slug=slug, definition=definition, source=source
    )
    add_forms(term, forms)
    return term


def add_usual_forms(term: Term) -> None:
    """Give a term the usual forms of its headword. ValueError, with the reason, if the headword cannot be one."""
    add_forms(term, usual_forms(term.headword, OtherForms.in_glossary(term.glossary_id, term)))


def add_forms(term: Term, forms: Iterable[Form]) -> None:
    """Give a term forms that it has not."""
    TermForm.objects.bulk_create(TermForm(term=term, text=form.text, case=form.case) for form in forms)

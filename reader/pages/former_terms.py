"""The former addresses of terms: of terms that were merged, taken out, or given another address."""

from dataclasses import dataclass

from django.urls import reverse

from glossary.models import FormerTerm
from reader.models import Volume


@dataclass(frozen=True, slots=True)
class Former:
    """A former address of a term: the name of the term then, and the address to which it leads (empty: to none)."""

    headword: str
    url: str


def former_term(volume: str, slug: str, page: str = "term") -> Former | None:
    """The former address with this slug in the glossary of a volume, if there is one. Two statements at most."""
    found = Volume.objects.filter(slug=volume).values_list("glossary", flat=True).first()
    row = (
        FormerTerm.objects.filter(glossary=found, slug=slug).select_related("term").first() if found else None
    )
    if row is None:
        return None
    return Former(row.headword, reverse(page, args=[volume, row.term.slug]) if row.term else "")

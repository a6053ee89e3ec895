"""The glossary as SKOS in JSON-LD: a list of concepts that programs of libraries and vocabularies read.

Each term is a concept with its definitions and spellings. A headword that only leads to another (*See*) is a further
name of that other concept, as SKOS has no concepts without a meaning of their own.

The vocabulary: W3C, SKOS Reference (2009); JSON-LD 1.1 (2020).
"""

import json
from typing import Any

from glossary.languages import in_english
from glossary.models import Term
from reader.edition.edition import Edition
from reader.edition.explained import Explained
from reader.exports.book import statements, terms_in_order
from reader.text.addresses import explained_entry
from reader.text.typography import in_print

CONTEXT = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "id": "@id",
    "type": "@type",
}


def write_skos(edition: Edition, only: str = "", address: str = "") -> str:
    """The glossary of the volume as JSON-LD, UTF-8.

    Concepts have the addresses of the terms' pages: absolute if `address` is where the archive shows the volume, else
    below the glossary's own. `only` has no meaning here: a chapter has no glossary.
    """
    volume = edition.volume
    scheme = f"{address}glossary/"
    names: dict[int, list[str]] = {}
    for form in edition.forms:
        names.setdefault(form.term_id, []).append(form.text)
    concepts = {term.pk: term for term in edition.terms if term.explained_by().pk == term.pk}
    for term in edition.terms:
        if term.pk not in concepts:
            names.setdefault(term.explained_by().pk, []).extend([term.headword, *names.get(term.pk, ())])
    said = " ".join(statements(edition, address))
    document = {
        "@context": {**CONTEXT, "@language": volume.language},
        "id": scheme,
        "type": "skos:ConceptScheme",
        "dcterms:title": f"{volume}: glossary",
        # The archive's words, which are English.
        "dcterms:description": said
        if volume.language.partition("-")[0].lower() == "en"
        else {"@value": said, "@language": "en"},
        "@reverse": {
            "skos:inScheme": [
                _concept(edition, term, f"{scheme}{term.slug}/", names.get(term.pk, []))
                for term in terms_in_order(edition)
                if term.pk in concepts
            ]
            + [_explained(term, f"{address}glossary/") for term in edition.explained.terms]
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _explained(term: Explained, glossary: str) -> dict[str, Any]:
    """A term that the text explains, marked as not checked; its sentence is an example."""
    return {
        "id": f"{glossary}{explained_entry(term.slug)}",
        "type": "skos:Concept",
        "skos:prefLabel": term.headword,
        "skos:definition": [term.definition],
        "skos:example": " ".join(term.sentence.split()),
        "skos:editorialNote": "From the text, found by a program and not checked.",
    }


def _concept(edition: Edition, term: Term, address: str, names: list[str]) -> dict[str, Any]:
    senses = edition.senses.get(term.pk, ())
    definitions = [
        f"{sense.definition} ({sense.applies})" if sense.applies else sense.definition for sense in senses
    ]
    concept: dict[str, Any] = {"id": address, "type": "skos:Concept", "skos:prefLabel": term.headword}
    if others := sorted({name for name in names if name != term.headword}):
        concept["skos:altLabel"] = others
    if said := definitions or [text for text in [term.definition] if text]:
        concept["skos:definition"] = said
    concept["skos:editorialNote"] = f"From {in_print(in_english(Term.Source(term.source).label))}."
    return concept

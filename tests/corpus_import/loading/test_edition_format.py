"""docs/edition-format.md lists the fields of every element: compared with documents and with the code."""

import ast
import json
import re
from collections import defaultdict
from typing import Any

import pytest

from glossary.models import FormerTerm, Term
from reader.exports.document import DESCRIBED, KEYS, OPTIONAL, export_volume
from reader.models import (
    CitedWork,
    Conflict,
    CrossReference,
    Deed,
    Diagnostic,
    Division,
    FormerNumber,
    GoodReading,
    Note,
    Original,
    PageBreak,
    Person,
    PublishedText,
    SettledReference,
    Volume,
)
from tests.corpus_import.loading.test_document import CHECKOUT, FORMAT_PAGE, book_with_senses, corrected_book
from tests.factories import (
    make_candidate,
    make_emendation,
    make_italic,
    make_note,
    make_paragraph,
    make_suspect,
    make_variant,
)

pytestmark = pytest.mark.django_db

PAGE = FORMAT_PAGE.read_text(encoding="utf-8")
FIELD = re.compile(r"`(\w+)`")
# The lists within an element, by their keys.
INNER = (
    "senses",
    "former",
    "witnesses",
    "doubts",
    "deeds",
    "former_numbers",
    "conflicts",
    "settlements",
    "candidates",
    "explained",
    "good_readings",
    "variants",
    "italics",
    "persons",
    "diagnostics",
    "revisions",
    "former_texts",
    "references",
    "cited_works",
    "settled_references",
)


def rows() -> dict[str, tuple[set[str], set[str]]]:
    """For each key, the fields that its elements always have, and the fields that they sometimes have."""
    said = {}
    for key, listed in re.findall(
        r"^\| `(\w+)` \| (.*?) \| ", PAGE.split("## What is there for")[0], re.MULTILINE
    ):
        always, _, sometimes = listed.partition("*sometimes*")
        said[key] = (set(FIELD.findall(always)), set(FIELD.findall(sometimes)))
    return said


def elements_of(document: Any) -> dict[str, list[dict[str, Any]]]:
    """The elements of each list of a document, including the volume and the inner lists."""
    found = defaultdict(list)
    for key, value in document.items():
        for element in [value] if key == "volume" else value:
            found[key].append(element)
            for inner in INNER:
                found[inner] += element.get(inner, [])
    return found


def full_book() -> Volume:
    """A volume where every optional field is present once."""
    volume = corrected_book()
    witness, preface, paragraph = (
        volume.witnesses.get(),
        Division.objects.all()[0],
        volume.paragraphs.all()[0],
    )
    note, term = preface.notes.get(), volume.glossary.terms.get(headword="NEP")
    other = Person.objects.create(volume=volume, found_as="Ozer", slug="ozer", surname="Ozer")
    Person.objects.create(
        volume=volume,
        **{"found_as": "Marlov, N.", "slug": "marlov-n", "surname": "Marlov", "given": "N."},
        **{"heading": "Marlov", "about": "A clerk.", "into": other, "forms_apart": ["Marlov"]},
        places_assigned=[["of", "Marlov", "the"]],
        **{"is_excluded": True, "is_settled": True, "is_added": True, "is_found": False},
    )
    in_division: dict[str, Any] = {"division": preface}
    in_paragraph: dict[str, Any] = {"paragraph": paragraph}
    in_note: dict[str, Any] = {"note": note}
    here = {"volume": volume, "witness": witness, "line": 3, "code": "page", "message": "A page."}
    for place in (in_division, in_note):
        Diagnostic.objects.create(**here, **place, is_found=False)
    for place in (in_paragraph, in_note):
        make_suspect(witness, **place, is_found=False, settled_by="the scan")
        make_variant(witness, **place, is_found=False)
        CrossReference.objects.create(volume=volume, start=0, end=3, reading="see", kind="page", **place)
    for headword, place in (("artel", in_paragraph), ("mir", in_note)):
        make_candidate(volume, headword, score=0.9, sentence="Artel.", **place)
    for text in (paragraph, note):
        make_italic(text, text.text[:3], state="dismissed", is_found=False)
    make_italic(note, note.text[:3], state="dismissed")
    good = GoodReading.objects.create(reading="sovkhoz", volume=volume)
    make_variant(witness)
    make_suspect(witness, reading="sovkhoz", state="dismissed", good_reading=good)
    for place in (in_division, in_paragraph, in_note):
        make_emendation(witness, **place)
    # One that stands where it stood, one that a correction before it moved, one whose words were corrected.
    words = paragraph.imported_text[:10]
    paragraph.text = f"Then {paragraph.imported_text}"
    paragraph.save(update_fields=["text"])
    make_emendation(witness, **in_paragraph, after=words.split()[0], offset=0)
    changed = volume.paragraphs.get(number=3)
    make_emendation(witness, paragraph=changed, after="came.", offset=9)
    make_emendation(witness, paragraph=changed, after="dogs", offset=4)
    for row in (preface, paragraph, note):
        type(row)._default_manager.filter(pk=row.pk).update(corrected_on="2026-01-03")
    second: dict[str, Any] = {"second_paragraph": paragraph, "second_note": note, "gone": {"note": "1"}}
    deed = Deed.objects.create(volume=volume, kind="join", **in_paragraph, **in_note, **in_division, **second)
    for number, is_joined in ((77, True), (78, False)):
        FormerNumber.objects.create(volume=volume, number=number, paragraph=paragraph, is_joined=is_joined)
    Conflict.objects.create(volume=volume, field="deed", deed=deed)
    for field, about in (("head", in_division), ("text", in_note), ("definition", {"term": term})):
        readings = {"old_import": "Old.", "human": "Mine.", "new_import": "New."}
        Conflict.objects.create(volume=volume, field=field, about=field, **readings, **about)
    Term.objects.filter(pk=term.pk).update(imported_headword="N.E.P.")
    FormerTerm.objects.create(glossary=volume.glossary, slug="nep-1921", headword="NEP 1921", term=term)
    Note.objects.filter(pk=note.pk).update(
        supplied_from="a copy", supplied_on="2026-01-02", mark="*", inferred=True
    )
    for n, text in (("7", paragraph), ("8", note)):
        type(text)._default_manager.filter(pk=text.pk).update(text=f"{{p. {n}}}{text.text}")
        PageBreak.objects.create(volume=volume, n=n, position=100 + int(n), certainty="attested")
    PageBreak.objects.filter(division=preface).update(has_text=False)
    witness.audit = {**witness.audit, "set_aside": {"title block": [[1, 2], [3, 3, 0, 4]]}}
    witness.save()
    Original.objects.create(witness=witness, content=b"%PDF-", boxes=[[1, 1, 720, 720, 5000, 840]])
    PublishedText.objects.create(volume=volume, number=1, since=0, text="What readers saw first.")
    cited = "See A. Marlov, *The Mill* (Minsk: Plough, 1924), p. 7."
    in_cited: dict[str, Any] = {"paragraph": make_paragraph(preface, cited)}
    for place in (in_cited, {"note": make_note(preface, 9, cited)}):
        SettledReference.objects.create(volume=volume, reading="no such words", work="", **place)
    CitedWork.objects.create(
        volume=volume,
        key="ozer the mills",
        into="marlov the mill",
        is_work=False,
        archived=volume,
        **dict.fromkeys(CitedWork.DESCRIBES, "1"),
    )
    doubt = {"code": "long-heading", "said": "1 of 2 headings is a page long", "places": [[1, 3]]}
    Volume.objects.filter(pk=volume.pk).update(doubts=[doubt])
    return volume


def documents() -> list[dict[str, list[dict[str, Any]]]]:
    """The elements of two volumes' documents: one with an edited glossary, one with all other fields."""
    glossary = elements_of(json.loads(export_volume(book_with_senses())))
    Volume.objects.all().delete()
    return [glossary, elements_of(json.loads(export_volume(full_book())))]


def test_the_page_lists_every_key_in_order() -> None:
    assert tuple(key for key in rows() if key not in (*INNER, *OPTIONAL)) == KEYS


def test_the_page_lists_every_field_that_a_document_has_and_no_other() -> None:
    found: dict[str, list[set[str]]] = defaultdict(list)
    for document in documents():
        for key, elements in document.items():
            found[key] += map(set, elements)

    assert set(found) == set(rows())
    for key, (always, sometimes) in rows().items():
        there = found[key]
        assert there, f"{key}: the volumes have no such element"
        assert set.intersection(*there) - sometimes == always, key
        assert set.union(*there) == always | sometimes, key


def test_the_page_lists_every_field_that_the_code_writes() -> None:
    """The test above would miss a field that no volume of these tests has."""
    tree = ast.parse((CHECKOUT / "reader" / "exports" / "document.py").read_text(encoding="utf-8"))
    written = {
        key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    written |= {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "where_it_differs"
        if isinstance(node.args[0], ast.Constant)
    }
    listed = set(rows()).union(*(always | sometimes for always, sometimes in rows().values()))

    assert {*written, *DESCRIBED} - listed == set()
    assert len(written) > 60

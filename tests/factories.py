"""Rows for tests: each function makes a valid row with the values that the test gives."""

from importlib import import_module
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User

from glossary.forms import forms_of
from glossary.models import Glossary, Sense, Term, TermForm
from reader.correction.correcting import save_without_version
from reader.edition.occurrences import context_of
from reader.models import (
    Candidate,
    Division,
    Emendation,
    Italic,
    Note,
    PageBreak,
    Paragraph,
    Settlement,
    Suspect,
    Variant,
    Volume,
    Witness,
)
from reader.text.markup import plain
from reader.text.readings import context_at

_numbers = count(1)


def make_account(*roles: str, **values: Any) -> User:
    """Make a member of the staff with these roles."""
    found = Group.objects.filter(name__in=roles)
    if found.count() < len(roles):  # a test that commits removes the rows that migrations made
        for name in ("0001_roles", "0003_good_readings", "0004_variants", "0005_italics", "0007_persons"):
            import_module(f"bettelheim_site.migrations.{name}").make_roles(apps, None)
    account = User.objects.create_user(
        **{"username": f"account-{next(_numbers)}", "is_staff": True, **values}
    )
    account.groups.set(found.all())
    return account


def make_glossary(**values: Any) -> Glossary:
    return Glossary.objects.create(**{"name": f"Glossary {next(_numbers)}", **values})


def make_term(glossary: Glossary, headword: str = "NEP", **values: Any) -> Term:
    slug = "".join(letter if letter.isalnum() else "-" for letter in headword.lower()).strip("-")
    term = Term.objects.create(
        glossary=glossary,
        headword=headword,
        **{"slug": slug, "definition": f"What {headword} means", **values},
    )
    TermForm.objects.bulk_create(
        TermForm(term=term, text=form.text, case=form.case) for form in forms_of(headword)
    )
    return term


def make_sense(term: Term, definition: str = "", **values: Any) -> Sense:
    n = term.senses.count() + 1
    return Sense.objects.create(
        term=term, **{"n": n, "definition": definition or f"What {term} means ({n})", **values}
    )


def make_volume(**values: Any) -> Volume:
    glossary = values.pop("glossary", None) or make_glossary()
    return Volume.objects.create(
        **{
            "slug": f"volume-{next(_numbers)}",
            "title": "The Planning Organs",
            "author": "An Author",
            "publisher": "A Press",
            "year": 1978,
            "rights": "Free to use.",
            "language": "en",
            "glossary": glossary,
            **values,
        }
    )


def make_division(volume: Volume, **values: Any) -> Division:
    position = volume.divisions.count()
    values.setdefault("imported_head", values.get("head", "The plan"))
    division = Division(
        volume=volume,
        **{
            "kind": Division.Kind.CHAPTER,
            "n": str(position + 1),
            "head": "The plan",
            "slug": f"chapter-{position + 1}",
            "position": position,
            **values,
        },
    )
    save_without_version(division)
    return division


def make_paragraph(division: Division, text: str = "Some words.", **values: Any) -> Paragraph:
    position = division.volume.paragraphs.count()
    paragraph = Paragraph(
        volume=division.volume,
        division=division,
        text=text,
        **{"number": position + 1, "position": position, "imported_text": text, **values},
    )
    save_without_version(paragraph)
    return paragraph


def make_note(division: Division, n: int | None = 1, text: str = "A note.", **values: Any) -> Note:
    state = Note.State.COMPLETE if n is not None else Note.State.FRAGMENT
    position = division.notes.count()
    note = Note(
        division=division,
        n=n,
        text=text,
        **{"imported_text": text, "state": state, "position": position, **values},
    )
    save_without_version(note)
    return note


def make_page_break(volume: Volume, n: str, **values: Any) -> PageBreak:
    position = volume.page_breaks.count()
    return PageBreak.objects.create(
        volume=volume, n=n, **{"position": position, "certainty": PageBreak.Certainty.ATTESTED, **values}
    )


def make_witness(volume: Volume, content: bytes, **values: Any) -> Witness:
    return Witness.objects.create(
        volume=volume,
        content=content,
        **{"n": 1, "name": "a.txt", "encoding": "utf-8", "digest": "0", **values},
    )


def make_settlement(
    text: Paragraph | Note, reading: str, term: Term, sense: Sense | None = None
) -> Settlement:
    """Make an editor's settlement of the first place where a text has this reading."""
    start = plain(text.text).index(reading)
    before, reading, after = context_of(plain(text.text), start, start + len(reading))
    return Settlement.objects.create(
        term=term,
        **{"paragraph" if isinstance(text, Paragraph) else "note": text},
        before=before,
        reading=reading,
        after=after,
        is_term=sense is not None,
        sense=sense,
    )


def make_candidate(volume: Volume, headword: str, **values: Any) -> Candidate:
    return Candidate.objects.create(
        volume=volume,
        headword=headword,
        **{"definition": "Its meaning", "pattern": "that-is", "score": 0.5, **values},
    )


def make_emendation(witness: Witness, **values: Any) -> Emendation:
    return Emendation.objects.create(
        volume=witness.volume,
        witness=witness,
        **{"line": 3, "before": "or- gans", "after": "organs", "rule": "printer's hyphen", **values},
    )


def make_suspect(witness: Witness, **values: Any) -> Suspect:
    return Suspect.objects.create(
        volume=witness.volume,
        witness=witness,
        **{"line": 3, "code": "misspelling", "reading": "govrenment", **values},
    )


def make_italic(text: Paragraph | Note, reading: str, **values: Any) -> Italic:
    at = plain(text.text).index(reading)
    return Italic.objects.create(
        volume=text.volume,
        **{
            text.called: text,
            "kind": Italic.Kind.FOREIGN,
            "reading": reading,
            "context": context_at(plain(text.text), at, at + len(reading)),
            **values,
        },
    )


def make_variant(witness: Witness, **values: Any) -> Variant:
    return Variant.objects.create(
        volume=witness.volume,
        witness=witness,
        **{
            "line": 3,
            "other_line": 4,
            "name": "the scan",
            "kind": Variant.Kind.WORDS,
            "reading": "rye",
            "other": "oats",
            **values,
        },
    )

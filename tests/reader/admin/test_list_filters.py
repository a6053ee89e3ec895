"""Every filter of every list in the admin is offered, and shows only the rows with the chosen value."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reader.models import (
    Conflict,
    CrossReference,
    Diagnostic,
    Division,
    Gap,
    Replacement,
    TermOccurrence,
    Volume,
)
from tests.factories import (
    make_candidate,
    make_division,
    make_emendation,
    make_note,
    make_page_break,
    make_paragraph,
    make_sense,
    make_settlement,
    make_suspect,
    make_term,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db

VOLUME = "volume__id__exact={volume}"
# For each list, its filters by title, each with the query of its address when chosen.
LISTS = {
    "reader_emendation": {"volume": VOLUME, "rule": "rule__exact=lost letter"},
    "reader_crossreference": {
        "volume": VOLUME,
        "is resolved": "is_resolved__exact=1",
        "kind": "kind__exact=page",
    },
    "reader_conflict": {"state": "state__exact=open", "volume": VOLUME},
    "reader_pagebreak": {"volume": VOLUME, "certainty": "certainty__exact=attested"},
    "reader_replacement": {"volume": VOLUME, "taken back": "taken_back=no"},
    "reader_division": {"volume": VOLUME, "kind": "kind__exact=chapter"},
    "reader_paragraph": {
        "volume": VOLUME,
        "chapter": "chapter={chapter}",
        "kind": "kind__exact=prose",
        "level": "level__exact=validated",
    },
    "reader_note": {
        "volume": "division__volume__id__exact={volume}",
        "chapter": "chapter={chapter}",
        "state": "state__exact=complete",
        "level": "level__exact=validated",
    },
    "reader_suspect": {"volume": VOLUME, "state": "state__exact=open", "code": "code__exact=misspelling"},
    "reader_diagnostic": {"volume": VOLUME, "state": "state__exact=open", "code": "code__exact=overlap"},
    "reader_gap": {"volume": "division__volume__id__exact={volume}", "state": "state__exact=open"},
    "reader_candidate": {
        "state": "state=",
        "volume": f"state=all&{VOLUME}",
        "pattern": "state=all&pattern__exact=that-is",
    },
    "reader_settlement": {"is the term": "is_term__exact=1", "term": "term__id__exact={term}"},
    "glossary_term": {
        "glossary": "glossary__id__exact={glossary}",
        "occurrences": "occurrences=never",
        "source": "source__exact=key",
    },
}


def write_volume(slug: str, *, first: bool) -> Volume:
    """A volume with one row of each list; the rows of the first volume have the values of the table above."""
    volume = make_volume(slug=slug)
    term = make_term(volume.glossary, f"{slug}-term", source="key" if first else "editor")
    chapter = make_division(volume, slug="one", kind="chapter" if first else "part")
    level = "validated" if first else "proofread"
    state = "open" if first else "dismissed"
    paragraph = make_paragraph(
        chapter, f"Of {term.headword}.", kind="prose" if first else "quotation", level=level
    )
    make_note(chapter, 1 if first else None, "A note.", level=level)
    witness = make_witness(volume, b"Rye.\n")
    make_emendation(witness, rule="lost letter" if first else "printer's hyphen")
    make_suspect(witness, state=state, code="misspelling" if first else "dash")
    make_page_break(volume, "4", certainty="attested" if first else "inferred")
    make_candidate(
        volume, "artel", state="open" if first else "refused", pattern="that-is" if first else "quoted"
    )
    make_settlement(paragraph, term.headword, term, make_sense(term) if first else None)
    CrossReference.objects.create(
        volume=volume,
        paragraph=paragraph,
        start=0,
        end=2,
        reading="Of",
        kind="page" if first else "note",
        target_page="4" if first else "",
        is_resolved=first,
        reason="" if first else "no-such-note",
    )
    Conflict.objects.create(volume=volume, field="text", about="x", state="open" if first else "resolved")
    Diagnostic.objects.create(
        volume=volume,
        witness=witness,
        line=1,
        code="overlap" if first else "key-see-loop",
        message="Look.",
        state=state,
    )
    Gap.objects.create(division=chapter, n=3, state=state)
    Replacement.objects.create(
        volume=volume, reading="a", reason="the scan", undone_at=None if first else timezone.now()
    )
    if not first:
        # The other volume's term occurs.
        TermOccurrence.objects.create(term=term, paragraph=paragraph, start=3, end=9)
    return volume


@pytest.fixture
def places() -> dict[str, Any]:
    """The keys that the addresses of the filters name, all of the first volume."""
    volume = write_volume("first", first=True)
    write_volume("second", first=False)
    return {
        "volume": volume.pk,
        "chapter": Division.objects.get(volume=volume).pk,
        "term": volume.glossary.terms.get().pk,
        "glossary": volume.glossary.pk,
    }


@pytest.mark.parametrize("name", LISTS)
def test_a_list_offers_its_filters(admin_client: Client, places: dict[str, Any], name: str) -> None:
    shown = admin_client.get(reverse(f"admin:{name}_changelist")).context["cl"]

    assert [str(spec.title) for spec in shown.filter_specs] == list(LISTS[name])


@pytest.mark.parametrize(
    ("name", "title"), [(name, title) for name, titles in LISTS.items() for title in titles]
)
def test_a_filter_leaves_the_rows_that_have_what_was_chosen(
    admin_client: Client, places: dict[str, Any], name: str, title: str
) -> None:
    url = reverse(f"admin:{name}_changelist")
    whole = admin_client.get(f"{url}?state=all" if name == "reader_candidate" else url)
    filtered = admin_client.get(f"{url}?{LISTS[name][title].format(**places)}")

    keys = [row.pk for row in whole.context["cl"].queryset.order_by("pk")]
    assert len(keys) == 2
    assert [row.pk for row in filtered.context["cl"].queryset] == keys[:1]

"""Works cited leave in TEI and in documents, and an editor's decisions on them come back."""

import json

import pytest

from corpus_import.loading.document import Document
from corpus_import.loading.restoring import restore_document
from corpus_import.parsing.diagnostics import ImportFault
from reader.edition.edition import Edition
from reader.exports.document import export_volume
from reader.exports.tei import write_tei
from reader.models import CitedWork, SettledReference, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="lamps", title="Of Lamps", last_number=9)
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "Peat was dear.[^1][^2]")
    make_note(chapter, 1, "A. Orlov, *Peat* (Riga, 1931), p. 40; B. Tamm, *Oil* (Riga, 1929), p. 7.")
    note = make_note(chapter, 2, "Ibid., p. 44.")
    SettledReference.objects.create(
        volume=volume, note=note, reading="Ibid.", after=", p. 44.", work="tamm|oil"
    )
    publish_volume(volume)
    CitedWork.objects.filter(key="orlov|peat").update(publisher="Torf", doi="10.1000/1")
    return Volume.objects.get(pk=volume.pk)


def test_tei_has_the_works_and_leads_to_them_from_the_notes(volume: Volume) -> None:
    written = write_tei(Edition(volume))

    assert '<ref type="work" target="#work-tamm-oil">Ibid.</ref>, p. 44' in written
    assert (
        '<bibl xml:id="work-orlov-peat"><author>A. Orlov</author>, <title level="m">Peat</title>' in written
    )
    assert '<idno type="DOI">10.1000/1</idno>' in written


def test_a_document_says_where_works_are_cited(volume: Volume) -> None:
    document = json.loads(export_volume(volume))

    oil = next(work for work in document["works"] if work["id"] == "tamm-oil")
    assert [(each["note"], each["kind"], each["pages"]) for each in oil["references"]] == [
        ("one:1", "named", "7"),
        ("one:2", "ibid", "44"),
    ]


def test_decisions_on_works_come_back_with_the_document(volume: Volume) -> None:
    document = export_volume(volume)
    Volume.objects.all().delete()

    restore_document(Document("lamps.json", json.loads(document)))

    assert CitedWork.objects.get(key="orlov|peat").publisher == "Torf"
    assert SettledReference.objects.get().work == "tamm|oil"
    assert export_volume(Volume.objects.get()) == document


def test_a_decision_made_since_is_not_lost_unasked(volume: Volume) -> None:
    document = json.loads(export_volume(volume))
    del document["volume"]["cited_works"]

    with pytest.raises(ImportFault, match="--replace"):
        restore_document(Document("lamps.json", document))
    assert CitedWork.objects.get(key="orlov|peat").publisher == "Torf"

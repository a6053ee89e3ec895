"""Lost italics over imports: found in the texts, kept with what persons said of them, restored from documents."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection

from corpus_import.loading.document import read_document
from corpus_import.loading.italics import record_italics
from corpus_import.loading.restoring import restore_document
from corpus_import.loading.write import load_edition
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.pipeline import parse_volume
from reader.correction import italics
from reader.exports.document import export_volume
from reader.models import Conflict, Italic, Note, Paragraph, Volume
from tests.corpus_import.parsing.case_files import parse_text
from tests.factories import make_account
from tests.sample import EDITION

SAMPLE = Path(__file__).parents[3] / "fixtures/sample/volume.toml"
pytestmark = pytest.mark.django_db

BOOK = """\
   1. The beginning··

    The "peasants brought their grain to the poor (batraki ) and to the kolkhoz, and it led them forward ."[1]··
 Nobody asked the men of the town about it.··

    In that winter the (batraki ) had enough, and the town had not.··

   Notes··

1.·
··
··

See Miller, Grain and State, vol. 2, p. 7.··
""".replace("·", " ")


@pytest.fixture
def vera() -> User:
    return make_account("corrector", username="vera")


def import_book(text: str = BOOK) -> Volume:
    return load_edition(parse_text(text)).volume


def page_of(volume: Volume) -> str:
    return bytes(volume.pages.get(path=f"{volume.slug}/chapter-1/").html).decode()


def places(**conditions: object) -> list[tuple[str, str, str, str]]:
    rows = Italic.objects.filter(**conditions).in_book_order()
    return sorted((row.reading, row.kind, row.language, str(row.text)) for row in rows)


def test_an_import_records_the_places_where_italics_were_lost() -> None:
    import_book()

    assert places(state="open") == [
        ("Grain and State", "title", "", "note 1"),
        ("batraki", "foreign", "ru-Latn", "paragraph 1"),
        ("batraki", "foreign", "ru-Latn", "paragraph 2"),
        ("forward", "emphasis", "", "paragraph 1"),
        ("kolkhoz", "foreign", "ru-Latn", "paragraph 1"),
    ]
    trace = Italic.objects.get(reading="batraki", paragraph__number=2)
    assert trace.evidence.startswith("the source has a space where italics ended")
    assert trace.context == "In that winter the ( … ) had enough, and the"


def test_an_archive_that_knew_of_none_finds_them_at_an_import_that_changes_nothing() -> None:
    import_book()
    Italic.objects.all().delete()

    assert load_edition(parse_text(BOOK)).is_unchanged

    assert len(places(state="open")) == 5


def test_no_place_is_in_italics_before_a_person_said_so() -> None:
    import_book()

    assert "*" not in "".join(Paragraph.objects.values_list("text", flat=True))


def test_a_decision_is_kept_over_an_import_that_changes_other_words(vera: User) -> None:
    volume = import_book()
    italics.accept(Italic.objects.filter(reading="batraki", paragraph__number=1), by=vera)
    italics.dismiss(Italic.objects.filter(reading="kolkhoz"), by=vera)

    import_book(BOOK.replace("Nobody asked the men", "Somebody asked the women"))

    paragraph = Paragraph.objects.get(number=1)
    assert "(*batraki*)" in paragraph.text
    assert "Somebody asked the women" in paragraph.text
    assert not Conflict.objects.exists()
    assert places(state="accepted") == [("batraki", "foreign", "ru-Latn", "paragraph 1")]
    assert places(state="dismissed") == [("kolkhoz", "foreign", "ru-Latn", "paragraph 1")]
    assert len(places()) == 5
    chapter = page_of(volume)
    assert re.search('<i lang="ru-Latn">(?:<a [^>]+>)?batraki(?:</a>)?</i>', chapter)


def test_an_open_place_that_is_gone_goes_and_an_upright_one_is_kept_unseen(vera: User) -> None:
    import_book()
    italics.dismiss(Italic.objects.filter(reading="kolkhoz"), by=vera)

    import_book(BOOK.replace("kolkhoz", "town").replace(" forward .", " forward."))

    assert ("forward", "emphasis", "", "paragraph 1") not in places()
    assert not Italic.objects.get(reading="kolkhoz").is_found

    import_book()
    kept = Italic.objects.get(reading="kolkhoz")
    assert (kept.is_found, kept.state) == (True, "dismissed")


def test_words_that_stand_upright_again_are_open_again(vera: User) -> None:
    import_book()
    [row] = Italic.objects.filter(reading="kolkhoz")
    italics.accept([row], by=vera)
    Paragraph.objects.filter(number=1).update(text=Paragraph.objects.get(number=1).imported_text)

    import_book(BOOK.replace("had not", "had none"))

    row.refresh_from_db()
    assert row.state == "open"


def test_a_source_that_shows_its_italics_has_lost_none() -> None:
    volume = import_book()
    Paragraph.objects.filter(number=2).update(imported_text="In that *winter* the batraki had enough.")

    record_italics(volume)

    assert places() == []


def test_decisions_are_in_the_document_and_come_back(tmp_path: Path, vera: User) -> None:
    volume = import_book()
    italics.accept(Italic.objects.filter(reading="batraki", paragraph__number=1), by=vera)
    italics.dismiss(Italic.objects.filter(note__isnull=False), by=vera)
    document = export_volume(volume)
    before = places()
    assert [entry["state"] for entry in json.loads(document)["volume"]["italics"]] == [
        "accepted",
        "dismissed",
    ]
    path = tmp_path / "edition.json"
    path.write_text(document)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    Volume.objects.all().delete()

    restored = restore_document(read_document(path)).volume

    assert places() == before
    assert places(state="accepted") == [("batraki", "foreign", "ru-Latn", "paragraph 1")]
    assert export_volume(restored) == document


def test_a_decision_that_a_document_lacks_is_not_lost_unasked(tmp_path: Path, vera: User) -> None:
    volume = import_book()
    path = tmp_path / "edition.json"
    path.write_text(export_volume(volume))
    italics.dismiss(Italic.objects.filter(reading="kolkhoz"), by=vera)

    with pytest.raises(ImportFault, match="kolkhoz"):
        restore_document(read_document(path))


def test_notes_keep_the_language_of_their_titles(vera: User) -> None:
    volume = import_book(BOOK.replace("Grain and State", "Histoire économique"))
    italics.accept(Italic.objects.filter(note__isnull=False), by=vera)

    assert Note.objects.get().text == "See Miller, *Histoire économique*, vol. 2, p. 7."
    assert re.search('<cite lang="fr"><a [^>]+>Histoire économique</a></cite>', page_of(volume))


def test_most_italics_of_the_sample_are_proposed_as_they_were_set() -> None:
    set_in_italics = Counter(
        " ".join(re.sub(r"\[\^\d+\]", "", words).split())
        for division in EDITION.divisions
        for block in [*division.blocks, *(b for n in division.notes if not n.missing for b in n.paragraphs)]
        for words in re.findall(r"\*([^*]+)\*", block.text)
    )
    load_edition(parse_volume(SAMPLE))

    found = Counter(Italic.objects.values_list("reading", flat=True))

    assert (set_in_italics.total(), found.total()) == (25, 24)
    assert (set_in_italics & found).total() == 20

"""An import with doubts is refused, unless a person accepts them; then the edition says so until there are none."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from corpus_import.loading.document import read_document
from corpus_import.loading.restoring import restore_document
from corpus_import.loading.write import load_edition
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.findings import Misread
from reader.exports.document import export_volume
from reader.models import PublishedPage, Volume
from tests.corpus_import.loading.test_write import BOOK, write_volume
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = pytest.mark.django_db

DOUBTFUL = BOOK + "\n    The clerk, and his ledger;  \n" * 60
SAID = "60 of 63 paragraphs have no more than a line"


def import_accepted(text: str = DOUBTFUL) -> Volume:
    return load_edition(parse_text(text), accept_doubts=True).volume


def title_page(volume: Volume) -> str:
    return bytes(PublishedPage.objects.get(path=f"{volume.slug}/").html).decode()


def test_the_command_refuses_an_import_with_doubts_and_says_what_to_try(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_volume", str(write_volume(tmp_path, DOUBTFUL)), stdout=StringIO())

    said = str(refused.value)
    assert refused.value.returncode == 1
    assert f"short-paragraphs: {SAID}, and end no sentence (one.txt, lines 30," in said
    assert "pdftotext -layout" in said
    assert "--accept-doubts" in said
    assert not Volume.objects.exists()


def test_nothing_writes_an_edition_with_doubts_that_nobody_accepted() -> None:
    with pytest.raises(Misread):
        load_edition(parse_text(DOUBTFUL))

    assert not Volume.objects.exists()


def test_a_dry_run_prints_the_doubts_and_that_the_import_would_be_refused(tmp_path: Path) -> None:
    out = StringIO()

    call_command("import_volume", str(write_volume(tmp_path, DOUBTFUL)), dry_run=True, stdout=out)

    assert "would be refused" in out.getvalue()
    assert SAID in out.getvalue()
    assert not Volume.objects.exists()


def test_a_dry_run_without_doubts_says_nothing_of_them(tmp_path: Path) -> None:
    out = StringIO()

    call_command("import_volume", str(write_volume(tmp_path, BOOK)), dry_run=True, stdout=out)

    assert "refused" not in out.getvalue()


def test_an_accepted_edition_says_so_on_its_title_page_until_there_are_no_doubts(tmp_path: Path) -> None:
    manifest = write_volume(tmp_path, DOUBTFUL)

    call_command("import_volume", str(manifest), accept_doubts=True, stdout=StringIO())
    volume = Volume.objects.get()
    assert [doubt["code"] for doubt in volume.doubts] == ["short-paragraphs"]
    assert SAID in title_page(volume)
    assert f'href="/{volume.slug}/apparatus/#doubts"' in title_page(volume)

    (tmp_path / "one.txt").write_text(BOOK, encoding="utf-8")
    call_command("import_volume", str(manifest), stdout=StringIO())
    volume.refresh_from_db()
    assert volume.doubts == []
    assert "Read this edition with care" not in title_page(volume)


def test_an_edition_with_accepted_doubts_is_refused_again_without_the_option() -> None:
    import_accepted()

    with pytest.raises(Misread):
        load_edition(parse_text(DOUBTFUL))


def test_an_import_of_equal_doubts_changes_nothing() -> None:
    import_accepted()

    assert load_edition(parse_text(DOUBTFUL), accept_doubts=True).is_unchanged


def test_the_doubts_wait_for_a_person_as_diagnostics() -> None:
    volume = import_accepted()

    assert "short-paragraphs" in set(volume.diagnostics.values_list("code", flat=True))


def test_doubts_and_what_is_set_aside_survive_export_and_restoring(tmp_path: Path) -> None:
    volume = import_accepted()
    document = export_volume(volume)
    path = tmp_path / "volume.json"
    path.write_text(document, encoding="utf-8")
    volume.delete()

    restored = restore_document(read_document(path)).volume

    assert SAID in restored.doubts[0]["said"]
    assert SAID in title_page(restored)
    assert restored.witnesses.get().audit["set_aside"] == {"forme work": [[7, 7], [16, 16], [24, 24]]}
    assert export_volume(restored) == document


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("doubts", [{"code": "x", "said": "X", "places": [[1]]}]),
        ("doubts", [{"code": "x", "said": "X", "places": [[1, "2"]]}]),
        ("set_aside", {"forme work": [[1, 2, 3]]}),
        ("set_aside", {"forme work": 7}),
    ],
)
def test_a_document_with_places_of_another_shape_is_refused(
    tmp_path: Path, where: str, value: object
) -> None:
    document = json.loads(export_volume(import_accepted()))
    holder = document["volume"] if where == "doubts" else document["audit"][0]
    holder[where] = value
    path = tmp_path / "volume.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(ImportFault, match="numbers"):
        restore_document(read_document(path))


def test_a_document_has_no_doubts_to_accept(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--accept-doubts is of no use with a document"):
        call_command("import_volume", str(tmp_path / "volume.json"), accept_doubts=True)

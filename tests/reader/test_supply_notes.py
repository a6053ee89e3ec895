"""`manage.py supply_notes` runs the code of the screen, and prints a line for each note."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reader.models import Deed, Division, Note
from reader.publishing.publish import publish_volume
from tests.factories import make_account, make_division, make_note, make_paragraph, make_volume

pytestmark = pytest.mark.django_db

COPY = "the printed edition"


@pytest.fixture
def chapter() -> Division:
    volume = make_volume(slug="plans")
    chapter = make_division(volume)
    make_paragraph(chapter, "The scales were tested.[^1] Nobody asked why,[^2] nor when.[^3]")
    make_note(chapter, 1, "By the miller.")
    publish_volume(volume)
    make_account(username="vera")
    return chapter


def run(folder: Path, typed: str | bytes, *options: str, **values: str) -> list[str]:
    file = folder / "notes.txt"
    file.write_bytes(typed if isinstance(typed, bytes) else typed.encode())
    out = StringIO()
    given = {
        "volume": "plans",
        "chapter": "chapter-1",
        "file": str(file),
        "copy": COPY,
        "by": "vera",
        **values,
    }
    named = [f"--copy={given['copy']}", f"--by={given['by']}"]
    call_command(
        "supply_notes", given["volume"], given["chapter"], given["file"], *named, *options, stdout=out
    )
    return out.getvalue().splitlines()


def test_notes_are_written_and_each_has_a_line(chapter: Division, tmp_path: Path) -> None:
    assert run(
        tmp_path, "\ufeff1. By the miller.\r\n\r\n2. See the ledger.\r\n\r\n7. Nobody calls it.\r\n"
    ) == [
        "note 1, line 1: is there already: By the miller.",
        "note 2, line 3: fills a gap: See the ledger.",
        "note 7, line 5: has no place: No call of note 7 stands in this chapter: look at the number, or set its"
        " call first.",
        "1 written.",
    ]
    note = Note.objects.get(n=2)
    assert (note.text, note.supplied_from) == ("See the ledger.", COPY)


def test_a_dry_run_writes_nothing(chapter: Division, tmp_path: Path) -> None:
    assert run(tmp_path, "2. See the ledger.", "--dry-run")[-1] == "1 would be written. Nothing was written."

    assert not Deed.objects.exists()


def test_a_note_that_is_there_is_changed_only_if_asked(chapter: Division, tmp_path: Path) -> None:
    left = "note 1, line 1: changes a note (left; --change changes it): By a miller."
    assert run(tmp_path, "1. By a miller.") == [left, "Nothing was written."]

    run(tmp_path, "1. By a miller.", "--change")

    assert Note.objects.get(n=1).text == "By a miller."


def test_a_second_run_writes_nothing(chapter: Division, tmp_path: Path) -> None:
    run(tmp_path, "2. See the ledger.")

    assert run(tmp_path, "2. See the ledger.")[-1] == "Nothing was written."


def test_what_is_no_note_is_named_by_its_line(chapter: Division, tmp_path: Path) -> None:
    lines = run(tmp_path, "2. See the ledger.\n\n* The same.", "--dry-run")

    assert lines[1].startswith("Line 3 begins with *")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"volume": "plan"}, "plan: there is no such volume; there are: plans."),
        ({"chapter": "mill"}, "mill: there is no such chapter; there are: chapter-1."),
        ({"by": "nobody"}, "nobody: there is no such account; --by names a person of the admin."),
        ({"copy": " "}, "Say from which copy the notes are taken: readers are told."),
    ],
)
def test_a_call_with_a_wrong_name_writes_nothing(
    chapter: Division, tmp_path: Path, values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        run(tmp_path, "2. See the ledger.", **values)

    assert str(refused.value) == sentence
    assert not Deed.objects.exists()


def test_a_file_in_another_encoding_is_named_with_its_line(chapter: Division, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"notes.txt, line 2: the file is not UTF-8; save it as UTF-8."):
        run(tmp_path, "2. See\nthe mühle.".encode("latin-1"))

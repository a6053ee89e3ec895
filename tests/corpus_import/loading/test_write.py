"""Writing an edition: rows written, rows kept, and refusals."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from corpus_import.loading.write import load_edition
from glossary.models import Term
from reader.models import Division, Note, Paragraph, PublishedPage, Volume
from reader.publishing.publish import publish_volume
from tests.corpus_import.parsing.case_files import parse_text
from tests.factories import make_division, make_note, make_paragraph, make_volume

pytestmark = pytest.mark.django_db

# `·` is a space at the end of a line.
BOOK = """\
NEP  New Economic Policy··

CLD  See STO··

STO  Council of Labor and Defense··

page 3

    Preface··

    The office was opened in the first year of the NEP, and nobody came. It was a good year for the··
 office, and the clerk wrote it down.[1]··

    The second year was worse.[2]··

   Notes··

1.·
··
··

In a book that has been lost since.    [p. 3]··

page 4

   1. The second year··

    Two people came.··
""".replace("·", " ")


def import_book(text: str = BOOK) -> Volume:
    return load_edition(parse_text(text)).volume


def test_an_edition_is_written_as_it_was_read() -> None:
    volume = import_book()

    assert list(volume.divisions.values_list("slug", "kind", "page")) == [
        ("preface", "front", "3"),
        ("chapter-1", "chapter", "4"),
    ]
    first = volume.paragraphs.get(number=1)
    assert first.text.endswith("wrote it down.[^1]")
    assert first.text == first.imported_text
    assert first.lines == [[1, 11, 12]]
    note = Note.objects.get(division__volume=volume)
    assert (note.n, note.page, note.text) == (1, "3", "In a book that has been lost since.")
    assert [gap.n for gap in volume.divisions.get(slug="preface").gaps.all()] == [2]
    assert bytes(volume.witnesses.get().content).decode() == BOOK


def test_a_volume_that_comes_later_is_led_to_from_works_cited(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        this = import_book()
        title, by = this.title, this.author.split()[-1]
        citing = make_volume(slug="citing", title="Of Lamps")
        note = make_note(make_division(citing, slug="one"), 1, f"A. {by}, *{title}* (Riga, 1931), p. 4.")
        make_paragraph(note.division, "So it is said.[^1]")
        this.delete()
        publish_volume(citing)
    assert "Read it in this archive" not in works_page("citing")

    with django_capture_on_commit_callbacks(execute=True):
        import_book()

    assert f'href="/{this.slug}/">Read it in this archive' in works_page("citing")


def works_page(slug: str) -> str:
    return bytes(PublishedPage.objects.get(path=f"{slug}/works/").html).decode()


def test_a_suspect_points_to_the_text_that_it_stands_in() -> None:
    text = BOOK.replace("The second year", "The wet,and second year").replace(
        "a book that", "a book,and that"
    )

    volume = import_book(text)  # a heading has these words too, but is not a text

    paragraph, note = volume.paragraphs.get(number=2), Note.objects.get(division__volume=volume)
    found = volume.suspects.order_by("line").values_list("reading", "paragraph", "note")
    assert list(found) == [
        ("wet,and", paragraph.pk, None),
        ("book,and", None, note.pk),
        ("wet,and", None, None),
    ]


def test_an_entry_that_sends_elsewhere_is_linked() -> None:
    volume = import_book()

    assert volume.glossary.terms.get(headword="CLD").see == volume.glossary.terms.get(headword="STO")


def test_importing_the_same_again_changes_nothing() -> None:
    volume = import_book()
    before = [
        list(model.objects.order_by("pk").values()) for model in (Volume, Division, Paragraph, Note, Term)
    ]
    pages = list(PublishedPage.objects.order_by("pk").values_list("pk", "etag"))

    loaded = load_edition(parse_text(BOOK))

    assert loaded.is_unchanged
    after = [
        list(model.objects.order_by("pk").values()) for model in (Volume, Division, Paragraph, Note, Term)
    ]
    assert after == before
    assert list(PublishedPage.objects.order_by("pk").values_list("pk", "etag")) == pages
    assert volume.revision == Volume.objects.get().revision


def test_a_person_s_correction_is_kept_by_another_import() -> None:
    volume = import_book()
    Paragraph.objects.filter(volume=volume, number=2).update(text="The second year was much worse.[^2]")

    loaded = load_edition(parse_text(BOOK.replace("Two people came.", "Two people came and went.")))

    assert volume.paragraphs.get(number=2).text == "The second year was much worse.[^2]"
    assert loaded.corrections_kept == 1


def test_permanent_numbers_survive_a_paragraph_that_is_new() -> None:
    volume = import_book()
    last = volume.paragraphs.get(text="Two people came.")
    longer = BOOK.replace(
        "    Two people", "    It rained for a week before anybody opened the door.  \n\n    Two people"
    )

    import_book(longer)

    last.refresh_from_db()
    assert last.text == "Two people came."
    assert volume.paragraphs.get(text__startswith="It rained").number == 4


def write_volume(folder: Path, text: str) -> Path:
    (folder / "one.txt").write_text(text, encoding="utf-8")
    manifest = folder / "volume.toml"
    manifest.write_text(
        'slug = "offices"\ntitle = "Offices"\nauthor = "Nobody"\npublisher = "None"\nyear = 1930\n'
        'rights = "None"\nlanguage = "en"\nwitnesses = ["one.txt"]\n',
        encoding="utf-8",
    )
    return manifest


def test_the_command_says_what_it_found(tmp_path: Path) -> None:
    out = StringIO()

    call_command("import_volume", str(write_volume(tmp_path, BOOK)), stdout=out)

    said = out.getvalue()
    for line in (
        "2  divisions",
        "3  paragraphs",
        "1  notes",
        "0  fragments of notes",
        "1  gaps",
        "3  terms",
        "one.txt:14: gap:",
        "the audit balances",
    ):
        assert line in said


def test_the_audit_says_which_lines_hold_what(tmp_path: Path) -> None:
    manifest, audit = write_volume(tmp_path, BOOK), tmp_path / "audit.json"

    call_command("import_volume", str(manifest), audit=audit, stdout=StringIO())

    [witness] = json.loads(audit.read_text(encoding="utf-8"))
    categories = witness["categories"]
    assert (witness["witness"], witness["name"], witness["balanced"]) == (1, "one.txt", True)
    assert witness["total"] == sum(not c.isspace() for c in BOOK)
    assert witness["total"] == sum(category["characters"] for category in categories.values())
    assert categories["text"]["lines"] == [[11, 12], [14, 14], [28, 28]]
    assert categories["key"]["lines"] == [[1, 1], [3, 3], [5, 5]]
    every_line = {n for c in categories.values() for a, b in c["lines"] for n in range(a, b + 1)}
    assert every_line == {n for n, line in enumerate(BOOK.split("\n"), 1) if line.strip()}


def test_an_audit_that_cannot_be_written_ends_the_command_and_nothing_is_imported(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="the file cannot be written"):
        call_command("import_volume", str(write_volume(tmp_path, BOOK)), audit=tmp_path / "no" / "a.json")

    assert not Volume.objects.exists()


def test_the_witnesses_may_lie_elsewhere(tmp_path: Path) -> None:
    manifest = write_volume(tmp_path, BOOK)
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (tmp_path / "one.txt").rename(elsewhere / "one.txt")

    call_command("import_volume", str(manifest), witnesses=elsewhere, stdout=StringIO())

    assert Volume.objects.get().slug == "offices"


def test_a_fault_ends_the_command_in_one_sentence_and_writes_nothing(tmp_path: Path) -> None:
    manifest = write_volume(tmp_path, "No heading stands here.\n")

    with pytest.raises(CommandError) as caught:
        call_command("import_volume", str(manifest), stdout=StringIO())

    assert caught.value.returncode == 1
    assert str(caught.value).startswith("one.txt, line 1: no heading")
    assert not Volume.objects.exists()


class Terminal(StringIO):
    """What a person sees who looks at a terminal."""

    def isatty(self) -> bool:
        return True


def import_on(out: StringIO, tmp_path: Path, verbosity: int) -> str:
    call_command("import_volume", str(write_volume(tmp_path, BOOK)), stdout=out, verbosity=verbosity)
    return out.getvalue()


def test_a_terminal_shows_each_step_in_place_of_the_one_before(tmp_path: Path) -> None:
    first, *steps, rest = import_on(Terminal(), tmp_path, 1).split("\r\x1b[K")

    assert first == ""
    assert "Reading one.txt" in steps
    assert "Parsing, stage 1 of" in " ".join(steps)
    assert not any("\n" in step for step in steps)
    assert rest.splitlines()[0].split() == ["2", "divisions"]  # the report follows


@pytest.mark.parametrize(("terminal", "verbosity"), [(StringIO, 1), (Terminal, 0)])
def test_steps_are_shown_to_a_person_at_a_terminal_alone(
    tmp_path: Path, terminal: type[StringIO], verbosity: int
) -> None:
    assert "Reading" not in import_on(terminal(), tmp_path, verbosity)


def test_all_steps_are_lines_if_they_are_asked_for(tmp_path: Path) -> None:
    assert "Reading one.txt\n" in import_on(StringIO(), tmp_path, 2)


def test_a_refusal_stands_in_a_line_without_steps(tmp_path: Path) -> None:
    out = Terminal()
    with pytest.raises(CommandError):
        call_command("import_volume", str(write_volume(tmp_path, "No heading.\n")), stdout=out)

    assert out.getvalue().endswith("\r\x1b[K")


@pytest.fixture
def static_folder(settings: Settings, tmp_path: Path) -> Path:
    """An empty folder for static files with digests in their names, as on a new server."""
    folder = tmp_path / "static"
    settings.STATICFILES_FINDERS = [
        "django.contrib.staticfiles.finders.FileSystemFinder"
    ]  # without the admin's files
    backend = "bettelheim_site.static_files.ModuleStorage"
    settings.STATIC_ROOT = str(folder)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    return folder


def static_files_that_lack(folder: Path) -> list[str]:
    """The static files that the title page names and the folder lacks."""
    page = bytes(PublishedPage.objects.get(path="offices/").html).decode()
    named = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert named, "a page has styles"
    return [name for name in named if not (folder / name).is_file()]


def test_the_first_import_collects_the_static_files_that_pages_name(
    tmp_path: Path, static_folder: Path
) -> None:
    call_command("import_volume", str(write_volume(tmp_path, BOOK)), stdout=StringIO())

    assert static_files_that_lack(static_folder) == []


def test_the_first_document_restored_collects_the_static_files_that_pages_name(
    tmp_path: Path, static_folder: Path, settings: Settings
) -> None:
    call_command("import_volume", str(write_volume(tmp_path, BOOK)), stdout=StringIO())
    document = tmp_path / "offices.json"
    with document.open("w", encoding="utf-8") as out:
        call_command("export_volume", "offices", format="json", stdout=out)
    Volume.objects.all().delete()
    settings.STATIC_ROOT = str(tmp_path / "another")

    call_command("import_volume", str(document), stdout=StringIO())

    assert static_files_that_lack(tmp_path / "another") == []


def test_a_dry_run_collects_no_static_file(tmp_path: Path, static_folder: Path) -> None:
    call_command("import_volume", str(write_volume(tmp_path, BOOK)), dry_run=True, stdout=StringIO())

    assert not static_folder.exists()


def test_text_before_the_first_heading_has_a_page_of_its_own() -> None:
    volume = import_book(BOOK.replace("    Preface  \n\n", ""))

    assert list(volume.divisions.values_list("slug", "kind", "page", "head")) == [
        ("untitled", "front", "3", "[Untitled]"),
        ("chapter-1", "chapter", "4", "The second year"),
    ]
    path = volume.divisions.get(slug="untitled").get_absolute_url().lstrip("/")
    page = bytes(PublishedPage.objects.get(path=path).html).decode()
    assert "[Untitled]</h1>" in page
    assert "The office was opened" in page

"""The archival package: a bag whose damages are found, and which an archive reads back."""

import hashlib
from datetime import date
from pathlib import Path

import bagit  # type: ignore[import-untyped]
import pytest
from django.core.management import CommandError, call_command

from reader.exports.bag import DamagedBag, check_bag, write_bag
from reader.exports.document import export_volume
from reader.exports.frozen import File
from reader.exports.package import package
from reader.exports.schema import read_schema
from reader.models import Original, Volume
from tests.factories import make_volume, make_witness
from tests.sample import MANIFEST as SAMPLE
from tests.sample import WITNESS

DAY = date(2030, 1, 2)


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    folder = tmp_path / "bag"
    files = [File("a.txt", b"one"), File("b/100%.txt", b"two")]
    assert write_bag(folder, files, {"External-Description": "Two\nlines"}, DAY) == (2, 6)
    return folder


def test_a_bag_lists_each_file_with_its_digest(bag: Path) -> None:
    digest = hashlib.sha256(b"two").hexdigest()

    assert f"{digest}  data/b/100%25.txt\n" in (bag / "manifest-sha256.txt").read_text()
    assert check_bag(bag) == ["a.txt", "b/100%.txt"]


def test_a_bag_says_what_it_is_on_single_lines(bag: Path) -> None:
    assert (bag / "bag-info.txt").read_text().splitlines() == [
        "External-Description: Two lines",
        "Bagging-Date: 2030-01-02",
        "Payload-Oxum: 6.2",
    ]


def test_the_library_of_congress_s_validator_finds_nothing(tmp_path: Path) -> None:
    # In names without `%`: it does not write `%25`, as RFC 8493, 2.1.3, asks.
    write_bag(tmp_path / "bag", [File("a.txt", b"one"), File("b/é.txt", b"two")], {}, DAY)
    assert bagit.Bag(str(tmp_path / "bag")).validate()

    (tmp_path / "bag/data/a.txt").write_bytes(b"One")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(tmp_path / "bag")).validate()


def test_a_changed_file_is_found(bag: Path) -> None:
    (bag / "data/a.txt").write_bytes(b"One")

    with pytest.raises(DamagedBag, match=r"a\.txt: the file is not the one that was packed"):
        check_bag(bag)


def test_a_missing_file_is_found(bag: Path) -> None:
    (bag / "data/a.txt").unlink()

    with pytest.raises(DamagedBag, match=r"a\.txt: the bag lists this file, and it is not there"):
        check_bag(bag)


def test_an_added_file_is_found(bag: Path) -> None:
    (bag / "data/c.txt").write_bytes(b"three")

    with pytest.raises(DamagedBag, match=r"c\.txt: the bag does not list this file"):
        check_bag(bag)


def test_a_list_that_leads_out_of_the_bag_is_refused(bag: Path) -> None:
    with (bag / "manifest-sha256.txt").open("a") as manifest:
        manifest.write(f"{'0' * 64}  data/../../etc/passwd\n")

    with pytest.raises(DamagedBag, match="leads out of the bag"):
        check_bag(bag)


@pytest.mark.django_db
def test_an_archive_comes_back_from_its_package(tmp_path: Path) -> None:
    call_command("import_volume", SAMPLE, verbosity=0)
    before = export_volume(Volume.objects.get())
    folder = tmp_path / "package"
    call_command("archive", folder)
    Volume.objects.get().delete()

    call_command("import_volume", folder)

    assert export_volume(Volume.objects.get()) == before
    assert bagit.Bag(str(folder)).validate()
    data = folder / "data"
    assert (data / "volumes/planning-organs/sources/1-file-1.txt").read_bytes() == WITNESS.read_bytes()
    assert (data / "site/index.html").is_file()
    assert "MIT license" in (data / "README.txt").read_text()
    assert (data / "edition-format.schema.json").read_bytes() == read_schema()


@pytest.mark.django_db
def test_a_package_holds_the_owners_file_and_not_the_text_that_was_read_from_it() -> None:
    witness = make_witness(make_volume(slug="book"), b"The text.", name="section 1.pdf")
    Original.objects.create(witness=witness, content=b"%PDF-1.7")

    files = {file.path: file.content for file in package(Volume.objects.all(), [], "2030-01-02", "")}

    assert files["volumes/book/sources/1-section-1.pdf"] == b"%PDF-1.7"


@pytest.mark.django_db
def test_a_damaged_package_is_not_imported(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    write_bag(folder, [File("volumes/book/edition.json", b"{}")], {}, DAY)
    (folder / "data/volumes/book/edition.json").write_bytes(b"{ }")

    with pytest.raises(CommandError, match="not the one that was packed"):
        call_command("import_volume", folder)


@pytest.mark.django_db
def test_a_bag_of_something_else_is_not_imported(bag: Path) -> None:
    with pytest.raises(CommandError, match="holds no edition"):
        call_command("import_volume", bag)

"""A file that is no plain text is kept as its owner gave it, beside the text that was derived from it."""

import hashlib
import json
from dataclasses import replace

import pytest
from django.test import Client

from corpus_import.loading.document import Document
from corpus_import.loading.planning import volume as planning_volume
from corpus_import.loading.restoring import restore_document
from corpus_import.loading.write import Loaded, load_edition
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.report import audit_document
from corpus_import.parsing.source import decode_source
from corpus_import.parsing.sources import fronts
from corpus_import.parsing.sources.shown import Box, Shown
from corpus_import.parsing.sources.web_page import is_web_page, read_web_page
from reader.edition.witnesses import passages_of
from reader.exports.document import export_volume
from reader.models import Original, Volume, Witness
from tests.corpus_import.loading.test_write import BOOK
from tests.corpus_import.parsing.case_files import MANIFEST

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

PAGE = b"""<!doctype html><html><head><title>x</title></head><body><h3>1. The first office</h3>
<p>The council met in the winter of that year and drew up a plan for the whole country, which nobody read.</p>
<p>In the spring the second office asked for the plan, and the first one answered that it was lost.</p>
</body></html>"""


def drafted(content: bytes, name: str = "one.html") -> Draft:
    return parse(decode_source(replace(MANIFEST, witnesses=(name,)), {name: content}))


def load(content: bytes = PAGE, name: str = "one.html") -> Loaded:
    return load_edition(drafted(content, name))


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_web_page_is_kept_byte_for_byte_and_its_digest_is_the_file_s() -> None:
    load()

    witness = Witness.objects.get()
    assert bytes(witness.original.content) == PAGE
    assert (witness.kind, witness.digest) == ("web page", digest_of(PAGE))
    assert b"<h3>" not in bytes(witness.content)
    assert b"The first office" in bytes(witness.content)


def test_plain_text_is_kept_once() -> None:
    load(BOOK.encode(), "one.txt")

    witness = Witness.objects.get()
    assert (witness.kind, witness.form, witness.digest) == ("text", 0, digest_of(BOOK.encode()))
    assert bytes(witness.content) == BOOK.encode()
    assert not Original.objects.exists()


def test_the_same_web_page_again_changes_nothing() -> None:
    load()

    assert load().is_unchanged


def test_a_byte_that_no_text_shows_changes_the_file_that_is_kept() -> None:
    load()
    other = PAGE.replace(b"<title>x", b"<title>y")

    loaded = load(other)

    assert [str(r) for r in loaded.plan.remarks if r.what == "witness"] == ["one.html: changed"]
    assert bytes(Original.objects.get().content) == other
    assert Witness.objects.get().digest == digest_of(other)


def test_another_way_of_deriving_the_text_derives_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    volume = load().volume
    [before] = passages_of(volume.pk, [[1, 1, 1]])

    def read_anew(content: bytes, name: str, manifest: Manifest, tell: object) -> Shown:
        shown = read_web_page(content, name, manifest)
        return replace(shown, text=shown.text.replace("office", "bureau"))

    monkeypatch.setattr(fronts, "FRONTS", ((is_web_page, read_anew),))
    monkeypatch.setattr(planning_volume, "FORM", 99)
    loaded = load()

    [after] = passages_of(volume.pk, [[1, 1, 1]])
    assert "office" in before.lines[0]
    assert after.lines == [before.lines[0].replace("office", "bureau")]
    assert Witness.objects.get().form == 99
    assert "one.html: changed: another text of the same file" in map(str, loaded.plan.remarks)
    assert load().is_unchanged


def test_a_web_page_in_the_place_of_a_text_and_back_keeps_one_file() -> None:
    load(BOOK.encode(), "one.txt")
    load()
    assert bytes(Original.objects.get().content) == PAGE

    load(BOOK.encode(), "one.txt")

    assert not Original.objects.exists()
    assert (Witness.objects.get().kind, Witness.objects.get().text_digest) == ("text", "")


# Exports


def with_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the web page's lines have places, as those of a PDF have."""

    def read(content: bytes, name: str, manifest: Manifest, tell: object) -> Shown:
        shown = read_web_page(content, name, manifest)
        return replace(shown, boxes=(Box(1, 3, 72, 90.25, 500.5, 103), Box(3, 4, 72, 72, 500, 84)))

    monkeypatch.setattr(fronts, "FRONTS", ((is_web_page, read),))


def restored(text: str) -> Volume:
    return restore_document(Document("edition.json", json.loads(text))).volume


def test_a_restored_archive_has_the_file_its_kind_and_its_lines_places(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_boxes(monkeypatch)
    text = export_volume(load().volume)
    kept = Witness.objects.values("kind", "form", "digest", "text_digest", "content").get()
    Volume.objects.all().delete()

    volume = restored(text)

    assert Witness.objects.values("kind", "form", "digest", "text_digest", "content").get() == kept
    assert bytes(Original.objects.get().content) == PAGE
    assert Original.objects.get().boxes == [[1, 3, 720, 902, 5005, 1030], [3, 4, 720, 720, 5000, 840]]
    assert export_volume(volume) == text
    assert load().is_unchanged


def test_a_document_without_a_file_is_read_as_before() -> None:
    text = export_volume(load().volume)
    values = json.loads(text)
    [witness] = values["volume"]["witnesses"]
    for name in ("kind", "form", "original"):
        del witness[name]
    witness["digest"] = "0"
    Volume.objects.all().delete()

    restored(json.dumps(values))

    assert (Witness.objects.get().kind, Witness.objects.get().form) == ("text", 0)
    assert not Original.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("original", "AAAA", "the content is not what its digest says"),
        ("original", "!", "“original” must be base64"),
        ("kind", 7, "“kind” must be text"),
        ("boxes", [[1, 2]], "“boxes” must be lists of six whole numbers"),
        ("boxes", [[1, 2, 3, 4, 5, "6"]], "“boxes” must be lists of six whole numbers"),
    ],
)
def test_a_damaged_file_in_a_document_is_refused(name: str, value: object, said: str) -> None:
    values = json.loads(export_volume(load().volume))
    values["volume"]["witnesses"][0][name] = value

    with pytest.raises(ImportFault, match=said):
        restored(json.dumps(values))


def test_the_audit_says_of_what_its_characters_are() -> None:
    [entry] = json.loads(audit_document(drafted(PAGE)))

    assert (entry["kind"], entry["digest"]) == ("web page", digest_of(PAGE))


# Readers


def test_readers_see_what_kind_of_file_a_source_is(client: Client) -> None:
    slug = load().volume.slug

    title_page = client.get(f"/{slug}/").content.decode()
    apparatus = client.get(f"/{slug}/apparatus/").content.decode()

    assert "<td>Saved web page</td>" in title_page
    assert f'title="{digest_of(PAGE)}"' in title_page
    assert "Every character of the text of this file is accounted for." in title_page
    assert "<p>Saved web page; lines and characters are those of its text.</p>" in apparatus
    assert "What became of the characters of its text" in apparatus


def test_readers_see_that_a_source_is_plain_text(client: Client) -> None:
    slug = load(BOOK.encode(), "one.txt").volume.slug

    assert "<td>Plain text</td>" in client.get(f"/{slug}/").content.decode()
    assert "Every character of this file is accounted for." in client.get(f"/{slug}/").content.decode()
    assert "<p>Plain text.</p>" in client.get(f"/{slug}/apparatus/").content.decode()

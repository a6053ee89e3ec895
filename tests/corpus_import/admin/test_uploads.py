"""Importing from the admin: the changes shown are the changes written, once, and only by persons with the right."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from corpus_import.admin.uploads import MOST_ACTIVE
from corpus_import.jobs import dry_run, process
from corpus_import.jobs.running import work
from corpus_import.jobs.watching import BEGINS_WITHIN
from corpus_import.models import Upload
from corpus_import.parsing.sources import fronts
from corpus_import.parsing.sources.shown import Shown
from reader.models import Conflict, Paragraph, PublishedPage, Volume, Witness
from reader.publishing.publish import publish_volume
from tests.corpus_import.loading.test_doubts import DOUBTFUL
from tests.corpus_import.loading.test_write import BOOK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root", "at_once")]

ADD = "/admin/corpus_import/upload/add/"
LIST = "/admin/corpus_import/upload/"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do the work at once and in this process; `tests/corpus_import/jobs/` has the tests with real ones."""
    monkeypatch.setattr(process, "start", lambda key: work(key, lambda step: None))


def manifest(*witnesses: str, **fields: str) -> bytes:
    described = {"slug": "offices", "title": "The Offices", "author": "A", "publisher": "P", "rights": "R"}
    lines = [f'{name} = "{value}"' for name, value in {**described, "language": "en", **fields}.items()]
    return "\n".join([*lines, "year = 1930", f"witnesses = {[*witnesses]!r}\n"]).encode()


def book(text: str = BOOK, **fields: str) -> dict[str, bytes]:
    return {"volume.toml": manifest("one.txt", **fields), "one.txt": text.encode()}


def send(client: Client, files: dict[str, bytes]) -> Any:
    return client.post(ADD, {"sent": [SimpleUploadedFile(name, content) for name, content in files.items()]})


def upload(client: Client, files: dict[str, bytes] | None = None) -> str:
    """Upload files; return the address of the upload's page."""
    response = send(client, files or book())
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def show(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def shown_in(html: str) -> dict[str, str]:
    """The hidden fields that a confirmation of the page sends."""
    return dict(re.findall(r'name="(shown)" value="(\w+)"', html))


def confirm(client: Client, path: str, html: str | None = None) -> Any:
    return client.post(path, shown_in(show(client, path) if html is None else html))


def counts_in(html: str) -> dict[str, int]:
    rows = re.findall(r'<th scope="row">([\w ]+)</th>\s*<td class="count">(\d+)</td>', html)
    return {label: int(count) for label, count in rows}


def import_book(client: Client) -> Volume:
    path = upload(client)
    assert confirm(client, path)["Location"] == path
    return Volume.objects.get()


def correct(number: int, before: str, after: str) -> None:
    paragraph = Paragraph.objects.get(number=number)
    assert before in paragraph.text
    paragraph.text = paragraph.text.replace(before, after)
    paragraph.save(update_fields=["text"])
    publish_volume(paragraph.division.volume)


@pytest.fixture
def editor(client: Client) -> Client:
    """A person who may import, and nothing else."""
    return log_in(client, "editor", "add_upload")


def log_in(client: Client, name: str, *codenames: str) -> Client:
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    assert user.user_permissions.count() == len(codenames)
    client.force_login(user)
    return client


# The dry run


def test_the_admin_s_first_page_leads_to_imports(editor: Client) -> None:
    html = show(editor, "/admin/")

    assert f'<a href="{LIST}">Imports</a>' in html
    assert ADD in html


def test_an_upload_is_shown_and_nothing_is_written(editor: Client) -> None:
    path = upload(editor)
    html = show(editor, path)

    assert counts_in(html) == {
        **{"Added": 12, "Changed": 0, "Joined": 0, "Split": 0, "Moved": 0, "Removed": 0},
        **{"Corrections kept": 0, "Corrections merged": 0, "Conflicts": 0, "Known to be good": 0},
    }
    assert "3 paragraphs" in html
    assert "The volume is new to the archive" in html
    assert "<b>paragraph 1</b> “The office was opened" in html
    assert "the audit balances" in html
    assert "<b>one.txt</b>" in html
    assert not Volume.objects.exists()


def test_a_zip_of_a_folder_is_shown_likewise(editor: Client) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, content in book().items():
            archive.writestr(f"the offices/{name}", content)

    html = show(editor, upload(editor, {"offices.zip": body.getvalue()}))

    assert counts_in(html)["Added"] == 12
    assert "<b>the offices/one.txt</b>" in html


def test_what_becomes_of_corrections_is_shown(editor: Client) -> None:
    import_book(editor)
    correct(1, "nobody came", "no one came")
    correct(2, "worse", "much better")
    correct(3, "Two", "Three")
    changed = BOOK.replace("a good year", "a bad year").replace("was worse", "was cold")

    html = show(editor, upload(editor, book(changed)))

    assert counts_in(html) | {"Added": 0, "Removed": 0, "Moved": 0, "Changed": 0} == {
        **{"Added": 0, "Changed": 0, "Joined": 0, "Split": 0, "Moved": 0, "Removed": 0},
        **{"Corrections kept": 1, "Corrections merged": 1, "Conflicts": 1, "Known to be good": 0},
    }
    assert '<tr class="conflict">' in html
    assert re.search(r"<details open>\s*<summary>Conflicts \(1\)", html)
    assert "this volume</a> already" in html


def test_an_edition_that_is_there_already_cannot_be_confirmed(editor: Client) -> None:
    import_book(editor)

    html = show(editor, upload(editor))

    assert "Nothing would change" in html
    assert "waits for you: nothing would change" in show(editor, LIST)
    assert 'value="Confirm"' not in html
    assert 'value="Cancel"' in html


def test_an_import_that_changes_no_text_says_what_it_writes(editor: Client) -> None:
    import_book(editor)
    Witness.objects.update(audit={})

    html = show(editor, upload(editor))

    assert "would change no text of it" in html
    assert "<li>changed: 1 witness</li>" in html
    assert counts_in(html) == {}
    assert 'value="Confirm"' in html


def test_a_long_list_is_cut_and_says_so(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_run, "MOST_SHOWN", 2)

    html = show(editor, upload(editor))

    assert html.count("<b>paragraph ") == 2
    assert "And 1 more" in html


# Confirming


def test_what_was_confirmed_is_in_the_archive_and_published(editor: Client) -> None:
    path = upload(editor)

    response = confirm(editor, path)

    assert (response.status_code, response["Location"]) == (302, path)
    volume = Volume.objects.get()
    assert volume.paragraphs.count() == 3
    assert PublishedPage.objects.filter(volume=volume, path__contains="chapter-1").exists()
    assert bytes(Upload.objects.get().files) == b""
    html = show(editor, path)
    assert "“The Offices” was imported (added: 12). " in html
    assert '<a href="/offices/">Read it</a>' in html
    assert "“The Offices” was imported (added: 12)." in show(editor, LIST)
    assert editor.get("/offices/").status_code == 200


def test_an_import_stands_in_the_history_of_the_volume(editor: Client) -> None:
    volume = import_book(editor)
    confirm(editor, upload(editor, book(BOOK.replace("a good year", "a bad year"))))

    later, earlier = LogEntry.objects.all()

    assert [entry.action_flag for entry in (earlier, later)] == [ADDITION, CHANGE]
    assert {entry.object_id for entry in (earlier, later)} == {str(volume.pk)}
    assert {str(entry.content_type) for entry in (earlier, later)} == {"Reader | volume"}
    assert later.change_message.startswith("Imported. witnesses: 1 changed. paragraphs: 1 changed.")
    assert later.user.get_username() == "editor"


def test_what_comes_of_an_import_is_a_line_of_the_log(
    editor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "archive.imports")
    import_book(editor)
    upload(editor, book("nothing but a line"))

    noted = [(record.levelname, record.__dict__["noted"]["event"]) for record in caplog.records]
    assert noted == [("INFO", "import"), ("WARNING", "import refused")]
    assert "“The Offices” was imported" in caplog.records[0].getMessage()


def test_a_conflict_is_announced_with_the_way_to_it(editor: Client) -> None:
    import_book(editor)
    correct(2, "worse", "much better")

    path = upload(editor, book(BOOK.replace("was worse", "was cold")))
    confirm(editor, path)

    assert Conflict.objects.get().human.startswith("The second year was much better.")
    html = show(editor, path)
    assert "Conflicts that wait for a person" in html
    assert "/admin/reader/conflict/?state__exact=open" in html


@pytest.mark.parametrize("is_new", [True, False])
def test_a_plan_that_is_not_the_one_that_was_shown_is_not_carried_out(editor: Client, is_new: bool) -> None:
    if not is_new:
        import_book(editor)
    path = upload(editor, book(BOOK.replace("was worse", "was cold")))
    html = show(editor, path)
    if is_new:  # a colleague imports an equal volume
        confirm(editor, upload(editor))
    else:  # a colleague corrects a text that this import would change
        correct(2, "worse", "much better")
    before = list(Paragraph.objects.order_by("number").values_list("text", flat=True))

    assert confirm(editor, path, html)["Location"] == path

    now = show(editor, path)
    assert "Nothing was written: the archive has changed since you looked." in now
    assert shown_in(now) != shown_in(html)
    assert counts_in(now)["Changed" if is_new else "Conflicts"] >= 1
    assert list(Paragraph.objects.order_by("number").values_list("text", flat=True)) == before
    assert confirm(editor, path, now).status_code == 302
    assert Conflict.objects.exists() != is_new


@pytest.mark.parametrize("shown", ["", "x", "0" * 64, "\0"])
def test_a_confirmation_of_nothing_that_was_shown_writes_nothing(editor: Client, shown: str) -> None:
    path = upload(editor)

    for fields in ({"shown": shown}, {}):
        response = editor.post(path, fields)
        assert response.status_code == 200
        assert "Nothing was written" in response.content.decode()

    assert not Volume.objects.exists()


def test_an_upload_is_imported_once(editor: Client) -> None:
    path = upload(editor)
    html = show(editor, path)

    assert [confirm(editor, path, html)["Location"] for _ in range(2)] == [path, path]
    assert LogEntry.objects.count() == 1


def test_what_the_database_refuses_is_said_and_nothing_is_written(editor: Client) -> None:
    path = upload(editor)
    html = show(editor, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpus_import.loading.write.publish_volume", refuse)
        confirm(editor, path, html)

    assert "The database refuses this volume (value too long" in show(editor, path)
    assert not Volume.objects.exists()
    assert editor.post(path, {"_again": ""})["Location"] == path
    assert counts_in(show(editor, path))["Added"] == 12


def refuse(volume: Volume) -> None:
    Volume.objects.filter(pk=volume.pk).update(language="x" * 36)


# At work, and ended


def leave_at(state: str, **values: Any) -> tuple[Upload, str]:
    """An upload of the editor whose process is not there."""
    editor = User.objects.get(username="editor").pk
    row = Upload.objects.create(name="Plans", files=b"", uploaded_by=editor, state=state, **values)
    return row, reverse("admin:corpus_import_upload_change", args=[row.pk])


def test_an_import_that_has_just_been_started_is_shown_to_wait(editor: Client) -> None:
    _, path = leave_at(Upload.State.WAITING)

    response = editor.get(path)

    assert "waiting until it is its turn" in response.content.decode()
    assert response.headers["Refresh"] == "2"
    assert "Refresh" not in editor.get(f"{path}?still").headers
    assert "waits for its turn" in show(editor, LIST)


@pytest.mark.parametrize("address", ["page", "list"])
def test_a_process_that_never_began_is_noticed(editor: Client, address: str) -> None:
    row, path = leave_at(Upload.State.WAITING, changed_at=timezone.now() - BEGINS_WITHIN)

    response = editor.get(path if address == "page" else LIST)

    assert "The process did not begin; nothing was written" in response.content.decode()
    assert "Refresh" not in response.headers
    row.refresh_from_db()
    assert row.state == Upload.State.FAILED


def test_a_process_that_ended_in_the_middle_is_noticed_with_its_step(editor: Client) -> None:
    _, path = leave_at(Upload.State.AT_WORK, step="Publishing")

    html = show(editor, path)

    assert "The process ended in the middle (Publishing): it was killed, or the machine" in html
    assert 'value="Try again"' in html


def test_a_process_that_the_system_does_not_start_is_said(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_to_start(key: int) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(process, "start", refuse_to_start)

    html = show(editor, upload(editor))

    assert "The process could not be started (Cannot allocate memory); nothing was written" in html


def test_a_front_that_fails_is_one_sentence_and_its_traceback_in_the_log(
    editor: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def read(content: bytes, *arguments: object) -> Shown:
        raise KeyError("a glyph without a name")

    monkeypatch.setattr(fronts, "FRONTS", ((lambda content: b"Minutes" in content, read),))

    html = show(editor, upload(editor, book("The Minutes.\n")))

    assert "one.txt: the file could not be read, by a fault of the archive: save it anew" in html
    assert "glyph" not in html
    [logged] = [record for record in caplog.records if record.name == "archive.imports" and record.exc_info]
    assert logged.exc_info is not None
    assert str(logged.exc_info[1]) == "'a glyph without a name'"
    assert not Volume.objects.exists()


def test_only_so_many_imports_of_a_person_wait_at_once(editor: Client) -> None:
    for _ in range(MOST_ACTIVE):
        leave_at(Upload.State.WAITING)

    html = send(editor, book()).content.decode()

    assert "5 of your imports are not ready yet; wait for one, or cancel one." in html
    assert Upload.objects.count() == MOST_ACTIVE


def test_an_import_that_was_written_leaves_the_list_without_a_word_of_cancelling(editor: Client) -> None:
    import_book(editor)
    path = reverse("admin:corpus_import_upload_change", args=[Upload.objects.get().pk])

    editor.post(path, {"_cancel": ""})

    assert "was removed from the list" in show(editor, LIST)
    assert Volume.objects.exists()


# Cancelling


def test_a_cancelled_upload_is_gone_and_nothing_was_written(editor: Client) -> None:
    path = upload(editor)

    response = editor.post(path, {**shown_in(show(editor, path)), "_cancel": "Cancel"})

    assert (response.status_code, response["Location"]) == (302, LIST)
    assert "was cancelled; nothing was written" in show(editor, LIST)
    assert not Upload.objects.exists()
    assert not Volume.objects.exists()


def test_what_nobody_confirmed_for_a_day_goes_with_the_next_upload(editor: Client) -> None:
    upload(editor)
    recent = upload(editor)
    oldest = Upload.objects.order_by("pk")[0]
    oldest.changed_at = timezone.now() - timedelta(days=1, minutes=1)
    oldest.uploaded_by += 1
    oldest.save()

    latest = upload(editor)

    kept = {reverse("admin:corpus_import_upload_change", args=[each.pk]) for each in Upload.objects.all()}
    assert kept == {recent, latest}


# Refusing


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "Choose the files, or one zip of them."),
        ({"one.txt": b"x"}, "there is no manifest; add the volume.toml"),
        ({"volume.toml": manifest("one.txt")}, "missing: one.txt; add them."),
        ({**book(), "two.txt": b"x"}, "does not name these files: two.txt;"),
        ({**book(), "one.md": b"x"}, "one.md: files of this kind are not read"),
        (
            {**book(), "one.txt": b"\x89PNG"},
            "one.txt: this is a picture, which is not read; upload a manifest",
        ),
        ({"plans.zip": b"x"}, "plans.zip: this is not a zip"),
        ({"volume.toml": manifest("one.txt"), "one.txt": b"x" * 8_000_000}, "more than 8 MB together"),
        ({**book(), "volume.toml": manifest("one.txt", language="x" * 36)}, "too long; shorten it to 35"),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_field_and_not_kept(
    editor: Client, files: dict[str, bytes], said: str
) -> None:
    response = send(editor, files)

    html = response.content.decode()
    assert response.status_code == 200
    assert said in html
    assert 'class="errorlist"' in html
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("witness", "said"),
    [
        (b"One\nTwo \0\n", "one.txt, line 2: there is a NUL byte; this is not a text file."),
        (b"One\n\xff\n", "one.txt, line 2: this is not utf-8; name the right encoding in the manifest."),
        (b"\n \n", "one.txt, line 1: the witness is empty."),
    ],
)
def test_a_fault_of_the_source_is_shown_with_its_line_and_can_only_be_cancelled(
    editor: Client, witness: bytes, said: str
) -> None:
    path = upload(editor, {**book(), "one.txt": witness})

    html = show(editor, path)

    assert f'<p class="errornote">{said}</p>' in html
    assert 'value="Confirm"' not in html
    assert confirm(editor, path, html)["Location"] == path
    assert said in show(editor, LIST)
    assert editor.post(path, {"_cancel": "Cancel"}).status_code == 302


def test_hostile_names_and_texts_are_shown_as_text(editor: Client) -> None:
    name = "<script>taken()<&script>.txt"
    title = "<script>taken()</script>"
    text = BOOK.replace("Two people", "<script>taken()</script>")

    refused = send(editor, {**book(), name: b"x"}).content.decode()
    path = upload(editor, {"volume.toml": manifest(name, title=title), name: text.encode()})
    shown = show(editor, path)
    listed = show(editor, LIST)
    confirm(editor, path)
    imported = show(editor, LIST)

    for html in (refused, shown, listed, imported):
        assert "&lt;script&gt;taken()" in html
        assert "<script>taken" not in html


# Rights


@pytest.mark.parametrize("codenames", [[], ["change_paragraph", "view_volume", "change_volume"]])
def test_who_may_not_import_finds_nothing(client: Client, editor: Client, codenames: list[str]) -> None:
    path = upload(editor)
    other = log_in(Client(), "corrector", *codenames)

    assert "corpus_import" not in show(other, "/admin/")
    assert send(other, book()).status_code == 403
    for address in (LIST, ADD, path, f"{path[:-7]}history/", f"{path[:-7]}delete/"):
        assert other.get(address).status_code in (302, 403), address
        assert other.post(address, {"_cancel": "x", "shown": "x"}).status_code in (302, 403), address
    assert Upload.objects.count() == 1


def test_nobody_sees_another_person_s_upload(editor: Client, admin_client: Client) -> None:
    path = upload(editor)
    shown = shown_in(show(editor, path))
    assert "The Offices" in show(editor, LIST)

    for other in (admin_client, log_in(Client(), "colleague", "add_upload")):
        assert "The Offices" not in show(other, LIST)
        for answer in (other.get(path), other.post(path, shown), other.post(path, {"_cancel": "x"})):
            assert (answer.status_code, answer["Location"]) == (302, "/admin/")
        for rest in ("history", "delete"):
            assert other.get(f"{path[:-7]}{rest}/").status_code in (302, 403)
    assert Upload.objects.count() == 1
    assert not Volume.objects.exists()


def test_who_is_not_logged_in_is_sent_to_the_login(editor: Client) -> None:
    path = upload(editor)

    for address in (LIST, ADD, path):
        assert Client().get(address)["Location"].startswith("/admin/login/")
        assert "Log in" in Client().post(address, {"_cancel": "x"}).content.decode()
    assert Upload.objects.count() == 1


def test_a_form_of_another_site_uploads_confirms_and_cancels_nothing(editor: Client) -> None:
    path = upload(editor)
    shown = shown_in(show(editor, path))
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(User.objects.get())

    assert send(forged, book()).status_code == 403
    assert forged.post(path, shown).status_code == 403
    assert forged.post(path, {"_cancel": "x"}).status_code == 403
    assert Upload.objects.count() == 1
    assert not Volume.objects.exists()


def test_an_upload_cannot_be_changed_or_deleted_in_any_other_way(admin_client: Client) -> None:
    path = upload(admin_client)
    before = Upload.objects.values().get()

    admin_client.post(path, {"name": "Taken", "uploaded_by": "7"})
    admin_client.post(
        LIST, {"action": "delete_selected", "_selected_action": [str(before["id"])], "post": "yes"}
    )
    admin_client.post(
        LIST, {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-name": "Taken", "_save": ""}
    )

    assert admin_client.post(f"{path[:-7]}delete/", {"post": "yes"}).status_code == 403
    assert Upload.objects.values().get() == before


@pytest.mark.parametrize("key", ["0", "999", "x", "\0", "99999999999999999999"])
def test_an_upload_that_is_not_there_leads_back(editor: Client, key: str) -> None:
    assert editor.get(f"{LIST}{key}/change/")["Location"] == "/admin/"


# Statements


def test_the_statements_of_each_page_are_bounded(
    editor: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        show(editor, ADD)
    with django_assert_max_num_queries(40):  # the work included, which is done in this process here
        path = upload(editor)
    with django_assert_max_num_queries(5):
        html = show(editor, path)
    with django_assert_max_num_queries(165):
        confirm(editor, path, html)
    with django_assert_max_num_queries(5):
        show(editor, path)
    for n in range(30):
        Upload.objects.create(
            name=f"Volume {n}", files=b"", uploaded_by=User.objects.get().pk, state=Upload.State.PLANNED
        )
    with django_assert_max_num_queries(8):
        show(editor, LIST)
    longer = BOOK + "".join(
        f"\n    In the year {n} it rained, and the clerk wrote it down.  \n" for n in range(1800, 1900)
    )
    path = upload(editor, book(longer))
    with django_assert_max_num_queries(5):
        html = show(editor, path)
    assert counts_in(html)["Added"] > 50


# Doubts about the reading


def test_an_upload_with_doubts_is_refused_with_a_tick_box(editor: Client) -> None:
    path = upload(editor, book(DOUBTFUL))
    html = show(editor, path)

    assert "The files were probably misread (1 doubt)" in html
    assert "60 of 63 paragraphs have no more than a line" in html
    assert '<input type="checkbox" name="accept_doubts">' in html
    assert not Volume.objects.exists()


def test_an_upload_without_doubts_has_no_tick_box(editor: Client) -> None:
    assert "accept_doubts" not in show(editor, upload(editor))
    assert "accept_doubts" not in show(editor, upload(editor, book("No heading here.")))


def test_a_refused_upload_that_is_tried_again_without_the_tick_is_refused_again(editor: Client) -> None:
    path = upload(editor, book(DOUBTFUL))
    editor.post(path, {"_again": "Try again"})

    assert Upload.objects.get().state == Upload.State.FAILED
    assert "accept_doubts" in show(editor, path)


def test_a_person_who_ticks_the_box_sees_the_changes_and_confirms_them(editor: Client) -> None:
    path = upload(editor, book(DOUBTFUL))
    editor.post(path, {"_again": "Try again", "accept_doubts": "on"})
    html = show(editor, path)

    assert counts_in(html)["Added"] > 60
    assert "You accepted these doubts" in html
    assert not Volume.objects.exists()

    confirm(editor, path, html)
    assert [doubt["code"] for doubt in Volume.objects.get().doubts] == ["short-paragraphs"]
    assert "Accepted with 1 doubt." in LogEntry.objects.get().change_message

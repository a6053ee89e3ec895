"""Housekeeping removes what is old, keeps what is not, and says what it did."""

import os
import tempfile
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from corpus_import.models import Upload
from glossary.shown_tables import ShownTable

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def keep_house() -> dict[str, int]:
    """Run the command; return the numbers that it prints."""
    out = StringIO()
    call_command("housekeeping", stdout=out)
    return {what: int(number) for what, number in (line.split(": ") for line in out.getvalue().splitlines())}


def make_upload(state: str, age: timedelta) -> Upload:
    changed_at = timezone.now() - age
    return Upload.objects.create(name=state, files=b"", uploaded_by=1, state=state, changed_at=changed_at)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_nothing_old_is_nothing_removed(temporary: Path) -> None:
    assert set(keep_house().values()) == {0}


def test_uploads_go_after_a_day_and_imports_leave_the_list_after_a_month(temporary: Path) -> None:
    for state in ("planned", "failed"):
        make_upload(state, DAY * 1.1)
    kept = {make_upload("planned", DAY * 0.9), make_upload("done", DAY * 29)}
    make_upload("done", DAY * 31)

    assert keep_house()["old imports removed"] == 3
    assert set(Upload.objects.all()) == kept


def test_an_import_whose_process_has_ended_is_said_to_have_failed(temporary: Path) -> None:
    upload = make_upload("at work", DAY)

    assert keep_house()["imports whose process had ended"] == 1
    upload.refresh_from_db()
    assert upload.state == "failed"


def test_sessions_that_ran_out_go(temporary: Path) -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - DAY)
    Session.objects.create(session_key="new", session_data="", expire_date=now + DAY)

    assert keep_house()["expired sessions removed"] == 1
    assert Session.objects.get().session_key == "new"


def test_old_logins_and_failures_go(temporary: Path) -> None:
    for model in (AccessLog, AccessAttempt):
        values = {"failures_since_start": 1} if model is AccessAttempt else {}
        old = model.objects.create(username="old", **values)
        model.objects.filter(pk=old.pk).update(attempt_time=timezone.now() - DAY * 91)
        model.objects.create(username="new", **values)

    said = keep_house()

    assert said["logins of more than 90 days ago removed from the log"] == 1
    assert said["failed logins forgotten"] == 1
    assert [AccessLog.objects.get().username, AccessAttempt.objects.get().username] == ["new", "new"]


def test_a_table_that_nobody_confirmed_goes_and_another_file_stays(temporary: Path) -> None:
    tables = [ShownTable(), ShownTable()]
    for table in tables:
        table.save(b"headword\n")
    old, new = (Path(table.name or "") for table in tables)
    other = temporary / "other"
    other.write_text("")
    for path in (old, other):
        os.utime(path, (time.time() - 90_000,) * 2)

    assert keep_house()["tables of terms that nobody confirmed removed"] == 1
    assert {each.name for each in temporary.iterdir()} == {"other", new.name}

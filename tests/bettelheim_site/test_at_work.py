"""The cookie by which the reader's pages know that somebody is logged in to the admin."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from bettelheim_site.at_work import FLAG
from tests.factories import make_account, make_division, make_paragraph, make_volume

pytestmark = pytest.mark.django_db
PASSWORD = "rye and oats"


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if the folder is missing."""
    settings.STATIC_ROOT = str(tmp_path)


def log_in(*roles: str, **values: Any) -> Client:
    client = Client()
    account = make_account(*roles, password=PASSWORD)
    client.post("/admin/login/", {"username": account.username, "password": PASSWORD, **values})
    return client


def test_a_login_sets_it_with_the_kinds_of_text_that_are_open_to_the_person() -> None:
    corrector, editor = log_in("corrector"), log_in("editor")

    assert unquote(corrector.cookies[FLAG].value) == "admin/ paragraph note division"
    assert unquote(editor.cookies[FLAG].value) == "admin/ paragraph note division term"


def test_a_login_that_leads_to_the_reader_sets_it_too() -> None:
    assert FLAG in log_in("corrector", next="/").cookies


def test_it_ends_with_the_session_and_is_readable_by_scripts_of_this_site_alone(settings: Settings) -> None:
    flag = log_in("corrector").cookies[FLAG]

    assert flag["max-age"] == settings.SESSION_COOKIE_AGE
    assert (flag["path"], flag["samesite"], flag["httponly"], flag["domain"]) == ("/", "Lax", "", "")


def test_on_a_public_server_it_stays_in_tls(settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    account = make_account("corrector", password=PASSWORD)

    client.post("/admin/login/", {"username": account.username, "password": PASSWORD}, secure=True)

    assert client.cookies[FLAG]["secure"] is True


def test_an_account_that_corrects_nothing_gets_none() -> None:
    assert FLAG not in log_in("administrator").cookies


def test_a_wrong_password_sets_none() -> None:
    client = Client()
    account = make_account("corrector", password=PASSWORD)

    client.post("/admin/login/", {"username": account.username, "password": "wrong"})

    assert FLAG not in client.cookies


def test_a_logout_takes_it_away() -> None:
    client = log_in("corrector")

    client.post("/admin/logout/")

    assert client.cookies[FLAG].value == ""
    assert client.cookies[FLAG]["max-age"] == 0


def test_once_the_session_is_over_the_admin_takes_it_away() -> None:
    client = log_in("corrector")
    client.session.flush()

    client.get("/admin/")

    assert client.cookies[FLAG].value == ""


def test_it_is_set_once_in_a_session() -> None:
    client = log_in("corrector")

    assert FLAG not in client.get("/admin/").cookies


def test_another_person_s_login_sets_it_anew() -> None:
    client = log_in("editor")
    account = make_account("corrector", password=PASSWORD)

    client.post("/admin/login/", {"username": account.username, "password": PASSWORD})

    assert unquote(client.cookies[FLAG].value) == "admin/ paragraph note division"


def test_a_login_that_still_lacks_its_code_sets_none() -> None:
    account = make_account("corrector", password=PASSWORD)
    device = TOTPDevice.objects.create(user=account, name="app", confirmed=True)
    client = Client()

    client.post("/admin/login/", {"username": account.username, "password": PASSWORD, "next": "/"})
    assert FLAG not in client.cookies
    client.post("/admin/second-factor/", {"code": f"{totp(device.bin_key):06}", "next": "/"})
    assert FLAG in client.cookies


def test_the_reader_s_pages_are_the_same_with_it_and_without() -> None:
    make_paragraph(make_division(make_volume(slug="plans")))
    reader, corrector = Client(), log_in("corrector")

    pages = [client.get("/plans/paragraph/1/") for client in (reader, corrector)]

    assert pages[0].content == pages[1].content
    assert pages[0].headers == pages[1].headers

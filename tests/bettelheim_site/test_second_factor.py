from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"
PAGE = "/admin/second-factor/"


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if the folder is missing."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def editor() -> User:
    return User.objects.create_superuser("editor", password=PASSWORD)


@pytest.fixture
def device(editor: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=editor, name="app", confirmed=True)


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06}"


def wrong_code(device: TOTPDevice) -> str:
    near = {totp(device.bin_key, drift=drift) for drift in range(-3, 4)}
    return next(f"{n:06}" for n in range(100) if n not in near)


def log_in(client: Client, aim: str = "/admin/") -> None:
    answer = client.post("/admin/login/", {"username": "editor", "password": PASSWORD, "next": aim})
    assert answer.status_code == 302


def test_an_account_without_a_device_needs_none(client: Client, editor: User) -> None:
    log_in(client)

    assert client.get("/admin/").status_code == 200


def test_an_account_with_a_device_must_give_its_code(client: Client, device: TOTPDevice) -> None:
    log_in(client)

    closed = client.get("/admin/reader/paragraph/", follow=True)
    wrong = client.post(PAGE, {"code": wrong_code(device)})
    still_closed = client.get("/admin/")

    assert closed.request["PATH_INFO"] == PAGE
    assert "That code is wrong" in wrong.content.decode()
    assert still_closed.status_code == 302


def test_a_right_code_opens_the_page_that_was_asked_for(client: Client, device: TOTPDevice) -> None:
    log_in(client)

    answer = client.post(PAGE, {"code": code_of(device), "next": "/admin/reader/paragraph/"})

    assert answer["Location"] == "/admin/reader/paragraph/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["", "password_change/", "jsi18n/", "auth/user/", "autocomplete/"])
def test_a_password_alone_opens_nothing(client: Client, device: TOTPDevice, path: str) -> None:
    log_in(client)

    assert client.get(f"/admin/{path}").status_code == 302


def test_a_code_is_good_once(device: TOTPDevice) -> None:
    code = code_of(device)
    for status in (302, 200):
        client = Client()
        log_in(client)
        assert client.post(PAGE, {"code": code}).status_code == status


def test_who_guesses_codes_must_wait_even_with_the_right_one(client: Client, device: TOTPDevice) -> None:
    log_in(client)
    for _ in range(3):
        client.post(PAGE, {"code": wrong_code(device)})

    assert client.post(PAGE, {"code": code_of(device)}).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_the_code_of_another_account_opens_nothing(client: Client, device: TOTPDevice) -> None:
    other = TOTPDevice.objects.create(user=User.objects.create_superuser("other"), name="app", confirmed=True)
    log_in(client)

    assert client.post(PAGE, {"code": code_of(other)}).status_code == 200


def test_where_it_is_required_an_account_sets_one_up_first(
    client: Client, editor: User, settings: Settings
) -> None:
    settings.ADMIN_REQUIRES_TOTP = True
    log_in(client)

    page = client.get("/admin/", follow=True)
    device = TOTPDevice.objects.get(user=editor)
    picture = client.get(f"{PAGE}qr.svg")
    confirmed = client.post(PAGE, {"code": code_of(device)})

    assert "Secret: <code>" in page.content.decode()
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<script" not in picture.content
    assert "no-store" in picture["Cache-Control"]
    assert confirmed["Location"] == "/admin/"
    device.refresh_from_db()
    assert device.confirmed
    assert client.get("/admin/").status_code == 200


def test_the_secret_of_a_confirmed_device_is_never_shown_again(client: Client, device: TOTPDevice) -> None:
    log_in(client)

    assert "Secret" not in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}qr.svg").status_code == 404


def test_a_device_that_is_set_up_counts_from_the_next_login(client: Client, editor: User) -> None:
    log_in(client)
    client.get(PAGE)
    client.post(PAGE, {"code": code_of(TOTPDevice.objects.get())})
    again = Client()
    log_in(again)

    assert client.get("/admin/").status_code == 200
    assert again.get("/admin/").status_code == 302


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}qr.svg"])
def test_a_stranger_sees_no_secret(client: Client, path: str) -> None:
    assert client.get(path).status_code in (302, 404)
    assert not TOTPDevice.objects.exists()


@pytest.mark.parametrize("aim", ["//evil.example", "https://evil.example/", r"/\evil.example"])
def test_a_code_leads_nowhere_else(client: Client, device: TOTPDevice, aim: str) -> None:
    log_in(client)

    assert client.post(PAGE, {"code": code_of(device), "next": aim})["Location"] == "/admin/"


def test_a_page_of_the_admin_costs_no_statement_more(
    client: Client, editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    log_in(client)

    with django_assert_num_queries(2):  # the session and the account
        client.get("/admin/password_change/")


# The account's own page


@pytest.fixture
def verified(client: Client, device: TOTPDevice) -> Client:
    """A client whose login has given its code; the device takes the same code once more."""
    log_in(client)
    client.post(PAGE, {"code": code_of(device)})
    take_again(device)
    return client


def take_again(device: TOTPDevice) -> None:
    """Let a device take the present code again: a test does not wait for the next one."""
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)


def test_every_page_of_the_admin_links_to_the_second_factor(verified: Client) -> None:
    assert f'<a href="{PAGE}">Second factor</a>' in verified.get("/admin/").content.decode()


def test_a_device_is_renewed_with_a_code_of_each(verified: Client, device: TOTPDevice) -> None:
    asked = verified.post(PAGE, {"code": code_of(device), "_renew": ""}, follow=True)
    new = TOTPDevice.objects.get(confirmed=False)
    wrong = verified.post(PAGE, {"code": wrong_code(new), "_confirm": ""})
    assert TOTPDevice.objects.get(pk=device.pk).confirmed
    TOTPDevice.objects.update(throttling_failure_count=0)
    done = verified.post(PAGE, {"code": code_of(new), "_confirm": ""}, follow=True)

    assert "Secret: <code>" in asked.content.decode()
    assert verified.get(f"{PAGE}qr.svg").status_code == 404
    assert "That code is wrong" in wrong.content.decode()
    assert "the old one no longer" in done.content.decode()
    assert TOTPDevice.objects.get().pk == new.pk
    assert TOTPDevice.objects.get().confirmed
    assert verified.get("/admin/").status_code == 200


def test_a_renewal_that_is_given_up_leaves_the_present_device(verified: Client, device: TOTPDevice) -> None:
    verified.post(PAGE, {"code": code_of(device), "_renew": ""})
    assert verified.get(f"{PAGE}qr.svg").status_code == 200

    page = verified.post(PAGE, {"_keep": ""}, follow=True)

    assert "Secret" not in page.content.decode()
    assert TOTPDevice.objects.get() == device


def test_a_device_is_removed_with_its_code(verified: Client, device: TOTPDevice) -> None:
    verified.post(PAGE, {"code": code_of(device), "_remove": ""})

    assert not TOTPDevice.objects.exists()
    assert verified.get("/admin/").status_code == 200


@pytest.mark.parametrize("button", ["_renew", "_remove"])
def test_a_wrong_code_changes_no_device(verified: Client, device: TOTPDevice, button: str) -> None:
    page = verified.post(PAGE, {"code": wrong_code(device), button: ""})

    assert "That code is wrong" in page.content.decode()
    assert "Secret" not in page.content.decode()
    assert TOTPDevice.objects.get() == device


def test_a_device_that_is_required_is_renewed_and_not_removed(
    verified: Client, device: TOTPDevice, settings: Settings
) -> None:
    settings.ADMIN_REQUIRES_TOTP = True

    shown = verified.get(PAGE).content.decode()
    refused = verified.post(PAGE, {"code": code_of(device), "_remove": ""})

    assert "_renew" in shown
    assert "_remove" not in shown
    assert "renew it instead" in refused.content.decode()
    assert TOTPDevice.objects.get() == device


def test_a_password_alone_does_not_see_the_secret_of_a_renewal(verified: Client, device: TOTPDevice) -> None:
    verified.post(PAGE, {"code": code_of(device), "_renew": ""})
    other = Client()
    log_in(other)

    assert "Secret" not in other.get(PAGE).content.decode()
    assert other.get(f"{PAGE}qr.svg").status_code == 404
    assert other.post(PAGE, {"code": code_of(TOTPDevice.objects.get(confirmed=False))}).status_code == 200

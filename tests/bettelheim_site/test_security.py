"""The security headers of every answer, and the protection of accounts."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db.models import F
from django.test import Client, RequestFactory
from pytest_django import Settings

from bettelheim_site.logins import address_of, delay_after
from bettelheim_site.security import UNDECLARED_PROXY
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_paragraph, make_volume

CHECKOUT = Path(__file__).resolve().parents[2]
PASSWORD = "a long pass phrase"


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if `collectstatic` has not made one; serves the checkout's files."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def volume(db: None) -> None:
    volume = make_volume(slug="plans")
    make_paragraph(make_division(volume, slug="one"), "Some words.")
    publish_volume(volume)


@pytest.fixture
def editor(db: None, settings: Settings) -> User:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # a quick hasher, unlike a public server's
    return User.objects.create_superuser("editor", password=PASSWORD)


# Headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(
            ("/", 200),
            ("/plans/one/", 200),
            ("/plans/search/?q=words", 200),
            ("/plans/one", 301),
            ("/none/", 404),
        ),
        *(
            ("/admin/", 302),
            ("/admin/login/", 200),
            ("/static/css/text.css", 200),
            ("/plans/paragraph/1/", 200),
        ),
    ],
)
def test_every_answer_carries_the_policies(client: Client, volume: None, path: str, status: int) -> None:
    response = client.get(path)
    response.close()  # a file is open

    assert response.status_code == status
    policy = dict(directive.split(" ", 1) for directive in response["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in str(policy)
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_answers_that_no_view_made_carry_the_policies(client: Client, volume: None) -> None:
    etag = client.get("/plans/one/")["ETag"]
    unchanged = client.get("/plans/one/", headers={"if-none-match": etag})
    refused = client.post("/plans/one/")
    forged = client.get("/", headers={"host": "evil.example"})
    large = client.post("/admin/login/", CONTENT_LENGTH=str(10**12))

    answers = [unchanged, refused, forged, large]
    assert [answer.status_code for answer in answers] == [304, 405, 400, 413]
    for answer in answers:
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "camera=()" in answer["Permissions-Policy"]


# Settings of a public server

ASK = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}, default=str))
"""


def environment(**changes: str) -> dict[str, str]:
    ours = ("DEBUG", "ARCHIVE_LOCAL", "SECRET_KEY", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE")
    return {
        **{name: value for name, value in os.environ.items() if name not in ours},
        "DATABASE_URL": "postgresql://archive@db.example/archive",
        "ALLOWED_HOSTS": "archive.example",
        **changes,
    }


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env=environment(**changes),
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(*names: str, **changes: str) -> dict[str, Any]:
    result = run("-c", ASK, *names, SECRET_KEY="k" * 60, **changes)
    assert result.returncode == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_a_public_server_without_a_key_is_refused_in_one_sentence() -> None:
    result = run("manage.py", "check")

    assert result.returncode == 1
    assert result.stderr.startswith("SECRET_KEY is not set")
    assert result.stderr.count("\n") == 1


KEY = "".join(map(chr, range(33, 100)))
CHECK = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")


@pytest.mark.parametrize("public_only", ["0", "1"])
def test_a_public_server_passes_the_check_for_deployment(public_only: str) -> None:
    result = run(*CHECK, SECRET_KEY=KEY, ARCHIVE_PUBLIC_ONLY=public_only, BEHIND_PROXY="1")

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.parametrize(
    ("changes", "is_named"),
    [
        ({}, True),
        ({"ARCHIVE_PUBLIC_ONLY": "1"}, True),
        ({"SECURE_SSL_REDIRECT": "0"}, False),
        ({"GUNICORN_CMD_ARGS": "--certfile=archive.pem --keyfile=key.pem"}, False),
    ],
)
def test_tls_that_nobody_is_said_to_make_is_named(changes: dict[str, str], is_named: bool) -> None:
    result = run(*CHECK, SECRET_KEY=KEY, **changes)

    assert ("archive.W001" in result.stderr) is is_named
    assert not is_named or "BEHIND_PROXY=1" in result.stderr


def test_a_proxy_that_is_not_declared_is_named_once_in_the_log(
    settings: Settings, caplog: pytest.LogCaptureFixture, volume: None
) -> None:
    client = Client(headers={"x-forwarded-for": "192.0.2.1"})
    for _ in range(3):
        client.get("/plans/one/")
    settings.BEHIND_PROXY = True
    Client(headers={"x-forwarded-for": "192.0.2.1"}).get("/plans/one/")

    assert [record.getMessage() for record in caplog.records] == [UNDECLARED_PROXY]


def test_gunicorn_takes_nobodys_word_for_the_scheme_or_the_address() -> None:
    result = run("-m", "gunicorn", "--print-config", "bettelheim_site.wsgi", SECRET_KEY=KEY)
    shown = dict(re.findall(r"^(\w+) += (.*)$", result.stdout, re.M))

    assert (shown["forwarded_allow_ips"], shown["secure_scheme_headers"]) == ("[]", "{}")
    assert shown["forwarder_headers"] == "[]"


def test_the_cookies_of_a_public_server_stay_on_its_host_and_in_tls() -> None:
    found = settings_of(
        *("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"),
        *("SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY"),
        *("SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_AGE"),
    )

    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["CSRF_COOKIE_HTTPONLY"]
    assert (found["SESSION_COOKIE_DOMAIN"], found["SESSION_COOKIE_PATH"]) == (None, "/")
    assert found["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert found["SESSION_COOKIE_AGE"] <= 24 * 3600


HSTS = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")


def test_a_public_server_insists_on_tls_as_far_as_can_be_taken_back() -> None:
    assert settings_of("SECURE_SSL_REDIRECT") == {"SECURE_SSL_REDIRECT": True}
    assert list(settings_of(*HSTS).values()) == [30 * 24 * 3600, False, False]


def test_a_public_server_promises_more_tls_if_asked() -> None:
    asked = {"SECURE_HSTS_SECONDS": "7", "SECURE_HSTS_INCLUDE_SUBDOMAINS": "1", "SECURE_HSTS_PRELOAD": "on"}

    assert list(settings_of(*HSTS, **asked).values()) == [7, True, True]


def test_a_session_of_a_former_key_goes_on() -> None:
    script = "import django; django.setup(); from django.core import signing; print(signing.{})"
    told = {"DJANGO_SETTINGS_MODULE": "bettelheim_site.settings"}
    signed = run("-c", script.format("dumps('me')"), SECRET_KEY="old", **told).stdout.strip()
    kept = run(
        "-c", script.format(f"loads({signed!r})"), SECRET_KEY="new", SECRET_KEY_FALLBACKS="old,older", **told
    )

    assert kept.stdout == "me\n", kept.stderr


def test_no_volume_takes_the_path_of_the_admin() -> None:
    script = "from reader.text.reserved_slugs import OF_VOLUMES; print(*OF_VOLUMES)"

    assert "scriptorium" in run("-c", script, ADMIN_PATH="/scriptorium/of/ours/").stdout.split()


@pytest.mark.parametrize(("behind", "header"), [("0", None), ("1", ["HTTP_X_FORWARDED_PROTO", "https"])])
def test_a_proxys_word_is_taken_only_where_there_is_a_proxy(behind: str, header: object) -> None:
    assert settings_of("SECURE_PROXY_SSL_HEADER", BEHIND_PROXY=behind) == {"SECURE_PROXY_SSL_HEADER": header}


def test_another_path_of_the_admin_leaves_nothing_at_the_usual_one() -> None:
    script = """
import json, django
django.setup()
from django.urls import resolve, reverse
found = {path: resolve(path).func.__module__ for path in ("/admin/", "/scriptorium/", "/admin/login/")}
print(json.dumps([found, reverse("admin:index")]))
"""
    result = run(
        "-c",
        script,
        SECRET_KEY="k",
        ADMIN_PATH="/scriptorium",
        DJANGO_SETTINGS_MODULE="bettelheim_site.settings",
    )
    assert result.returncode == 0, result.stderr
    found, index = json.loads(result.stdout)

    assert index == "/scriptorium/"
    assert found["/scriptorium/"] == "bettelheim_site.admin"
    assert found["/admin/"] == found["/admin/login/"] == "reader.views"


# Accounts


def test_a_new_password_ends_the_sessions_of_the_old_one(editor: User) -> None:
    here, elsewhere = Client(), Client()
    here.force_login(editor)
    elsewhere.force_login(editor)
    new = "another long phrase"

    here.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )

    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def log_in(client: Client, name: str = "editor", password: str = "wrong", **headers: str) -> Any:
    return client.post("/admin/login/", {"username": name, "password": password}, headers=headers or None)


def test_who_fails_too_often_is_turned_away_in_one_sentence(client: Client, editor: User) -> None:
    answers = [log_in(client).status_code for _ in range(5)]
    right = log_in(client, password=PASSWORD)

    assert answers == [200, 200, 200, 200, 429]
    assert right.status_code == 429
    assert right.content.decode() == "Too many failed attempts to log in: try again in 1 minute.\n"
    assert 50 <= int(right["Retry-After"]) <= 60
    assert client.get("/admin/").status_code == 302


def let_pass(time: timedelta) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - time)


def test_the_delay_doubles_with_each_failure_up_to_an_hour() -> None:
    minutes = [delay_after(n).total_seconds() / 60 for n in (0, 4, 5, 6, 7, 8, 11, 12, 500)]

    assert minutes == [0, 0, 1, 2, 4, 8, 60, 60, 60]


def test_who_failed_may_try_again_after_a_while(client: Client, editor: User) -> None:
    for _ in range(5):
        log_in(client)
    for _ in range(5):
        assert log_in(client).status_code == 429  # and does not prolong the delay
    let_pass(timedelta(minutes=1))
    assert log_in(client).content.endswith(b"try again in 2 minutes.\n")
    let_pass(timedelta(minutes=1))
    assert log_in(client, password=PASSWORD).status_code == 429
    let_pass(timedelta(minutes=1))

    assert log_in(client, password=PASSWORD).status_code == 302


def test_a_login_that_succeeds_forgets_the_failures_before_it(client: Client, editor: User) -> None:
    for _ in range(4):
        log_in(client)
    assert log_in(client, password=PASSWORD).status_code == 302
    client.logout()

    assert [log_in(client).status_code for _ in range(4)] == [200] * 4


def test_failures_of_yesterday_do_not_count(client: Client, editor: User) -> None:
    for _ in range(5):
        log_in(client)
    let_pass(timedelta(days=1, seconds=1))

    assert log_in(client).status_code == 200


def test_no_stranger_closes_an_account_to_its_owner(editor: User) -> None:
    for n in range(3):
        for _ in range(6):
            log_in(Client(REMOTE_ADDR=f"192.0.2.{n}"))

    assert log_in(Client(REMOTE_ADDR="192.0.2.99"), password=PASSWORD).status_code == 302


def test_no_stranger_closes_the_login_to_all_behind_one_proxy(client: Client, editor: User) -> None:
    for n in range(20):
        log_in(client, name=f"name-{n % 3}")

    assert log_in(client, password=PASSWORD).status_code == 302


@pytest.mark.parametrize("behind", [False, True])
def test_a_forged_address_does_not_help(editor: User, settings: Settings, behind: bool) -> None:
    settings.BEHIND_PROXY = behind
    for n in range(5):
        forged = f"192.0.2.{n}, 198.51.100.7" if behind else f"192.0.2.{n}"
        answer = log_in(Client(), **{"x-forwarded-for": forged, "x-real-ip": f"192.0.2.{n}"})

    assert answer.status_code == 429


@pytest.mark.parametrize("forged", ["", "192.0.2.{n}, ", "unknown, ", "<script>, "])
def test_behind_a_proxy_the_address_that_the_proxy_wrote_is_counted(
    editor: User, settings: Settings, forged: str
) -> None:
    settings.BEHIND_PROXY = True
    for n in range(5):
        chain = f"{forged.format(n=n)}198.51.100.7"
        answer = log_in(Client(REMOTE_ADDR="10.0.0.1"), **{"x-forwarded-for": chain})

    assert answer.status_code == 429
    other = log_in(Client(REMOTE_ADDR="10.0.0.1"), password=PASSWORD, **{"x-forwarded-for": "198.51.100.8"})
    assert other.status_code == 302


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        *(("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("nobody", None), ("", None)),
        *(("2001:db8:1:2:3::4", "2001:db8:1:2::"), ("2001:db8:1:2:ffff::", "2001:db8:1:2::"), ("::1", "::")),
    ],
)
def test_an_address_is_counted_by_its_network(rf: RequestFactory, written: str, counted: str | None) -> None:
    assert address_of(rf.get("/", REMOTE_ADDR=written)) == counted


@pytest.mark.parametrize("said", ["unknown", "1.2.3.4:80", "x" * 10_000])
def test_a_proxy_that_writes_no_address_does_not_break_the_login(
    client: Client, editor: User, settings: Settings, said: str
) -> None:
    settings.BEHIND_PROXY = True

    assert log_in(client, **{"x-forwarded-for": said}).status_code == 200


def test_the_login_does_not_tell_which_accounts_exist(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("reader", password=PASSWORD)  # not of the staff
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    answers = {}
    for n, name in enumerate(("editor", "reader", "nobody")):
        hashed.clear()
        answer = log_in(Client(REMOTE_ADDR=f"192.0.2.{n}"), name=name)
        answers[answer.content.decode().replace(name, "NAME"), len(hashed)] = name

    [(page, _)] = {(re.sub(r'value="[^"]{64}"', "", page), count) for page, count in answers}
    assert "Please enter the correct username and password" in page
    assert {count for _, count in answers} == {1}


def test_no_password_is_written_down_at_a_failure(client: Client, editor: User) -> None:
    log_in(client, password="nearly the right one")

    [attempt] = AccessAttempt.objects.values()
    assert "nearly" not in str(attempt)

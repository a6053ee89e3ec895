"""The security headers of every answer, and the protection of accounts."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db.models import F
from django.test import Client
from pytest_django import Settings

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


@pytest.mark.parametrize("public_only", ["0", "1"])
def test_a_public_server_passes_the_check_for_deployment(public_only: str) -> None:
    result = run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        SECRET_KEY="".join(map(chr, range(33, 100))),
        ARCHIVE_PUBLIC_ONLY=public_only,
    )

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


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


def test_a_public_server_insists_on_tls_for_a_year() -> None:
    found = settings_of("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_PRELOAD")

    assert found == {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "SECURE_HSTS_PRELOAD": True,
    }


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
    assert right.content.decode() == "Too many failed attempts to log in: try again in 15 minutes.\n"
    assert right["Retry-After"] == "900"
    assert client.get("/admin/").status_code == 302


def test_who_failed_may_try_again_after_a_while(client: Client, editor: User) -> None:
    for _ in range(5):
        log_in(client)
    for _ in range(5):
        assert log_in(client).status_code == 429  # and does not prolong the lock
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - settings.AXES_COOLOFF_TIME)

    assert log_in(client, password=PASSWORD).status_code == 302


def test_an_account_that_many_addresses_try_is_closed_for_a_while(editor: User) -> None:
    for n in range(5):
        log_in(Client(REMOTE_ADDR=f"192.0.2.{n}"))

    assert log_in(Client(REMOTE_ADDR="192.0.2.99"), password=PASSWORD).status_code == 429
    assert log_in(Client(REMOTE_ADDR="192.0.2.99"), name="another").status_code == 200


def test_an_address_that_tries_many_accounts_is_turned_away(client: Client, editor: User) -> None:
    for n in range(5):
        log_in(client, name=f"name-{n}")

    assert log_in(client, password=PASSWORD).status_code == 429
    assert log_in(Client(REMOTE_ADDR="192.0.2.1"), password=PASSWORD).status_code == 302


def test_a_forged_address_does_not_help(client: Client, editor: User) -> None:
    for n in range(5):
        answer = log_in(
            client, name=f"name-{n}", **{"x-forwarded-for": f"192.0.2.{n}", "x-real-ip": f"192.0.2.{n}"}
        )

    assert answer.status_code == 429


@pytest.mark.parametrize("forged", ["", "192.0.2.{n}, ", "unknown, ", "<script>, "])
def test_behind_a_proxy_the_address_that_the_proxy_wrote_is_counted(
    editor: User, settings: Settings, forged: str
) -> None:
    settings.BEHIND_PROXY = True
    for n in range(5):
        chain = f"{forged.format(n=n)}198.51.100.7"
        answer = log_in(Client(REMOTE_ADDR="10.0.0.1"), name=f"name-{n}", **{"x-forwarded-for": chain})

    assert answer.status_code == 429
    other = log_in(Client(REMOTE_ADDR="10.0.0.1"), password=PASSWORD, **{"x-forwarded-for": "198.51.100.8"})
    assert other.status_code == 302


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

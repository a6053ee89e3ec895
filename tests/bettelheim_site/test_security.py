"""What a browser is told with every answer, and how accounts are guarded."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from reader.publishing import publish_volume
from tests.factories import make_division, make_paragraph, make_volume

CHECKOUT = Path(__file__).resolve().parents[2]
PASSWORD = "a long pass phrase"


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns where `collectstatic` has not made one; it serves the checkout's files."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def volume(db: None) -> None:
    volume = make_volume(slug="plans")
    make_paragraph(make_division(volume, slug="one"), "Some words.")
    publish_volume(volume)


@pytest.fixture
def editor(db: None) -> User:
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
    assert found["/scriptorium/"].startswith("django.contrib.admin")
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

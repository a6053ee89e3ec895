"""Attacks on the archive: each attempt has its test. (Guessed passwords are in test_security.py.)"""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from reader.models import Division, Note, Paragraph, Volume, Word
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_division,
    make_emendation,
    make_note,
    make_page_break,
    make_paragraph,
    make_suspect,
    make_term,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

CHECKOUT = Path(__file__).resolve().parents[2]
PASSWORD = "a long pass phrase"


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if the folder is missing."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans", subtitle="Of grain", translator="Tom", original="Les plans")
    chapter = make_division(volume, slug="one")
    section = make_division(volume, slug="one-i", kind="section", parent=chapter)
    witness = make_witness(volume, b"The NEP came, see p. 42.\n<taken>\n")
    paragraph = make_paragraph(chapter, "The NEP[^1] came, see p. 42.", lines=[[1, 1, 2]])
    make_paragraph(section, "Of steel.")
    make_note(chapter, 1, "On grain.")
    make_page_break(volume, "42", paragraph=paragraph)
    make_emendation(witness, division=chapter, paragraph=paragraph)
    make_suspect(witness, paragraph=paragraph, suggestion="government", evidence="twice elsewhere")
    make_term(volume.glossary)
    publish_volume(volume)
    return volume


# Stored script

SCRIPT = """"'></script></title><taken onload="taken()"><script>taken()</script>javascript:taken()"""
SHORT = "<taken>"
NOT_ASKED = ("/static/", "/admin/r/", "/admin/logout/", "/admin/jsi18n/")
# Fields that only programs read, and that would refuse a script.
NO_TEXT = {"path", "etag", "encoding", "digest"}


class Taken(HTMLParser):
    """Collects the markup of a page that the archive did not write."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_data = any(("type", f"application/{kind}json") in attrs for kind in ("", "ld+"))
        self.is_script = tag == "script" and not is_data
        wrong = [f"{name}={value}" for name, value in attrs if name.startswith("on")]
        wrong += [
            f"{name}={value}"
            for name, value in attrs
            if value
            and value.strip().startswith("javascript:taken")
            and name in ("href", "src", "action", "formaction")
        ]
        self.found += [*wrong, *([tag] if tag == "taken" else [])]

    def handle_data(self, data: str) -> None:
        if self.is_script and "taken" in data:
            self.found.append(data)


def fill_every_text_field() -> set[str]:
    """Put a script into every text field of every row; return the names of the fields."""
    filled = set()
    for label in ("reader", "glossary"):
        for model in apps.get_app_config(label).get_models():
            if model is Word:  # made from the texts at each publishing
                continue
            fields = [
                field
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField)
                and not isinstance(field, models.SlugField)
                and not field.choices
                and field.name not in NO_TEXT
                and (field.max_length or 99) >= len(SHORT)
            ]
            for n, pk in enumerate(model._default_manager.values_list("pk", flat=True)):
                long = f"{n}{SCRIPT}"  # some are unique
                values = {
                    field.name: long if field.max_length is None or field.max_length > len(long) else SHORT
                    for field in fields
                }
                if values:
                    model._default_manager.filter(pk=pk).update(**values)
                    filled |= {f"{model.__name__}.{name}" for name in values}
    return filled


def links_of(html: str, path: str) -> set[str]:
    """The addresses of this site that a page links to, without their queries."""
    found = (
        urlsplit(urljoin(f"http://testserver{path}", each)) for each in re.findall(r'href="([^"]*)"', html)
    )
    return {
        each.path for each in found if each.netloc == "testserver" and not each.path.startswith(NOT_ASKED)
    }


def test_a_script_in_any_text_field_is_text_on_every_page(admin_client: Client, volume: Volume) -> None:
    filled = fill_every_text_field()
    assert {"Paragraph.text", "Note.text", "Division.head", "Volume.title", "Volume.language"} <= filled
    assert {"Term.headword", "Term.definition", "TermForm.text", "Suspect.evidence"} <= filled
    volume.refresh_from_db()
    publish_volume(volume)

    seen = {
        "/",
        "/admin/",
        "/plans/search/?q=taken",
        f"/plans/search/?q={SCRIPT}",
        f"/plans/{SCRIPT}/",
        "/plans/p/7",
        "/plans/paragraph/1/r1/",
        "/plans/paragraph/99/r1/",
        f"/unapi?id={SCRIPT}",
    }
    waiting = sorted(seen)
    shown = 0
    while waiting:
        path = waiting.pop()
        response = admin_client.get(path)
        assert response.status_code in (200, 300, 301, 302, 404), path
        if "html" not in response.get("Content-Type", ""):
            continue
        html = response.content.decode()
        assert Taken(html).found == [], path
        shown += "taken" in html
        new = links_of(html, path) - seen
        seen |= new
        waiting.extend(new)

    assert shown > 25
    assert {
        "/plans/one/",
        "/plans/apparatus/",
        "/plans/glossary/",
        "/plans/paragraph/1/",
        "/plans/one/note/1/",
        "/plans/cite/",
    } <= seen
    assert reverse("admin:reader_paragraph_change", args=[volume.paragraphs.all()[0].pk]) in seen


# Forged headers


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "a b", ""]
)
def test_a_host_that_is_not_ours_is_refused(client: Client, volume: Volume, host: str) -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/plans/one", "/admin/"):
        response = client.get(path, headers={"host": host})
        assert response.status_code == 400
        assert b"evil.example" not in response.content


def test_headers_that_claim_another_host_path_or_method_are_not_believed(
    client: Client, volume: Volume
) -> None:
    forged = {
        **{"x-forwarded-host": "evil.example", "forwarded": "host=evil.example;proto=https"},
        **{"x-forwarded-proto": "https", "x-forwarded-port": "444", "x-original-url": "/admin/"},
        **{"x-rewrite-url": "/admin/", "x-http-method-override": "DELETE", "x-script-name": "/evil"},
    }
    cited = (
        "/plans/paragraph/1/cite.ris",
        "/plans/paragraph/1/quotation.json",
        "/unapi?id=/plans/&format=ris",
    )
    for path in ("/robots.txt", "/sitemap.xml", "/plans/errata.atom", "/plans/cite/", "/plans/one/", *cited):
        plain, answer = client.get(path), client.get(path, headers=forged)
        assert (answer.status_code, answer.content) == (200, plain.content)
        assert not answer.wsgi_request.is_secure()


# Open redirects

ELSEWHERE = (
    *("//evil.example", "https://evil.example", "///evil.example", r"/\evil.example", r"\\evil.example"),
    *(
        "http:evil.example",
        "javascript:alert(1)",
        "//evil.example/%2e%2e",
        "\thttps://evil.example",
        "/%09/evil.example",
    ),
)


@pytest.mark.parametrize("aim", ELSEWHERE)
def test_no_login_or_logout_leads_away(client: Client, aim: str) -> None:
    User.objects.create_superuser("editor", password=PASSWORD)
    account = {"username": "editor", "password": PASSWORD, "next": aim}

    for where in (client.post("/admin/login/", account), client.post("/admin/logout/", {"next": aim})):
        location = where.get("Location", "/")
        assert re.match(r"/(?![/\\])", location), location


@pytest.mark.parametrize(
    "path", [*ELSEWHERE, "//evil.example/", "//evil.example/a", "/plans//evil.example", "/.//evil"]
)
def test_no_path_leads_away(client: Client, volume: Volume, path: str) -> None:
    response = client.generic("GET", "/", PATH_INFO=path)

    assert response.status_code in (301, 302, 404)
    assert re.match(r"/(?![/\\])", response.get("Location", "/"))
    assert 'href="//' not in response.content.decode()


# Paths


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/../bettelheim_site/settings.py",
            "/static/../bettelheim_site/settings.py",
            "/static/%2e%2e/manage.py",
        ),
        *("/static/..%2f..%2fetc/passwd", "/static//etc/passwd", "/static/\0", "/plans/\0/", "/plans/one\0/"),
        *(
            "/\udcff/",
            "/plans/p/\0",
            "/plans/p/\udcff",
            "/plans/paragraph/99999999999999999999/",
            "/plans/one/note/99999999999999999999/",
            "/.git/config",
        ),
        *(
            "/.env",
            "/var/secret-key",
            "/plans/" + "a/" * 2000,
            "/" + "x" * 20_000,
            "/%2e%2e/%2e%2e/",
        ),
    ],
)
def test_a_tricky_path_is_a_page_that_is_not_there(client: Client, volume: Volume, path: str) -> None:
    response = client.generic("GET", "/", PATH_INFO=path.encode("utf-8", "surrogateescape").decode("latin-1"))

    if response.status_code == 301:  # a slash is added
        response = client.get(response["Location"])
    assert response.status_code in (400, 404)
    assert b"SECRET_KEY" not in response.content


@pytest.mark.parametrize(
    "query", ["q=\0", "q=%00", "q=a&page=\0", "q=a&in=\0", "q=a&order=%ff", "q=" + "a" * 100_000]
)
def test_a_tricky_query_is_answered(client: Client, volume: Volume, query: str) -> None:
    assert client.get(f"/plans/search/?{query}").status_code in (200, 400)


@pytest.mark.parametrize(
    "path", ["/admin/\0/", "/admin/reader/paragraph/\0/change/", "/admin/reader/paragraph/?q=%00"]
)
def test_a_tricky_path_of_the_admin_breaks_nothing(admin_client: Client, volume: Volume, path: str) -> None:
    assert admin_client.get(path).status_code in (200, 302, 404)


# Bodies


def test_a_large_form_is_refused(client: Client) -> None:
    response = client.post("/admin/login/", {"username": "x" * 3 * 2**20, "password": "x"})

    assert response.status_code == 400


def test_a_form_of_many_fields_is_refused(client: Client) -> None:
    assert client.post("/admin/login/", {f"field-{n}": "" for n in range(1001)}).status_code == 400


def test_a_large_file_is_refused_before_it_is_read(client: Client) -> None:
    file = SimpleUploadedFile("x", b"x" * (10 * 2**20 + 1))

    assert client.post("/admin/login/", {"file": file}).status_code == 413


@pytest.mark.parametrize("length", ["99999999999999999999999", "-1", "1e3", "ten", "١٢"])
def test_a_length_that_is_none_is_refused(client: Client, length: str) -> None:
    assert client.post("/admin/login/", CONTENT_LENGTH=length).status_code in (200, 413)
    assert client.get("/", CONTENT_LENGTH=length).status_code in (200, 413)


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A gunicorn as `make serve` runs it, but with one worker and no database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        *(sys.executable, "-m", "gunicorn", "bettelheim_site.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "2", "--no-control-socket"),
    ]
    environment = {**os.environ, "STATIC_ROOT": str(tmp_path), "ALLOWED_HOSTS": "127.0.0.1"}
    environment |= {
        "SECRET_KEY": "k",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "LOG_LEVEL": "CRITICAL",
    }
    server = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
    yield port
    server.terminate()
    server.wait()


def test_slow_bodies_to_readers_pages_hold_nobody_up(port: int) -> None:
    slow = []
    try:
        for _ in range(6):
            sender = socket.create_connection(("127.0.0.1", port), timeout=30)
            slow.append(sender)
            sender.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\na")
            # Answered though 999 bytes are missing.
            assert sender.recv(1000).startswith(b"HTTP/1.1 405 ")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/robots.txt")
        assert connection.getresponse().status == 200
        connection.close()
    finally:
        for sender in slow:
            sender.close()


# Forged requests


@pytest.mark.parametrize("name", ["login", "logout", "password_change", "glossary_term_add", "auth_user_add"])
def test_a_form_of_another_site_changes_nothing(name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("editor", password=PASSWORD))

    response = client.post(reverse(f"admin:{name}"), {"username": "editor", "password": PASSWORD})

    assert response.status_code == 403
    assert client.get("/admin/").status_code == 200


def test_a_correction_from_another_site_is_refused(volume: Volume) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("editor", password=PASSWORD))
    paragraph = Paragraph.objects.get(number=2)
    address = reverse("admin:reader_paragraph_change", args=[paragraph.pk])
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode())[0]

    taken = {"typed": "Taken.", "seen": "Of steel.", "reason": "none"}

    forged = client.post(address, taken, headers={"origin": "https://evil.example"})
    elsewhere = client.post(
        address, {**taken, "csrfmiddlewaretoken": token}, headers={"origin": "https://evil.example"}
    )

    assert (forged.status_code, elsewhere.status_code) == (403, 403)
    paragraph.refresh_from_db()
    assert paragraph.text == "Of steel."


# Fields that no form shows


def other_value(field: Any, row: models.Model) -> str:
    """Another value that the field accepts."""
    if field.is_relation:
        return ""
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.JSONField):
        return "[7]"
    return "77" if isinstance(field, models.IntegerField) else "taken"


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        (Paragraph, {"text"}),
        (Note, {"text"}),
        (Division, {"head"}),
        (
            Volume,
            {
                *("title", "subtitle", "author", "translator", "publisher", "year", "original", "rights"),
                *("language", "glossary"),
            },
        ),
    ],
)
def test_a_field_that_no_form_shows_cannot_be_set(
    admin_client: Client, volume: Volume, model: type[models.Model], shown: set[str]
) -> None:
    row = model._default_manager.order_by("pk")[0]
    before = model._default_manager.filter(pk=row.pk).values()[0]
    posted = {
        field.name: str(getattr(row, field.attname)) if field.name in shown else other_value(field, row)
        for field in model._meta.concrete_fields
    }
    if model is Volume:
        posted |= {"title": f"{posted['title']} More.", "reason": "the title page"}
    else:
        [corrected] = shown
        seen = getattr(row, corrected)
        posted |= {"typed": f"{seen} More.", "seen": seen, "reason": "the scan"}

    response = admin_client.post(
        reverse(f"admin:reader_{model._meta.model_name}_change", args=[row.pk]), posted
    )

    assert response.status_code == 302
    after = model._default_manager.filter(pk=row.pk).values()[0]
    changed = {name for name in before if before[name] != after[name]}
    # The revision counts the change; the search vector is made from the text; the corrector is the logged-in person.
    assert changed & shown
    assert changed <= shown | {"revision", "search", "corrected_by", "corrected_on"}
    assert after.get("corrected_by", []) in ([], [User.objects.get().pk])
    assert after.get("revision", 2) == 2


def test_a_corrector_cannot_raise_their_own_account(client: Client) -> None:
    corrector = User.objects.create_user("corrector", password=PASSWORD, is_staff=True)
    client.force_login(corrector)
    raised = {"username": "corrector", "is_superuser": "on", "is_staff": "on"}

    answers = [
        client.post(reverse("admin:auth_user_change", args=[corrector.pk]), raised),
        client.post(reverse("admin:auth_user_add"), {**raised, "username": "another"}),
        client.post(
            reverse("admin:password_change"),
            {
                "old_password": PASSWORD,
                "new_password1": "quite another one",
                "new_password2": "quite another one",
            }
            | raised,
        ),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 302]
    corrector.refresh_from_db()
    assert not corrector.is_superuser
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "model", ["paragraph", "note", "division", "volume", "conflict", "witness", "suspect"]
)
def test_an_account_without_rights_sees_nothing_of_the_admin(
    client: Client, volume: Volume, model: str
) -> None:
    client.force_login(User.objects.create_user("corrector", password=PASSWORD, is_staff=True))

    assert client.get(reverse(f"admin:reader_{model}_changelist")).status_code == 403
    assert client.get(reverse(f"admin:reader_{model}_change", args=[1])).status_code == 403

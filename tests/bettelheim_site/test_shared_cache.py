"""A real nginx with the site of deploy/nginx-cache.conf in front of a real gunicorn: what it keeps, and how long."""

import http.client
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import pytest
from django.conf import settings as current
from django.test import override_settings

from bench.peers import SITES, cache_site, find, free_port, nginx
from bench.rates import Server
from reader.models import Volume
from reader.publishing.publish import publish_volume
from reader.publishing.serving import CACHE_CONTROL
from tests.factories import make_division, make_paragraph, make_volume
from tests.processes import CHECKOUT, environment, wait_for_port

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(find("nginx") is None, reason="nginx is not installed"),
]
PAGE, OTHER = "/plans/one/", "/plans/"
# Seconds from a correction until every reader sees it.
SEEN = 1.5
PATIENCE = 60.0


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    begun: float

    @property
    def by_cache(self) -> str:
        return self.headers.get("Cache-Status", "")


class Archive:
    """gunicorn, which can be stopped and started again at its port."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **changes: str) -> None:
        command = [sys.executable, "-m", "gunicorn", "bettelheim_site.wsgi", f"--bind=127.0.0.1:{self.port}"]
        values = environment(WEB_CONCURRENCY="2", BEHIND_PROXY="1", STATIC_ROOT=str(self.folder), **changes)
        self.process = subprocess.Popen([*command, "--log-level=critical"], cwd=CHECKOUT, env=values)
        wait_for_port(self.port, self.process)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


@pytest.fixture
def volume(db: None) -> Volume:
    volume = make_volume(slug="plans")
    make_paragraph(make_division(volume, slug="one"), "Some words.")
    publish_volume(volume)
    return volume


@pytest.fixture
def archive(volume: Volume, tmp_path: Path) -> Iterator[Archive]:
    made = Archive(tmp_path / "static")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def cache(archive: Archive, tmp_path: Path) -> Iterator[Server]:
    port = free_port()
    site = cache_site(port, f"http://127.0.0.1:{archive.port}", tmp_path)
    with nginx("cache", site, tmp_path / "nginx", port, "/healthz") as server:
        yield server


Ask = Callable[..., Answer]


@pytest.fixture
def ask(cache: Server) -> Ask:
    """Ask the cache; header names with underscores."""

    def ask(path: str, method: str = "GET", **headers: str) -> Answer:
        begun = monotonic()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(
            http.client.HTTPConnection(cache.origin.removeprefix("http://"), timeout=PATIENCE)
        ) as asking:
            asking.request(method, path, headers={"Accept-Encoding": "", **given})
            answer = asking.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read(), begun)

    return ask


def until(ask: Callable[[], Answer], is_so: Callable[[Answer], bool]) -> tuple[Answer, list[Answer]]:
    """Ask until an answer is so; return it, and those before."""
    before: list[Answer] = []
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        answer = ask()
        if is_so(answer):
            return answer, before
        before.append(answer)
    pytest.fail(f"never so; the last answer: {before[-1]}")


def correct(volume: Volume, text: str) -> float:
    """Publish another text; return when that was done."""
    volume.paragraphs.update(text=text)
    publish_volume(volume)
    return monotonic()


def kept(folder: Path) -> list[str]:
    """The addresses and encodings of all copies of a cache."""
    keys = [
        re.findall(rb"\nKEY: (.*)\n", file.read_bytes())[0]
        for file in (folder / "kept").rglob("*")
        if file.is_file()
    ]
    return sorted(key.decode().partition(" ")[2].partition(" ")[2] for key in keys)


# What is kept


def test_the_next_reader_is_answered_from_the_cache(ask: Ask) -> None:
    first = ask(PAGE)
    hit, _ = until(lambda: ask(PAGE), lambda answer: answer.by_cache == "nginx; hit")

    assert (hit.status, hit.body) == (200, first.body)
    own = ("Date", "X-Request-ID", "Cache-Status")
    alike = [
        {name: value for name, value in each.headers.items() if name not in own} for each in (first, hit)
    ]
    assert alike[0] == alike[1]
    assert alike[0]["Vary"] == "Accept-Encoding, Accept-Language, Cookie"
    assert "X-Accel-Expires" not in hit.headers
    assert hit.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    unchanged, _ = until(
        lambda: ask(PAGE, If_None_Match=hit.headers["ETag"]), lambda answer: answer.by_cache == "nginx; hit"
    )
    assert (unchanged.status, unchanged.body) == (304, b"")


def test_each_form_of_a_page_is_kept_once(ask: Ask, tmp_path: Path) -> None:
    asked = {
        "": None,
        "deflate": None,
        "gzip": "gzip",
        "GZIP, deflate": "gzip",
        "gzip, deflate, br, zstd": "br",
        "br": "br",
        "br;q=0, gzip": None,
        "gzip;q=0.5": None,
        "*;q=0": None,
        "brotli, gzipped": None,
    }
    for accepted, encoding in asked.items():
        answers = [ask(PAGE, Accept_Encoding=accepted) for _ in range(2)]
        assert {answer.headers.get("Content-Encoding") for answer in answers} == {encoding}, accepted
        assert answers[0].body == answers[1].body

    assert kept(tmp_path) == [f"{PAGE}  ", f"{PAGE} br ", f"{PAGE} gzip "]


def test_each_language_of_a_page_is_kept_once(ask: Ask, tmp_path: Path) -> None:
    asked = {
        "": "en",
        "en-GB,en;q=0.9,fr;q=0.8": "en",
        "de-DE,de": "en",
        "de,en;q=0.5": "en",
        "fr": "fr",
        "fr-CA,fr;q=0.9,en;q=0.8": "fr",
        "FR,en": "fr",
        # These are left to the archive.
        "fr;q=0.5,en": "en",
        "de,fr;q=0.5,en;q=0.3": "fr",
    }
    for accepted, language in asked.items():
        for _ in range(2):
            assert f'<html lang="{language}"'.encode() in ask(PAGE, Accept_Language=accepted).body, accepted
    for setting, language in {"fr": "fr", "en": "en", "xx": "fr"}.items():
        chosen = ask(PAGE, Cookie=f"language={setting}", Accept_Language="fr")
        assert f'<html lang="{language}"'.encode() in chosen.body

    keys = ("", "de,fr;q=0.5,en;q=0.3", "en", "fr", "fr;q=0.5,en")
    assert kept(tmp_path) == [f"{PAGE}  {key}" for key in keys]


@pytest.mark.parametrize(
    ("languages", "asked"),
    [
        (
            "fr,en",
            {"": "fr", "de-DE,de": "fr", "men": "fr", "de, en;q=0.5": "en", "en-GB,en": "en", "fr": "fr"},
        ),
        ("fr", {"": "fr", "de": "fr", "en": "fr", "en-GB,fr;q=0.5": "fr"}),
        ("en", {"": "en", "de": "en", "fr-CA,fr": "en", "fr": "en"}),
    ],
)
def test_the_cache_need_not_know_the_languages_of_the_archive(
    ask: Ask, archive: Archive, volume: Volume, languages: str, asked: dict[str, str]
) -> None:
    archive.stop()
    with override_settings(ARCHIVE_LANGUAGES=languages.split(",")):
        publish_volume(volume)
    archive.start(ARCHIVE_LANGUAGES=languages)

    for accepted, language in asked.items():
        assert f'<html lang="{language}"'.encode() in ask(PAGE, Accept_Language=accepted).body, accepted


def test_nothing_else_is_kept(ask: Ask, tmp_path: Path) -> None:
    ask(PAGE)
    admin = f"/{current.ADMIN_PATH}"
    for path in (
        admin,
        f"{admin}login/",
        f"{PAGE}?x=1",
        "/plans/search/?q=words",
        "/nowhere/",
        "/plans/one",
        "/readyz",
    ):
        for _ in range(2):
            assert "hit" not in ask(path).by_cache, path
    for cookie in ("sessionid=a", "at-work=b", "__Host-session=c", "csrftoken=d", "theme=dark"):
        for path in (PAGE, OTHER):
            assert "hit" not in ask(path, Cookie=cookie).by_cache
    ask(OTHER, method="POST")

    assert kept(tmp_path) == [f"{PAGE}  "]


# How long


def test_a_correction_is_seen_within_a_second_and_a_half(ask: Ask, volume: Volume) -> None:
    ask(PAGE)
    for n in range(3):
        corrected = correct(volume, f"Other words, {n}.")
        _, before = until(lambda: ask(PAGE), lambda answer, n=n: f"words, {n}.".encode() in answer.body)  # type: ignore[misc]

        assert all(answer.begun - corrected < SEEN for answer in before)


def test_the_first_reader_after_a_quiet_time_sees_a_correction(ask: Ask, volume: Volume) -> None:
    until(lambda: ask(PAGE), lambda answer: answer.by_cache == "nginx; hit")
    corrected = correct(volume, "Other words.")
    until(lambda: ask(OTHER), lambda answer: answer.begun - corrected > SEEN)

    assert b"Other words." in ask(PAGE).body


def test_pages_are_read_while_the_archive_is_away(ask: Ask, archive: Archive, volume: Volume) -> None:
    first = ask(PAGE)
    archive.stop()

    stale, before = until(lambda: ask(PAGE), lambda answer: "stale" in answer.by_cache)
    assert {(answer.status, answer.body) for answer in (stale, *before)} == {(200, first.body)}
    assert "does not answer" in stale.by_cache
    assert ask("/plans/glossary/").status == 502

    correct(volume, "Other words.")
    archive.start()
    back, _ = until(lambda: ask(PAGE), lambda answer: b"Other words." in answer.body)
    assert "stale, the" not in back.by_cache


# The files


def test_the_site_names_what_the_archive_says_of_its_pages() -> None:
    site = (SITES / "nginx-cache.conf").read_text(encoding="utf-8")

    assert rf"\|{re.escape(CACHE_CONTROL)}\|$".replace(r"\ ", " ").replace(r"\-", "-") in site
    assert f"client_max_body_size {current.LARGEST_BODY // 2**20}m;" in site
    assert "proxy_cache_background_update on" not in site


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-cache.conf"])
def test_nginx_understands_the_sites(name: str, tmp_path: Path) -> None:
    if find("openssl") is None:
        pytest.skip("openssl is not installed")
    making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=archive.example"]
    made = ["-keyout", f"{tmp_path}/privkey.pem", "-out", f"{tmp_path}/fullchain.pem"]
    subprocess.run([*making, *made], check=True, capture_output=True)
    site = (SITES / name).read_text(encoding="utf-8")
    for old, new in (
        ("/etc/letsencrypt/live/archive.example", str(tmp_path)),
        ("/var/cache/nginx/archive", f"{tmp_path}/kept"),
        ("listen 443", f"listen 127.0.0.1:{free_port()}"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
    ):
        site = site.replace(old, new)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{site}}}\n")
    tried = subprocess.run(
        [find("nginx") or "", "-t", "-e", tmp_path / "error.log", "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert tried.returncode == 0, tried.stderr

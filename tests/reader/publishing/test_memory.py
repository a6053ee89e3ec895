"""Pages in memory are the answers of Django, header by header, until their volume is published again."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from pytest_django import Settings

from reader.models import PublishedPage, Volume
from reader.publishing import memory as memory_module
from reader.publishing.memory import OVERHEAD, STALE, Memory
from reader.publishing.publish import publish_again, publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_term, make_volume
from tests.processes import connect

pytestmark = pytest.mark.django_db(transaction=True)

Answer = tuple[str, list[tuple[str, str]], bytes]


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: str) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.ALLOWED_HOSTS = ["archive.example", "testserver"]


@pytest.fixture
def volume(db: None) -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "The NEP[^1] came.")
    make_note(chapter, 1, "On grain.")
    make_term(volume.glossary)
    publish_volume(volume)
    return volume


class Counted:
    """Django, and how often it was asked."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()
        self.count = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.count += 1
        return self.handler(environ, start_response)


@pytest.fixture
def django() -> Counted:
    return Counted()


@pytest.fixture
def memory(django: Counted, monkeypatch: pytest.MonkeyPatch) -> Iterator[Memory]:
    """A memory that asks for the revisions at each request, and waits for the answer on a busy machine, too."""
    monkeypatch.setattr(memory_module, "EVERY", 0.0)
    monkeypatch.setattr(memory_module, "PATIENCE", 30.0)
    made = Memory(django, most=2**20, cookies=("at-work", "sessionid", "csrftoken"))
    yield made
    made.revisions.close()


def get(application: Any, path: str, method: str = "GET", **headers: str) -> Answer:
    """The status line, headers and bytes of an answer."""
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        **headers,
    }
    begun: list[Any] = []
    body = application(environ, lambda status, headers, *rest: begun.extend((status, headers)))
    sent = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return begun[0], sorted(begun[1]), sent


KEPT = ["/", "/plans/", "/plans/one/", "/plans/glossary/", "/plans/apparatus/", "/plans/one/apparatus/"]
MADE = [
    "/plans/paragraph/1/",
    "/plans/paragraph/1/edition.json",
    "/plans/edition.json",
    "/plans/cite/",
    "/plans/one/cite/",
    "/plans/glossary/nep/concordance/",
]
OTHERS = [
    "/nowhere/",
    "/plans/one",
    "/plans/search/?q=nep",
    "/plans/glossary/?q=nep",
    "/robots.txt",
    "/plans/p/1",
]
REQUESTS: list[dict[str, str]] = [
    {},
    {"HTTP_ACCEPT_ENCODING": "gzip"},
    {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd"},
    {"HTTP_HOST": "archive.example"},
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "archive.example:8000"},
    {"wsgi.url_scheme": "https"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_IF_NONE_MATCH": "*"},
    {"HTTP_IF_NONE_MATCH": '"other"'},
    {"HTTP_IF_MATCH": '"other"'},
    {"HTTP_RANGE": "bytes=0-9"},
    {"HTTP_COOKIE": "sessionid=abc"},
    {"HTTP_COOKIE": "theme=dark"},
    {"HTTP_COOKIE": "language=fr"},
    {"HTTP_COOKIE": "language=en", "HTTP_ACCEPT_LANGUAGE": "fr"},
    {"HTTP_ACCEPT_LANGUAGE": "fr-CA,fr;q=0.9,en;q=0.8"},
    {"HTTP_ACCEPT_LANGUAGE": "fr," * 300},
    {"method": "HEAD"},
    {"method": "POST"},
    {"method": "BREW"},
    {"CONTENT_LENGTH": "99999999999"},
    {"HTTP_X_FORWARDED_FOR": "192.0.2.9"},
]


@pytest.mark.parametrize("behind", [False, True])
def test_every_answer_is_djangos_header_by_header(
    volume: Volume, memory: Memory, django: Counted, settings: Settings, behind: bool
) -> None:
    settings.SECURE_HSTS_SECONDS = 3600
    settings.SECURE_SSL_REDIRECT = settings.BEHIND_PROXY = behind
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind else None
    django.handler = WSGIHandler()
    memory._django = django

    wrong = []
    for path in [*KEPT, *MADE, *OTHERS]:
        tags = [value for name, value in get(django, path)[1] if name == "ETag"]
        for asked in [*REQUESTS, *({"HTTP_IF_NONE_MATCH": f'"x", W/{tag}'} for tag in tags)]:
            plain = get(django, path, **asked)
            answers = [get(memory, path, **asked) for _ in range(3)]
            wrong += [(path, asked, answer, plain) for answer in answers if _alike(answer) != _alike(plain)]

    assert wrong == []


def _alike(answer: Answer) -> Answer:
    """An answer without what is new in each: a token against forged requests."""
    status, headers, body = answer
    return status, [each for each in headers if each[0] != "Set-Cookie"], body


@pytest.mark.parametrize("asked", [{}, {"HTTP_ACCEPT_ENCODING": "gzip, br"}, {"HTTP_COOKIE": "theme=dark"}])
def test_a_page_is_asked_of_django_once(
    volume: Volume, memory: Memory, django: Counted, asked: dict[str, str]
) -> None:
    for path in [*KEPT, *MADE]:
        for _ in range(3):
            assert get(memory, path, **asked)[0] == "200 OK"

    assert django.count == len([*KEPT, *MADE])


def test_an_unchanged_page_is_asked_of_django_once(volume: Volume, memory: Memory, django: Counted) -> None:
    etag = dict(get(memory, "/plans/one/")[1])["ETag"]
    answers = [get(memory, "/plans/one/", HTTP_IF_NONE_MATCH=etag) for _ in range(3)]

    assert {answer[0] for answer in answers} == {"304 Not Modified"}
    assert all("Content-Length" not in dict(answer[1]) for answer in answers)
    assert django.count == 2
    assert get(memory, "/plans/one/", HTTP_IF_NONE_MATCH='"other"')[0] == "200 OK"
    assert django.count == 2


def test_a_new_revision_is_read_at_once(volume: Volume, memory: Memory) -> None:
    before = {path: get(memory, path) for path in ("/plans/one/", "/plans/paragraph/1/")}
    volume.paragraphs.update(text="The NEP[^1] went.")
    publish_volume(volume)

    for path, answer in before.items():
        assert answer[2] != get(memory, path)[2]
        assert b"went" in get(memory, path)[2]


def test_pages_that_a_new_release_made_are_read_at_once(volume: Volume, memory: Memory) -> None:
    PublishedPage.objects.filter(path="plans/one/").update(html=b"of the release before", etag="before")
    assert get(memory, "/plans/one/")[2] == b"of the release before"

    publish_again(volume)

    assert Volume.objects.get().revision == volume.revision
    assert b"The NEP" in get(memory, "/plans/one/")[2]
    assert get(memory, "/plans/one/") == get(WSGIHandler(), "/plans/one/")


def test_the_first_page_knows_of_a_volume_that_comes(volume: Volume, memory: Memory) -> None:
    get(memory, "/")
    other = make_volume(slug="others", title="Others")
    publish_volume(other)

    assert b"Others" in get(memory, "/")[2]


def test_another_volumes_revision_leaves_a_page_where_it_is(
    volume: Volume, memory: Memory, django: Counted
) -> None:
    get(memory, "/plans/one/")
    publish_volume(make_volume(slug="others"))
    get(memory, "/plans/one/")

    assert django.count == 1


def test_the_revisions_are_asked_for_four_times_a_second(volume: Volume, django: Counted) -> None:
    patient = Memory(django, most=2**20, cookies=())
    asked: list[float] = []
    rows = patient.revisions._rows
    patient.revisions._rows = lambda: asked.append(1.0) or rows()  # type: ignore[method-assign,func-returns-value]
    begun = monotonic()
    for _ in range(50):
        get(patient, "/plans/one/")
    seconds = monotonic() - begun
    patient.revisions.close()

    assert 1 <= len(asked) <= 1 + seconds / 0.25
    assert django.count == 1


def test_what_is_kept_is_answered_while_the_database_is_away(
    volume: Volume, memory: Memory, django: Counted
) -> None:
    kept = get(memory, "/plans/one/")
    before = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1")
    with connect_as(before) as held:
        held.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()
    try:
        status, headers, body = get(memory, "/plans/one/")
        other = get(memory, "/plans/")
    finally:
        connection.settings_dict.update(before)

    assert (status, body) == (kept[0], kept[2])
    assert set(headers) - set(kept[1]) == {STALE}
    assert other[0] == "503 Service Unavailable"
    assert get(memory, "/plans/one/") == kept
    assert get(memory, "/plans/")[0] == "200 OK"


def test_no_page_in_memory_waits_for_a_locked_table(
    volume: Volume, memory: Memory, django: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = get(memory, "/plans/one/")
    monkeypatch.setattr(memory_module, "PATIENCE", 0.01)
    asked: list[object] = []
    rows = memory.revisions._rows
    memory.revisions._rows = lambda: asked.append(1) or rows()  # type: ignore[method-assign,func-returns-value]
    with connect() as other, ThreadPoolExecutor(8) as readers:
        other.execute("BEGIN; LOCK TABLE reader_volume IN ACCESS EXCLUSIVE MODE")
        begun = monotonic()
        answers = list(readers.map(lambda _: get(memory, "/plans/one/"), range(200)))
        seconds = monotonic() - begun
        other.execute("ROLLBACK")

    assert seconds < 0.9  # the question itself gives up after a second
    assert {(status, body) for status, _, body in answers} == {(kept[0], kept[2])}
    assert all(STALE in headers for _, headers, _ in answers)
    assert len(asked) == 1
    monkeypatch.setattr(memory_module, "PATIENCE", 30.0)
    assert get(memory, "/plans/one/") == kept
    assert django.count == 1


def test_a_question_that_is_given_up_is_asked_again(volume: Volume, memory: Memory, django: Counted) -> None:
    kept = get(memory, "/plans/one/")
    with connect() as other:
        other.execute("BEGIN; LOCK TABLE reader_volume IN ACCESS EXCLUSIVE MODE")
        begun = monotonic()
        _, headers, _ = get(memory, "/plans/one/")
        seconds = monotonic() - begun
        other.execute("ROLLBACK")

    assert STALE in headers
    assert seconds < 1.9  # once, and not again on a new connection
    assert get(memory, "/plans/one/") == kept


def connect_as(place: dict[str, Any]) -> Any:
    """A connection to the server at its own place."""
    now = {name: connection.settings_dict[name] for name in place}
    connection.settings_dict.update(place)
    try:
        return connect()
    finally:
        connection.settings_dict.update(now)


def test_memory_is_bounded_and_keeps_what_was_asked_for_last(volume: Volume, django: Counted) -> None:
    size = len(get(django, "/plans/one/")[2]) + OVERHEAD
    small = Memory(django, most=size * 10, cookies=())
    for n in range(40):
        get(small, "/plans/one/", HTTP_HOST=f"testserver:{n + 1}")
    taken = small._taken
    django.count = 0
    get(small, "/plans/one/", HTTP_HOST="testserver:40")
    assert django.count == 0
    get(small, "/plans/one/", HTTP_HOST="testserver:1")
    small.revisions.close()

    assert django.count == 1
    assert size * 5 < taken <= size * 10
    assert taken == sum(page.size for page in small._pages.values())


def test_a_page_that_would_fill_memory_is_not_kept(volume: Volume, django: Counted) -> None:
    tiny = Memory(django, most=OVERHEAD, cookies=())
    get(tiny, "/plans/one/")
    get(tiny, "/plans/one/")
    tiny.revisions.close()

    assert (django.count, tiny._taken) == (2, 0)

"""A fuzzer (Hypothesis) on every address, public and of the admin, as each role: no fault of ours, and none is slow.

`make bench-hostile` sends ten thousand requests; the test sends some hundreds. HOSTILE is their number.
"""

import gc
import os
import re
from http.cookies import SimpleCookie
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any, NamedTuple, cast

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from corpus_import.jobs import process
from reader.models import Volume
from tests.bettelheim_site.test_roles import login
from tests.bettelheim_site.test_roles import volume as volume  # a fixture: a row of each kind
from tests.processes import CHECKOUT

pytestmark = pytest.mark.django_db

REQUESTS = int(os.environ.get("HOSTILE", "400"))
# The longest that a request may keep a processor, in seconds: other work on the machine does not count.
LONGEST = 1.0
# The visitors of test_roles.py (nobody, staff without a role, corrector, editor, administrator), and a superuser.
VISITORS = "nsceao"

TRICKS = (
    *("", "0", "-1", "1", "2", "42", "9" * 30, "1e9", "NaN", "١٢", "1_000", "0x10", "+1", " 1", "1.5", "²"),
    *("plans", "one", "nep", "rye", "NEP", "grain", "iv", "add", "change", "on", "true", "false", "all"),
    *(
        "\0",
        "%00",
        "\udcff",
        "\ud800",
        "..",
        "../../etc/passwd",
        "a/b",
        "//evil.example/",
        "javascript:x",
        "\\",
    ),
    *(
        "'",
        '"',
        "';--",
        "') OR 1=1--",
        "%",
        "_",
        "%s",
        "{}",
        "{{7*7}}",
        "{% x %}",
        "${x}",
        "$(id)",
        "<taken>",
    ),
    *(
        "\u202e",
        "\ufeff",
        "\u0130",
        "ﬁ",
        "é",
        "e\u0301",
        "😀",
        "a" * 3000,
        "a " * 2000,
        "[^1]",
        "{p. 1}",
        "*a",
    ),
    *(
        '"',
        '""',
        "-",
        "-a",
        '-"a b"',
        "this or",
        "or or",
        "*",
        "a*",
        "* *",
        "p. 42",
        "note 1",
        "(",
        "a:*",
        "a & b",
    ),
    *("[]", "{}", "null", '{"a": [1]}', "[[[[" * 50, "2026-01-01", "on\r\nX: y"),
)
NAMES = (
    *(
        "q",
        "page",
        "in",
        "order",
        "sort",
        "o",
        "p",
        "e",
        "all",
        "next",
        "_popup",
        "_to_field",
        "_changelist_filters",
    ),
    *(
        "action",
        "_selected_action",
        "select_across",
        "index",
        "post",
        "_save",
        "_continue",
        "password",
        "username",
    ),
    *("password1", "password2", "code", "csrfmiddlewaretoken", "forms-TOTAL_FORMS", "forms-INITIAL_FORMS"),
    *(
        "forms-0-id",
        "forms-0-text",
        "id__exact",
        "volume__id__exact",
        "volume__slug__regex",
        "is_staff__exact",
    ),
)
METHODS = ("GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "QUERY", "get")
HEADERS = (
    *(
        "HTTP_ACCEPT_ENCODING",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_RANGE",
        "HTTP_REFERER",
        "HTTP_HOST",
    ),
    *(
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_AUTHORIZATION",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_COOKIE",
    ),
)
TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "text/plain; charset=none",
)


class Asked(NamedTuple):
    """A request; a path may hold surrogates, which stand for bytes that are no UTF-8."""

    method: str
    path: str
    query: str
    kind: str
    body: bytes
    headers: dict[str, str]


def addresses(patterns: list[Any], before: str = "/") -> list[str]:
    """Every address below these, with {} for each part that varies."""
    found = []
    for each in patterns:
        route = re.sub(r"<\w+(?::\w+)?>|\((?:\?P<\w+>|\?:)?(?:[^()]|\([^()]*\))*\)", "{}", str(each.pattern))
        route = before + re.sub(r"\\(.)", r"\1", re.sub(r"^\^|/\?|\\Z|\$$", "", route))
        if isinstance(each, URLResolver):
            found += addresses(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            found.append(route)
    return found


def names_in_code() -> list[str]:
    """The fields that our code reads of a request, and those of the models."""
    read = re.compile(r'(?:GET|POST|FILES|data|asked)\.(?:get|getlist)\(\s*"(\w+)"')
    rooms = ("reader", "glossary", "corpus_import", "bettelheim_site")
    files = [path for room in rooms for path in (CHECKOUT / room).rglob("*.py")]
    fields = {field.name for model in admin.site._registry for field in model._meta.concrete_fields}
    said = {name for path in files for name in read.findall(path.read_text(encoding="utf-8"))}
    return sorted({*NAMES, *fields, *said})


TEXTS = st.one_of(st.sampled_from(TRICKS), st.sampled_from(TRICKS), st.text(max_size=30))


@st.composite
def hostile(draw: st.DrawFn, routes: list[str], names: list[str], keys: list[str]) -> Asked:
    """A request for one of the addresses: every other one for a page that may be there, the rest ill formed."""
    route = draw(st.sampled_from(routes))
    is_there = draw(st.booleans())
    if not route.startswith("/admin/") and is_there:
        route = route.replace("{}", "plans", 1)
    likely = st.sampled_from(keys) if is_there else TEXTS
    path = re.sub(r"\{\}", lambda found: draw(likely), route)
    pairs = st.lists(st.tuples(st.sampled_from(names), TEXTS), max_size=4)
    query = "&".join(f"{name}={quoted(value)}" for name, value in draw(pairs))
    body = "&".join(f"{name}={quoted(value)}" for name, value in draw(pairs))
    headers = {} if is_there else draw(st.dictionaries(st.sampled_from(HEADERS), TEXTS, max_size=2))
    return Asked(
        draw(st.sampled_from(METHODS)),
        path,
        query if is_there else draw(st.one_of(st.just(query), TEXTS)),
        TYPES[0] if is_there else draw(st.sampled_from(TYPES)),
        encoded(body) if is_there else draw(st.one_of(st.just(encoded(body)), st.binary(max_size=40))),
        {name: encoded(value).decode("latin-1") for name, value in headers.items()},
    )


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def quoted(text: str) -> str:
    """A value of a form or query: what would end it is escaped."""
    return re.sub(r"[&=+#%\s]", lambda found: f"%{ord(found[0]):02x}", text)


class Taken(NamedTuple):
    """What a request took: seconds of this thread's processor, of the database by the clock, of all by the clock."""

    processor: float
    database: float
    clock: float


def ask(client: Client, asked: Asked) -> tuple[int, Taken]:
    """Send a request; return its status and what it took. Nothing is written.

    The garbage of Hypothesis, which remembers what it sent, is collected between requests, and not counted.
    """
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    in_database = 0.0

    def timed(execute: Any, *statement: Any) -> Any:
        nonlocal in_database
        begun = perf_counter()
        try:
            return execute(*statement)
        finally:
            in_database += perf_counter() - begun

    gc.disable()
    begun, begun_at = thread_time(), perf_counter()
    with transaction.atomic(), connection.execute_wrapper(timed):
        answer = client.generic(
            asked.method,
            "/",
            asked.body,
            content_type=asked.kind,
            PATH_INFO=encoded(asked.path).decode("latin-1"),
            QUERY_STRING=encoded(asked.query).decode("latin-1"),
            **cast("dict[str, Any]", asked.headers),
        )
        if answer.streaming:
            b"".join(answer)
        taken = Taken(thread_time() - begun, in_database, perf_counter() - begun_at)
        transaction.set_rollback(True)
    gc.enable()
    client.cookies = cookies
    return answer.status_code, taken


@pytest.fixture(autouse=True)
def only_here(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """No import starts a process, and a slow statement is a fault."""
    monkeypatch.setattr(process, "start", lambda key: None)
    settings.STATIC_ROOT = str(tmp_path)
    settings.METRICS_TOKEN = "a-token-of-many-letters"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '5s'")


def visit(who: str) -> Client:
    if who != "o":
        return login(who)
    from django.contrib.auth.models import User

    client = Client()
    client.force_login(User.objects.create_superuser("owner"))
    return client


@pytest.mark.parametrize("who", VISITORS)
def test_no_hostile_request_meets_a_fault_or_takes_long(
    who: str, volume: Volume, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    client = visit(who)
    routes = [
        *addresses(get_resolver().url_patterns),
        "/healthz",
        "/readyz",
        "/metrics",
        "/static/{}",
        "/{}",
        "/{}/{}",
    ]
    assert len([route for route in routes if route.startswith("/admin/")]) > 100
    rows = [str(pk) for model in apps.get_app_config("reader").get_models() for pk in keys_of(model)]
    times: list[tuple[Taken, Asked]] = []
    statuses: set[int] = set()

    @settings(
        max_examples=max(1, REQUESTS // len(VISITORS)),
        deadline=None,
        database=None,
        derandomize=REQUESTS < 1000,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(hostile(routes, names_in_code(), [*rows, "plans", "one", "1", "nep", "42"]))
    def send(asked: Asked) -> None:
        status, taken = ask(client, asked)
        times.append((taken, asked))
        statuses.add(status)
        assert status < 500, asked
        assert taken.processor < LONGEST, asked

    try:
        send()
    finally:
        if REQUESTS >= 1000:
            with capsys.disabled():
                print(f"\n{who}: {len(times)} requests, {sorted(statuses)}")
                tell(times)
    assert 404 in statuses
    assert statuses & {200, 302}


def tell(times: list[tuple[Taken, Asked]]) -> None:
    """Print what the requests took, and which took longest."""
    for name in Taken._fields:
        in_order = sorted(getattr(taken, name) * 1000 for taken, _ in times)
        middle, late, last = (
            in_order[min(int(len(in_order) * part), len(in_order) - 1)] for part in (0.5, 0.99, 1)
        )
        print(f"  {name}: p50 {middle:.0f} ms, p99 {late:.0f} ms, longest {last:.0f} ms")
    for taken, asked in sorted(times, key=lambda each: each[0].processor + each[0].database)[-3:]:
        print(
            f"  {' + '.join(f'{part * 1000:.0f}' for part in taken[:2])} ms: {asked.method} {asked.path[:100]!a}"
        )


def keys_of(model: Any) -> list[Any]:
    return list(model._default_manager.values_list("pk", flat=True)[:2])

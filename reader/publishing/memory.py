"""Pages in the memory of a process, answered before Django is entered.

Memory learns from Django: an answer with an ETag and our Cache-Control is the same for everybody until its volume is
published again, so it is kept as it went out, header by header, for the next request that asks alike. What asks
otherwise (another method, a query, a corrector's cookie, an odd header) is left to Django, as is the first request of
each host and scheme: a host that Django refuses, or leads to HTTPS, is never answered from here.

Four times a second at most, a process asks PostgreSQL for the revisions of the volumes; a shared cache in front adds up
to a second (deploy/nginx-cache.conf). A page is kept together with the revision of its volume that was known before it
was made, and no longer answered when that has changed. While PostgreSQL is away, or leaves the question open (a locked
table), what is kept is answered at once, marked as stale.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock, Thread
from time import monotonic
from typing import Any, NamedTuple

import psycopg
from django.db import connections
from django.http import HttpResponseBase
from django.utils.http import parse_etags

from reader.publishing.encodings import preferred
from reader.publishing.languages import preferred_language
from reader.publishing.serving import CACHE_CONTROL

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Seconds after which the revisions are asked for again; how long requests wait for the answer, from the question on.
EVERY = 0.25
PATIENCE = 0.1
# What an entry takes beside its bytes, roughly.
OVERHEAD = 2000
# The share of memory that one page may take.
LARGEST_SHARE = 8
# With the transaction that last wrote the row: pages are also made anew for the same text (publish_again).
REVISIONS = "SELECT slug, id, revision || ' ' || xmin::text FROM reader_volume ORDER BY id"
# Other conditions than If-None-Match, and bodies, are Django's.
ODD = frozenset(
    (
        "HTTP_IF_MATCH",
        "HTTP_IF_UNMODIFIED_SINCE",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_RANGE",
        "HTTP_TRANSFER_ENCODING",
    )
)
# In a request's environ: whether its page was in memory, for who counts (bettelheim_site/metrics.py).
COUNTED = "archive.memory"
STALE = ("Cache-Status", 'archive; hit; detail="stale, the database does not answer"')


class Key(NamedTuple):
    """What an answer depends on: the request's host, scheme, path, preferred encoding and preferred language."""

    host: str
    scheme: str
    path: str
    encoding: str
    language: str


class Sent(NamedTuple):
    """An answer as it went out."""

    status: str
    headers: Headers
    body: bytes


@dataclass(slots=True)
class Page:
    """The answers for one key: the page, and that it is unchanged (304); either may not have been asked for yet."""

    etag: str
    revision: object
    whole: Sent | None = None
    unchanged: Sent | None = None

    @property
    def size(self) -> int:
        """The bytes that it takes."""
        return OVERHEAD + len(self.whole.body if self.whole else b"")


class Known(NamedTuple):
    """The revisions of the volumes by their slugs, and whether PostgreSQL has confirmed them just now."""

    volumes: Mapping[str, object]
    is_current: bool

    def revision_of(self, path: str) -> object:
        """What changes when the page at a path may have; None for a path of no volume. The first page shows all."""
        if path == "/":
            return tuple(self.volumes.items())
        return self.volumes.get(path.split("/", 2)[1])


class Revisions:
    """The revisions of the volumes, asked for at most once in `EVERY` by all threads of the process.

    Each question is a thread of its own, so that no page in memory waits longer than `PATIENCE`, whatever PostgreSQL is
    busy with: requests that come meanwhile are answered with what was known.
    """

    def __init__(self) -> None:
        self._known = Known({}, is_current=False)
        self._asked_at = -EVERY
        self._asking = Lock()
        self._question: Thread | None = None
        self._begun = 0.0
        self._connection: psycopg.Connection[Any] | None = None

    def known(self) -> Known:
        """The revisions as they were `EVERY` ago at most, or what was known before PostgreSQL left a question open."""
        if monotonic() - self._asked_at < EVERY:
            return self._known
        with self._asking:
            question = self._question
            if question is None or not question.is_alive():
                self._begun = monotonic()
                self._question = question = Thread(target=self._ask, name="revisions", daemon=True)
                question.start()
            until = self._begun + PATIENCE
        question.join(max(0.0, until - monotonic()))
        return self._known._replace(is_current=False) if question.is_alive() else self._known

    def _ask(self) -> None:
        """Ask once, and keep the answer; without one, what was known is no longer current."""
        begun, rows = monotonic(), None
        try:
            rows = self._answer()
        except psycopg.Error:
            self._disconnect()
        finally:
            if rows is None:
                self._known, self._asked_at = self._known._replace(is_current=False), monotonic()
            else:
                volumes = {slug: (key, revision) for slug, key, revision in rows}
                self._known, self._asked_at = Known(volumes, is_current=True), begun

    def _answer(self) -> list[tuple[str, int, str]]:
        """Ask on the connection that is there, and on a new one if it was cut. Raises psycopg.Error."""
        if self._connection is not None:
            try:
                return self._rows()
            except psycopg.errors.QueryCanceled:
                raise  # PostgreSQL is there, and busy: another connection would wait as long
            except psycopg.Error:
                self._disconnect()
        return self._rows()

    def _rows(self) -> list[tuple[str, int, str]]:
        if self._connection is None:
            wanted = connections["default"].get_connection_params()
            ours = {
                name: value for name, value in wanted.items() if name not in ("cursor_factory", "context")
            }
            self._connection = psycopg.connect(**{"tcp_user_timeout": 3000, **ours}, autocommit=True)
        self._connection.execute("BEGIN READ ONLY; SET LOCAL statement_timeout = '1s'")
        rows: list[tuple[str, int, str]] = self._connection.execute(REVISIONS).fetchall()
        self._connection.execute("ROLLBACK")
        return rows

    def close(self) -> None:
        """Wait for the last question and close the connection; the next question makes another."""
        if self._question is not None:
            self._question.join()
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Memory:
    """A WSGI application that answers from memory what it can, and lets Django answer the rest.

    `most` bounds the bytes that are kept; the pages that were asked for last stay. A request whose cookies name one of
    `cookies` is left to Django.
    """

    def __init__(self, django: Application, *, most: int, cookies: Iterable[str]) -> None:
        self._django = django
        self._most = most
        self._cookies = tuple(cookies)
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._taken = 0
        self._changing = Lock()
        self.revisions = Revisions()

    def __call__(self, request: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The answer to a request."""
        key = self._key_of(request)
        if key is None:
            return self._django(request, start_response)
        known = self.revisions.known()
        revision = known.revision_of(key.path)
        sent = self._find(key, revision, request.get("HTTP_IF_NONE_MATCH", ""))
        if sent is not None:
            request[COUNTED] = "hits"
            start_response(sent.status, [*sent.headers] if known.is_current else [*sent.headers, STALE])
            return [sent.body]
        if revision is None or not known.is_current:
            return self._django(request, start_response)
        request[COUNTED] = "misses"
        return self._learn(key, revision, request, start_response)

    def _key_of(self, request: Environ) -> Key | None:
        """What the request asks for; None if it is left to Django."""
        if request["REQUEST_METHOD"] != "GET" or request.get("QUERY_STRING") or request.get("SCRIPT_NAME"):
            return None
        if request.get("CONTENT_LENGTH", "") not in ("", "0") or ODD & request.keys():
            return None
        cookie = request.get("HTTP_COOKIE", "")
        if len(cookie) > 500 or any(name in cookie for name in self._cookies):
            return None
        host = request.get("HTTP_HOST", "")
        forwarded = request.get("HTTP_X_FORWARDED_PROTO", "")
        accepted = request.get("HTTP_ACCEPT_ENCODING", "")
        languages = request.get("HTTP_ACCEPT_LANGUAGE", "")
        if not host or forwarded not in ("", "http", "https") or max(len(accepted), len(languages)) > 200:
            return None
        path = request.get("PATH_INFO", "")
        if not path.endswith(("/", ".json")):  # another file, or a question of who watches
            return None
        scheme = f"{request['wsgi.url_scheme']} {forwarded}"
        return Key(host, scheme, path, _encoding(accepted), preferred_language(cookie, languages))

    def _find(self, key: Key, revision: object, if_none_match: str) -> Sent | None:
        """The answer that is kept for a request, if the page has not changed."""
        page = self._pages.get(key)
        if page is None or page.revision != revision:
            return None
        with self._changing:
            if key in self._pages:
                self._pages.move_to_end(key)
        if not if_none_match:
            return page.whole
        tags = _tags(if_none_match) if len(if_none_match) < 1000 else ("*",)
        if "*" in tags:
            return None
        return page.unchanged if page.etag in tags else page.whole

    def _learn(
        self, key: Key, revision: object, request: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Django's answer, kept if it is the same for everybody until the next revision."""
        begun: list[Any] = []

        def begin(status: str, headers: Headers, *rest: Any) -> Any:
            begun[:] = [status, [*headers]]
            return start_response(status, headers, *rest)

        answer = self._django(request, begin)
        if begun and isinstance(answer, HttpResponseBase) and not answer.streaming:
            status, headers = begun
            sent = Sent(status, headers, bytes(getattr(answer, "content", b"")))
            named = {name.lower(): value for name, value in headers}
            may_be_kept = named.get("cache-control") == CACHE_CONTROL and "set-cookie" not in named
            if may_be_kept and "etag" in named and answer.status_code in (200, 304):
                self._keep(key, revision, named["etag"], sent, is_whole=answer.status_code == 200)
        return answer

    def _keep(self, key: Key, revision: object, etag: str, sent: Sent, *, is_whole: bool) -> None:
        if len(sent.body) + OVERHEAD > self._most // LARGEST_SHARE:
            return
        with self._changing:
            before = self._pages.pop(key, None)
            self._taken -= before.size if before else 0
            if before is None or (before.etag, before.revision) != (etag, revision):
                before = Page(etag, revision)
            # A page is replaced and never changed: another thread may be reading it.
            page = Page(etag, revision, before.whole, before.unchanged)
            if is_whole:
                page.whole = sent
            else:
                page.unchanged = sent
            self._pages[key] = page
            self._taken += page.size
            while self._taken > self._most:
                _, oldest = self._pages.popitem(last=False)
                self._taken -= oldest.size


@lru_cache(maxsize=256)
def _encoding(accepted: str) -> str:
    return preferred(accepted)


@lru_cache(maxsize=1024)
def _tags(if_none_match: str) -> tuple[str, ...]:
    """The entity tags of a header, compared weakly as RFC 9110, 13.1.2, says."""
    return tuple(tag.removeprefix("W/") for tag in parse_etags(if_none_match))

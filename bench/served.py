"""Serves a volume from a database of its own, as `make serve` does, for commands that measure its pages."""

import http.client
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from socket import create_server
from urllib.parse import quote

from bettelheim_site import database

CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLE = CHECKOUT / "fixtures" / "sample" / "volume.toml"
ANSWER_SECONDS = 120
HOST = "127.0.0.1"


@contextmanager
def database_of_its_own(**environment: str) -> Iterator[str]:
    """Set up Django with an empty database, dropped afterwards; yield the database's address for other processes."""
    with ExitStack() as stack:
        static = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ |= {
            "ARCHIVE_LOCAL": "1",
            "DJANGO_SETTINGS_MODULE": "bettelheim_site.settings",
            "STATIC_ROOT": static,
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's synchronous API runs a loop beside the ORM
            **environment,
        }
        if database.is_embedded():
            home = CHECKOUT / "var" / "bench-postgres"
            stack.enter_context(database.running(home, durable=False))
            os.environ["DATABASE_URL"] = database.url_of(home).replace("/archive?", f"/bench_{os.getpid()}?")

        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection, connections
        from django.test.utils import setup_databases, teardown_databases

        given = setup_databases(verbosity=0, interactive=False)
        stack.callback(teardown_databases, given, verbosity=0)
        stack.callback(connections.close_all)
        own = str(connection.settings_dict["NAME"])
        call_command("collectstatic", interactive=False, verbosity=0)
        yield os.environ["DATABASE_URL"].replace(own.removeprefix("test_"), own)


@contextmanager
def served(manifest: Path = SAMPLE, witnesses: Path | None = None) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a server, and the path of one page of each kind by the name of the kind.

    Raises the exceptions of the import and the database, and TimeoutError if the server does not answer.
    """
    with create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    with database_of_its_own(ARCHIVE_URL=f"http://{HOST}:{port}") as address:
        from django.core.management import call_command

        call_command("import_volume", str(manifest), witnesses=witnesses, stdout=io.StringIO())
        with _running(port, {**os.environ, "DATABASE_URL": address}) as origin:
            yield origin, kinds_of_pages()


@contextmanager
def _running(port: int, environment: dict[str, str]) -> Iterator[str]:
    command = [
        *(sys.executable, "-m", "gunicorn", "bettelheim_site.wsgi", "--bind", f"{HOST}:{port}"),
        *("--log-level", "warning"),
    ]
    server = subprocess.Popen(command, cwd=CHECKOUT, env=environment)
    try:
        await_answer(port)
        yield f"http://{HOST}:{port}"
    finally:
        server.terminate()
        server.wait()


def await_answer(port: int, path: str = "/", server: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait until a server answers. Raises TimeoutError, at once if its process has ended."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline and (server is None or server.poll() is None):
        with suppress(OSError, http.client.HTTPException):
            with closing(http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)) as connection:
                connection.request("GET", path)
                connection.getresponse().read()
            return
        time.sleep(0.05)
    raise TimeoutError(f"The server did not answer within {ANSWER_SECONDS} seconds.")


def kinds_of_pages() -> dict[str, str]:
    """The path of one page of each kind by the name of the kind, of the only volume."""
    from reader.models import Division, Volume

    volume = Volume.objects.get()
    home = volume.get_absolute_url()
    sizes = {page.path: len(page.html) for page in volume.pages.all()}
    chapters = volume.divisions.filter(kind__in=Division.PAGE_KINDS)
    longest = max(chapters, key=lambda chapter: sizes[chapter.get_absolute_url().lstrip("/")])
    part = chapters.filter(kind=Division.Kind.PART).first()
    paragraph = volume.paragraphs.filter(division__in=[longest.pk]).first() or volume.paragraphs.first()
    entries = [
        path for path in sizes if path.startswith(f"{home.lstrip('/')}glossary/") and path.count("/") == 3
    ]
    for index in ("by-chapter", "used"):
        entries.remove(f"{home.lstrip('/')}glossary/{index}/")
    term = max(entries, key=lambda path: sizes[path])
    word = term.split("/")[2]
    empty = volume.page_breaks.filter(has_text=False).first()
    named = next((person for person in volume.persons.all() if person.is_shown), None)
    cited = volume.cited_works.exclude(slug="").first()
    pages = {
        "title": home,
        "chapter": longest.get_absolute_url(),
        "part": part.get_absolute_url() if part else "",
        "glossary": f"{home}glossary/",
        "by-chapter": f"{home}glossary/by-chapter/",
        "term": f"/{term}",
        "concordance": f"/{term}concordance/?sort=left",
        "search": f"{home}search/?q={quote(word)}",
        "nothing-found": f"{home}search/?q=zyzzyva",
        "paragraph": f"{home}paragraph/{paragraph.number}/" if paragraph else "",
        "apparatus": f"{longest.get_absolute_url()}apparatus/",
        "printed-page": f"{home}p/{empty.n}" if empty else "",
        "not-here": f"{home}chapter-99/",
        "persons": f"{home}persons/",
        "person": named.get_absolute_url() if named else "",
        "works": f"{home}works/",
        "work": f"{home}works/{cited.slug}/" if cited else "",
        "years": f"{home}years/",
        "cite": f"{home}cite/",
        "downloads": f"{home}downloads/",
        "errata": f"{home}errata/",
        "marks": "/marks/",
    }
    return {kind: path for kind, path in pages.items() if path}

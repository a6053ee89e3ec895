"""Servers that are measured beside each other: gunicorn, granian, nginx, kiwix-serve. Nothing is installed here."""

import os
import pickle
import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from socket import create_server

from bench.rates import Server
from bench.served import CHECKOUT, HOST, await_answer

# Where Debian puts what only root starts.
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
SITES = CHECKOUT / "deploy"
OURS = "bettelheim_site.wsgi:application"
BARE = "bench.bare:application"


def find(program: str) -> str | None:
    """The path of a program of this machine."""
    return shutil.which(program, path=PATH)


def free_port() -> int:
    """A port at which nothing listens."""
    with create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(
    name: str, command: Sequence[object], port: int, path: str = "/", **environment: str
) -> Iterator[Server]:
    """A server, from its first answer to the end of the block. Raises TimeoutError if there is none."""
    server = subprocess.Popen(
        [*map(str, command)], cwd=CHECKOUT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        await_answer(port, path, server)
        yield Server(name, f"http://{HOST}:{port}", (server.pid,))
    finally:
        server.terminate()
        server.wait()


def gunicorn(
    name: str, application: str, port: int, path: str = "/", **environment: str
) -> AbstractContextManager[Server]:
    """Run gunicorn as the archive configures it, with a WSGI application."""
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"{HOST}:{port}"]
    return running(name, [*command, "--log-level", "warning"], port, path, **environment)


def granian(
    program: str, name: str, application: str, port: int, path: str = "/", **environment: str
) -> AbstractContextManager[Server]:
    """Run granian as docs/administration.md starts it, with a WSGI application."""
    command = [program, "--interface", "wsgi", "--host", HOST, "--port", port, "--no-ws"]
    command += ["--workers", os.environ["WEB_CONCURRENCY"], "--blocking-threads", "12"]
    found = os.pathsep.join([str(CHECKOUT), *(each for each in sys.path if each.endswith("-packages"))])
    return running(
        name, [*command, "--log-level", "warning", application], port, path, PYTHONPATH=found, **environment
    )


@contextmanager
def nginx(name: str, site: str, folder: Path, port: int, path: str = "/") -> Iterator[Server]:
    """Run nginx with a site, and all of its files in a folder; as many processes as cores."""
    folder.mkdir(exist_ok=True)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"    {kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""  # whose workers could not enter a folder of root's
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"{user}daemon off;\nworker_processes auto;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        "events {}\nhttp {\n    sendfile on;\n    tcp_nopush on;\n    access_log off;\n    default_type text/html;\n"
        f"{places}\n{site}}}\n"
    )
    command = [find("nginx") or "nginx", "-e", folder / "error.log", "-c", configuration]
    with running(name, command, port, path) as server:
        yield server


def files_site(port: int, root: Path, files: Mapping[str, bytes]) -> str:
    """A site of nginx with files by their names; those in .gz are for clients that take gzip. Writes the files."""
    for name, content in files.items():
        (root / name).write_bytes(content)
    return f"server {{ listen {HOST}:{port}; root {root}; gzip_static on; }}\n"


def cache_site(port: int, archive: str, folder: Path) -> str:
    """The site of deploy/nginx-cache.conf, in front of an archive (its origin), without TLS. Raises ValueError."""
    site = (SITES / "nginx-cache.conf").read_text(encoding="utf-8")
    between = free_port()
    for pattern, replacement in (
        (r"(?ms)^server \{\n    listen 80;\n.*?^\}\n", ""),
        (r"listen 443 ssl http2;", f"listen {HOST}:{port};"),
        (r"\n *ssl_certificate .*\n *ssl_certificate_key .*", ""),
        (r"/var/cache/nginx/archive", f"{folder}/kept"),
        (r"\$host;", "$http_host;"),  # with its port, which a public site has not
        (r"127\.0\.0\.1:8001", f"{HOST}:{between}"),
        (r"http://127\.0\.0\.1:8000", archive),
    ):
        site, count = re.subn(pattern, replacement, site)
        if not count:
            raise ValueError(f"deploy/nginx-cache.conf has no {pattern}")
    return site


@contextmanager
def kiwix(folder: Path, pages: Mapping[str, bytes]) -> Iterator[Server]:
    """Run kiwix-serve with pages at /pages/A/NAME.html, made into a ZIM file by zimwriterfs."""
    root, port = folder / "html", free_port()
    root.mkdir(parents=True)
    for name, html in pages.items():
        (root / f"{name}.html").write_bytes(html)
    (root / "sign.png").write_bytes(_picture(48))
    said = {"language": "eng", "title": "Pages", "description": "Pages", "creator": "-", "publisher": "-"}
    told = [f"--{name}={value}" for name, value in said.items()]
    first = next(iter(pages))
    writing: list[object] = [find("zimwriterfs"), f"--welcome={first}.html", "--illustration=sign.png", *told]
    writing += ["--withoutFTIndex", root, folder / "pages.zim"]
    subprocess.run([*map(str, writing)], check=True, capture_output=True)
    command = [find("kiwix-serve"), "--address", HOST, "--port", port, "--nosearchbar", folder / "pages.zim"]
    with running("kiwix-serve", command, port) as server:
        yield server


def _picture(size: int) -> bytes:
    """A white picture as PNG, which a ZIM file must have; https://www.w3.org/TR/png/ says how."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress((b"\0" + b"\xff" * size) * size)
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def write_answers(file: Path, answers: Mapping[str, tuple[str, list[tuple[str, str]], bytes]]) -> None:
    """Write what the bare callable (bench/bare.py) answers, by path."""
    file.write_bytes(pickle.dumps(answers))

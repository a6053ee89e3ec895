"""The container: what its files promise, and that what goes into the image is enough to serve.

No engine runs here: the steps of the Dockerfile are done by hand, in a folder with what .dockerignore lets in.
"""

import http.client
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from tests.bettelheim_site.test_docs import documented_settings
from tests.processes import CHECKOUT, environment, wait_for_port

DOCKERFILE = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (CHECKOUT / "compose.yaml").read_text(encoding="utf-8")
ADMINISTRATION = (CHECKOUT / "docs" / "administration.md").read_text(encoding="utf-8")
# Each instruction of the last stage on one line, without comments.
INSTRUCTIONS = [
    " ".join(line.split())
    for line in re.sub(r"(?m)^ *#.*\n|\\\n", "", DOCKERFILE).rpartition("\nFROM ")[2].splitlines()
]


def instruction(name: str) -> str:
    [found] = [line.removeprefix(f"{name} ") for line in INSTRUCTIONS if line.startswith(f"{name} ")]
    return found


def service(name: str) -> str:
    """The lines of a service, and those that it takes over."""
    [shared] = re.findall(r"^x-archive:.*\n((?:[ #].*\n)+)", COMPOSE, re.M)
    [own] = re.findall(rf"^  {name}:\n((?:    .*\n)+)", COMPOSE, re.M)
    return f"{shared}{own}" if "<<: *archive" in own else own


# What the files promise


def test_every_image_is_pinned_by_a_tag() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    images = [*bases, *(each for each in re.findall(r"image: (\S+)", COMPOSE) if each != "archive")]

    assert all(re.fullmatch(r"[a-z]+:[0-9.]+-[a-z-]+", image) for image in images), images
    assert len(set(bases)) == 1
    [version] = re.findall(r"postgres:(\d+)", COMPOSE)
    assert int(version) >= 17


def test_the_archive_runs_as_nobody_who_could_change_it() -> None:
    assert re.fullmatch(r"[1-9]\d{3,}", instruction("USER"))
    assert not [line for line in INSTRUCTIONS if "--chown" in line]
    for name in ("archive", "prepare"):
        assert "read_only: true" in service(name)
        assert "cap_drop: [ALL]" in service(name)
        assert "no-new-privileges:true" in service(name)


def test_the_container_does_what_the_unit_of_systemd_does() -> None:
    unit = (CHECKOUT / "deploy" / "archive.service").read_text(encoding="utf-8")
    [started] = re.findall(r"^ExecStart=\S+/bin/(.*)$", unit, re.M)

    assert " ".join(json.loads(instruction("CMD"))) == started.replace("127.0.0.1", "0.0.0.0")
    assert 'ports: ["127.0.0.1:8000:8000"]' in service("archive")


def test_the_container_is_well_and_the_database_ready_before_others_count_on_them() -> None:
    assert "/healthz" in instruction("HEALTHCHECK")
    assert "pg_isready" in service("database")
    assert "service_healthy" in service("prepare")
    assert "service_completed_successfully" in service("archive")


def test_what_prepares_the_archive_is_documented() -> None:
    said = re.findall(r"manage\.py ([^&\"]+)", service("prepare"))

    assert [each.split()[0] for each in said] == ["migrate", "publish_volumes"]
    for each in said:
        assert f"deploy/manage {each.strip().removesuffix(' --noinput')}" in ADMINISTRATION


def test_compose_sets_what_is_a_setting_and_asks_for_what_has_no_default() -> None:
    named = set(re.findall(r"^    ([A-Z_]+): ", COMPOSE.partition("\nservices:")[0], re.M))
    asked = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))
    required = set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE))

    assert named <= set(documented_settings())
    assert required == {"SECRET_KEY", "ALLOWED_HOSTS", "ARCHIVE_URL", "DATABASE_PASSWORD"}
    assert asked - {"DATABASE_PASSWORD"} <= named
    env = re.findall(r"^    \w+=", ADMINISTRATION, re.M)
    assert {each.strip(" =") for each in env} >= required


def test_only_what_a_server_runs_goes_into_the_image() -> None:
    let_in = admitted()

    assert {path.name for path in let_in} >= {"manage.py", "gunicorn.conf.py", "settings.py"}
    names = {path.relative_to(CHECKOUT).parts[0] for path in let_in}
    assert not names & {".git", ".venv", "var", "tests", "bench", "docs", ".env"}


# What goes into the image is enough


def admitted() -> list[Path]:
    """The files of the checkout that .dockerignore lets in."""
    first, *rules = [
        line
        for line in (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert (first, rules[-1]) == ("*", "**/__pycache__/")
    found = []
    for rule in rules[:-1]:
        path = CHECKOUT / rule.removeprefix("!")
        assert rule.startswith("!")
        assert path.exists(), rule
        found += [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return [path for path in found if "__pycache__" not in path.parts]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder with what the image has in /srv/archive."""
    folder = tmp_path / "image"
    for path in admitted():
        copy = folder / path.relative_to(CHECKOUT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return folder


def run_step(image: Path) -> None:
    """Do the last step of the build."""
    [step] = [line for line in INSTRUCTIONS if line.startswith("RUN SECRET_KEY")]
    values = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    command = re.sub(r"\bpython\b", lambda _: shlex.quote(sys.executable), step.removeprefix("RUN "))
    done = subprocess.run(
        ["/bin/sh", "-ec", command], cwd=image, env=values, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def served(image: Path, transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[int]:
    """The port of a server that runs the image's command on the tests' database."""
    run_step(image)
    settings.STATIC_ROOT = str(tmp_path)
    call_command("import_volume", str(CHECKOUT / "fixtures" / "sample" / "volume.toml"), verbosity=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [each.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for each in json.loads(instruction("CMD"))]
    assert command[0] == "gunicorn"
    values = {"SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "archive.example", "BEHIND_PROXY": "1"}
    values |= {"DATABASE_URL": environment()["DATABASE_URL"], "PATH": os.environ["PATH"]}
    server = subprocess.Popen([sys.executable, "-m", *command, "--log-level=critical"], cwd=image, env=values)
    wait_for_port(port, server)
    yield port
    server.terminate()
    server.wait()


def ask(port: int, path: str) -> tuple[int, str]:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    asking.request("GET", path, headers={"Host": "archive.example", "X-Forwarded-Proto": "https"})
    with closing(asking):
        answer = asking.getresponse()
        return answer.status, answer.read().decode()


def test_what_goes_into_the_image_serves_and_changes_nothing_in_it(served: int, image: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in image.rglob("*")}

    status, page = ask(served, "/planning-organs/")
    [style] = re.findall(r'href="(/static/[^"]+\.css)"', page)[:1]
    seen = [ask(served, path)[0] for path in ("/healthz", "/readyz", style, "/admin/login/")]
    found = ask(served, "/planning-organs/search/?q=plan")[0]

    assert (status, found, seen) == (200, 200, [200, 200, 200, 200])
    after = {path: path.stat().st_mtime_ns for path in image.rglob("*") if "__pycache__" not in path.parts}
    assert after.items() <= before.items()

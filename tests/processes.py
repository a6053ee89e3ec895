"""Real processes beside a test, which work on the database of the tests: started, waited for and killed."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

CHECKOUT = Path(__file__).resolve().parents[1]
# Every process that has come to a lock of another one waits, and nobody sleeps.
WAITING = "SELECT count(*) >= {} FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

Process = subprocess.Popen[str]
_started: list[Process] = []


def environment(**changes: str) -> dict[str, str]:
    """The environment in which a process finds the database of the tests."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {**os.environ, "DATABASE_URL": url.geturl(), **changes}


def start(*arguments: str, **changes: str) -> Process:
    """Start Python with these arguments."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=CHECKOUT,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    _started.append(process)
    return process


def connect() -> "psycopg.Connection[Any]":
    """A connection to the database of the tests, with locks of its own."""
    wanted = connection.get_connection_params().items()
    return psycopg.connect(**{k: v for k, v in wanted if k not in ("cursor_factory", "context")})


def wait_for(query: str, held: "psycopg.Connection[Any]", process: Process | None = None) -> None:
    """Ask the server until it answers yes; each question is a round trip, and their number is limited."""
    for _ in range(200_000):
        held.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees one state of the activity
        row = held.execute(query).fetchone()
        if row and row[0]:
            return
        if process is not None and process.poll() is not None:
            pytest.fail(f"the process ended: {process.stdout.read() if process.stdout else ''}")
    pytest.fail(f"never true: {query}")


def end(process: Process) -> str:
    """Wait for the end of a process; return what it printed."""
    return process.communicate()[0]


def kill_all() -> None:
    """Kill the processes that still run, after a test that failed."""
    while _started:
        process = _started.pop()
        if process.returncode is None:
            process.kill()
            process.communicate()


def wait_for_port(port: int, process: "subprocess.Popen[Any] | None" = None) -> None:
    """Wait until something listens at a port of this machine."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process is not None and process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}")
        time.sleep(0.02)
    pytest.fail(f"nothing listens at port {port}")

"""A client of HTTP in a process of its own, which asks as fast as it can or at a given rate, on kept connections.

Who is told to come again does so after a second. With a rate it is an open loop: a request is due at its time, whether
those before are answered or not, and its seconds are counted from then. So a server that stops for a moment is charged
for everybody who would have come meanwhile.
"""

import math
import selectors
import socket
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

HOST = "127.0.0.1"
# Seconds that are waited for answers after the last request, and before who was told to come again does so.
PATIENCE = 30.0
AGAIN = 1.0


@dataclass
class Seen:
    """What a client was answered: statuses (0: the connection broke), the seconds of each answer, how long it asked."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.seconds) / self.lasted

    def hundredth(self, n: int) -> float:
        """The time in milliseconds within which so many of a hundred were answered; 100: the longest."""
        in_order = sorted(self.seconds)
        return in_order[max(0, math.ceil(len(in_order) * n / 100) - 1)] * 1000 if in_order else math.nan

    @property
    def said(self) -> str:
        """The statuses in words."""
        return ", ".join(f"{count:,} × {status or 'none'}" for status, count in sorted(self.statuses.items()))


@contextmanager
def asking(
    port: int,
    paths: Sequence[str],
    seconds: float,
    *,
    clients: int,
    rate: float | None = None,
    headers: str = "",
) -> Iterator["Asking"]:
    """A process that asks for these paths in turn from now on. `headers` are lines that end with CRLF."""
    requests = [f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n{headers}\r\n".encode() for path in paths]
    spawned = get_context("spawn")
    here, there = spawned.Pipe(duplex=False)
    process = spawned.Process(target=_work, args=(there, port, requests, seconds, clients, rate))
    process.start()
    there.close()
    here.recv()  # it begins now
    try:
        yield Asking(here)
    finally:
        process.kill()
        process.join()


class Asking:
    """A client at work."""

    def __init__(self, said: Connection) -> None:
        self._said = said

    def result(self) -> Seen:
        """Wait for its end."""
        seen: Seen = self._said.recv()
        return seen


def ask(port: int, paths: Sequence[str], seconds: float, **how: Any) -> Seen:
    """Ask to the end, as `asking`."""
    with asking(port, paths, seconds, **how) as client:
        return client.result()


def _work(
    said: Connection, port: int, requests: list[bytes], seconds: float, clients: int, rate: float | None
) -> None:
    said.send("begun")
    said.send(_Loop(port, requests, clients).run(seconds, rate))


class _Loop:
    """One thread over all connections."""

    def __init__(self, port: int, requests: Sequence[bytes], clients: int) -> None:
        self._port = port
        self._requests = requests
        self._asked = 0
        self._seen = Seen()
        self._waiting = selectors.DefaultSelector()
        self._idle: deque[_Line] = deque(_Line() for _ in range(clients))
        self._resting: deque[tuple[float, _Line]] = deque()
        self._busy = 0

    def run(self, seconds: float, rate: float | None) -> Seen:
        begun = monotonic()
        until, due = begun + seconds, begun
        backlog: deque[float] = deque()
        while (now := monotonic()) < until or ((backlog or self._busy) and now < until + PATIENCE):
            while rate and due <= min(now, until):
                backlog.append(due)
                due += 1 / rate
            while self._resting and self._resting[0][0] <= now:
                self._idle.append(self._resting.popleft()[1])
            while self._idle and (backlog if rate else now < until):
                self._send(self._idle.popleft(), backlog.popleft() if rate else monotonic())
            self._receive(min(max(due - monotonic(), 0.0), 0.1) if rate and self._idle else 0.05)
        self._seen.statuses[0] += self._busy + len(backlog)
        self._seen.statuses += Counter()  # without what is none
        self._seen.lasted = max(seconds, monotonic() - begun) if self._busy or not rate else seconds
        return self._seen

    def _send(self, line: "_Line", due: float) -> None:
        line.due, line.received = due, b""
        request = self._requests[self._asked % len(self._requests)]
        self._asked += 1
        self._busy += 1
        try:
            if line.socket is None:
                line.socket = socket.create_connection((HOST, self._port), timeout=PATIENCE)
                self._waiting.register(line.socket, selectors.EVENT_READ, line)
            line.socket.sendall(request)
        except OSError:
            self._note(line, 0)

    def _receive(self, seconds: float) -> None:
        for key, _ in self._waiting.select(seconds):
            line: _Line = key.data
            try:
                received = key.fileobj.recv(2**18)  # type: ignore[union-attr]
            except OSError:
                received = b""
            line.received += received
            if not received:
                self._end(line)
                if line.due is not None:
                    self._note(line, 0)
            elif (status := line.status()) is not None:
                self._note(line, status)

    def _note(self, line: "_Line", status: int) -> None:
        assert line.due is not None
        self._seen.statuses[status] += 1
        if status:
            self._seen.seconds.append(monotonic() - line.due)
        if not status or b"connection: close" in line.received.partition(b"\r\n\r\n")[0].lower():
            self._end(line)
        line.due = None
        self._busy -= 1
        if status == 503:
            self._resting.append((monotonic() + AGAIN, line))
        else:
            self._idle.append(line)

    def _end(self, line: "_Line") -> None:
        if line.socket is not None:
            self._waiting.unregister(line.socket)
            line.socket.close()
            line.socket = None


class _Line:
    """A connection, and the request on it; `due` is None without one."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.due: float | None = None
        self.received = b""

    def status(self) -> int | None:
        """The status of the answer once it is complete. Every answer of ours names its length."""
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end:
            return None
        status = int(head[9:12])
        if status in (204, 304):
            return status
        at = head.lower().index(b"\r\ncontent-length:") + len(b"\r\ncontent-length:")
        return status if len(body) >= int(head[at:].split(b"\r\n", 1)[0]) else None

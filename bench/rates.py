"""What a server makes under load: requests in a second, times, and whose processors it takes. wrk asks, where it is."""

import http.client
import os
import re
import resource
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

Headers = dict[str, str]
# The share of a core, or of all, from which it counts as fully taken.
FULL = 0.9
CORES = os.cpu_count() or 1


class Server(NamedTuple):
    """A server: its name, its address, and the first process of each program that takes part in an answer."""

    name: str
    origin: str
    processes: tuple[int, ...] = ()


class Request(NamedTuple):
    """What is asked of a server, by how many clients at once."""

    server: Server
    path: str
    headers: Headers
    clients: int


class Measured(NamedTuple):
    """Requests in a second; milliseconds (the median and the 99th hundredth); cores that were busy, by whose they were.

    `fullest` is the part of a core that the busiest process of the server took. Without /proc the cores are 0.
    """

    rate: float
    middle: float
    late: float
    server: float = 0.0
    client: float = 0.0
    machine: float = 0.0
    fullest: float = 0.0

    @property
    def milliseconds(self) -> float:
        """What the server's processes computed for a request."""
        return self.server / self.rate * 1000 if self.rate else 0.0

    @property
    def limit(self) -> str:
        """What keeps the rate from being higher, with the cores that were busy."""
        if not self.machine:
            return "not known"
        others = max(0.0, self.machine - self.server - self.client)
        cores = f"server {self.server:.1f}, client {self.client:.1f}, others {others:.1f} of {CORES}"
        if self.client >= FULL:
            return f"the client ({cores})"
        if self.machine >= FULL * CORES:
            return f"the cores ({cores})"
        if self.fullest >= FULL:
            return f"a process of the server ({cores})"
        return f"waiting ({cores})"


def median(runs: Sequence[Measured]) -> Measured:
    """Each figure's median."""
    return Measured(*(statistics.median(figures) for figures in zip(*runs, strict=True)))


def fetch(request: Request) -> tuple[str, list[tuple[str, str]], bytes]:
    """The answer to a request, without what a server adds for the connection."""
    host = urlsplit(request.server.origin).netloc
    connection = http.client.HTTPConnection(host)
    connection.request("GET", request.path, headers={"Host": host, **request.headers})
    answer = connection.getresponse()
    headers = [each for each in answer.getheaders() if each[0] not in ("Server", "Date", "Connection")]
    body = answer.read()
    connection.close()
    if answer.status not in (200, 304):
        raise SystemExit(f"{request.server.name}: {request.path} answers {answer.status}.")
    return f"{answer.status} {answer.reason}", headers, body


def measure(request: Request, seconds: int) -> Measured:
    """Ask as often as all clients can, for so many seconds."""
    ask = _with_wrk if shutil.which("wrk") else _with_python
    servers, client, machine = _used_by(request.server.processes), _used_by_us(), _used_by_all()
    begun = time.perf_counter()
    rate, middle, late = ask(request, seconds)
    taken = time.perf_counter() - begun
    after = _used_by(request.server.processes)
    each = [(used - servers.get(process, 0.0)) / taken for process, used in after.items()]
    return Measured(
        rate,
        middle,
        late,
        server=sum(each),
        client=(_used_by_us() - client) / taken,
        machine=(_used_by_all() - machine) / taken,
        fullest=max(each, default=0.0),
    )


def _with_wrk(request: Request, seconds: int) -> tuple[float, float, float]:
    given = [part for name, value in request.headers.items() for part in ("-H", f"{name}: {value}")]
    address = f"{request.server.origin}{request.path}"
    command = ["wrk", "-t1", f"-c{request.clients}", f"-d{seconds}s", "--latency", *given, address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"{request.server.name}, {request.path}: {said}")
    times = {name: _milliseconds(value) for name, value in re.findall(r"^ +(50|99)% +(\S+)$", said, re.M)}
    return (
        float(re.findall(r"Requests/sec: +([\d.]+)", said)[0]),
        times.get("50", 0.0),
        times.get("99", 0.0),
    )


def _milliseconds(said: str) -> float:
    number, unit = re.findall(r"([\d.]+)(us|ms|s|m)", said)[0]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[unit]


def _with_python(request: Request, seconds: int) -> tuple[float, float, float]:
    times: list[float] = []
    until = time.perf_counter() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection(urlsplit(request.server.origin).netloc)
        while (begun := time.perf_counter()) < until:
            connection.request("GET", request.path, headers=request.headers)
            connection.getresponse().read()
            times.append(time.perf_counter() - begun)
        connection.close()

    clients = [threading.Thread(target=ask) for _ in range(request.clients)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    hundredths = statistics.quantiles(times, n=100)
    return len(times) / seconds, hundredths[49] * 1000, hundredths[98] * 1000


def _used_by(first: Iterable[int]) -> dict[int, float]:
    """Seconds of processor time of these processes and all that they have started; proc_pid_stat(5)."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            fields = file.read_text().rpartition(")")[2].split()
            process = int(file.parent.name)
            parents[process] = int(fields[1])
            used[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    ours = set(first) & set(parents)
    while more := {process for process, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return {process: used[process] for process in ours}


def _used_by_us() -> float:
    """Seconds of processor time of the client: this process, and programs of it that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _used_by_all() -> float:
    """Seconds for which the machine's cores were not idle; proc_stat(5)."""
    with suppress(OSError):
        user, nice, system, _idle, _wait, *rest = map(
            int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
        )
        return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")
    return 0.0

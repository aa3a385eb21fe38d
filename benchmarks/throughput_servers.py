"""Names of servers -> each started over the built graph, with the processor time it has used."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from compatibility_engines import (
    ENGINES,
    AbsentError,
    Engine,
    RefusedError,
    Server,
    TooLongError,
    free_port,
)
from compatibility_engines import _program as program_of

from metalocal.graph import GraphError

ROOT = Path(__file__).parents[1]
OURS = "metalocal serve"
ON_DISK = "oxigraph, on disk, read-only"
_LIMIT_SECONDS = 60.0
_SETTLE_SECONDS = 20.0
_TICKS = os.sysconf("SC_CLK_TCK")

Start = Callable[[Path, Path, float], Engine]
"""Graph file, an empty folder and the longest time of a query -> the engine, loaded."""


def checkout_server(checkout: Path, *options: str) -> Start:
    """How to start `metalocal serve` of a checkout, with options of its own."""

    def start(file: Path, folder: Path, seconds: float) -> Engine:
        port = free_port()
        command = ["env", f"PYTHONPATH={checkout}", sys.executable, "-P", "-m", "metalocal"]
        command += ["serve", "--graph", str(file), "--port", str(port), "--seconds", str(seconds)]
        return Server([*command, *options], f"http://127.0.0.1:{port}/sparql", folder)

    return start


def _on_disk(file: Path, folder: Path, seconds: float) -> Engine:
    """Oxigraph's own server over a store that was loaded before; it has no bound on time."""
    del seconds
    program, base = program_of("oxigraph"), f"127.0.0.1:{free_port()}"
    store = str(folder / "store")
    loading = [program, "load", "--location", store, "--file", str(file)]
    subprocess.run(loading, check=True, capture_output=True)  # noqa: S603  (a command of ours)
    command = [program, "serve-read-only", "--location", store, "--bind", base]
    return Server([*command, "--union-default-graph"], f"http://{base}/query", folder)


SERVERS: dict[str, Start] = {
    OURS: checkout_server(ROOT),
    "oxigraph, in memory": ENGINES["oxigraph"],
    ON_DISK: _on_disk,
    "rdflib-endpoint": ENGINES["rdflib-endpoint"],
    "virtuoso": ENGINES["virtuoso"],
}
"""What is compared, by the name it has in the tables."""


def started(
    starts: Mapping[str, Start], file: Path, folder: Path, stack: ExitStack
) -> tuple[dict[str, Server], dict[str, str]]:
    """The servers that start, ended with `stack`, and why each other one does not."""
    running: dict[str, Server] = {}
    absent: dict[str, str] = {}
    for number, (name, start) in enumerate(starts.items()):
        place = folder / str(number)
        place.mkdir()
        try:
            server = start(file, place, _LIMIT_SECONDS)
        except (AbsentError, RefusedError, TooLongError, GraphError) as error:
            absent[name] = str(error) or "it does not start in time"
            continue
        assert isinstance(server, Server)
        stack.callback(server.stop)
        running[name] = server
    return running, absent


def processor_seconds(server: Server) -> float:
    """Processor time of a server and all processes it started that are still there (Linux)."""
    session = str(server._process.pid)
    found = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            found += _ticks(entry, session)
    return found / _TICKS


def _ticks(entry: Path, session: str) -> int:
    """Clock ticks of one process, 0 where it is of another session or gone."""
    try:
        fields = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12]) if fields[3] == session else 0


def settle(server: Server) -> None:
    """Wait until a server rests; one that works on for nobody is started anew.

    A load generator leaves in the middle of a query, and most servers finish what nobody reads.
    """
    last = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < last:
        before = processor_seconds(server)
        time.sleep(0.2)
        if processor_seconds(server) - before < 0.03:
            return
    server.stop()
    server.start()

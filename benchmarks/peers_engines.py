"""A name -> an engine over the graph, in processes of its own, that gives answers and their times.

Servers are asked over a connection that has just answered a query about nothing, as a client keeps
one open. Engines behind a library stand in a process that measures itself, so that no time goes
into handing rows over.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from compatibility_engines import (
    ENGINES as COMPATIBILITY,
)
from compatibility_engines import (
    AbsentError,
    RefusedError,
    Server,
    TooLongError,
    Worker,
    free_port,
)
from peers_answers import FULL, Comparison
from peers_questions import Question

from metalocal.graph import Table, table_of

HERE = Path(__file__).parent
_NOTHING = "SELECT ?x WHERE { VALUES ?x { 1 } }"
_JSON = "application/sparql-results+json"


@dataclass(frozen=True)
class Place:
    """What an engine may use: graph and union of its named graphs as files, a folder, the rest.

    `library_python` runs the libraries of peers; `seconds` is the longest time for a question.
    """

    graph: Path
    union: Path
    folder: Path
    queries: Path
    library_python: str
    seconds: float


class Peer(Protocol):
    """An engine that runs; with `renew`, it is started anew where a question ends it."""

    version: str
    renew: bool

    @property
    def is_running(self) -> bool:
        """Whether it can be asked."""
        ...

    @property
    def pid(self) -> int:
        """Its process, which may have others beneath it."""
        ...

    def ask(self, question: Question, seconds: float) -> tuple[float, list[Table]]:
        """Seconds on its clock, and a table for each text of the question.

        Raises:
            TooLongError, RefusedError: no answer in time, or none.
        """
        ...

    def stop(self) -> None:
        """End its processes."""
        ...


class LibraryPeer:
    """A library in a process of its own, asked text by text."""

    def __init__(self, worker: Worker) -> None:
        self.worker, self.version, self.renew = worker, worker.version, True
        self.stop = worker.stop

    @property
    def is_running(self) -> bool:
        """Whether it can be asked."""
        return self.worker.is_running

    @property
    def pid(self) -> int:
        """The process of the library."""
        return self.worker.pid

    def ask(self, question: Question, seconds: float) -> tuple[float, list[Table]]:
        """Seconds and tables, as Peer has it."""
        spent, tables = 0.0, []
        for text in question.texts:
            answer = self.worker.told(text, seconds, renew=self.renew)
            spent += answer["seconds"]
            tables.append(table_of(answer["results"]))
        return spent, tables


class OwnPeer(LibraryPeer):
    """metalocal in process, or the floor: asked by name, with the profile itself."""

    def ask(self, question: Question, seconds: float) -> tuple[float, list[Table]]:
        """Seconds and tables, as Peer has it."""
        profile = question.profile
        message = {
            "name": question.name,
            "texts": question.texts,
            "facts": profile.facts if profile else {},
            "numbers": {key: f"{n:f}" for key, n in profile.numbers.items()} if profile else {},
        }
        answer = self.worker.told(message, seconds, renew=self.renew)
        return answer["seconds"], [table_of(results) for results in answer["tables"]]


class ServerPeer:
    """An endpoint over HTTP."""

    def __init__(self, server: Server) -> None:
        self.server, self.version, self.renew = server, server.version, True
        self.stop = server.stop

    @property
    def is_running(self) -> bool:
        """Whether it can be asked."""
        return self.server.is_running

    @property
    def pid(self) -> int:
        """The process that was started."""
        return self.server.pid

    def ask(self, question: Question, seconds: float) -> tuple[float, list[Table]]:
        """Seconds and tables, as Peer has it; after a time-out the server is started anew."""
        spent, tables = 0.0, []
        for text in question.texts:
            begun = time.monotonic()
            try:
                one, body = _asked(self.server.url, text, seconds)
            except (OSError, http.client.HTTPException) as error:
                too_long = time.monotonic() - begun >= seconds * 0.95
                self.server.stop()
                if self.renew:
                    self.server.start()
                raise (TooLongError if too_long else RefusedError)(str(error)) from error
            spent += one
            tables.append(_table(body))
        return spent, tables


def _asked(url: str, text: str, seconds: float) -> tuple[float, bytes]:
    """Seconds from sending a query to the last byte of its answer, and that answer."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        _answer(connection, parts.path, _NOTHING)
        start = time.perf_counter()
        status, found = _answer(connection, parts.path, text)
        spent = time.perf_counter() - start
    finally:
        connection.close()
    if status != 200:
        said = " ".join(found.decode("utf-8", "replace").split())[:300]
        if status in (408, 503, 504):
            raise TooLongError(said)
        raise RefusedError(f"HTTP {status}: {said}")
    return spent, found


def _answer(connection: http.client.HTTPConnection, path: str, text: str) -> tuple[int, bytes]:
    body = urllib.parse.urlencode({"query": text}).encode("ascii")
    head = {"Accept": _JSON, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path or "/", body, head)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _table(body: bytes) -> Table:
    try:
        return table_of(json.loads(body))
    except (ValueError, KeyError) as error:
        raise RefusedError(f"its answer is no SPARQL result: {body[-200:]!r}") from error


def _own(name: str) -> Callable[[Place], Peer]:
    def start(place: Place) -> Peer:
        command = [sys.executable, str(HERE / "peers_ours.py"), name]
        return OwnPeer(Worker([*command, str(place.graph), str(place.queries)]))

    return start


def _library(name: str, *, union: bool = False) -> Callable[[Place], Peer]:
    def start(place: Place) -> Peer:
        probe = [place.library_python, "-c", f"import {name}"]
        if subprocess.run(probe, capture_output=True, check=False).returncode:  # noqa: S603  (ours)
            raise AbsentError(f"no Python package {name}")
        file = place.union if union else place.graph
        command = [place.library_python, str(HERE / "peers_worker.py"), name, str(file)]
        return LibraryPeer(Worker(command))

    return start


def _compatible(name: str) -> Callable[[Place], Peer]:
    """An engine that benchmarks/compatibility.py knows how to start."""

    def start(place: Place) -> Peer:
        engine = COMPATIBILITY[name](place.graph, place.folder, place.seconds)
        return ServerPeer(engine) if isinstance(engine, Server) else LibraryPeer(engine)

    return start


def _oxigraph_memory(place: Place) -> Peer:
    base = f"127.0.0.1:{free_port()}"

    def fill() -> None:
        connection = http.client.HTTPConnection(base, timeout=place.seconds + 600)
        with place.graph.open("rb") as body:
            head = {"Content-Type": "application/n-quads", "Content-Length": _size(place.graph)}
            connection.request("POST", "/store", body, head)
            answer = connection.getresponse()
            said = answer.read()
        if answer.status >= 300:
            raise RefusedError(f"HTTP {answer.status}: {said[:200]!r}")

    command = [program("oxigraph"), "serve", "--bind", base, "--union-default-graph"]
    return _oxigraph_peer(Server(command, f"http://{base}/query", place.folder, fill))


def _size(file: Path) -> str:
    return str(file.stat().st_size)


def _oxigraph_disk(place: Place) -> Peer:
    name, store, base = program("oxigraph"), str(place.folder / "store"), free_port()
    loading = [name, "load", "--location", store, "--file", str(place.graph)]
    subprocess.run(loading, check=True, capture_output=True)  # noqa: S603  (as asked for)
    command = [name, "serve-read-only", "--location", store, "--union-default-graph"]
    command += ["--bind", f"127.0.0.1:{base}"]
    return _oxigraph_peer(Server(command, f"http://127.0.0.1:{base}/query", place.folder))


def _oxigraph_peer(server: Server) -> Peer:
    told = subprocess.run(  # noqa: S603  (as asked for)
        [program("oxigraph"), "--version"], capture_output=True, text=True, check=False
    )
    server.version = told.stdout.strip()
    return ServerPeer(server)


def _rdflib_endpoint(place: Place) -> Peer:
    port = free_port()
    command = [program("rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    url = f"http://127.0.0.1:{port}/"
    server = Server([*command, str(place.union)], url, place.folder)
    server.version = _installed("rdflib-endpoint", place.library_python)
    return ServerPeer(server)


def _installed(package: str, python: str) -> str:
    if python == sys.executable:
        try:
            return f"{package} {version(package)}"
        except PackageNotFoundError:
            return package
    asked = f"from importlib.metadata import version; print(version({package!r}))"
    told = subprocess.run(  # noqa: S603  (a program of ours)
        [python, "-c", asked], capture_output=True, text=True, check=False
    )
    return f"{package} {told.stdout.strip()}"


def program(name: str) -> str:
    """Path of a program.

    Raises:
        AbsentError: there is none.
    """
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which(name, path=beside)
    if not found:
        raise AbsentError(f"no program {name}")
    return found


@dataclass(frozen=True)
class Engine:
    """An engine by name: how it is asked, in words, and how to start and compare it.

    `for_profiles`: the comparison where a profile is asked about. `only`: the questions it is made
    for, or nothing where it takes all.
    """

    name: str
    how: str
    start: Callable[[Place], Peer]
    comparison: Comparison = FULL
    for_profiles: Comparison | None = None
    only: tuple[str, ...] = ()
    keeps_files: bool = False

    def compares(self, question: Question) -> Comparison:
        """How its answer to a question is compared."""
        own = self.for_profiles if question.profile else None
        return own or self.comparison


_RECORDS = Comparison(plain=True, some_columns=True)
"""Records in Python: group and verdict, without owner and labels."""
_PLAIN = Comparison(plain=True)
ENGINES = {
    engine.name: engine
    for engine in (
        Engine(
            "metalocal", "in process, as `metalocal ask`", _own("metalocal"),
            for_profiles=_RECORDS,
        ),
        Engine("metalocal serve", "HTTP", _compatible("metalocal")),
        Engine(
            "numpy floor", "in process, columns of criteria", _own("floor"),
            for_profiles=_RECORDS, only=("verdicts",),
        ),
        Engine("pyoxigraph", "in process", _library("pyoxigraph")),
        Engine("oxigraph memory", "HTTP", _oxigraph_memory),
        Engine("oxigraph disk", "HTTP, read-only", _oxigraph_disk, keeps_files=True),
        Engine("rdflib", "in process, union", _library("rdflib", union=True)),
        Engine("rdflib-endpoint", "HTTP, union", _rdflib_endpoint),
        Engine("owlready2", "in process, union", _library("owlready2", union=True), _PLAIN),
        Engine("maplib", "in process, union", _library("maplib", union=True), _PLAIN),
        Engine("comunica", "in process (Node)", _compatible("comunica")),
        Engine("jena", "in process (Java)", _compatible("jena")),
        Engine("virtuoso", "HTTP, loaded over HTTP", _compatible("virtuoso"), keeps_files=True),
    )
}  # fmt: skip

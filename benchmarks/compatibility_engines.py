"""Engines this machine may have: each started over the built graph, asked, and ended."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from metalocal.graph import GraphError, RemoteGraph, Table, table_of
from metalocal.loading import Store, check_named, load_named, parcels_of

HERE = Path(__file__).parent
START_SECONDS = 600
_JAVA = Path("/usr/share/java")
_JENA_JARS = (
    "jena-arq", "jena-base", "jena-core", "jena-iri", "jena-shacl", "jena-shex",
    "jena-rdfconnection", "jena-tdb", "jena-dboe-base", "jena-dboe-index", "jena-dboe-storage",
    "jena-dboe-trans-data", "jena-dboe-transaction", "jena-tdb2", "slf4j-api", "slf4j-nop",
    "commons-lang3", "commons-csv", "commons-io", "commons-codec", "commons-compress", "guava",
    "dexx.collection", "gson", "httpclient", "httpcore", "jcl-over-slf4j", "jsonld-java",
    "thrift", "protobuf", "titanium-json-ld", "jakarta.json-api",
)  # fmt: skip
_ANY_STUDY = "SELECT ?x WHERE { ?x a <https://w3id.org/metalocal/ontology/Study> } LIMIT 1"
_VIRTUOSO_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = .
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = {seconds}
"""


class AbsentError(Exception):
    """The engine is not on this machine; the message says what is missing."""


class TooLongError(Exception):
    """A query passed its time."""


class RefusedError(Exception):
    """The engine gives an error instead of rows."""


class Worker:
    """An engine in a process of its own, that takes and gives lines of JSON."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self.version = ""
        self.start()

    def start(self) -> None:
        """Start the process and wait until it has loaded the graph."""
        self._process = subprocess.Popen(  # noqa: S603  (a command of ours)
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()
        self.version = self._next(START_SECONDS)["ready"]

    def _read(self, process: subprocess.Popen[str]) -> None:
        lines, out = self._lines, process.stdout
        assert out is not None
        for line in out:
            lines.put(line)
        lines.put("")

    def _next(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise TooLongError from None
        if not line:
            raise RefusedError("the process ended")
        found: dict[str, Any] = json.loads(line)
        return found

    @property
    def pid(self) -> int:
        """The process, which may have others beneath it."""
        return self._process.pid

    def select(self, query: str, seconds: float) -> Table:
        """Rows of a query; after a time-out or an end the process is started anew."""
        return table_of(self.told(query, seconds)["results"])

    @property
    def is_running(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def told(self, message: object, seconds: float, *, renew: bool = True) -> dict[str, Any]:
        """The whole line of JSON that comes back for a query, or for another message.

        Raises:
            TooLongError, RefusedError: no answer in time, or none; the process was ended and, with
                `renew`, started anew.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
            answer = self._next(seconds)
        except (TooLongError, RefusedError, BrokenPipeError) as error:
            self.stop()
            if renew:
                self.start()
            if isinstance(error, BrokenPipeError):
                raise RefusedError("the process ended") from error
            raise
        if "error" in answer:
            raise RefusedError(answer["error"])
        return answer

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


class Server:
    """An engine behind HTTP, its process group ended as one."""

    def __init__(
        self, command: list[str], url: str, folder: Path, fill: Callable[[], None] | None = None
    ) -> None:
        self._command, self.url, self._folder, self._fill = command, url, folder, fill
        self.version = ""
        self.start()

    def start(self) -> None:
        """Start the server, wait until it answers, and load what it does not keep."""
        log = (self._folder / "server.log").open("ab")
        self._process = subprocess.Popen(  # noqa: S603  (a command of ours)
            self._command, stdout=log, stderr=log, cwd=self._folder, start_new_session=True
        )
        log.close()
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                tail = (self._folder / "server.log").read_text("utf-8", "replace")[-300:]
                raise AbsentError(f"it does not start: {' '.join(tail.split())}")
            time.sleep(0.3)
        if self._fill:
            self._fill()
        self._check()

    def _check(self) -> None:
        """Synthetic graphs have no description, so it is asked for a study."""
        graph = RemoteGraph(self.url, timeout_seconds=START_SECONDS)
        if not graph.select(_ANY_STUDY).rows:
            self.stop()
            raise AbsentError("it answers, but its default graph holds no study")

    def _answers(self) -> bool:
        try:
            RemoteGraph(self.url, timeout_seconds=5, sleep=lambda _: None).select(
                "SELECT ?x WHERE { VALUES ?x { 1 } }"
            )
        except GraphError:
            return False
        return True

    @property
    def pid(self) -> int:
        """The process, which may have others beneath it."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def select(self, query: str, seconds: float) -> Table:
        """Rows of a query; after a time-out the server is started anew."""
        begun = time.monotonic()
        try:
            return RemoteGraph(self.url, timeout_seconds=seconds, sleep=lambda _: None).select(
                query
            )
        except GraphError as error:
            if time.monotonic() - begun < seconds * 0.95:
                raise RefusedError(str(error).removeprefix(self.url).strip()) from error
            self.stop()
            self.start()
            raise TooLongError from error

    def stop(self) -> None:
        """End the server and what it started."""
        for ending in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, ending)
                self._process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


Engine = Worker | Server


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if not found:
        raise AbsentError(f"no program {name}")
    return found


def _fill(url: str, query_url: str, file: Path) -> Callable[[], None]:
    def fill() -> None:
        parcels, store = parcels_of(file), Store(url, query_url)
        load_named(store, parcels, lambda _: None)
        check_named(store, parcels)

    return fill


def _ours(file: Path, folder: Path, seconds: float) -> Engine:
    port = free_port()
    command = [sys.executable, "-m", "metalocal", "serve", "--graph", str(file)]
    command += ["--port", str(port), "--seconds", str(seconds)]
    command += ["--requests-per-minute", "0", "--at-once", "0"]
    engine = Server(command, f"http://127.0.0.1:{port}/sparql", folder)
    engine.version = version("metalocal")
    return engine


def _oxigraph(file: Path, folder: Path, seconds: float) -> Engine:
    program, base = _program("oxigraph"), f"127.0.0.1:{free_port()}"
    fill = _fill(f"http://{base}/store", f"http://{base}/query", file)
    command = [program, "serve", "--bind", base, "--union-default-graph"]
    engine = Server(command, f"http://{base}/query", folder, fill)
    engine.version = _said(program, "--version")
    return engine


def _rdflib_endpoint(file: Path, folder: Path, seconds: float) -> Engine:
    port = free_port()
    triples = folder / "union.nt"  # its dataset has no union default graph
    triples.write_bytes(b"".join(parcel.body for parcel in parcels_of(file)))
    command = [_program("rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    return Server([*command, str(triples)], f"http://127.0.0.1:{port}/", folder)


def _virtuoso(file: Path, folder: Path, seconds: float) -> Engine:
    program, http = _program("virtuoso-t"), free_port()
    text = _VIRTUOSO_INI.format(sql=free_port(), http=http, seconds=int(seconds))
    (folder / "virtuoso.ini").write_text(text, encoding="ascii")
    base, filled = f"http://127.0.0.1:{http}", folder / "filled"

    def fill() -> None:
        if filled.exists():
            return
        os.environ |= {
            "METALOCAL_USER": "dba", "METALOCAL_PASSWORD": "dba", "METALOCAL_AUTH": "digest"
        }  # fmt: skip
        try:
            _fill(f"{base}/sparql-graph-crud-auth", f"{base}/sparql", file)()
        finally:
            for name in ("USER", "PASSWORD", "AUTH"):
                del os.environ[f"METALOCAL_{name}"]
        filled.touch()

    command = [program, "+foreground", "+configfile", "virtuoso.ini"]
    engine = Server(command, f"{base}/sparql", folder, fill)
    engine.version = _said(program, "+foreground", "-?")
    return engine


def _jena(file: Path, folder: Path, seconds: float) -> Engine:
    if not (_JAVA / "jena-core.jar").is_file():
        raise AbsentError("no Debian package libapache-jena-java")
    # the package moved the classes of Xerces and left the names of its resources as they were
    with zipfile.ZipFile(_JAVA / "jena-core.jar") as jar:
        inside = "org/apache/jena/ext/"
        for name in jar.namelist():
            if name.startswith(f"{inside}xerces/") and not name.endswith(("/", ".class")):
                path = folder / name.removeprefix(inside)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(jar.read(name))
    jars = [str(_JAVA / f"{name}.jar") for name in _JENA_JARS]
    path = os.pathsep.join([str(folder), *jars])
    command = [_program("java"), "-Xmx4g", "-cp", path, str(HERE / "CompatibilityWorker.java")]
    return Worker([*command, str(file)])


def _comunica(file: Path, folder: Path, seconds: float) -> Engine:
    modules = os.environ.get("METALOCAL_NODE_MODULES", "")
    if not modules or not (Path(modules) / "node_modules/@comunica/query-sparql-file").is_dir():
        raise AbsentError("METALOCAL_NODE_MODULES names no folder with @comunica/query-sparql-file")
    command = [
        _program("node"),
        "--max-old-space-size=6000",
        str(HERE / "compatibility_worker.mjs"),
    ]
    return Worker([*command, modules, str(file)])


def _rdflib(name: str) -> Callable[[Path, Path, float], Engine]:
    def start(file: Path, folder: Path, seconds: float) -> Engine:
        if find_spec(name) is None:
            raise AbsentError(f"no Python package {name}")
        return Worker([sys.executable, str(HERE / "compatibility_worker.py"), name, str(file)])

    return start


def _said(*command: str) -> str:
    done = subprocess.run(  # noqa: S603  (a command of ours)
        command, capture_output=True, text=True, check=False, timeout=20
    )
    lines = (done.stdout + done.stderr).splitlines()
    return next((line for line in lines if any(c.isdigit() for c in line)), "")


ENGINES: dict[str, Callable[[Path, Path, float], Engine]] = {
    "metalocal": _ours,
    "oxigraph": _oxigraph,
    "oxrdflib": _rdflib("oxrdflib"),
    "rdflib": _rdflib("rdflib"),
    "rdflib-endpoint": _rdflib_endpoint,
    "jena": _jena,
    "virtuoso": _virtuoso,
    "comunica": _comunica,
}

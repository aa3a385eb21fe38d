"""One worker process: a graph file in, then jobs in and answers out over a pipe.

The engine has no time limit and no cancel, and some queries abort it, so a query runs where it can
be killed. This module knows nothing of HTTP and imports none of it.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

import pyoxigraph as ox

_RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPH_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "n-triples": ox.RdfFormat.N_TRIPLES,
    "rdf-xml": ox.RdfFormat.RDF_XML,
    "json-ld": ox.RdfFormat.JSON_LD,
}

Outcome = Literal["results", "graph", "malformed", "failed", "too large", "not acceptable"]


@dataclass(frozen=True)
class Bounds:
    """What a worker holds itself to."""

    result_bytes: int
    memory_bytes: int


@dataclass(frozen=True)
class Job:
    """A query, its dataset (None leaves it to the query) and the formats the client takes."""

    query: str
    union: bool
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    result_format: str | None
    graph_format: str | None


@dataclass(frozen=True)
class Answer:
    """The serialised result, or why there is none: the engine's message in `text`."""

    outcome: Outcome
    body: bytes = b""
    text: str = ""


@dataclass(frozen=True)
class Ready:
    """A worker that has loaded the graph, and which graph that is."""

    graphs: frozenset[str]
    file_state: tuple[int, int]


@dataclass(frozen=True)
class LoadFailed:
    """A worker that could not load the graph file, and why."""

    text: str


class TooLargeError(Exception):
    """The result passes the limit."""


class BoundedBuffer:
    """A binary file in memory that refuses to grow past `most` bytes."""

    def __init__(self, most: int) -> None:
        self._parts: list[bytes] = []
        self._room = most

    def write(self, part: bytes) -> int:
        """Keep `part`, or raise `TooLargeError`."""
        self._room -= len(part)
        if self._room < 0:
            raise TooLargeError
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing to do: the engine asks for it."""

    def content(self) -> bytes:
        """All that was written."""
        return b"".join(self._parts)


def work(pipe: Connection, graph_file: Path, bounds: Bounds) -> None:
    """Load, report, answer until the other end of the pipe is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, which ends us
    store = ox.Store()
    try:
        before = file_state(graph_file)
        store.load(path=graph_file, format=ox.RdfFormat.N_QUADS)
    except (OSError, SyntaxError, ValueError) as error:
        pipe.send(LoadFailed(_reason(error)))
        return
    graphs = frozenset(g.value for g in store.named_graphs() if isinstance(g, ox.NamedNode))
    _confine(bounds.memory_bytes)
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, jobs), daemon=True).start()
    pipe.send(Ready(graphs, before))
    while True:
        pipe.send(answer(store, jobs.get(), bounds.result_bytes))


def _reason(error: OSError | SyntaxError | ValueError) -> str:
    """Say what is wrong in the words of the system or the parser, without error numbers."""
    if isinstance(error, SyntaxError):
        return error.msg
    return getattr(error, "strerror", None) or str(error)


def file_state(path: Path) -> tuple[int, int]:
    """Size and time of change: two workers that saw the same have loaded the same."""
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def answer(store: ox.Store, job: Job, result_bytes: int) -> Answer:
    """Answer to one job; whatever is wrong with the query is in the answer, not raised.

    The result object is made and written here in one go: handed to another thread it would abort
    the process.
    """
    try:
        return _serialised(_result(store, job), job, BoundedBuffer(result_bytes))
    except TooLargeError:
        return Answer("too large")
    except SyntaxError as error:
        return Answer("malformed", text=str(error))
    except MemoryError:
        os._exit(1)  # what is left may be inconsistent; the parent starts another worker
    except (RuntimeError, ValueError, OSError) as error:
        return Answer("failed", text=str(error))


def _result(store: ox.Store, job: Job) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    return store.query(
        job.query,
        use_default_graph_as_union=job.union,
        default_graph=_nodes(job.default_graphs),
        named_graphs=_nodes(job.named_graphs),
    )


def _nodes(graphs: tuple[str, ...] | None) -> list[Any] | None:
    return None if graphs is None else [ox.NamedNode(graph) for graph in graphs]


def _serialised(
    result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, job: Job, buffer: BoundedBuffer
) -> Answer:
    outcome: Outcome
    if isinstance(result, ox.QueryTriples):
        if job.graph_format is None:
            return Answer("not acceptable", text="graph")
        result.serialize(buffer, _GRAPH_FORMATS[job.graph_format])  # type: ignore[arg-type]
        outcome = "graph"
    else:
        if job.result_format is None:
            return Answer("not acceptable", text="results")
        result.serialize(buffer, _RESULT_FORMATS[job.result_format])  # type: ignore[arg-type]
        outcome = "results"
    return Answer(outcome, buffer.content())


def _listen(pipe: Connection, jobs: queue.SimpleQueue[Job]) -> None:
    """Pass jobs on; when the parent is gone, end at once, even in the middle of a query."""
    while True:
        try:
            jobs.put(pipe.recv())
        except (EOFError, OSError):
            os._exit(0)


def _confine(memory_bytes: int) -> None:
    """From here on: so much memory on top of the graph, no new file or socket, no core dump.

    A process that can open no descriptor can open no connection, whatever a query says. Its
    standard error goes, too, because a crash message of the engine may quote the query.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  (not on every platform)

        if sys.platform == "linux":
            most = _address_space_bytes() + memory_bytes
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _address_space_bytes() -> int:
    """Bytes this process has mapped now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")

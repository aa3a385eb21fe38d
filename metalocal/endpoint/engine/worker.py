"""A loaded graph and a socket: jobs in, answers out, in a process that can be killed.

The engine has no time limit and no cancel, and some queries abort it, so a query runs where it can
be killed. This module knows nothing of HTTP and imports none of it.
"""

from __future__ import annotations

import hashlib
import os
import select
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from metalocal.endpoint.engine.wire import (
    Answer,
    Bounds,
    Job,
    LoadFailed,
    Outcome,
    Ready,
    answer_message,
    job_of,
    read_message,
)

_RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "n-triples": ox.RdfFormat.N_TRIPLES,
    "rdf-xml": ox.RdfFormat.RDF_XML,
    "json-ld": ox.RdfFormat.JSON_LD,
}


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


def loaded(graph_file: Path) -> tuple[ox.Store, Ready | LoadFailed]:
    """The graph in memory and what is to be told of it; an empty store where loading failed."""
    store = ox.Store()
    try:
        with graph_file.open("rb") as file:  # one open file: replaced meanwhile, it stays the same
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            store.bulk_load(file, format=ox.RdfFormat.N_QUADS)
    except (OSError, SyntaxError, ValueError) as error:
        return ox.Store(), LoadFailed(_reason(error))
    graphs = frozenset(g.value for g in store.named_graphs() if isinstance(g, ox.NamedNode))
    return store, Ready(graphs, len(store), sha256)


def _reason(error: OSError | SyntaxError | ValueError) -> str:
    """Say what is wrong in the words of the system or the parser, without error numbers."""
    if isinstance(error, SyntaxError):
        return error.msg
    return getattr(error, "strerror", None) or str(error)


def leave_signals_to_the_server() -> None:
    """Signals for the whole group (Ctrl-C, a service manager's) are the server's to answer.

    It ends these processes when its work is done; they end by themselves when it is gone.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def work(store: ox.Store, server: socket.socket, bounds: Bounds) -> None:
    """Answer the jobs that come from `server` until it is gone; then end the process."""
    jobs = server.makefile("rb")
    _confine(bounds.memory_bytes)
    if hasattr(select, "poll"):
        threading.Thread(target=_end_with, args=(server,), daemon=True).start()
    try:
        while True:
            job = job_of(read_message(jobs)[1])
            server.sendall(answer_message(answer(store, job, bounds.result_bytes)))
    except (EOFError, OSError):
        os._exit(0)


def _end_with(server: socket.socket) -> None:
    """End the process when the server is gone, even in the middle of a query."""
    waiting = select.poll()
    waiting.register(server, 0)  # of no event but the one that cannot be left out: hung up
    waiting.poll()
    os._exit(0)


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
        os._exit(1)  # what is left may be inconsistent; the server starts another worker
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
        result.serialize(buffer, RDF_FORMATS[job.graph_format])  # type: ignore[arg-type]
        outcome = "graph"
    else:
        if job.result_format is None:
            return Answer("not acceptable", text="results")
        result.serialize(buffer, _RESULT_FORMATS[job.result_format])  # type: ignore[arg-type]
        outcome = "results"
    return Answer(outcome, buffer.content())


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
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # below 1 there is only descriptor 0, which is taken; with 0, poll would not wait for one
        resource.setrlimit(resource.RLIMIT_NOFILE, (1, 1))


def _address_space_bytes() -> int:
    """Bytes this process has mapped now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")

"""What goes between the server and its engine processes: jobs one way, answers the other, as bytes.

A message is its length, a kind and its content. This module knows nothing of HTTP and of graphs.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from typing import BinaryIO, Literal, get_args

HEAD = struct.Struct("!QB")
"""Bytes of the content, kind."""

Outcome = Literal["results", "graph", "malformed", "failed", "too large", "not acceptable"]
_OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
FORKED = struct.Struct("!i")
"""The number of a forked process, sent along with its two descriptors."""

READY, LOAD_FAILED, JOB, FORK = 100, 101, 102, 103
"""Kinds of a message that is no answer; an answer's kind is the number of its outcome."""


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
    """A graph that was loaded: its named graphs, number of quads, and sha256 of its file."""

    graphs: frozenset[str]
    quads: int
    sha256: str


@dataclass(frozen=True)
class LoadFailed:
    """A graph file that could not be loaded, and why."""

    text: str


def message(kind: int, content: bytes = b"") -> bytes:
    """One message as it goes over the wire."""
    return HEAD.pack(len(content), kind) + content


def job_message(job: Job) -> bytes:
    """`job` as a message."""
    return message(JOB, json.dumps(vars(job)).encode("utf-8", "surrogatepass"))


def job_of(content: bytes) -> Job:
    """Job in the content of a message."""
    fields = json.loads(content.decode("utf-8", "surrogatepass"))
    for name in ("default_graphs", "named_graphs"):
        fields[name] = None if fields[name] is None else tuple(fields[name])
    return Job(**fields)


def answer_message(answer: Answer) -> bytes:
    """`answer` as a message."""
    content = answer.body or answer.text.encode("utf-8", "replace")
    return message(_OUTCOMES.index(answer.outcome), content)


def answer_of(kind: int, content: bytes) -> Answer:
    """Answer in a message."""
    outcome = _OUTCOMES[kind]
    if outcome in ("results", "graph"):
        return Answer(outcome, content)
    return Answer(outcome, text=content.decode("utf-8", "replace"))


def report_message(report: Ready | LoadFailed) -> bytes:
    """What became of loading the graph, as a message."""
    if isinstance(report, LoadFailed):
        return message(LOAD_FAILED, report.text.encode("utf-8", "replace"))
    fields = {**asdict(report), "graphs": sorted(report.graphs)}
    return message(READY, json.dumps(fields).encode("utf-8", "surrogatepass"))


def report_of(kind: int, content: bytes) -> Ready | LoadFailed:
    """What became of loading the graph."""
    if kind == LOAD_FAILED:
        return LoadFailed(content.decode("utf-8", "replace"))
    fields = json.loads(content)
    return Ready(frozenset(fields["graphs"]), fields["quads"], fields["sha256"])


def read_message(stream: BinaryIO) -> tuple[int, bytes]:
    """Kind and content of the next message.

    Raises:
        EOFError: the other end is gone.
    """
    length, kind = HEAD.unpack(_exactly(stream, HEAD.size))
    return kind, _exactly(stream, length)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content

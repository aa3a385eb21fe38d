"""The engine -> a graph that synchronous code can ask, from a thread, for the sake of a request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import TypeVar

from anyio import from_thread, to_thread
from starlette.requests import Request
from starlette.types import Message

from metalocal.endpoint.engine.pool import RETRY_AFTER
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service, own_job
from metalocal.graph import Table, table_of
from metalocal.graph.kept import NOTHING, Kept, kept_for

Made = TypeVar("Made")


@dataclass(frozen=True)
class _Turn:
    """Who waits, and until when (monotonic seconds)."""

    request: Request
    seconds: float
    deadline: float


_turn: ContextVar[_Turn] = ContextVar("turn")


@dataclass(frozen=True, eq=False)
class ServedGraph:
    """What is served, as `metalocal.graph.EvidenceGraph`; to be used within `on_behalf_of`.

    Each stands for itself: its service may be a weak reference, which cannot be hashed.
    """

    service: Service

    @cached_property
    def kept(self) -> Kept:
        """Rows kept for the graph that is served: that of the SHA-256 its engine loaded."""
        loaded = self.service.pool.loaded
        return kept_for(self.service.sources.graph_file, loaded.sha256) if loaded else NOTHING

    def select(self, query: str) -> Table:
        """Rows of a SELECT query of ours, each query in its own turn with the engine.

        Raises:
            RefusedError: the engine refuses it, or the time for all queries together is over.
        """
        turn = _turn.get()
        if monotonic() > turn.deadline:
            raise RefusedError(
                503,
                f"The answer was not complete after {turn.seconds:g} seconds; try again in a "
                "little while.",
                RETRY_AFTER,
            )
        job = own_job(query, result_format="json")
        answer = from_thread.run(self.service.answer, job, turn.request)
        return table_of(json.loads(answer.body))  # here, in the thread: the others are not held up


async def on_behalf_of(request: Request, seconds: float, make: Callable[[], Made]) -> Made:
    """What `make` gives, run in a thread; no query of it begins after `seconds`."""
    before = _turn.set(_Turn(request, seconds, monotonic() + seconds))
    try:
        return await to_thread.run_sync(make)
    finally:
        _turn.reset(before)


def nobody() -> Request:
    """A request that nobody sent and nobody leaves: for what is read for all who will ask."""
    return Request({"type": "http"}, receive=_never)


async def _never() -> Message:
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}

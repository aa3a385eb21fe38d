"""The graph that is served -> the one `Library` of it, from which every answer is made in turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary, proxy

from anyio import Lock, fail_after
from starlette.requests import Request

from metalocal.answers import Library
from metalocal.endpoint.api.served_graph import ServedGraph, on_behalf_of
from metalocal.endpoint.engine.pool import unavailable
from metalocal.endpoint.service import Service

Made = TypeVar("Made")


class Answers:
    """What no profile changes is read once for each graph that is served.

    One answer is made at a time, whichever route asks for it: it takes a good part of a second of
    this process, which has SPARQL queries to pass on meanwhile.
    """

    def __init__(self, service: Service, queries: Path) -> None:
        self._service: Service = proxy(service)  # which holds this one: see `answers_of`
        self._queries = queries
        self._library: Library | None = None
        self._read_for: object = None
        self._one = Lock()

    async def made(self, request: Request, make: Callable[[Library], Made]) -> Made:
        """What `make` gives for the library, run in a thread when its turn has come.

        Raises:
            RefusedError: 503 where too many wait or time runs out.
        """
        limits = self._service.limits
        turns = self._one.statistics()
        if turns.locked and turns.tasks_waiting >= limits.waiting:
            raise unavailable(f"{limits.waiting} answers are waited for already")
        await self._take_turn(limits.seconds)
        try:
            return await on_behalf_of(request, limits.seconds, partial(make, self._current()))
        finally:
            self._one.release()

    async def _take_turn(self, seconds: float) -> None:
        try:
            with fail_after(seconds):
                await self._one.acquire()
        except TimeoutError:
            raise unavailable("other answers took all the time") from None

    def _current(self) -> Library:
        """The library of the graph that is served now."""
        served = self._service.pool.loaded
        if self._library is None or self._read_for is not served:
            self._library = Library(ServedGraph(self._service), self._queries)
            self._read_for = served
        return self._library


_of_service: WeakKeyDictionary[Service, Answers] = WeakKeyDictionary()


def answers_of(service: Service, queries: Path) -> Answers:
    """The one maker of answers of a service; `queries` is its folder of named queries."""
    if service not in _of_service:
        _of_service[service] = Answers(service, queries)
    return _of_service[service]

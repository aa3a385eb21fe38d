"""The graph that is served -> the one `Library` of it, and the turns in which answers are made."""

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
from metalocal.endpoint.settings import Limits

Made = TypeVar("Made")


class Turns:
    """A line of those who want something made that takes a good part of a second.

    One thing is made at a time, for this process has SPARQL queries to pass on meanwhile. `what`
    names the things to those who are sent away.
    """

    def __init__(self, limits: Limits, what: str) -> None:
        self._limits, self._what = limits, what
        self._one = Lock()

    async def made(self, request: Request, make: Callable[[], Made]) -> Made:
        """What `make` gives, run in a thread when its turn has come; it may ask the served graph.

        Raises:
            RefusedError: 503 where too many wait or time runs out.
        """
        line = self._one.statistics()
        if line.locked and line.tasks_waiting >= self._limits.waiting:
            raise unavailable(f"{self._limits.waiting} {self._what} are waited for already")
        try:
            with fail_after(self._limits.seconds):
                await self._one.acquire()
        except TimeoutError:
            raise unavailable(f"other {self._what} took all the time") from None
        try:
            return await on_behalf_of(request, self._limits.seconds, make)
        finally:
            self._one.release()


class Answers:
    """Answers from the library of the graph that is served, one at a time for all routes."""

    def __init__(self, service: Service, queries: Path) -> None:
        self._service: Service = proxy(service)  # which holds this one: see `answers_of`
        self._queries = queries
        self._library: Library | None = None
        self._read_for: object = None
        self._turns = Turns(service.limits, "answers")

    async def made(self, request: Request, make: Callable[[Library], Made]) -> Made:
        """What `make` gives for the library.

        Raises:
            RefusedError: 503 where too many wait or time runs out.
        """
        return await self._turns.made(request, partial(make, self.library))

    @property
    def library(self) -> Library:
        """The library of the graph that is served now; to be used within `on_behalf_of`."""
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


def library_of(service: Service, queries: Path) -> Library:
    """What no profile changes, read once for each graph that is served, whoever needs it first."""
    return answers_of(service, queries).library

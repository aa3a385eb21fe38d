"""The served graph -> what maps are drawn from: gathered once for each graph, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from anyio import Lock, fail_after
from starlette.requests import Request

from metalocal.endpoint.api.served_graph import ServedGraph, on_behalf_of
from metalocal.endpoint.engine.pool import unavailable
from metalocal.endpoint.service import Service
from metalocal.graph import EvidenceGraph

Gathered = TypeVar("Gathered")
Gather = Callable[[EvidenceGraph, Path], Gathered]


class Gathering:
    """What was gathered from the graph that is served; another graph begins anew.

    One thing is gathered at a time: the gap map takes a second of this process, which has SPARQL
    queries to pass on meanwhile.
    """

    def __init__(self, service: Service, queries: Path) -> None:
        self._service = service
        self._queries = queries
        self._one = Lock()
        self._from: object = None
        self._held: dict[str, Any] = {}

    @property
    def version(self) -> str:
        """The first characters of the hash of the graph, for names of files."""
        served = self._service.pool.loaded
        return served.sha256[:8] if served else ""

    async def of(self, name: str, gather: Gather[Gathered], request: Request) -> Gathered:
        """What `gather` makes of the graph, kept under `name`.

        Raises:
            RefusedError: 503, too many wait or time runs out.
        """
        self._forget_others()
        if name not in self._held:
            await self._gathered(name, gather, request)
        found: Gathered = self._held[name]
        return found

    def _forget_others(self) -> None:
        if self._from is not self._service.pool.loaded:
            self._from, self._held = self._service.pool.loaded, {}

    async def _gathered(self, name: str, gather: Gather[Any], request: Request) -> None:
        limits = self._service.limits
        if self._one.statistics().tasks_waiting >= limits.waiting:
            raise unavailable(f"{limits.waiting} maps are waited for already")
        await self._take_turn(limits.seconds)
        try:
            if name in self._held:  # whoever was before us gathered it
                return
            held = self._held
            graph = ServedGraph(self._service)
            held[name] = await on_behalf_of(
                request, limits.seconds, lambda: gather(graph, self._queries)
            )
        finally:
            self._one.release()

    async def _take_turn(self, seconds: float) -> None:
        try:
            with fail_after(seconds):
                await self._one.acquire()
        except TimeoutError:
            raise unavailable("other maps took all the time") from None

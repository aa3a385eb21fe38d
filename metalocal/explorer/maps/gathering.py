"""The served graph -> what maps are drawn from: gathered once for each graph, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from starlette.requests import Request

from metalocal.endpoint.api.served_graph import ServedGraph
from metalocal.endpoint.library import Turns
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
        self._turns = Turns(service.limits, "maps")
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
        held = self._held
        if name not in held:
            await self._gathered(name, gather, request)
        found: Gathered = held[name]
        return found

    def _forget_others(self) -> None:
        if self._from is not self._service.pool.loaded:
            self._from, self._held = self._service.pool.loaded, {}

    async def _gathered(self, name: str, gather: Gather[Any], request: Request) -> None:
        held, graph = self._held, ServedGraph(self._service)

        def make() -> None:
            if name not in held:  # unless whoever was before us gathered it
                held[name] = gather(graph, self._queries)

        await self._turns.made(request, make)

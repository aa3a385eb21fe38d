"""The network of the graph that is served now: read once, kept until another graph is served."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from anyio import to_thread
from starlette.requests import Request

from metalocal.answers import Library
from metalocal.endpoint.api.served_graph import ServedGraph, nobody, on_behalf_of
from metalocal.endpoint.api.telling import Patients
from metalocal.endpoint.library import Turns, library_of
from metalocal.endpoint.service import Service
from metalocal.explorer.network.reading import network_of
from metalocal.explorer.network.records import Network, Picture

Made = TypeVar("Made")


_KEPT_PICTURES = 8
_MOST_SECONDS_READING = 120.0


@dataclass(frozen=True)
class Held:
    """What is kept of one graph: its network, its library, what can be told of a patient.

    `pictures` are the last few that were drawn, by their query string; none of a patient.
    """

    network: Network
    library: Library
    patients: Patients
    pictures: dict[str, Picture] = field(default_factory=dict)

    def keep(self, name: str, picture: Picture) -> None:
        """Keep a picture, and let the one go that was kept first."""
        self.pictures[name] = picture
        for old in list(self.pictures)[:-_KEPT_PICTURES]:
            self.pictures.pop(old, None)


class Holding:
    """The network of one endpoint, and the turns in which what takes long is made of it."""

    def __init__(self, service: Service, queries: Path) -> None:
        self.service, self.queries = service, queries
        self._reading: asyncio.Task[Held] | None = None
        self._for: object = None
        self._turns = Turns(service.limits, "pictures")

    async def held(self) -> Held:
        """What is kept of the graph that is served; the first who asks begins to read it.

        Raises:
            RefusedError: 503, the graph could not be read in time.
        """
        return await asyncio.shield(self._task())

    def _task(self) -> asyncio.Task[Held]:
        """The reading of the graph that is served, begun anew where the last one failed."""
        served, task = self.service.pool.loaded, self._reading
        failed = task is not None and task.done() and (task.cancelled() or task.exception())
        if task is None or served is not self._for or failed:
            task = asyncio.create_task(self._read())
            self._reading, self._for = task, served
        return task

    async def _read(self) -> Held:
        # for everybody who waits, so it goes on where the first of them leaves
        return await on_behalf_of(nobody(), _MOST_SECONDS_READING, self._make)

    def _make(self) -> Held:
        graph = ServedGraph(self.service)
        library = library_of(self.service, self.queries)
        patients = Patients(library.attributes, tuple(library.rules))
        return Held(network_of(graph), library, patients)

    async def in_turn(self, request: Request, make: Callable[[], Made]) -> Made:
        """What `make` gives, in a thread and one at a time; it may ask the served graph.

        Raises:
            RefusedError: 503 where too many wait or time runs out.
        """
        return await self._turns.made(request, make)


async def soon(make: Callable[..., Made], *values: object) -> Made:
    """What a short computation gives, away from the event loop."""
    return await to_thread.run_sync(partial(make, *values))

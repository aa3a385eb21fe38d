"""What maps are drawn from: gathered once for each graph, one at a time, anew after a reload."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from metalocal.endpoint import Limits
from metalocal.endpoint.refusal import RefusedError
from metalocal.explorer.maps.gathering import Gathering

REQUEST: Any = None


def served(limits: Limits | None = None) -> Any:
    """A service of which only the graph it serves and its limits are asked."""
    pool = SimpleNamespace(loaded=SimpleNamespace(sha256="a" * 64))
    return SimpleNamespace(pool=pool, limits=limits or Limits())


def test_two_who_ask_at_once_make_it_gathered_once() -> None:
    gathering, times = Gathering(served(), Path()), []

    def gather(_graph: Any, _queries: Path) -> int:
        times.append(1)
        return len(times)

    async def ask() -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(gathering.of, "map", gather, REQUEST)
        assert await gathering.of("map", gather, REQUEST) == 1

    anyio.run(ask)
    assert times == [1]


def test_another_graph_is_gathered_anew() -> None:
    service = served()
    gathering = Gathering(service, Path())

    async def ask() -> None:
        first = await gathering.of("map", lambda _graph, _queries: object(), REQUEST)
        service.pool.loaded = SimpleNamespace(sha256="b" * 64)
        assert await gathering.of("map", lambda _graph, _queries: object(), REQUEST) is not first
        assert gathering.version == "b" * 8

    anyio.run(ask)


def test_what_failed_to_be_gathered_is_tried_again() -> None:
    gathering = Gathering(served(), Path())

    def fail(_graph: Any, _queries: Path) -> int:
        raise RefusedError(503, "too slow")

    async def ask() -> None:
        with pytest.raises(RefusedError):
            await gathering.of("map", fail, REQUEST)
        assert await gathering.of("map", lambda _graph, _queries: 2, REQUEST) == 2

    anyio.run(ask)


def test_one_more_than_may_wait_is_refused() -> None:
    gathering, done = Gathering(served(Limits(waiting=1)), Path()), Event()

    def slow(_graph: Any, _queries: Path) -> int:
        return int(done.wait(10))

    async def ask() -> None:
        async with anyio.create_task_group() as tasks:
            for name in ("one", "two"):
                tasks.start_soon(gathering.of, name, slow, REQUEST)
                await anyio.wait_all_tasks_blocked()
            with pytest.raises(RefusedError) as refused:
                await gathering.of("three", slow, REQUEST)
            done.set()
        assert refused.value.status == 503

    anyio.run(ask)

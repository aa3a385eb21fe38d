"""Engine processes: loading, forking, dying, being replaced, ending with their server."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from metalocal.endpoint import GraphNotLoadedError, Limits
from metalocal.endpoint.engine.engines import ForkingEngine, can_fork, open_engine
from metalocal.endpoint.engine.pool import Pool
from metalocal.endpoint.engine.wire import Answer, Bounds, Job
from metalocal.endpoint.refusal import RefusedError
from tests.endpoint.endless import LISTS, RUNAWAY
from tests.endpoint.processes import is_gone

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint, Listener

ROOT = Path(__file__).parents[2]
BOUNDS = Bounds(10_000_000, 1024**3)
KINDS = [pytest.param(True, marks=pytest.mark.skipif(not can_fork(), reason="no fork")), False]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def job(query: str) -> Job:
    return Job(query, True, None, None, "csv", "turtle")


def counted(answer: Answer) -> int:
    return int(answer.body.split()[1])


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not holds():
            await asyncio.sleep(0.01)


async def worker_at_work(pool: Pool) -> int:
    """The one worker, once a query was given to it."""
    await until(lambda: bool(pool.worker_ids) and not pool._idle)
    (worker,) = pool.worker_ids
    return worker


@asynccontextmanager
async def running(graph_file: Path, limits: Limits | None = None) -> AsyncIterator[Pool]:
    pool = Pool(graph_file, limits or Limits(workers=1))
    await pool.start()
    try:
        yield pool
    finally:
        await pool.stop()


@pytest.mark.parametrize("fork", KINDS)
def test_a_worker_of_either_kind_answers_and_is_killed(graph_file: Path, fork: bool) -> None:
    async def lives() -> tuple[int, int]:
        engine = await open_engine(graph_file, BOUNDS, fork=fork)
        first, second = await engine.worker(), await engine.worker()
        found = counted(await first.answer(job(COUNT)))
        for worker in (first, second):
            worker.kill()
        engine.close()
        await until(lambda: is_gone(first.pid) and is_gone(second.pid))
        return found, engine.loaded.quads

    assert asyncio.run(lives()) == (6, 6)


@pytest.mark.parametrize("fork", KINDS)
def test_a_worker_can_reach_no_server_even_past_the_guard(
    graph_file: Path, listener: Listener, fork: bool
) -> None:
    async def asked() -> Answer:
        engine = await open_engine(graph_file, BOUNDS, fork=fork)
        worker = await engine.worker()
        try:
            return await worker.answer(
                job(f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}")
            )
        finally:
            worker.kill()
            engine.close()

    assert asyncio.run(asked()).outcome == "failed"
    assert listener.visits == []


@pytest.mark.parametrize("fork", KINDS)
@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), ("<http://a.org/> <http://a.org/>\nx", "line ")],
)
def test_a_graph_file_that_cannot_be_loaded_is_one_clear_error(
    tmp_path: Path, content: str | None, words: str, fork: bool
) -> None:
    path = tmp_path / "graph.nq"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(GraphNotLoadedError, match=words) as raised:
        asyncio.run(open_engine(path, BOUNDS, fork=fork))
    assert str(raised.value).startswith(f"The graph file {path} cannot be served: ")
    assert str(raised.value).endswith("or give the path of an N-Quads file.")


def test_an_idle_worker_that_is_killed_is_noticed_and_replaced(graph_file: Path) -> None:
    async def replaced() -> bool:
        async with running(graph_file) as pool:
            (first,) = pool.worker_ids
            os.kill(first, signal.SIGKILL)
            await until(lambda: pool.worker_ids not in ([first], []))
            return counted(await pool.ask(job(COUNT))) == 6

    assert asyncio.run(replaced())


def test_a_query_whose_worker_is_killed_is_answered_by_another(graph_file: Path) -> None:
    """Killed in the middle of a query that ends at its time limit all the same."""

    async def told() -> str:
        async with running(graph_file, Limits(workers=1, seconds=1.0)) as pool:
            asking = asyncio.ensure_future(pool.ask(job(RUNAWAY)))
            await asyncio.sleep(0)
            os.kill(await worker_at_work(pool), signal.SIGKILL)
            with pytest.raises(RefusedError) as raised:
                await asking
            return raised.value.text

    assert asyncio.run(told()).startswith("The query was ended after 1 seconds")


def test_a_query_that_kills_two_workers_is_refused(graph_file: Path) -> None:
    async def told() -> str:
        async with running(graph_file, Limits(workers=1, seconds=10.0)) as pool:
            asking = asyncio.ensure_future(pool.ask(job(RUNAWAY)))
            await asyncio.sleep(0)
            for _ in range(2):
                worker = await worker_at_work(pool)
                os.kill(worker, signal.SIGKILL)
                await until(lambda gone=worker: gone not in pool.worker_ids)
            with pytest.raises(RefusedError) as raised:
                await asking
            return raised.value.text

    assert asyncio.run(told()).startswith("The query ended its worker")


def test_a_query_nobody_waits_for_any_more_ends(
    run_endpoint: Callable[[Limits], AbstractContextManager[Endpoint]],
) -> None:
    with run_endpoint(Limits(workers=1, seconds=30)) as endpoint:
        (first,) = endpoint.pool.worker_ids
        with pytest.raises(Exception, match="timed out"):
            endpoint.client.get("/sparql", params={"query": RUNAWAY}, timeout=0.5)
        assert endpoint.ask(COUNT, "text/csv").text.split()[1] == "6"
        assert endpoint.pool.worker_ids != [first]


@pytest.mark.skipif(not can_fork(), reason="no fork")
def test_when_the_process_that_holds_the_graph_is_killed_queries_go_on(graph_file: Path) -> None:
    async def answered() -> tuple[int, int]:
        async with running(graph_file) as pool:
            engine = pool._engine
            assert isinstance(engine, ForkingEngine)
            os.kill(engine.pid, signal.SIGKILL)
            before = counted(await pool.ask(job(COUNT)))
            await until(lambda: pool._engine is not engine)
            (worker,) = pool.worker_ids
            os.kill(worker, signal.SIGKILL)
            await until(lambda: pool.worker_ids not in ([worker], []))
            return before, counted(await pool.ask(job(COUNT)))

    assert asyncio.run(answered()) == (6, 6)


def test_a_reload_serves_the_new_file_and_lets_running_queries_end(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("<http://a.org/> <http://a.org/> <http://a.org/1> .\n", encoding="utf-8")
    slow = COUNT.replace("{", f"{{ {LISTS.partition(' VALUES ?g')[0]}")

    async def counts() -> list[int]:
        async with running(path, Limits(workers=2, seconds=60)) as pool:
            before = asyncio.ensure_future(pool.ask(job(slow)))
            await asyncio.sleep(0.05)
            path.write_text(path.read_text() + path.read_text().replace("/1", "/2"))
            await pool.reload()
            after = counted(await pool.ask(job(COUNT)))
            ended = counted(await before)
            await until(lambda: len(pool.worker_ids) == 2)
            return [after, ended // 10**6]

    assert asyncio.run(counts()) == [2, 1]


def test_a_reload_of_a_broken_file_leaves_what_was_served(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("<http://a.org/> <http://a.org/> <http://a.org/1> .\n", encoding="utf-8")

    async def count() -> int:
        async with running(path) as pool:
            path.write_text("<http://a.org/> half a li", encoding="utf-8")
            with pytest.raises(GraphNotLoadedError, match="cannot be served"):
                await pool.reload()
            return counted(await pool.ask(job(COUNT)))

    assert asyncio.run(count()) == 1


def test_stopping_ends_every_worker_in_the_middle_of_a_query(graph_file: Path) -> None:
    async def stopped() -> tuple[str, bool]:
        pool = Pool(graph_file, Limits(workers=1))
        await pool.start()
        (worker,) = pool.worker_ids
        asking = asyncio.ensure_future(pool.ask(job(RUNAWAY)))
        await asyncio.sleep(0)
        assert await worker_at_work(pool) == worker
        await pool.stop()
        with pytest.raises(RefusedError) as raised:
            await asking
        await until(lambda: is_gone(worker))
        return raised.value.text, is_gone(worker)

    text, worker_is_gone = asyncio.run(stopped())
    assert text.startswith("Not answered: the endpoint is shutting down")
    assert worker_is_gone


def test_a_pool_can_be_started_again(graph_file: Path) -> None:
    async def twice() -> list[int]:
        pool = Pool(graph_file, Limits(workers=1))
        found = []
        for _ in range(2):
            await pool.start()
            found.append(counted(await pool.ask(job(COUNT))))
            await pool.stop()
        return found

    assert asyncio.run(twice()) == [6, 6]


def test_no_process_outlives_a_killed_server(graph_file: Path) -> None:
    code = f"""if True:
        import asyncio
        from pathlib import Path
        from metalocal.endpoint.engine.pool import Limits, Pool
        from metalocal.endpoint.engine.wire import Job
        async def main():
            pool = Pool(Path({str(graph_file)!r}), Limits(workers=1))
            await pool.start()
            print(*pool.worker_ids, getattr(pool._engine, "pid", ""), flush=True)
            await pool.ask(Job({RUNAWAY!r}, True, None, None, "json", None))
        asyncio.run(main())
    """
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        processes = [int(number) for number in server.stdout.readline().split()]
        server.kill()
    assert processes
    last = time.monotonic() + 15
    while not all(is_gone(pid) for pid in processes):
        assert time.monotonic() < last, "a process goes on without its server"
        time.sleep(0.02)


def test_a_worker_does_not_load_the_web_stack() -> None:
    code = (
        "import sys, metalocal.endpoint.engine.zygote, metalocal.endpoint.engine.lone;"
        "print(sorted({'starlette', 'uvicorn', 'anyio', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

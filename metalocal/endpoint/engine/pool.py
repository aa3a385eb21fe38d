"""Workers that can be killed: a job in, an answer out by the deadline, or a refusal in words.

All of it runs in one event loop.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path

from metalocal.endpoint.engine.engines import (
    Engine,
    EngineLostError,
    GraphNotLoadedError,
    open_engine,
)
from metalocal.endpoint.engine.handle import Worker, WorkerDiedError
from metalocal.endpoint.engine.wire import Answer, Bounds, Job, Ready
from metalocal.endpoint.operations.metrics import Death, Ending, Observer, Refusal
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.settings import Limits

_log = logging.getLogger(__name__)

RETRY_AFTER = {"Retry-After": "10"}
_PAUSE_SECONDS = 5.0
_ENDINGS: dict[str, Ending] = {
    "results": "answered",
    "graph": "answered",
    "malformed": "malformed",
    "failed": "failed",
    "too large": "too large",
    "not acceptable": "not acceptable",
}


class Pool:
    """`limits.workers` workers over one graph, each replaced when it had to go.

    A query whose worker dies is asked once more of another: reading changes nothing, so a process
    killed from outside costs nobody an answer. A query that kills two has itself to blame.
    """

    def __init__(self, graph_file: Path, limits: Limits, observer: Observer | None = None) -> None:
        self._graph_file = graph_file
        self._limits = limits
        self._observer = observer or Observer()
        self._bounds = Bounds(limits.result_bytes, limits.worker_memory_bytes)
        self._places = limits.workers + limits.waiting
        self._asking: set[asyncio.Task[None]] = set()
        self._engine: Engine | None = None
        self._living: dict[Worker, Engine] = {}
        self._idle: deque[Worker] = deque()
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def loaded(self) -> Ready | None:
        """What is served now; None when nothing is."""
        return self._engine.loaded if self._engine else None

    @property
    def graphs(self) -> frozenset[str]:
        """The named graphs of the store."""
        return self._engine.loaded.graphs if self._engine else frozenset()

    @property
    def worker_ids(self) -> list[int]:
        """The process ids of the workers there are now."""
        return [worker.pid for worker in list(self._living)]

    async def start(self) -> None:
        """Load the graph and start all workers; once started, do nothing.

        Raises:
            GraphNotLoadedError: names the file, the reason and the remedy.
        """
        if not self._engine:
            await self._serve(await open_engine(self._graph_file, self._bounds))

    async def reload(self) -> None:
        """Serve the file as it is now; queries that run end on the graph they began with.

        Raises:
            GraphNotLoadedError: the file cannot be served; what was served before still is.
        """
        try:
            await self._serve(await open_engine(self._graph_file, self._bounds))
        except GraphNotLoadedError:
            self._observer.graph_reloaded(done=False)
            raise
        self._observer.graph_reloaded(done=True)

    def reload_in_background(self) -> None:
        """Begin to reload; what becomes of it is logged."""
        self._in_background(self._reloaded())

    async def _reloaded(self) -> None:
        try:
            await self.reload()
        except GraphNotLoadedError as error:
            _log.error("The graph was not reloaded, the one before is still served: %s", error)
        else:
            _log.warning("The graph was reloaded.")

    async def stop(self) -> None:
        """End all workers and let every waiting request go."""
        engine, self._engine = self._engine, None
        for task in list(self._tasks):
            task.cancel()
        for future in self._waiting:
            if not future.done():
                future.set_exception(
                    self._refusal("shutting down", "the endpoint is shutting down")
                )
        self._waiting.clear()
        for worker in list(self._living):
            worker.kill()
        self._living.clear()
        self._idle.clear()
        if engine:
            engine.close()
        if self._asking:
            await asyncio.wait(self._asking)
        await asyncio.sleep(0)  # the transports close in the next round

    def end_after(self, task: asyncio.Task[None]) -> None:
        """Keep a task that asks for nobody in particular; stopped, wait for it as well.

        Its next query is refused then.
        """
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def ask(self, job: Job) -> Answer:
        """Answer to `job`, from the next worker that is free; cancelled, its query is ended.

        Raises:
            RefusedError: 503 when too many wait, no worker came free, the deadline passed or two
                workers died of it.
        """
        if not self._places:
            waiting = f"{self._limits.waiting} queries are waiting already"
            raise self._refusal("queue full", waiting)
        self._places -= 1
        try:
            return await self._asked(job)
        finally:
            self._places += 1

    async def _asked(self, job: Job) -> Answer:
        """Answer of a worker, or of another one, in the time that is left, where the first died."""
        began = None
        for _ in range(2):
            worker = await self._free_worker()
            began = began or time.perf_counter()
            left = self._limits.seconds - (time.perf_counter() - began)
            with suppress(WorkerDiedError):
                return await self._answer_of(worker, job, left)
        raise _died(self._limits.worker_memory_bytes)

    async def _answer_of(self, worker: Worker, job: Job, seconds: float) -> Answer:
        """Answer of this worker, which is ended where it gives none in time or nobody waits."""
        began = time.perf_counter()
        ending: Ending = "worker died"
        try:
            with self._observer.running():
                async with asyncio.timeout(seconds):
                    answer = await worker.answer(job)
            ending = _ENDINGS[answer.outcome]
        except TimeoutError:
            ending = "timed out"
            self._end(worker, "deadline")
            raise _timed_out(self._limits.seconds) from None
        except WorkerDiedError:
            self._end(worker, "died")
            raise
        except asyncio.CancelledError:
            ending = "abandoned"
            self._end(worker, "abandoned")
            raise
        finally:
            self._observer.query_ended(ending, time.perf_counter() - began)
        self._release(worker)
        return answer

    async def _free_worker(self) -> Worker:
        while self._idle:
            worker = self._idle.popleft()
            if not worker.is_gone:
                return worker
        if not self._engine:
            raise self._shutting_down()
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        with self._observer.waiting():
            try:
                async with asyncio.timeout(self._limits.seconds):
                    return await future
            except TimeoutError:
                reason = "every worker is busy with long queries"
                raise self._refusal("no worker free", reason) from None
            except asyncio.CancelledError:
                if future.done() and not future.cancelled() and not future.exception():
                    self._release(future.result())
                raise

    def _release(self, worker: Worker) -> None:
        """Give a worker to who waits longest, or let it idle; one of an older graph ends."""
        if self._living.get(worker) is not self._engine or worker.is_gone:
            self._retire(worker)
            return
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(worker)
                return
        self._idle.append(worker)

    def _retire(self, worker: Worker) -> None:
        """End a worker nobody asks any more."""
        self._living.pop(worker, None)
        worker.kill()

    def _end(self, worker: Worker, reason: Death) -> None:
        """End a worker of no more use and start another in its place."""
        engine = self._living.get(worker)
        self._retire(worker)
        if engine is None:
            return
        self._observer.worker_ended(reason)
        level = logging.INFO if reason == "abandoned" else logging.WARNING
        _log.log(level, "Worker %d ended (%s); another takes its place.", worker.pid, reason)
        if engine is self._engine:
            self._in_background(self._replace(engine))

    def _lost(self, worker: Worker) -> None:
        """Take note of a process that is gone; one that held a job is ended by who waits for it."""
        if worker in self._idle:
            self._idle.remove(worker)
            self._end(worker, "idle")

    async def _serve(self, engine: Engine) -> None:
        """Start all workers of an engine, then let it take the place of the one before."""
        try:
            workers = [await engine.worker() for _ in range(self._limits.workers)]
        except EngineLostError as error:
            engine.close()
            raise GraphNotLoadedError("the engine's process ended when it was started") from error
        before, self._engine = self._engine, engine
        engine.lost = lambda: self._engine_lost(engine)
        while self._idle:
            self._retire(self._idle.popleft())
        if before:
            before.close()
        self._observer.graph_loaded(engine.loaded.sha256, engine.loaded.quads, time.time())
        for worker in workers:
            self._take_up(worker, engine)

    def _take_up(self, worker: Worker, engine: Engine) -> None:
        worker.lost = self._lost
        self._living[worker] = engine
        self._observer.worker_started()
        self._release(worker)

    async def _replace(self, engine: Engine) -> None:
        try:
            worker = await engine.worker()
        except EngineLostError:
            self._engine_lost(engine)
            return
        if engine is self._engine:
            self._take_up(worker, engine)
        else:
            worker.kill()

    def _engine_lost(self, engine: Engine) -> None:
        """Start an engine in the place of one that is gone, if nobody does so yet."""
        if engine is self._engine and engine.lost:
            engine.lost = None
            _log.error("The engine's process ended; another is started.")
            self._in_background(self._restart(engine))

    async def _restart(self, engine: Engine) -> None:
        while engine is self._engine:
            try:
                await self._serve(await open_engine(self._graph_file, self._bounds))
            except GraphNotLoadedError as error:
                _log.error("No new engine: %s", error)
                await asyncio.sleep(_PAUSE_SECONDS)

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _shutting_down(self) -> RefusedError:
        return self._refusal("shutting down", "the endpoint is shutting down")

    def _refusal(self, reason: Refusal, words: str) -> RefusedError:
        self._observer.refused(reason)
        return unavailable(words)


def unavailable(reason: str) -> RefusedError:
    """Refusal for now: it may be answered a little later."""
    return RefusedError(503, f"Not answered: {reason}; try again in a little while.", RETRY_AFTER)


def _timed_out(seconds: float) -> RefusedError:
    return RefusedError(
        503,
        f"The query was ended after {seconds:g} seconds; make it smaller: bind more terms, avoid "
        "patterns that share no variable, or add a LIMIT inside a subquery.",
        RETRY_AFTER,
    )


def _died(memory_bytes: int) -> RefusedError:
    _log.error("Two workers died over a query; new ones are started.")
    return RefusedError(
        503,
        f"The query ended its worker, most likely by needing more than {memory_bytes // 2**20} MiB "
        "of memory; sort, group or join fewer rows.",
        RETRY_AFTER,
    )

"""Workers that can be killed: a job in, an answer out by the deadline, or a refusal in words.

All of it blocks and is safe to call from many threads; the web side calls it from threads only.
"""

from __future__ import annotations

import logging
import queue
import threading
from pathlib import Path

from metalocal.endpoint.engine.handle import (
    DeadlinePassedError,
    GraphNotLoadedError,
    Worker,
    WorkerDiedError,
)
from metalocal.endpoint.engine.worker import Answer, Job, Ready
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.settings import Limits

_log = logging.getLogger(__name__)

RETRY_AFTER = {"Retry-After": "10"}
_PAUSE_SECONDS = 5.0


class Pool:
    """`limits.workers` workers over one graph file, each replaced when it had to go."""

    def __init__(self, graph_file: Path, limits: Limits) -> None:
        self._graph_file = graph_file
        self._limits = limits
        self._places = threading.BoundedSemaphore(limits.workers + limits.waiting)
        self._idle: queue.SimpleQueue[Worker | None] = queue.SimpleQueue()
        self._living: set[Worker] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.loaded: Ready | None = None

    @property
    def graphs(self) -> frozenset[str]:
        """The named graphs of the store."""
        return self.loaded.graphs if self.loaded else frozenset()

    @property
    def worker_ids(self) -> list[int]:
        """The process ids of the workers there are now."""
        with self._lock:
            return [worker.pid for worker in self._living if worker.pid is not None]

    def start(self) -> None:
        """Start all workers and wait until each has loaded the graph; once started, do nothing.

        Raises:
            GraphNotLoadedError: names the file, the reason and the remedy.
        """
        if self.loaded:
            return
        self._stopped.clear()
        self._idle = queue.SimpleQueue()
        try:
            workers = [self._new_worker() for _ in range(self._limits.workers)]
            for worker in workers:
                self._take(worker)
        except GraphNotLoadedError as error:
            self.stop()
            raise GraphNotLoadedError(
                f"The graph file {self._graph_file} cannot be served: {error}. "
                "Build the graph again, or give the path of an N-Quads file."
            ) from error

    def stop(self) -> None:
        """End all workers and let every waiting request go."""
        self._stopped.set()
        self._idle.put(None)
        self.loaded = None
        with self._lock:
            workers = list(self._living)
            self._living.clear()
        for worker in workers:
            worker.kill()

    def reserve(self) -> None:
        """Take a place in the queue, or raise a 503 at once; `ask` gives it back."""
        if not self._places.acquire(blocking=False):
            raise unavailable(f"{self._limits.waiting} queries are waiting already")

    def release(self) -> None:
        """Give back the place that `reserve` took."""
        self._places.release()

    def ask(self, job: Job) -> Answer:
        """Answer to `job`, from the next worker that is free.

        Raises:
            RefusedError: 503 when no worker came free, the deadline passed or the worker died.
        """
        worker = self._next_idle()
        try:
            answer = worker.answer(job, self._limits.seconds)
        except DeadlinePassedError:
            self._replace(worker)
            raise _timed_out(self._limits.seconds) from None
        except WorkerDiedError:
            self._replace(worker)
            raise _died(self._limits.worker_memory_bytes) from None
        self._idle.put(worker)
        return answer

    def _next_idle(self) -> Worker:
        idle = self._idle
        try:
            worker = idle.get(timeout=self._limits.seconds)
        except queue.Empty:
            raise unavailable("every worker is busy with long queries") from None
        if worker is None:
            idle.put(None)  # for the next one who waits
            raise unavailable("the endpoint is shutting down")
        return worker

    def _new_worker(self) -> Worker:
        with self._lock:
            if self._stopped.is_set():
                raise GraphNotLoadedError("the endpoint is shutting down")
            worker = Worker(self._graph_file, self._limits)
            self._living.add(worker)
        return worker

    def _take(self, worker: Worker) -> None:
        """Put a worker to use when it has loaded the same file as those before it."""
        ready = worker.loaded()
        self.loaded = self.loaded or ready
        if ready.file_state != self.loaded.file_state:
            raise GraphNotLoadedError(
                "the file has changed since the endpoint was started; restart it"
            )
        self._idle.put(worker)

    def _replace(self, worker: Worker) -> None:
        self._discard(worker)
        threading.Thread(target=self._start_another, daemon=True).start()

    def _discard(self, worker: Worker) -> None:
        with self._lock:
            self._living.discard(worker)
        worker.kill()

    def _start_another(self) -> None:
        while not self._stopped.is_set():
            worker = None
            try:
                worker = self._new_worker()
                self._take(worker)
            except (GraphNotLoadedError, OSError) as error:
                if worker:
                    self._discard(worker)
                if not self._stopped.is_set():
                    _log.error("No new worker for %s: %s", self._graph_file, error)
                self._stopped.wait(_PAUSE_SECONDS)
            else:
                return


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
    _log.error("A worker died over a query; a new one is started.")
    return RefusedError(
        503,
        f"The query ended its worker, most likely by needing more than {memory_bytes // 2**20} MiB "
        "of memory; sort, group or join fewer rows.",
        RETRY_AFTER,
    )

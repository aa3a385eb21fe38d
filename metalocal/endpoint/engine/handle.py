"""The parent's handle of one worker process: start it, ask it with a deadline, kill it."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType

from graph_builder.problems import ToldError
from metalocal.endpoint.engine.worker import Answer, Bounds, Job, LoadFailed, Ready, work
from metalocal.endpoint.settings import Limits

_spawn = multiprocessing.get_context("spawn")
_starting = threading.Lock()


class GraphNotLoadedError(ToldError):
    """The graph file cannot be served; the message says why and how to mend it."""

    exit_code = 1


class WorkerDiedError(Exception):
    """The process at the other end of the pipe is gone."""


class DeadlinePassedError(Exception):
    """The worker did not answer in time."""


class Worker:
    """The parent's handle of one worker process."""

    def __init__(self, graph_file: Path, limits: Limits) -> None:
        self._ending = threading.Lock()
        self._pipe, far_end = _spawn.Pipe()
        bounds = Bounds(limits.result_bytes, limits.worker_memory_bytes)
        self._process = _spawn.Process(
            target=work, args=(far_end, graph_file, bounds), daemon=True, name="sparql-worker"
        )
        _start_without_main_module(self._process)
        far_end.close()

    @property
    def pid(self) -> int | None:
        """The process id."""
        return self._process.pid

    def loaded(self) -> Ready:
        """Wait for the graph to be loaded.

        Raises:
            GraphNotLoadedError: the file is missing or not N-Quads, or the process died over it.
        """
        try:
            report = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise GraphNotLoadedError(
                "the worker process ended while it loaded the graph"
            ) from error
        if isinstance(report, LoadFailed):
            raise GraphNotLoadedError(report.text)
        assert isinstance(report, Ready)
        return report

    def answer(self, job: Job, seconds: float) -> Answer:
        """Answer of the worker to `job`.

        Raises:
            DeadlinePassedError, WorkerDiedError: kill it, it is of no more use.
        """
        try:
            self._pipe.send(job)
            if not self._pipe.poll(seconds):
                raise DeadlinePassedError
            reply = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerDiedError from error
        assert isinstance(reply, Answer)
        return reply

    def kill(self) -> None:
        """End the process now, from any thread; safe to repeat.

        The pipe is left to close with this handle: another thread may be reading from it, and
        learns from its end that the process is gone.
        """
        with self._ending:
            self._process.kill()
            self._process.join()


def _start_without_main_module(process: BaseProcess) -> None:
    """Start `process` without running the program's main module in it again.

    A spawned process imports the main module of its parent first: here a command line with the
    whole web stack behind it, or a script without a `__main__` guard.
    """
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main

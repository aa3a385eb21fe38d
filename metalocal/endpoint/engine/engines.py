"""A graph file -> an engine that gives workers over it: the server's end of its processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from graph_builder.problems import ToldError
from metalocal.endpoint.engine.handle import Worker, WorkerDiedError
from metalocal.endpoint.engine.wire import (
    FORK,
    FORKED,
    Bounds,
    LoadFailed,
    Ready,
    message,
    read_message,
    report_of,
)

_ZYGOTE = "metalocal.endpoint.engine.zygote"
_LONE = "metalocal.endpoint.engine.lone"
_DIED_LOADING = "the engine's process ended while it loaded the graph"


class GraphNotLoadedError(ToldError):
    """The graph file cannot be served; the message says why and how to mend it."""

    exit_code = 1


class EngineLostError(Exception):
    """The engine gives no worker any more."""


class Engine(Protocol):
    """One graph, loaded; `lost` is called when it gives no more workers."""

    loaded: Ready
    lost: Callable[[], None] | None

    async def worker(self) -> Worker:
        """A new worker.

        Raises:
            EngineLostError: there is none to be had.
        """
        ...

    def close(self) -> None:
        """Give no more workers; those there are go on."""
        ...


def can_fork() -> bool:
    """Whether a process can be forked and its sockets handed over."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")


async def open_engine(graph_file: Path, bounds: Bounds, *, fork: bool | None = None) -> Engine:
    """Engine over a graph file, loaded; `fork` chooses the kind, by default what the system can.

    Raises:
        GraphNotLoadedError: names the file, the reason and the remedy.
    """
    kind = ForkingEngine if (can_fork() if fork is None else fork) else LoneEngine
    try:
        return await kind.open(graph_file, bounds)
    except GraphNotLoadedError as error:
        raise GraphNotLoadedError(
            f"The graph file {graph_file} cannot be served: {error}. "
            "Build the graph again, or give the path of an N-Quads file."
        ) from error


def _command(module: str, *arguments: str) -> list[str]:
    """A module of ours in an interpreter like this one, whatever the working directory holds."""
    return [sys.executable, "-P", "-m", module, *arguments]


def _arguments(graph_file: Path, bounds: Bounds) -> list[str]:
    return [str(graph_file), str(bounds.result_bytes), str(bounds.memory_bytes)]


def _ready(report: Ready | LoadFailed) -> Ready:
    if isinstance(report, LoadFailed):
        raise GraphNotLoadedError(report.text)
    return report


class ForkingEngine:
    """A process that holds the graph and forks workers of it: a new one takes milliseconds."""

    lost: Callable[[], None] | None = None

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self.loaded = Ready(frozenset(), 0, "")
        self._process = process
        self._control = control
        self._one_at_a_time = asyncio.Lock()
        self._is_closed = False
        watching = (asyncio.get_running_loop(),)
        threading.Thread(target=self._watch, args=watching, daemon=True).start()

    @property
    def pid(self) -> int:
        """Number of the process that holds the graph."""
        return self._process.pid

    @classmethod
    async def open(cls, graph_file: Path, bounds: Bounds) -> ForkingEngine:
        """Engine over a graph file.

        Raises:
            GraphNotLoadedError: the file is missing or not N-Quads, or the process died over it.
        """
        control, far = socket.socketpair()
        with far:
            process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                _command(_ZYGOTE, str(far.fileno()), *_arguments(graph_file, bounds)),
                pass_fds=[far.fileno()],
                stdin=subprocess.DEVNULL,
            )
        engine = cls(process, control)
        try:
            report = await asyncio.to_thread(_first_report, control)
            engine.loaded = _ready(report)
        except BaseException:
            engine.close()
            raise
        return engine

    async def worker(self) -> Worker:
        """A new worker, forked.

        Raises:
            EngineLostError: the process that forks is gone.
        """
        async with self._one_at_a_time:
            try:
                pid, fds = await asyncio.to_thread(self._forked)
            except OSError as error:
                raise EngineLostError from error
        near, *handles = fds
        return await _attached(socket.socket(fileno=near), pid, lambda: _kill_by(handles))

    def _forked(self) -> tuple[int, list[int]]:
        self._control.sendall(message(FORK))
        content, fds, _flags, _address = socket.recv_fds(self._control, FORKED.size, 2)
        if not fds:
            raise ConnectionError
        return FORKED.unpack(content)[0], list(fds)

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell when the process has ended of itself or by a signal; in a thread of its own."""
        self._process.wait()
        if not self._is_closed:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody asks any more
                loop.call_soon_threadsafe(self._tell_lost)

    def _tell_lost(self) -> None:
        if self.lost and not self._is_closed:
            self.lost()

    def close(self) -> None:
        """Give no more workers; those there are go on."""
        if not self._is_closed:
            self._is_closed = True
            self._process.kill()
            with contextlib.suppress(OSError):
                self._control.shutdown(socket.SHUT_RDWR)
            self._process.wait()
            self._control.close()


def _first_report(control: socket.socket) -> Ready | LoadFailed:
    try:
        with control.makefile("rb") as stream:
            return report_of(*read_message(stream))
    except (EOFError, OSError) as error:
        raise GraphNotLoadedError(_DIED_LOADING) from error


def _kill_by(handles: list[int]) -> None:
    """Kill the process that the descriptor stands for, if it is still there.

    Without a descriptor (no Linux) the process ends because its socket closes.
    """
    for handle in handles:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        os.close(handle)


class LoneEngine:
    """Workers that each load the graph file: slower to replace, for systems that cannot fork."""

    lost: Callable[[], None] | None = None

    def __init__(self, graph_file: Path, bounds: Bounds) -> None:
        self.loaded = Ready(frozenset(), 0, "")
        self._graph_file, self._bounds = graph_file, bounds
        self._first: Worker | None = None

    @classmethod
    async def open(cls, graph_file: Path, bounds: Bounds) -> LoneEngine:
        """Engine over a graph file.

        Raises:
            GraphNotLoadedError: the file is missing or not N-Quads, or the process died over it.
        """
        engine = cls(graph_file, bounds)
        engine._first, engine.loaded = await engine._started()
        return engine

    async def worker(self) -> Worker:
        """A new worker over the same graph.

        Raises:
            EngineLostError: the file can no longer be loaded, or holds another graph by now.
        """
        first, self._first = self._first, None
        if first and not first.is_gone:
            return first
        try:
            worker, loaded = await self._started()
        except GraphNotLoadedError as error:
            raise EngineLostError from error
        if loaded != self.loaded:
            worker.kill()
            raise EngineLostError
        return worker

    async def _started(self) -> tuple[Worker, Ready]:
        near, far = socket.socketpair()
        with far:
            process = _lone_process(far, _arguments(self._graph_file, self._bounds))
        worker = await _attached(near, process.pid, lambda: _kill_and_reap(process))
        try:
            return worker, _ready(report_of(*await worker.receive()))
        except (WorkerDiedError, GraphNotLoadedError) as error:
            worker.kill()
            reason = _DIED_LOADING if isinstance(error, WorkerDiedError) else str(error)
            raise GraphNotLoadedError(reason) from error

    def close(self) -> None:
        """Give no more workers; those there are go on."""
        if self._first:
            self._first.kill()


def _lone_process(far: socket.socket, arguments: list[str]) -> subprocess.Popen[bytes]:
    """Process that answers at the other end of `far`."""
    if sys.platform == "win32":  # which has no numbers for sockets; never run by our tests
        process = subprocess.Popen(_command(_LONE, "-", *arguments), stdin=subprocess.PIPE)  # noqa: S603  (our own interpreter and module)
        process.communicate(far.share(process.pid))
        return process
    return subprocess.Popen(  # noqa: S603  (our own interpreter and module)
        _command(_LONE, str(far.fileno()), *arguments),
        pass_fds=[far.fileno()],
        stdin=subprocess.DEVNULL,
    )


def _kill_and_reap(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    threading.Thread(target=process.wait).start()


async def _attached(near: socket.socket, pid: int, end: Callable[[], None]) -> Worker:
    """Worker at the other end of `near`."""
    worker = Worker(pid, end)
    near.setblocking(False)
    await asyncio.get_running_loop().connect_accepted_socket(lambda: worker, near)
    return worker

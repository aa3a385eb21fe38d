"""An app and its pool -> a server on one address that ends in order when it is told to."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from graph_builder.problems import ToldError
from metalocal.endpoint.connections import http_options
from metalocal.endpoint.engine.pool import Pool
from metalocal.endpoint.operations.logs import event
from metalocal.endpoint.operations.notify import notify
from metalocal.endpoint.settings import Listening

_log = logging.getLogger(__name__)


class CannotListenError(ToldError):
    """The address cannot be listened on; the message says why and how to mend it."""

    exit_code = 1


def run(app: Starlette, pool: Pool, listening: Listening, announce: Callable[[str], None]) -> None:
    """Answer until told to end; `announce` gets the address once it is answered at.

    SIGTERM or SIGINT: no new connection is taken, queries that run get `drain_seconds` to end,
    then they are refused; a second SIGINT ends at once. SIGHUP: the graph file is loaded anew.

    Raises:
        CannotListenError, GraphNotLoadedError: before anything is answered.
        KeyboardInterrupt: a second SIGINT came.
    """
    with _bound(listening.host, listening.port) as bound:
        config = uvicorn.Config(
            app,
            lifespan="off",  # `_served` starts and stops the pool
            access_log=False,
            log_config=None,
            log_level="warning",
            server_header=False,
            limit_concurrency=listening.connections,
            timeout_graceful_shutdown=math.ceil(listening.drain_seconds) + 2,
            **http_options(),
        )
        server = _Server(config, app, pool, listening)
        try:
            asyncio.run(_served(server, pool, bound, announce))
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None


async def _served(
    server: _Server, pool: Pool, bound: socket.socket, announce: Callable[[str], None]
) -> None:
    """Serve until told to end; the graph is loaded before anything listens."""
    try:
        await pool.start()
        if hasattr(signal, "SIGHUP"):
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGHUP, pool.reload_in_background)
        server.announce = lambda: announce(_address(bound))
        server.serving = asyncio.current_task()
        await server.serve([bound])
    finally:
        await pool.stop()
    event(_log, logging.INFO, "stopped")


class _Server(uvicorn.Server):
    """uvicorn's server, with an end of our own: in order, and with exit code 0."""

    def __init__(
        self, config: uvicorn.Config, app: Starlette, pool: Pool, listening: Listening
    ) -> None:
        super().__init__(config)
        self.announce: Callable[[], None] = lambda: None
        self.serving: asyncio.Task[None] | None = None
        self._app = app
        self._pool = pool
        self._listening = listening
        self._told_at: float | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals that end us; uvicorn would raise them again and lose the exit code."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note that we are told to end; at a second Ctrl-C, give up all that is under way.

        A KeyboardInterrupt of Python's own could rise within any request and be taken for its
        failure.
        """
        if self._told_at is None:
            self._told_at = time.monotonic()
        elif sig == signal.SIGINT and self.serving:
            self.serving.get_loop().call_soon_threadsafe(self.serving.cancel)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self.announce()
            event(_log, logging.INFO, "listening")
            notify("READY=1")

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to end now, some time after we were told to."""
        if self._told_at is not None:
            if not getattr(self._app.state, "draining", False):
                self._app.state.draining = True
                notify("STOPPING=1")
                event(_log, logging.INFO, "draining")
            passed = time.monotonic() - self._told_at
            self.should_exit = passed >= self._listening.notice_seconds
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections; after a while refuse the queries that still run."""
        ending = asyncio.create_task(self._end_queries())
        try:
            await super().shutdown(sockets)
        finally:
            ending.cancel()

    async def _end_queries(self) -> None:
        await asyncio.sleep(self._listening.drain_seconds)
        event(_log, logging.WARNING, "ending the queries that still run")
        await self._pool.stop()


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to the address, which nobody else can take from here on."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        bound = socket.create_server(found[0][4][:2], family=found[0][0], backlog=2048)
    except (OSError, UnicodeError) as error:
        reason = "it is not an address or a host name"
        if isinstance(error, OSError) and not isinstance(error, socket.gaierror):
            reason = os.strerror(error.errno or 0)
        raise CannotListenError(
            f"cannot listen on {host} port {port}: {reason}; choose another with --port or --host"
        ) from error
    with bound:
        yield bound


def _address(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

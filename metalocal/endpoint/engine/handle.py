"""The server's end of one worker: a job sent, its answer awaited, the process ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from metalocal.endpoint.engine.wire import HEAD, Answer, Job, answer_of, job_message


class WorkerDiedError(Exception):
    """The process at the other end is gone."""


class Worker(asyncio.Protocol):
    """One worker process, asked one job at a time.

    Args:
        pid: its number, for people and logs.
        end: kills the process; called once at most.
        lost: called once when the process is gone, whoever ended it.
    """

    def __init__(
        self, pid: int, end: Callable[[], None], lost: Callable[[Worker], None] | None = None
    ) -> None:
        self.pid = pid
        self.lost = lost
        self.is_gone = False
        self._end = end
        self._is_ended = False
        self._received = bytearray()
        self._reply: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to the process."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Collect a message; who waits for it gets it whole."""
        self._received += data
        if len(self._received) < HEAD.size:
            return
        length, kind = HEAD.unpack_from(self._received)
        if len(self._received) < HEAD.size + length or not self._reply or self._reply.done():
            return
        content = bytes(self._received[HEAD.size : HEAD.size + length])
        self._received.clear()
        self._reply.set_result((kind, content))

    def connection_lost(self, error: Exception | None) -> None:
        """Tell who waits, and the pool, that the process is gone."""
        del error
        self.is_gone = True
        if self._reply and not self._reply.done():
            self._reply.set_exception(WorkerDiedError())
        self.kill()
        if self.lost:
            self.lost(self)

    async def answer(self, job: Job) -> Answer:
        """Answer of the worker to `job`; cancelled, or after an error, the worker is of no use.

        Raises:
            WorkerDiedError: the process is gone.
        """
        receiving = self.receive()
        assert self._transport is not None
        self._transport.write(job_message(job))
        return answer_of(*await receiving)

    def receive(self) -> asyncio.Future[tuple[int, bytes]]:
        """Kind and content of the next message."""
        self._reply = asyncio.get_running_loop().create_future()
        if self.is_gone:
            self._reply.set_exception(WorkerDiedError())
        return self._reply

    def kill(self) -> None:
        """End the process now; safe to repeat."""
        if not self._is_ended:
            self._is_ended = True
            self._end()
            if self._transport:
                self._transport.abort()

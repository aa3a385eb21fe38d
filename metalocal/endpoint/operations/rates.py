"""How often one client may ask, and how many of its requests are at work at once."""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_MOST_CLIENTS = 10_000


class TokenBuckets:
    """One bucket a client: a minute's requests at most, refilled evenly.

    Only the `most_clients` seen last are remembered; who was forgotten starts with a full bucket.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        most_clients: int = _MOST_CLIENTS,
    ) -> None:
        self._capacity = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._most_clients = most_clients
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """How many clients are remembered."""
        return len(self._buckets)

    def seconds_to_wait(self, client: str) -> int:
        """0 and a token taken, or else the whole seconds until there is one."""
        now = self._clock()
        tokens, since = self._buckets.pop(client, (self._capacity, now))
        tokens = min(self._capacity, tokens + (now - since) * self._per_second)
        taken = tokens >= 1
        self._buckets[client] = (tokens - 1 if taken else tokens, now)
        if len(self._buckets) > self._most_clients:
            self._buckets.popitem(last=False)
        return 0 if taken else math.ceil((1 - tokens) / self._per_second)


class CrowdedError(Exception):
    """A client has too many requests in its line, or one waited there too long."""


@dataclass
class _Line:
    turns: asyncio.Semaphore
    members: int = field(default=0)


class Shares:
    """At most `at_once` requests of a client at work and `line` more in a line of its own.

    So one client never holds every worker, nor every place in the queue before them, and what it
    asks at a time is served in order. Only clients with a request here take memory.
    """

    def __init__(self, at_once: int, line: int, seconds: float) -> None:
        self._at_once = at_once
        self._line = line
        self._seconds = seconds
        self._lines: dict[str, _Line] = {}

    def __len__(self) -> int:
        """How many clients have a request here."""
        return len(self._lines)

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Around the work on a request, from when it is its turn.

        Raises:
            CrowdedError: the client's line is full, or the wait took `seconds`.
        """
        line = self._lines.setdefault(client, _Line(asyncio.Semaphore(self._at_once)))
        if line.members >= self._at_once + self._line:
            raise CrowdedError
        line.members += 1
        try:
            await self._acquire(line.turns)
            try:
                yield
            finally:
                line.turns.release()
        finally:
            line.members -= 1
            if not line.members:
                del self._lines[client]

    async def _acquire(self, turns: asyncio.Semaphore) -> None:
        if not turns.locked():
            await turns.acquire()
            return
        try:
            async with asyncio.timeout(self._seconds):
                await turns.acquire()
        except TimeoutError:
            raise CrowdedError from None

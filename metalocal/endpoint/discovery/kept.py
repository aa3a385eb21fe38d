"""What is made of the served graph -> the same without asking again, until another is served."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from starlette.requests import Request

from metalocal.endpoint.engine.wire import Ready
from metalocal.endpoint.service import Service

Made = TypeVar("Made")
Make = Callable[[Service, Request], Awaitable[Made]]


def kept(make: Make[Made]) -> Make[Made]:
    """`make`, but run once for each graph that a service loads; nobody may change what it gives.

    What was made while the graph was replaced is given once and not kept.
    """
    shelf: WeakKeyDictionary[Service, tuple[Ready, Made]] = WeakKeyDictionary()

    @wraps(make)
    async def found(service: Service, request: Request) -> Made:
        loaded = service.pool.loaded
        before = shelf.get(service)
        if before and before[0] is loaded:
            return before[1]
        made = await make(service, request)
        if loaded and service.pool.loaded is loaded:
            shelf[service] = (loaded, made)
        return made

    return found

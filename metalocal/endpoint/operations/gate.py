"""The gate before the routes: a request in, passed on or refused by its client's rate."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from metalocal.endpoint.envelope import refused
from metalocal.endpoint.operations.addresses import client_of, counted_as, is_local
from metalocal.endpoint.operations.metrics import Observer
from metalocal.endpoint.operations.rates import CrowdedError, Shares, TokenBuckets
from metalocal.endpoint.settings import Front, Limits

_FREE = ("/health", "/metrics")
_COSTLY = ("/sparql", "/store", "/dump.nq", "/api", "/ask", "/explore", "/maps")


class Gate:
    """Counts requests by client, and those at once where they cost work.

    Health and metrics are free, and a program on this machine is let through.
    """

    def __init__(self, app: ASGIApp, front: Front, limits: Limits, observer: Observer) -> None:
        self._app = app
        self._observer = observer
        self._prefix = urlsplit(front.public_url).path.rstrip("/")
        self._per_minute, self._at_once = front.requests_per_minute, front.at_once
        self._buckets = TokenBuckets(front.requests_per_minute)
        self._shares = Shares(front.at_once, max(1, limits.waiting // 4), limits.seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when it is its client's turn."""
        if scope["type"] != "http" or _is_below(_FREE, scope["path"]) or is_local(scope):
            await self._app(scope, receive, send)
            return
        client = counted_as(client_of(scope))
        seconds = self._buckets.seconds_to_wait(client) if self._per_minute else 0
        if seconds:
            self._observer.refused("rate")
            text = f"{self._per_minute} requests a minute are answered to one client"
            await self._refuse(text, seconds, scope)(scope, receive, send)
        elif not self._at_once or not _is_below(_COSTLY, scope["path"]):
            await self._app(scope, receive, send)
        else:
            await self._in_turn(client, scope, receive, send)

    async def _in_turn(self, client: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with self._shares.turn(client):
                await self._app(scope, receive, send)
        except CrowdedError:
            self._observer.refused("share")
            text = f"{self._at_once} queries of one client run at a time, and more are in line"
            await self._refuse(text, 10, scope)(scope, receive, send)

    def _refuse(self, reason: str, seconds: int, scope: Scope) -> ASGIApp:
        unit = "second" if seconds == 1 else "seconds"
        text = f"Too many requests: {reason}. Try again in {seconds} {unit}."
        public = {**scope, "root_path": self._prefix}  # which is put there further in
        return refused(public, 429, text, {"Retry-After": str(seconds)})


def _is_below(places: tuple[str, ...], path: str) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)

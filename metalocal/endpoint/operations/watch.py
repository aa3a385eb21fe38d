"""Each request -> an id that goes back, a line in the log, and a count."""

from __future__ import annotations

import logging
import re
import secrets
import time
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from metalocal.endpoint.operations.addresses import client_of, shortened
from metalocal.endpoint.operations.logs import REQUEST_ID, event
from metalocal.endpoint.operations.metrics import Observer
from metalocal.endpoint.settings import Front

_log = logging.getLogger(__name__)
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
_QUIET = ("/health", "/metrics")
NO_ROUTE = "none"


@dataclass
class _Sent:
    """What went back: 500 where nothing did."""

    status: int = 500
    bytes: int = 0


class Watch:
    """The outermost layer: sees every request once it is over, however it ended."""

    def __init__(self, app: ASGIApp, front: Front, observer: Observer) -> None:
        self._app = app
        self._front = front
        self._observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        sent = _Sent()

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent.status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)
            sent.bytes += len(message.get("body", b""))

        began = time.perf_counter()
        token = REQUEST_ID.set(request_id)
        try:
            await self._app(scope, receive, send_and_count)
        finally:
            self._tell(scope, sent, 1000 * (time.perf_counter() - began))
            REQUEST_ID.reset(token)

    def _tell(self, scope: Scope, sent: _Sent, milliseconds: float) -> None:
        route = _pattern(scope)
        self._observer.request_answered(route, scope["method"], sent.status)
        if sent.status == 421:
            self._observer.refused("host")
        if sent.status < 400 and route.startswith(_QUIET):
            return
        address = client_of(scope)
        fields = {
            "route": route,
            "method": scope["method"],
            "status": sent.status,
            "milliseconds": round(milliseconds, 1),
            "bytes": sent.bytes,
            "client": address if self._front.log_addresses else shortened(address),
        }
        if self._front.log_queries and "query_text" in scope.get("state", {}):
            fields["query"] = scope["state"]["query_text"]
        event(_log, logging.WARNING if sent.status >= 500 else logging.INFO, "request", fields)


def _pattern(scope: Scope) -> str:
    """Path of the route that answered; of what is mounted, the place where it is."""
    endpoint = scope.get("endpoint")
    for route in scope["app"].routes if endpoint else ():
        if isinstance(route, Mount) and route.app == endpoint:
            return f"{route.path}/*"
        if getattr(route, "endpoint", None) == endpoint:
            return str(route.path)
    return NO_ROUTE

"""What goes around every answer: the headers, the Host check, and refusals in words."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from collections.abc import Collection, Mapping

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.refusal_page import refusal_page, wants_page
from metalocal.endpoint.settings import ANY_HOST

_log = logging.getLogger(__name__)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After, ETag, Link, Content-Location",
    "Vary": "Accept",
    "Cache-Control": "no-store",
}
_ENCODED = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")


def plain_text(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """Lines for a person, never to be taken for HTML."""
    return PlainTextResponse(text.rstrip("\n") + "\n", status, dict(headers or {}))


def refused(
    scope: Scope, status: int, text: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A refusal: a page for a browser, the same sentences as plain text for programs."""
    request = Request(scope)
    if wants_page(request):
        return refusal_page(request, status, text, headers)
    return plain_text(status, text, headers)


async def refusal_answer(request: Request, error: Exception) -> Response:
    """Answer to a request that was refused."""
    assert isinstance(error, RefusedError)
    return refused(request.scope, error.status, error.text, error.headers)


class Envelope:
    """The outermost layer of the app."""

    def __init__(self, app: ASGIApp, allowed_hosts: Collection[str]) -> None:
        self._app = app
        self._allowed_hosts = frozenset(name.lower() for name in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, if it is meant for us, and complete its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        _take_origin_form(scope)
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _complete(message["headers"])
            await send(message)

        is_ours = self._allows(Headers(scope=scope).get("host", ""))
        app = self._app if is_ours else refused(scope, 421, _WRONG_HOST)
        try:
            await app(scope, receive, send_with_headers)
        except asyncio.CancelledError:  # by the server, which ends
            if not started:
                await plain_text(503, _ENDED, {"Retry-After": "10"})(
                    scope, receive, send_with_headers
                )
        except Exception as error:
            _log_without_values(error)
            if started:
                raise
            await _own_fault(scope)(scope, receive, send_with_headers)

    def _allows(self, host: str) -> bool:
        """Whether this Host header is well formed and names us."""
        parts = _HOST.fullmatch(host)
        named = parts is not None and parts[1].lower() in self._allowed_hosts
        return named or (parts is not None and not self._allowed_hosts.isdisjoint(ANY_HOST))


def _complete(headers: list[tuple[bytes, bytes]]) -> None:
    """Add the headers of every answer that this one does not set itself."""
    given = {name for name, _ in headers}
    headers += [header for header in _ENCODED if header[0] not in given]


def _take_origin_form(scope: Scope) -> None:
    """Turn a target that is a whole address into its path, its host going before the header's.

    Servers must take that form, which clients send to proxies (RFC 9112, section 3.2.2).
    """
    scheme, mark, rest = scope["path"].partition("://")
    if mark and scheme in ("http", "https"):
        host, _, path = rest.partition("/")
        scope["path"] = f"/{path}"
        others = [header for header in scope["headers"] if header[0] != b"host"]
        scope["headers"] = [(b"host", host.encode("utf-8", "replace")), *others]


def _own_fault(scope: Scope) -> Response:
    """Answer to a request we failed over; it tells nothing of what failed."""
    try:
        return refused(scope, 500, _OWN_FAULT)
    except Exception as error:  # then it is the page that fails
        _log_without_values(error)
        return plain_text(500, _OWN_FAULT)


def _log_without_values(error: Exception) -> None:
    """Where it happened and what class it is: the message could quote a query."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("Own fault, answered with 500: %s\n%s", type(error).__name__, frames)


_WRONG_HOST = (
    "The Host header does not name this endpoint; use the address it was started with, or start "
    "it with this name among its allowed hosts."
)
_ENDED = "Not answered: the endpoint was ended."
_OWN_FAULT = "The endpoint failed over this request, which is its own fault; the log says where."

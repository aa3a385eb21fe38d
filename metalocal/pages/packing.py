"""Answers -> the same compressed: pages and what they load, for clients that ask for it.

Data for programs goes out as it is: to compress it would cost them more than it saves on a fast
line, and the one large file, the dump, is kept compressed.
"""

from __future__ import annotations

import gzip

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TYPES = ("text/html", "text/css", "text/javascript", "image/svg+xml")
_JSON = "application/json"
_JSON_BELOW = ("/ask/", "/explore/", "/maps/", "/sparql/")
"""Where scripts of the pages fetch JSON."""

_SMALLEST = 2_000  # bytes
_IN_A_THREAD = 200_000  # bytes; what is less is compressed in under 3 ms
_LEVEL = 5


class Packing:
    """The innermost layer of the app: what it does not compress, it passes on untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and compress its answer, if it is a page in one piece."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kept: Message | None = None

        async def send_packed(message: Message) -> None:
            nonlocal kept
            if message["type"] == "http.response.start" and _is_of_a_page(scope, message):
                _say_that_it_varies(MutableHeaders(scope=message))
                if takes_gzip(Headers(scope=scope).get("accept-encoding", "")):
                    kept = message
                    return
            elif kept is not None:
                start, kept = kept, None
                await _pack(start, message)
                await send(start)
            await send(message)

        await self._app(scope, receive, send_packed)


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a client wants gzip: named, or by `*`, and not with weight 0.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("*"), takes_gzip("gzip;q=0"), takes_gzip("")
    (True, True, False, False)
    """
    weights = {}
    for part in accept_encoding.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        weights[coding] = weight.strip("0.") != "" if weight else True
    return weights.get("gzip", weights.get("*", False))


def packed(body: bytes, level: int = _LEVEL) -> bytes:
    """`body` compressed, without a time, so that equal bodies stay equal."""
    return gzip.compress(body, level, mtime=0)


def _is_of_a_page(scope: Scope, start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    kind = headers.get("content-type", "").partition(";")[0]
    if "content-encoding" in headers:
        return False
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return kind in _TYPES or (kind == _JSON and path.startswith(_JSON_BELOW))


def _say_that_it_varies(headers: MutableHeaders) -> None:
    headers.setdefault("Vary", "Accept")
    if "accept-encoding" not in headers["Vary"].lower():
        headers.add_vary_header("Accept-Encoding")


async def _pack(start: Message, message: Message) -> None:
    """Compress the body in `message` in place, and say so in `start`; a stream is left alone."""
    body = message.get("body", b"")
    if len(body) < _SMALLEST or message.get("more_body"):
        return
    in_a_thread = len(body) >= _IN_A_THREAD
    message["body"] = await to_thread.run_sync(packed, body) if in_a_thread else packed(body)
    headers = MutableHeaders(raw=start["headers"])
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(message["body"]))

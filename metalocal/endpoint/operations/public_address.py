"""The address a client knows, put in place of the one a proxy asked at."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send


class PublicAddress:
    """Makes `request.url` the public one; the proxy passes paths on without the public prefix."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        parts = urlsplit(public_url)
        self._app = app
        self._scheme = parts.scheme
        self._host = parts.netloc.encode("ascii")
        self._prefix = parts.path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on under its public address."""
        if scope["type"] == "http":
            others = [header for header in scope["headers"] if header[0] != b"host"]
            # changed in place: whoever watches from outside reads the route found further in
            scope["headers"] = [(b"host", self._host), *others]
            scope["scheme"] = self._scheme
            scope["root_path"] = self._prefix
            scope["path"] = self._prefix + scope["path"]
        await self._app(scope, receive, send)

"""The door of `/api`: makes the application for the graph that is served, and keeps the bounds."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from anyio import Lock, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from metalocal.catalogue import catalogue
from metalocal.endpoint.api import problems
from metalocal.endpoint.api.asking import Answering
from metalocal.endpoint.api.contents import Contents, contents_of
from metalocal.endpoint.api.reading import bounded_body, refuse_ill_formed
from metalocal.endpoint.api.served_graph import ServedGraph, on_behalf_of
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service

_PREFLIGHT = {
    "Allow": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Expose-Headers": "Link",
    "Access-Control-Max-Age": "86400",
}


class Gate:
    """`/api` as an ASGI application.

    What it offers depends on the graph (attributes, closed lists of words): it is made at the
    first request, and anew when another graph is served.
    """

    def __init__(self, service: Service, folder: Path) -> None:
        self._service, self._folder = service, folder
        self._queries = catalogue(folder)
        self._app: ASGIApp | None = None
        self._made_for: object = None
        self._making = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if request.method == "OPTIONS":
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return
        try:
            refuse_ill_formed(request)
            if request.method == "POST":
                receive = await bounded_body(request)
            app = await self._application(request)
        except RefusedError as error:
            refusal = problems.problem(error.status, error.text, headers=error.headers)
            await refusal(scope, receive, send)
            return
        method = "GET" if request.method == "HEAD" else request.method  # the server drops the body
        await app({**scope, "method": method}, receive, send)

    async def _application(self, request: Request) -> ASGIApp:
        served = self._service.pool.loaded
        if self._app is None or served is not self._made_for:
            async with self._making:
                if self._app is None or served is not self._made_for:
                    self._app, self._made_for = await self._made(request), served
        return self._app

    async def _made(self, request: Request) -> ASGIApp:
        """The application for the graph that is served now."""
        graph = ServedGraph(self._service)
        read = partial(contents_of, graph, self._folder, self._queries)
        contents = await on_behalf_of(request, self._service.limits.seconds, read)
        answering = Answering(self._service, self._folder)
        return await to_thread.run_sync(_application_of, self._service, contents, answering)


def _application_of(service: Service, contents: Contents, answering: Answering) -> ASGIApp:
    """The application; what it is made with takes a third of a second to load."""
    from metalocal.endpoint.api.application import application  # noqa: PLC0415  (as just told)

    return application(service, contents, answering)


class AtRoot:
    """The gate for the path `/api` itself, which the mount of what lies below it does not take."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as at `/api/`."""
        root = f"{scope.get('root_path', '')}/api"
        await self._gate({**scope, "root_path": root, "path": f"{root}/"}, receive, send)

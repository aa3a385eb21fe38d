"""The routes: `/` says what this is, `/sparql` answers queries over one graph file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from metalocal.endpoint.api import api_routes
from metalocal.endpoint.discovery import discovery_routes
from metalocal.endpoint.engine.pool import Pool
from metalocal.endpoint.envelope import Envelope, plain_text, refusal_answer
from metalocal.endpoint.operations import operations_routes
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.resources import resource_routes
from metalocal.endpoint.service import Service
from metalocal.endpoint.settings import LOOPBACK_NAMES, Limits, Sources, names_answered_to
from metalocal.endpoint.sparql import METHODS, sparql_routes
from metalocal.endpoint.store import store_routes

_DEFAULT_LIMITS = Limits()
_WELCOME = """\
This is a metalocal endpoint: evidence on local therapy in metastatic breast cancer as a graph.
Ask it in SPARQL 1.1 at /sparql (GET ?query=..., or POST); it is read-only.
GET /sparql without parameters describes the service and lists its named graphs.
metalocal informs; it does not advise.
"""


def create_app(
    sources: Sources,
    limits: Limits = _DEFAULT_LIMITS,
    *,
    allowed_hosts: Collection[str] = LOOPBACK_NAMES,
) -> Starlette:
    """Endpoint over the files of `sources`; its lifespan starts and ends the workers.

    Args:
        sources: the graph, loaded once, and the named queries.
        limits: see `Limits`.
        allowed_hosts: the Host names answered to, without port; `("*",)` for any.
    """
    return _app(Pool(sources.graph_file, limits), limits, sources, allowed_hosts)


def serve(
    sources: Sources,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    limits: Limits = _DEFAULT_LIMITS,
    allowed_hosts: Collection[str] | None = None,
) -> None:
    """Answer at http://host:port/sparql until interrupted; prints nothing of its own.

    Without `allowed_hosts`, a loopback address answers to loopback names, any other to all names.

    Raises:
        GraphNotLoadedError: before anything listens.
    """
    pool = Pool(sources.graph_file, limits)
    pool.start()
    names = names_answered_to(host) if allowed_hosts is None else allowed_hosts
    try:
        uvicorn.run(
            _app(pool, limits, sources, names),
            host=host,
            port=port,
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    finally:
        pool.stop()


def _app(pool: Pool, limits: Limits, sources: Sources, allowed_hosts: Collection[str]) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            await to_thread.run_sync(pool.start)
            yield
        finally:
            pool.stop()

    service = Service(pool, limits, sources)
    app = Starlette(
        routes=[
            Route("/", _welcome),
            *sparql_routes(service),
            *store_routes(service),
            *discovery_routes(service),
            *api_routes(service),
            *operations_routes(service),
            *resource_routes(service),
        ],
        middleware=[Middleware(Envelope, allowed_hosts=allowed_hosts)],
        exception_handlers={RefusedError: refusal_answer, HTTPException: _no_route},
        lifespan=lifespan,
    )
    app.state.pool = pool
    return app


async def _welcome(_request: Request) -> Response:
    return plain_text(200, _WELCOME)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        text = "This method is not taken here; query with GET or POST at /sparql."
        return plain_text(405, text, METHODS)
    if error.status_code == 404:
        return plain_text(404, "There is nothing at this path; queries go to /sparql.")
    return plain_text(error.status_code, f"{error.detail}.")

"""The routes of endpoint and explorer into one app over one graph file, and the app served."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from metalocal.endpoint.api import api_routes
from metalocal.endpoint.discovery import discovery_routes
from metalocal.endpoint.engine.pool import Pool
from metalocal.endpoint.envelope import refusal_answer, refused
from metalocal.endpoint.operations.layers import layers
from metalocal.endpoint.operations.metrics import Observer
from metalocal.endpoint.operations.routes import operations_routes
from metalocal.endpoint.operations.serving import run
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.resources import resource_routes
from metalocal.endpoint.service import Service
from metalocal.endpoint.settings import Front, Limits, Listening, Sources
from metalocal.endpoint.sparql import METHODS, sparql_routes
from metalocal.endpoint.store import store_routes
from metalocal.explorer import Explorer
from metalocal.explorer.things.view import thing_page
from metalocal.pages.assets import asset_routes

_DEFAULT_LIMITS = Limits()
_DEFAULT_FRONT = Front()


def create_app(
    sources: Sources, limits: Limits = _DEFAULT_LIMITS, front: Front = _DEFAULT_FRONT
) -> Starlette:
    """Endpoint over the files of `sources`; its lifespan starts and ends the workers."""
    observer = Observer()
    return _app(Pool(sources.graph_file, limits, observer), limits, sources, front, observer)


def serve(
    sources: Sources,
    listening: Listening,
    limits: Limits = _DEFAULT_LIMITS,
    front: Front = _DEFAULT_FRONT,
    announce: Callable[[str], None] = lambda _address: None,
) -> None:
    """Answer where `listening` says until told to end; `announce` gets the address.

    Raises:
        CannotListenError, GraphNotLoadedError: before anything is answered.
    """
    observer = Observer()
    pool = Pool(sources.graph_file, limits, observer)
    run(_app(pool, limits, sources, front, observer), pool, listening, announce)


def _app(
    pool: Pool, limits: Limits, sources: Sources, front: Front, observer: Observer
) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            await pool.start()
            yield
        finally:
            await pool.stop()

    service = Service(pool, limits, sources)
    explorer = Explorer(service)
    app = Starlette(
        routes=[
            *sparql_routes(service),
            *store_routes(service),
            *discovery_routes(service, explorer.person_came),
            *api_routes(service),
            *operations_routes(service, observer, front),
            *explorer.routes(),
            *resource_routes(service, thing_page),
            *asset_routes(),
        ],
        middleware=layers(front, limits, observer),
        exception_handlers={RefusedError: refusal_answer, HTTPException: _no_route},
        lifespan=lifespan,
    )
    app.state.pool = pool
    return app


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status, text, headers = error.status_code, f"{error.detail}.", {}
    if status == 405:
        headers = {"Allow": (error.headers or METHODS)["Allow"]}
        text = f"This method is not taken here, only {headers['Allow']}; queries go to /sparql."
    if status == 404:
        text = "There is nothing at this path; queries go to /sparql."
    return refused(request.scope, status, text, headers)

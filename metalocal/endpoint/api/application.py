"""Named queries, attributes and answers -> the FastAPI application that `/api` is."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from graph_builder.problems import ProblemsFoundError
from metalocal.answers import NOTICE
from metalocal.catalogue import CatalogueError
from metalocal.endpoint.api import handlers, listing, problems, routes
from metalocal.endpoint.api.asking import Answering
from metalocal.endpoint.api.contents import Contents
from metalocal.endpoint.api.operations import answer_operation, query_operation
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service
from metalocal.locations import version

_ABOUT = f"""\
The named queries of metalocal, one operation each: evidence on local therapy in metastatic breast
cancer. A value left out is unknown, and unknown is never "no". Numbers are read to six decimals.
Rows come as JSON, SPARQL results (JSON, XML), CSV or TSV, by the Accept header or by `format`; with
`limit` and `offset` a page at a time. {NOTICE}
"""


def application(service: Service, contents: Contents, answering: Answering) -> ASGIApp:
    """The API over `contents`; its refusals are problem details, its own faults are raised."""
    api = FastAPI(
        title="metalocal",
        version=version(),
        description=_ABOUT,
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        exception_handlers={
            RequestValidationError: handlers.invalid,
            RefusedError: handlers.refused,
            ProblemsFoundError: handlers.contradictory,
            CatalogueError: handlers.no_term,
            HTTPException: handlers.no_operation(contents.queries),
        },
    )
    listing.add_lists(api, contents.queries, contents.patients.attributes)
    for query in contents.queries.values():
        routes.add(api, query_operation(service, query, contents))
    routes.add(api, answer_operation(contents.patients, answering))
    api.openapi_schema = _document(api)
    stack = api.build_middleware_stack()
    assert isinstance(stack, ServerErrorMiddleware)
    return _with_app(stack.app, api)  # without that layer, which would answer a fault by itself


def _with_app(layers: ASGIApp, api: FastAPI) -> ASGIApp:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        await layers({**scope, "app": api}, receive, send)

    return call


def _document(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: as FastAPI makes it, with our refusals in place of its own."""
    found = get_openapi(
        title=api.title,
        version=api.version,
        description=api.description,
        routes=api.routes,
        separate_input_output_schemas=False,
        servers=[{"url": "/api"}],
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = problems.SCHEMA
    operations = [one for path in found["paths"].values() for one in path.values()]
    for answers in (operation["responses"] for operation in operations):
        if problems.MEDIA_TYPE not in answers.get("422", {}).get("content", {}):
            answers.pop("422", None)
    return found

"""An operation -> its routes of a FastAPI application: GET, and POST where a body can tell."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body, FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response

from metalocal.endpoint.api import problems
from metalocal.endpoint.api.fields import model_of
from metalocal.endpoint.api.operations import Operation
from metalocal.endpoint.api.reading import refuse_repeated


def add(api: FastAPI, operation: Operation) -> None:
    """Add the routes of `operation`."""
    _add_get(api, operation)
    if operation.in_body:
        _add_post(api, operation)


def _add_get(api: FastAPI, operation: Operation) -> None:
    in_url = model_of(f"{operation.name}_url", operation.in_url)
    repeatable = {slot.name for slot in operation.in_url if slot.many}

    async def get(request: Request, asked: Any) -> Response:
        refuse_repeated(request, repeatable)
        return await operation.respond(request, asked.values(), None)

    _sign(get, asked=Annotated[in_url, Query()])
    _route(api, operation, get, "GET")


def _add_post(api: FastAPI, operation: Operation) -> None:
    beside = model_of(f"{operation.name}_page", operation.beside_body)
    in_body = model_of(f"{operation.name}_body", operation.in_body)

    async def post(request: Request, asked: Any, told: Any) -> Response:
        refuse_repeated(request, ())
        return await operation.respond(request, asked.values(), told.values())

    _sign(post, asked=Annotated[beside, Query()], told=Annotated[in_body, Body()])
    _route(api, operation, post, "POST")


def _sign(function: Callable[..., Any], **annotations: Any) -> None:
    """Give a function the signature that FastAPI reads: a request, and models made at run time."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [
        inspect.Parameter(name, kind, annotation=annotation)
        for name, annotation in {"request": Request, **annotations}.items()
    ]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]


def _route(api: FastAPI, operation: Operation, function: Callable[..., Any], method: str) -> None:
    refusals = (400, 406, 413, 414, *operation.refusals, 503) + ((415,) if method == "POST" else ())
    api.add_api_route(
        operation.path,
        function,
        methods=[method],
        operation_id=operation.name if method == "GET" else f"{operation.name}_post",
        summary=operation.summary,
        description=operation.description,
        tags=list(operation.tags),
        response_class=Response,
        responses={
            200: {"description": "What was asked for.", "content": operation.results},
            **problems.documented(*refusals),
        },
    )

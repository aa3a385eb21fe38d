"""Errors raised while a request is answered -> problem details."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph_builder.problems import ProblemsFoundError, closest
from metalocal.endpoint.api import problems
from metalocal.endpoint.refusal import RefusedError


async def invalid(_request: Request, error: Exception) -> Response:
    """Answer where values do not validate."""
    assert isinstance(error, RequestValidationError)
    return problems.invalid(error.errors())


async def refused(_request: Request, error: Exception) -> Response:
    """Answer where the endpoint refuses a request."""
    assert isinstance(error, RefusedError)
    return problems.problem(error.status, error.text, headers=error.headers)


async def contradictory(_request: Request, error: Exception) -> Response:
    """Answer where a profile contradicts itself."""
    assert isinstance(error, ProblemsFoundError)
    return problems.contradictory(error.problems)


async def no_term(_request: Request, error: Exception) -> Response:
    """Answer where the catalogue takes a value for no term of its type."""
    return problems.problem(400, str(error))


def no_operation(
    queries: Iterable[str],
) -> Callable[[Request, Exception], Coroutine[Any, Any, Response]]:
    """What answers where no operation is; `queries` are the names that may have been meant."""
    paths = ["", "attributes", "answer", "openapi.json"]
    paths += [f"queries/{name}" for name in queries]

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        path = request.url.path.removeprefix(request.scope.get("root_path", ""))
        if error.status_code == 405:
            detail = "This path takes no such method; see the Allow header, or /api/openapi.json."
            return problems.problem(405, detail, headers={"Allow": _methods(request.app, path)})
        if error.status_code == 404:
            near = closest(path.strip("/"), paths).replace("queries/", "/api/queries/")
            detail = f"There is nothing at this path; {near} GET /api lists all queries."
        else:
            detail = f"{error.detail}; compare with /api/openapi.json."
        return problems.problem(error.status_code, detail, headers=error.headers)

    return answer


def _methods(api: FastAPI, path: str) -> str:
    """The methods that a path takes, as the Allow header has them."""
    found = {
        method
        for route in api.routes
        if isinstance(route, Route) and route.path == path
        for method in route.methods or ()
    }
    return ", ".join(sorted(found | {"HEAD", "OPTIONS"}))

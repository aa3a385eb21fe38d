"""What keeps the endpoint running, over HTTP: `/health/live`, `/health/ready` and `/metrics`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from metalocal.endpoint.envelope import plain_text
from metalocal.endpoint.operations.addresses import client_of, is_local, is_within
from metalocal.endpoint.operations.metrics import Observer
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service, own_job
from metalocal.endpoint.settings import Front

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PROBE_SECONDS = 2.0

_Answering = Callable[[Request], Awaitable[Response]]


def operations_routes(service: Service, observer: Observer, front: Front) -> list[BaseRoute]:
    """Routes for those who watch over the endpoint; all but `/health/live` for monitors only."""

    async def live(_request: Request) -> Response:
        return plain_text(200, "The process answers.")

    async def ready(request: Request) -> Response:
        reason = await _unready(service, request)
        if reason:
            return plain_text(503, f"Not ready: {reason}", {"Retry-After": "5"})
        return plain_text(200, "Ready: a worker answered a query.")

    async def metrics(_request: Request) -> Response:
        observer.measure_workers(service.pool.worker_ids)
        return Response(observer.text(), headers={"Content-Type": _METRICS_TYPE})

    return [
        Route("/health/live", live),
        Route("/health/ready", _for_monitors(ready, front)),
        Route("/metrics", _for_monitors(metrics, front)),
    ]


def _for_monitors(answering: _Answering, front: Front) -> _Answering:
    """Answer programs on this machine and the networks of monitors; 403 to all others."""

    async def guarded(request: Request) -> Response:
        if is_local(request.scope) or is_within(client_of(request.scope), front.monitors):
            return await answering(request)
        text = "Only monitors read this; name your address among them to the endpoint's keeper."
        return plain_text(403, text)

    return guarded


async def _unready(service: Service, request: Request) -> str:
    """Why no query would be answered now; empty if one was."""
    if getattr(request.app.state, "draining", False):
        return "the endpoint is draining and takes no new work."
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            await service.answer(own_job("ASK { }", result_format="json"), request)
    except TimeoutError:
        return f"no worker answered within {_PROBE_SECONDS:g} seconds."
    except RefusedError as error:
        return error.text
    return ""

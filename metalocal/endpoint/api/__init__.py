"""Every named query as a REST operation, with its OpenAPI description."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount, Route

from metalocal.endpoint.api.gate import AtRoot, Gate
from metalocal.endpoint.service import Service


def api_routes(service: Service) -> list[BaseRoute]:
    """`/api` and all below it; nothing where the endpoint has no folder of named queries."""
    if service.sources.queries is None:
        return []
    gate = Gate(service, service.sources.queries)
    return [Route("/api", AtRoot(gate)), Mount("/api", gate)]

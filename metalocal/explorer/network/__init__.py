"""The graph as a network: neighbourhoods, paths and pictures of it."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service
from metalocal.explorer.network.holding import Holding
from metalocal.explorer.network.routes import Explore


def network_routes(service: Service) -> list[BaseRoute]:
    """`/explore` and what lies below it; nothing where there is no folder of named queries."""
    if service.sources.queries is None:
        return []
    return Explore(Holding(service, service.sources.queries)).routes()

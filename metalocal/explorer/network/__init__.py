"""The graph as a network: neighbourhoods, paths and pictures of it."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service


def network_routes(service: Service) -> list[BaseRoute]:
    """`/explore` and what lies below it."""
    return []

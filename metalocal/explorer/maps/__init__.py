"""The whole of the evidence seen from above: gap map, years, audit, overlap, sources."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service


def map_routes(service: Service) -> list[BaseRoute]:
    """`/maps` and what lies below it."""
    return []

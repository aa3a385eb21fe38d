"""The whole of the evidence seen from above: gap map, years, audit, overlap, sources."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service
from metalocal.explorer.maps.audit import audit_routes
from metalocal.explorer.maps.evidence import evidence_routes
from metalocal.explorer.maps.gathering import Gathering
from metalocal.explorer.maps.index import index_routes
from metalocal.explorer.maps.overlapping import overlap_routes
from metalocal.explorer.maps.sources import source_routes
from metalocal.explorer.maps.time import time_routes


def map_routes(service: Service) -> list[BaseRoute]:
    """`/maps` and what lies below it; nothing where there are no named queries."""
    queries = service.sources.queries
    if queries is None:
        return []
    gathering = Gathering(service, queries)
    return [
        *index_routes(gathering),
        *evidence_routes(gathering),
        *time_routes(gathering),
        *audit_routes(gathering),
        *overlap_routes(gathering),
        *source_routes(gathering),
    ]

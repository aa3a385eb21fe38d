"""Every IRI of ours as a page or as RDF."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service


def resource_routes(service: Service) -> list[BaseRoute]:
    """Routes of this room."""
    del service
    return []

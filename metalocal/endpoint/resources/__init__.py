"""Every IRI of ours as a page or as RDF."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.resources.routes import Resources
from metalocal.endpoint.service import Service


def resource_routes(service: Service) -> list[BaseRoute]:
    """`/id/...` and `/ontology...`."""
    return Resources(service).routes()

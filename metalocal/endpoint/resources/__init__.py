"""Every IRI of ours as a page or as RDF."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.resources.routes import Resources, ThingPage
from metalocal.endpoint.service import Service


def resource_routes(service: Service, page: ThingPage) -> list[BaseRoute]:
    """`/id/...` and `/ontology...`; `page` makes the HTML of a thing."""
    return Resources(service, page).routes()

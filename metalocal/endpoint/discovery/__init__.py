"""What the endpoint says of itself: service description, VoID, examples, front page."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.discovery.home import home_routes
from metalocal.endpoint.discovery.well_known import well_known_routes
from metalocal.endpoint.service import Service


def discovery_routes(service: Service) -> list[BaseRoute]:
    """`/`, `/.well-known/...`, `/robots.txt`."""
    return [*home_routes(service), *well_known_routes(service)]

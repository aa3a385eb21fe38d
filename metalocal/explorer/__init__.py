"""The graph as pages that people explore."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service
from metalocal.explorer.ask import ask_routes
from metalocal.explorer.maps import map_routes
from metalocal.explorer.network import network_routes


def explorer_routes(service: Service) -> list[BaseRoute]:
    """The pages of the explorer, and what their scripts ask for."""
    return [*ask_routes(service), *network_routes(service), *map_routes(service)]

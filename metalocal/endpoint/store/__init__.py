"""The graphs as whole files: the read side of the Graph Store Protocol."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service


def store_routes(service: Service) -> list[BaseRoute]:
    """Routes of this room."""
    del service
    return []

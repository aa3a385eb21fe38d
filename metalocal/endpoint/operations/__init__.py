"""What keeps the endpoint running: health, metrics, logs, rates."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service


def operations_routes(service: Service) -> list[BaseRoute]:
    """Routes of this room."""
    del service
    return []

"""What is known of a patient -> the evidence for her, as pages."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service


def ask_routes(service: Service) -> list[BaseRoute]:
    """`/ask` and what lies below it."""
    return []

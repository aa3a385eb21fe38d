"""What is known of a patient -> the evidence for her, as pages."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from metalocal.endpoint.service import Service
from metalocal.explorer.ask.views import Asking, in_page


def ask_routes(service: Service) -> list[BaseRoute]:
    """`/ask` and what lies below it; nothing where the endpoint has no folder of named queries."""
    if service.sources.queries is None:
        return []
    asking = Asking(service, service.sources.queries)
    return [
        Route("/ask", in_page(asking.ask)),
        Route("/ask/counts", asking.counts),
        Route("/ask/compare", in_page(asking.compare)),
    ]

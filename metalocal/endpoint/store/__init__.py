"""The graphs as whole files: the read side of the Graph Store Protocol, and the dump of all."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service
from metalocal.endpoint.store.dump import dump_routes
from metalocal.endpoint.store.protocol import graph_store_routes


def store_routes(service: Service) -> list[BaseRoute]:
    """`/store` and `/dump.nq`."""
    return [*graph_store_routes(service), *dump_routes(service)]

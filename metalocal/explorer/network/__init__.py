"""The graph as a network: neighbourhoods, paths and pictures of it."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.explorer.network.holding import Holding
from metalocal.explorer.network.routes import Explore


def network_routes(holding: Holding) -> list[BaseRoute]:
    """`/explore` and what lies below it."""
    return Explore(holding).routes()

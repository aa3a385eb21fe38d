"""The graph as pages that people explore."""

from __future__ import annotations

from starlette.routing import BaseRoute

from metalocal.endpoint.service import Service
from metalocal.explorer.ask import ask_routes
from metalocal.explorer.maps import map_routes
from metalocal.explorer.network import network_routes
from metalocal.explorer.network.holding import Holding
from metalocal.explorer.reading_ahead import ReadingAhead


class Explorer:
    """The pages over one service; where it has no folder of named queries, only those of things."""

    def __init__(self, service: Service) -> None:
        self._service = service
        queries = service.sources.queries
        self._network = Holding(service, queries) if queries else None
        self._ahead = ReadingAhead(service, self._network) if self._network else None

    def routes(self) -> list[BaseRoute]:
        """The pages of the explorer, and what their scripts ask for."""
        network = network_routes(self._network) if self._network else []
        return [*ask_routes(self._service), *network, *map_routes(self._service)]

    def person_came(self) -> None:
        """Read ahead: who looks at the front page will ask for an answer, a study or a picture."""
        if self._ahead:
            self._ahead.begin()

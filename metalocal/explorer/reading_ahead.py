"""What the next page needs of the graph, read while a person looks at the front page."""

from __future__ import annotations

import asyncio
import logging

from metalocal.answers import Library, answer
from metalocal.endpoint.api.served_graph import nobody, on_behalf_of
from metalocal.endpoint.library import answers_of
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service
from metalocal.explorer.network.holding import Holding
from metalocal.explorer.things.books import books_of
from metalocal.profiles import profile_of

_log = logging.getLogger(__name__)


class ReadingAhead:
    """Reads what answers, pages of things and pictures are made of, once for each graph.

    The first of them would else take one to three seconds.
    """

    def __init__(self, service: Service, network: Holding) -> None:
        self._service, self._network = service, network
        self._begun_for: object = None

    def begin(self) -> None:
        """Begin, unless the graph that is served is read already."""
        served = self._service.pool.loaded
        if served is not None and served is not self._begun_for:
            self._begun_for = served
            self._service.pool.end_after(asyncio.create_task(self._read()))

    async def _read(self) -> None:
        service, queries = self._service, self._network.queries
        try:
            await answers_of(service, queries).made(nobody(), _answer_for_anyone)
            books = books_of(service)
            if books:
                await on_behalf_of(nobody(), service.limits.seconds, books.read)
            await self._network.held()
        except RefusedError:  # who asks for a page is told then
            pass
        except Exception as error:  # a graph of another kind: its pages say what they lack
            _log.warning("Not all was read ahead: %s", type(error).__name__)


def _answer_for_anyone(library: Library) -> None:
    """An answer for a patient of whom nothing is told: it needs all that answers need."""
    answer(profile_of({}, library.attributes, library.rules, {}), library)

"""What the next page needs of the graph, read while a person looks at the front page."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from metalocal.answers import Library, answer
from metalocal.endpoint.api.served_graph import nobody, on_behalf_of
from metalocal.endpoint.library import answers_of
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service
from metalocal.explorer.things.books import books_of
from metalocal.profiles import profile_of

_begun: WeakKeyDictionary[Service, object] = WeakKeyDictionary()
_running: set[asyncio.Task[None]] = set()


def read_ahead(service: Service) -> None:
    """Begin to read what answers and pages of things are made of, once for each graph.

    The first of them would else take more than a second.
    """
    queries, served = service.sources.queries, service.pool.loaded
    if queries is None or served is None or _begun.get(service) is served:
        return
    _begun[service] = served
    task = asyncio.create_task(_read(service, queries))
    _running.add(task)  # a task that nobody holds may be forgotten
    task.add_done_callback(_running.discard)


async def _read(service: Service, queries: Path) -> None:
    with suppress(RefusedError):  # who asks for a page is told then
        await answers_of(service, queries).made(nobody(), _answer_for_anyone)
        books = books_of(service)
        if books:
            await on_behalf_of(nobody(), service.limits.seconds, books.read)


def _answer_for_anyone(library: Library) -> None:
    """An answer for a patient of whom nothing is told: it needs all that answers need."""
    answer(profile_of({}, library.attributes, library.rules, {}), library)

"""A query that may run -> its result, or a refusal: what every route of the endpoint asks."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Coroutine, Sequence

from starlette.requests import Request

from metalocal.endpoint.engine.pool import Pool
from metalocal.endpoint.engine.wire import Answer, Job
from metalocal.endpoint.formats import GRAPH_FORMATS, RESULT_FORMATS, listing
from metalocal.endpoint.refusal import RefusedError, none_accepted
from metalocal.endpoint.settings import Limits, Sources
from metalocal.endpoint.wording import evaluation_error, parse_error
from metalocal.graph import Table, table_of

_log = logging.getLogger(__name__)

_WATCH_AFTER_SECONDS = 0.1
"""Most queries are answered sooner; only for the others is it worth to watch who waits."""


class Service:
    """The engine behind all routes; one for an app."""

    def __init__(self, pool: Pool, limits: Limits, sources: Sources) -> None:
        self.pool = pool
        self.limits = limits
        self.sources = sources

    @property
    def graphs(self) -> frozenset[str]:
        """Names of the graphs of the store."""
        return self.pool.graphs

    async def answer(self, job: Job, request: Request) -> Answer:
        """Result of `job`, its outcome "results" or "graph"; `request` is who waits for it.

        Raises:
            RefusedError: the query cannot be read or run, its result is too large or comes in no
                format asked for, the deadline passed, or too many wait already.
        """
        answer = await _while_awaited(self.pool.ask(job), request)
        if answer.outcome not in ("results", "graph"):
            raise _refused(job.query, answer, self.limits)
        return answer

    async def rows(self, query: str, request: Request) -> Table:
        """Rows of a SELECT of ours over the union of all graphs."""
        answer = await self.answer(own_job(query, result_format="json"), request)
        return table_of(json.loads(answer.body))


async def _while_awaited(asking: Coroutine[None, None, Answer], request: Request) -> Answer:
    """What `asking` gives; it is cancelled, and its query ended, when the client leaves."""
    watch = _Watch(request)
    try:
        return await asking
    except asyncio.CancelledError:
        if watch.saw_it_leave:
            raise RefusedError(499, "The client left before its query was answered.") from None
        raise
    finally:
        watch.end()


class _Watch:
    """Cancels the task that makes it when the client of `request` leaves.

    It begins after a while, for only then does a task beside the one that works pay.
    """

    def __init__(self, request: Request) -> None:
        self.saw_it_leave = False
        self._request = request
        self._working = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        loop = asyncio.get_running_loop()
        self._beginning = loop.call_later(_WATCH_AFTER_SECONDS, self._begin)

    def _begin(self) -> None:
        self._watching = asyncio.get_running_loop().create_task(self._until_it_leaves())

    async def _until_it_leaves(self) -> None:
        """Wait until the client is gone; what else it sends is of no interest."""
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.saw_it_leave = True
        if self._working:
            self._working.cancel()

    def end(self) -> None:
        """Watch no longer; a cancellation of ours is over with."""
        self._beginning.cancel()
        if self._watching:
            self._watching.cancel()
        if self.saw_it_leave and self._working:
            self._working.uncancel()


def own_job(
    query: str,
    *,
    graphs: Sequence[str] = (),
    result_format: str | None = None,
    graph_format: str | None = None,
) -> Job:
    """Job for a query written here, over the union of all graphs or of those named.

    Not for text from outside: that goes through `guard.inspect_query` first.
    """
    chosen = tuple(graphs) or None
    return Job(query, chosen is None, chosen, None, result_format, graph_format)


def not_acceptable() -> RefusedError:
    """Refusal of an Accept header that holds nothing we write."""
    rows, triples = listing(RESULT_FORMATS), listing(GRAPH_FORMATS)
    return none_accepted(
        f"{rows} (SELECT, ASK) or {triples} (CONSTRUCT, DESCRIBE, the service description)"
    )


def _refused(query: str, answer: Answer, limits: Limits) -> RefusedError:
    if answer.outcome == "malformed":
        return RefusedError(400, parse_error(query, answer.text))
    if answer.outcome == "too large":
        return RefusedError(
            413,
            f"The result is larger than {limits.result_bytes} bytes; add a LIMIT, ask for fewer "
            "columns, or page with ORDER BY, LIMIT and OFFSET.",
        )
    if answer.outcome == "not acceptable":
        return not_acceptable()
    known = evaluation_error(answer.text)
    if known:
        return RefusedError(400, known)
    _log.error("The engine failed over a query it could read; answered with 500.")
    return RefusedError(
        500, "The engine could not finish this query; simplify it or report it to us."
    )

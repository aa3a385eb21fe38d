"""A query that may run -> its result, or a refusal: what every route of the endpoint asks."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from metalocal.endpoint.engine.pool import Pool
from metalocal.endpoint.engine.worker import Answer, Job
from metalocal.endpoint.formats import GRAPH_FORMATS, RESULT_FORMATS, listing
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.settings import Limits, Sources
from metalocal.endpoint.wording import evaluation_error, parse_error
from metalocal.graph import Table, table_of

_log = logging.getLogger(__name__)


class Service:
    """The engine behind all routes; one for an app."""

    def __init__(self, pool: Pool, limits: Limits, sources: Sources) -> None:
        self.pool = pool
        self.limits = limits
        self.sources = sources
        self._threads = CapacityLimiter(limits.workers + limits.waiting)

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
        del request  # whose leaving does not end its query yet
        self.pool.reserve()
        try:
            answer = await to_thread.run_sync(self.pool.ask, job, limiter=self._threads)
        finally:
            self.pool.release()
        if answer.outcome not in ("results", "graph"):
            raise _refused(job.query, answer, self.limits)
        return answer

    async def rows(self, query: str, request: Request) -> Table:
        """Rows of a SELECT of ours over the union of all graphs."""
        answer = await self.answer(own_job(query, result_format="json"), request)
        return table_of(json.loads(answer.body))


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
    return RefusedError(
        406,
        "Nothing this query gives is in the Accept header; SELECT and ASK come as "
        f"{listing(RESULT_FORMATS)}; CONSTRUCT, DESCRIBE and the service description as "
        f"{listing(GRAPH_FORMATS)}.",
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

"""The routes: `/` says what this is, `/sparql` answers queries over one graph file."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from metalocal.endpoint.description import describe_service
from metalocal.endpoint.envelope import Envelope, plain_text, refusal_answer
from metalocal.endpoint.formats import GRAPH_FORMATS, RESULT_FORMATS, Chosen, choose, listing
from metalocal.endpoint.guard import inspect_query, refuse_unknown_graphs, unknown_graph
from metalocal.endpoint.pool import Pool, unavailable
from metalocal.endpoint.protocol import QueryRequest, read_request
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.settings import LOOPBACK_NAMES, Limits, names_answered_to
from metalocal.endpoint.wording import evaluation_error, parse_error
from metalocal.endpoint.worker import Answer, Job

_log = logging.getLogger(__name__)

_DEFAULT_LIMITS = Limits()
_METHODS = {"Allow": "GET, HEAD, POST, OPTIONS"}
_PREFLIGHT = {
    **_METHODS,
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}
_WELCOME = """\
This is a metalocal endpoint: evidence on local therapy in metastatic breast cancer as a graph.
Ask it in SPARQL 1.1 at /sparql (GET ?query=..., or POST); it is read-only.
GET /sparql without parameters describes the service and lists its named graphs.
metalocal informs; it does not advise.
"""


def create_app(
    graph_file: Path,
    limits: Limits = _DEFAULT_LIMITS,
    *,
    allowed_hosts: Collection[str] = LOOPBACK_NAMES,
) -> Starlette:
    """Endpoint over the N-Quads file `graph_file`; its lifespan starts and ends the workers.

    Args:
        graph_file: the graph, loaded once by each worker.
        limits: see `Limits`.
        allowed_hosts: the Host names answered to, without port; `("*",)` for any.
    """
    return _app(Pool(graph_file, limits), limits, allowed_hosts)


def serve(
    graph_file: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    limits: Limits = _DEFAULT_LIMITS,
    allowed_hosts: Collection[str] | None = None,
) -> None:
    """Answer at http://host:port/sparql until interrupted; prints nothing of its own.

    Without `allowed_hosts`, a loopback address answers to loopback names, any other to all names.

    Raises:
        GraphNotLoadedError: before anything listens.
    """
    pool = Pool(graph_file, limits)
    pool.start()
    names = names_answered_to(host) if allowed_hosts is None else allowed_hosts
    try:
        uvicorn.run(
            _app(pool, limits, names),
            host=host,
            port=port,
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    finally:
        pool.stop()


def _app(pool: Pool, limits: Limits, allowed_hosts: Collection[str]) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            await to_thread.run_sync(pool.start)
            yield
        finally:
            pool.stop()

    endpoint = _Endpoint(pool, limits)
    app = Starlette(
        routes=[
            Route("/", _welcome),
            Route("/sparql", endpoint.respond, methods=["GET", "HEAD", "POST", "OPTIONS"]),
        ],
        middleware=[Middleware(Envelope, allowed_hosts=allowed_hosts)],
        exception_handlers={RefusedError: refusal_answer, HTTPException: _no_route},
        lifespan=lifespan,
    )
    app.state.pool = pool
    return app


class _Endpoint:
    """`/sparql`."""

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self._pool = pool
        self._limits = limits
        self._threads = CapacityLimiter(limits.workers + limits.waiting)

    async def respond(self, request: Request) -> Response:
        """Answer one request, whole and never half-written."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        asked = await read_request(request, self._limits)
        if asked is None:
            return self._description(request)
        accept = ",".join(request.headers.getlist("accept"))
        self._pool.reserve()
        try:
            return await to_thread.run_sync(self._answer, asked, accept, limiter=self._threads)
        finally:
            self._pool.release()

    def _answer(self, asked: QueryRequest, accept: str) -> Response:
        results, graph = choose(accept, RESULT_FORMATS), choose(accept, GRAPH_FORMATS)
        if results is None and graph is None:
            raise _not_acceptable()
        job = _job(asked, self._pool.graphs, results, graph)
        answer = self._pool.ask(job)
        chosen = {"results": results, "graph": graph}.get(answer.outcome)
        if chosen is None:
            raise _refused(asked.query, answer, self._limits)
        return Response(answer.body, headers={"Content-Type": chosen.content_type})

    def _description(self, request: Request) -> Response:
        chosen = choose(",".join(request.headers.getlist("accept")), GRAPH_FORMATS)
        if chosen is None:
            raise _not_acceptable()
        loaded = self._pool.loaded
        if loaded is None:
            raise unavailable("the endpoint is shutting down")
        url = str(request.url.replace(query="", fragment=""))
        body = describe_service(url, loaded, chosen.name)
        return Response(body, headers={"Content-Type": chosen.content_type})


def _job(
    asked: QueryRequest, known: frozenset[str], results: Chosen | None, graph: Chosen | None
) -> Job:
    """Job for a query that passes the guard; the protocol's dataset goes before the query's."""
    inspected = inspect_query(asked.query)
    refuse_unknown_graphs(asked.query, inspected, known)
    for name in (*asked.default_graphs, *asked.named_graphs):
        if name not in known:
            raise unknown_graph(name, "default-graph-uri or named-graph-uri of the request")
    by_protocol = bool(asked.default_graphs or asked.named_graphs)
    return Job(
        query=asked.query,
        union=not by_protocol and not inspected.has_dataset,
        default_graphs=asked.default_graphs if by_protocol else None,
        named_graphs=asked.named_graphs if by_protocol else None,
        result_format=results.name if results else None,
        graph_format=graph.name if graph else None,
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
        return _not_acceptable()
    known = evaluation_error(answer.text)
    if known:
        return RefusedError(400, known)
    _log.error("The engine failed over a query it could read; answered with 500.")
    return RefusedError(
        500, "The engine could not finish this query; simplify it or report it to us."
    )


def _not_acceptable() -> RefusedError:
    return RefusedError(
        406,
        "Nothing this query gives is in the Accept header; SELECT and ASK come as "
        f"{listing(RESULT_FORMATS)}; CONSTRUCT, DESCRIBE and the service description as "
        f"{listing(GRAPH_FORMATS)}.",
    )


async def _welcome(_request: Request) -> Response:
    return plain_text(200, _WELCOME)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        text = "This method is not taken here; query with GET or POST at /sparql."
        return plain_text(405, text, _METHODS)
    if error.status_code == 404:
        return plain_text(404, "There is nothing at this path; queries go to /sparql.")
    return plain_text(error.status_code, f"{error.detail}.")

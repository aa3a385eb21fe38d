"""`/sparql`: a SPARQL 1.1 Protocol request in, a result or the service description out."""

from __future__ import annotations

from time import perf_counter

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from metalocal.endpoint.discovery.console import refused_page, result_page
from metalocal.endpoint.discovery.description import service_answer
from metalocal.endpoint.discovery.named import named_routes
from metalocal.endpoint.discovery.results import PAGE_GRAPH, PAGE_RESULTS, result_of
from metalocal.endpoint.discovery.vocabulary import vocabulary_routes
from metalocal.endpoint.engine.wire import Job
from metalocal.endpoint.formats import (
    GRAPH_FORMATS,
    RESULT_FORMATS,
    accepted,
    choose,
    prefers_page,
)
from metalocal.endpoint.guard import inspect_query, refuse_unknown_graphs, unknown_graph
from metalocal.endpoint.protocol import QueryRequest, read_request
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service, not_acceptable

_CLIENT_LEFT = 499
METHODS = {"Allow": "GET, HEAD, POST, OPTIONS"}
_PREFLIGHT = {
    **METHODS,
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    # We read no header that could hold a secret. A page on the internet that asks for the way into
    # a private network (Access-Control-Allow-Private-Network) gets no permission.
    "Access-Control-Allow-Headers": "Accept, Content-Type, *",
    "Access-Control-Max-Age": "86400",
}


def sparql_routes(service: Service) -> list[Route]:
    """The route of the SPARQL Protocol, and of what its page offers."""
    endpoint = _Endpoint(service)
    return [
        Route("/sparql", endpoint.respond, methods=["GET", "HEAD", "POST", "OPTIONS"]),
        *vocabulary_routes(service),
        *named_routes(service),
    ]


class _Endpoint:
    """`/sparql`."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def respond(self, request: Request) -> Response:
        """Answer one request, whole and never half-written."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        asked = None
        try:
            asked = await read_request(request, self._service.limits)
            return await self._answered(asked, request)
        except RefusedError as refused:
            is_page = prefers_page(asked.accept if asked else accepted(request))
            if not is_page or refused.status == _CLIENT_LEFT:
                raise
            query = asked.query if asked else _query_in_url(request)
            return await self._told(refused, query, request)

    async def _answered(self, asked: QueryRequest | None, request: Request) -> Response:
        if asked is None:
            return await service_answer(self._service, request)
        request.state.query_text = asked.query  # for a log whose keeper wants it
        if prefers_page(asked.accept):
            return await self._page(asked, request)
        results, graph = choose(asked.accept, RESULT_FORMATS), choose(asked.accept, GRAPH_FORMATS)
        if results is None and graph is None:
            raise not_acceptable()
        names = (chosen.name if chosen else None for chosen in (results, graph))
        job = _job(asked, self._service.graphs, *names)
        answer = await self._service.answer(job, request)
        chosen = results if answer.outcome == "results" else graph
        assert chosen is not None
        return Response(answer.body, headers={"Content-Type": chosen.content_type})

    async def _page(self, asked: QueryRequest, request: Request) -> Response:
        began = perf_counter()
        job = _job(asked, self._service.graphs, PAGE_RESULTS, PAGE_GRAPH)
        answer = await self._service.answer(job, request)
        seconds = perf_counter() - began
        result = await result_of(self._service, answer, asked.query, request)
        return await result_page(self._service, result, asked.query, seconds, request)

    async def _told(self, refused: RefusedError, query: str, request: Request) -> Response:
        """The page that says why there is no result; the sentence alone where it cannot be made."""
        try:
            return await refused_page(self._service, refused, query, request)
        except RefusedError:
            raise refused from None


def _query_in_url(request: Request) -> str:
    """The query that a person wrote into a request which cannot be read whole; else nothing."""
    return request.query_params.get("query", "")


def _job(asked: QueryRequest, known: frozenset[str], results: str | None, graph: str | None) -> Job:
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
        result_format=results,
        graph_format=graph,
    )

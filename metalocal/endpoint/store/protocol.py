"""`/store`: a graph asked for by name in, its triples out (Graph Store HTTP Protocol, GET, HEAD).

Direct identification, where a graph's own IRI is the address, is in `metalocal.endpoint.resources`.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from metalocal.catalogue import CatalogueError, term
from metalocal.endpoint.formats import GRAPH_FORMATS, accepted, choose, listing
from metalocal.endpoint.guard import READ_ONLY
from metalocal.endpoint.refusal import RefusedError, none_accepted
from metalocal.endpoint.service import Service, own_job

WHOLE = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
"""Every triple of the dataset it is sent with."""

_ALLOW = {"Allow": "GET, HEAD, OPTIONS"}
_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "DELETE", "PATCH"]
_HOW = "ask with ?graph=IRI for one named graph, or ?default for the union of all"


def graph_store_routes(service: Service) -> list[Route]:
    """The route of the protocol."""

    async def respond(request: Request) -> Response:
        if request.method == "OPTIONS":
            methods = {"Access-Control-Allow-Methods": _ALLOW["Allow"]}
            return Response(status_code=204, headers={**_ALLOW, **methods})
        if request.method not in ("GET", "HEAD"):
            text = f"{READ_ONLY} /store takes {_ALLOW['Allow']}."
            raise RefusedError(405, text, _ALLOW)
        return await _graph(service, request, _asked(request, service.graphs))

    return [Route("/store", respond, methods=_METHODS)]


def _asked(request: Request, known: frozenset[str]) -> tuple[str, ...]:
    """Graphs to give; none stands for the default graph, which is the union of all.

    Raises:
        RefusedError: 400 when the request names no graph, several, or no absolute IRI;
            404 for a graph that is not here.
    """
    names = request.query_params.getlist("graph")
    if len(names) + ("default" in request.query_params) != 1:
        found = "no graph" if not names else "several graphs, or a graph and the default"
        raise RefusedError(400, f"The request names {found}; {_HOW}.")
    for name in names:
        try:
            is_absolute = term(name, "iri") == f"<{name}>"
        except CatalogueError:
            is_absolute = False
        if not is_absolute:
            raise RefusedError(400, f"graph is no absolute IRI; {_HOW}.")
        if name not in known:
            raise RefusedError(
                404,
                f"The graph <{name}> is not in this store; GET /sparql without parameters lists "
                "the graphs there are.",
            )
    return tuple(names)


async def _graph(service: Service, request: Request, graphs: Sequence[str]) -> Response:
    chosen = choose(accepted(request), GRAPH_FORMATS)
    if chosen is None:
        raise none_accepted(listing(GRAPH_FORMATS))
    job = own_job(WHOLE, graphs=tuple(graphs), graph_format=chosen.name)
    answer = await service.answer(job, request)
    return Response(answer.body, headers={"Content-Type": chosen.content_type})

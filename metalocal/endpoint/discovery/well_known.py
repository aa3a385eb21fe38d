"""`/.well-known/void`, `/.well-known/sparql-examples` and `/robots.txt`."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from metalocal.catalogue import ID
from metalocal.endpoint.discovery.console import base_of
from metalocal.endpoint.formats import GRAPH_FORMATS, HTML, accepted, choose, listing
from metalocal.endpoint.refusal import RefusedError, none_accepted
from metalocal.endpoint.service import Service
from metalocal.endpoint.store.protocol import WHOLE
from metalocal.endpoint.triples import constructed, written
from metalocal.pages.addresses import GRAPHS, PREFIXES, own_path, path_of, prefix_of

_DATASET = ox.NamedNode(f"{ID}dataset/metalocal")
_GRAPH_OF = {
    "/.well-known/void": f"{GRAPHS}void",
    "/.well-known/sparql-examples": f"{GRAPHS}examples",
}
# Pages are for all; a crawler that follows every query and every list would take a worker each.
_ROBOTS = """\
User-agent: *
Disallow: /sparql
Disallow: /store
Disallow: /api
Disallow: /*?
"""


def well_known_routes(service: Service) -> list[Route]:
    """Routes of the addresses that others know beforehand."""

    async def respond(request: Request) -> Response:
        return await _graph(service, request, _GRAPH_OF[own_path(request)])

    return [*[Route(path, respond) for path in _GRAPH_OF], Route("/robots.txt", _robots)]


async def _graph(service: Service, request: Request, graph: str) -> Response:
    if graph not in service.graphs:
        raise RefusedError(404, f"The graph that is served here has no <{graph}>.")
    chosen = choose(accepted(request), (*GRAPH_FORMATS, HTML))
    if chosen is None:
        raise none_accepted(listing(GRAPH_FORMATS))
    if chosen.name == HTML.name:
        return Response(
            status_code=303, headers={"Location": f"{prefix_of(request)}{path_of(graph)}.html"}
        )
    triples = await constructed(service, WHOLE, request, (graph,))
    if graph == f"{GRAPHS}void":
        triples += _served_at(base_of(request))
    body = await written(triples, chosen.name)
    return Response(body, headers={"Content-Type": chosen.content_type})


def _served_at(base: str) -> list[ox.Triple]:
    """Where the dataset can be asked and fetched, which only the server knows."""
    void = PREFIXES["void"]
    return [
        ox.Triple(_DATASET, ox.NamedNode(f"{void}sparqlEndpoint"), ox.NamedNode(f"{base}/sparql")),
        ox.Triple(_DATASET, ox.NamedNode(f"{void}dataDump"), ox.NamedNode(f"{base}/dump.nq")),
    ]


async def _robots(_request: Request) -> Response:
    return PlainTextResponse(_ROBOTS)

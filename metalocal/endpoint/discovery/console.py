"""`GET /sparql` without a query -> the service description: triples, or a page to query from."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from metalocal.endpoint.discovery.holdings import Example, Graph, examples_of, holdings_of
from metalocal.endpoint.discovery.service_description import describe_service
from metalocal.endpoint.discovery.wording import limits_in_words
from metalocal.endpoint.formats import GRAPH_FORMATS, accepted, choose, prefers_page
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service, not_acceptable
from metalocal.endpoint.triples import written
from metalocal.pages import html_page
from metalocal.pages.addresses import GRAPHS, Link, prefix_of

_FIRST_QUERY = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?study ?label WHERE {
  ?study a ml:Study ; rdfs:label ?label .
} ORDER BY ?label"""


async def service_answer(service: Service, request: Request) -> Response:
    """The service description in the form the client takes.

    Raises:
        RefusedError: 406 for an Accept header with nothing we write, 400 for an odd Host.
    """
    accept = accepted(request)
    if prefers_page(accept):
        return await _page(service, request)
    chosen = choose(accept, GRAPH_FORMATS)
    if chosen is None:
        raise not_acceptable()
    holdings = await holdings_of(service, request)
    try:
        triples = describe_service(base_of(request), holdings, service.limits)
    except ValueError as error:
        raise RefusedError(400, "The address of this request makes no IRI.") from error
    headers = {"Content-Type": chosen.content_type, **_described_by(request)}
    return Response(await written(triples, chosen.name), headers=headers)


def base_of(request: Request) -> str:
    """Scheme, host and mount of the request, without a slash at the end."""
    return str(request.base_url).rstrip("/")


def query_link(example: Example) -> Link:
    """Link that runs an example."""
    return Link(example.question, "/sparql?" + urlencode({"query": example.query}))


def _described_by(request: Request) -> dict[str, str]:
    void = f"{prefix_of(request)}/.well-known/void"
    return {"Link": f'<{void}>; rel="describedby"; type="text/turtle"'}


async def _page(service: Service, request: Request) -> Response:
    holdings = await holdings_of(service, request)
    examples = await examples_of(service, request)
    values = {
        "title": "SPARQL endpoint",
        "holdings": holdings,
        "groups": _grouped(holdings.graphs),
        "examples": [query_link(example) for example in examples],
        "limits": limits_in_words(service.limits),
        "query": _FIRST_QUERY,
        "address": base_of(request) + "/sparql",
    }
    return html_page(request, "console.html", values, _described_by(request))


def _grouped(graphs: tuple[Graph, ...]) -> dict[str, list[Graph]]:
    """Graphs by the first word of their name: those of studies apart from those of guidance."""
    groups: dict[str, list[Graph]] = {}
    for graph in graphs:
        kind, slash, _ = graph.iri.removeprefix(GRAPHS).partition("/")
        is_grouped = slash and graph.iri.startswith(GRAPHS)
        groups.setdefault(kind if is_grouped else "whole", []).append(graph)
    return dict(sorted(groups.items(), key=lambda group: group[0] != "whole"))

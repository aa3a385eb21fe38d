"""`/sparql` for browsers: an editor, what came of the query in it, and queries to start from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from metalocal.endpoint.discovery.holdings import Example, Graph, examples_of, holdings_of
from metalocal.endpoint.discovery.links import downloads, share_link
from metalocal.endpoint.discovery.named import named_queries
from metalocal.endpoint.discovery.results import MOST_ROWS, Result
from metalocal.endpoint.discovery.vocabulary import vocabulary_of
from metalocal.endpoint.discovery.wording import limits_in_words
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service
from metalocal.pages import html_page
from metalocal.pages.addresses import GRAPHS, Link, prefix_of

_FIRST_QUERY = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?study ?label WHERE {
  ?study a ml:Study ; rdfs:label ?label .
} ORDER BY ?label"""
_PLACE = re.compile(r"line (\d+), column (\d+)")


@dataclass(frozen=True)
class Mistake:
    """Why a query has no result; line and column are "" where the sentence names no place."""

    text: str
    line: str = ""
    column: str = ""


async def console_page(service: Service, request: Request) -> Response:
    """The page without a query, and all that is told of the endpoint."""
    holdings = await holdings_of(service, request)
    values = {
        "title": "SPARQL endpoint",
        "query": _FIRST_QUERY,
        "holdings": holdings,
        "groups": _grouped(holdings.graphs),
        "limits": limits_in_words(service.limits),
    }
    return await _page(service, request, values, headers=described_by(request))


async def result_page(
    service: Service, result: Result, query: str, seconds: float, request: Request
) -> Response:
    """The page of a result, which took `seconds` to come."""
    count = len(result.rows)
    noun = {"triples": "triple", "answer": "answer"}.get(result.form, "row")
    amount = f"{count:,}{'+' if result.more else ''} {noun}{'' if count == 1 else 's'}"
    values = {
        "title": f"{amount} · SPARQL",
        "query": query,
        "result": result,
        "amount": amount,
        "milliseconds": f"{seconds * 1000:,.0f}",
        "most_rows": MOST_ROWS,
        "downloads": downloads(request, of_triples=result.form == "triples"),
        "share": share_link(_endpoint(request), query),
    }
    return await _page(service, request, values)


async def refused_page(
    service: Service, refused: RefusedError, query: str, request: Request
) -> Response:
    """The page of a query that has no result: its text, and why."""
    place = _PLACE.search(refused.text)
    mistake = Mistake(refused.text, place[1], place[2]) if place else Mistake(refused.text)
    values = {"title": "No result · SPARQL", "query": query, "mistake": mistake}
    return await _page(service, request, values, refused.status, refused.headers)


def base_of(request: Request) -> str:
    """Scheme, host and mount of the request, without a slash at the end."""
    return str(request.base_url).rstrip("/")


def query_link(example: Example) -> Link:
    """Link that runs an example."""
    return Link(example.question, "/sparql?" + urlencode({"query": example.query}))


def described_by(request: Request) -> dict[str, str]:
    """The header that leads programs to the VoID description."""
    void = f"{prefix_of(request)}/.well-known/void"
    return {"Link": f'<{void}>; rel="describedby"; type="text/turtle"'}


def _endpoint(request: Request) -> str:
    return f"{base_of(request)}/sparql"


async def _page(
    service: Service,
    request: Request,
    values: Mapping[str, object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The console with `values`; what they leave out is not shown."""
    examples = await examples_of(service, request)
    named = named_queries(service)
    tags = list(dict.fromkeys([*(each.tag for each in examples), *(each.tag for each in named)]))
    common = {
        "sheets": ["sparql"],
        "script": "sparql",
        "here": "/sparql",
        "address": _endpoint(request),
        "vocabulary": (await vocabulary_of(service, request)).path,
        "examples": _by_tag([(each.tag, (query_link(each), each.kind)) for each in examples], tags),
        "named": _by_tag([(each.tag, each) for each in named], tags),
        "result": None,
        "mistake": None,
        "holdings": None,
    }
    return html_page(request, "console.html", {**common, **values}, headers, status)


def _by_tag(
    tagged: Sequence[tuple[str, object]], tags: list[str]
) -> list[tuple[str, list[object]]]:
    """What goes under each tag that something goes under, in the order of the tags."""
    groups = [(tag, [each for its, each in tagged if its == tag]) for tag in tags]
    return [(tag, group) for tag, group in groups if group]


def _grouped(graphs: tuple[Graph, ...]) -> dict[str, list[Graph]]:
    """Graphs by the first word of their name: those of studies apart from those of guidance."""
    groups: dict[str, list[Graph]] = {}
    for graph in graphs:
        kind, slash, _ = graph.iri.removeprefix(GRAPHS).partition("/")
        is_grouped = slash and graph.iri.startswith(GRAPHS)
        groups.setdefault(kind if is_grouped else "whole", []).append(graph)
    return dict(sorted(groups.items(), key=lambda group: group[0] != "whole"))

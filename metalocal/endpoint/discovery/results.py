"""The answer to a query -> an HTML page: rows as a table with links, triples as Turtle."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

import pyoxigraph as ox
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from metalocal.endpoint.engine.wire import Answer
from metalocal.pages import html_page
from metalocal.pages.addresses import Link, link_of, short

PAGE_RESULTS, PAGE_GRAPH = "json", "turtle"
"""Formats to run a query in for its page."""

_MOST_ROWS = 1000
_MOST_CHARACTERS = 200_000
_TABLE_DOWNLOADS = {"JSON": "json", "CSV": "csv", "TSV": "tsv", "XML": "xml"}
_GRAPH_DOWNLOADS = {"Turtle": "turtle", "JSON-LD": "jsonld", "N-Triples": "nt", "RDF/XML": "rdf"}


@dataclass(frozen=True)
class Rows:
    """The first rows of a SELECT, or the one row of an ASK; `more` if there are others."""

    columns: list[str]
    rows: list[list[Link]]
    more: bool = False


async def result_page(answer: Answer, query: str, request: Request) -> Response:
    """The page of an answer that was written as `PAGE_RESULTS` or `PAGE_GRAPH`."""
    is_table = answer.outcome == "results"
    rows = await to_thread.run_sync(_rows, answer.body) if is_table else None
    text = "" if is_table else answer.body.decode("utf-8")
    values = {
        "title": "Result",
        "crumbs": [Link("metalocal", "/"), Link("SPARQL", "/sparql")],
        "query": query,
        "rows": rows,
        "text": text[:_MOST_CHARACTERS],
        "is_cut": len(text) > _MOST_CHARACTERS,
        "most_rows": _MOST_ROWS,
        "downloads": _downloads(request, _TABLE_DOWNLOADS if is_table else _GRAPH_DOWNLOADS),
    }
    return html_page(request, "result.html", values)


def _rows(body: bytes) -> Rows:
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return Rows(["answer"], [[Link("yes" if found else "no")]])
    columns = [variable.value for variable in found.variables]
    first = list(itertools.islice(found, _MOST_ROWS + 1))
    rows = [[_cell(row[name]) for name in columns] for row in first[:_MOST_ROWS]]
    return Rows(columns, rows, len(first) > _MOST_ROWS)


def _cell(node: object) -> Link:
    """A bound value; an IRI leads to its page, a literal says its language or datatype on it."""
    if node is None:
        return Link("")
    if isinstance(node, ox.NamedNode):
        return link_of(node.value)
    if isinstance(node, ox.Literal):
        return Link(node.value, title=node.language or short(node.datatype.value))
    return Link(str(node))


def _downloads(request: Request, names: dict[str, str]) -> list[Link]:
    """Links to the same request in other formats; none for a query that came by POST."""
    if request.method != "GET":
        return []
    asked = parse_qsl(request.url.query, keep_blank_values=True)
    kept = [(name, value) for name, value in asked if name not in ("format", "output")]
    return [
        Link(words, "/sparql?" + urlencode([*kept, ("format", name)]))
        for words, name in names.items()
    ]

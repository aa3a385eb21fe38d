"""Any SPARQL 1.1 endpoint to rows, and to the triples of each named graph."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from metalocal.graph.access import access_to
from metalocal.graph.exchange import Exchange, Reply
from metalocal.graph.failures import a_web_page, no_results
from metalocal.graph.records import GraphError, QueryError, Table, table_of

GRAPHS = "https://w3id.org/metalocal/id/graph/"
DATASET = "https://w3id.org/metalocal/id/dataset/metalocal"
_DCTERMS, _VOID = "http://purl.org/dc/terms/", "http://rdfs.org/ns/void#"
_IN_DEFAULT = f"""\
SELECT ?version WHERE {{ <{DATASET}> <{_DCTERMS}identifier> ?version }} ORDER BY ?version"""
_IN_NAMED = f"""\
SELECT ?version WHERE {{ GRAPH <{GRAPHS}void> {{ <{DATASET}> <{_DCTERMS}identifier> ?version }} }}
ORDER BY ?version"""
_NAMES = f"""\
SELECT ?graph WHERE {{ GRAPH <{GRAPHS}void> {{ <{DATASET}> <{_VOID}subset> ?graph }} }}
ORDER BY ?graph"""
_SIZES = """\
SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } }
GROUP BY ?graph ORDER BY ?graph"""
_WEB_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class Held:
    """What an endpoint holds of us: the version of the graph; whether queries read all of it."""

    version: str
    in_union: bool


class RemoteGraph:
    """Any SPARQL 1.1 endpoint; how it is reached is told by METALOCAL_USER and its like.

    Args:
        url: where queries go.
        timeout_seconds: longest wait for an answer; without it METALOCAL_TIMEOUT, or 60.
        sleep: what waits between two tries.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout_seconds: float | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = url
        self._exchange = Exchange(url, access_to(url, answer_seconds=timeout_seconds), sleep)
        self._graphs: tuple[str, ...] = ()

    def select(self, query: str) -> Table:
        """The rows of a SELECT query, by POST, over all graphs.

        Raises:
            QueryError: the endpoint refuses the query.
            GraphError: it cannot be reached or answers something else.
        """
        reply = self._sent(query, "application/sparql-results+json", self._graphs)
        results = self._json(reply)
        if "boolean" in results:
            raise QueryError("this query is no SELECT; SELECT gives rows")
        try:
            return table_of(results)
        except (KeyError, TypeError, AttributeError) as error:
            raise no_results(self.url, "it is JSON, but no result of a SELECT query") from error

    def find_graph(self) -> Held:
        """What the endpoint holds of the evidence graph, after which queries read all of it.

        Where the default graph of the endpoint lacks it, all later queries name its named graphs.

        Raises:
            GraphError: it holds no evidence graph, or gives no answer.
        """
        self._graphs = ()
        found = self.select(_IN_DEFAULT).texts()
        if found:
            return Held(found[0].get("version", ""), in_union=True)
        named = self.select(_IN_NAMED).texts()
        if not named:
            raise GraphError(
                f"{self.url} answers, but holds no evidence graph of metalocal (nothing says what "
                f"<{DATASET}> is); load it with `metalocal load --to URL`, or check the address"
            )
        self._graphs = tuple(row["graph"] for row in self.select(_NAMES).texts())
        if f"{GRAPHS}void" not in self._graphs:
            self._graphs = (*self._graphs, f"{GRAPHS}void")
        return Held(named[0].get("version", ""), in_union=False)

    def sizes(self) -> dict[str, int]:
        """Number of triples of each named graph there, ours or not.

        Raises:
            GraphError: no answer came.
        """
        self._graphs, kept = (), self._graphs
        try:
            rows = self.select(_SIZES).texts()
        finally:
            self._graphs = kept
        return {row["graph"]: int(row["triples"]) for row in rows if "graph" in row}

    def triples(self, graph: str) -> bytes:
        """The triples of one named graph as N-Triples; `graph` is an IRI we know.

        Raises:
            GraphError: no answer came, or one in another format.
        """
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        reply = self._sent(query, "application/n-triples, text/plain;q=0.5", ())
        if reply.content_type not in ("application/n-triples", "text/plain"):
            why = f"asked for N-Triples, it sends {reply.content_type}"
            raise no_results(self.url, why)
        return reply.body

    def _sent(self, query: str, accept: str, graphs: Collection[str]) -> Reply:
        from metalocal.graph.client import Client  # noqa: PLC0415  (slow to import; remote use only)

        reply = Client(self._exchange, accept).reply(query, graphs)
        if reply.content_type in _WEB_PAGES:
            raise a_web_page(self.url)
        return reply

    def _json(self, reply: Reply) -> dict[str, Any]:
        try:
            found = json.loads(reply.body)
        except ValueError as error:
            why = f"{len(reply.body)} bytes of {reply.content_type} that are no whole JSON"
            raise no_results(self.url, why) from error
        if not isinstance(found, dict):
            raise no_results(self.url, "it is JSON, but no result of a query")
        return found

"""A SPARQL query to the request SPARQLWrapper makes of it, sent by our own exchange."""

from __future__ import annotations

from collections.abc import Collection

from SPARQLWrapper import JSON, POST, SPARQLWrapper

from metalocal.graph.exchange import Exchange, Reply
from metalocal.graph.records import QueryError


class Client(SPARQLWrapper):
    """SPARQLWrapper, but what it sends follows no redirect and has its time; formats by Accept."""

    def __init__(self, exchange: Exchange, accept: str) -> None:
        super().__init__(exchange.url)
        self._exchange, self._accept = exchange, accept
        self.setMethod(POST)
        self.setReturnFormat(JSON)
        self.setOnlyConneg(True)

    def _getAcceptHeader(self) -> str:  # noqa: N802  (SPARQLWrapper's name)
        return self._accept

    def reply(self, query: str, graphs: Collection[str]) -> Reply:
        """The reply to a query over the named `graphs` together, or over what the server takes.

        Raises:
            QueryError: it is an update, or the server refuses it.
            GraphError: no answer came.
        """
        self.setQuery(query)
        if self.isSparqlUpdateRequest():
            raise QueryError("this is an update; only queries are sent")
        for graph in graphs:
            self.addDefaultGraph(graph)
            self.addNamedGraph(graph)
        return self._exchange.send(self._createRequest())

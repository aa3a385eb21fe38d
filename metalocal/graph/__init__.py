"""The built graph file, or a remote endpoint, to rows of SPARQL; the room that knows engines."""

from metalocal.graph.fetched import write_fetched
from metalocal.graph.local import LocalGraph
from metalocal.graph.records import EvidenceGraph, GraphError, QueryError, Table, Term, table_of
from metalocal.graph.remote import Held, RemoteGraph

__all__ = [
    "EvidenceGraph",
    "GraphError",
    "Held",
    "LocalGraph",
    "QueryError",
    "RemoteGraph",
    "Table",
    "Term",
    "table_of",
    "write_fetched",
]

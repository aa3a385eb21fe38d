"""The built graph file, or a remote endpoint, to rows of SPARQL; the room that knows engines.

What speaks HTTP is loaded when it is first asked for: most commands read the built graph.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from metalocal.graph.local import LocalGraph
from metalocal.graph.records import EvidenceGraph, GraphError, QueryError, Table, Term, table_of

if TYPE_CHECKING:
    from metalocal.graph.fetched import write_fetched
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

_REMOTE = {"Held": "remote", "RemoteGraph": "remote", "write_fetched": "fetched"}


def __getattr__(name: str) -> Any:
    """A name of the modules that speak HTTP."""
    if name not in _REMOTE:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_REMOTE[name]}"), name)

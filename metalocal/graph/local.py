"""The built graph file to rows, by an engine in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox

from metalocal.graph.records import GraphError, QueryError, Table, table_of


class LocalGraph:
    """The built graph in memory."""

    def __init__(self, graph_file: Path) -> None:
        self.store = ox.Store()
        try:
            self.store.bulk_load(path=graph_file, format=ox.RdfFormat.N_QUADS)
        except (OSError, SyntaxError, ValueError) as error:
            message = f"{graph_file}: the built graph cannot be read ({error})"
            raise GraphError(f"{message}; build it anew: metalocal build") from error

    def select(self, query: str) -> Table:
        """The rows of a SELECT query over the union of all graphs.

        Raises:
            QueryError: the query does not parse or is no SELECT.
        """
        try:
            found = self.store.query(query, use_default_graph_as_union=True)
        except (SyntaxError, ValueError, RuntimeError, OSError) as error:
            reason = str(error).partition(": expected")[0].partition(", expected")[0]
            raise QueryError(f"this query cannot be run: {reason}") from error
        if not isinstance(found, ox.QuerySolutions):
            raise QueryError("this query is no SELECT; SELECT gives rows")
        return table_of(json.loads(found.serialize(format=ox.QueryResultsFormat.JSON) or b"{}"))

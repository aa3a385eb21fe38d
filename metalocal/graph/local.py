"""The built graph file to rows, by an engine in this process."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from metalocal.graph.kept import NOTHING, kept_beside, sha256_of
from metalocal.graph.records import GraphError, QueryError, Table, table_of

if TYPE_CHECKING:
    import pyoxigraph as ox


class LocalGraph:
    """The built graph in memory; with rows kept for it, only once something else is asked.

    `kept` holds those rows. A graph without any is loaded at once, so that what is wrong with its
    file is told before anything is done; a file for which rows are kept is as it was when it
    could be loaded.
    """

    def __init__(self, graph_file: Path) -> None:
        self.file = graph_file
        self.kept = kept_beside(graph_file)
        if self.kept is NOTHING:
            _ = self.store  # loads it

    @cached_property
    def store(self) -> ox.Store:
        """The engine's store, loaded.

        Raises:
            GraphError: the file cannot be read, or is no longer the one rows were kept for.
        """
        import pyoxigraph as ox  # noqa: PLC0415  (not needed where rows are kept)

        store = ox.Store()
        try:
            store.bulk_load(path=self.file, format=ox.RdfFormat.N_QUADS)
        except (OSError, SyntaxError, ValueError) as error:
            message = f"{self.file}: the built graph cannot be read ({error})"
            raise GraphError(f"{message}; build it anew: metalocal build") from error
        if self.kept is not NOTHING and self.kept.graph != sha256_of(self.file):
            raise GraphError(f"{self.file} was built anew since it was opened; ask again")
        return store

    def select(self, query: str) -> Table:
        """The rows of a SELECT query over the union of all graphs.

        Raises:
            QueryError: the query does not parse or is no SELECT.
        """
        import pyoxigraph as ox  # noqa: PLC0415  (not needed where rows are kept)

        try:
            found = self.store.query(query, use_default_graph_as_union=True)
        except (SyntaxError, ValueError, RuntimeError, OSError) as error:
            reason = str(error).partition(": expected")[0].partition(", expected")[0]
            raise QueryError(f"this query cannot be run: {reason}") from error
        if not isinstance(found, ox.QuerySolutions):
            raise QueryError("this query is no SELECT; SELECT gives rows")
        return table_of(json.loads(found.serialize(format=ox.QueryResultsFormat.JSON) or b"{}"))

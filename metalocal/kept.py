"""Named queries to rows: kept ones where the graph has them, asked ones else; and what is kept.

A named query that takes no parameter gives the same rows as long as graph and query are the same,
so they are kept beside the built graph (`metalocal.graph.kept`) and looked up by the SHA-256 of
both: a query that was edited is asked anew, and so is everything of another graph.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Protocol, runtime_checkable

from graph_builder.problems import ProblemsFoundError, ToldError
from metalocal.catalogue import catalogue, find_query
from metalocal.graph import EvidenceGraph, LocalGraph
from metalocal.graph.kept import Kept, Row, kept_beside, sha256_of, write_kept

LARGEST_BYTES = 256 * 1024**2
"""Of a larger graph no rows are kept: to ask for all of them would take minutes and its memory."""


@runtime_checkable
class KeepingGraph(Protocol):
    """A graph that may have rows kept for it."""

    @property
    def kept(self) -> Kept:
        """The rows kept for it."""
        ...


def rows_of(graph: EvidenceGraph, queries: Path, name: str) -> list[Row]:
    """The rows of a named query that takes no parameter, as `Table.texts` gives them.

    Raises:
        CatalogueError: there is no such query.
        GraphError: it is not kept, and the graph cannot be asked.
    """
    file = queries / f"{name}.rq"
    if isinstance(graph, KeepingGraph) and file.is_file():
        rows = graph.kept.rows(sha256_of(file))
        if rows is not None:
            return rows
    return graph.select(find_query(queries, name).text).texts()


def keep_rows(graph: LocalGraph, queries: Path) -> None:
    """Keep the rows of all named queries that take no parameter, unless they are kept as they are.

    A convenience: where the graph is large, changes meanwhile or its folder cannot be written to,
    nothing is kept, and queries are asked as they come.
    """
    with suppress(OSError, ToldError, ProblemsFoundError):  # whoever asks is told what is wrong
        known = _digest(queries)
        if graph.kept.queries != known and graph.file.stat().st_size <= LARGEST_BYTES:
            _keep(graph, queries, known)


def keep_beside(graph_file: Path, queries: Path) -> None:
    """Keep the rows as `keep_rows` does, of a graph file that was just built."""
    with suppress(OSError, ToldError):  # whoever opens the graph is told what is wrong
        if graph_file.stat().st_size <= LARGEST_BYTES:
            keep_rows(LocalGraph(graph_file), queries)


def _keep(graph: LocalGraph, queries: Path, known: str) -> None:
    """Keep the rows, unless graph or queries change meanwhile; `known` is the queries' SHA-256."""
    sha256 = sha256_of(graph.file)
    names = [name for name, query in catalogue(queries).items() if not query.parameters]
    rows = {sha256_of(queries / f"{name}.rq"): rows_of(graph, queries, name) for name in names}
    if (sha256, known) == (sha256_of(graph.file), _digest(queries)):
        write_kept(graph.file, sha256, known, rows)
        graph.kept = kept_beside(graph.file)


def _digest(queries: Path) -> str:
    """The SHA-256 over names and bytes of all query files of a folder."""
    total = hashlib.sha256()
    for file in sorted(queries.glob("*.rq")):
        total.update(f"{file.name}\0{sha256_of(file)}\0".encode())
    return total.hexdigest()

"""Built graph files, or a remote endpoint, to SPARQL results; the one room that knows engines."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import pyoxigraph as ox

from graph_builder.problems import ToldError


class GraphError(ToldError):
    """The graph cannot be read or asked; the message says what happened and how to mend it."""

    exit_code = 1


class QueryError(GraphError):
    """The query is wrong or refused."""

    exit_code = 2


@dataclass(frozen=True)
class Term:
    """One bound value: `kind` is iri, literal or bnode; `datatype` is set for typed literals."""

    kind: str
    text: str
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True)
class Table:
    """A SELECT result: columns in the order asked for, rows in the order given."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, Term], ...]

    def texts(self) -> list[dict[str, str]]:
        """Each row as column to text; an unbound column is absent."""
        return [{name: term.text for name, term in row.items()} for row in self.rows]


class EvidenceGraph(Protocol):
    """What can be asked for the rows of a SELECT query."""

    def select(self, query: str) -> Table:
        """The rows of a SELECT query over the union of all graphs."""
        ...


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


class RemoteGraph:
    """Any SPARQL 1.1 endpoint; credentials come from METALOCAL_USER and METALOCAL_PASSWORD."""

    def __init__(self, url: str, *, timeout_seconds: int = 60) -> None:
        self.url, self.timeout_seconds = url, timeout_seconds

    def select(self, query: str) -> Table:
        """The rows of a SELECT query, by POST.

        Raises:
            QueryError: the endpoint refuses the query.
            GraphError: it cannot be reached or answers something else.
        """
        from SPARQLWrapper import JSON, POST, SPARQLWrapper  # noqa: PLC0415  (remote use only)
        from SPARQLWrapper.SPARQLExceptions import QueryBadFormed  # noqa: PLC0415  (remote use only)

        client = SPARQLWrapper(self.url)
        client.setMethod(POST)
        client.setReturnFormat(JSON)
        client.setTimeout(self.timeout_seconds)
        user = os.environ.get("METALOCAL_USER")
        if user:
            client.setCredentials(user, os.environ.get("METALOCAL_PASSWORD", ""))
        client.setQuery(query)
        try:
            return table_of(cast("dict[str, Any]", client.query().convert()))
        except QueryBadFormed as error:
            raise QueryError(f"{self.url} refuses this query: {error}") from error
        except Exception as error:  # SPARQLWrapper raises many kinds; each means no answer came
            raise GraphError(f"{self.url} gave no answer: {error}") from error


def table_of(results: dict[str, Any]) -> Table:
    """The table in SPARQL 1.1 Query Results JSON."""
    rows = tuple(
        {name: _term(cell) for name, cell in row.items()} for row in results["results"]["bindings"]
    )
    return Table(tuple(results["head"]["vars"]), rows)


def _term(cell: dict[str, str]) -> Term:
    kind = {"uri": "iri", "typed-literal": "literal"}.get(cell["type"], cell["type"])
    return Term(kind, cell["value"], cell.get("datatype", ""), cell.get("xml:lang", ""))

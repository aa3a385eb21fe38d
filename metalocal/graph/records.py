"""SPARQL 1.1 results in JSON to tables of terms; what any graph can be asked, and its errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from graph_builder.problems import ToldError

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_TRUTHS = {"1": "true", "0": "false"}
_KINDS = {"uri": "iri", "typed-literal": "literal"}


class GraphError(ToldError):
    """The graph cannot be read or asked; the message says what happened and how to mend it."""

    exit_code = 1


class QueryError(GraphError):
    """The query is wrong or refused."""

    exit_code = 2


class Term(NamedTuple):
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


def table_of(results: dict[str, Any]) -> Table:
    """The table in SPARQL 1.1 Query Results JSON."""
    rows = tuple(
        {name: _term(cell) for name, cell in row.items()} for row in results["results"]["bindings"]
    )
    return Table(tuple(results["head"]["vars"]), rows)


def _term(cell: dict[str, str]) -> Term:
    """The term of a cell; an answer may have a million of them."""
    kind, text, datatype = cell["type"], cell["value"], cell.get("datatype", "")
    if datatype == _BOOLEAN:  # 1 and 0 are allowed spellings, and Virtuoso uses them
        text = _TRUTHS.get(text, text)
    return Term(_KINDS.get(kind, kind), text, datatype, cell.get("xml:lang", ""))

"""The answer to a query -> a table for a page: labels, links, and Turtle beside triples."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from anyio import to_thread
from starlette.requests import Request

from metalocal.endpoint.discovery.labels import labels_of
from metalocal.endpoint.engine.wire import Answer
from metalocal.endpoint.service import Service
from metalocal.endpoint.triples import written
from metalocal.pages.addresses import PREFIXES, Link, link_of, short

PAGE_RESULTS, PAGE_GRAPH = "json", "turtle"
"""Formats to run a query in for its page."""

MOST_ROWS = 1000
"""Rows of a page; a download has all."""

_XSD = PREFIXES["xsd"]
_WHOLE = (
    "integer long int short byte nonNegativeInteger positiveInteger nonPositiveInteger "
    "negativeInteger unsignedLong unsignedInt unsignedShort unsignedByte"
)
_NUMBERS = frozenset(_XSD + name for name in (*_WHOLE.split(), "decimal", "float", "double"))
_ALL_COLUMNS = re.compile(r"SELECT\s+(?:(?:DISTINCT|REDUCED)\s+)?\*", re.IGNORECASE)

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None


@dataclass(frozen=True)
class Column:
    """A column; `kind` is "iri" or "number" where all its values are, else ""."""

    name: str
    kind: str = ""


@dataclass(frozen=True)
class Result:
    """What a page shows of an answer: its first rows, and for triples their Turtle as well.

    `form` is "rows", "answer" (of an ASK) or "triples"; `more` says that rows were left out.
    """

    form: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Link]]
    more: bool = False
    turtle: str = ""


@dataclass(frozen=True)
class _Terms:
    """Rows as the engine gives them."""

    form: str
    names: list[str]
    rows: list[list[Node]]
    more: bool = False


async def result_of(service: Service, answer: Answer, query: str, request: Request) -> Result:
    """The result in an answer that was written as `PAGE_RESULTS` or `PAGE_GRAPH`."""
    is_table = answer.outcome == "results"
    terms = await to_thread.run_sync(_read_rows if is_table else _read_triples, answer.body, query)
    iris = {node.value for row in terms.rows for node in row if isinstance(node, ox.NamedNode)}
    labels = await labels_of(service, iris, request)
    turtle = ""
    if not is_table:
        shown = [ox.Triple(*row) for row in terms.rows]  # type: ignore[arg-type]
        turtle = (await written(shown, "turtle")).decode("utf-8")
    return await to_thread.run_sync(_told, terms, labels, turtle)


def _read_rows(body: bytes, query: str) -> _Terms:
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return _Terms("answer", ["answer"], [[ox.Literal("yes" if found else "no")]])
    names = _in_reading_order([variable.value for variable in found.variables], query)
    first = list(itertools.islice(found, MOST_ROWS + 1))
    rows = [[row[name] for name in names] for row in first[:MOST_ROWS]]
    return _Terms("rows", names, rows, len(first) > MOST_ROWS)


def _in_reading_order(names: list[str], query: str) -> list[str]:
    """The columns of `SELECT *` by where the query first says them; the engine sorts them."""
    if not _ALL_COLUMNS.search(query):
        return names
    places = {name: re.search(rf"[?$]{re.escape(name)}\b", query) for name in names}
    return sorted(names, key=lambda name: place.start() if (place := places[name]) else len(query))


def _read_triples(body: bytes, _query: str) -> _Terms:
    first = list(itertools.islice(_distinct(body), MOST_ROWS + 1))
    rows: list[list[Node]] = [[t.subject, t.predicate, t.object] for t in first[:MOST_ROWS]]
    return _Terms("triples", ["subject", "predicate", "object"], rows, len(first) > MOST_ROWS)


def _distinct(body: bytes) -> Iterator[ox.Triple]:
    """The triples, each once: the engine repeats what several solutions give."""
    seen = set()
    for quad in ox.parse(body, format=ox.RdfFormat.TURTLE, lenient=True):
        if quad.triple not in seen:
            seen.add(quad.triple)
            yield quad.triple


def _told(terms: _Terms, labels: Mapping[str, str], turtle: str) -> Result:
    columns = [
        Column(name, _kind([row[place] for row in terms.rows if row[place] is not None]))
        for place, name in enumerate(terms.names)
    ]
    rows = [[_cell(node, labels) for node in row] for row in terms.rows]
    return Result(terms.form, columns, rows, terms.more, turtle)


def _kind(nodes: list[Node]) -> str:
    if nodes and all(isinstance(node, ox.NamedNode) for node in nodes):
        return "iri"
    is_number = (isinstance(n, ox.Literal) and n.datatype.value in _NUMBERS for n in nodes)
    return "number" if nodes and all(is_number) else ""


def _cell(node: Node, labels: Mapping[str, str]) -> Link:
    """A bound value; an IRI leads to its page, a literal says its language or datatype on it."""
    if node is None:
        return Link("")
    if isinstance(node, ox.NamedNode):
        return link_of(node.value, labels.get(node.value, ""))
    if isinstance(node, ox.Literal):
        return Link(node.value, title=node.language or short(node.datatype.value))
    return Link(str(node))

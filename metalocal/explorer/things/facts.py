"""An IRI -> the facts of its page: label, definition, and its values by property."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox
from starlette.requests import Request

from metalocal.catalogue import term
from metalocal.endpoint.service import Service
from metalocal.endpoint.triples import constructed
from metalocal.explorer.things.expressions import Expressions, Pieces
from metalocal.graph import Term
from metalocal.pages.addresses import BASE, GRAPHS, PREFIXES, Link, graph_name, link_of, short

_FACTS = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?graph ?property ?propertyLabel ?value ?valueLabel WHERE {{
  GRAPH ?graph {{ {iri} ?property ?value }}
  OPTIONAL {{ ?property rdfs:label ?propertyLabel }}
  OPTIONAL {{ ?value rdfs:label ?valueLabel }}
}} ORDER BY ?property ?value ?graph"""
_NAMES = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?iri ?label WHERE {{ VALUES ?iri {{ {iris} }} ?iri rdfs:label ?label }}"""

TYPE = f"{PREFIXES['rdf']}type"
_LABELS = (
    f"{PREFIXES['rdfs']}label",
    f"{PREFIXES['skos']}prefLabel",
    f"{PREFIXES['dcterms']}title",
)
_DEFINITIONS = (
    f"{PREFIXES['skos']}definition",
    f"{PREFIXES['dcterms']}description",
    f"{PREFIXES['rdfs']}comment",
)
_INDIVIDUAL = f"{PREFIXES['owl']}NamedIndividual"
_DRAWN = {f"{GRAPHS}derived": "derived by rule", f"{GRAPHS}inferred": "inferred by reasoner"}
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PLAIN = ("en", "string", "integer", "decimal", "boolean")
_SHOWN_AT_ONCE = 10


@dataclass(frozen=True)
class Value:
    """One value: pieces of a line, its language or datatype, and how it was drawn if it was."""

    pieces: Pieces
    tag: str = ""
    drawn: str = ""


@dataclass(frozen=True)
class Fact:
    """A property, `name` its link, and its values."""

    name: Link
    values: list[Value]

    @property
    def is_long(self) -> bool:
        """Whether a page folds it."""
        return len(self.values) > _SHOWN_AT_ONCE


@dataclass(frozen=True)
class Facts:
    """What the top of a page says of a thing; `graphs` are the named graphs that speak of it."""

    label: str
    types: list[Link]
    definition: str
    facts: list[Fact]
    graphs: list[Link]


@dataclass(frozen=True)
class _Row:
    """A statement with the labels of what it names."""

    graph: str
    property: str
    property_label: str
    value: Term
    value_label: str


async def facts_of(service: Service, iri: str, request: Request) -> Facts:
    """The facts of `iri` over all graphs, each value once."""
    table = await service.rows(_FACTS.format(iri=term(iri, "iri")), request)
    rows = [_row(row) for row in table.rows]
    expressions = await _expressions(service, iri, rows, request)
    types = {row.value.text: row.value_label for row in rows if row.property == TYPE}
    if len(types) > 1:
        types.pop(_INDIVIDUAL, None)
    named_by, label = _first(rows, _LABELS)
    defined_by, definition = _first(rows, _DEFINITIONS)
    told = (TYPE, named_by, defined_by)
    return Facts(
        label=label or short(iri),
        types=[link_of(each, label) for each, label in sorted(types.items())],
        definition=definition,
        facts=_facts(iri, [row for row in rows if row.property not in told], expressions),
        graphs=[link_of(each, graph_name(each)) for each in sorted({row.graph for row in rows})],
    )


def words_of(iri: str) -> str:
    """Words for a property nobody labelled, from its name.

    >>> words_of("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    'sub class of'
    """
    return _CAPITAL.sub(" ", re.split("[/#]", iri)[-1]).lower() or iri


def _row(row: dict[str, Term]) -> _Row:
    text = {name: found.text for name, found in row.items()}
    return _Row(
        text["graph"],
        text["property"],
        text.get("propertyLabel") or words_of(text["property"]),
        row["value"],
        text.get("valueLabel", ""),
    )


def _first(rows: list[_Row], properties: tuple[str, ...]) -> tuple[str, str]:
    """The first of these properties that has a value, and the value, English before others."""
    for wanted in properties:
        found = [row.value for row in rows if row.property == wanted]
        for value in sorted(found, key=lambda each: each.language not in ("en", "")):
            return wanted, value.text
    return "", ""


async def _expressions(
    service: Service, iri: str, rows: list[_Row], request: Request
) -> Expressions:
    """The blank nodes among the values, with labels for what they name."""
    if not any(row.value.kind == "bnode" for row in rows):
        return Expressions([], {})
    triples = await constructed(service, f"DESCRIBE {term(iri, 'iri')}", request)
    named = {str(node) for t in triples for node in (t.predicate, t.object) if _is_ours(node)}
    return Expressions(triples, await labels_of(service, named, request))


async def labels_of(service: Service, terms: Iterable[str], request: Request) -> dict[str, str]:
    """IRI to label, for those of `terms` (IRIs as SPARQL writes them) that have one."""
    query = _NAMES.format(iris=" ".join(sorted(terms)))
    return {row["iri"]: row["label"] for row in (await service.rows(query, request)).texts()}


def _is_ours(node: object) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.startswith(BASE)


def _facts(iri: str, rows: list[_Row], expressions: Expressions) -> list[Fact]:
    """Rows by property, in the order of the properties' labels; a stated value before a drawn."""
    values: dict[tuple[str, str], dict[Term, Value]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.graph in _DRAWN):
        key = row.property_label, row.property
        if row.value.kind != "bnode":
            values[key].setdefault(row.value, _value(row))
    for row in rows:  # a blank node has a name within one answer only: take those of the triples
        if row.value.kind == "bnode":
            for node in expressions.unnamed(iri, row.property):
                key, unnamed = (row.property_label, row.property), Term("bnode", str(node))
                values[key][unnamed] = Value(expressions.line(node))
    return [
        Fact(link_of(property_, label), list(values[label, property_].values()))
        for label, property_ in sorted(values)
    ]


def _value(row: _Row) -> Value:
    drawn = _DRAWN.get(row.graph, "")
    if row.value.kind == "iri":
        return Value([link_of(row.value.text, row.value_label)], drawn=drawn)
    tag = row.value.language or short(row.value.datatype).removeprefix("xsd:")
    return Value([Link(row.value.text)], "" if tag in _PLAIN else tag, drawn)

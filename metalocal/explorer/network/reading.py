"""The served graph -> the network that people explore: read once, without the plumbing.

Clauses and limits of criteria, derivations and implications are left out; what a criterion accepts
and rejects is joined to it directly.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from metalocal.explorer.network.records import Network, Node
from metalocal.explorer.network.telling import details_of
from metalocal.graph import EvidenceGraph
from metalocal.pages.addresses import BASE

if TYPE_CHECKING:
    import networkx as nx

_PREFIXES = f"""\
PREFIX ml: <{BASE}ontology/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_THINGS = """\
SELECT (STRAFTER(STR(?thing), "{base}") AS ?id) ?label WHERE {{
  ?thing a <{kind}> , owl:NamedIndividual ; rdfs:label ?label .
}}"""
_KINDS = """\
SELECT ?kind ?label WHERE {{
  ?kind a owl:Class ; rdfs:label ?label . FILTER(STRSTARTS(STR(?kind), "{base}ontology/"))
}} ORDER BY ?kind"""
_PROPERTIES = """\
SELECT ?relation ?label WHERE {{
  ?relation a owl:ObjectProperty ; rdfs:label ?label .
  FILTER(STRSTARTS(STR(?relation), "{base}ontology/"))
}} ORDER BY ?relation"""
_PAIRS = """\
SELECT (STRAFTER(STR(?one), "{base}") AS ?source) (STRAFTER(STR(?other), "{base}") AS ?target)
WHERE {{ ?one {path} ?other . FILTER(isIRI(?other)) }}"""
_VALUES = """\
SELECT (STRAFTER(STR(?thing), "{base}") AS ?id) ?value WHERE {{
  ?thing {path} ?value
}} ORDER BY ?id ?value"""
_VERSION = """\
SELECT ?version WHERE {{ <{base}id/dataset/metalocal> owl:versionInfo ?version }}"""

_PLUMBING = frozenset({"Clause", "Bound", "Derivation", "Implication", "Rule"})
_THROUGH = {
    "accepts": "ml:hasClause/ml:accepts",
    "rejects": "ml:hasClause/ml:rejects",
    "broader": "skos:broader",
}
"""Relations that are read otherwise than by the property of their name."""

_LABELS = {"accepts": "accepts", "rejects": "rejects", "broader": "is a kind of"}
_TOLD = [
    "shortLabel",
    "alsoCalled",
    "nctNumber",
    "pubmedNumber",
    "doi",
    "wording",
    "forWhom",
    "strength",
    "evidenceLevel",
    "sequence",
    "printedValue",
    "printedLow",
    "printedHigh",
    "printedP",
    "line",
    "place",
    "journal",
    "yearOfPublication",
    "findingText",
]
"""Properties whose values are shown, searched or filtered by."""

Values = dict[str, dict[str, list[str]]]


def network_of(graph: EvidenceGraph) -> Network:
    """The network of a graph; some 120 small queries, none of which holds an engine for long."""
    import networkx as nx  # noqa: PLC0415  (slow to import)

    kinds = {_local(row["kind"]): row["label"] for row in _rows(graph, _KINDS)}
    labels, types = _things(graph, kinds)
    found = nx.MultiDiGraph()
    found.add_nodes_from(sorted(labels))
    relations = _join(graph, found)
    values = _values(graph, labels)
    details = details_of(found, types, labels, values)
    nodes = {
        thing: Node(
            thing,
            label,
            types[thing],
            kinds[types[thing]],
            *details.of(thing),
            _names(values, thing),
            int(values.get(thing, {}).get("sequence", ["0"])[0]),
        )
        for thing, label in sorted(labels.items())
    }
    used = set(types.values())
    version = next((row["version"] for row in _rows(graph, _VERSION)), "")
    words = {kind: label for kind, label in kinds.items() if kind in used}
    return Network(nodes, found, relations, words, version)


def _things(graph: EvidenceGraph, kinds: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Label and type of every thing; of several types the narrowest."""
    labels: dict[str, str] = {}
    of_kind: dict[str, list[str]] = {}
    for kind in kinds:
        rows = _rows(graph, _THINGS, kind=f"{BASE}ontology/{kind}")
        named = {row["id"]: row["label"] for row in rows if row["id"]}
        of_kind[kind] = list(named)
        labels |= named
    size = Counter({kind: len(things) for kind, things in of_kind.items()})
    types: dict[str, str] = {}
    for kind, _ in sorted(size.items(), key=lambda item: (-item[1], item[0])):
        types |= dict.fromkeys(of_kind[kind], kind)
    dropped = {thing for thing, kind in types.items() if kind in _PLUMBING}
    return {thing: label for thing, label in labels.items() if thing not in dropped}, types


def _join(graph: EvidenceGraph, network: nx.MultiDiGraph) -> dict[str, str]:
    """Adds every relation between two things; gives the labels of the relations."""
    labels = {_local(row["relation"]): row["label"] for row in _rows(graph, _PROPERTIES)} | _LABELS
    used = {}
    for relation, label in sorted(labels.items()):
        rows = _rows(graph, _PAIRS, path=_THROUGH.get(relation, f"ml:{relation}"))
        for row in rows:
            if row["source"] in network and row["target"] in network:
                network.add_edge(row["source"], row["target"], relation)
                used[relation] = label
    return used


def _values(graph: EvidenceGraph, labels: dict[str, str]) -> Values:
    values: Values = defaultdict(dict)
    paths = {name: f"ml:{name}" for name in _TOLD} | {
        "year": "ml:hasFact ?fact . ?fact ml:property ml:publication_year ; "
        "ml:hasReport/ml:printedValue"
    }
    for name, path in paths.items():
        for row in _rows(graph, _VALUES, path=path):
            if row["id"] in labels:
                held = values[row["id"]].setdefault(name, [])
                if row["value"] not in held:
                    held.append(row["value"])
    return values


def _names(values: Values, thing: str) -> tuple[str, ...]:
    """The other names and numbers by which a thing is sought."""
    held = values.get(thing, {})
    return tuple(
        name
        for property_ in ("alsoCalled", "nctNumber", "pubmedNumber", "doi")
        for name in held.get(property_, ())
    )


def _rows(graph: EvidenceGraph, query: str, **words: str) -> list[dict[str, str]]:
    return graph.select(_PREFIXES + query.format(base=BASE, **words)).texts()


def _local(iri: str) -> str:
    return iri.rpartition("/")[2]

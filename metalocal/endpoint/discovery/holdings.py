"""The graph -> what it holds: title, version, licence, named graphs with counts, examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from metalocal.catalogue import term
from metalocal.endpoint.discovery.kept import kept
from metalocal.endpoint.service import Service
from metalocal.pages.addresses import Link, graph_name, link_of

_PREFIXES = """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX mlid: <https://w3id.org/metalocal/id/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
PREFIX void: <http://rdfs.org/ns/void#>
"""
_TOLD = """\
SELECT ?graph ?triples WHERE {
  <https://w3id.org/metalocal/id/dataset/metalocal> void:subset ?graph .
  ?graph void:triples ?triples
}"""
_COUNTED = """\
SELECT ?graph (COUNT(*) AS ?triples) WHERE {{
  VALUES ?graph {{ {graphs} }}
  GRAPH ?graph {{ ?s ?p ?o }}
}} GROUP BY ?graph"""
_LABELS = """\
SELECT ?graph ?label WHERE {
  <https://w3id.org/metalocal/id/dataset/metalocal> void:subset ?graph .
  { ?graph dcterms:title ?label } UNION { ?graph rdfs:label ?label }
}"""
_DATASET = """\
SELECT ?property ?value WHERE {
  <https://w3id.org/metalocal/id/dataset/metalocal> ?property ?value .
  VALUES ?property { dcterms:title dcterms:license owl:versionInfo dcterms:identifier }
}"""
_KINDS = """\
SELECT ?kind (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  VALUES ?kind { ml:Study ml:Estimate ml:Report ml:GuidanceStatement ml:DecisionModel ml:Source }
  ?thing a ?kind
} GROUP BY ?kind"""
_EXAMPLES = """\
SELECT ?example ?question ?kind ?text WHERE {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?question .
  VALUES (?property ?kind) {
    (sh:select "SELECT") (sh:ask "ASK") (sh:construct "CONSTRUCT") (spex:describe "DESCRIBE")
  }
  ?example ?property ?text
} ORDER BY ?example"""
_TAGS = """\
SELECT ?example (MIN(?word) AS ?tag) WHERE {
  ?example a sh:SPARQLExecutable ; schema:keywords ?word
} GROUP BY ?example"""
_DECLARED = """\
SELECT ?example ?prefix ?namespace WHERE {
  ?example a sh:SPARQLExecutable ; sh:prefixes/sh:declare ?declared .
  ?declared sh:prefix ?prefix ; sh:namespace ?namespace
} ORDER BY ?example ?prefix"""


@dataclass(frozen=True)
class Graph:
    """A named graph; the count of its triples where it is known."""

    iri: str
    label: str
    triples: int | None

    @property
    def link(self) -> Link:
        """Link to its page."""
        return link_of(self.iri, graph_name(self.iri))


@dataclass(frozen=True)
class Holdings:
    """What the store holds; `triples` in all graphs together; texts may be empty."""

    graphs: tuple[Graph, ...]
    triples: int
    title: str = ""
    licence: str = ""
    version: str = ""


@dataclass(frozen=True)
class Example:
    """A query with the question it answers; `kind` is its first keyword, `tag` its subject."""

    question: str
    query: str
    kind: str = "SELECT"
    tag: str = ""


@kept
async def holdings_of(service: Service, request: Request) -> Holdings:
    """Graphs and dataset."""
    counts = await _counts(service, request)
    labels = {
        row["graph"]: row["label"]
        for row in (await service.rows(_PREFIXES + _LABELS, request)).texts()
    }
    told = {
        row["property"].rpartition("/")[2].rpartition("#")[2]: row["value"]
        for row in (await service.rows(_PREFIXES + _DATASET, request)).texts()
    }
    graphs = (
        Graph(iri, labels.get(iri, graph_name(iri)), counts.get(iri))
        for iri in sorted(service.graphs)
    )
    return Holdings(
        tuple(graphs),
        sum(counts.values()),
        told.get("title", ""),
        told.get("license", ""),
        told.get("versionInfo") or told.get("identifier", ""),
    )


async def _counts(service: Service, request: Request) -> dict[str, int]:
    """Triples of each named graph: as VoID tells, counted where it does not."""
    rows = (await service.rows(_PREFIXES + _TOLD, request)).texts()
    counts = {row["graph"]: int(row["triples"]) for row in rows if row["graph"] in service.graphs}
    untold = " ".join(term(graph, "iri") for graph in sorted(service.graphs - set(counts)))
    rows = (await service.rows(_COUNTED.format(graphs=untold), request)).texts() if untold else []
    return counts | {row["graph"]: int(row["triples"]) for row in rows}


@kept
async def kinds_of(service: Service, request: Request) -> Mapping[str, int]:
    """How many things there are of each kind, by the local name of its class."""
    rows = (await service.rows(_PREFIXES + _KINDS, request)).texts()
    return {row["kind"].rpartition("/")[2]: int(row["count"]) for row in rows}


@kept
async def examples_of(service: Service, request: Request) -> tuple[Example, ...]:
    """The example queries of the graph, each with the prefixes it was declared with."""
    declared: dict[str, list[str]] = defaultdict(list)
    for row in (await service.rows(_PREFIXES + _DECLARED, request)).texts():
        declared[row["example"]].append(f"PREFIX {row['prefix']}: <{row['namespace']}>")
    rows = (await service.rows(_PREFIXES + _TAGS, request)).texts()
    tags = {row["example"]: row["tag"] for row in rows}
    return tuple(
        Example(
            row["question"],
            _complete(row["text"], declared[row["example"]]),
            row["kind"],
            tags.get(row["example"], ""),
        )
        for row in (await service.rows(_PREFIXES + _EXAMPLES, request)).texts()
    )


def _complete(text: str, lines: list[str]) -> str:
    """The query with the prefix lines that it uses and lacks."""
    needed = [line for line in lines if line not in text and line.split()[1] in text]
    return "\n".join([*needed, text.rstrip()])

"""The loaded graph -> what the endpoint says of itself (SPARQL 1.1 Service Description)."""

from __future__ import annotations

import pyoxigraph as ox

from metalocal.endpoint.discovery.holdings import Holdings
from metalocal.endpoint.discovery.wording import limits_in_words
from metalocal.endpoint.settings import Limits
from metalocal.pages.addresses import PREFIXES

_FORMATS = "http://www.w3.org/ns/formats/"
_WRITTEN = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
_Value = ox.NamedNode | ox.BlankNode | ox.Literal


def describe_service(base: str, holdings: Holdings, limits: Limits) -> list[ox.Triple]:
    """Triples about the endpoint below `base` (scheme and host), its dataset and its graphs.

    Raises:
        ValueError: `base` makes no IRI.
    """
    service, dataset = ox.BlankNode("service"), ox.BlankNode("dataset")
    triples = [
        _fact(service, "rdf:type", _node("sd:Service")),
        _fact(service, "sd:endpoint", ox.NamedNode(f"{base}/sparql")),
        _fact(service, "sd:supportedLanguage", _node("sd:SPARQL11Query")),
        _fact(service, "sd:feature", _node("sd:UnionDefaultGraph")),
        _fact(service, "rdfs:comment", _english(limits_in_words(limits))),
        _fact(service, "rdfs:seeAlso", ox.NamedNode(f"{base}/.well-known/void")),
        _fact(service, "rdfs:seeAlso", ox.NamedNode(f"{base}/.well-known/sparql-examples")),
        _fact(service, "sd:defaultDataset", dataset),
    ]
    triples += [
        _fact(service, "sd:resultFormat", ox.NamedNode(_FORMATS + name)) for name in _WRITTEN
    ]
    if holdings.title:
        triples.append(_fact(service, "rdfs:label", _english(holdings.title)))
    return triples + _dataset(dataset, base, holdings) + _graphs(dataset, holdings)


def _dataset(dataset: ox.BlankNode, base: str, holdings: Holdings) -> list[ox.Triple]:
    default = ox.BlankNode("default")
    triples = [
        _fact(dataset, "rdf:type", _node("sd:Dataset")),
        _fact(dataset, "rdf:type", _node("void:Dataset")),
        _fact(dataset, "void:sparqlEndpoint", ox.NamedNode(f"{base}/sparql")),
        _fact(dataset, "void:dataDump", ox.NamedNode(f"{base}/dump.nq")),
        _fact(dataset, "sd:defaultGraph", default),
        _fact(default, "rdf:type", _node("sd:Graph")),
        _fact(default, "rdfs:comment", _english("The union of all named graphs.")),
        _fact(default, "void:triples", ox.Literal(holdings.triples)),
    ]
    if holdings.licence:
        triples.append(_fact(dataset, "dcterms:license", ox.NamedNode(holdings.licence)))
    if holdings.version:
        triples.append(_fact(dataset, "owl:versionInfo", ox.Literal(holdings.version)))
    return triples


def _graphs(dataset: ox.BlankNode, holdings: Holdings) -> list[ox.Triple]:
    triples = []
    for number, graph in enumerate(holdings.graphs):
        named, content = ox.BlankNode(f"named{number}"), ox.BlankNode(f"graph{number}")
        triples += [
            _fact(dataset, "sd:namedGraph", named),
            _fact(named, "rdf:type", _node("sd:NamedGraph")),
            _fact(named, "sd:name", ox.NamedNode(graph.iri)),
            _fact(named, "sd:graph", content),
            _fact(content, "rdf:type", _node("sd:Graph")),
            _fact(content, "rdf:type", _node("void:Dataset")),
            _fact(content, "rdfs:label", _english(graph.label)),
        ]
        if graph.triples is not None:
            triples.append(_fact(content, "void:triples", ox.Literal(graph.triples)))
    return triples


def _fact(subject: ox.BlankNode, predicate: str, value: _Value) -> ox.Triple:
    return ox.Triple(subject, _node(predicate), value)


def _node(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")

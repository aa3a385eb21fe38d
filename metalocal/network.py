"""The graph as a property graph (networkx): things as nodes, their relations as edges."""

from __future__ import annotations

from pathlib import Path

import networkx as nx

from metalocal.attributes import local_name
from metalocal.files import replacing
from metalocal.graph import EvidenceGraph

_THINGS = """
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?thing ?type ?label WHERE {
  ?thing a owl:NamedIndividual , ?type ; rdfs:label ?label .
  FILTER(STRSTARTS(STR(?type), STR(ml:)))
} ORDER BY ?thing ?type
"""
_RELATIONS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT ?one ?relation ?other WHERE {
  ?relation a owl:ObjectProperty .
  ?one a owl:NamedIndividual ; ?relation ?other .
  ?other a owl:NamedIndividual .
} ORDER BY ?one ?relation ?other
"""
_VALUES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT ?thing ?property ?value WHERE {
  ?property a owl:DatatypeProperty .
  ?thing a owl:NamedIndividual ; ?property ?value .
} ORDER BY ?thing ?property ?value
"""


def property_graph(graph: EvidenceGraph) -> nx.MultiDiGraph:
    """Every named thing with type, label and values; one edge for each relation between two."""
    network = nx.MultiDiGraph()
    for row in graph.select(_THINGS).texts():
        network.add_node(row["thing"], type=local_name(row["type"]), label=row["label"])
    for row in graph.select(_VALUES).texts():
        data = network.nodes[row["thing"]]
        name = local_name(row["property"])
        data[name] = f"{data[name]}; {row['value']}" if name in data else row["value"]
    for row in graph.select(_RELATIONS).texts():
        network.add_edge(row["one"], row["other"], relation=local_name(row["relation"]))
    return network


def write_graphml(graph: EvidenceGraph, path: Path) -> tuple[int, int]:
    """Writes GraphML for Gephi, yEd or Cytoscape; gives the numbers of nodes and edges."""
    network = property_graph(graph)
    with replacing(path) as beside:
        nx.write_graphml(network, beside)
    return network.number_of_nodes(), network.number_of_edges()

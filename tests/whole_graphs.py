"""Named graphs taken whole, by a library alone, to hold a build by pieces against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, URIRef

from graph_builder.rules import read_rules


def quads_of(graphs: Mapping[URIRef, Graph]) -> Iterator[ox.Quad]:
    """The quads of all graphs; blank nodes are named anew."""
    for name, graph in graphs.items():
        lines = graph.serialize(format="nt", encoding="utf-8")
        for triple in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True):
            yield ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(str(name)))


def nquads_of(graphs: Mapping[URIRef, Graph]) -> bytes:
    """N-Quads of all graphs, sorted, blank nodes named by the graph's content alone."""
    dataset = ox.Dataset(quads_of(graphs))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    data = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    return b"".join(sorted((data or b"").splitlines(keepends=True)))


def derived_graph(asserted: Iterable[ox.Quad], folder: Path) -> Graph:
    """What the rules of a folder construct from the asserted quads, all at once."""
    nquads = ox.serialize(asserted, format=ox.RdfFormat.N_QUADS) or b""
    lines = read_rules(folder, b"").derived(nquads)
    return Graph().parse(data="\n".join(lines), format="nt")

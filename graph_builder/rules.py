"""Runs the published rules (ontology/rules/*.rq) over the asserted graph: the derived graph."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from graph_builder.vocabulary import thing

DERIVED = thing("graph", "derived")


def derived_graph(asserted_nquads: bytes, rules_folder: Path) -> Graph:
    """What the rules construct from the asserted graphs, each rule seeing only those."""
    store = ox.Store()
    store.load(asserted_nquads, format=ox.RdfFormat.N_QUADS)
    derived = Graph()
    for path in sorted(rules_folder.glob("*.rq")):
        found = store.query(path.read_text("utf-8"), use_default_graph_as_union=True)
        assert isinstance(found, ox.QueryTriples), f"{path.name} is not a CONSTRUCT rule"
        lines = ox.serialize(found, format=ox.RdfFormat.N_TRIPLES)
        derived.parse(data=lines or b"", format="nt")
    return derived

"""Runs the published rules (ontology/rules/*.rq) over the asserted graph: the derived graph."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from graph_builder.vocabulary import thing

DERIVED = thing("graph", "derived")


def derived_graph(asserted: Iterable[ox.Quad], rules_folder: Path) -> Graph:
    """What the rules construct from the asserted quads, each rule seeing only those."""
    store = ox.Store()
    store.bulk_extend(asserted)
    derived = Graph()
    for path in sorted(rules_folder.glob("*.rq")):
        found = store.query(path.read_text("utf-8"), use_default_graph_as_union=True)
        assert isinstance(found, ox.QueryTriples), f"{path.name} is not a CONSTRUCT rule"
        lines = ox.serialize(found, format=ox.RdfFormat.N_TRIPLES)
        derived.parse(data=lines or b"", format="nt")
    return derived

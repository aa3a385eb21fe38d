"""Runs the published rules (ontology/rules/*.rq) over the asserted graph: the derived graph."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph_builder.vocabulary import thing

DERIVED = thing("graph", "derived")


@dataclass(frozen=True)
class Rules:
    """The rules of a folder, in order, beside what they need to know of all data: `around`."""

    texts: tuple[str, ...]
    around: bytes

    def derived(self, nquads: bytes) -> set[str]:
        """What the rules construct from these quads and those around, as lines of N-Triples."""
        store = ox.Store()  # a fresh one: what is removed from a store in memory stays in memory
        store.load(self.around, format=ox.RdfFormat.N_QUADS)
        store.load(nquads, format=ox.RdfFormat.N_QUADS)
        found = set()
        for text in self.texts:
            triples = store.query(text, use_default_graph_as_union=True)
            assert isinstance(triples, ox.QueryTriples), "a rule is a CONSTRUCT query"
            lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
            found.update(lines.decode().split("\n"))
        return found - {""}


def read_rules(folder: Path, around: bytes) -> Rules:
    """The rules of a folder."""
    return Rules(tuple(p.read_text("utf-8") for p in sorted(folder.glob("*.rq"))), around)

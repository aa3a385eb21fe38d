"""The query verdicts, run on profiles: in the engine, with its two VALUES blocks filled in."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
from profiles_by_hand import Facts

ML = "https://w3id.org/metalocal/ontology/"
PREDICATES = (
    *("hasPopulation", "hasTarget", "hasModelGroup", "inEveryProfile", "lowest"),
    *("hasCriterion", "hasClause", "accepts", "rejects", "hasBound"),
    *("onAttribute", "atLeast", "atMost", "above", "below"),
)
WORTH = {"excluded": 0, "indeterminate": 1, "included": 2}


def small_store(graph_file: Path) -> ox.Store:
    """Only what the query verdicts looks at, in the default graph."""
    store = ox.Store()
    wanted = {ox.NamedNode(ML + name) for name in PREDICATES}
    for quad in ox.parse(path=graph_file, format=ox.RdfFormat.N_QUADS):
        if quad.predicate in wanted:
            store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    return store


def filled(query: str, facts: Facts) -> str:
    """The query with the profile in place of the example that its VALUES blocks hold."""
    values = [f"(<{ML}{name}> {int(holds)})" for name, holds in sorted(facts.values.items())]
    numbers = [f"(<{ML}{key}> {number:f})" for key, number in sorted(facts.numbers.items())]
    for columns, rows in (("?value ?truth", values), ("?attribute ?number", numbers)):
        block = re.compile(rf"VALUES \({re.escape(columns)}\) \{{[^}}]*\}}")
        text = f"VALUES ({columns}) {{ {' '.join(rows)} }}"
        query, count = block.subn(text, query)
        assert count, f"the query has no VALUES ({columns})"
    return query


def verdicts(store: ox.Store, query: str, facts: Facts) -> dict[str, str]:
    """Population IRI to included, excluded or indeterminate."""
    found = store.query(filled(query, facts), use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return {row["group"].value: row["verdict"].value for row in found}

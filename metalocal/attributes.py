"""The graph's attributes and implications, as records."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from graph_builder.attributes import Attribute, Implication, Kind
from metalocal.graph import EvidenceGraph
from metalocal.kept import rows_of


def local_name(iri: str) -> str:
    """The word an IRI of the ontology ends in."""
    return iri.rpartition("/")[2]


def attributes_of(graph: EvidenceGraph, queries: Path) -> dict[str, Attribute]:
    """Every attribute of the graph by key, in the order in which they are asked."""
    rows = rows_of(graph, queries, "attributes")
    values: dict[str, dict[str, str]] = defaultdict(dict)
    first: dict[str, dict[str, str]] = {}
    for row in rows:
        key = local_name(row["attribute"])
        first.setdefault(key, row)
        if "value" in row:
            values[key][local_name(row["value"]).removeprefix(f"{key}-")] = row["valueLabel"]
    return {key: _attribute(key, row, values[key]) for key, row in first.items()}


def _attribute(key: str, row: dict[str, str], values: dict[str, str]) -> Attribute:
    def linked(column: str) -> str | None:
        return local_name(row[column]) if column in row else None

    return Attribute(
        key=key,
        kind=Kind(row["kind"]),
        label=row["label"],
        definition=row["definition"],
        question=row["question"],
        group=row["group"],
        order=int(row["order"]),
        values=values,
        unit=row.get("unit", ""),
        lowest=int(row["lowest"]) if "lowest" in row else None,
        highest=int(row["highest"]) if "highest" in row else None,
        whole_numbers=row.get("range", "").endswith("#integer"),
        only_with=linked("onlyWith"),
        count_of=linked("countOf"),
        not_below_count_of=linked("notBelowCountOf"),
        not_above=linked("notAbove"),
        in_every_profile=row.get("inEveryProfile") == "true",
    )


def implications_of(graph: EvidenceGraph, queries: Path) -> list[Implication]:
    """Every implication of the graph, in the order of their labels."""
    parts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows_of(graph, queries, "implications"):
        parts[row["label"]][row["part"]].add(local_name(row["value"]))
    return [
        Implication(
            label,
            frozenset(sides["if"]),
            frozenset(sides["then"]),
            frozenset(sides["then not"]),
        )
        for label, sides in parts.items()
    ]

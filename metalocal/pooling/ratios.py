"""Rows of queries/poolable.rq to ratios, and rows of queries/pools.rq to lists of studies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from metalocal.attributes import local_name
from metalocal.graph import EvidenceGraph
from metalocal.kept import rows_of
from metalocal.pooling.records import Printing, Ratio, Side, Treatment

Row = dict[str, str]
Treatments = dict[str, frozenset[Treatment]]
"""The IRI of an arm to the treatments it gives, with all kinds they fall under."""


@dataclass(frozen=True)
class Pool:
    """What the graph holds for pooling.

    `ratios` in the order of question, outcome, measure and study; `taken_in` the studies a review
    is known to have pooled; `data_sources` the registries a study names; `patients` the numbers
    printed for a study as a whole, more than one where sources disagree.
    """

    ratios: tuple[Ratio, ...]
    taken_in: dict[str, tuple[str, ...]]
    labels: dict[str, str]
    data_sources: dict[str, frozenset[str]]
    studies_pooled: dict[str, dict[str, tuple[str, ...]]]
    notes: dict[str, tuple[str, ...]]
    patients: dict[str, tuple[str, ...]]


def read_pool(graph: EvidenceGraph, queries: Path) -> Pool:
    """Everything that pooling asks of the graph, fetched once."""

    def rows(name: str) -> list[Row]:
        return rows_of(graph, queries, name)

    taken_in: dict[str, list[str]] = defaultdict(list)
    for row in rows("pools"):
        taken_in[local_name(row["review"])].append(local_name(row["study"]))
    facts = rows("study-facts")
    return Pool(
        ratios_of(rows("poolable"), treatments_of(rows("arm-treatments"))),
        {review: tuple(studies) for review, studies in taken_in.items()},
        {local_name(row["study"]): row["label"] for row in rows("studies")},
        _data_sources(facts),
        studies_pooled_of(facts),
        _notes(rows("study-notes")),
        _patients(facts),
    )


def treatments_of(rows: list[Row]) -> Treatments:
    """What each arm gives; one treatment an arm for each kind, however many rows tell of it."""
    wider: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        wider[row["treatment"]] |= {local_name(row["wider"])} if "wider" in row else set()
    given: dict[str, set[Treatment]] = defaultdict(set)
    for row in rows:
        kinds = frozenset(wider[row["treatment"]])
        code = local_name(row["treatment"])
        given[row["arm"]].add(Treatment(code, row["treatmentLabel"], kinds))
    return {arm: frozenset(treatments) for arm, treatments in given.items()}


def ratios_of(rows: list[Row], treatments: Treatments) -> tuple[Ratio, ...]:
    """One ratio for each estimate, with its printings in the order of the rows."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["estimate"]].append(row)
    return tuple(_ratio(group, treatments) for group in grouped.values())


def _ratio(rows: list[Row], treatments: Treatments) -> Ratio:
    row = rows[0]
    return Ratio(
        study=local_name(row["study"]),
        study_label=row["studyLabel"],
        design=local_name(row["design"]),
        design_label=row["designLabel"],
        question=local_name(row["question"]),
        question_label=row["questionLabel"],
        outcome=local_name(row["outcome"]),
        outcome_label=row["outcomeLabel"],
        measure=local_name(row["measure"]),
        measure_label=row["measureLabel"],
        name=local_name(row["estimate"]),
        population=local_name(row["population"]),
        population_label=row["populationLabel"],
        is_whole_study=local_name(row["populationStatus"]) == "whole_study",
        depth=int(row["depth"]),
        arm=_side(row, "arm", treatments),
        versus=_side(row, "versus", treatments),
        time=f"{row['timeValue']} {row['timeUnit']}" if "timeValue" in row else "",
        reference_stated=row.get("referenceStated") == "true",
        adjusted={"true": "adjusted", "false": "not adjusted"}.get(row.get("adjusted", ""), ""),
        counts=local_name(row["counts"]) if "counts" in row else "",
        note=row.get("note", ""),
        printings=tuple(_printing(one) for one in rows),
    )


def _side(row: Row, name: str, treatments: Treatments) -> Side | None:
    if name not in row:
        return None
    given = treatments.get(row[name], frozenset())
    return Side(row[f"{name}Label"], local_name(row[f"{name}Role"]), given)


def _printing(row: Row) -> Printing:
    value, low, high, level = (row.get(name, "") for name in ("value", "low", "high", "level"))
    source, note = local_name(row["source"]), row.get("reportNote", "")
    return Printing(value, low, high, level, source, row["line"], note)


def _data_sources(facts: list[Row]) -> dict[str, frozenset[str]]:
    named: dict[str, set[str]] = defaultdict(set)
    for row in facts:
        if local_name(row["property"]) == "data_source":
            named[local_name(row["study"])].add(row["value"].casefold())
    return {study: frozenset(values) for study, values in named.items()}


def studies_pooled_of(facts: list[Row]) -> dict[str, dict[str, tuple[str, ...]]]:
    """For each review, label of a population (empty: the review as a whole) to counts printed."""
    counts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in facts:
        if local_name(row["property"]) == "studies_pooled":
            known = counts[local_name(row["study"])][row.get("populationLabel", "")]
            if row["value"] not in known:
                known.append(row["value"])
    return {
        review: {population: tuple(values) for population, values in by_population.items()}
        for review, by_population in counts.items()
    }


def _patients(facts: list[Row]) -> dict[str, tuple[str, ...]]:
    """Numbers of patients randomised; where none is printed, of patients analysed."""
    counts: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for row in facts:
        if "armLabel" not in row and "populationLabel" not in row:
            counts[local_name(row["study"])][local_name(row["property"])][row["value"]] = None
    return {
        study: tuple(known.get("patients_randomised") or known.get("patients_analysed") or ())
        for study, known in counts.items()
    }


def _notes(rows: list[Row]) -> dict[str, tuple[str, ...]]:
    notes: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        place = f" {{{local_name(row['source'])}:{row['line']}}}" if "source" in row else ""
        told = f"{row['note']}{place}"
        if told not in notes[local_name(row["study"])]:
            notes[local_name(row["study"])].append(told)
    return {study: tuple(told) for study, told in notes.items()}

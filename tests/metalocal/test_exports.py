"""Spreadsheets and the property graph hold what the study files say."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import pytest

from graph_builder.reading import Records, read_data
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.network import property_graph, write_graphml
from metalocal.tables import ESTIMATES, FACTS, STATEMENTS, write_tables


@pytest.fixture(scope="module")
def records() -> Records:
    found, problems = read_data(locations().data)
    assert problems == []
    return found


@pytest.fixture(scope="module")
def tables(
    graph: LocalGraph, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[dict[str, str]]]:
    folder = tmp_path_factory.mktemp("tables")
    write_tables(graph, locations().queries, folder)
    found = {}
    for path in folder.iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            found[path.name] = list(csv.DictReader(file))
    return found


def test_the_columns_are_the_published_ones(tables: dict[str, list[dict[str, str]]]) -> None:
    assert tuple(tables["estimates.csv"][0]) == ESTIMATES
    assert tuple(tables["study_facts.csv"][0]) == FACTS
    assert tuple(tables["statements.csv"][0]) == STATEMENTS


def test_there_is_one_row_for_each_report_of_the_study_files(
    tables: dict[str, list[dict[str, str]]], records: Records
) -> None:
    estimates = sorted(
        (study.label, r.source, str(r.line), r.value or r.wording or "", r.p or "")
        for study in records.studies
        for estimate in study.estimates
        for r in estimate.reported
    )
    assert estimates == sorted(
        (row["study"], row["source"], row["line"], row["value"], row["p"])
        for row in tables["estimates.csv"]
    )
    facts = sum(len(fact.reported) for study in records.studies for fact in study.facts)
    assert len(tables["study_facts.csv"]) == facts
    statements = sum(len(s.reported) for study in records.studies for s in study.statements)
    statements += sum(len(s.reported) for g in records.guidance for s in g.statements)
    statements += sum(len(g.reported or m.reported) for m in records.models for g in m.groups)
    assert len(tables["statements.csv"]) == statements


def test_a_recommendation_row_tells_whom_it_is_for_and_by_which_criteria(
    tables: dict[str, list[dict[str, str]]], records: Records
) -> None:
    rows = [row for row in tables["statements.csv"] if row["kind"] == "recommendation"]
    recommendations = [
        statement
        for guidance in records.guidance
        for statement in guidance.statements
        if statement.kind == "recommendation"
    ]
    assert len(rows) == sum(len(one.reported) for one in recommendations)
    assert all(row["direction"] and row["text"] for row in rows)
    matched = sum(len(one.reported) for one in recommendations if one.criteria)
    assert sum(bool(row["criteria"]) for row in rows) == matched
    liver = [row for row in rows if "700" in row["criteria"]]
    assert {(row["source"], row["line"]) for row in liver} == {("cervantes-2023", "333")}


def test_a_ratio_row_tells_everything_a_reader_needs(
    tables: dict[str, list[dict[str, str]]],
) -> None:
    (row,) = (
        row
        for row in tables["estimates.csv"]
        if row["study"] == "MF07-01" and row["measure"] == "hazard ratio"
    )
    assert row["criteria"] == (
        "presentation: de novo; primary tumour resectable;"
        " lines of systemic therapy so far at most 0"
    )
    assert (row["value"], row["ci_low"], row["ci_high"], row["ci_level"], row["p"]) == (
        "0.66", "0.49", "0.88", "95", "0.005",
    )  # fmt: skip
    assert (row["source"], row["line"], row["at"]) == ("ueno-2022", "85", "Table 1")
    assert row["effect_direction"] == "favours intervention"
    assert "PMID: 29777404" in row["identifiers"]


def test_printed_digits_are_kept(tables: dict[str, list[dict[str, str]]]) -> None:
    assert "11.0" in {row["value"] for row in tables["estimates.csv"]}


def test_the_property_graph_has_each_study_with_its_populations(
    graph: LocalGraph, records: Records
) -> None:
    network = property_graph(graph)
    studies = {n for n, data in network.nodes(data=True) if data.get("type") == "Study"}
    assert len(studies) == len(records.studies)
    for study in studies:
        relations = {data["relation"] for _, _, data in network.out_edges(study, data=True)}
        assert {"hasPopulation", "hasReport"} <= relations


def test_graphml_is_read_back_as_it_was_written(graph: LocalGraph, tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    nodes, edges = write_graphml(graph, path)
    network = nx.read_graphml(path)
    assert (network.number_of_nodes(), network.number_of_edges()) == (nodes, edges)
    assert list(tmp_path.iterdir()) == [path]

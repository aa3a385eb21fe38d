"""What the rules drew from the real studies, and the examples of docs/derived-facts.md."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from metalocal.catalogue import ID, find_query
from metalocal.graph import LocalGraph
from metalocal.locations import locations

DOCUMENT = Path(__file__).parents[2] / "docs" / "derived-facts.md"
EXAMPLE = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| (.+) \|$", re.MULTILINE)
ML = "https://w3id.org/metalocal/ontology/"

Row = dict[str, str]


@pytest.fixture(scope="module")
def estimates(graph: LocalGraph) -> list[Row]:
    return graph.select(find_query(locations().queries, "estimates").bound({})).texts()


@pytest.fixture(scope="module")
def levels(graph: LocalGraph) -> list[Row]:
    return graph.select(find_query(locations().queries, "levels").bound({})).texts()


def test_the_examples_of_the_document_are_what_the_graph_holds(
    estimates: list[Row], levels: list[Row]
) -> None:
    known = {row["report"]: (row.get("direction"), row.get("because")) for row in estimates}
    known |= {row["population"]: (row.get("level", "none"), row["reason"]) for row in levels}
    examples = EXAMPLE.findall(DOCUMENT.read_text("utf-8"))
    assert len(examples) > 15
    told = {f"{ID}study/{thing}": (drawn, because) for thing, drawn, because in examples}
    assert told == {thing: known[thing] for thing in told}


def test_the_document_has_an_example_of_every_rule(
    estimates: list[Row], levels: list[Row], graph: LocalGraph
) -> None:
    rules = {row["report"]: row["rule"] for row in estimates if "rule" in row}
    rules |= {row["population"]: row["rule"] for row in levels}
    shown = {
        rules[f"{ID}study/{found[1]}"] for found in EXAMPLE.finditer(DOCUMENT.read_text("utf-8"))
    }
    declared = graph.select(f"SELECT ?rule ?file {{ ?rule <{ML}ruleFile> ?file }} ORDER BY ?rule")
    assert shown == {row["rule"] for row in declared.texts()}
    for row in declared.texts():
        assert row["file"] in DOCUMENT.read_text("utf-8").replace("../ontology", "ontology")


def test_each_printing_stands_in_one_row_with_rule_and_reason_where_it_has_a_direction(
    estimates: list[Row],
) -> None:
    assert set(Counter(row["report"] for row in estimates).values()) == {1}
    for row in estimates:
        drawn = {name for name in ("direction", "directionCode", "because", "rule") if name in row}
        assert len(drawn) in (0, 4), row["report"]


def test_numbers_are_the_printed_digits(estimates: list[Row]) -> None:
    for row in estimates:
        if "lowNumber" in row:
            printed = [float(row[name]) for name in ("low", "high")]
            assert printed == [float(row[name]) for name in ("lowNumber", "highNumber")]
    (ratio,) = [
        r for r in estimates if r["report"].endswith("mf07-01/estimate/os-hr/report/ueno-2022-85")
    ]
    found = {
        name: ratio[name] for name in ("number", "armRole", "referenceStated", "directionCode")
    }
    assert found == {
        "number": "0.66",
        "armRole": "intervention",
        "referenceStated": "true",
        "directionCode": "favours_intervention",
    }


def test_the_authors_words_stand_beside_the_direction_of_the_rule(estimates: list[Row]) -> None:
    (row,) = [
        r
        for r in estimates
        if r["estimate"].endswith("nicosia-2022/estimate/tpmc-local-control-hr")
    ]
    assert (row["direction"], row["stated"]) == ("not estimable", "favours the group")


def test_every_population_with_results_has_a_level_or_the_reason_for_none(
    estimates: list[Row], levels: list[Row], graph: LocalGraph
) -> None:
    with_results = {row["population"] for row in estimates if row["kind"] == "outcome"}
    assert Counter(row["population"] for row in levels) == Counter(with_results)
    designs = graph.select(f"SELECT ?study ?design {{ ?study <{ML}design> ?design }}").texts()
    unstated = {r["study"] for r in designs if r["design"] == f"{ML}design_not_stated"}
    assert {r["study"] for r in levels if "level" not in r} == unstated & {
        r["study"] for r in levels
    }

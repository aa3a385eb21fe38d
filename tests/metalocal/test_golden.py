"""Verdicts for invented patients, derived by hand, each with its reason written beside it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from metalocal.attributes import attributes_of, implications_of, local_name
from metalocal.catalogue import find_query
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import read_profile

ID = "https://w3id.org/metalocal/id/"
GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.yaml"))
PROFILES = Path(__file__).parents[2] / "data" / "profiles"
STATUS = {"not met": "not_met", "unknown": "unknown"}


def golden(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text("utf-8"))


def verdicts_of(profile: str, graph: LocalGraph) -> dict[str, dict[str, Any]]:
    """For each group: its verdict, and the attributes of its criteria not met and unknown."""
    queries = locations().queries
    attributes = attributes_of(graph, queries)
    text = (PROFILES / f"{profile}.yaml").read_text("utf-8")
    rows = read_profile(text, profile, attributes, implications_of(graph, queries)).rows()
    asked: dict[str, set[str]] = defaultdict(set)
    for row in graph.select(find_query(queries, "criteria-attributes").text).texts():
        asked[row["criterion"]].add(local_name(row["attribute"]))
    found: dict[str, dict[str, Any]] = {}
    for row in graph.select(find_query(queries, "verdicts").bound(rows)).texts():
        found[row["group"]] = {"verdict": row["verdict"], "not_met": set(), "unknown": set()}
    for row in graph.select(find_query(queries, "reasons").bound(rows)).texts():
        if row["status"] in STATUS:
            found[row["group"]][STATUS[row["status"]]] |= asked[row["criterion"]]
    return found


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_verdict_and_its_reason_is_the_one_derived_by_hand(
    path: Path, graph: LocalGraph
) -> None:
    expected = golden(path)
    found = verdicts_of(expected["profile"], graph)
    for answer in expected["answers"]:
        one = found[ID + answer["group"]]
        assert one["verdict"] == answer["verdict"], answer["group"]
        if answer["verdict"] == "excluded":
            assert one["not_met"] == set(answer["not_met"]), answer["group"]
        if answer["verdict"] == "indeterminate":
            assert one["unknown"] == set(answer["unknown"]), answer["group"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_answer_tells_its_reasons_and_holds_each_verdict(path: Path) -> None:
    expected = golden(path)
    assert expected["profile"] == path.stem
    assert all(answer["because"] for answer in expected["answers"])
    verdicts = {answer["verdict"] for answer in expected["answers"]}
    assert verdicts == {"included", "excluded", "indeterminate"}


def test_the_golden_profiles_touch_every_question(graph: LocalGraph) -> None:
    assert len(GOLDEN) >= 12
    questions = {
        ID + "study/" + row["study"].rpartition("/")[2]: row["question"]
        for row in graph.select(find_query(locations().queries, "studies").text).texts()
        if row["isAboutLocalTherapy"] == "true"
    }
    touched = {
        questions.get(ID + "/".join(answer["group"].split("/")[:2]))
        for path in GOLDEN
        for answer in golden(path)["answers"]
    }
    assert set(questions.values()) <= touched

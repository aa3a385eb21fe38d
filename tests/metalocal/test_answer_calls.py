"""A warm answer takes no more Python calls and SPARQL queries than on record: counts, no clock."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

from answer_counts import COUNTED, Cost, CountedQueries, answer_costs, calls_of  # noqa: E402
from query_budgets import Budgets, budgets, quads_of  # noqa: E402

from metalocal.graph import LocalGraph  # noqa: E402
from metalocal.locations import locations  # noqa: E402

SLACK = 1.25
"""What an answer may take at most, by what it took when the budget was recorded."""


@pytest.fixture(scope="module")
def costs(graph: LocalGraph) -> Mapping[str, Cost]:
    return answer_costs(graph, locations().queries)


@pytest.fixture(scope="module")
def recorded() -> Budgets:
    return budgets()


@pytest.mark.parametrize("name", COUNTED)
def test_a_warm_answer_makes_no_more_calls_than_on_record(
    name: str, costs: Mapping[str, Cost], recorded: Budgets, graph_file: Path
) -> None:
    share = quads_of(graph_file) / recorded.quads
    allowed = recorded.answers[name].calls * share * SLACK
    assert costs[name].calls <= allowed, f"{costs[name].calls:,} Python calls"


@pytest.mark.parametrize("name", COUNTED)
def test_a_warm_answer_asks_no_more_queries_than_on_record(
    name: str, costs: Mapping[str, Cost], recorded: Budgets
) -> None:
    assert costs[name].queries <= recorded.answers[name].queries


def test_every_profile_counted_has_its_budget(recorded: Budgets) -> None:
    assert tuple(recorded.answers) == COUNTED


def test_calls_of_python_functions_are_counted_and_nothing_else() -> None:
    def inner() -> int:
        return len("built in")

    def work() -> list[int]:
        return [inner() + inner()]

    assert calls_of(lambda: None) == 1
    assert calls_of(work) == 3


def test_counting_ends_when_what_is_counted_fails() -> None:
    def failing() -> None:
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        calls_of(failing)
    assert sys.getprofile() is None


def test_each_query_of_a_counted_graph_counts_and_gives_the_rows_of_the_graph(
    graph: LocalGraph,
) -> None:
    counted, text = CountedQueries(graph), "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert counted.select(text) == graph.select(text)
    assert counted.asked == 1

"""Queries visit no more rows than on record, and no more than the studies grow: counts, no clock.

Rows visited are those of all nodes of Oxigraph's plan. `python benchmarks/query_growth.py --record`
writes the budgets anew; without arguments it tells which queries visit most.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

from query_budgets import Budgets, budgets, quads_of  # noqa: E402  (its folder is no package)
from query_counts import (  # noqa: E402
    Asked,
    Count,
    CountedGraph,
    CountError,
    asked_queries,
    oxigraph_program,
)
from query_growth import Line, counts, synthetic_graph, table  # noqa: E402
from synthetic_studies import id_of  # noqa: E402

from metalocal.locations import locations  # noqa: E402

QUERIES = asked_queries(locations().queries)
SLACK = 1.25
"""What a query may visit at most, by what it visited when the budget was recorded."""

ONE, FEW, MANY = 1, 40, 160
"""Studies of the three graphs; the first is nearly all ontology, guidance and models."""

FOLLOWS = 1.5
"""How much faster than the studies the rows visited for them may grow; a square grows fourfold."""

CHANCE = 500
"""Rows by which small counts may differ, as small graphs do."""

COUNTING = {
    "sources": "counts every report of a source",
    "interventions": "counts every arm of an intervention",
    "examples/008-studies-by-design": "counts every study of a design",
    "examples/014-inferred-stands-apart": "counts every direction that was drawn",
    "examples/039-verdicts-of-a-profile": "counts every group of a verdict",
}
"""Queries that read all studies for rows that stay as few."""


@pytest.fixture(scope="session")
def oxigraph() -> None:
    """Its program, or the test is skipped; METALOCAL_REQUIRE_OXIGRAPH=1 makes that a failure."""
    try:
        oxigraph_program()
    except CountError as error:
        if os.environ.get("METALOCAL_REQUIRE_OXIGRAPH") == "1":
            pytest.fail(f"{error}, and METALOCAL_REQUIRE_OXIGRAPH is 1")
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def recorded() -> Budgets:
    return budgets()


@pytest.fixture(scope="session")
def share(graph_file: Path, recorded: Budgets) -> float:
    """How large the graph is by the one that the budgets were counted on."""
    return quads_of(graph_file) / recorded.quads


@pytest.fixture(scope="session")
def real(
    oxigraph: None, graph_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> CountedGraph:
    return CountedGraph(graph_file, tmp_path_factory.mktemp("counted") / "real")


@pytest.fixture(scope="session")
def sizes(oxigraph: None, tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Count]]:
    """What each query costs on synthetic graphs, by their number of studies."""
    folder = tmp_path_factory.mktemp("synthetic")
    here = {name: asked.of_study(id_of(0)) for name, asked in QUERIES.items()}
    return {size: counts(synthetic_graph(folder, size), here) for size in (ONE, FEW, MANY)}


@pytest.fixture
def little(oxigraph: None, tmp_path: Path) -> Callable[[str], CountedGraph]:
    """A graph of these lines of N-Quads, counted."""

    def counted(lines: str) -> CountedGraph:
        file = tmp_path / "little.nq"
        file.write_text(lines, "utf-8")
        return CountedGraph(file, tmp_path / "counted")

    return counted


def test_every_query_has_its_budget_and_no_other_has(recorded: Budgets) -> None:
    assert list(recorded.visited) == list(QUERIES)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_visits_no_more_rows_than_on_record(
    name: str, real: CountedGraph, recorded: Budgets, share: float
) -> None:
    found = real.count(QUERIES[name])
    allowed = recorded.visited[name] * share * SLACK
    assert found.visited <= allowed, (
        f"{name} visits {found.visited:,} rows to give {found.given:,}; on record, by the size of "
        f"the graph, are {recorded.visited[name] * share:,.0f} (python benchmarks/query_growth.py)"
    )


@pytest.mark.parametrize("name", QUERIES)
def test_the_rows_that_a_query_visits_grow_no_faster_than_the_studies(
    name: str, sizes: Mapping[int, Mapping[str, Count]]
) -> None:
    one, few, many = (sizes[size][name].visited for size in (ONE, FEW, MANY))
    studies = (MANY - ONE) / (FEW - ONE)
    assert many - one <= (few - one) * studies * FOLLOWS + CHANCE, f"{name}: {one}, {few}, {many}"


def test_queries_that_give_as_many_rows_visit_no_more(
    sizes: Mapping[int, Mapping[str, Count]],
) -> None:
    few, many = sizes[FEW], sizes[MANY]
    still = {name for name in QUERIES if few[name].given == many[name].given} - COUNTING.keys()
    assert still >= {"model-clauses", "targets", "guidance", "figures", "attributes"}
    more = [name for name in still if many[name].visited > few[name].visited + CHANCE]
    assert not more, {name: (few[name], many[name]) for name in more}


def test_what_counts_all_studies_is_a_query_that_is_there() -> None:
    assert QUERIES.keys() >= COUNTING.keys()


def test_rows_visited_are_those_of_every_pattern_and_join(
    little: Callable[[str], CountedGraph],
) -> None:
    lines = "".join(f"<x:s{n}> <x:p> <x:o> <x:g> .\n" for n in range(3))
    graph = little(lines + "<x:o> <x:q> <x:end> <x:g> .\n")
    alone = graph.count(Asked("all", "SELECT", "SELECT ?s { ?s <x:p> ?o }"))
    joined = graph.count(Asked("two", "SELECT", "SELECT ?s { ?s <x:p> ?o . ?o <x:q> ?e }"))
    assert (alone.given, joined.given) == (3, 3)
    assert alone.visited < joined.visited <= 4 * 3 + 1


def test_a_product_of_two_patterns_is_counted_whole(
    little: Callable[[str], CountedGraph],
) -> None:
    lines = "".join(f"<x:s{n}> <x:p> <x:o> <x:g> .\n" for n in range(20))
    product = "SELECT (COUNT(*) AS ?n) { ?s <x:p> ?o . ?t <x:p> ?u }"
    found = little(lines).count(Asked("product", "SELECT", product))
    assert found.given == 1
    assert found.visited > 20 * 20


def test_a_query_that_is_refused_is_told_with_the_reason(
    little: Callable[[str], CountedGraph],
) -> None:
    with pytest.raises(CountError, match="oxigraph query: "):
        little("<x:s> <x:p> <x:o> <x:g> .\n").count(Asked("wrong", "SELECT", "SELECT {"))


def test_a_query_about_a_study_is_asked_of_a_study_of_the_graph() -> None:
    told = QUERIES["study"].of_study(id_of(0)).text
    assert f"id/study/{id_of(0)}>" in told
    assert "mf07-01" not in told


def test_the_table_begins_with_the_query_that_visits_most_for_a_row() -> None:
    cheap = Line("cheap", Count(900, 300, 0.1), Count(90, 30, 0.1), Count(360, 120, 0.1))
    dear = Line("dear", Count(500, 1, 0.1), Count(50, 1, 0.1), Count(800, 1, 0.1))
    empty = Line("empty", Count(0, 0, 0.1), Count(0, 0, 0.1), Count(0, 0, 0.1))
    rows = [line.split(" | ") for line in table([cheap, empty, dear], [150, 600]).splitlines()[2:]]
    assert [row[0] for row in rows] == ["| dear", "| cheap", "| empty"]
    assert [row[-2:] for row in rows] == [["x16.0", "x1.0 |"], ["x4.0", "x4.0 |"], ["–", "– |"]]

"""Every named query runs, on every engine alike, and binds parameters as terms."""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rdflib
import uvicorn
import yaml
from second_engine import rdflib_rows

from graph_builder.examples import read_examples
from metalocal.catalogue import ID, ML, CatalogueError, catalogue, find_query, term
from metalocal.endpoint import Sources
from metalocal.graph import GraphError, LocalGraph, QueryError, RemoteGraph
from metalocal.locations import locations
from metalocal.profiles import Profile
from metalocal.server import create_app

QUERIES = locations().queries
NAMES = sorted(catalogue(QUERIES))
EXAMPLES = {found.name: found for found in read_examples(QUERIES / "examples")}
NAMED_SLOW_IN_RDFLIB = ("verdicts", "reasons", "exclusions", "search", "study", "evidence-map")
"""Half a minute or more each (search far more), so they run in rdflib only where METALOCAL_SLOW is
set; the first three run below with a profile."""
IF_SLOW = pytest.mark.skipif(
    not os.environ.get("METALOCAL_SLOW"), reason="slow in rdflib; METALOCAL_SLOW is not set"
)
PROFILES: tuple[dict[str, object], ...] = (
    {},
    {"presentation": "de_novo", "primary_resectable": "yes", "age": 54, "hr_status": "positive"},
    {"metastatic_sites": {"only": ["bone"]}, "metastasis_count": 5, "progressing_lesions": 5},
    {"current_therapy": ["endocrine"], "subtype": "triple_negative", "response": "stable"},
)


def selected(text: str) -> tuple[str, ...]:
    """The variables a query of ours selects, in reading order."""
    (found,) = re.findall(r"^SELECT\s+(?:DISTINCT\s+)?((?:\?\w+\s+)+)WHERE", text, re.MULTILINE)
    return tuple(name[1:] for name in found.split())


@pytest.fixture(scope="module")
def endpoint(graph_file: Path) -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(Sources(graph_file)), log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            thread.join(0.05)
        assert server.started
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def dataset(graph_file: Path) -> rdflib.Dataset:
    found = rdflib.Dataset(default_union=True)
    found.parse(data=graph_file.read_text("utf-8"), format="nquads")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_named_query_has_rows_and_its_columns_in_reading_order(
    name: str, graph: LocalGraph
) -> None:
    query = find_query(QUERIES, name)
    table = graph.select(query.text)
    assert table.rows
    assert table.columns == selected(query.text)
    assert "ORDER BY" in query.text


@pytest.mark.parametrize("name", NAMES)
def test_pyoxigraph_rdflib_and_http_give_the_same_rows(
    name: str, graph: LocalGraph, dataset: rdflib.Dataset, endpoint: str
) -> None:
    text = find_query(QUERIES, name).text
    local = graph.select(text).texts()
    assert RemoteGraph(endpoint).select(text).texts() == local
    if name not in NAMED_SLOW_IN_RDFLIB or os.environ.get("METALOCAL_SLOW"):
        assert _sorted(rdflib_rows(dataset, text)) == _sorted(local)


def _sorted(rows: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted(row.items()) for row in rows)


@pytest.mark.parametrize("name", ["verdicts", "reasons", "exclusions"])
@pytest.mark.parametrize("given", PROFILES)
def test_the_profile_query_gives_the_same_rows_here_and_over_http(
    name: str,
    given: dict[str, object],
    profile: Callable[..., Profile],
    graph: LocalGraph,
    endpoint: str,
) -> None:
    text = find_query(QUERIES, name).bound(profile(**given).rows())
    local = graph.select(text).texts()
    assert local or (name == "exclusions" and not given)
    assert RemoteGraph(endpoint).select(text).texts() == local


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("verdicts", 2),
        # what judges is the same in all three, which a test holds; twenty seconds each
        pytest.param("reasons", 3, marks=IF_SLOW),
        pytest.param("exclusions", 1, marks=IF_SLOW),
    ],
)
def test_the_profile_query_gives_the_same_rows_in_rdflib(
    name: str,
    number: int,
    profile: Callable[..., Profile],
    graph: LocalGraph,
    dataset: rdflib.Dataset,
) -> None:
    text = find_query(QUERIES, name).bound(profile(**PROFILES[number]).rows())
    assert rdflib_rows(dataset, text) == graph.select(text).texts()


def test_verdicts_reasons_and_exclusions_judge_a_clause_in_the_same_words() -> None:
    first, last = "# every alternative starts open", "} GROUP BY ?clause }"
    texts = [find_query(QUERIES, name).text for name in ("verdicts", "reasons", "exclusions")]
    assert len({text.partition(first)[2].partition(last)[0] for text in texts}) == 1
    assert all(first in text and last in text for text in texts)


def test_a_verdict_is_the_worst_of_its_reasons(
    graph: LocalGraph, profile: Callable[..., Profile]
) -> None:
    rows = profile(**PROFILES[1]).rows()
    reasons: dict[str, set[str]] = {}
    for row in graph.select(find_query(QUERIES, "reasons").bound(rows)).texts():
        reasons.setdefault(row["group"], set()).add(row["status"])
    for row in graph.select(find_query(QUERIES, "verdicts").bound(rows)).texts():
        found = reasons[row["group"]]
        worst = "not met" if "not met" in found else "unknown" if "unknown" in found else "met"
        expected = {"not met": "excluded", "unknown": "indeterminate", "met": "included"}[worst]
        assert row["verdict"] == expected


def test_a_group_is_excluded_by_the_criteria_that_are_not_met_and_by_no_other(
    graph: LocalGraph, profile: Callable[..., Profile]
) -> None:
    rows = profile(**PROFILES[1]).rows()
    excluding = graph.select(find_query(QUERIES, "exclusions").bound(rows)).texts()
    reasons = graph.select(find_query(QUERIES, "reasons").bound(rows)).texts()
    verdicts = graph.select(find_query(QUERIES, "verdicts").bound(rows)).texts()
    keys = ("owner", "group", "criterion", "criterionLabel")
    assert [[row[key] for key in keys] for row in excluding] == [
        [row[key] for key in keys] for row in reasons if row["status"] == "not met"
    ]
    excluded = {row["group"] for row in verdicts if row["verdict"] == "excluded"}
    assert {row["group"] for row in excluding} == excluded


def test_a_verdict_names_its_owner_and_group_and_the_question_of_a_study(
    graph: LocalGraph, profile: Callable[..., Profile]
) -> None:
    text = find_query(QUERIES, "verdicts").bound(profile(**PROFILES[2]).rows())
    found = {row["group"]: row for row in graph.select(text).texts()}
    assert len(found) == len(graph.select(text).rows)
    assert all(row["ownerLabel"] and row["groupLabel"] for row in found.values())
    solitary = found[f"{ID}study/mf07-01/population/solitary-bone"]
    assert solitary["ownerLabel"] == "MF07-01"
    assert solitary["groupLabel"] == "MF07-01: solitary bone metastasis"
    assert solitary["question"] == f"{ML}local_therapy_of_primary"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("mf07-01", ("study", "MF07-01", "1")),
        ("nct03750396", ("study", "CLEAR", "1")),
        ("Overall Surv", ("outcome", "overall survival", "2")),
    ],
)
def test_a_search_gives_what_is_called_so_first(
    text: str, first: tuple[str, str, str], graph: LocalGraph
) -> None:
    rows = graph.select(find_query(QUERIES, "search").bound({"text": [(text,)]})).texts()
    assert (rows[0]["kind"], rows[0]["label"], rows[0]["rank"]) == first
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)


def test_a_search_takes_what_is_asked_as_text_and_not_as_a_pattern(graph: LocalGraph) -> None:
    query = find_query(QUERIES, "search")
    for text in (".*", '") } #', "\\", "%"):
        found = graph.select(query.bound({"text": [(text,)]})).texts()
        assert all(row["rank"] == "4" or text in row["label"] for row in found)


def test_all_of_a_study_is_told_and_nothing_of_another(graph: LocalGraph) -> None:
    asked = f"{ID}study/mf07-01"
    query = find_query(QUERIES, "study").bound({"study": [(asked,)]})
    rows = graph.select(query).texts()
    parts = {"arm", "criterion", "estimate", "fact", "population", "report", "statement", "study"}
    assert {row["part"] for row in rows} == parts
    assert all(row["thing"].startswith(asked) for row in rows)


def test_interventions_that_no_arm_gives_are_counted_as_nought(graph: LocalGraph) -> None:
    rows = graph.select(find_query(QUERIES, "interventions").text).texts()
    given = graph.select(
        f"SELECT ?i (COUNT(*) AS ?n) {{ ?arm <{ML}hasIntervention> ?i }} GROUP BY ?i"
    ).texts()
    counts = {row["i"]: row["n"] for row in given}
    assert "0" in {row["arms"] for row in rows}
    assert all(row["arms"] == counts.get(row["intervention"], "0") for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_grlc_reads_the_header_of_a_named_query_and_finds_no_parameter_of_its_own(
    name: str,
) -> None:
    """By the rule of grlc: YAML behind `#+`, and variables that begin with an underscore."""
    lines = (QUERIES / f"{name}.rq").read_text("utf-8").splitlines()
    read = yaml.safe_load("\n".join(line.lstrip("#+") for line in lines if line.startswith("#+")))
    assert read["summary"] == find_query(QUERIES, name).summary
    assert read["tags"]
    assert (read["method"], read["endpoint_in_url"]) == ("GET", False)
    assert not any("?_" in line for line in lines)


@pytest.mark.parametrize("name", [name for name in NAMES if find_query(QUERIES, name).parameters])
def test_the_example_of_each_parameter_can_be_bound(name: str, graph: LocalGraph) -> None:
    query = find_query(QUERIES, name)
    given = {p.name: [tuple(p.example.split(","))] for p in query.parameters}
    assert graph.select(query.bound(given)).columns == selected(query.text)


SLOW_IN_RDFLIB = {
    "039-verdicts-of-a-profile"  # it judges every clause of every group, as the query verdicts does
}


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - SLOW_IN_RDFLIB))
def test_an_example_gives_the_same_in_rdflib(
    name: str, graph: LocalGraph, dataset: rdflib.Dataset
) -> None:
    example = EXAMPLES[name]
    if example.form == "SELECT":
        expected = graph.select(example.text).texts()
        assert _sorted(rdflib_rows(dataset, example.text)) == _sorted(expected)
    else:
        found = graph.store.query(example.text, use_default_graph_as_union=True)
        here = dataset.query(example.text)
        if example.form == "ASK":
            assert here.askAnswer == bool(found)
        else:
            assert here.graph is not None
            assert len(here.graph) == len(list(found))


def test_a_parameter_replaces_the_default_of_its_block(graph: LocalGraph) -> None:
    query = find_query(QUERIES, "outcome")
    rows = graph.select(query.bound({"outcome": [("quality_of_life",)]})).texts()
    assert {row["measureLabel"] for row in rows} >= {"statement only"}
    assert not any(row.get("value") for row in rows)


@pytest.mark.parametrize(
    "value", ["x> } SELECT * { ?s ?p ?o } #", "a b", "<x>", 'x"', "http://x/{y}", "ml:a b", ""]
)
def test_text_that_is_no_iri_is_never_pasted_into_a_query(value: str) -> None:
    with pytest.raises(CatalogueError, match="is no IRI"):
        term(value, "iri")


def test_text_is_escaped() -> None:
    assert term('a"b\\c\nd', "text") == '"a\\"b\\\\c\\nd"'


@pytest.mark.parametrize(
    ("value", "kind"), [("1.5", "integer"), ("x", "decimal"), ("inf", "decimal")]
)
def test_what_is_no_number_is_refused(value: str, kind: str) -> None:
    with pytest.raises(CatalogueError):
        term(value, kind)


def test_an_unknown_query_or_parameter_is_told_with_a_hint() -> None:
    with pytest.raises(CatalogueError, match="did you mean verdicts"):
        find_query(QUERIES, "verdict")
    with pytest.raises(CatalogueError, match="did you mean outcome"):
        find_query(QUERIES, "outcome").bound({"outcom": []})


def test_a_wrong_query_is_an_error_in_words(graph: LocalGraph) -> None:
    with pytest.raises(QueryError, match="cannot be run"):
        graph.select("SELECT ?x WHERE {")
    with pytest.raises(QueryError, match="no SELECT"):
        graph.select("ASK {}")


def test_an_endpoint_that_is_not_there_is_an_error_in_words() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/sparql"
        with pytest.raises(GraphError, match="gave no answer"):
            RemoteGraph(url, timeout_seconds=2).select("SELECT * {}")

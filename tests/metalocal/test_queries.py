"""Every named query runs, on every engine alike, and binds parameters as terms."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rdflib
import uvicorn
from second_engine import rdflib_rows

from metalocal.catalogue import CatalogueError, catalogue, find_query, term
from metalocal.endpoint import create_app
from metalocal.graph import GraphError, LocalGraph, QueryError, RemoteGraph
from metalocal.locations import locations
from metalocal.profiles import Profile

QUERIES = locations().queries
NAMES = sorted(catalogue(QUERIES))
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
        config = uvicorn.Config(create_app(graph_file), log_level="error")
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
    if name not in ("verdicts", "reasons"):  # rdflib is slow in these: see below
        assert _sorted(rdflib_rows(dataset, text)) == _sorted(local)


def _sorted(rows: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted(row.items()) for row in rows)


@pytest.mark.parametrize("name", ["verdicts", "reasons"])
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
    assert local
    assert RemoteGraph(endpoint).select(text).texts() == local


@pytest.mark.parametrize(("name", "number"), [("verdicts", 0), ("verdicts", 2), ("reasons", 3)])
def test_the_profile_query_gives_the_same_rows_in_rdflib(
    name: str,
    number: int,
    profile: Callable[..., Profile],
    graph: LocalGraph,
    dataset: rdflib.Dataset,
) -> None:
    text = find_query(QUERIES, name).bound(profile(**PROFILES[number]).rows())
    assert rdflib_rows(dataset, text) == graph.select(text).texts()


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

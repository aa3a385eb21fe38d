"""Queries over HTTP: formats, ways to send them, datasets and refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from metalocal.commands.common import built_graph
from metalocal.endpoint.guard import inspect_query
from metalocal.graph import LocalGraph

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint, Listener

PAGE = Path(__file__).parents[2] / "docs" / "endpoint.md"
STUDIES = "http://example.org/graph/studies"
SOURCES = "http://example.org/graph/sources"
EX = "PREFIX ex: <http://example.org/term#> "
PATIENTS = EX + "SELECT ?study ?n { ?study ex:randomised ?n } ORDER BY DESC(?n)"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SD = "http://www.w3.org/ns/sparql-service-description#"


def counted(text: str) -> int:
    return int(json.loads(text)["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize(
    ("accept", "content_type", "beginning"),
    [
        ("*/*", "application/sparql-results+json", '{"head":{"vars":["study","n"]}'),
        ("application/sparql-results+xml", "application/sparql-results+xml", "<?xml"),
        ("text/csv;q=0.9, */*;q=0.1", "text/csv; charset=utf-8", "study,n\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "?study\t?n\n"),
    ],
)
def test_a_select_comes_in_four_formats(
    endpoint: Endpoint, accept: str, content_type: str, beginning: str
) -> None:
    answer = endpoint.ask(PATIENTS, accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    assert answer.text.startswith(beginning)


def test_an_ask_is_answered_in_json(endpoint: Endpoint) -> None:
    assert endpoint.ask("ASK { ?s ?p 120 }").json()["boolean"] is True


@pytest.mark.parametrize(
    ("accept", "rdf_format"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_a_construct_comes_in_four_formats(
    endpoint: Endpoint, accept: str, rdf_format: ox.RdfFormat
) -> None:
    answer = endpoint.ask("CONSTRUCT WHERE { ?s ?p ?o }", accept)
    assert answer.headers["content-type"].startswith(accept)
    assert len(list(ox.parse(answer.content, format=rdf_format))) == 6


def test_a_describe_is_answered_in_turtle(endpoint: Endpoint) -> None:
    answer = endpoint.ask("DESCRIBE <http://example.org/term#beta>")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "term#paper2" in answer.text


def test_a_query_can_be_posted_as_a_form_and_directly(endpoint: Endpoint) -> None:
    by_form = endpoint.client.post("/sparql", data={"query": PATIENTS})
    direct = endpoint.client.post(
        "/sparql",
        content=PATIENTS.encode(),
        headers={"Content-Type": "application/sparql-query; charset=UTF-8"},
    )
    assert by_form.json() == direct.json() == endpoint.ask(PATIENTS).json()


def test_a_format_nobody_writes_is_answered_with_those_there_are(endpoint: Endpoint) -> None:
    answer = endpoint.ask(PATIENTS, "image/png")
    assert answer.status_code == 406
    assert "application/sparql-results+json" in answer.text


def test_a_select_cannot_be_had_as_turtle(endpoint: Endpoint) -> None:
    assert endpoint.ask(PATIENTS, "text/turtle").status_code == 406


def test_the_default_graph_is_the_union_of_all_graphs(endpoint: Endpoint) -> None:
    assert counted(endpoint.ask(COUNT).text) == 6


def test_a_from_clause_narrows_the_default_graph(endpoint: Endpoint) -> None:
    query = COUNT.replace("{", f"FROM <{SOURCES}> {{")
    assert counted(endpoint.ask(query).text) == 3


def test_the_dataset_of_the_request_goes_before_that_of_the_query(endpoint: Endpoint) -> None:
    query = COUNT.replace("{", f"FROM <{SOURCES}> {{ GRAPH ?g {{") + " }"
    answer = endpoint.ask(query, **{"named-graph-uri": [STUDIES], "default-graph-uri": [SOURCES]})
    assert counted(answer.text) == 3


def test_with_named_graphs_alone_the_default_graph_is_empty(endpoint: Endpoint) -> None:
    assert counted(endpoint.ask(COUNT, **{"named-graph-uri": STUDIES}).text) == 0


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_the_store_does_not_have_is_named(endpoint: Endpoint, parameter: str) -> None:
    answer = endpoint.ask(COUNT, **{parameter: "http://example.org/graph/none"})
    assert answer.status_code == 400
    assert "<http://example.org/graph/none>" in answer.text
    assert "nothing is fetched" in answer.text


def test_a_from_clause_with_an_unknown_graph_reaches_nobody(
    endpoint: Endpoint, listener: Listener
) -> None:
    answer = endpoint.ask(COUNT.replace("{", f"FROM <{listener.url}> {{"))
    assert answer.status_code == 400
    assert "(FROM at line 1, column 25)" in answer.text
    assert listener.visits == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
        "PREFIX h: <{url}> SELECT * {{SERVICEh:{{ ?s ?p ?o }} }}",
        "PREFIX : <{url}> SELECT * {{ service:x {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICESILENT<{url}>{{ ?s ?p ?o }} }}",
        "SELECT * {{ \\u0053ERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ ?a ?b ?c FILTER(1<'>')SERVICE<{url}>{{?s ?p ?o}} FILTER('x'='x')}}",
        "LOAD <{url}>",
    ],
)
def test_no_spelling_of_service_reaches_another_server(
    endpoint: Endpoint, listener: Listener, query: str
) -> None:
    assert endpoint.ask(query.format(url=listener.url)).status_code in (400, 403)
    assert listener.visits == []


@pytest.mark.parametrize(
    "request_", [{"data": {"update": "CLEAR ALL"}}, {"data": {"query": "CLEAR ALL"}}]
)
def test_an_update_is_refused_as_read_only(
    endpoint: Endpoint, request_: dict[str, dict[str, str]]
) -> None:
    answer = endpoint.client.post("/sparql", **request_)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert answer.text.startswith("This endpoint is read-only")


def test_a_direct_update_is_refused_as_read_only(endpoint: Endpoint) -> None:
    answer = endpoint.client.post(
        "/sparql", content="CLEAR ALL", headers={"Content-Type": "application/sparql-update"}
    )
    assert answer.status_code == 403


def test_a_malformed_query_is_answered_with_line_and_column(endpoint: Endpoint) -> None:
    answer = endpoint.ask("SELECT * {\n  ?s ?p <b>x</b> }")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("The query could not be read at line 2, column ")
    assert "Traceback" not in answer.text


def test_an_unknown_function_is_the_fault_of_the_query(endpoint: Endpoint) -> None:
    answer = endpoint.ask("SELECT (<http://example.org/f>(1) AS ?x) { }")
    assert answer.status_code == 400
    assert "The function <http://example.org/f>" in answer.text


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400, "2 queries"),
        ("/sparql?default-graph-uri=http://example.org/", 400, "no query"),
        ("/sparql?query=ASK%7B%FF%7D", 400, "A parameter is not UTF-8 at byte 5"),
        ("/sparql?update=CLEAR%20ALL", 403, "read-only"),
        ("/sparql?" + "a=1&" * 300, 400, "more than 200 parameters"),
    ],
)
def test_a_request_that_is_not_one_query_is_refused_in_words(
    endpoint: Endpoint, url: str, status: int, words: str
) -> None:
    answer = endpoint.client.get(url)
    assert (answer.status_code, words in answer.text) == (status, True)


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", b"ASK {}", 415),
        ("application/sparql-query; charset=latin-1", b"ASK {}", 415),
        ("application/sparql-query", b"ASK { ?s ?p '\xff' }", 400),
        ("application/x-www-form-urlencoded", b"", 400),
    ],
)
def test_a_post_that_cannot_be_a_query_is_refused(
    endpoint: Endpoint, content_type: str, body: bytes, status: int
) -> None:
    answer = endpoint.client.post("/sparql", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_a_get_without_parameters_describes_the_service(endpoint: Endpoint, accept: str) -> None:
    answer = endpoint.client.get("/sparql", headers={"Accept": accept})
    parsed = ox.parse(answer.content, format=ox.RdfFormat.from_media_type(accept))
    said = {(quad.predicate.value, getattr(quad.object, "value", "")) for quad in parsed}
    assert {
        (SD + "endpoint", endpoint.url + "/sparql"),
        (SD + "feature", SD + "UnionDefaultGraph"),
        (SD + "supportedLanguage", SD + "SPARQL11Query"),
        (SD + "name", STUDIES),
        (SD + "name", SOURCES),
    } <= said


def test_the_query_of_the_documentation_may_run_and_has_rows() -> None:
    query = re.findall(r"```sparql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0]
    inspect_query(query)
    table = LocalGraph(built_graph()).select(query)
    assert [*table.columns] == ["estimate", "value", "source", "line"]
    assert len(table.rows) > 10

"""Client libraries as they come, over a real socket, and requests as other clients were seen to
send them (Comunica 4, Yasgui 4, the SIB's editor, Jena, R, a browser).
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, build_opener

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
)
from SPARQLWrapper import SPARQLWrapper as Client

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
EX = "PREFIX ex: <http://example.org/term#> "
WAYS = [(GET, None), (POST, URLENCODED), (POST, POSTDIRECTLY)]


def asked(endpoint: Endpoint, query: str, format_: str, way: tuple[str, str | None]) -> Any:
    client = Client(endpoint.url + "/sparql")
    client.setQuery(query)
    client.setReturnFormat(format_)
    client.setMethod(way[0])
    if way[1]:
        client.setRequestMethod(way[1])
    return client.queryAndConvert()


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_reads_a_select(endpoint: Endpoint, way: tuple[str, str | None]) -> None:
    query = EX + "SELECT ?n { ex:alpha ex:randomised ?n }"
    found = asked(endpoint, query, JSON, way)
    assert [row["n"]["value"] for row in found["results"]["bindings"]] == ["120"]
    assert b"120" in asked(endpoint, query, CSV, way)
    assert "120" in asked(endpoint, query, XML, way).toxml()


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_reads_an_ask(endpoint: Endpoint, way: tuple[str, str | None]) -> None:
    assert asked(endpoint, "ASK { ?s ?p 60 }", JSON, way)["boolean"] is True


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("format_", [RDFXML, JSONLD])
def test_sparqlwrapper_reads_a_construct(
    endpoint: Endpoint, format_: str, way: tuple[str, str | None]
) -> None:
    graph = asked(endpoint, "CONSTRUCT WHERE { ?s ?p ?o }", format_, way)
    assert len(graph) == 6


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("format_", "begins"), [(TURTLE, b"<http"), (N3, b"<http")])
def test_sparqlwrapper_reads_a_construct_as_text(
    endpoint: Endpoint, format_: str, begins: bytes, way: tuple[str, str | None]
) -> None:
    assert asked(endpoint, "CONSTRUCT WHERE { ?s ?p ?o }", format_, way).startswith(begins)


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_reads_a_table_as_tsv(
    endpoint: Endpoint, way: tuple[str, str | None]
) -> None:
    assert asked(endpoint, EX + "SELECT ?n { ex:alpha ex:randomised ?n }", TSV, way) == b"?n\n120\n"


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_takes_the_endpoint_for_a_graph(endpoint: Endpoint, method: str) -> None:
    store = SPARQLStore(endpoint.url + "/sparql", returnFormat="json", method=method)
    graph = Graph(store=store)
    term = "http://example.org/term#"
    assert [str(n) for n in graph.objects(URIRef(term + "beta"), URIRef(term + "randomised"))] == [
        "60"
    ]
    found = graph.query("SELECT ?s { ?s <http://example.org/term#randomised> ?n } ORDER BY ?n")
    assert [str(row[0]) for row in found] == [term + "beta", term + "alpha"]


COMUNICA_ROWS = "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7"
COMUNICA_SOURCE = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
    "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,"
    "application/xml;q=0.3,image/svg+xml;q=0.3,text/xml;q=0.3,text/html;q=0.2,"
    "application/xhtml+xml;q=0.18,application/json;q=0.135"
)


def test_comunica_learns_from_the_description_that_this_is_an_endpoint(endpoint: Endpoint) -> None:
    answer = endpoint.client.get("/sparql", headers={"Accept": COMUNICA_SOURCE})
    assert answer.headers["content-type"] == "application/n-quads"
    quads = ox.parse(answer.content, ox.RdfFormat.N_QUADS)
    described = {quad.predicate.value.rpartition("#")[2]: quad.object for quad in quads}
    assert getattr(described["endpoint"], "value", "") == endpoint.url + "/sparql"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT (COUNT(*) AS ?count) WHERE { ?s <http://example.org/term#printed> ?o. }", 1),
        ("SELECT ?s ?paper WHERE { ?s <http://example.org/term#reportedBy> ?paper. }", 2),
        ("SELECT ?paper ?year WHERE { ?paper <http://example.org/term#printed> ?year. }", 1),
    ],
)
def test_comunica_counts_and_fetches_the_patterns_of_a_join(
    endpoint: Endpoint, query: str, rows: int
) -> None:
    url = f"/sparql?query={quote(query, safe='()*')}"
    headers = {"Accept": COMUNICA_ROWS, "Accept-Language": "*", "Sec-Fetch-Mode": "cors"}
    found = endpoint.client.get(url, headers=headers).json()
    assert len(found["results"]["bindings"]) == rows


def test_comunica_asks_whether_a_pattern_is_there_and_constructs(endpoint: Endpoint) -> None:
    ask = "ASK WHERE { ?paper <http://example.org/term#printed> ?year. }"
    assert endpoint.ask(ask, COMUNICA_ROWS).json() == {"head": {}, "boolean": True}
    graph = endpoint.ask("CONSTRUCT { ?s <a:x> ?o } WHERE { ?s ?p ?o } LIMIT 3", "text/turtle")
    assert len(list(ox.parse(graph.content, ox.RdfFormat.TURTLE))) == 3


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("SELECT * WHERE { ?sub ?pred ?obj . } LIMIT 10", "application/sparql-results+json",
         "application/sparql-results+json"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "text/turtle", "text/turtle; charset=utf-8"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_yasgui_sends_a_form_from_another_origin(
    endpoint: Endpoint, query: str, accept: str, media_type: str, method: str
) -> None:
    headers = {"Accept": accept + ",*/*;q=0.9", "Origin": "https://yasgui.example.org"}
    fields = {"query": query}
    if method == "GET":
        answer = endpoint.client.get("/sparql", params=fields, headers=headers)
    else:
        answer = endpoint.client.post("/sparql", data=fields, headers=headers)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        "  SELECT ?p ?n\n  { ?d sh:prefix ?p ; sh:namespace ?n }",
        "PREFIX void: <http://rdfs.org/ns/void#>\n  SELECT ?class ?property\n"
        "  { ?c void:class ?class ; void:propertyPartition [ void:property ?property ] }",
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        "  SELECT ?q { ?x a sh:SPARQLExecutable ; sh:select|sh:ask|sh:construct ?q }",
        "SELECT DISTINCT ?type { ?thing a ?type }",
    ],
)  # fmt: skip
def test_the_editor_of_the_sib_asks_for_what_it_completes(endpoint: Endpoint, query: str) -> None:
    url = f"/sparql?ac=1&query={quote(query)}"
    answer = endpoint.client.get(url, headers={"Accept": "application/sparql-results+json"})
    assert "bindings" in answer.json()["results"]


def test_jena_weighs_all_formats_it_reads(endpoint: Endpoint) -> None:
    rows = (
        "application/sparql-results+json, application/sparql-results+xml;q=0.9, "
        "text/tab-separated-values;q=0.7, text/csv;q=0.5, application/json;q=0.2, "
        "application/xml;q=0.2, */*;q=0.1"
    )
    graph = (
        "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
        "application/rdf+xml;q=0.7,*/*;q=0.3"
    )
    headers = {"Accept": rows, "Content-Type": "application/sparql-query"}
    answer = endpoint.client.post("/sparql", content="SELECT * { ?s ?p ?o }", headers=headers)
    assert len(answer.json()["results"]["bindings"]) == 6
    assert endpoint.ask("CONSTRUCT WHERE { ?s ?p ?o }", graph).headers["content-type"] == (
        "text/turtle; charset=utf-8"
    )


def test_the_sparql_package_of_r_reads_xml(endpoint: Endpoint) -> None:
    query = quote(EX + "SELECT ?n { ex:alpha ex:randomised ?n }", safe="")
    headers = {"Accept": "application/sparql-results+xml"}
    answer = endpoint.client.get(f"/sparql?query={query}&", headers=headers)
    assert "120" in answer.text
    assert answer.text.startswith("<?xml")


def test_read_csv_of_pandas_and_r_takes_the_bare_url(endpoint: Endpoint) -> None:
    query = EX + "SELECT ?study ?n { ?study ex:randomised ?n } ORDER BY ?n"
    url = f"{endpoint.url}/sparql?{urlencode({'query': query, 'format': 'csv'})}"
    with build_opener(ProxyHandler({})).open(url, timeout=20) as answer:  # what pandas opens with
        rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8")))
    assert [row["n"] for row in rows] == ["60", "120"]


@pytest.mark.parametrize(
    "content_type", ["application/sparql-query", "application/x-www-form-urlencoded"]
)
def test_curl_posts_a_file_or_a_form(endpoint: Endpoint, content_type: str) -> None:
    query = "ASK { ?s ?p 120 }"
    form = content_type.endswith("urlencoded")
    answer = endpoint.client.post(
        "/sparql",
        content=urlencode({"query": query}) if form else query,
        headers={"Accept": "*/*", "User-Agent": "curl/8.5.0", "Content-Type": content_type},
    )
    assert json.loads(answer.content)["boolean"] is True

"""What our layer could change in an answer and must not: the same query over HTTP and in process.

The cases follow the sections of the SPARQL 1.1 recommendations on datasets, syntax, and results in
JSON, XML, CSV and TSV. `benchmarks/w3c.py` does the same with the W3C's whole suite.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

STUDIES = "http://example.org/graph/studies"
SOURCES = "http://example.org/graph/sources"
EX = "PREFIX ex: <http://example.org/term#> "
FORMS = [ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML, ox.QueryResultsFormat.TSV]

SELECTS = {
    "all": "SELECT * { ?s ?p ?o }",
    "from": f"SELECT * FROM <{STUDIES}> {{ ?s ?p ?o }}",
    "from, twice": f"SELECT * FROM <{STUDIES}> FROM <{SOURCES}> {{ ?s ?p ?o }}",
    "from named": f"SELECT * FROM NAMED <{STUDIES}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "from named, default graph": f"SELECT * FROM NAMED <{STUDIES}> {{ ?s ?p ?o }}",
    "from and from named": (
        f"SELECT * FROM <{SOURCES}> FROM NAMED <{STUDIES}> {{ ?s ?p ?o GRAPH ?g {{ ?s ?q ?n }} }}"
    ),
    "graph": f"SELECT * {{ GRAPH <{SOURCES}> {{ ?s ?p ?o }} }}",
    "graph that is not": "SELECT * { GRAPH <http://example.org/none> { ?s ?p ?o } }",
    "graphs": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
    "base": "BASE <http://example.org/term> SELECT * { <#alpha> ?p ?o }",
    "base, relative to a base": (
        "BASE <http://example.org/x/y> BASE <../graph/> SELECT * FROM <studies> { ?s ?p ?o }"
    ),
    "prefix, relative": "BASE <http://example.org/> PREFIX : <term#> SELECT * { :alpha ?p ?o }",
    "prefix, declared again": (
        "PREFIX x: <http://a.org/> PREFIX x: <http://example.org/term#> SELECT * { x:alpha ?p ?o }"
    ),
    "prefix, empty": "PREFIX : <http://example.org/term#> SELECT * { :beta ?p ?o }",
    "name, escaped": r"PREFIX e: <http://example.org/> SELECT (e:term\#alpha AS ?x) {}",
    "name, with percent": "PREFIX e: <http://example.org/> SELECT (e:a%20b AS ?x) {}",
    "codepoint escapes": r"SELECT ('\u00E9\U0001F9EC' AS ?x) (<http://a.org/\u00E9> AS ?y) {}",
    "string escapes": r"SELECT ('\t\b\n\r\f\"\'\\' AS ?x) {}",
    "long strings": "SELECT ('''a 'b' \n c''' AS ?x) (\"\"\"\"\"d\n\"\"\" AS ?y) {}",
    "unicode": "SELECT ('中文 العربية e\u0301 🧬 \u200d' AS ?x) {}",
    "unicode variable": "SELECT ?étude { ?étude ?p 120 }",
    "comments": "# one\nSELECT * # two '\n{ ?s ?p ?o } # three \"",
    "comment with a carriage return": "SELECT * { ?s ?p ?o # x\r }",
    "unbound": "SELECT ?a ?b { VALUES (?a ?b) { (1 UNDEF) (UNDEF 2) (UNDEF UNDEF) } }",
    "unbound, all": "SELECT ?never { ?s ?p ?o }",
    "languages": "SELECT ('a'@EN AS ?x) ('b'@pt-BR AS ?y) ('c'@zh-Hant-TW AS ?z) {}",
    "big numbers": "SELECT (123456789012345678 AS ?i) (0.1 + 0.2 AS ?d) (1e300 * 1e300 AS ?x) {}",
    "numbers as written": "SELECT ?x { VALUES ?x { 01 +1 1.0 1.50 .5 1e0 1E2 -0 } }",
    "own datatypes": "SELECT ('x'^^<http://a.org/t> AS ?x) ('1'^^<http://a.org/t> AS ?y) {}",
    "ill-typed": "SELECT ?x { VALUES ?x { 'abc'^^<http://www.w3.org/2001/XMLSchema#integer> } }",
    "csv signs": "SELECT ?x { VALUES ?x { 'a,b' 'a\"b' 'a\\nb' '' ' ' 'tab\\there' '\\r' } }",
    "no rows": "SELECT ?a ?b { FILTER(false) }",
    "no columns": "SELECT * {}",
    "the same row twice": "SELECT ?x { VALUES ?x { 1 1 2 } }",
    "order": "SELECT ?x { VALUES ?x { 3 'b' 1 'a' <http://a.org/> UNDEF 2.5 } } ORDER BY ?x",
    "order, down": EX + "SELECT ?s ?n { ?s ex:randomised ?n } ORDER BY DESC(?n) ?s",
    "offset": "SELECT ?x { VALUES ?x { 1 2 3 4 } } ORDER BY ?x LIMIT 2 OFFSET 1",
    "blank nodes": "SELECT (BNODE('a') AS ?x) (BNODE('b') AS ?y) {}",
    "the same blank node": "SELECT ?x ?y { BIND(BNODE() AS ?x) BIND(?x AS ?y) }",
    "aggregates": EX + "SELECT (SUM(?n) AS ?all) (AVG(?n) AS ?mean) { ?s ex:randomised ?n }",
    "aggregate of nothing": "SELECT (COUNT(*) AS ?n) (SUM(?x) AS ?s) { FILTER(false) }",
    "less-than signs": "SELECT * { ?s ?p ?o FILTER(?o<121&&?o>60) }",
    "a service in a string": "SELECT ('SERVICE <http://a.org/> { }' AS ?x) {}",
}  # fmt: skip
GRAPHS = {
    "all": "CONSTRUCT WHERE { ?s ?p ?o }",
    "blank nodes": EX + "CONSTRUCT { ?s ex:has [ ex:n ?n ; ex:m _:x ] } { ?s ex:randomised ?n }",
    "lists": EX + "CONSTRUCT { ?s ex:list (?n 1 'x'@en) } { ?s ex:randomised ?n }",
    "triples that cannot be": "CONSTRUCT { ?o ?p ?s } { ?s ?p ?o }",
    "the same triple twice": EX + "CONSTRUCT { ex:a ex:b 1 } { ?s ?p ?o }",
    "nothing": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(false) }",
    "literals": r"CONSTRUCT { <a:s> <a:p> 'a\nb\"\\\t', 'é🧬'@fr, 1.50, '<&>]]>' } {}",
    "describe": EX + "DESCRIBE ex:alpha ?x { ?x ex:randomised 60 }",
}  # fmt: skip


@pytest.fixture(scope="module")
def store(graph_file: Path) -> ox.Store:
    """The graph of the endpoint, in process."""
    store = ox.Store()
    store.load(path=graph_file, format=ox.RdfFormat.N_QUADS)
    return store


def in_process(store: ox.Store, query: str) -> Any:
    return store.query(query, use_default_graph_as_union="FROM" not in query)


def rows(result: Any) -> tuple[list[str], list[list[str | None]]]:
    """Columns and rows as text, blank nodes numbered as they come."""
    seen: dict[str, str] = {}

    def text(term: Any) -> str | None:
        if isinstance(term, ox.BlankNode):
            return seen.setdefault(term.value, f"_:{len(seen)}")
        return None if term is None else str(term)

    return [v.value for v in result.variables], [[text(term) for term in row] for row in result]


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("query", SELECTS.values(), ids=SELECTS.keys())
def test_a_select_has_the_rows_it_has_in_process(
    endpoint: Endpoint, store: ox.Store, query: str, form: ox.QueryResultsFormat
) -> None:
    answer = endpoint.ask(query, form.media_type)
    assert answer.status_code == 200, answer.text
    columns, found = rows(ox.parse_query_results(answer.content, form))
    expected_columns, expected = rows(in_process(store, query))
    assert columns == expected_columns
    if "ORDER" in query:
        assert found == expected
    assert Counter(map(tuple, found)) == Counter(map(tuple, expected))


def test_csv_escapes_what_separates_and_numbers_come_in_their_shortest_form(
    endpoint: Endpoint,
) -> None:
    query = (
        "SELECT ?x ?y { VALUES (?x ?y) { ('a,\"b\"' 'line\\nline') (UNDEF 'é'@fr) (1.50 <a:b>) } }"
    )
    assert endpoint.ask(query, "text/csv").content.decode() == (
        'x,y\r\n"a,""b""","line\nline"\r\n,é\r\n1.5,a:b\r\n'
    )


def test_tsv_keeps_terms_as_terms(endpoint: Endpoint) -> None:
    query = "SELECT ?x ?y { VALUES (?x ?y) { ('a\\tb' 'é'@fr) (UNDEF <a:b>) (1.50 'x'^^<a:t>) } }"
    assert endpoint.ask(query, "text/tab-separated-values").text == (
        '?x\t?y\n"a\\tb"\t"é"@fr\n\t<a:b>\n1.5\t"x"^^<a:t>\n'
    )


@pytest.mark.parametrize("form", ["text/csv", "text/tab-separated-values"])
@pytest.mark.parametrize(("query", "word"), [("ASK {}", "true"), ("ASK {FILTER(false)}", "false")])
def test_an_ask_in_a_table_is_the_bare_word(
    endpoint: Endpoint, form: str, query: str, word: str
) -> None:
    answer = endpoint.ask(query, form)
    assert (answer.text, answer.headers["content-type"]) == (word, f"{form}; charset=utf-8")


@pytest.mark.parametrize("form", FORMS[:2], ids=str)
@pytest.mark.parametrize(
    "query", ["ASK { ?s ?p 120 }", "ASK { ?s ?p 121 }", f"ASK FROM <{SOURCES}> {{ ?s ?p 120 }}"]
)
def test_an_ask_is_what_it_is_in_process(
    endpoint: Endpoint, store: ox.Store, query: str, form: ox.QueryResultsFormat
) -> None:
    found = ox.parse_query_results(endpoint.ask(query, form.media_type).content, form)
    assert bool(found) == bool(in_process(store, query))


@pytest.mark.parametrize(
    "media_type",
    ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"],
)
@pytest.mark.parametrize("query", GRAPHS.values(), ids=GRAPHS.keys())
def test_a_graph_has_the_triples_it_has_in_process(
    endpoint: Endpoint, store: ox.Store, query: str, media_type: str
) -> None:
    answer = endpoint.ask(query, media_type)
    assert answer.status_code == 200, answer.text
    found = ox.Dataset(ox.parse(answer.content, ox.RdfFormat.from_media_type(media_type)))
    expected = ox.Dataset(ox.Quad(*triple) for triple in in_process(store, query))
    for dataset in (found, expected):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert set(found) == set(expected)

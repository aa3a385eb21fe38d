"""What the endpoint says of itself: front page, description, VoID, examples, result pages."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import httpx
import pyoxigraph as ox
import pytest
from starlette.requests import Request

from metalocal.endpoint import Front, Limits, Sources
from metalocal.endpoint.discovery.kept import kept
from metalocal.endpoint.engine.pool import Pool
from metalocal.endpoint.engine.wire import Ready
from metalocal.endpoint.service import Service

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

    RunEndpoint = Callable[[Limits, Front], AbstractContextManager[Endpoint]]

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PAGE = {"Accept": BROWSER}
NOTICE = "metalocal informs; it does not advise."
DATASET = "https://w3id.org/metalocal/id/dataset/metalocal"
VOID = "http://rdfs.org/ns/void#"
SH = "http://www.w3.org/ns/shacl#"
SD = "http://www.w3.org/ns/sparql-service-description#"
EX = "PREFIX ex: <http://example.org/term#> "


def triples(answer: httpx.Response) -> set[ox.Triple]:
    media_type = answer.headers["content-type"].partition(";")[0]
    found = ox.parse(answer.content, format=ox.RdfFormat.from_media_type(media_type))
    return {quad.triple for quad in found}


def objects(answer: httpx.Response, predicate: str) -> set[str]:
    return {
        t.object.value
        for t in triples(answer)
        if t.predicate.value == predicate and not isinstance(t.object, ox.Triple)
    }


def rows_of(page: str) -> list[list[str]]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        [html.unescape(re.sub("<[^>]*>", "", cell)) for cell in re.findall(r"<td.*?</td>", row)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]


def test_the_front_page_is_text_for_a_terminal_and_a_page_for_a_browser(built: Endpoint) -> None:
    text = built.client.get("/", headers={"Accept": "*/*"})
    page = built.client.get("/", headers=PAGE)
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert NOTICE in text.text
    assert NOTICE in page.text


def test_behind_a_proxy_all_links_go_through_it(run_endpoint: RunEndpoint) -> None:
    front = Front(allowed_hosts=("*",), public_url="https://example.org/evidence")
    with run_endpoint(Limits(), front) as behind:
        page = behind.client.get("/", headers=PAGE).text
        links = re.findall(r'(?:href|action)="(/[^"]*)"', page)
        assert links
        assert all(link.startswith("/evidence/") for link in links)
        told = behind.client.get("/sparql", headers={"Accept": "text/turtle"})
        assert objects(told, f"{SD}endpoint") == {"https://example.org/evidence/sparql"}


def test_the_counts_of_the_front_page_are_those_of_the_graph(built: Endpoint) -> None:
    query = (
        "PREFIX ml: <https://w3id.org/metalocal/ontology/> "
        "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ml:Study }"
    )
    counted = built.ask(query).json()["results"]["bindings"][0]["n"]["value"]
    assert f"<strong>{int(counted):,}</strong>studies" in built.client.get("/", headers=PAGE).text
    assert f"{int(counted):,} studies" in built.client.get("/").text


def test_a_graph_without_studies_has_a_front_page_too(endpoint: Endpoint) -> None:
    assert "It holds no studies." in endpoint.client.get("/").text
    assert endpoint.client.get("/", headers=PAGE).status_code == 200


def test_the_service_description_lists_each_graph_with_label_and_count(built: Endpoint) -> None:
    answer = built.client.get("/sparql", headers={"Accept": "text/turtle"})
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = built.ask(query).json()["results"]["bindings"]
    assert objects(answer, f"{SD}name") == {row["g"]["value"] for row in rows}
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples(answer))
    found = store.query(
        f"SELECT ?name ?n {{ ?g <{SD}name> ?name ; <{SD}graph> ?c . ?c <{VOID}triples> ?n ; "
        "<http://www.w3.org/2000/01/rdf-schema#label> ?label }"
    )
    counts = {row["name"].value: row["n"].value for row in found}  # type: ignore[union-attr]
    assert counts == {row["g"]["value"]: row["n"]["value"] for row in rows}


def test_the_service_description_tells_licence_version_dump_and_limits(built: Endpoint) -> None:
    answer = built.client.get("/sparql", headers={"Accept": "text/turtle"})
    assert objects(answer, f"{VOID}dataDump") == {f"{built.url}/dump.nq"}
    assert objects(answer, "http://purl.org/dc/terms/license") == {
        "https://creativecommons.org/licenses/by/4.0/"
    }
    assert objects(answer, "http://www.w3.org/2002/07/owl#versionInfo") == {"0.1.0"}
    comments = objects(answer, "http://www.w3.org/2000/01/rdf-schema#comment")
    assert any("run for 20 seconds" in comment for comment in comments)
    assert '</.well-known/void>; rel="describedby"' in answer.headers["link"]


def test_a_browser_gets_a_form_that_queries_and_the_graphs(built: Endpoint) -> None:
    page = built.client.get("/sparql", headers=PAGE).text
    assert re.search('<form [^>]*action="/sparql" method="get"', page)
    assert 'href="/id/graph/study/tata"' in page
    assert "A query may run for 20 seconds" in page


def test_the_examples_of_the_page_run_as_they_are_linked(built: Endpoint) -> None:
    page = built.client.get("/sparql", headers=PAGE).text
    links = [html.unescape(link) for link in re.findall(r'href="(/sparql\?query=[^"]*)"', page)]
    examples = built.client.get("/.well-known/sparql-examples", headers={"Accept": "text/turtle"})
    told = [t for t in triples(examples) if t.object == ox.NamedNode(f"{SH}SPARQLExecutable")]
    assert len(links) == len(told) >= 25
    for link in links[::6]:
        assert built.client.get(link).status_code == 200, link


@pytest.mark.parametrize("path", ["/.well-known/void", "/.well-known/sparql-examples"])
@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_what_is_well_known_comes_in_all_formats(built: Endpoint, path: str, accept: str) -> None:
    answer = built.client.get(path, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith(accept)
    assert len(triples(answer)) > 100


def test_the_void_description_says_where_this_server_answers(built: Endpoint) -> None:
    answer = built.client.get("/.well-known/void")
    dataset = ox.NamedNode(DATASET)
    endpoint, dump = ox.NamedNode(f"{built.url}/sparql"), ox.NamedNode(f"{built.url}/dump.nq")
    assert {
        ox.Triple(dataset, ox.NamedNode(f"{VOID}sparqlEndpoint"), endpoint),
        ox.Triple(dataset, ox.NamedNode(f"{VOID}dataDump"), dump),
    } <= triples(answer)


def test_a_browser_is_led_to_the_page_of_the_void_graph(built: Endpoint) -> None:
    answer = built.client.get("/.well-known/void", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/id/graph/void.html")


def test_a_graph_without_a_void_description_says_so(endpoint: Endpoint) -> None:
    answer = endpoint.client.get("/.well-known/void")
    assert (answer.status_code, "graph/void" in answer.text) == (404, True)


def test_crawlers_are_kept_from_queries_and_icons_are_there(endpoint: Endpoint) -> None:
    assert "Disallow: /sparql" in endpoint.client.get("/robots.txt").text
    assert endpoint.client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


def test_the_rows_of_a_query_come_as_a_table_with_links(built: Endpoint) -> None:
    query = "SELECT ?s ?line { ?s <https://w3id.org/metalocal/ontology/line> ?line } ORDER BY ?s"
    page = built.ask(query + " LIMIT 2", BROWSER).text
    assert [len(row) for row in rows_of(page)] == [2, 2]
    assert 'href="/id/' in page
    assert "2 rows " in page


def test_a_table_shows_a_thousand_rows_and_says_that_there_are_more(built: Endpoint) -> None:
    page = built.ask("SELECT ?s { ?s ?p ?o } LIMIT 1001", BROWSER).text
    assert len(rows_of(page)) == 1000
    assert "The first 1,000 rows are shown" in page


def test_the_downloads_of_a_result_are_the_same_query(endpoint: Endpoint) -> None:
    query = EX + "SELECT ?n { ex:alpha ex:randomised ?n }"
    page = endpoint.ask(query, BROWSER).text
    (csv,) = re.findall(r'href="([^"]*format=csv)"', page)
    assert endpoint.client.get(html.unescape(csv)).text == "n\r\n120\r\n"


def test_an_ask_and_an_unbound_cell_have_their_place_in_the_table(endpoint: Endpoint) -> None:
    assert rows_of(endpoint.ask("ASK { }", BROWSER).text) == [["yes"]]
    assert rows_of(endpoint.ask("SELECT ?a (1 AS ?b) { }", BROWSER).text) == [["", "1"]]


def test_triples_come_as_turtle_to_read(endpoint: Endpoint) -> None:
    page = endpoint.ask("CONSTRUCT WHERE { ?s ?p 120 }", BROWSER).text
    (text,) = re.findall("<pre tabindex[^>]*>(.*?)</pre>", page, re.DOTALL)
    (quad,) = ox.parse(html.unescape(text).encode(), format=ox.RdfFormat.TURTLE)
    assert quad.object.value == "120"  # type: ignore[union-attr]


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "</textarea><b>", "\"'><i>"])
def test_no_query_and_no_value_becomes_markup(endpoint: Endpoint, value: str) -> None:
    escaped = value.replace('"', '\\"')
    page = endpoint.ask(f'SELECT ("{escaped}" AS ?x) {{ }}', BROWSER).text
    assert value not in page
    assert rows_of(page) == [[value]]


def test_a_script_iri_in_a_result_is_no_link(endpoint: Endpoint) -> None:
    page = endpoint.ask("SELECT (<javascript:alert(1)> AS ?x) { }", BROWSER).text
    assert 'href="javascript' not in page


def test_an_error_is_a_page_for_a_browser_and_a_line_for_a_program(endpoint: Endpoint) -> None:
    page, line = endpoint.ask("SELECT <b>x</b>", BROWSER), endpoint.ask("SELECT <b>x</b>")
    assert (page.status_code, page.headers["content-type"][:9]) == (400, "text/html")
    assert (line.status_code, line.headers["content-type"][:10]) == (400, "text/plain")
    assert line.text.strip() in html.unescape(page.text)


def test_a_query_too_large_or_too_slow_stays_on_the_page_that_says_so(
    strict_endpoint: Endpoint,
) -> None:
    large = strict_endpoint.ask("SELECT * { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f }", BROWSER)
    assert (large.status_code, "add a LIMIT" in large.text) == (413, True)
    pattern = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(14))
    slow = strict_endpoint.ask(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}", BROWSER)
    assert (slow.status_code, slow.headers["retry-after"]) == (503, "10")
    assert "was ended after 1 seconds" in slow.text
    assert pattern in slow.text


def test_a_graph_without_examples_or_ontology_has_a_page_too(endpoint: Endpoint) -> None:
    assert "has no examples" in endpoint.client.get("/sparql", headers=PAGE).text
    terms = endpoint.client.get("/sparql/vocabulary").json()["terms"]
    assert "rdf:type" in {term["name"] for term in terms}


def test_what_is_made_of_a_graph_is_kept_until_another_is_served() -> None:
    graphs = [Ready(frozenset(), 1, "a"), Ready(frozenset(), 1, "a"), None]
    pool = SimpleNamespace(loaded=graphs[0])
    service = Service(cast(Pool, pool), Limits(), Sources(Path("graph.nq")))
    request = Request({"type": "http"})
    made = []

    @kept
    async def number(_service: Service, _request: Request) -> int:
        made.append(1)
        return len(made)

    async def ask_each_twice() -> list[int]:
        found = []
        for pool.loaded in graphs:
            found += [await number(service, request), await number(service, request)]
        return found

    assert asyncio.run(ask_each_twice()) == [1, 1, 2, 2, 3, 4]

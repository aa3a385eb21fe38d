"""The SPARQL page over HTTP: labelled results, mistakes with their place, queries to start from."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest

from metalocal.catalogue import catalogue
from metalocal.endpoint.api.query_slots import takes_profile
from metalocal.locations import locations

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PAGE = {"Accept": BROWSER}
PREFIXES = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
"""
RATIOS = """\
SELECT ?study ?outcome ?value ?printed WHERE {
  ?study ml:hasEstimate ?estimate .
  ?estimate ml:outcome ?outcome ; ml:measure ml:hazard_ratio ; ml:hasReport ?report .
  ?report ml:value ?value ; ml:printedValue ?printed
} ORDER BY ?study ?outcome ?value ?printed"""


def asked(site: Endpoint, query: str) -> list[dict[str, str]]:
    """Rows of a query as a program gets them."""
    bindings = site.ask(PREFIXES + query, "application/json").json()["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in bindings]


def shown(site: Endpoint, query: str) -> str:
    """The page of a query."""
    return site.ask(PREFIXES + query, BROWSER).text


def cells_of(page: str) -> list[list[str]]:
    """The cells of the result, as markup."""
    body = page[page.index('<table class="rows">') :].partition("<tbody>")[2].partition("</tbody>")
    return [re.findall(r"<td.*?</td>", row, re.DOTALL) for row in body[0].split("</tr>")[:-1]]


def text_of(markup: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", markup))


def links_of(page: str, start: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(rf'href="({re.escape(start)}[^"]*)"', page)]


def test_an_iri_is_shown_by_its_label_and_leads_to_its_page(site: Endpoint) -> None:
    labels = {
        row["iri"]: row["label"]
        for row in asked(
            site,
            "SELECT ?iri ?label { VALUES ?class { ml:Study ml:Outcome } "
            "?iri a ?class ; rdfs:label ?label }",
        )
    }
    found, cells = asked(site, RATIOS), cells_of(shown(site, RATIOS))
    assert len(cells) == len(found) > 20
    for row, (study, outcome, _value, _printed) in zip(found, cells, strict=True):
        assert text_of(study) == labels[row["study"]]
        assert f'title="{row["study"]}"' in study
        assert text_of(outcome) == labels[row["outcome"]]
    link = links_of(cells[0][0], "/id/study/")[0]
    assert site.client.get(link, headers=PAGE).status_code == 200


def test_a_number_keeps_its_digits_and_tells_its_datatype(site: Endpoint) -> None:
    page = shown(site, RATIOS)
    for row, (_, _, value, printed) in zip(asked(site, RATIOS), cells_of(page), strict=True):
        assert (text_of(value), 'title="xsd:decimal"' in value) == (row["value"], True)
        assert (text_of(printed), 'title="xsd:string"' in printed) == (row["printed"], True)
    assert re.search(r'<th scope="col" data-kind="number"[^>]*>value</th>', page)
    assert '<th scope="col">printed</th>' in page


def test_the_page_says_how_many_rows_came_and_how_long_they_took(site: Endpoint) -> None:
    page, count = shown(site, RATIOS), len(asked(site, RATIOS))
    assert re.search(rf"{count} rows <span[^>]*>in [\d,]+ ms", page)
    assert f"<title>{count} rows · SPARQL" in page


def test_no_rows_are_said_and_not_shown_as_an_empty_table(site: Endpoint) -> None:
    page = shown(site, "SELECT ?x { ?x a ml:Nothing }")
    assert "0 rows" in page
    assert "Nothing in the graph matches" in page


def test_all_columns_stand_in_the_order_of_the_query(site: Endpoint) -> None:
    page = shown(site, "SELECT * { ?study ml:hasEstimate ?estimate . ?estimate a ?class } LIMIT 1")
    assert re.findall(r'<th scope="col"[^>]*>(\w+)</th>', page) == ["study", "estimate", "class"]


def test_triples_are_a_table_with_labels_and_turtle_with_prefixes(site: Endpoint) -> None:
    query = "DESCRIBE <https://w3id.org/metalocal/id/study/e2108>"
    page = shown(site, query)
    triples = site.ask(PREFIXES + query, "application/n-triples").text.splitlines()
    assert len(cells_of(page)) == len(set(triples))
    assert "has estimate" in {text_of(row[1]) for row in cells_of(page)}
    assert "@prefix ml: &lt;https://w3id.org/metalocal/ontology/&gt;" in page


def test_labels_of_a_thousand_rows_come_with_them(site: Endpoint) -> None:
    query = "SELECT ?r ?e { ?e ml:hasReport ?r } ORDER BY ?r LIMIT 1000"
    cells = cells_of(shown(site, query))
    unnamed = [text_of(cell) for row in cells for cell in row if text_of(cell).startswith("mlid:")]
    assert (len(cells), unnamed) == (1000, [])


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT ?s WHERE {\n  ?s a ml:Study ..\n}", ("1", "")),
        ("ASK {\n  SERVICE <http://a.example/> { }\n}", ("6", "3")),
        ("SELECT ?s WHERE { ?s foo:bar 1 }", ("5", "22")),
    ],
)
def test_a_refused_query_stays_on_the_page_with_the_place(
    site: Endpoint, query: str, place: tuple[str, str]
) -> None:
    page = site.ask(PREFIXES + query, BROWSER)
    line = site.ask(PREFIXES + query)
    assert page.status_code == line.status_code
    assert page.status_code in (400, 403)
    assert f'<span id="reason">{html.escape(line.text.strip(), quote=False)}' in html_quotes(page)
    (kept,) = re.findall(r"<textarea id=.*?>(.*?)</textarea>", page.text, re.DOTALL)
    assert html.unescape(kept) == PREFIXES + query
    said = re.findall(r'data-line="(\d+)" data-column="(\d+)"', page.text)
    told = re.findall(r"line (\d+), column (\d+)", line.text)
    assert said == told
    assert len(said) == 1
    if place[1]:
        assert said == [place]


def html_quotes(page: httpx.Response) -> str:
    return page.text.replace("&#39;", "'").replace("&#34;", '"')


@pytest.mark.parametrize("parameters", ["?quary=ASK{}", "?query=", "?query=ASK{}&query=ASK{}"])
def test_a_request_that_holds_no_one_query_is_refused_on_the_page(
    site: Endpoint, parameters: str
) -> None:
    page = site.client.get(f"/sparql{parameters}", headers=PAGE)
    assert (page.status_code, 'role="alert"' in page.text) == (400, True)
    assert '<form id="asking"' in page.text


def test_each_example_of_the_graph_is_listed_with_its_question_and_kind(site: Endpoint) -> None:
    page = site.client.get("/sparql", headers=PAGE).text
    told = asked(site, "SELECT ?q { ?e a sh:SPARQLExecutable ; rdfs:comment ?q }")
    library = page[page.index('id="examples"') :].partition("Named queries")[0]
    listed = [text_of(item) for item in re.findall(r"<li .*?</li>", library)]
    assert len(listed) == len(told) == 40
    for row in told:
        assert any(item.startswith(row["q"]) for item in listed), row["q"]
    kinds = asked(site, "SELECT ?q { ?e a sh:SPARQLConstructExecutable ; rdfs:comment ?q }")
    for row in kinds:
        assert f"{row['q']} CONSTRUCT" in listed


def test_each_named_query_opens_in_the_editor_or_asks_for_a_patient(site: Endpoint) -> None:
    page = site.client.get("/sparql", headers=PAGE).text
    queries = catalogue(locations().queries)
    library = page[page.index('id="examples"') :]
    for name, query in queries.items():
        (item,) = re.findall(rf"<li [^>]*>(?:(?!</li>).)*<code>{name}</code>.*?</li>", library)
        assert query.summary in text_of(item)
        path = "/ask" if takes_profile(query) else f"/sparql/queries/{name}"
        assert f'href="{path}"' in item
    answer = site.client.get("/sparql/queries/outcomes", headers=PAGE)
    (text,) = parse_qs(urlsplit(answer.headers["location"]).query)["query"]
    assert (answer.status_code, text) == (303, queries["outcomes"].text.strip())
    assert "rows" in site.client.get(answer.headers["location"], headers=PAGE).text


def test_a_name_of_no_query_is_answered_with_the_nearest(site: Endpoint) -> None:
    answer = site.client.get("/sparql/queries/outcomez")
    assert (answer.status_code, "did you mean outcome" in answer.text) == (404, True)


def test_the_vocabulary_has_each_term_of_the_ontology(site: Endpoint) -> None:
    told = site.client.get("/sparql/vocabulary").json()
    found = {
        term["name"].replace("ml:", "https://w3id.org/metalocal/ontology/"): term
        for term in told["terms"]
        if term["name"].startswith("ml:")
    }
    kinds = {
        "class": "owl:Class",
        "property": "owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty",
        "individual": "owl:NamedIndividual",
    }
    for kind, classes in kinds.items():
        rows = asked(
            site,
            f"SELECT DISTINCT ?iri ?label {{ VALUES ?class {{ {classes} }} "
            "GRAPH <https://w3id.org/metalocal/id/graph/ontology> "
            "{ ?iri a ?class ; rdfs:label ?label } "
            "FILTER(STRSTARTS(STR(?iri), STR(ml:))) }",
        )
        assert len(rows) > 50
        assert {row["iri"]: row["label"] for row in rows} == {
            iri: term["label"] for iri, term in found.items() if term["kind"] == kind
        }


def test_a_term_of_the_vocabulary_tells_what_it_is_used_with(site: Endpoint) -> None:
    terms = {term["name"]: term for term in site.client.get("/sparql/vocabulary").json()["terms"]}
    uses = asked(site, "SELECT (COUNT(*) AS ?n) { { ?s ml:design ?o } UNION { ?s ?p ml:design } }")
    assert terms["ml:design"]["uses"] == int(uses[0]["n"])
    assert terms["ml:design"]["range"] == ["ml:Design"]
    assert "ml:Design" in terms["ml:randomised_controlled_trial"]["types"]


def test_the_vocabulary_is_fetched_once_for_a_graph(site: Endpoint) -> None:
    page = site.client.get("/sparql", headers=PAGE).text
    (path,) = re.findall(r'data-vocabulary="([^"]*)"', page)
    lasting = site.client.get(path)
    assert "immutable" in lasting.headers["cache-control"]
    again = site.client.get(
        "/sparql/vocabulary", headers={"If-None-Match": lasting.headers["etag"]}
    )
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


def test_a_result_has_a_link_to_share_that_gives_it_again(site: Endpoint) -> None:
    page = shown(site, RATIOS)
    (link,) = re.findall(r'id="share" type="text" readonly value="([^"]*)"', page)
    again = site.client.get(html.unescape(link), headers=PAGE).text
    assert cells_of(again) == cells_of(page)


def test_a_long_query_comes_by_post_and_its_link_keeps_it_behind_the_sign(site: Endpoint) -> None:
    query = f"SELECT (1 AS ?x) {{ }} #{'long ' * 2000}"
    page = site.client.post("/sparql", data={"query": query}, headers=PAGE)
    assert (page.status_code, "too long to run from a link" in page.text) == (200, True)
    (link,) = re.findall(r'id="share" type="text" readonly value="([^"]*)"', page.text)
    assert unquote(link.partition("#query=")[2]) == query
    asked_again = site.client.post("/sparql", data={"query": query, "format": "csv"}, headers=PAGE)
    assert asked_again.text == "x\r\n1\r\n"
    assert '<button class="quiet" name="format" value="csv">' in page.text


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/turtle, text/html;q=0.9", ""])
def test_programs_get_data_and_plain_sentences_as_before(site: Endpoint, accept: str) -> None:
    result = site.ask(
        "CONSTRUCT { ?s ?p 1 } WHERE { VALUES ?s { <a:b> } VALUES ?p { <a:c> } }", accept
    )
    refusal = site.ask("SELECT", accept)
    assert "html" not in result.headers["content-type"] + refusal.headers["content-type"]
    assert (result.status_code, refusal.status_code) == (200, 400)
    assert "<" not in refusal.text


def test_a_page_asks_the_graph_nothing_that_it_asked_before(site: Endpoint) -> None:
    def queries() -> int:
        lines = site.client.get("/metrics").text.splitlines()
        counts = [line for line in lines if line.startswith("metalocal_query_seconds_count")]
        return sum(int(float(line.split()[-1])) for line in counts)

    def asked(path: str) -> int:
        before = queries()
        site.client.get(path, headers=PAGE)
        site.client.get(path, headers={"Accept": "text/turtle, */*;q=0.1"})
        return queries() - before

    for path in ("/", "/sparql"):
        site.client.get(path, headers=PAGE)
        # what is read ahead beside is counted too; a page that asks does so every time
        assert 0 in (asked(path) for _ in range(20)), path

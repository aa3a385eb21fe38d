"""Every IRI of ours at its address: forms, suffixes, pages, and what is not there."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pyoxigraph as ox
import pytest

from metalocal.commands.common import built_graph
from metalocal.endpoint import Sources
from metalocal.endpoint.resources.finding import readings
from metalocal.pages.addresses import BASE, iri_of, path_of
from metalocal.server import create_app

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from tests.endpoint.conftest import Endpoint

    ServeApp = Callable[[Starlette], AbstractContextManager[Endpoint]]

ML = "https://w3id.org/metalocal/ontology/"
ID = "https://w3id.org/metalocal/id/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORMATS = {
    ".ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    ".jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    ".nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    ".rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
EVIL = "<script>alert(1)</script>\"'&"
LITTLE = f"""\
PREFIX ml: <{ML}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
GRAPH <{ID}graph/study/a> {{
  <{ID}study/a> a ml:Study ; rdfs:label '''{EVIL}''' ; ml:hasArm <{ID}study/a/arm/x> ;
    ml:note "<b>bold</b>" ; rdfs:seeAlso <javascript:alert(1)> .
  <{ID}study/a/arm/x> a ml:Arm ; rdfs:label "arm x" .
  <{ID}study/a.ttl> a ml:Study ; rdfs:label "a study whose name ends like a suffix" .
  <{ID}study/é> a ml:Study ; rdfs:label "beyond ASCII" .
  ml:circle owl:equivalentClass _:c . _:c owl:unionOf _:l .
  _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> ml:Arm ;
      <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l .
}}
"""


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory, serve_app: ServeApp) -> Iterator[httpx.Client]:
    path = tmp_path_factory.mktemp("little") / "graph.nq"
    quads = ox.parse(LITTLE, format=ox.RdfFormat.TRIG)
    path.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    with serve_app(create_app(Sources(path))) as running:
        yield running.client


@pytest.fixture(scope="module")
def pages(built: Endpoint) -> httpx.Client:
    return built.client


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(path=built_graph(), format=ox.RdfFormat.N_QUADS)
    return store


def triples(answer: httpx.Response) -> list[ox.Triple]:
    media_type = answer.headers["content-type"].partition(";")[0]
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    assert rdf_format is not None
    return [quad.triple for quad in ox.parse(answer.content, format=rdf_format)]


def subjects(answer: httpx.Response) -> set[str]:
    found = (triple.subject for triple in triples(answer))
    return {subject.value for subject in found if isinstance(subject, ox.NamedNode)}


@pytest.fixture(scope="module")
def ours(store: ox.Store) -> list[str]:
    nodes = {node for q in store for node in (q.subject, q.predicate, q.object, q.graph_name)}
    values = (node.value for node in nodes if isinstance(node, ox.NamedNode))
    return sorted(value for value in values if value.startswith("https://w3id.org/metalocal/"))


def test_every_iri_of_ours_in_the_graph_has_a_path_that_leads_back_to_it(ours: list[str]) -> None:
    iris = set(ours) - {ML}
    assert len(iris) > 17_000
    read = {iri: readings(str(path_of(iri))) for iri in iris}
    lost = [iri for iri, found in read.items() if (iri, None) not in found[:1]]
    assert lost[:5] == []


def test_no_iri_of_ours_lies_where_nothing_answers(ours: list[str]) -> None:
    rooms = {iri.removeprefix(BASE).partition("/")[0] for iri in ours}
    assert rooms <= {"id", "ontology", "sparql", "dump.nq"}


def test_a_sample_of_all_kinds_of_iris_answers_as_page_and_as_turtle(
    pages: httpx.Client, ours: list[str]
) -> None:
    kinds: dict[str, list[str]] = {}
    for iri in ours:
        names = iri.removeprefix(BASE).split("/")
        is_part = names[:2] == ["id", "study"] and len(names) > 3
        kind = names[:1] if names[0] == "ontology" else names[:2] + names[3:4] * is_part
        if kind[0] in ("id", "ontology"):
            kinds.setdefault("/".join(kind), []).append(iri)
    assert {"ontology", "id/graph", "id/source", "id/study/estimate"} <= set(kinds)
    chosen = random.Random(6)
    for iris in kinds.values():
        path = path_of(chosen.choice(iris))
        page = pages.get(str(path), headers={"Accept": "text/html"})
        assert (page.status_code, "<h1>" in page.text) == (200, True), path
        data = pages.get(str(path), headers={"Accept": "text/turtle"})
        assert data.status_code == 200, path
        assert data.headers["content-type"] == "text/turtle; charset=utf-8"


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_form_comes_by_suffix_and_by_accept_alike(pages: httpx.Client, suffix: str) -> None:
    media_type, _ = FORMATS[suffix]
    by_suffix = pages.get(f"/id/source/liu-2023{suffix}", headers={"Accept": "text/html"})
    by_accept = pages.get("/id/source/liu-2023", headers={"Accept": media_type})
    assert by_suffix.headers["content-type"].startswith(media_type)
    assert by_suffix.content == by_accept.content
    assert by_accept.headers["content-location"] == f"/id/source/liu-2023{suffix}"
    assert by_accept.headers["vary"] == "Accept"
    assert f"{ID}source/liu-2023" in subjects(by_suffix)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (BROWSER, "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("text/turtle;q=0.5, application/ld+json", "application/ld+json"),
        ("text/html;q=0.1, application/n-triples;q=0.2", "application/n-triples"),
        ("application/rdf+xml, */*;q=0.1", "application/rdf+xml"),
    ],
)
def test_the_form_liked_best_is_given(pages: httpx.Client, accept: str, content_type: str) -> None:
    answer = pages.get("/ontology/age", headers={"Accept": accept})
    assert answer.headers["content-type"] == content_type


def test_a_form_nobody_writes_is_refused_with_those_there_are(pages: httpx.Client) -> None:
    answer = pages.get("/ontology/age", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text


def test_other_forms_and_the_dataset_are_linked(pages: httpx.Client) -> None:
    link = pages.get("/ontology/age", headers={"Accept": "text/turtle"}).headers["link"]
    assert '</ontology/age.jsonld>; rel="alternate"; type="application/ld+json"' in link
    assert '</.well-known/void>; rel="describedby"' in link
    assert "age.ttl" not in link


def test_a_head_request_has_the_headers_of_the_page(pages: httpx.Client) -> None:
    head, get = (pages.request(method, "/id/study/tata") for method in ("HEAD", "GET"))
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["content-location"] == "/id/study/tata.html"


def test_a_study_brings_its_arms_populations_estimates_and_reports(
    pages: httpx.Client, store: ox.Store
) -> None:
    answer = pages.get("/id/study/mf07-01.nt")
    start = f"{ID}study/mf07-01"
    parts = {q.subject.value for q in store if isinstance(q.subject, ox.NamedNode)}
    parts = {part for part in parts if part == start or part.startswith(start + "/")}
    assert f"{start}/estimate/os-hr/report/ueno-2022-85" in parts
    assert parts <= subjects(answer)


def test_a_printed_number_has_its_unit_on_the_page(pages: httpx.Client) -> None:
    page = pages.get("/id/study/mf07-01/estimate/os-median-locoregional.html").text
    printed = re.findall(r'<a class="printed-text" [^>]*>46([^<]*)</a>', page)
    assert printed
    assert set(printed) == {" months"}


def test_what_a_thing_points_to_comes_with_its_label(pages: httpx.Client) -> None:
    found = triples(pages.get("/id/study/mf07-01/estimate/os-hr.ttl"))
    labels = {t.subject.value for t in found if t.predicate.value == LABEL}  # type: ignore[union-attr]
    assert {f"{ML}hazard_ratio", f"{ID}study/mf07-01/arm/systemic"} <= labels


def test_blank_nodes_are_followed_to_their_end(pages: httpx.Client) -> None:
    found = triples(pages.get("/id/study/mf07-01/population/randomised/profiles.ttl"))
    blank = {t.object for t in found if isinstance(t.object, ox.BlankNode)}
    assert blank
    assert blank <= {t.subject for t in found}


def test_a_named_graph_gives_its_content(pages: httpx.Client, store: ox.Store) -> None:
    graph = ox.NamedNode(f"{ID}graph/study/tata")
    answer = pages.get("/id/graph/study/tata", headers={"Accept": "*/*"})
    held = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
    assert set(triples(answer)) == held


@pytest.mark.parametrize("path", ["/ontology", "/ontology/", "/ontology/0.1.0"])
def test_the_ontology_comes_as_rdf_xml_unless_asked_otherwise(
    pages: httpx.Client, path: str
) -> None:
    answer = pages.get(path)
    assert answer.headers["content-type"] == "application/rdf+xml"
    assert {ML[:-1], f"{ML}Study", f"{ID}profiles/presentation-de_novo"} <= subjects(answer)


def test_the_page_of_the_ontology_lists_its_terms(pages: httpx.Client) -> None:
    page = pages.get("/ontology", headers={"Accept": BROWSER}).text
    assert "What it describes" in page
    assert re.search(r'href="/ontology/[A-Z]\w+"', page)


def test_a_version_that_is_not_served_here_is_unknown(pages: httpx.Client) -> None:
    assert pages.get("/ontology/0.0.9").status_code == 404


@pytest.mark.parametrize("name", ["core", "codes", "attributes"])
def test_a_module_is_the_file_it_is_edited_in(pages: httpx.Client, name: str) -> None:
    answer = pages.get(f"/ontology/module/{name}", headers={"Accept": "text/html"})
    path = Path(__file__).parents[2] / "ontology" / f"{name}.ttl"
    edited = [quad.triple for quad in ox.parse(path=path)]
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert len(triples(answer)) == len(set(edited))
    assert f"{ML}module/{name}" in subjects(pages.get(f"/ontology/module/{name}.rdf"))


@pytest.mark.parametrize("name", ["shapes", "metalocal", "none", "%2e%2e%2fcore", "CORE"])
def test_a_file_that_is_no_module_is_not_served(pages: httpx.Client, name: str) -> None:
    assert pages.get(f"/ontology/module/{name}", headers={"Accept": "*/*"}).status_code == 404


def test_an_unknown_study_is_a_404_that_names_its_like(pages: httpx.Client) -> None:
    told = (
        "Nothing of this graph has that IRI; check its spelling. "
        "Under /id/study/: did you mean mf07-01?"
    )
    program = pages.get("/id/study/mf07-1")
    assert (program.status_code, program.text) == (404, f"{told}\n")
    person = pages.get("/id/study/mf07-1", headers={"Accept": BROWSER})
    assert (person.status_code, person.headers["content-type"][:9]) == (404, "text/html")
    assert told in person.text


@pytest.mark.parametrize(
    "path",
    ["/id/", "/id/%3E%3Cx", "/id/a%20b", "/id/%00", "/id/x%22%7D", "/ontology/.ttl", "/id/a//b",
     "/id/study/mf07-01%0d%0aX-Evil:%20yes", "/ontology/" + "a" * 5000],
)  # fmt: skip
def test_a_path_that_names_nothing_is_a_404_in_words(pages: httpx.Client, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "x-evil" not in answer.headers


def test_other_methods_are_told_which_there_are(pages: httpx.Client) -> None:
    answer = pages.delete("/id/study/tata")
    allowed = set(answer.headers["allow"].split(", "))
    assert (answer.status_code, allowed) == (405, {"GET", "HEAD"})


def test_an_iri_that_ends_like_a_suffix_goes_before_the_suffix(little: httpx.Client) -> None:
    page = little.get("/id/study/a.ttl", headers={"Accept": "text/html"})
    assert "a study whose name ends like a suffix" in page.text
    data = little.get("/id/study/a.ttl.ttl")
    assert subjects(data) >= {f"{ID}study/a.ttl"}


def test_an_iri_beyond_ascii_has_an_address(little: httpx.Client) -> None:
    assert path_of(f"{ID}study/é") == "/id/study/%C3%A9"
    assert iri_of("/id/study/é") == f"{ID}study/é"
    assert "beyond ASCII" in little.get("/id/study/%C3%A9").text


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_nothing_of_the_graph_becomes_markup(little: httpx.Client) -> None:
    answer = little.get("/id/study/a", headers={"Accept": BROWSER})
    tags = Tags(answer.text).found
    assert {"script", "b"}.isdisjoint(tag for tag, _ in tags)
    assert not any((attrs.get("href") or "").startswith("javascript") for _, attrs in tags)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


def test_a_page_may_load_what_this_server_has_and_nothing_else(pages: httpx.Client) -> None:
    answer = pages.get("/id/study/tata", headers={"Accept": BROWSER})
    policy = answer.headers["content-security-policy"]
    allowed = dict(one.strip().split(" ", 1) for one in policy.split(";"))
    assert allowed["default-src"] == allowed["base-uri"] == allowed["trusted-types"] == "'none'"
    loaded = {allowed[f"{kind}-src"] for kind in ("script", "style", "connect")}
    assert loaded == {"'self'"}
    assert "unsafe" not in policy
    tags = Tags(answer.text).found
    assert not any({"style", "onclick", "src"} & set(attrs) for _, attrs in tags)
    sheets = [attrs["href"] for tag, attrs in tags if attrs.get("rel") == "stylesheet"]
    assert sheets
    kinds = {pages.get(str(sheet)).headers["content-type"] for sheet in sheets}
    assert kinds == {"text/css; charset=utf-8"}


def test_a_list_that_comes_back_to_itself_ends(little: httpx.Client) -> None:
    page = little.get("/ontology/circle", headers={"Accept": BROWSER})
    assert (page.status_code, "equivalent class" in page.text) == (200, True)


def test_the_page_of_a_study_shows_each_number_with_its_source_line_and_place(
    pages: httpx.Client,
) -> None:
    page = pages.get("/id/study/mf07-01", headers={"Accept": BROWSER}).text
    cell = page[page.index("0.66 (95% CI 0.49 to 0.88), p 0.005</a>") :]
    cell = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", cell[: cell.index("</td>")]))
    assert cell == "0.66 (95% CI 0.49 to 0.88), p 0.005 ueno-2022:85, Table 1 "
    assert "metalocal informs; it does not advise." in page


def test_a_derived_fact_is_marked_as_derived(pages: httpx.Client) -> None:
    path = "/id/study/mf07-01/estimate/os-hr/report/ueno-2022-85"
    page = pages.get(path, headers={"Accept": BROWSER}).text
    fact = page[page.index("favours_intervention") :]
    assert "derived by rule" in fact[: fact.index("</tr>")]
    printed = page[page.index("printed value") :]
    assert "derived by rule" not in printed[: printed.index("</tr>")]


def test_a_class_expression_is_written_as_a_line(pages: httpx.Client) -> None:
    path = "/id/study/mf07-01/population/randomised/profiles"
    page = re.sub("<[^>]*>", "", pages.get(path, headers={"Accept": BROWSER}).text)
    assert "profile and profile with presentation: de novo and profile with primary" in page


def test_what_points_to_a_thing_is_counted_and_paged(pages: httpx.Client, store: ox.Store) -> None:
    users = len(
        set(store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(f"{ML}Estimate"), None))
    )
    page = pages.get("/ontology/Estimate", headers={"Accept": BROWSER}).text
    assert f'<span class="count">{users:,}</span>' in page
    last = -(-users // 50)
    asked = {"incoming": TYPE, "page": str(last)}
    end = pages.get("/ontology/Estimate.html", params=asked).text
    assert f"Page {last} of {last}" in end
    assert end.count('title="https://w3id.org/metalocal/id/study/') == users - 50 * (last - 1)


@pytest.mark.parametrize(
    ("query", "words"),
    [("page=0", "page must be"), ("page=x", "page must be"), ("page=99999999", "page must be"),
     ("incoming=%3E", "is no IRI")],
)  # fmt: skip
def test_a_page_that_cannot_be_is_refused(pages: httpx.Client, query: str, words: str) -> None:
    answer = pages.get(f"/ontology/age.html?{query}")
    assert (answer.status_code, words in answer.text) == (400, True)
